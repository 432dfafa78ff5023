"""An XLSX as a stream of CSV rows."""

import csv
import io
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jobcenter.common.tabellendateien import (
    Fehler,
    TabellenFehler,
    Verbunden,
    Zellfehler,
    check_archive,
    check_cell,
    check_visible,
    column_letters,
    enumerate_words,
    list_sheets,
    month_in_text,
    number_in_text,
    open_workbook,
    plain_number,
    quote,
    read_batches,
    sheet_part,
)
from kennzahlen.imports.spalten import (
    ALLE_BLAETTER,
    FELDER,
    GESAMT,
    MOST_FEHLER,
    MOST_SPALTEN,
    MOST_ZEILEN,
    SUCHE_KOPF,
    Spaltenplan,
    Tabelle,
    add_hint,
    find_header,
    fixed_values,
    match_header,
)

_BLATTNAME = re.compile(r"(K[0-9](?:E[0-9])?)(?:_([IMF]))?", re.IGNORECASE)
_ZAHLEN = frozenset({"zaehler", "nenner", "wert"})


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
        merged = check_archive(path)
        with open_workbook(path) as (book, _):
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
        with open_workbook(self.path) as (book, file):
            for blatt in self._blaetter:
                rows = read_batches(book[blatt.name], self.plan.kopfzeile + 1, max(blatt.spalten.values(), default=0) + 1)
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
        return f"Blatt {name}, Zelle {column_letters(columns[feld])}{line}" if feld in columns else f"Blatt {name}, Zeile {line}"

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
                except Zellfehler as error:
                    place = f"{column_letters(index)}{line}"
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


def cell_text(feld: str, cell: Any) -> str:
    """What a cell says, as the long CSV would write it: 2026-07, 04412, 9824.58.

    Numbers have the fifteen digits that Excel shows, so that 9824.5799999999999 in the file is 9824.58 here.
    """
    value = cell.value
    check_cell(cell)
    if isinstance(value, str):
        text = " ".join(value.replace("\0", "").split())
        if feld in _ZAHLEN:
            return number_in_text(text)
        return month_in_text(text) if feld == "berichtsmonat" else text
    if isinstance(value, bool):
        return "WAHR" if value else "FALSCH"
    if isinstance(value, int | float):
        percent = feld == "wert" and "%" in (cell.number_format or "")
        text = plain_number(value, 100 if percent else 1)
        return text.zfill(5) if feld == "traegernummer" and text.isdigit() else month_in_text(text) if feld == "berichtsmonat" else text
    if feld in _ZAHLEN:
        raise Zellfehler(
            "Die Zelle {zelle} enthält ein Datum statt einer Zahl. Tragen Sie die Zahl ein und formatieren Sie die Zelle als Zahl."
        )
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m") if feld == "berichtsmonat" else value.strftime("%Y-%m-%d")
    return str(value)


def _choose_sheets(book: Any, plan: Spaltenplan) -> list[tuple[Any, dict[str, str]]]:
    sheets, visible = list_sheets(book)
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
    check_visible([name for name, _ in named], visible)
    return [
        (sheets[name], {"kennzahl": found[1].upper(), "geschlecht": (found[2] or GESAMT).upper()} if found else {}) for name, found in named
    ]


def _read_header(sheet: Any, gegeben: dict[str, str], plan: Spaltenplan, merged: dict[str, list[Verbunden]]) -> _Blatt:
    stelle = f"Blatt {sheet.title}, Zeile {plan.kopfzeile}"
    across = [one.bereich for one in merged.get(sheet_part(sheet), ()) if one.oben <= plan.kopfzeile <= one.unten]
    if across:
        sentence = f"Die Kopfzeile enthält verbundene Zellen ({', '.join(across[:5])}). Heben Sie die Verbindung auf: eine Zelle je Spalte."
        raise TabellenFehler(Fehler(stelle, sentence))
    top = [_header_cells(cells) for _, batch in read_batches(sheet, 1, None, last=max(plan.kopfzeile, SUCHE_KOPF)) for cells in batch]
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
