"""An XLSX as a stream of CSV rows. What it unpacks to is counted before anything of it is parsed."""

import csv
import io
import re
import warnings
import zipfile
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from jobcenter.common.uploads import MB, MOST_ENTRIES, MOST_UNPACKED
from kennzahlen.imports.spalten import (
    ALLE_BLAETTER,
    FELDER,
    GESAMT,
    MOST_FEHLER,
    MOST_SPALTEN,
    MOST_ZEILEN,
    SUCHE_KOPF,
    Fehler,
    Spaltenplan,
    Tabelle,
    TabellenFehler,
    add_hint,
    enumerate_words,
    find_header,
    fixed_values,
    match_header,
    quote,
)

ZEILEN_JE_BLATT = 1_048_576  # more no XLSX has
ZEILEN_JE_BLOCK = 500
MOST_TEXT = 32 * MB  # of the table of texts, which is kept in memory while the rows pass by
MOST_BEIWERK = 4 * MB  # of styles, names and the like
MOST_MARKS = 2_000_000  # „<“ in one such part
MOST_WITHOUT_ROW = MB  # of a sheet's XML: a row of all 16.384 columns is shorter
_CHUNK = 256 * 1024
_BLATTNAME = re.compile(r"(K[0-9](?:E[0-9])?)(?:_([IMF]))?", re.IGNORECASE)
_MERGED = re.compile(rb"mergeCell [^>]*?ref=[\"']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)[\"']")
_NEU = "Öffnen Sie sie in Excel, speichern Sie sie neu als .xlsx und laden Sie sie noch einmal hoch."
_CSV = "Speichern Sie das Blatt als „CSV UTF-8“ und laden Sie es so hoch."
_ZAHLEN = frozenset({"zaehler", "nenner", "wert"})
_MONATE = {
    "januar": "01", "jänner": "01", "jan": "01", "februar": "02", "feb": "02", "märz": "03", "mär": "03", "mrz": "03",
    "april": "04", "apr": "04", "mai": "05", "juni": "06", "jun": "06", "juli": "07", "jul": "07", "august": "08", "aug": "08",
    "september": "09", "sept": "09", "sep": "09", "oktober": "10", "okt": "10", "november": "11", "nov": "11",
    "dezember": "12", "dez": "12",
}  # fmt: skip


@dataclass(frozen=True)
class _Blatt:
    name: str
    spalten: dict[str, int]  # field → index
    gegeben: dict[str, str]  # what the name of the sheet says


