"""Monthly reports and budgets from files: which measure a line is about, whether it can be true, and what a correction is."""

from dataclasses import replace
from datetime import date

import pytest

from jobcenter.common import clock
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import Budgetangaben, add_position, create_budget
from massnahmen.actions.importe import take_over_import, undo_import
from massnahmen.actions.meldung import record_meldung, update_meldung
from massnahmen.enums import Importart, Massnahmestand
from massnahmen.imports import load_stammdaten, write_vorlage_csv, write_vorlage_xlsx
from massnahmen.models import Ausgabe, Massnahme, Monatsmeldung, Teilbudget, Traeger
from massnahmen.queries.meldungen import Meldungsangaben

pytestmark = pytest.mark.django_db
KOPF = "Nr.;Maßnahme;Träger;Monat;Teilnahmetage;Eintritte;Austritte in Arbeit;Integrationen;Ist-Kosten"


def faults(quelle) -> list[tuple[str, str]]:
    return [(one["stelle"], one["satz"]) for one in quelle.fehlerliste]


@pytest.fixture
def check(upload, check_file, table):
    def run(*lines: str, **ziel):
        return check_file(upload("meldungen", table(KOPF, *lines), **ziel))

    return run


@pytest.fixture
def other(programm, angaben, planung) -> Massnahme:
    """A measure of another provider."""
    someone = Traeger.objects.create(name="Geheimes Werk", ort="Anderswo")
    position = add_position(programm=programm, angaben=replace(angaben, titel="Fremder Kurs", traeger=someone), by=planung)
    Massnahme.objects.filter(pk=position.massnahme_id).update(
        stand=Massnahmestand.LAEUFT, beginn=date(2026, 1, 1), weg="eigen", vergabestand="ohne"
    )
    return position.massnahme


@pytest.mark.parametrize("monat", ["03/2026", "2026-03", "Mrz 2026", "März 2026", "1.3.2026", "2026-03-01"])
def test_a_report_is_taken_over_by_number_or_by_title(check, begonnen, controlling, monat):
    for who in (f"{begonnen.pk};;", ";neuer start im Betrieb;", ";Neuer Start im Betrieb;Bildungswerk Musterburg"):
        quelle = check(f"{who};{monat};300;5;1;1;1.250,50")
        assert faults(quelle) == []
    take_over_import(quelle=quelle, by=controlling)
    meldung = Monatsmeldung.objects.get()
    assert (meldung.massnahme, meldung.monat, meldung.eintritte, meldung.kosten_cent) == (begonnen, date(2026, 3, 1), 5, 125050)
    assert meldung.gemeldet_von == controlling


@pytest.mark.parametrize(
    ("line", "feld", "words"),
    [
        ("{pk};;;2025-12;1;1;0;0;0", "Monat", "außerhalb der Laufzeit"),
        ("{pk};;;2028-12;1;1;0;0;0", "Monat", "Zukunft"),
        ("{pk};;;13/2026;1;1;0;0;0", "Monat", "ist kein Monat"),
        ("{pk};;;;1;1;0;0;0", "", "Der Monat fehlt"),
        ("{pk};;;2026-03;1;1;2;0;0", "", "nur 1 Eintritte"),
        ("{pk};;;2026-03;1;-1;0;0;0", "Eintritte", "nicht kleiner als 0"),
        ("{pk};;;2026-03;999999;1;0;0;0", "Teilnahmetage", "Das sind zu viele"),
        ("{pk};Falscher Titel;;2026-03;1;1;0;0;0", "Maßnahme", "heißt „Neuer Start im Betrieb“"),
        ("999999;;;2026-03;1;1;0;0;0", "Nr.", "gibt es nicht"),
        (";;;2026-03;1;1;0;0;0", "Nr.", "Die Nummer oder der Titel"),
        (";Neuer Start im Betrib;;2026-03;1;1;0;0;0", "Maßnahme", "Meinten Sie „Neuer Start im Betrieb“?"),
        (";Neuer Start im Betrieb;Unbekannt;2026-03;1;1;0;0;0", "Träger", "kennt das Portal nicht"),
    ],
)
def test_what_cannot_be_true_is_named_at_its_cell(check, begonnen, line, feld, words):
    ((stelle, satz),) = faults(check(line.format(pk=begonnen.pk)))
    assert (feld in stelle, words in satz.replace("\u00a0", " ")) == (True, True), (stelle, satz)


