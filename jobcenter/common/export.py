"""Tables for spreadsheet programs: CSV as German ones read it, and XLSX with real numbers and dates."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from jobcenter.common import clock

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # what a spreadsheet takes
WIDEST = 60  # characters of a column
_IN_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@dataclass(frozen=True)
class Kopf:
    """What stands above a column, and how a spreadsheet shows its numbers."""

    name: str
    excel: str = ""


@dataclass(frozen=True)
class Ausfuhr:
    """A whole table. Cells are text, int, Decimal, date, aware datetime, bool or None.

    With `iso_daten` the CSV writes 2026-12-31, which programs and German spreadsheets read alike.
    """

    titel: str
    kopf: Sequence[Kopf]
    zeilen: Iterable[Sequence[Any]]
    iso_daten: bool = False


def guard(cell: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def decimal_euro(cent: int) -> str:
    """520000,50: what German spreadsheets read as a number."""
    return f"{'-' if cent < 0 else ''}{abs(cent) // 100},{abs(cent) % 100:02d}"


def to_csv(table: Ausfuhr) -> bytes:
    """UTF-8 with BOM, semicolons, decimal comma, 31.12.2026: opens in a German spreadsheet by a double click."""
    response = HttpResponse(content_type=CSV)
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow([guard(head.name) for head in table.kopf])
    writer.writerows([_as_text(cell, iso=table.iso_daten) for cell in row] for row in table.zeilen)
    return response.content


def to_xlsx(table: Ausfuhr) -> bytes:
    """One sheet: head row that stays in sight, filters, column widths, real numbers and dates. Text stays text."""
    from xlsxwriter import Workbook  # noqa: PLC0415  # not in the memory of every web process

    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"title": table.titel, "created": timezone.localtime(clock.now()).replace(tzinfo=None)})
    sheet = book.add_worksheet("Tabelle")
    top, text = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}), book.add_format({"valign": "top"})
    formats = [book.add_format({"num_format": head.excel, "valign": "top"}) if head.excel else text for head in table.kopf]
    widths = [len(head.name) for head in table.kopf]
    for column, head in enumerate(table.kopf):
        sheet.write_string(0, column, head.name, top)
    last = 0
    for last, row in enumerate(table.zeilen, start=1):
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], len(_as_text(cell)))
            _write(sheet, last, column, cell, formats[column])
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, WIDEST) + 3)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, max(len(table.kopf) - 1, 0))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return buffer.getvalue()


FORMATE = {"csv": (to_csv, CSV), "xlsx": (to_xlsx, XLSX)}


def respond(table: Ausfuhr, art: str) -> HttpResponse:
    """The table as a download named after it and today."""
    write, content_type = FORMATE[art]
    name = f"{slugify(table.titel.translate(_IN_ASCII))}-{clock.today().isoformat()}.{art}"
    return HttpResponse(write(table), content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _as_text(cell: Any, *, iso: bool = False) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%d.%m.%Y %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat() if iso else f"{cell:%d.%m.%Y}"
    return str(cell) if isinstance(cell, int) else guard(str(cell))


def _write(sheet: Any, row: int, column: int, cell: Any, shape: Any) -> None:
    if cell is None:
        sheet.write_blank(row, column, None, shape)
    elif isinstance(cell, bool):
        sheet.write_string(row, column, _as_text(cell), shape)
    elif isinstance(cell, int | Decimal):
        sheet.write_number(row, column, cell, shape)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, timezone.localtime(cell).replace(tzinfo=None), shape)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, shape)
    else:
        sheet.write_string(row, column, str(cell)[:LONGEST_CELL], shape)
