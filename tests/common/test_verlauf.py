from dataclasses import replace
from datetime import datetime

import pytest

from jobcenter.common.verlauf import PER_PAGE, find_stand, list_verlauf
from massnahmen.actions import add_position, open_programm, update_position
from massnahmen.enums import Finanzquelle
from massnahmen.models import Finanzierung, Instrument, Kapitel, Massnahme, Traeger, Zielgruppe
from massnahmen.queries import history_of_kapitel, history_of_massnahme, history_of_zusammenfassung
from tests.conftest import write_kapitel


def read(aenderungen) -> dict[str, tuple[str, str]]:
    """field → (old, new), as words"""
    found = {}
    for feld in aenderungen.geaendert:
        if feld.art == "text":
            alt = "".join(s.text for s in feld.inhalt.stuecke if s.art != "neu")
            neu = "".join(s.text for s in feld.inhalt.stuecke if s.art != "weg")
            found[feld.wort] = (alt, neu)
        else:
            found[feld.wort] = (feld.inhalt.alt, feld.inhalt.neu)
    return {wort: (alt.replace("\u00a0", " "), neu.replace("\u00a0", " ")) for wort, (alt, neu) in found.items()}


@pytest.fixture
def kapitel(programm) -> Kapitel:
    return programm.kapitel.get(nummer=5)


def test_one_entry_per_action_newest_first_with_author_and_reason(kapitel, planung, person):
    write_kapitel(kapitel=kapitel, version=1, text="Eins.", by=planung)
    write_kapitel(kapitel=kapitel, version=2, text="Eins. Zwei.", grund="Wunsch des Beirats", by=person("Zoe Zweit", "planung"))
    newest, middle, first = list_verlauf(history_of_kapitel(kapitel)).object_list
    assert (newest.wer, newest.was, newest.grund, newest.version, newest.ist_heute) == (
        "Zoe Zweit",
        "Kapitel geändert",
        "Wunsch des Beirats",
        3,
        True,
    )
    assert (middle.wer, middle.grund, middle.ist_heute) == ("Petra Plan", "", False)
    assert read(newest.aenderungen) == {"Text": ("Eins.", "Eins. Zwei.")}
    assert newest.aenderungen.unveraendert == 3
    assert (first.was, first.aenderungen) == ("Programm angelegt", None)


def test_a_change_past_the_actions_stands_alone_and_by_nobody(kapitel, planung):
    write_kapitel(kapitel=kapitel, version=1, text="Eins.", by=planung)
    for text in ("Zwei.", "Drei."):
        Kapitel.objects.filter(pk=kapitel.pk).update(text=text)
        kapitel.events.filter(text=text).update(pgh_context=None)  # the test's transaction still has the action's
    entries = list_verlauf(history_of_kapitel(kapitel)).object_list
    assert [(e.wer, e.was) for e in entries[:2]] == [("Unbekannt", "geändert")] * 2
    assert read(entries[0].aenderungen) == {"Text": ("Zwei.", "Drei.")}


def test_a_measure_with_its_lines_links_and_names(position, angaben, planung, zielgruppe):
    andere = Zielgruppe.objects.create(code="ue50", name="Menschen über 50 Jahre")
    instrument = Instrument.objects.create(kurz="16e", name="Eingliederung", klartext="x", paragraph="§ 16e SGB II", gruppe="F")
    neu = replace(
        angaben,
        titel="Neuer Start",
        instrument=instrument,
        zielgruppen=[zielgruppe, andere],
        traeger=None,
        plaetze=20,
        kosten_cent={Finanzquelle.EGT: 45_500_000, Finanzquelle.LAND: 100_00},
    )
    update_position(position=position, version=1, angaben=neu, by=planung)
    newest, first = list_verlauf(history_of_massnahme(position)).object_list
    assert read(newest.aenderungen) == {
        "Titel": ("Neuer Start im Betrieb", "Neuer Start"),
        "Instrument": ("Teilhabe am Arbeitsmarkt (§ 16i SGB II)", "Eingliederung (§ 16e SGB II)"),
        "Zielgruppen": ("Menschen unter 25 Jahren", "Menschen unter 25 Jahren, Menschen über 50 Jahre"),
        "Träger": ("Bildungswerk Musterburg", "–"),
        "Plätze": ("12", "20"),
        f"Kosten aus „{Finanzquelle.EGT.label}“": ("420.000 €", "455.000 €"),
        f"Kosten aus „{Finanzquelle.PAT.label}“": ("100.000,50 €", "–"),
        f"Kosten aus „{Finanzquelle.LAND.label}“": ("–", "100 €"),
    }
    assert first.was == "Maßnahme geplant"
    assert first.stand["zielgruppen"] == [zielgruppe.pk]
    assert (first.stand["plaetze"], first.stand["kosten_egt"], first.stand["instrument"]) == (12, 42_000_000, angaben.instrument.pk)