def test_the_same_month_twice_in_a_file_is_refused(check, begonnen):
    assert faults(check(f"{begonnen.pk};;;2026-03;1;1;0;0;0", f"{begonnen.pk};;;3/2026;1;1;0;0;0")) == [
        ("Zeile 3, Spalte Monat", "März\u00a02026 steht für diese Maßnahme schon in Zeile 2.")
    ]


def test_months_of_one_file_may_lean_on_each_other_in_any_order(check, begonnen, controlling):
    quelle = check(f"{begonnen.pk};;;2026-04;10;0;3;0;0", f"{begonnen.pk};;;2026-03;10;3;0;0;0")
    assert faults(quelle) == []
    take_over_import(quelle=quelle, by=controlling)
    assert Monatsmeldung.objects.count() == 2


def test_a_file_of_one_provider_learns_nothing_of_another(check, begonnen, other, traeger):
    lines = (f"{other.pk};;;2026-03;1;1;0;0;0", ";Fremder Kurs;;2026-03;1;1;0;0;0", ";;Geheimes Werk;2026-03;1;1;0;0;0")
    quelle = check(*lines, f"{begonnen.pk};;;2026-03;1;1;0;0;0", traeger=traeger)
    found = faults(quelle)
    assert found[0] == ("Zeile 2, Spalte Nr.", "Diese Maßnahme führt ein anderer Träger durch.")
    assert found[1][1] == "Keine Maßnahme dieses Trägers heißt „Fremder Kurs“."
    assert [stelle for stelle, _ in found] == ["Zeile 2, Spalte Nr.", "Zeile 3, Spalte Maßnahme", "Zeile 4, Spalte Träger"]
    assert "Geheim" not in str(quelle.fehlerliste) + str(quelle.hinweise) + str(quelle.vorschau)


def test_a_correction_keeps_what_the_file_leaves_empty_and_can_be_undone(check, begonnen, controlling):
    record_meldung(massnahme=begonnen, angaben=Meldungsangaben(date(2026, 3, 1), teilnahmetage=40, eintritte=4), by=controlling)
    quelle = check(f"{begonnen.pk};;;2026-03;;5;;;", f"{begonnen.pk};;;2026-04;10;0;0;0;0")
    assert quelle.vorschau["zahlen"] == [["neu", 1], ["werden berichtigt", 1], ["unverändert", 0]]
    quelle = take_over_import(quelle=quelle, by=controlling)
    meldung = Monatsmeldung.objects.get(monat=date(2026, 3, 1))
    assert (meldung.teilnahmetage, meldung.eintritte, meldung.version) == (40, 5, 2)
    undo_import(quelle=quelle, grund="Falsche Datei", by=controlling)
    assert list(Monatsmeldung.objects.values_list("teilnahmetage", "eintritte")) == [(40, 4)]


def test_a_file_that_repeats_what_is_known_changes_nothing(check, begonnen, controlling):
    record_meldung(massnahme=begonnen, angaben=Meldungsangaben(date(2026, 3, 1), eintritte=4), by=controlling)
    quelle = check(f"{begonnen.pk};;;2026-03;;4;;;")
    with pytest.raises(TransitionError, match="ändert nichts"):
        take_over_import(quelle=quelle, by=controlling)
    assert Monatsmeldung.objects.get().version == 1


def test_what_was_reported_meanwhile_asks_for_a_new_check(check, begonnen, controlling):
    quelle = check(f"{begonnen.pk};;;2026-03;10;5;;;")
    record_meldung(massnahme=begonnen, angaben=Meldungsangaben(date(2026, 3, 1), eintritte=4), by=controlling)
    with pytest.raises(TransitionError, match="Seit der Prüfung wurde die Meldung für März.2026 .* Prüfen Sie die Datei neu"):
        take_over_import(quelle=quelle, by=controlling)


