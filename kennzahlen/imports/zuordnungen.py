"""The list of Länder and Vergleichstypen. Reading it writes nothing: it gives rows, or every fault with its line."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

from kennzahlen.enums import Gruppenart
from kennzahlen.queries.zuordnungen import Zuordnungszeile

SPALTEN = ("traegernummer", "art", "code", "name", "gueltig_ab")
LONGEST = {"code": 20, "name": 120}
MOST_ZEILEN = 20_000


@dataclass(frozen=True)
class Zuordnungsdatei:
    """What a file holds: all of its rows, or no row and all of its faults as German sentences."""

    zeilen: tuple[Zuordnungszeile, ...] = ()
    fehler: tuple[str, ...] = ()


def parse_zuordnungen(content: bytes) -> Zuordnungsdatei:
    """UTF-8, semicolons, first line with the names of SPALTEN in any order; `art` is land, typ or bund."""
    try:
        (header_line, header), *rows = _read_lines(content)
        header = [name.strip().lower() for name in header]
        _check_header(header_line, header)
    except Unlesbar as error:
        return Zuordnungsdatei(fehler=(str(error),))
    if not rows:
        return Zuordnungsdatei(fehler=(f"Zeile {header_line}: Unter den Spaltennamen steht keine Zuordnung.",))
    return _read_rows(header, rows)


class Unlesbar(ValueError):
    """Why a file cannot be read at all."""


def _read_lines(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unlesbar(f"Zeile {line}: Die Datei ist nicht in UTF-8 gespeichert. Speichern Sie sie als „CSV UTF-8“.") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error:
        raise Unlesbar(f"Zeile {reader.line_num}: Ein Anführungszeichen steht allein.") from None
    if not lines:
        raise Unlesbar("Zeile 1: Die Datei ist leer.")
    if len(lines) > MOST_ZEILEN:
        raise Unlesbar(f"Die Datei hat mehr als {MOST_ZEILEN} Zeilen. So viele Zuordnungen gibt es nicht.")
    return lines


def _check_header(line: int, header: list[str]) -> None:
    if missing := [f"„{name}“" for name in SPALTEN if name not in header]:
        words = ("Die Spalte", "fehlt") if len(missing) == 1 else ("Die Spalten", "fehlen")
        raise Unlesbar(f"Zeile {line}: {words[0]} {', '.join(missing)} {words[1]}. Erwartet wird: {';'.join(SPALTEN)}.")


def _read_rows(header: list[str], rows: list[tuple[int, list[str]]]) -> Zuordnungsdatei:
    zeilen: list[Zuordnungszeile] = []
    fehler: list[str] = []
    seen: dict[tuple[str, str, date | None], int] = {}
    names: dict[tuple[str, str], tuple[str, int]] = {}
    for line, cells in rows:
        if len(cells) != len(header):
            fehler.append(f"Zeile {line}: {len(cells)} Spalten statt {len(header)}.")
            continue
        values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        values["art"] = values["art"].lower()
        ab = _read_month(values["gueltig_ab"])
        faults = _faults(values, ab)
        key = values["traegernummer"], values["art"], ab
        if not faults and key in seen:
            faults.append(f"Dieses Jobcenter ist zum selben Tag schon in Zeile {seen[key]} zugeordnet.")
        name, where = names.setdefault((values["art"], values["code"]), (values["name"], line))
        if values["name"] and not name:
            names[values["art"], values["code"]] = (values["name"], line)
        elif values["name"] not in {"", name}:
            faults.append(f"Die Gruppe „{values['code']}“ heißt in Zeile {where} „{name}“ und hier „{values['name']}“.")
        fehler += [f"Zeile {line}: {fault}" for fault in faults]
        if not faults and ab:
            seen[key] = line
            art = Gruppenart(values["art"])
            zeilen.append(Zuordnungszeile(line, values["traegernummer"], art, values["code"], values["name"], ab))
    return Zuordnungsdatei(fehler=tuple(fehler)) if fehler else Zuordnungsdatei(zeilen=tuple(zeilen))


def _faults(values: dict[str, str], ab: date | None) -> list[str]:
    faults = []
    if not re.fullmatch(r"[0-9]{5}", values["traegernummer"]):
        faults.append(f"„{values['traegernummer']}“ ist keine Trägernummer. Sie hat fünf Ziffern, zum Beispiel 04412.")
    if values["art"] not in Gruppenart.values:
        faults.append(f"Die Art „{values['art']}“ ist unbekannt. Erlaubt sind land, typ und bund.")
    if not values["code"]:
        faults.append("Das Kürzel der Gruppe (code) fehlt.")
    faults += [f"„{name}“ ist länger als {most} Zeichen." for name, most in LONGEST.items() if len(values[name]) > most]
    if re.search(r"[\x00-\x1f\x7f]", values["code"] + values["name"]):
        faults.append("Kürzel oder Name enthält ein unsichtbares Zeichen.")
    if ab is None:
        faults.append(f"„{values['gueltig_ab']}“ ist kein Tag. Schreiben Sie den Ersten eines Monats, zum Beispiel 2026-01-01.")
    elif ab.day != 1:
        faults.append("Eine Zuordnung beginnt mit dem Ersten eines Monats, weil Kennzahlen Monate zählen.")
    return faults


def _read_month(text: str) -> date | None:
    """2026-01-01 or 01.01.2026."""
    match = re.fullmatch(r"(?P<j>\d{4})-(?P<m>\d\d)-(?P<t>\d\d)|(?P<t2>\d\d?)\.(?P<m2>\d\d?)\.(?P<j2>\d{4})", text, re.ASCII)
    if match is None:
        return None
    year, month, day = (int(match[name] or match[f"{name}2"]) for name in "jmt")
    try:
        return date(year, month, day) if 2005 <= year <= 2100 else None
    except ValueError:
        return None
