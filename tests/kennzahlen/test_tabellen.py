"""Delivered files: what is good comes through byte by byte, what is not is named with its place, and nothing else happens."""

import csv
import io
import random
import re
import tracemalloc
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import psycopg
import pytest
import xlsxwriter
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobcenter.common.tabellendateien import xlsx
from kennzahlen.imports import csvdatei, spalten
from kennzahlen.imports.tabellen import FELDER, PFLICHT, STANDARD, Fehler, Spaltenplan, TabellenFehler, explain, open_tabelle
from tests.kennzahlen.mutationen import mutate

KOPF = "traegernummer;jobcenter;form;bundesland;vergleichstyp;berichtsmonat;kennzahl;geschlecht;zaehler;nenner;wert;kennzeichen;datenstand"
ZEILE = "99412;Jobcenter Müritzland;zkT;Musterland;IIIa;2026-07;K2;I;2600;9825;26.5;;2026-11-20"
KURZ = ["traegernummer", "berichtsmonat", "kennzahl", "zaehler", "nenner"]
PLAN = Spaltenplan(spalten={feld: feld for feld in KURZ})


def lines(count: int) -> str:
    return "".join(
        f"99{number % 404:03d};Jobcenter Müritz {number};zkT;Musterland;IIIa;2026-{number % 12 + 1:02d};K2;I;{number};9825;26;;2026-11-20\n"
        for number in range(count)
    )


