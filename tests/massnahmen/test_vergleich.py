from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.common.richtext import from_plain
from massnahmen.actions import add_ziel, update_kapitel, update_position, update_zusammenfassung
from massnahmen.actions.ziele import Zielangaben
from massnahmen.enums import Finanzquelle, Instrumentgruppe, Vergabestand
from massnahmen.queries import (
    Betrag,
    Instrumentzeile,
    Kapitelzeile,
    Massnahmezeile,
    Messlatte,
    Programminhalt,
    Programmzielzeile,
    compare_inhalt,
    read_draft,
    read_fassung,
)
from massnahmen.queries.inhalt import Vorjahr


@pytest.fixture
def alt(position):
    return read_draft(position.programm)


def found(aenderungen) -> dict[str, tuple[str, str]]:
    return {f.name: (f.inhalt.alt.replace("\u00a0", " "), f.inhalt.neu.replace("\u00a0", " ")) for f in aenderungen.geaendert}


def test_nothing_differs_from_itself(position, fassung):
    draft = read_draft(type(position.programm).objects.get())
    for neu in (draft, read_fassung(fassung)):  # rows and frozen text say the same
        vergleich = compare_inhalt(draft, neu)
        assert vergleich.ist_gleich
        assert vergleich.sind_summen_gleich
        assert len(vergleich.massnahmen.unveraenderte) == 1
        assert vergleich.massnahmen.wortlaut == "1\u00a0unverändert"


def test_a_changed_measure_with_its_money(alt, position, angaben, planung):
    kosten = {Finanzquelle.EGT: 45_500_000, Finanzquelle.LAND: 100_00}
    update_position(position=position, version=1, angaben=replace(angaben, plaetze=20, traeger=None, kosten_cent=kosten), by=planung)
    vergleich = compare_inhalt(alt, read_draft(position.programm))
    (eintrag,) = vergleich.massnahmen.geaenderte
    assert found(eintrag.aenderungen) == {
        "traeger": ("Bildungswerk Musterburg", "–"),
        "plaetze": ("12", "20"),
        "kosten": ("520.000,50 €", "455.100 €"),
        "kosten_egt": ("420.000 €", "455.000 €"),
        "kosten_pat": ("100.000,50 €", "–"),
        "kosten_land": ("–", "100 €"),
    }
    assert [str(q.kosten).replace("\u00a0", " ") for q in vergleich.nach_quelle] == [
        "420.000 € → 455.000 € (+8,3 %)",
        "100.000,50 € → 0 € (−100,0 %)",
        "0 € → 100 € (+100 €)",
    ]
    (gruppe,) = vergleich.nach_gruppe
    assert (gruppe.name, str(gruppe.plaetze), str(gruppe.massnahmen)) == ("Beschäftigung schaffende Maßnahmen", "12 → 20 (+8)", "1 → 1")


def test_new_and_dropped_measures_are_matched_by_id_not_by_name(alt, position, plan):
    (zweite,) = plan(position.programm, 1, titel=position.massnahme.titel)
    position.finanzierungen.all().delete()
    position.delete()
    massnahmen = compare_inhalt(alt, read_draft(zweite.programm)).massnahmen
    assert [m.id for m in massnahmen.neue] == [zweite.massnahme_id]
    assert [m.id for m in massnahmen.entfallene] == [position.massnahme_id]
    assert (massnahmen.geaenderte, massnahmen.unveraenderte) == ((), ())


def test_texts_by_chapter(alt, position, planung):
    programm = position.programm
    ziele = programm.kapitel.get(nummer=5)
    update_kapitel(kapitel=ziele, version=1, text="<p>Neue Ziele.</p>", stand="fertig", verantwortlich=None, by=planung)
    update_zusammenfassung(programm=programm, version=1, zusammenfassung="Kurz.", by=planung)
    programm.refresh_from_db()
    vergleich = compare_inhalt(alt, read_draft(programm))
    assert [feld.wort for feld in vergleich.kopf.geaendert] == ["Zusammenfassung"]
    (kapitel,) = vergleich.kapitel.geaenderte
    assert (kapitel.zeile.nummer, kapitel.zeile.titel) == (5, "Ziele")
    (text,) = kapitel.aenderungen.geaendert
    assert (text.name, text.inhalt.woerter_neu) == ("text", 2)


def test_a_goal_that_came(alt, position, planung):
    add_ziel(programm=position.programm, angaben=Zielangaben(text="Mehr Ausbildung", handlungsfeld=None, zielwert=None), by=planung)
    ziele = compare_inhalt(alt, read_draft(position.programm)).ziele
    assert [(z.nummer, z.text) for z in ziele.neue] == [(1, "Mehr Ausbildung")]


