from hypothesis import given
from hypothesis import strategies as st

from massnahmen.templatetags.massnahmen import ergebnis, recht, unterschied


def test_votes_read_as_people_say_them(fassung, advise):
    beratung = advise(fassung)
    assert ergebnis(beratung) == "einstimmig zugestimmt"
    beratung.enthaltung = 2
    assert ergebnis(beratung) == "ohne Gegenstimme zugestimmt (9\u00a0Ja, 0\u00a0Nein, 2\u00a0Enthaltungen)"


@given(st.text(alphabet="ab \n<&"), st.text(alphabet="ab \n<&"))
def test_marks_lose_no_character_and_let_no_markup_through(mine, other):
    shown = unterschied(mine, other).replace("<mark>", "").replace("</mark>", "")
    assert shown.replace("&lt;", "<").replace("&amp;", "&") == mine


def test_what_is_the_same_is_not_marked():
    assert unterschied("Wir helfen", "Wir helfen") == "Wir helfen"
    assert unterschied("Wir helfen gern", "Wir helfen") == "Wir helfen<mark> gern</mark>"


def test_no_line_break_takes_a_reference_apart():
    assert recht("§ 16 Abs. 1 SGB II, §§ 74 bis 75a SGB III") == "§\u00a016 Abs.\u00a01 SGB\u00a0II, §§\u00a074 bis 75a SGB\u00a0III"
