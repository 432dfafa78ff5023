"""Delivered figures as a stream: CSV goes on to COPY as it is, XLSX becomes CSV on the way. Knows no database."""

from pathlib import Path
from typing import Literal

from jobcenter.common.tabellendateien import Fehler, TabellenFehler
from kennzahlen.imports.csvdatei import CsvTabelle, explain_csv
from kennzahlen.imports.spalten import (
    FELDER,
    MOST_FEHLER,
    MOST_ZEILEN,
    PFLICHT,
    STANDARD,
    Spaltenplan,
    Tabelle,
)
from kennzahlen.imports.xlsxdatei import XlsxTabelle

Dateiart = Literal["csv", "xlsx"]


def open_tabelle(path: str | Path, kind: Dateiart, plan: Spaltenplan = STANDARD) -> Tabelle:
    """The file with its header understood; raises TabellenFehler when that fails. The rows come from `copy_bloecke`."""
    return XlsxTabelle(Path(path), plan) if kind == "xlsx" else CsvTabelle(Path(path), plan)


def explain(path: str | Path, kind: Dateiart, plan: Spaltenplan = STANDARD, limit: int = MOST_FEHLER) -> tuple[Fehler, ...]:
    """Why COPY refused the file, line by line, slow and exact; at most `limit` faults in the order of the file."""
    if kind == "csv":
        return explain_csv(Path(path), plan, limit)
    try:
        for _ in XlsxTabelle(Path(path), plan).copy_bloecke():
            pass
    except TabellenFehler as error:
        return error.fehler[:limit]
    return ()


__all__ = [
    "FELDER",
    "MOST_FEHLER",
    "MOST_ZEILEN",
    "PFLICHT",
    "STANDARD",
    "Dateiart",
    "Fehler",
    "Spaltenplan",
    "Tabelle",
    "TabellenFehler",
    "explain",
    "open_tabelle",
]
