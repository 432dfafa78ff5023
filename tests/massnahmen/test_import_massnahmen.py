"""Measures from files as people really send them: every spelling that is meant well, every fault at its cell."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest

from jobcenter.common.transitions import TransitionError
from massnahmen.actions import add_position, open_programm
from massnahmen.actions.importe import take_over_import
from massnahmen.actions.massnahmen import add_positionen
from massnahmen.enums import Importart, Importzustand, Vergabestand
from massnahmen.imports import load_stammdaten, write_vorlage_csv, write_vorlage_xlsx
from massnahmen.models import Finanzierung, Instrument, Massnahme, Programmposition, Zielgruppe

pytestmark = pytest.mark.django_db


def faults(quelle) -> list[tuple[str, str]]:
    return [(one["stelle"], one["satz"]) for one in quelle.fehlerliste]


@pytest.fixture
def check(upload, check_file, programm, instrument, zielgruppe, handlungsfeld, traeger):
    return lambda content: check_file(upload("massnahmen", content, programm=programm))


@pytest.fixture
def one_fault(check):
    def run(content: bytes) -> tuple[str, str]:
        quelle = check(content)
        assert (quelle.zustand, quelle.fehlerzahl) == (Importzustand.FEHLERHAFT, 1), faults(quelle)
        return faults(quelle)[0]

    return run


def test_a_german_csv_becomes_a_measure_with_everything(check, table, planung, programm, instrument, zielgruppe, handlungsfeld, traeger):
    kopf = "Titel;Beschreibung;Instrument;Zielgruppe;Handlungsfeld;Traeger;Vergabe;Laufzeit von;Ende;Plaetze;"
    kopf += "Geplante Eintritte;Kosten EGT;Kosten Kommune;Einstieg jederzeit;Eingliederungsquote"
    zeile = '"Brücke; neu";Ein Kurs.;§ 16i;u25;langzeit;bildungswerk musterburg;vergeben;1.1.2027;2028-12-31;12;1 200;1.234,56 €;0;ja;40'
    quelle = check(table(kopf, zeile))
    assert faults(quelle) == []
    take_over_import(quelle=quelle, by=planung)
    massnahme = Massnahme.objects.get()
    assert (massnahme.titel, massnahme.instrument, massnahme.traeger, massnahme.jederzeit) == ("Brücke; neu", instrument, traeger, True)
    assert (massnahme.beginn, massnahme.ende, list(massnahme.zielgruppen.all())) == (date(2027, 1, 1), date(2028, 12, 31), [zielgruppe])
    position = Programmposition.objects.get()
    assert (position.programm, position.handlungsfeld, position.plaetze, position.geplante_eintritte) == (programm, handlungsfeld, 12, 1200)
    assert position.eingliederung_prozent == 40
    assert list(Finanzierung.objects.values_list("quelle", "betrag_cent")) == [("egt", 123456)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_encoding_and_separator_of_excel_is_understood(check, table, encoding, separator):
    quelle = check(table(separator.join(["Titel", "Träger", "Vergabe"]), separator.join(["Größe", "", "ohne Vergabe"]), encoding=encoding))
    assert (faults(quelle), quelle.vorschau["zeilen"][0][1]) == ([], "Größe")


def test_a_workbook_with_real_days_and_numbers_is_read(check, book, planung):
    quelle = check(book([["Titel", "Beginn", "Ende", "Plätze", "Kosten EGT"], ["Kurs", datetime(2027, 1, 1), "31.12.2027", 12.0, 1234.56]]))
    take_over_import(quelle=quelle, by=planung)
    assert Massnahme.objects.values_list("beginn", "ende").get() == (date(2027, 1, 1), date(2027, 12, 31))
    assert Finanzierung.objects.get().betrag_cent == 123456


def test_merged_headers_are_understood(check, book, planung):
    """„Kosten“ over two columns, „Laufzeit“ over two, and a title over both lines; above it all the name of the plan."""
    rows = [
        ["Maßnahmenplan 2027"],
        ["Titel", "Laufzeit", None, "Kosten", None],
        [None, "von", "bis", "EGT", "Kommune"],
        ["Kurs", "1.1.2027", "31.12.2027", 5, 6],
    ]

    def merge(sheet):
        for area in ("A1:E1", "A2:A3", "B2:C2", "D2:E2"):
            sheet.merge_cells(area)

    quelle = check(book(rows, merge))
    assert faults(quelle) == []
    take_over_import(quelle=quelle, by=planung)
    assert dict(Finanzierung.objects.values_list("quelle", "betrag_cent")) == {"egt": 500, "kommune": 600}
    assert Massnahme.objects.get().ende == date(2027, 12, 31)


def test_merged_values_are_refused_with_their_cells(one_fault, book):
    content = book([["Titel", "Ort"], ["Kurs", "Süd"], ["Kurs 2", None]], lambda sheet: sheet.merge_cells("B2:B3"))
    assert one_fault(content) == (
        "Blatt Plan, Zellen B2:B3",
        "Diese Zellen sind verbunden. Heben Sie die Verbindung auf: ein Wert je Zelle.",
    )


@pytest.mark.parametrize(
    ("spalte", "wert", "words"),
    [
        ("Plätze", "1.234", "kann 1234 oder 1,234 heißen"),
        ("Plätze", "zwölf", "ist keine Zahl"),
        ("Plätze", "-3", "nicht kleiner als 0"),
        ("Plätze", "10001", "Möglich sind höchstens 10.000"),
        ("Plätze", "2,5", "ist keine ganze Zahl"),
        ("Kosten EGT", "-1", "nicht kleiner als 0"),
        ("Kosten EGT", "12,345", "mehr als zwei Stellen"),
        ("Kosten EGT", "99999999999999", "zu groß"),
        ("Beginn", "31.02.2027", "ist kein Datum"),
        ("Beginn", "1.1.1027", "kann nicht stimmen"),
        ("Beginn", "1.1.2028", "läuft nicht im Jahr 2027"),
        ("Ende", "31.12.2026", "läuft nicht im Jahr 2027"),
        ("Instrument", "16z", "Meinten Sie"),
        ("Zielgruppen", "u25; u99", "„u99“ kennt das Portal nicht"),
        ("Handlungsfeld", "Raumfahrt", "kennt das Portal nicht"),
        ("Träger", "Bildungswerk Musterbürg", "Meinten Sie „Bildungswerk Musterburg“? Sonst legen Sie ihn zuerst an."),
        ("Träger", "Bildungswerk Musterburg", "Die Vergabe ist noch nicht entschieden"),
        ("Vergabe", "vielleicht", "Möglich sind: ohne Vergabe"),
        ("Einstieg jederzeit", "manchmal", "weder ja noch nein"),
        ("Telefon", "1" * 41, "höchstens 40"),
        ("Nächster Start", "gestern", "ist kein Datum"),
    ],
)  # fmt: skip
def test_a_fault_is_named_at_its_cell_in_both_kinds_of_file(one_fault, table, book, spalte, wert, words):
    stelle, satz = one_fault(table(f"Titel;Ort;{spalte}", "Gut;hier;", f'Kurs;hier;"{wert}"'))
    assert (stelle, words in satz.replace("\u00a0", " ")) == (f"Zeile 3, Spalte {spalte}", True), satz
    assert one_fault(book([["Titel", "Ort", spalte], ["Gut", "hier"], ["Kurs", "hier", wert]]))[0] == "Blatt Plan, Zelle C3"


def test_all_problems_come_at_once_and_beyond_two_hundred_are_counted(check, table):
    quelle = check(table("Titel;Plätze;Beginn", *(f"Kurs {number};x;y" for number in range(150))))
    assert (quelle.fehlerzahl, len(quelle.fehlerliste)) == (300, 200)


def test_the_term_is_looked_at_as_a_whole(check, table):
    lines = [
        "Titel;Beginn;Ende;Instrument;Nächster Start;Einstieg jederzeit",
        "A;31.12.2027;1.1.2027;;;",
        "B;1.1.2018;1.12.2027;16e-neu;;",
        "C;1.1.2027;1.2.2027;;1.3.2027;",
        "D;;;;1.3.2027;ja",
    ]
    Instrument.objects.create(
        kurz="16e-neu", name="Eingliederung", klartext="-", paragraph="§ 16e", gruppe="F", gueltig_von=date(2019, 1, 1)
    )
    found = faults(check(table(*lines)))
    assert [stelle for stelle, _ in found] == [
        "Zeile 2, Spalte Ende",
        "Zeile 3, Spalte Instrument",
        "Zeile 4, Spalte Nächster Start",
        "Zeile 5, Spalte Nächster Start",
    ]
    assert "gilt nur ab dem 1. Januar 2019" in found[1][1].replace("\u00a0", " ")


def test_twice_in_the_file_or_already_planned_is_refused(check, table, position, planung):
    found = faults(check(table("Titel;Beginn", "Neu;1.1.2027", "neu ;2027-01-01", "Neuer Start im Betrieb;1.1.2027")))
    assert found == [
        ("Zeile 3, Spalte Titel", "„neu“ mit demselben Beginn steht schon in Zeile 2."),
        ("Zeile 4, Spalte Titel", "„Neuer Start im Betrieb“ steht schon im Programm 2027. Ändern Sie die Maßnahme dort."),
    ]


def test_a_measure_of_another_year_goes_on_and_keeps_what_the_file_does_not_say(upload, check_file, table, position, planung):
    programm28 = open_programm(jahr=2028, by=planung)
    quelle = check_file(
        upload("massnahmen", table("Titel;Beginn;Ort;Plätze", "Neuer Start im Betrieb;1.1.2027;Halle;7"), programm=programm28)
    )
    assert quelle.vorschau["zahlen"] == [["neu", 0], ["werden fortgeführt", 1]]
    assert "wird fortgeführt" in quelle.hinweise[0]["satz"]
    take_over_import(quelle=quelle, by=planung)
    massnahme = Massnahme.objects.get()
    assert (massnahme.ort, massnahme.beschreibung, massnahme.traeger) == (
        "Halle",
        "Betriebe erhalten einen Zuschuss zum Lohn.",
        position.massnahme.traeger,
    )
    assert massnahme.positionen.get(programm=programm28).plaetze == 7


def test_a_sum_at_the_end_is_no_measure(one_fault, table):
    assert "Summenzeile" in one_fault(table("Titel;Kosten EGT", "Kurs;5", "Gesamt;5"))[1]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["Name;Ort", "Kurs;Süd"], "Die Spalten"),
        (["Titel;Titel", "a;b"], "sagen dasselbe"),
        (["Titel;Kosten EGTT", "a;5"], "Ist „Kosten EGT“ gemeint?"),
        (["Titel;Ort"], "keine Zeile mit Werten"),
        (["Titel;Ort", "a;b;c"], "Die Zeile hat 3 Spalten, die Kopfzeile 2."),
        (["Titel;Ort", 'a;"b'], "Anführungszeichen"),
        (["", ""], "ist leer"),
        (["irgendwas;anderes", "1;2"], "Die Spaltennamen fehlen"),
    ],
)
def test_a_file_that_makes_no_sense_says_why(check, table, lines, words):
    quelle = check(table(*lines))
    if lines[0] == "Name;Ort":
        words = "Die Spalte „Titel“ fehlt."
    assert any(words in satz for _, satz in faults(quelle)), faults(quelle)
    assert not quelle.zeilenliste.exists()


def test_an_unknown_column_is_passed_over_and_said(check, table):
    quelle = check(table("Titel;Farbe", "Kurs;rot"))
    assert (quelle.fehlerzahl, quelle.hinweise) == (0, [{"stelle": "Zeile 1", "satz": "Die Spalte „Farbe“ wird nicht gelesen."}])


def test_formulas_and_error_values_are_refused_by_cell(check, book):
    def formula(sheet):
        sheet["B3"].data_type = "e"

    found = faults(check(book([["Titel", "Plätze"], ["Kurs", "=1+1"], ["Kurs 2", "#DIV/0!"]], formula)))
    assert [stelle for stelle, _ in found] == ["Blatt Plan, Zelle B2", "Blatt Plan, Zelle B3"]
    assert ("Die Zelle B2 enthält eine Formel." in found[0][1], "Fehlerwert #DIV/0!" in found[1][1]) == (True, True)


def _repack(content: bytes, name: str, part: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, part)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "part", "words"),
    [
        ("xl/vbaProject.bin", b"macro", "Makros"),
        ("xl/media/bild.bin", bytes(210 * 1024 * 1024), "entpackt größer als"),
        ("xl/boese.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "keine gewöhnliche Excel-Tabelle"),
    ],
)
def test_macros_bombs_and_entities_are_refused(one_fault, book, name, part, words):
    assert words in one_fault(_repack(book([["Titel"], ["Kurs"]]), name, part))[1]


def test_a_damaged_workbook_and_a_hidden_sheet_are_refused(one_fault, book):
    content = book([["Titel"], ["Kurs"]])
    assert "beschädigt" in one_fault(content[: len(content) // 2])[1]
    other = book([["Titel"], ["Kurs"]], lambda sheet: (sheet.parent.create_sheet("Leer"), setattr(sheet, "sheet_state", "hidden")))
    assert one_fault(other) == ("Blatt Leer", "Das Blatt ist leer.")


def test_more_rows_than_allowed_are_refused(one_fault, table):
    assert "höchstens 20.000 Zeilen" in one_fault(table("Titel", *(f"Kurs {number}" for number in range(20_001))))[1]


@pytest.mark.parametrize("write", [write_vorlage_csv, write_vorlage_xlsx])
def test_the_example_of_the_template_imports_as_it_is(upload, check_file, programm, planung, write):
    load_stammdaten()
    quelle = check_file(upload("massnahmen", write(Importart.MASSNAHMEN, 2027), programm=programm))
    assert (faults(quelle), quelle.hinweise, quelle.zeilen) == ([], [], 1)
    take_over_import(quelle=quelle, by=planung)
    assert Massnahme.objects.get().titel == "Neuer Start im Betrieb"


def test_many_at_once_become_the_same_rows_as_one_by_one(programm, angaben, planung):
    """add_positionen and add_position differ in speed only, also in the history."""
    other = open_programm(jahr=2028, by=planung)
    full = replace(angaben, zielgruppen=[*angaben.zielgruppen, Zielgruppe.objects.create(code="x", name="X")])
    empty = replace(
        angaben,
        titel="Leer",
        instrument=None,
        zielgruppen=[],
        traeger=None,
        kosten_cent={},
        handlungsfeld=None,
        vergabestand=Vergabestand.OFFEN,
        beginn=None,
        ende=None,
        plaetze=None,
    )
    for one in (full, empty):
        add_position(programm=programm, angaben=one, by=planung)
    add_positionen(programm=other, angaben=[full, empty], by=planung)

    def rows(jahr):
        own = Massnahme.objects.filter(positionen__programm__jahr=jahr).order_by("pk")
        events = [[(e.pgh_label, e.pgh_context.metadata["user"]) for e in one.events.all()] for one in own]
        without = {"id", "programm_id", "massnahme_id"}
        return (
            [{k: v for k, v in row.items() if k not in without} for row in own.values()],
            [
                {k: v for k, v in row.items() if k not in without}
                for row in Programmposition.objects.filter(programm__jahr=jahr).order_by("pk").values()
            ],
            list(Finanzierung.objects.filter(position__programm__jahr=jahr).order_by("pk").values_list("quelle", "betrag_cent")),
            [sorted(one.zielgruppen.values_list("code", flat=True)) for one in own],
            events,
        )

    assert rows(2027) == rows(2028)


def test_many_at_once_are_checked_as_one_is(programm, angaben, planung):
    with pytest.raises(TransitionError, match="Das Ende liegt vor dem Beginn"):
        add_positionen(programm=programm, angaben=[angaben, replace(angaben, ende=date(2026, 1, 1))], by=planung)
    assert not Massnahme.objects.exists()