def test_a_row_that_went_past_the_actions_joins_the_newest_state(position, angaben, planung):
    Finanzierung.objects.filter(position=position, quelle=Finanzquelle.EGT).delete()
    Finanzierung.pgh_event_model.objects.filter(pgh_label="delete").update(pgh_context=None)
    found = find_stand(history_of_massnahme(position), position.massnahme.events.get().pgh_id)
    assert found.heute.stand["kosten_egt"] is None


def test_what_a_name_pointed_to_may_be_gone(position, angaben, planung):
    update_position(position=position, version=1, angaben=replace(angaben, traeger=None), by=planung)
    Traeger.objects.all().delete()
    assert read(list_verlauf(history_of_massnahme(position)).object_list[0].aenderungen) == {"Träger": ("nicht mehr vorhanden", "–")}


def test_a_state_against_the_one_of_today(kapitel, planung):
    for version, text in enumerate(["Eins.", "Zwei.", "Eins."], start=1):
        write_kapitel(kapitel=kapitel, version=version, text=text, by=planung)
    quelle = history_of_kapitel(kapitel)
    drei, zwei, eins, _ = list_verlauf(quelle).object_list
    assert read(find_stand(quelle, zwei.id).aenderungen) == {"Text": ("Zwei.", "Eins.")}
    assert find_stand(quelle, eins.id).aenderungen.ist_gleich
    assert find_stand(quelle, str(drei.id)).heute.id == drei.id
    for foreign in (kapitel.programm.kapitel.get(nummer=6).events.get().pgh_id, "x", "", 0):
        assert find_stand(quelle, foreign) is None


def test_only_named_fields_are_read(programm):
    assert set(list_verlauf(history_of_zusammenfassung(programm)).object_list[0].stand) == {"zusammenfassung", "status"}


def test_pages(kapitel, planung, at):
    for version in range(1, PER_PAGE + 3):
        at(datetime(2026, 11, 20, 9, version))
        write_kapitel(kapitel=kapitel, version=version, text=f"Text {version}", by=planung)
    quelle = history_of_kapitel(kapitel)
    page, last = list_verlauf(quelle), list_verlauf(quelle, "2")
    assert (len(page.object_list), len(last.object_list), page.paginator.count) == (PER_PAGE, 3, PER_PAGE + 3)
    assert read(page.object_list[-1].aenderungen) == {"Text": ("Text 2", "Text 3")}
    assert last.object_list[-1].aenderungen is None


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_a_history_costs_the_same_however_long(position, angaben, planung, django_assert_num_queries, anzahl):
    for version in range(1, anzahl):
        update_position(position=position, version=version, angaben=replace(angaben, plaetze=version), by=planung)
    quelle = history_of_massnahme(position)
    with django_assert_num_queries(10):
        # steps, states, links, lines, money, authors, and the names of instruments, groups, organisations
        list_verlauf(quelle)


def test_a_measure_of_two_years_has_the_lines_of_the_asked_year(position, angaben, planung):
    """What another year plans with the measure is not in this one's history; the measure itself is."""
    other = open_programm(jahr=2028, by=planung)
    second = add_position(programm=other, angaben=replace(angaben, titel="Andere"), by=planung)
    assert Massnahme.objects.count() == 2
    assert len(list_verlauf(history_of_massnahme(second)).object_list) == 1
