"""Files that a page gives away, read back: CSV as rows of text, XLSX as rows of (value, number format)."""

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring
from django.http import HttpResponse

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def read_csv(response: HttpResponse) -> list[list[str]]:
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff"), "German spreadsheets need the mark"
    return list(csv.reader(StringIO(text[1:]), delimiter=";"))


def read_xlsx(response: HttpResponse) -> list[list[str | float | None]]:
    """Text as str, numbers and dates as float, as they lie in the file; a formula fails."""
    with ZipFile(BytesIO(response.content)) as book:
        shared = [
            "".join(t.text or "" for t in si.iter(f"{{{NS['m']}}}t")) for si in _root(book, "xl/sharedStrings.xml").findall("m:si", NS)
        ]
        sheet = _root(book, "xl/worksheets/sheet1.xml")
    rows = []
    for row in sheet.iter(f"{{{NS['m']}}}row"):
        cells: list[str | float | None] = []
        for cell in row.findall("m:c", NS):
            assert cell.find("m:f", NS) is None, "a formula"
            value = cell.find("m:v", NS)
            cells.append(None if value is None else shared[int(value.text)] if cell.get("t") == "s" else float(value.text))
        rows.append(cells)
    return rows


def number_formats(response: HttpResponse) -> set[str]:
    with ZipFile(BytesIO(response.content)) as book:
        return {f.get("formatCode") for f in _root(book, "xl/styles.xml").iter(f"{{{NS['m']}}}numFmt")}


def _root(book: ZipFile, name: str):
    return fromstring(book.read(name))