@pytest.fixture
def store(tmp_path):
    def write(content: str | bytes, name: str = "datei.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    """A workbook with the given rows on its sheets; what the test still does to it happens before saving."""

    def write(sheets: dict[str, list[list[object]]] | list[list[object]], change=lambda book: None) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in (sheets if isinstance(sheets, dict) else {"Werte": sheets}).items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        change(book)
        path = tmp_path / "datei.xlsx"
        book.save(path)
        return path

    return write


def read(path: Path, kind: str = "csv", plan: Spaltenplan = STANDARD) -> bytes:
    return b"".join(open_tabelle(path, kind, plan).copy_bloecke())


def rows(path: Path, kind: str = "xlsx", plan: Spaltenplan = PLAN) -> list[list[str]]:
    return list(csv.reader(io.StringIO(read(path, kind, plan).decode(), newline=""), delimiter=";"))


def faults(path: Path, kind: str = "csv", plan: Spaltenplan = STANDARD) -> list[Fehler]:
    with pytest.raises(TabellenFehler) as caught:
        read(path, kind, plan)
    return list(caught.value.fehler)


def one_fault(path: Path, kind: str = "csv", plan: Spaltenplan = STANDARD) -> tuple[str, str]:
    (fault,) = faults(path, kind, plan)
    return fault.stelle, fault.satz


# --- CSV that is good ---------------------------------------------------------------------------------------------


def test_the_bytes_below_the_header_go_on_as_they_are(store):
    content = lines(50_000)
    path = store(f"{KOPF}\n{content}")
    tabelle = open_tabelle(path, "csv", STANDARD)
    blocks = list(tabelle.copy_bloecke())

    assert b"".join(blocks) == content.encode()
    assert len(blocks) > 1
    assert all(block.endswith(b"\n") for block in blocks)
    assert tabelle.spalten == (
        *("traegernummer", "_1", "_2", "bundesland", "vergleichstyp", "berichtsmonat", "kennzahl", "geschlecht"),
        *("zaehler", "nenner", "wert", "kennzeichen", "_3"),
    )
    assert tabelle.trennzeichen == ";"
    assert tabelle.zeilen == 50_000
    assert tabelle.gelesen == tabelle.groesse == path.stat().st_size


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_separator_line_end_and_bom_are_recognised(store, sign, end, bom):
    text = f"{KOPF}\n{lines(3)}".replace(";", sign)
    tabelle = open_tabelle(store(bom + text.replace("\n", end).encode()), "csv", STANDARD)
    assert b"".join(tabelle.copy_bloecke()).decode() == text.split("\n", 1)[1]
    assert tabelle.trennzeichen == sign
    assert tabelle.zeilen == 3


def test_a_line_end_of_two_signs_may_fall_on_the_end_of_a_block(store, monkeypatch):
    text = f"{KOPF}\n{lines(40)}"
    for size in range(190, 230):
        monkeypatch.setattr(csvdatei, "BLOCK", size)
        assert read(store(text.replace("\n", "\r\n"))).decode() == text.split("\n", 1)[1]
        assert read(store(text)).decode() == text.split("\n", 1)[1]


def test_a_plan_names_header_line_headers_and_fixed_values(store):
    path = store("Auswertung vom 3. November\n\n TRÄGER ;Monat;Zähler;Nenner;Rest\n99412;2026-07;1;2;x\n")
    plan = Spaltenplan(
        kopfzeile=3,
        spalten={"traegernummer": "träger", "berichtsmonat": "Monat", "zaehler": "zähler", "nenner": "NENNER", "kennzahl": "Rest"},
        fest={"kennzahl": "K2", "geschlecht": "F"},
    )
    tabelle = open_tabelle(path, "csv", plan)
    assert tabelle.spalten == ("traegernummer", "berichtsmonat", "zaehler", "nenner", "_1")
    assert tabelle.fest == {"kennzahl": "K2", "geschlecht": "F"}
    assert b"".join(tabelle.copy_bloecke()) == b"99412;2026-07;1;2;x\n"
    assert tabelle.stelle(1, "zaehler") == "Zeile 4, Spalte zaehler"


def test_optional_columns_may_be_absent_and_sex_is_then_everybody(store):
    tabelle = open_tabelle(store("traegernummer;berichtsmonat;kennzahl;zaehler;nenner\n99412;2026-07;K2;1;2\n"), "csv", STANDARD)
    assert set(tabelle.spalten) == PFLICHT
    assert tabelle.fest == {"geschlecht": "I"}


def test_quoted_cells_may_hold_separators_and_line_ends_and_places_stay_true(store):
    body = ZEILE + "\n" + ZEILE.replace("Jobcenter Müritzland", '"Müritz;\r\nland ""Nord"""') + "\n" + ZEILE + "\n"
    path = store(f"{KOPF}\n{body}")
    tabelle = open_tabelle(path, "csv", STANDARD)
    assert b"".join(tabelle.copy_bloecke()).decode() == body.replace("\r\n", "\n")
    assert tabelle.zeilen == 3
    assert [tabelle.stelle(number) for number in (1, 2, 3)] == ["Zeile 2", "Zeile 3", "Zeile 5"]
    assert explain(path, "csv") == ()


@pytest.mark.parametrize("tail", ["\n", "\n\n\n", "\n;;;;;;;;;;;;\n;;;;;;;;;;;;\n", "\r\n \r\n", "\n;", ""])
def test_empty_lines_at_the_end_do_not_count(store, tail):
    path = store(f"{KOPF}\n{ZEILE}\n{ZEILE}{tail}")
    tabelle = open_tabelle(path, "csv", STANDARD)
    assert b"".join(tabelle.copy_bloecke()).decode().strip("\n") == f"{ZEILE}\n{ZEILE}"
    assert tabelle.zeilen == 2
    assert explain(path, "csv") == ()


def test_empty_lines_within_stay_even_where_a_block_ends(store, monkeypatch):
    """Were they left out, COPY would not refuse them and every later row would be named by a wrong line."""
    body = f"{ZEILE}\n" + ";;;;;;;;;;;;\n" * 10 + f"\n{ZEILE}\n"
    path = store(f"{KOPF}\n{body}")
    for size in range(230, 300):
        monkeypatch.setattr(csvdatei, "BLOCK", size)
        assert read(path).decode() == body


# --- CSV that is not ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "stelle", "words"),
    [
        (b"", "Datei", "Die Datei ist leer"),
        (b"\xef\xbb\xbf\r\n\r\n", "Datei", "Die Datei ist leer"),
        (KOPF.encode(), "Zeile 1", "Unter den Spaltennamen steht keine Zeile mit Werten"),
        (f"{KOPF}\n\n;;;\n".encode(), "Zeile 1", "Unter den Spaltennamen steht keine Zeile mit Werten"),
        (f"{KOPF}\n{ZEILE}\n".encode("utf-16"), "Datei", "UTF-16"),
        (f"{KOPF}\n{ZEILE}\n".encode("utf-16-le"), "Zeile 1", "NUL"),
        (
            f"{KOPF}\n{ZEILE}\n{ZEILE}\n".encode("cp1252"),
            "Zeile 2",
            "Windows-Kodierung (gemeint ist „Jobcenter Müritzland“). Speichern Sie",
        ),
        (f"{KOPF}\n{ZEILE}\n".encode() + b"99412;M\xc3;\n", "Zeile 3", "beschädigt (hier: „MÃ“)"),
        (f"{KOPF}\n{ZEILE}\n9\x009\n".encode(), "Zeile 3", "NUL"),
        (f"{KOPF}\n{ZEILE}\n{'x' * 70_000}\n".encode(), "Zeile 3", "länger als 64.000"),
        (f"{KOPF}\n{ZEILE}\n{'x' * 3_000_000}".encode(), "Zeile 3", "länger als 64.000"),
        (f"{KOPF}\n{ZEILE}\n\\.\n{ZEILE}\n".encode(), "Zeile 3", "nur „\\.“"),
        (f"{KOPF}\n{ZEILE}\n\\.".encode(), "Zeile 3", "nur „\\.“"),
        (b"PK\x03\x04", "Datei", "eine Excel-Tabelle oder ein Archiv"),
        (b"\xd0\xcf\x11\xe0", "Datei", "alte oder geschützte Excel-Tabelle"),
        (KOPF.replace(";", "|").encode(), "Zeile 1", "Die Spalten sind mit „|“ getrennt."),
        (f"{KOPF};Zaehler\n{ZEILE};1\n".encode(), "Zeile 1", "„zaehler“ steht 2-mal in der Kopfzeile"),
        (f'{KOPF};"rest\n{ZEILE}'.encode(), "Zeile 1", "Anführungszeichen"),
        (f"Titel\n\n{KOPF}\n{ZEILE}\n".encode(), "Zeile 1", "Die Spaltennamen stehen wohl in Zeile 3"),
        ((";" * 300).encode(), "Zeile 1", "301 Spalten"),
    ],
)
def test_a_csv_that_cannot_be_read_is_named_with_its_place(store, content, stelle, words):
    path = store(content)
    place, sentence = one_fault(path)
    assert place == stelle
    assert words in sentence
    assert explain(path, "csv")[0].stelle == stelle


