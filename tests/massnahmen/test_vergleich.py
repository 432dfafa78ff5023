from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massnahmen.actions import update_kapitel, update_position, update_zusammenfassung
from massnahmen.enums import Finanzquelle, Instrumentgruppe
from massnahmen.queries import (
    Betrag,
    Instrumentzeile,
    Massnahmezeile,
    Programminhalt,
    compare_inhalt,
    read_draft,
    read_fassung,
)


@pytest.fixture
def alt(position):
    return read_draft(position.programm)


def test_nothing_differs_from_itself(alt, fassung):
    for neu in (alt, read_fassung(fassung)):  # rows and frozen text say the same
        vergleich = compare_inhalt(alt, neu)
        assert vergleich.ist_gleich
        assert (vergleich.unveraenderte, vergleich.zusammen.kosten.ist_gleich) == (1, True)


def test_a_changed_measure_with_its_money(alt, position, angaben, planung):
    kosten = {Finanzquelle.EGT: 45_500_000, Finanzquelle.LAND: 100_00}
    update_position(position=position, version=1, angaben=replace(angaben, plaetze=20, traeger=None, kosten_cent=kosten), by=planung)
    vergleich = compare_inhalt(alt, read_draft(position.programm))
    (eintrag,) = vergleich.geaenderte
    found = {f.name: (f.inhalt.alt.replace("\u00a0", " "), f.inhalt.neu.replace("\u00a0", " ")) for f in eintrag.aenderungen.geaendert}
    assert found == {
        "traeger": ("Bildungswerk Musterburg", "Vergabe noch offen"),
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
    vergleich = compare_inhalt(alt, read_draft(zweite.programm))
    assert [m.id for m in vergleich.neue] == [zweite.massnahme_id]
    assert [m.id for m in vergleich.entfallene] == [position.massnahme_id]
    assert (vergleich.geaenderte, vergleich.unveraenderte) == ((), 0)


def test_texts_by_chapter(alt, position, planung):
    programm = position.programm
    update_kapitel(kapitel=programm.kapitel.get(nummer=5), version=1, text="Neue Ziele.", by=planung)
    update_zusammenfassung(programm=programm, version=1, zusammenfassung="Kurz.", by=planung)
    programm.refresh_from_db()
    vergleich = compare_inhalt(alt, read_draft(programm))
    assert [feld.wort for feld in vergleich.texte] == ["Zusammenfassung", "5 Ziele"]
    assert vergleich.texte[1].inhalt.woerter_neu == 2


def inhalt_of(counts) -> Programminhalt:
    """id → (places, cents)"""
    instrument = Instrumentzeile("16i", "Teilhabe", "Lohnzuschuss", "§ 16i SGB II", Instrumentgruppe.F)
    massnahmen = (
        Massnahmezeile(
            id=key,
            titel=f"Maßnahme {key}",
            beschreibung="",
            instrument=instrument,
            zielgruppen=("alle",),
            traeger=None,
            beginn=date(2027, 1, 1),
            ende=date(2027, 12, 31),
            plaetze=plaetze,
            geplante_eintritte=0,
            finanzierung=(Betrag("egt", "Eingliederungstitel", cent, 1000),),
        )
        for key, (plaetze, cent) in counts.items()
    )
    return Programminhalt("Jobcenter", 2027, "Programm", "", (), tuple(massnahmen))


counts = st.dictionaries(st.integers(1, 6), st.tuples(st.integers(0, 50), st.integers(1, 10**9)), max_size=6)


@given(counts, counts)
def test_every_measure_is_counted_once_and_sums_meet(alt_counts, neu_counts):
    vergleich = compare_inhalt(inhalt_of(alt_counts), inhalt_of(neu_counts))
    kept = len(vergleich.geaenderte) + vergleich.unveraenderte
    assert kept + len(vergleich.neue) == len(neu_counts)
    assert kept + len(vergleich.entfallene) == len(alt_counts)
    assert vergleich.ist_gleich == (alt_counts == neu_counts)
