"""The list of Jobcenter. Reading it writes nothing: it gives rows, or every fault with its line."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from kennzahlen.actions import Jobcenterzeile
from kennzahlen.enums import Traegerform

DATEN = Path(__file__).resolve().parents[1] / "daten"
JOBCENTER_2026 = DATEN / "jobcenter_2026.csv"  # Eingliederungsmittel-Verordnung 2026, Anlagen 1 to 5

SPALTEN = ("traegernummer", "form", "jobcenter")
ANTEIL = "_prozent"  # columns of that ending hold shares like 0,3407; they may be empty
LONGEST_NAME = 120


@dataclass(frozen=True)
class Jobcenterdatei:
    """What a file holds: all of its rows, or no row and all of its faults as German sentences."""

    zeilen: tuple[Jobcenterzeile, ...] = ()
    fehler: tuple[str, ...] = ()


def parse_jobcenter(content: bytes) -> Jobcenterdatei:
    """Read the list of Jobcenter: UTF-8, semicolons, first line with the names of the columns; others than SPALTEN may follow."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Jobcenterdatei(fehler=(f"Zeile {line}: Die Datei ist nicht in UTF-8 gespeichert. Speichern Sie sie als „CSV UTF-8“.",))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error:
        return Jobcenterdatei(fehler=(f"Zeile {reader.line_num}: Ein Anführungszeichen steht allein.",))
    if not lines:
        return Jobcenterdatei(fehler=("Zeile 1: Die Datei ist leer.",))
    (header_line, header), *rows = lines
    header = [name.strip() for name in header]
    if missing := [f"„{name}“" for name in SPALTEN if name not in header]:
        word = "Die Spalte" if len(missing) == 1 else "Die Spalten"
        verb = "fehlt" if len(missing) == 1 else "fehlen"
        return Jobcenterdatei(fehler=(f"Zeile {header_line}: {word} {', '.join(missing)} {verb}. Erwartet wird: {';'.join(SPALTEN)}.",))
    if not rows:
        return Jobcenterdatei(fehler=(f"Zeile {header_line}: Unter den Spaltennamen steht kein Jobcenter.",))
    return _read_rows(header, rows)


def _read_rows(header: list[str], rows: list[tuple[int, list[str]]]) -> Jobcenterdatei:
    zeilen, fehler = [], []
    seen: dict[str, int] = {}
    for line, cells in rows:
        if len(cells) != len(header):
            fehler.append(f"Zeile {line}: {len(cells)} Spalten statt {len(header)}.")
            continue
        values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        faults = _faults(values)
        nummer = values["traegernummer"]
        if nummer in seen:
            faults.append(f"Die Trägernummer {nummer} steht schon in Zeile {seen[nummer]}.")
        seen.setdefault(nummer, line)
        fehler += [f"Zeile {line}: {fault}" for fault in faults]
        if not faults:
            zeilen.append(Jobcenterzeile(traegernummer=nummer, form=Traegerform(values["form"]), name=values["jobcenter"]))
    return Jobcenterdatei(fehler=tuple(fehler)) if fehler else Jobcenterdatei(zeilen=tuple(zeilen))


def _faults(values: dict[str, str]) -> list[str]:
    faults = []
    if not re.fullmatch(r"[0-9]{5}", values["traegernummer"]):
        faults.append(f"„{values['traegernummer']}“ ist keine Trägernummer. Sie hat fünf Ziffern, zum Beispiel 04412.")
    if values["form"] not in Traegerform.values:
        faults.append(f"Die Form „{values['form']}“ ist unbekannt. Erlaubt sind {' und '.join(Traegerform.values)}.")
    if not values["jobcenter"]:
        faults.append("Der Name des Jobcenters fehlt.")
    elif len(values["jobcenter"]) > LONGEST_NAME:
        faults.append(f"Der Name des Jobcenters ist länger als {LONGEST_NAME} Zeichen.")
    for name, value in values.items():
        if name.endswith(ANTEIL) and value and not re.fullmatch(r"[0-9]+(,[0-9]+)?", value):
            faults.append(f"„{value}“ in der Spalte „{name}“ ist keine Zahl. Schreiben Sie sie mit Komma, zum Beispiel 0,3407.")
    return faults
