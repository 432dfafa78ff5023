"""An XLSX, looked through before anything of it is parsed: what it unpacks to is counted, what cannot be a table is refused."""

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from jobcenter.common.tabellendateien.stellen import Fehler, TabellenFehler
from jobcenter.common.uploads import MB, MOST_ENTRIES, MOST_UNPACKED

ZEILEN_JE_BLATT = 1_048_576  # more no XLSX has
ZEILEN_JE_BLOCK = 500
MOST_TEXT = 32 * MB  # of the table of texts, which is kept in memory while the rows pass by
MOST_BEIWERK = 4 * MB  # of styles, names and the like
MOST_MARKS = 2_000_000  # „<“ in one such part
MOST_WITHOUT_ROW = MB  # of a sheet's XML: a row of all 16.384 columns is shorter
_CHUNK = 256 * 1024
_MERGED = re.compile(rb"mergeCell [^>]*?ref=[\"']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)[\"']")
_NEU = "Öffnen Sie sie in Excel, speichern Sie sie neu als .xlsx und laden Sie sie noch einmal hoch."
_CSV = "Speichern Sie das Blatt als „CSV UTF-8“ und laden Sie es so hoch."


class Verbunden(NamedTuple):
    """Cells that somebody has merged: only the first of them holds a value."""

    bereich: str  # B5:D6
    oben: int
    unten: int
    links: int  # index, A is 0
    rechts: int


def check_archive(path: Path) -> dict[str, list[Verbunden]]:
    """Unpack once and keep nothing but the merged cells, by the part of the archive that holds their sheet.

    TabellenFehler for what is no ordinary workbook: protected, damaged, with macros, or far larger than it looks.
    """
    merged: dict[str, list[Verbunden]] = {}
    unpacked = 0
    with reading(), path.open("rb") as file:
        if file.read(4) == b"\xd0\xcf\x11\xe0":
            raise TabellenFehler(Fehler("Datei", f"Die Datei ist mit einem Passwort geschützt oder eine alte .xls-Datei. {_NEU}"))
        with zipfile.ZipFile(file) as packed:
            if len(packed.infolist()) > MOST_ENTRIES:
                raise TabellenFehler(_too_large())
            if any(entry.filename.lower().endswith("vbaproject.bin") for entry in packed.infolist()):
                raise TabellenFehler(Fehler("Datei", "Die Datei enthält Makros. Speichern Sie sie ohne Makros als .xlsx."))
            for entry in packed.infolist():
                with packed.open(entry) as part:
                    watch = _Part(entry.filename)
                    while chunk := part.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > MOST_UNPACKED:
                            raise TabellenFehler(_too_large())
                        watch.look_at(chunk)
                    merged[entry.filename] = watch.merged
    return merged


class _Part:
    """One file in the archive, watched while it passes by."""

    def __init__(self, name: str) -> None:
        self.merged: list[Verbunden] = []
        self._is_xml = name.lower().endswith((".xml", ".rels"))
        self._is_sheet = name.startswith("xl/worksheets/") and not name.endswith(".rels")
        self._most = MOST_TEXT if name.endswith("sharedStrings.xml") else MOST_BEIWERK
        self._size = self._marks = self._without_row = 0
        self._tail = b""

    def look_at(self, chunk: bytes) -> None:
        if not self._is_xml:
            return
        if not self._size and (b"<!DOCTYPE" in chunk or b"\0" in chunk):
            raise TabellenFehler(Fehler("Datei", f"Die Datei ist keine gewöhnliche Excel-Tabelle. {_NEU}"))
        self._size += len(chunk)
        if not self._is_sheet:
            self._marks += chunk.count(b"<")
            if self._size > self._most or self._marks > MOST_MARKS:
                raise TabellenFehler(Fehler("Datei", f"Die Excel-Datei trägt zu viele Texte oder Formate mit sich. {_CSV}"))
            return
        self._without_row = 0 if b"row" in chunk else self._without_row + len(chunk)
        if self._without_row > MOST_WITHOUT_ROW:
            raise TabellenFehler(Fehler("Datei", f"Ein Blatt der Excel-Datei enthält zu viel anderes als Zeilen. {_CSV}"))
        window = self._tail + chunk
        if b"mergeCell " in window:
            for found in _MERGED.finditer(window):
                left, first, right, last = (part.decode() for part in found.groups())
                area = f"{left}{first}:{right}{last}"
                self.merged.append(Verbunden(area, int(first), int(last), _index(left), _index(right)))
        self._tail = window[max(window.rfind(b"<"), len(window) - 200) :]


@contextmanager
def open_workbook(path: Path) -> Iterator[tuple[Any, Any]]:
    """The workbook and the file behind it, whose position says how far the reading is. After check_archive only."""
    from openpyxl import load_workbook  # noqa: PLC0415  # the worker needs it, no web process does

    with path.open("rb") as file:
        with reading():
            book = load_workbook(file, read_only=True, keep_links=False)
        try:
            yield book, file
        finally:
            book.close()


@contextmanager
def reading() -> Iterator[None]:
    """A damaged archive breaks in a hundred ways, all of them the file's fault; openpyxl's warnings concern no value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except TabellenFehler:
            raise
        except Exception as error:
            raise TabellenFehler(Fehler("Datei", f"Die Excel-Datei ist beschädigt oder nicht ganz angekommen. {_NEU}")) from error


def sheet_part(sheet: Any) -> str:
    """The part of the archive that holds a sheet: the key into what check_archive gives."""
    return str(sheet._worksheet_path)


def list_sheets(book: Any) -> tuple[dict[str, Any], list[str]]:
    """All sheets by name, and the names of those that can be seen."""
    with reading():
        sheets = {sheet.title: sheet for sheet in book.worksheets}
    return sheets, [name for name, sheet in sheets.items() if sheet.sheet_state == "visible"]


def check_visible(names: Sequence[str], visible: Sequence[str]) -> None:
    """Nobody delivers what nobody sees."""
    if hidden := [name for name in names if name not in visible]:
        raise TabellenFehler(
            *(Fehler(f"Blatt {name}", "Das Blatt ist ausgeblendet. Blenden Sie es ein oder löschen Sie es.") for name in hidden)
        )


def read_batches(sheet: Any, first: int, columns: int | None, last: int | None = None) -> Iterator[tuple[int, list[Sequence[Any]]]]:
    """Batches of rows with the number of the first of each. The size that the sheet claims is not believed."""
    with reading():
        sheet.reset_dimensions()
        rows = sheet.iter_rows(min_row=first, max_row=last, max_col=columns)
    while True:
        with reading():
            batch = list(islice(rows, ZEILEN_JE_BLOCK))
        if not batch:
            return
        yield first, batch
        first += len(batch)
        if first > ZEILEN_JE_BLATT + 1:
            raise TabellenFehler(Fehler(f"Blatt {sheet.title}", f"Das Blatt hat mehr Zeilen, als es geben kann. {_NEU}"))


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _too_large() -> Fehler:
    return Fehler("Datei", f"Die Datei ist entpackt größer als {MOST_UNPACKED // MB} MB. {_CSV}")
