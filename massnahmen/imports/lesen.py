"""A file as rows of values by field, whatever it is: CSV in UTF-8 or cp1252, or a workbook with merged headers."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobcenter.common.tabellendateien import (
    TRENNZEICHEN,
    Fehler,
    TabellenFehler,
    Verbunden,
    Zellfehler,
    check_archive,
    check_cell,
    column_letters,
    decode_csv,
    enumerate_words,
    fold,
    list_sheets,
    open_workbook,
    quote,
    read_batches,
    sheet_part,
    split_line,
)
from jobcenter.common.typography import zahl
from massnahmen.imports.spalten import Befund, Spalte, known_names, nearest_column

MOST_ZEILEN = 20_000
MOST_SPALTEN = 200
SUCHE_KOPF = 20  # lines in which the header is looked for
ERKLAERUNG = "Erklärung"  # the sheet of our own templates that holds no rows


@dataclass
class Rohdatei:
    """The header as it was understood, and the rows below it. `stelle(7, "ende")` says where a value stands."""

    felder: dict[str, int]  # field → index of its column
    kopf: list[str]
    nach: int  # the line of the header
    zeilen: Callable[[], Iterator[tuple[int, Sequence[Any]]]]
    blatt: str = ""
    hinweise: list[Fehler] = field(default_factory=list)

    def stelle(self, nummer: int, feld: str = "") -> str:
        if self.blatt:
            place = f"Zelle {column_letters(self.felder[feld])}{nummer}" if feld in self.felder else f"Zeile {nummer}"
            return f"Blatt {self.blatt}, {place}"
        return f"Zeile {nummer}, Spalte {self.kopf[self.felder[feld]]}" if feld in self.felder else f"Zeile {nummer}"


@contextmanager
def open_rohdatei(path: Path, dateiart: str, spalten: Sequence[Spalte]) -> Iterator[Rohdatei]:
    """The file with its header understood; TabellenFehler when it cannot be read."""
    if dateiart == "csv":
        yield _read_csv(path, spalten)
        return
    merged = check_archive(path)
    with open_workbook(path) as (book, _):
        yield _read_sheet(book, merged, spalten)


def read_rows(datei: Rohdatei, spalten: Sequence[Spalte], befund: Befund) -> Iterator[tuple[int, dict[str, Any]]]:
    """The number of every filled row and its values by field; what cannot be read is a fault at its cell, and left out."""
    columns = [(spalte.feld, datei.felder[spalte.feld], spalte.lesen) for spalte in spalten if spalte.feld in datei.felder]
    count = 0
    for nummer, cells in datei.zeilen():
        werte: dict[str, Any] = {}
        filled, width = False, len(cells)
        for feld, index, lesen in columns:
            if index >= width:
                continue
            cell = cells[index]
            value = cell if (is_text := cell.__class__ is str) else cell.value
            if value is None or (value.__class__ is str and not value.strip()):
                continue
            filled = True
            try:
                if not is_text and cell.data_type in "fe":
                    check_cell(cell)
                werte[feld] = lesen(value)
            except Zellfehler as error:
                befund.add(datei.stelle(nummer, feld), error.satz.replace("{zelle}", f"{column_letters(index)}{nummer}"))
                werte[feld] = None
        if not filled:
            continue
        count += 1
        if count > MOST_ZEILEN:
            raise TabellenFehler(Fehler("Datei", f"Möglich sind höchstens {zahl(MOST_ZEILEN)} Zeilen. Teilen Sie die Datei auf."))
        yield nummer, werte
    if not count:
        raise TabellenFehler(Fehler(datei.stelle(datei.nach), "Unter den Spaltennamen steht keine Zeile mit Werten."))


# --- the header -------------------------------------------------------------------------------------------------
def _understand(
    top: Sequence[Sequence[str]], spalten: Sequence[Spalte], stelle: Callable[[int], str], more: str = ""
) -> tuple[int, dict[str, int], list[str]]:
    """Index of the header among the first lines, its fields, and its names; TabellenFehler when a column is missing or twice."""
    known = known_names(spalten)
    counts = [len({known[fold(cell)] for cell in cells if fold(cell) in known}) for cells in top]
    best = max(range(len(counts)), key=counts.__getitem__, default=0)
    if not counts or not counts[best]:
        names = [spalte.name for spalte in spalten if spalte.pflicht]
        raise TabellenFehler(Fehler("Datei", f"Die Spaltennamen fehlen. Gesucht ist eine Zeile mit {enumerate_words(names)}.{more}"))
    kopf = list(top[best])
    if len(kopf) > MOST_SPALTEN:
        raise TabellenFehler(Fehler(stelle(best), f"Die Kopfzeile hat zu viele Spalten. Möglich sind höchstens {MOST_SPALTEN}."))
    felder: dict[str, int] = {}
    faults = []
    for index, cell in enumerate(kopf):
        feld = known.get(fold(cell))
        if feld in felder and feld:
            faults.append(
                Fehler(stelle(best), f"Die Spalten {quote(kopf[felder[feld]])} und {quote(cell)} sagen dasselbe. Löschen Sie eine davon.")
            )
        elif feld:
            felder[feld] = index
        elif cell.strip() and (near := nearest_column(cell, [one for one in spalten if one.feld not in felder])):
            faults.append(Fehler(stelle(best), f"Die Spalte {quote(cell)} kennt das Portal nicht. Ist {quote(near)} gemeint?"))
    if missing := [spalte.name for spalte in spalten if spalte.pflicht and spalte.feld not in felder]:
        word, verb = ("Die Spalte", "fehlt") if len(missing) == 1 else ("Die Spalten", "fehlen")
        faults.append(Fehler(stelle(best), f"{word} {enumerate_words(missing)} {verb}.{more}"))
    if faults:
        raise TabellenFehler(*faults)
    return best, felder, kopf


def _unknown(kopf: Sequence[str], felder: Mapping[str, int], stelle: str) -> list[Fehler]:
    """Columns that are passed over."""
    others = [cell for index, cell in enumerate(kopf) if cell.strip() and index not in felder.values()]
    if not others:
        return []
    word, verb = ("Die Spalte", "wird") if len(others) == 1 else ("Die Spalten", "werden")
    return [Fehler(stelle, f"{word} {enumerate_words(others[:20])} {verb} nicht gelesen.")]


# --- CSV --------------------------------------------------------------------------------------------------------
def _read_csv(path: Path, spalten: Sequence[Spalte]) -> Rohdatei:
    text = decode_csv(path.read_bytes())
    if not text.strip():
        raise TabellenFehler(Fehler("Datei", "Die Datei ist leer. Laden Sie eine Datei mit Spaltennamen und Werten hoch."))
    lines = text.splitlines()[:SUCHE_KOPF]
    known = known_names(spalten)

    def hits(separator: str) -> tuple[int, int]:
        return (
            max(sum(fold(cell) in known for cell in split_line(line, separator)) for line in lines),
            sum(line.count(separator) for line in lines),
        )

    separator = max(TRENNZEICHEN, key=hits)
    top = [split_line(line, separator) for line in lines]
    best, felder, kopf = _understand(top, spalten, lambda index: f"Zeile {index + 1}")

    def rows() -> Iterator[tuple[int, Sequence[str]]]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        before = 0
        try:
            for cells in reader:
                nummer, before = before + 1, reader.line_num
                if nummer <= best + 1:
                    continue
                _check_width(nummer, cells, kopf, separator)
                yield nummer, cells
        except csv.Error:
            raise TabellenFehler(
                Fehler(f"Zeile {before + 1}", "Ein Anführungszeichen steht falsch. Löschen oder ergänzen Sie es.")
            ) from None

    return Rohdatei(felder, kopf, best + 1, rows, hinweise=_unknown(kopf, felder, f"Zeile {best + 1}"))


def _check_width(nummer: int, cells: Sequence[str], kopf: Sequence[str], separator: str) -> None:
    """A row with more cells than the header has a separator inside a value: everything behind it is displaced."""
    if any(cell.strip() for cell in cells[len(kopf) :]):
        advice = (
            "Schreiben Sie Zahlen ohne Komma" if separator == "," else "Setzen Sie Text, in dem ein Semikolon steht, in Anführungszeichen"
        )
        raise TabellenFehler(Fehler(f"Zeile {nummer}", f"Die Zeile hat {len(cells)} Spalten, die Kopfzeile {len(kopf)}. {advice}."))


# --- XLSX -------------------------------------------------------------------------------------------------------
def _read_sheet(book: Any, merged: Mapping[str, list[Verbunden]], spalten: Sequence[Spalte]) -> Rohdatei:
    sheets, visible = list_sheets(book)
    if not visible:
        raise TabellenFehler(Fehler("Datei", "Die Datei hat kein sichtbares Blatt."))
    name = visible[0]
    sheet = sheets[name]
    areas = merged.get(sheet_part(sheet), [])
    top = [
        ["" if cell.value is None else str(cell.value) for cell in cells[: MOST_SPALTEN + 1]]
        for _, batch in read_batches(sheet, 1, None, last=SUCHE_KOPF)
        for cells in batch
    ]
    if not any(any(cells) for cells in top):
        raise TabellenFehler(Fehler(f"Blatt {name}", "Das Blatt ist leer."))
    touching = [one.bereich for one in areas if one.oben <= SUCHE_KOPF]
    more = f" Heben Sie die Verbindung der Zellen {', '.join(touching[:5])} auf: eine Zelle je Spalte." if touching else ""
    best, felder, kopf = _understand(
        _spread(top, areas, known_names(spalten)), spalten, lambda index: f"Blatt {name}, Zeile {index + 1}", more
    )
    _check_unmerged(name, areas, best + 1, set(felder.values()))

    def rows() -> Iterator[tuple[int, Sequence[Any]]]:
        for first, batch in read_batches(sheet, best + 2, max(felder.values()) + 1):
            yield from enumerate(batch, first)

    hints = _unknown(kopf, felder, f"Blatt {name}, Zeile {best + 1}")
    if others := [other for other in visible[1:] if other != ERKLAERUNG]:
        hints.append(Fehler("Datei", f"Gelesen wird nur das erste Blatt, {quote(name)}. Nicht gelesen: {enumerate_words(others[:10])}."))
    return Rohdatei(felder, kopf, best + 1, rows, blatt=name, hinweise=hints)


def _spread(top: Sequence[Sequence[str]], areas: Sequence[Verbunden], known: Mapping[str, str]) -> list[list[str]]:
    """What stands in merged cells stands in each of them: a title over two lines, a group such as „Kosten“ over its columns.

    A column below a group is known by its own name or by both: „Kosten“ over „EGT“ is „Kosten EGT“.
    """
    width = max((len(cells) for cells in top), default=0)
    full = [list(cells) + [""] * (width - len(cells)) for cells in top]
    groups: dict[tuple[int, int], str] = {}
    for one in areas:
        if one.oben > len(full) or one.links >= width:
            continue
        said = full[one.oben - 1][one.links]
        for column in range(one.links, min(one.rechts + 1, width)):
            for line in range(one.oben, min(one.unten, len(full)) + 1):
                if one.links == one.rechts:
                    full[line - 1][column] = said
            if one.rechts > one.links:
                groups[one.unten, column] = said
    for index in range(1, len(full)):
        for column in range(width):
            group, own = groups.get((index, column), ""), full[index][column]
            if group and own and (fold(f"{group} {own}") in known or fold(own) not in known):
                full[index][column] = f"{group} {own}"
    return full


def _check_unmerged(name: str, areas: Sequence[Verbunden], header: int, columns: set[int]) -> None:
    """Below the header every row has values of its own."""
    faults = [
        Fehler(f"Blatt {name}, Zellen {one.bereich}", "Diese Zellen sind verbunden. Heben Sie die Verbindung auf: ein Wert je Zelle.")
        for one in areas
        if one.oben > header and any(one.links <= column <= one.rechts for column in columns)
    ]
    if faults:
        raise TabellenFehler(*faults[:200])