def test_missing_columns_are_named_with_what_was_found_and_what_is_near(store):
    path = store("Trägernummer;monat;kennzahl;zähler;Nenner\n")
    place, sentence = one_fault(path)
    assert place == "Zeile 1"
    assert sentence == (
        "Die Spalten „traegernummer“, „berichtsmonat“ und „zaehler“ fehlen. "
        "Gefunden: „Trägernummer“, „monat“, „kennzahl“, „zähler“ und „Nenner“. "
        "Ist „Trägernummer“ die Spalte „traegernummer“? Ist „zähler“ die Spalte „zaehler“?"
    )


def test_a_misspelt_optional_column_is_not_taken_for_an_absent_one(store):
    header = "traegernummer;berichtsmonat;kennzahl;geschlect;zaehler;nenner"
    assert "Ist „geschlect“ die Spalte „geschlecht“?" in one_fault(store(f"{header}\n1;2;3;4;5;6\n"))[1]
    chosen = Spaltenplan(spalten={**PLAN.spalten, "wert": "Quote in %"})
    assert "Die Spalte „Quote in %“ fehlt." in one_fault(store(f"{header}\n1;2;3;4;5;6\n"), plan=chosen)[1]


def test_a_plan_without_a_required_field_is_sent_back(store):
    plan = Spaltenplan(spalten={"traegernummer": "traegernummer"}, fest={"kennzahl": "K2"})
    place, sentence = one_fault(store(f"{KOPF}\n{ZEILE}\n"), plan=plan)
    assert place == "Zuordnung"
    assert "„berichtsmonat“, „zaehler“ und „nenner“" in sentence


def test_a_header_line_beyond_the_end_is_named(store):
    assert "nur 3 Zeilen" in one_fault(store(f"{KOPF}\n{ZEILE}\n"), plan=Spaltenplan(kopfzeile=9, spalten=STANDARD.spalten))[1]


def test_two_stray_quotes_do_not_swallow_the_rows_between_them(store):
    """COPY would take this for two rows, the second with a long last cell, and lose three."""
    broken = ZEILE.replace("2026-11-20", '"2026-11-20')
    closing = ZEILE + '"'
    path = store("\n".join([KOPF, ZEILE, broken, ZEILE, ZEILE, closing, ZEILE]) + "\n")
    assert one_fault(path)[0] == "Zeile 3"
    assert [fault.stelle for fault in explain(path, "csv")] == ["Zeile 3", "Zeile 6"]


def test_an_open_quote_is_named_where_it_opens_even_in_another_block(store, monkeypatch):
    monkeypatch.setattr(csvdatei, "BLOCK", 500)
    for place in (0, 7, 39):
        body = lines(40).splitlines()
        body[place] = body[place].replace("Jobcenter", '"Jobcenter', 1)
        path = store("\n".join([KOPF, *body]) + "\n")
        assert one_fault(path)[0] == f"Zeile {place + 2}"
        assert [fault.stelle for fault in explain(path, "csv")] == [f"Zeile {place + 2}"]