INSTRUMENT = Instrumentzeile("16i", "Teilhabe", "Lohnzuschuss", "§ 16i SGB II", Instrumentgruppe.F)
LATTE = Messlatte("K2", "Integrationsquote", "mindestens 27,0 %", False, "26,5 %", date(2026, 7, 1), date(2026, 11, 20))


def massnahme(key: int = 1, **fields) -> Massnahmezeile:
    values = {
        "titel": f"Maßnahme {key}",
        "beschreibung": "",
        "instrument": INSTRUMENT,
        "handlungsfeld": None,
        "zielgruppen": ("alle",),
        "traeger": None,
        "vergabestand": Vergabestand.OFFEN,
        "ort": "",
        "beginn": date(2027, 1, 1),
        "ende": date(2027, 12, 31),
        "dauer_wochen": None,
        "wochenstunden": None,
        "jederzeit": False,
        "naechster_start": None,
        "zugang": "",
        "ansprechstelle": "",
        "telefon": "",
        "plaetze": 0,
        "geplante_eintritte": 0,
        "erfolgskriterium": "",
        "eingliederung_prozent": None,
        "verpflichtung_cent": 0,
        "bemerkung": "",
        "finanzierung": (),
    }
    return Massnahmezeile(**{"nummer": key, "id": key} | values | fields)


def programm(*massnahmen, **fields) -> Programminhalt:
    values = {"jobcenter": "Jobcenter", "jahr": 2027, "titel": "Programm", "zusammenfassung": "", "kapitel": ()}
    return Programminhalt(**values | {"massnahmen": massnahmen} | fields)


@pytest.mark.parametrize(
    ("field", "value", "reads"),
    [
        ("jederzeit", True, ("nein", "ja")),
        ("plaetze", None, ("0", "–")),
        ("vergabestand", Vergabestand.LAEUFT, ("Vergabe offen", "Vergabe läuft")),
        ("zielgruppen", ("alle", "Frauen"), ("alle", "alle, Frauen")),
        ("naechster_start", date(2027, 3, 1), ("–", "1. März 2027")),
        ("verpflichtung_cent", 1, ("0 €", "0,01 €")),
        ("traeger", "–", ("None", "'–'")),  # what reads the same is spelled out
        ("ort", "–", ("''", "'–'")),
    ],
)
def test_small_changes_of_a_measure_are_seen(field, value, reads):
    (eintrag,) = compare_inhalt(programm(massnahme()), programm(massnahme(**{field: value}))).massnahmen.geaenderte
    assert found(eintrag.aenderungen) == {field: reads}


@pytest.mark.parametrize("field", ["kurz", "name", "klartext", "paragraph"])
def test_every_word_of_an_instrument_counts(field):
    neu = massnahme(instrument=replace(INSTRUMENT, **{field: "anders"}))
    (eintrag,) = compare_inhalt(programm(massnahme()), programm(neu)).massnahmen.geaenderte
    assert len(eintrag.aenderungen.geaendert) == 1


def test_a_measure_without_an_instrument_is_added_up_by_itself():
    vergleich = compare_inhalt(programm(massnahme(plaetze=3)), programm(massnahme(plaetze=3, instrument=None)))
    assert [(g.name, g.plaetze.alt, g.plaetze.neu) for g in vergleich.nach_gruppe] == [
        ("Beschäftigung schaffende Maßnahmen", "3", "0"),
        ("Noch ohne Instrument", "0", "3"),
    ]
    assert vergleich.zusammen.plaetze.ist_gleich


def test_another_order_is_seen_and_moving_up_is_not():
    one, two = massnahme(1), massnahme(2)
    assert compare_inhalt(programm(one, two), programm(replace(two, nummer=1), replace(one, nummer=2))).massnahmen.umgestellt
    massnahmen = compare_inhalt(programm(one, two), programm(replace(two, nummer=1))).massnahmen
    assert (len(massnahmen.entfallene), massnahmen.umgestellt, massnahmen.geaenderte) == (1, False, ())


def compare_kapitel(alt: str, neu: str):
    pair = (programm(kapitel=(Kapitelzeile(1, "Vorwort", html, "vorwort"),)) for html in (alt, neu))
    (eintrag,) = compare_inhalt(*pair).kapitel.geaenderte
    (feld,) = eintrag.aenderungen.geaendert
    return [(stueck.art, stueck.text.strip()) for stueck in feld.inhalt.stuecke if stueck.art != "gleich"]