class XlsxTabelle(Tabelle):
    trennzeichen = ";"

    def __init__(self, path: Path, plan: Spaltenplan) -> None:
        self.path = path
        self.plan = plan
        self.groesse = path.stat().st_size
        merged = _look_through(path)
        with _workbook(path) as (book, _):
            self._blaetter = [_read_header(sheet, gegeben, plan, merged) for sheet, gegeben in _choose_sheets(book, plan)]
        known = {feld for blatt in self._blaetter for feld in (*blatt.spalten, *blatt.gegeben)}
        self.spalten = tuple(feld for feld in FELDER if feld in known)
        self.fest = fixed_values(plan, self.spalten)
        self._abschnitte: list[tuple[int, str]] = []  # first row of a run without gaps, and its sheet
        self._zeilen_darin = array("l")  # the line in which that run starts

    def copy_bloecke(self) -> Iterator[bytes]:
        self.gelesen, self.zeilen = 0, 0
        self._abschnitte, self._zeilen_darin = [], array("l")
        faults: list[Fehler] = []
        with _workbook(self.path) as (book, file):
            for blatt in self._blaetter:
                rows = _rows(book[blatt.name], self.plan.kopfzeile + 1, max(blatt.spalten.values(), default=0) + 1)
                for first, batch in rows:
                    text = io.StringIO()
                    csv.writer(text, delimiter=self.trennzeichen, lineterminator="\n").writerows(self._convert(blatt, first, batch, faults))
                    self.gelesen = max(self.gelesen, min(file.tell(), self.groesse))
                    if len(faults) >= MOST_FEHLER:
                        raise TabellenFehler(*faults[:MOST_FEHLER])
                    if not faults and text.tell():
                        yield text.getvalue().encode(errors="replace")
        if faults:
            raise TabellenFehler(*faults)
        if not self.zeilen:
            stelle = f"Blatt {self._blaetter[0].name}, Zeile {self.plan.kopfzeile}"
            raise TabellenFehler(Fehler(stelle, "Unter den Spaltennamen steht keine Zeile mit Werten."))

    def stelle(self, nummer: int, feld: str = "") -> str:
        run = bisect_right(self._abschnitte, nummer, key=lambda one: one[0]) - 1
        first, name = self._abschnitte[run]
        line = self._zeilen_darin[run] + nummer - first
        columns = next(blatt.spalten for blatt in self._blaetter if blatt.name == name)
        return f"Blatt {name}, Zelle {_letters(columns[feld])}{line}" if feld in columns else f"Blatt {name}, Zeile {line}"

    def _convert(self, blatt: _Blatt, first: int, batch: Sequence[Sequence[Any]], faults: list[Fehler]) -> Iterator[list[str]]:
        following = -1
        for line, cells in enumerate(batch, first):
            row, filled = [], False
            for feld in self.spalten:
                index = blatt.spalten.get(feld, -1)
                cell = cells[index] if 0 <= index < len(cells) else None
                if cell is None or cell.value is None:
                    row.append(blatt.gegeben.get(feld, ""))
                    continue
                try:
                    row.append(cell_text(feld, cell))
                    filled = filled or bool(row[-1])
                except _Zellfehler as error:
                    place = f"{_letters(index)}{line}"
                    faults.append(Fehler(f"Blatt {blatt.name}, Zelle {place}", error.satz.format(zelle=place)))
                    filled = True
            if not filled:
                continue
            self.zeilen += 1
            if self.zeilen > MOST_ZEILEN:
                raise TabellenFehler(Fehler(f"Blatt {blatt.name}", f"Möglich sind höchstens {MOST_ZEILEN:,} Zeilen.".replace(",", ".")))
            if line != following and not self._continues(blatt.name, line):
                self._abschnitte.append((self.zeilen, blatt.name))
                self._zeilen_darin.append(line)
            following = line + 1
            yield row

    def _continues(self, name: str, line: int) -> bool:
        if not self._abschnitte or self._abschnitte[-1][1] != name:
            return False
        return self._zeilen_darin[-1] + self.zeilen - self._abschnitte[-1][0] == line


class _Zellfehler(ValueError):
    def __init__(self, satz: str) -> None:
        self.satz = satz


def cell_text(feld: str, cell: Any) -> str:
    """What a cell says, as the long CSV would write it: 2026-07, 04412, 9824.58.

    Numbers have the fifteen digits that Excel shows, so that 9824.5799999999999 in the file is 9824.58 here.
    """
    value = cell.value
    if cell.data_type == "f":
        raise _Zellfehler("Die Zelle {zelle} enthält eine Formel. Speichern Sie die Werte: kopieren Sie alles, fügen Sie „nur Werte“ ein.")
    if cell.data_type == "e":
        shown = str(value).replace("{", "").replace("}", "")
        raise _Zellfehler(f"Die Zelle {{zelle}} enthält den Fehlerwert {shown}. Tragen Sie den Wert ein oder leeren Sie die Zelle.")
    if isinstance(value, str):
        text = " ".join(value.replace("\0", "").split())
        if feld in _ZAHLEN:
            return _number_in_text(text)
        return _month_in_text(text) if feld == "berichtsmonat" else text
    if isinstance(value, bool):
        return "WAHR" if value else "FALSCH"
    if isinstance(value, int | float):
        percent = feld == "wert" and "%" in (cell.number_format or "")
        text = _plain_number(value, 100 if percent else 1)
        return text.zfill(5) if feld == "traegernummer" and text.isdigit() else _month_in_text(text) if feld == "berichtsmonat" else text
    if feld in _ZAHLEN:
        raise _Zellfehler(
            "Die Zelle {zelle} enthält ein Datum statt einer Zahl. Tragen Sie die Zahl ein und formatieren Sie die Zelle als Zahl."
        )
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m") if feld == "berichtsmonat" else value.strftime("%Y-%m-%d")
    return str(value)