def test_too_many_rows_are_refused(store, monkeypatch):
    monkeypatch.setattr(csvdatei, "MOST_ZEILEN", 10)
    assert read(store(f"{KOPF}\n{lines(10)}"))
    assert one_fault(store(f"{KOPF}\n{lines(11)}"))[1] == "Möglich sind höchstens 10 Zeilen."


# --- explain ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (ZEILE + ";7", "Die Zeile hat 14 Spalten, die Kopfzeile 13."),
        ("99412", "Die Zeile hat 1 Spalte, die Kopfzeile 13."),
        ("", "Die Zeile ist leer. Löschen Sie sie."),
        (ZEILE.replace(";", ","), "Die Zeile ist mit Kommas getrennt, die Kopfzeile mit Semikolons."),
        (ZEILE.replace(";", "\t"), "Die Zeile ist mit Tabulatoren getrennt, die Kopfzeile mit Semikolons."),
        (
            ZEILE.replace("zkT;Musterland", '"zkT;Musterland"'),
            "Die Zeile hat 12 Spalten, die Kopfzeile 13. Ein Anführungszeichen steht falsch. Löschen Sie es.",
        ),
        (ZEILE.replace("zkT", '"z"kT'), "Ein Anführungszeichen steht falsch. Löschen Sie es."),
        (ZEILE.replace("zkT", 'z"kT'), "Hier beginnt ein Anführungszeichen, das nicht in der Zeile endet. Löschen oder ergänzen Sie es."),
    ],
)
def test_every_line_that_does_not_fit_is_explained(store, line, sentence):
    path = store("\n".join([KOPF, ZEILE, line, ZEILE, line, ZEILE]) + "\n")
    assert explain(path, "csv") == (Fehler("Zeile 3", sentence), Fehler("Zeile 5", sentence))


def test_a_decimal_comma_between_commas_is_explained(store):
    path = store(f"{KOPF}\n{ZEILE}".replace(";", ",") + ",5\n")
    assert "Schreiben Sie Zahlen mit Punkt, zum Beispiel 9824.58." in explain(path, "csv")[0].satz


def test_a_last_line_that_breaks_off_is_told_from_a_short_one(store):
    assert "Die letzte Zeile bricht nach 6 von 13 Spalten ab." in explain(store(f"{KOPF}\n{ZEILE}\n{ZEILE[:50]}"), "csv")[0].satz
    assert explain(store(f"{KOPF}\n{ZEILE}\n{ZEILE[:50]}\n"), "csv")[0].satz == "Die Zeile hat 6 Spalten, die Kopfzeile 13."


def test_a_wrong_encoding_is_one_fault_with_the_number_of_lines(store):
    content = f"{KOPF}\n{ZEILE}\n{ZEILE}\n{ZEILE};\n".encode("cp1252")
    first, second = explain(store(content), "csv")
    assert first.stelle == "Zeile 2"
    assert "so ist es in 3 Zeilen" in first.satz
    assert second == Fehler("Zeile 4", "Die Zeile hat 14 Spalten, die Kopfzeile 13.")


def test_explain_stops_at_its_limit(store):
    path = store(f"{KOPF}\n" + "1;2\n" * 1000)
    assert len(explain(path, "csv")) == 200
    assert len(explain(path, "csv", STANDARD, 7)) == 7


# --- damage of every kind -----------------------------------------------------------------------------------------


def copy_into_staging(path: Path) -> bool:
    """Whether PostgreSQL takes what the stream gives; TabellenFehler goes through."""
    tabelle = open_tabelle(path, "csv", STANDARD)
    columns = ", ".join(f"{name} text" for name in tabelle.spalten)
    options = f"FORMAT csv, DELIMITER '{tabelle.trennzeichen}', HEADER false, NULL ''"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE staging ({columns}) ON COMMIT DROP")
            with cursor.copy(f"COPY staging FROM STDIN ({options})") as copy:
                for block in tabelle.copy_bloecke():
                    block.decode()
                    copy.write(block)
            cursor.execute("SELECT count(*) FROM staging")
            assert cursor.fetchone()[0] == tabelle.zeilen
            cursor.execute("DROP TABLE staging")
    except psycopg.DataError:
        return False
    return True