def test_headings_emphasis_and_addresses_of_links_are_seen():
    assert compare_kapitel("<p>Wir</p><p>gehen</p>", "<h3>Wir</h3><p>gehen</p>") == [("weg", "Wir"), ("neu", "# Wir")]
    assert compare_kapitel('<p><a href="/a">hier</a></p>', '<p><a href="/b">hier</a></p>')
    assert compare_kapitel("<p>Wir <em>alle</em></p>", "<p>Wir <strong>alle</strong></p>")
    assert compare_kapitel("<p>gleich</p>", "<p>gleich</p>\n")  # not a word of difference, and yet not the same text


def test_chapters_are_matched_by_what_they_are_about():
    """Last year „Finanzen“ was chapter 8, this year it is 9."""
    alt = programm(kapitel=(Kapitelzeile(8, "Finanzen", "<p>Geld</p>", "finanzen"), Kapitelzeile(9, "Netzwerk", "", "netzwerk")))
    neu = programm(
        kapitel=(
            Kapitelzeile(8, "Extra", "<p>Neues</p>"),
            Kapitelzeile(9, "Finanzen", "<p>Geld</p>", "finanzen"),
            Kapitelzeile(10, "Netzwerk", "", "netzwerk"),
        )
    )
    kapitel = compare_inhalt(alt, neu).kapitel
    assert [k.titel for k in kapitel.neue] == ["Extra"]
    assert kapitel.entfallene == ()
    assert [found(e.aenderungen) for e in kapitel.geaenderte] == [{"nummer": ("8", "9")}, {"nummer": ("9", "10")}]


def test_a_text_written_anew_stands_beside_the_old_one():
    old = "".join(f"<p>Im Jahr {n} haben wir viel erreicht, was geplant war.</p>" for n in range(6))
    new = "".join(f"<p>Künftig setzt der Landkreis andere Schwerpunkte: Nummer {n}.</p>" for n in range(6))

    def is_new(neu: str) -> bool:
        pair = (programm(kapitel=(Kapitelzeile(1, "Vorwort", html, "vorwort"),)) for html in (old, neu))
        return compare_inhalt(*pair).kapitel.geaenderte[0].aenderungen.geaendert[0].ist_neu_geschrieben

    assert is_new(new)
    assert not is_new(old.replace("Im Jahr 3", "Im dritten Jahr"))
    assert not is_new(from_plain(""))


def test_goals_with_their_figures():
    def ziel(latte) -> Programminhalt:
        return programm(ziele=(Programmzielzeile(1, "Mehr Integration", None, latte),))

    (eintrag,) = compare_inhalt(ziel(LATTE), ziel(replace(LATTE, ziel="mindestens 28,0 %", ist="26,6 %"))).ziele.geaenderte
    assert found(eintrag.aenderungen) == {"ziel": ("mindestens 27,0 %", "mindestens 28,0 %"), "ist": ("26,5 %", "26,6 %")}
    (eintrag,) = compare_inhalt(ziel(LATTE), ziel(None)).ziele.geaenderte
    assert found(eintrag.aenderungen)["kennzahl"] == ("Integrationsquote (K2)", "–")


def test_the_figures_of_last_year_are_part_of_the_programme():
    vorjahr = Vorjahr(2026, 2, "a" * 64, 30, 1200, 4000, {"A": 100_00}, {"egt": 100_00})
    vergleich = compare_inhalt(programm(vorjahr=vorjahr), programm(vorjahr=replace(vorjahr, fassung=3, nach_gruppe={"A": 200_00})))
    assert not vergleich.ist_gleich
    assert found(vergleich.vorjahr) == {"fassung": ("2", "3"), "gruppe_A": ("100 €", "200 €")}


counts = st.dictionaries(st.integers(1, 6), st.tuples(st.integers(0, 50), st.integers(1, 10**9)), max_size=6)


def inhalt_of(counts) -> Programminhalt:
    """id → (places, cents)"""
    rows = counts.items()
    return programm(
        *(massnahme(key, plaetze=p, finanzierung=(Betrag("egt", "Eingliederungstitel", cent, 1000),)) for key, (p, cent) in rows)
    )


@given(counts, counts)
def test_every_measure_is_counted_once_and_sums_meet(alt_counts, neu_counts):
    vergleich = compare_inhalt(inhalt_of(alt_counts), inhalt_of(neu_counts))
    massnahmen = vergleich.massnahmen
    kept = len(massnahmen.geaenderte) + len(massnahmen.unveraenderte)
    assert kept + len(massnahmen.neue) == len(neu_counts)
    assert kept + len(massnahmen.entfallene) == len(alt_counts)
    assert vergleich.ist_gleich == (list(alt_counts.items()) == list(neu_counts.items()))