def _plain_number(value: float, times: int) -> str:
    if isinstance(value, int):
        return str(value * times)
    text = format(Decimal(format(value, ".15g")) * times, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number_in_text(text: str) -> str:
    """German numbers kept as text, where no doubt is possible; the rest is left to the check of the cells."""
    number = text.replace("\u2212", "-").removesuffix("%").rstrip()
    if re.fullmatch(
        r"-?[0-9]{1,3}( [0-9]{3})+(,[0-9]+)?|-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|-?[0-9]{1,3}(\.[0-9]{3}){2,}|-?[0-9]+,[0-9]+", number
    ):
        return number.replace(" ", "").replace(".", "").replace(",", ".")
    if re.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}", number):
        raise _Zellfehler(
            f"Die Zelle {{zelle}} enthält „{text}“ als Text. Das kann {number.replace('.', '')} oder {number.replace('.', ',')} heißen. "
            "Formatieren Sie die Zelle als Zahl."
        )
    return number


def _month_in_text(text: str) -> str:
    if found := re.fullmatch(r"(20[0-9]{2})-?(0[1-9]|1[0-2])(?:-[0-9]{2})?(?: 00:00:00)?", text):
        return f"{found[1]}-{found[2]}"
    if found := re.fullmatch(r"(?:[0-9]{1,2}\.)?(0?[1-9]|1[0-2])[./](20[0-9]{2})", text):
        return f"{found[2]}-{found[1].zfill(2)}"
    found = re.fullmatch(r"(\w+)\.? (20[0-9]{2})", text)
    return f"{found[2]}-{_MONATE[found[1].casefold()]}" if found and found[1].casefold() in _MONATE else text


def _look_through(path: Path) -> dict[str, list[tuple[str, int, int]]]:
    """Unpack once and keep nothing but the merged cells of every sheet: (range, first line, last line)."""
    merged: dict[str, list[tuple[str, int, int]]] = {}
    unpacked = 0
    with _reading(), path.open("rb") as file:
        if file.read(4) == b"\xd0\xcf\x11\xe0":
            raise TabellenFehler(Fehler("Datei", f"Die Datei ist mit einem Passwort geschützt oder eine alte .xls-Datei. {_NEU}"))
        with zipfile.ZipFile(file) as packed:
            if len(packed.infolist()) > MOST_ENTRIES:
                raise TabellenFehler(_too_large())
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
        self.merged: list[tuple[str, int, int]] = []
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
                self.merged.append((f"{left}{first}:{right}{last}", int(first), int(last)))
        self._tail = window[max(window.rfind(b"<"), len(window) - 200) :]


@contextmanager
def _workbook(path: Path) -> Iterator[tuple[Any, Any]]:
    from openpyxl import load_workbook  # noqa: PLC0415  # the worker needs it, no web process does

    with path.open("rb") as file:
        with _reading():
            book = load_workbook(file, read_only=True, keep_links=False)
        try:
            yield book, file
        finally:
            book.close()