def check_sentences(found: tuple[Fehler, ...]) -> None:
    assert found
    for fault in found:
        assert re.match(r"Datei|Zuordnung|Zeile \d+|Blatt .+", fault.stelle)
        assert re.match(r"[A-ZÄÖÜ].*[.?]$", fault.satz)
        assert fault.satz.isprintable()


@pytest.mark.django_db
def test_three_hundred_damaged_files_are_read_or_explained(store):
    """What the stream lets through is taken by COPY, row for row as counted, or explained line by line."""
    random.seed(4)
    content = f"{KOPF}\n{lines(60)}".replace("Jobcenter Müritz 7", '"Müritz; ""Nord"""').encode()
    taken = refused = broken = 0
    for seed in range(300):
        path = store(mutate(content, seed))
        try:
            accepted = copy_into_staging(path)
        except TabellenFehler as error:
            check_sentences(error.fehler)
            check_sentences(explain(path, "csv"))
            broken += 1
            continue
        found = explain(path, "csv")
        if accepted:
            taken += 1
            assert all("Ein Anführungszeichen steht falsch" in one.satz for one in found), (seed, found)  # COPY takes it, the reader not
        else:
            check_sentences(found)
            refused += 1
    assert min(taken, refused, broken) > 30  # the damage is of every degree


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused(store, noise, with_header):
    path = store((KOPF.encode() + b"\n" if with_header else b"") + noise)
    for kind in ("csv", "xlsx"):
        try:
            assert read(path, kind).decode()
        except TabellenFehler as error:
            check_sentences(error.fehler)
        for fault in explain(path, kind):
            check_sentences((fault,))


def test_damaged_workbooks_are_read_or_refused(store, workbook):
    content = workbook([KURZ, *([99412, "2026-07", "K2", number, 9825] for number in range(60))]).read_bytes()
    refused = 0
    for seed in range(120):
        dice = random.Random(seed)
        damaged = bytearray(content)
        for _ in range(dice.randint(1, 5)):
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        path = store(bytes(damaged[: dice.randint(0, len(damaged))] if seed % 3 == 0 else damaged), "datei.xlsx")
        try:
            assert read(path, "xlsx", PLAN).decode()
        except TabellenFehler as error:
            check_sentences(error.fehler)
            refused += 1
    assert refused > 60


def test_a_workbook_with_a_damaged_part_inside_a_whole_archive_is_refused(store, workbook):
    """Checksums right, content wrong: what only the parser can find."""
    path = workbook([KURZ, *([99412, "2026-07", "K2", number, 9825] for number in range(60))])
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for seed in range(120):
        dice = random.Random(seed)
        name = dice.choice(sorted(parts))
        part = bytearray(parts[name])
        for _ in range(dice.randint(1, 6)):
            part[dice.randrange(len(part))] = dice.choice(b'<>/"0Az=&\xff')
        damaged = store(b"", "schaden.xlsx")
        with zipfile.ZipFile(damaged, "w") as packed:
            for other, inside in parts.items():
                packed.writestr(other, bytes(part) if other == name else inside)
        try:
            assert read(damaged, "xlsx", PLAN).decode()
        except TabellenFehler as error:
            check_sentences(error.fehler)


# --- XLSX ---------------------------------------------------------------------------------------------------------


def test_a_workbook_becomes_the_rows_of_a_long_csv(workbook):
    path = workbook(
        [
            ["Kennzahlen der Woche"],
            [],
            ["Monat", "Zähler", "Bemerkung", "TRÄGER ", "Nenner", "Quote", "", ""],
            [datetime(2026, 7, 1), 2600, "=1+1", 4412, 9825.0, 0.1 + 0.2, None, None],
            ["Juli 2026", 2600.0, None, "04412", 9824.58, "26,5 %"],
            [None, None, None, None, None, None],
            ["07/2026", "9.824,58", None, 99412.0, "1 234 567", -0.000001],
        ],
        lambda book: setattr(book["Werte"]["C4"], "data_type", "s"),
    )
    spalten = {"traegernummer": "Träger", "berichtsmonat": "Monat", "zaehler": "Zähler", "nenner": "Nenner", "wert": "Quote"}
    plan = Spaltenplan(blatt="werte", kopfzeile=3, spalten=spalten, fest={"kennzahl": "K2"})
    tabelle = open_tabelle(path, "xlsx", plan)

    assert tabelle.spalten == ("traegernummer", "berichtsmonat", "zaehler", "nenner", "wert")
    assert tabelle.fest == {"geschlecht": "I", "kennzahl": "K2"}
    assert b"".join(tabelle.copy_bloecke()).decode().splitlines() == [
        "04412;2026-07;2600;9825;0.3",
        "04412;2026-07;2600;9824.58;26.5",
        "99412;2026-07;9824.58;1234567;-0.000001",
    ]
    assert tabelle.zeilen == 3
    assert 0 < tabelle.gelesen <= tabelle.groesse
    assert tabelle.stelle(2) == "Blatt Werte, Zeile 5"
    assert tabelle.stelle(3, "zaehler") == "Blatt Werte, Zelle B7"
    assert explain(path, "xlsx", plan) == ()