def test_undo_names_a_report_that_was_corrected_since_and_a_measure_that_is_settled(check, begonnen, controlling):
    quelle = take_over_import(quelle=check(f"{begonnen.pk};;;2026-03;10;5;;;"), by=controlling)
    meldung = Monatsmeldung.objects.get()
    update_meldung(meldung=meldung, version=1, angaben=Meldungsangaben(date(2026, 3, 1), eintritte=6), by=controlling)
    with pytest.raises(TransitionError, match="März.2026, wurde seitdem geändert"):
        undo_import(quelle=quelle, grund="x", by=controlling)
    Monatsmeldung.objects.update(version=1)
    Massnahme.objects.filter(pk=begonnen.pk).update(stand=Massnahmestand.ABGERECHNET)
    with pytest.raises(TransitionError, match="abgerechnet"):
        undo_import(quelle=quelle, grund="x", by=controlling)
    assert Monatsmeldung.objects.count() == 1


@pytest.mark.parametrize("write", [write_vorlage_csv, write_vorlage_xlsx])
@pytest.mark.parametrize("art", ["meldungen", "budget"])
def test_the_example_of_each_template_imports_as_it_is(upload, check_file, begonnen, controlling, write, art):
    load_stammdaten()
    create_budget(jahr=2026, angaben=Budgetangaben(0), by=controlling)
    quelle = check_file(upload(art, write(Importart(art), 2026), jahr=2026 if art == "budget" else None))
    assert (faults(quelle), quelle.zeilen) == ([], 1)
    take_over_import(quelle=quelle, by=controlling)


# --- budgets ----------------------------------------------------------------------------------------------------
@pytest.fixture
def check_budget(upload, check_file, table, instrument):
    def run(*lines: str, jahr: int = 2026):
        return check_file(upload("budget", table("Teilbudget;Instrument;Plan;Vorbindung;Januar;Ausgaben Feb;Dezember", *lines), jahr=jahr))

    return run


def test_lines_of_a_budget_are_added_changed_and_given_back(check_budget, controlling, instrument):
    create_budget(jahr=2026, angaben=Budgetangaben(100_000_00), by=controlling)
    first = take_over_import(quelle=check_budget("Lohnzuschüsse;16i;1.250,50;100;10;-5,5;"), by=controlling)
    row = Teilbudget.objects.get()
    assert (row.name, row.instrument, row.plan_cent, row.vorbindung_cent) == ("Lohnzuschüsse", instrument, 125050, 10000)
    assert dict(Ausgabe.objects.values_list("monat", "betrag_cent")) == {1: 1000, 2: -550}
    second = check_budget("lohnzuschüsse;;2000;;;7;", "Neu;;5;;;;")
    assert second.vorschau["zahlen"] == [["neu", 1], ["werden geändert", 1], ["unverändert", 0]]
    second = take_over_import(quelle=second, by=controlling)
    assert set(Teilbudget.objects.values_list("name", "plan_cent", "vorbindung_cent")) == {
        ("Lohnzuschüsse", 200000, 10000),
        ("Neu", 500, 0),
    }
    with pytest.raises(TransitionError, match="„Lohnzuschüsse“ wurde seitdem geändert"):
        undo_import(quelle=first, grund="x", by=controlling)
    undo_import(quelle=second, grund="Falsches Jahr", by=controlling)
    assert list(Teilbudget.objects.values_list("name", "plan_cent")) == [("Lohnzuschüsse", 125050)]
    assert dict(Ausgabe.objects.values_list("monat", "betrag_cent")) == {1: 1000, 2: -550}


def test_faults_of_a_budget_stand_at_their_cells(check_budget, controlling, instrument):
    assert "Für 2026 gibt es noch kein Budget" in faults(check_budget("A;;1;;;;"))[0][1]
    create_budget(jahr=2026, angaben=Budgetangaben(0), by=controlling)
    found = faults(check_budget("A;16i;1;;;;", "a;;2;;;;", "B;16i;1;;;;", "C;;-1;;;;", "Summe;;5;;;;", "D;;;;;;5"))
    assert [stelle for stelle, _ in found][:4] == [
        "Zeile 3, Spalte Teilbudget",
        "Zeile 4, Spalte Instrument",
        "Zeile 5, Spalte Plan",
        "Zeile 6, Spalte Teilbudget",
    ]
    if clock.today() < date(2026, 12, 1):
        assert "liegt noch vor uns" in found[4][1]
    assert not Teilbudget.objects.exists()
