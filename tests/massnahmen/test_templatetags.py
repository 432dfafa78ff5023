from massnahmen.templatetags.massnahmen import ergebnis, recht


def test_votes_read_as_people_say_them(fassung, advise):
    beratung = advise(fassung)
    assert ergebnis(beratung) == "einstimmig zugestimmt"
    beratung.enthaltung = 2
    assert ergebnis(beratung) == "ohne Gegenstimme zugestimmt (9\u00a0Ja, 0\u00a0Nein, 2\u00a0Enthaltungen)"


def test_no_line_break_takes_a_reference_apart():
    assert recht("§ 16 Abs. 1 SGB II, §§ 74 bis 75a SGB III") == "§\u00a016 Abs.\u00a01 SGB\u00a0II, §§\u00a074 bis 75a SGB\u00a0III"