@pytest.mark.parametrize(
    ("written", "month"),
    [
        (datetime(2026, 7, 1), "2026-07"),
        (date(2026, 12, 31), "2026-12"),
        ("Juli 2026", "2026-07"),
        (" juli  2026 ", "2026-07"),
        ("Mrz. 2026", "2026-03"),
        ("März 2026", "2026-03"),
        ("07/2026", "2026-07"),
        ("7.2026", "2026-07"),
        ("01.07.2026", "2026-07"),
        ("2026-07", "2026-07"),
        ("2026-07-01", "2026-07"),
        (202607, "2026-07"),
        ("13/2026", "13/2026"),
        ("Quartal 2026", "Quartal 2026"),
    ],
)
def test_months_are_read_as_people_write_them(workbook, written, month):
    assert rows(workbook([KURZ, [99412, written, "K2", 1, 2]]))[0][1] == month


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (9825, "9825"),
        (9825.0, "9825"),
        (9824.58, "9824.58"),
        (2.675 * 3, "8.025"),
        (1e15, "1000000000000000"),
        (1.5e-7, "0.00000015"),
        (-3, "-3"),
        (0, "0"),
        ("9824,58", "9824.58"),
        ("9.824,58", "9824.58"),
        ("1.234.567", "1234567"),
        ("9 825", "9825"),
        ("\u22123", "-3"),
        ("0.265", "0.265"),
        ("*", "*"),
        ("9.824.58", "9.824.58"),
    ],
)
def test_numbers_keep_the_digits_that_excel_shows(workbook, written, number):
    assert rows(workbook([KURZ, [99412, "2026-07", "K2", written, 2]]))[0][3] == number


def test_a_share_formatted_as_per_cent_becomes_per_cent(workbook):
    plan = Spaltenplan(spalten={**PLAN.spalten, "wert": "wert"})

    def per_cent(book):
        book["Werte"]["F2"].number_format = "0.0%"

    path = workbook([[*KURZ, "wert"], [99412, "2026-07", "K2", 1, 2, 0.264631], [99412, "2026-07", "K2", 1, 2, 26.4631]], per_cent)
    assert [row[5] for row in rows(path, plan=plan)] == ["26.4631", "26.4631"]


def test_sheets_may_say_kennzahl_and_sex(workbook):
    head = ["nenner", "Träger", "berichtsmonat", "zaehler"]
    path = workbook(
        {
            "Hinweise": [["Lesen Sie zuerst …"]],
            "K2": [head, [10, 99412, "2026-07", 5]],
            "k2e4_f": [["Träger", "berichtsmonat", "zaehler", "nenner"], [99413, "2026-07", 1, 2], [], [99414, "2026-07", 3, 4]],
        }
    )
    plan = Spaltenplan(blatt="*", spalten={**STANDARD.spalten, "traegernummer": "Träger"})
    tabelle = open_tabelle(path, "xlsx", plan)
    assert tabelle.spalten == ("traegernummer", "berichtsmonat", "kennzahl", "geschlecht", "zaehler", "nenner")
    assert b"".join(tabelle.copy_bloecke()).decode().splitlines() == [
        "99412;2026-07;K2;I;5;10",
        "99413;2026-07;K2E4;F;1;2",
        "99414;2026-07;K2E4;F;3;4",
    ]
    assert [tabelle.stelle(number, "nenner") for number in (1, 2, 3)] == [
        "Blatt K2, Zelle A2",
        "Blatt k2e4_f, Zelle D2",
        "Blatt k2e4_f, Zelle D4",
    ]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("=SUM(A1:A2)", "Die Zelle D3 enthält eine Formel."),
        ("#DIV/0!", "Die Zelle D3 enthält den Fehlerwert #DIV/0!."),
        ("9.825", "Das kann 9825 oder 9,825 heißen."),
        (datetime(2026, 2, 1), "Die Zelle D3 enthält ein Datum statt einer Zahl."),
        (time(1, 30), "Die Zelle D3 enthält ein Datum statt einer Zahl."),
    ],
)
def test_a_cell_that_holds_no_value_is_named(workbook, cell, words):
    good = [99412, "2026-07", "K2", 1, 2]
    place, sentence = one_fault(workbook([KURZ, good, [99412, "2026-07", "K2", cell, 2], good]), "xlsx", PLAN)
    assert place == "Blatt Werte, Zelle D3"
    assert words in sentence