@contextmanager
def _reading() -> Iterator[None]:
    """A damaged archive breaks in a hundred ways, all of them the file's fault; openpyxl's warnings concern no value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except TabellenFehler:
            raise
        except Exception as error:
            raise TabellenFehler(Fehler("Datei", f"Die Excel-Datei ist beschädigt oder nicht ganz angekommen. {_NEU}")) from error


def _choose_sheets(book: Any, plan: Spaltenplan) -> list[tuple[Any, dict[str, str]]]:
    with _reading():
        sheets = {sheet.title: sheet for sheet in book.worksheets}
    visible = [name for name, sheet in sheets.items() if sheet.sheet_state == "visible"]
    there = f"Vorhanden: {enumerate_words(list(sheets)[:30])}." if sheets else "Die Datei hat kein Blatt."
    if plan.blatt == ALLE_BLAETTER:
        named = [(name, found) for name in sheets if (found := _BLATTNAME.fullmatch(name.strip()))]
        if not named:
            raise TabellenFehler(Fehler("Datei", f"Kein Blatt heißt wie eine Kennzahl, zum Beispiel K2, K2_M oder K2E4_F. {there}"))
    elif plan.blatt:
        same = [name for name in sheets if name.strip().casefold() == plan.blatt.strip().casefold()]
        if not same:
            raise TabellenFehler(Fehler("Datei", f"Das Blatt {quote(plan.blatt)} fehlt. {there}"))
        named = [(same[0], None)]
    elif not visible:
        raise TabellenFehler(Fehler("Datei", f"Die Datei hat kein sichtbares Blatt. {there}"))
    else:
        named = [(visible[0], None)]
    if hidden := [name for name, _ in named if name not in visible]:
        raise TabellenFehler(
            *(Fehler(f"Blatt {name}", "Das Blatt ist ausgeblendet. Blenden Sie es ein oder löschen Sie es.") for name in hidden)
        )
    return [
        (sheets[name], {"kennzahl": found[1].upper(), "geschlecht": (found[2] or GESAMT).upper()} if found else {}) for name, found in named
    ]


def _read_header(sheet: Any, gegeben: dict[str, str], plan: Spaltenplan, merged: dict[str, list[tuple[str, int, int]]]) -> _Blatt:
    stelle = f"Blatt {sheet.title}, Zeile {plan.kopfzeile}"
    across = [area for area, first, last in merged.get(sheet._worksheet_path, ()) if first <= plan.kopfzeile <= last]
    if across:
        sentence = f"Die Kopfzeile enthält verbundene Zellen ({', '.join(across[:5])}). Heben Sie die Verbindung auf: eine Zelle je Spalte."
        raise TabellenFehler(Fehler(stelle, sentence))
    top = [_header_cells(cells) for _, batch in _rows(sheet, 1, None, last=max(plan.kopfzeile, SUCHE_KOPF)) for cells in batch]
    header = top[plan.kopfzeile - 1] if len(top) >= plan.kopfzeile else []
    if not any(top):
        raise TabellenFehler(Fehler(f"Blatt {sheet.title}", "Das Blatt ist leer."))
    given = set(gegeben) - set(plan.fest)
    try:
        return _Blatt(sheet.title, match_header(header, plan, stelle, given), {feld: gegeben[feld] for feld in given})
    except TabellenFehler as error:
        raise add_hint(error, find_header(top[:SUCHE_KOPF], plan)) from None


def _header_cells(cells: Sequence[Any]) -> list[str]:
    texts = ["" if cell.value is None else str(cell.value) for cell in cells]
    while texts and not texts[-1].strip():
        texts.pop()
    return texts[: MOST_SPALTEN + 1]


def _rows(sheet: Any, first: int, columns: int | None, last: int | None = None) -> Iterator[tuple[int, list[Sequence[Any]]]]:
    """Batches of rows with the number of the first of each. The size that the sheet claims is not believed."""
    with _reading():
        sheet.reset_dimensions()
        rows = sheet.iter_rows(min_row=first, max_row=last, max_col=columns)
    while True:
        with _reading():
            batch = list(islice(rows, ZEILEN_JE_BLOCK))
        if not batch:
            return
        yield first, batch
        first += len(batch)
        if first > ZEILEN_JE_BLATT + 1:
            raise TabellenFehler(Fehler(f"Blatt {sheet.title}", f"Das Blatt hat mehr Zeilen, als es geben kann. {_NEU}"))


def _letters(index: int) -> str:
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _too_large() -> Fehler:
    return Fehler("Datei", f"Die Datei ist entpackt größer als {MOST_UNPACKED // MB} MB. {_CSV}")
