from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from jobcenter.common.export import Ausfuhr, Kopf, respond
from tests.tabellen import number_formats, read_csv, read_xlsx

KOPF = [
    Kopf("Name"),
    Kopf("Plätze", "#,##0"),
    Kopf("Kosten in Euro", '#,##0.00 "€"'),
    Kopf("Beginn", "dd.mm.yyyy"),
    Kopf("Geändert", "dd.mm.yyyy hh:mm"),
    Kopf("Offen"),
]
EVENING = timezone.make_aware(datetime(2026, 7, 1, 23, 30))
ROW = ["Werkstatt", 1200, Decimal("-520000.50"), date(2027, 1, 31), EVENING, True]


def table(*rows: list) -> Ausfuhr:
    return Ausfuhr("Maßnahmen", KOPF, rows)


def test_csv_is_what_a_german_spreadsheet_reads(at):
    at(datetime(2026, 11, 22, 9))
    response = respond(table(ROW, [None] * 6), "csv")
    assert read_csv(response) == [
        ["Name", "Plätze", "Kosten in Euro", "Beginn", "Geändert", "Offen"],
        ["Werkstatt", "1200", "-520000,50", "31.01.2027", "01.07.2026 23:30", "ja"],
        [""] * 6,
    ]
    assert response["Content-Disposition"] == 'attachment; filename="massnahmen-2026-11-22.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_xlsx_keeps_numbers_and_dates_as_such():
    response = respond(table(ROW, [None] * 6), "xlsx")
    head, row, empty = read_xlsx(response)
    assert head == [k.name for k in KOPF]
    # days since the spreadsheet's year 1900
    assert row == ["Werkstatt", 1200.0, -520000.5, 46418.0, pytest.approx(46204.979, abs=0.001), "ja"]
    assert empty == [None] * 6
    assert {"dd.mm.yyyy", "dd.mm.yyyy hh:mm", '#,##0.00 "€"'} <= number_formats(response)


@pytest.mark.parametrize("evil", ["=1+1", "+49 9999", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://x","y")'])
def test_no_text_becomes_a_formula(evil):
    row = [evil, 0, Decimal(0), None, None, False]
    assert read_csv(respond(table(row), "csv"))[1][0] == f"'{evil}"
    shown = str(read_xlsx(respond(table(row), "xlsx"))[1][0])  # as text: read_xlsx refuses formulas
    assert shown.replace("_x000D_", "\r") == evil


def test_addresses_and_digits_stay_text_and_too_long_text_is_cut():
    rows = [
        ["https://musterburg.example", 1, None, None, None, None],
        ["0049", 1, None, None, None, None],
        ["x" * 40_000, 1, None, None, None, None],
    ]
    shown = [row[0] for row in read_xlsx(respond(table(*rows), "xlsx"))[1:]]
    assert shown[:2] == ["https://musterburg.example", "0049"]
    assert len(str(shown[2])) == 32_767


def test_an_empty_table_is_a_file_with_its_heads():
    assert read_csv(respond(table(), "csv")) == [[k.name for k in KOPF]]
    assert read_xlsx(respond(table(), "xlsx")) == [[k.name for k in KOPF]]