def test_faults_of_cells_are_collected_and_bounded(workbook):
    path = workbook([KURZ, *([99412, "2026-07", "K2", "=1", "=2"] for _ in range(600))])
    found = faults(path, "xlsx", PLAN)
    assert len(found) == 200
    assert found[:3] == [Fehler(f"Blatt Werte, Zelle {place}", found[0].satz.replace("D2", place)) for place in ("D2", "E2", "D3")]


def test_array_formulas_are_formulas_too(tmp_path):
    path = tmp_path / "matrix.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, KURZ)
        sheet.write_row(1, 0, ["99412", "2026-07", "K2", 1, 2])
        sheet.write_array_formula("E2:E2", "{=SUM(D2:D2)}", value=2)
    assert one_fault(path, "xlsx", PLAN)[0] == "Blatt Sheet1, Zelle E2"


def test_merged_cells_in_the_header_are_named(workbook):
    path = workbook([["", "", "", "Fälle"], KURZ, [99412, "2026-07", "K2", 1, 2]], lambda book: book["Werte"].merge_cells("A1:A2"))
    place, sentence = one_fault(path, "xlsx", Spaltenplan(kopfzeile=2, spalten=PLAN.spalten))
    assert place == "Blatt Werte, Zeile 2"
    assert "verbundene Zellen (A1:A2)" in sentence


def test_merged_cells_above_the_header_do_no_harm(workbook):
    path = workbook([["Titel"], KURZ, [99412, "2026-07", "K2", 1, 2]], lambda book: book["Werte"].merge_cells("A1:E1"))
    assert len(rows(path, plan=Spaltenplan(kopfzeile=2, spalten=PLAN.spalten))) == 1


def hide(book):
    book["K2"].sheet_state = "hidden"


@pytest.mark.parametrize(
    ("blatt", "place", "words"),
    [
        ("K9", "Datei", "Das Blatt „K9“ fehlt. Vorhanden: „K2“, „Start“ und „Werte“."),
        ("K2", "Blatt K2", "Das Blatt ist ausgeblendet."),
        ("*", "Blatt K2", "Das Blatt ist ausgeblendet."),
        ("Start", "Blatt Start", "Das Blatt ist leer."),
    ],
)
def test_a_sheet_that_is_not_there_or_hidden_is_named(workbook, blatt, place, words):
    good = [KURZ, [99412, "2026-07", "K2", 1, 2]]
    path = workbook({"K2": good, "Start": [], "Werte": good}, hide)
    found = one_fault(path, "xlsx", Spaltenplan(blatt=blatt, spalten=PLAN.spalten))
    assert found[0] == place
    assert words in found[1]


def test_the_first_sheet_is_the_first_that_one_sees(workbook):
    other = [KURZ, [1, "2026-07", "K2", 1, 2]]
    path = workbook({"K2": other, "Werte": [KURZ, [99412, "2026-07", "K2", 1, 2]]}, hide)
    assert rows(path)[0][0] == "99412"


def test_no_sheet_of_a_kennzahl_is_named(workbook):
    path = workbook([KURZ])
    assert "Kein Blatt heißt wie eine Kennzahl" in one_fault(path, "xlsx", Spaltenplan(blatt="*", spalten=PLAN.spalten))[1]


def test_headers_of_a_workbook_are_looked_for_and_named(workbook):
    path = workbook([["Titel"], [], KURZ, [99412, "2026-07", "K2", 1, 2]])
    place, sentence = one_fault(path, "xlsx", PLAN)
    assert place == "Blatt Werte, Zeile 1"
    assert "Gefunden: „Titel“." in sentence
    assert "Die Spaltennamen stehen wohl in Zeile 3" in sentence
    assert "keine Zeile mit Werten" in one_fault(workbook([KURZ]), "xlsx", PLAN)[1]
    assert "2-mal" in one_fault(workbook([[*KURZ, "Nenner"]]), "xlsx", PLAN)[1]


def repack(path: Path, change: dict[str, bytes], add: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {**parts, **change, **(add or {})}.items():
            packed.writestr(name, content)
    return path


@pytest.fixture
def good_workbook(workbook):
    return workbook([KURZ, *([99412, "2026-07", "K2", number, 9825] for number in range(2000))])


def test_a_zip_bomb_is_refused_before_anything_is_parsed(good_workbook, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_UNPACKED", 5_000_000)
    path = repack(good_workbook, {}, {"xl/media/bild.bin": bytes(6_000_000)})
    assert "entpackt größer als" in one_fault(path, "xlsx", PLAN)[1]


def test_the_real_size_counts_not_the_claimed_one(good_workbook, monkeypatch):
    """The directory of the archive says ten bytes for a part of six million."""
    path = repack(good_workbook, {}, {"xl/media/bild.bin": bytes(6_000_000)})
    packed = path.read_bytes()
    lied = packed.replace((6_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lied != packed
    path.write_bytes(lied)
    tracemalloc.start()
    try:
        assert "beschädigt" in one_fault(path, "xlsx", PLAN)[1]
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet>" + b"<c/>" * 500_000, "zu viel anderes als Zeilen"),
        ("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 2_100_000, "zu viele Texte oder Formate"),
        ("xl/styles.xml", b"<styleSheet>" + b" " * 5_000_000, "zu viele Texte oder Formate"),
        (
            "xl/workbook.xml",
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>',
            "keine gewöhnliche Excel-Tabelle",
        ),
        ("xl/workbook.xml", "<workbook/>".encode("utf-16"), "keine gewöhnliche Excel-Tabelle"),
        ("xl/workbook.xml", b"<workbook>", "beschädigt"),
    ],
)
def test_a_part_that_would_fill_the_memory_or_fool_the_parser_is_refused(good_workbook, part, content, words):
    assert words in one_fault(repack(good_workbook, {part: content}), "xlsx", PLAN)[1]


def test_a_row_number_that_no_sheet_has_ends_the_reading(good_workbook):
    with zipfile.ZipFile(good_workbook) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    path = repack(good_workbook, {"xl/worksheets/sheet1.xml": sheet.replace(b'<row r="2001"', b'<row r="900000000"')})
    assert "mehr Zeilen, als es geben kann" in one_fault(path, "xlsx", PLAN)[1]


def test_the_size_that_a_sheet_claims_loses_no_row(good_workbook):
    with zipfile.ZipFile(good_workbook) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    assert b'<dimension ref="A1:E2001"' in sheet
    path = repack(good_workbook, {"xl/worksheets/sheet1.xml": sheet.replace(b'ref="A1:E2001"', b'ref="A1:C9"')})
    assert len(rows(path)) == 2000


def test_truncated_and_foreign_files_are_refused(good_workbook, store):
    content = good_workbook.read_bytes()
    assert "beschädigt oder nicht ganz angekommen" in one_fault(store(content[:-100], "x.xlsx"), "xlsx", PLAN)[1]
    assert "beschädigt oder nicht ganz angekommen" in one_fault(store(b"", "x.xlsx"), "xlsx", PLAN)[1]
    assert "mit einem Passwort geschützt" in one_fault(store(b"\xd0\xcf\x11\xe0" + content, "x.xlsx"), "xlsx", PLAN)[1]


# --- size ---------------------------------------------------------------------------------------------------------


def test_a_long_file_passes_through_little_memory(store):
    body = lines(20_000).encode()
    path = store(f"{KOPF}\n".encode())
    with path.open("ab") as file:
        for _ in range(100_000_000 // len(body) + 1):
            file.write(body)
    assert path.stat().st_size > 100_000_000
    tracemalloc.start()
    try:
        tabelle = open_tabelle(path, "csv", STANDARD)
        for _ in tabelle.copy_bloecke():
            pass
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert tabelle.zeilen > 1_000_000


def test_a_long_workbook_passes_through_little_memory(tmp_path):
    path = tmp_path / "lang.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("K2")
        sheet.write_row(0, 0, KURZ)
        for number in range(5_000):
            sheet.write_row(number + 1, 0, ["99412", "2026-07", "K2", number, 9825])
    tracemalloc.start()
    try:
        tabelle = open_tabelle(path, "xlsx", PLAN)
        blocks = tabelle.copy_bloecke()
        assert next(blocks).count(b"\n") == tabelle.zeilen < 1000  # the first rows come before the others are read
        for _ in blocks:
            pass
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert tabelle.zeilen == 5_000


def test_the_fields_are_the_columns_of_the_long_csv():
    assert set(FELDER) <= set(KOPF.split(";"))
    assert PFLICHT.issubset(FELDER)
    assert spalten.FELDER is FELDER
