"""What a Jobcenter's Zuteilung will be about, before the Bund has told it: an estimate of our own, and named so.

The Eingliederungsmittel-Verordnung splits the Eingliederungstitel in two halves, each by shares of its own (Anlagen 1 and 2),
and the costs of administration by the shares of Anlage 5. Its pools are in daten/einglmv.csv, the shares of all Jobcenter in
the file of master data that the room of the figures ships.
"""

import csv
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from kennzahlen.imports.jobcenter import DATEN as ANTEILE

TOEPFE = Path(__file__).resolve().parent.parent / "daten" / "einglmv.csv"


@dataclass(frozen=True)
class Anteile:
    """Shares of one Jobcenter in per cent."""

    anlage1: Decimal
    anlage2: Decimal
    anlage5: Decimal


@dataclass(frozen=True)
class Toepfe:
    """What a year's Verordnung splits among all Jobcenter, in cents."""

    jahr: int
    egt_cent: int
    vwk_cent: int
    datei: str
    quelle: str


@dataclass(frozen=True)
class Zuteilungsschaetzung:
    """Cents of both titles. `quelle` starts with the word Schätzung, so that no figure of it goes without."""

    jobcenter: str
    egt_cent: int
    vwk_cent: int
    quelle: str


def estimate_egt(topf_cent: int, anlage1: Decimal, anlage2: Decimal) -> int:
    """Half of the pool by each of two shares in per cent, rounded half up to a cent."""
    return _round(Decimal(topf_cent) * (anlage1 + anlage2) / 200)


def estimate_zuteilung(jahr: int, traegernummer: str) -> Zuteilungsschaetzung | None:
    """Of a Jobcenter for a year, by the newest Verordnung up to it; None where the tables do not know it."""
    toepfe = find_toepfe(jahr)
    found = _read_anteile(toepfe.datei).get(traegernummer) if toepfe else None
    if toepfe is None or found is None:
        return None
    name, anteile = found
    return Zuteilungsschaetzung(
        jobcenter=name,
        egt_cent=estimate_egt(toepfe.egt_cent, anteile.anlage1, anteile.anlage2),
        vwk_cent=_round(Decimal(toepfe.vwk_cent) * anteile.anlage5 / 100),
        quelle=name_quelle(jahr, toepfe),
    )


def find_toepfe(jahr: int) -> Toepfe | None:
    """The newest pools up to a year."""
    return max((row for row in _read_toepfe() if row.jahr <= jahr), key=lambda row: row.jahr, default=None)


def name_quelle(jahr: int, toepfe: Toepfe | None) -> str:
    if toepfe is None:
        return "Schätzung aus Anteilen und Gesamtbetrag"
    return f"Schätzung nach {toepfe.quelle}" + ("" if toepfe.jahr == jahr else f", mit den Anteilen von {toepfe.jahr}")


def _round(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@cache
def _read_toepfe() -> tuple[Toepfe, ...]:
    with TOEPFE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Toepfe(int(row["jahr"]), int(row["egt_euro"]) * 100, int(row["vwk_euro"]) * 100, row["anteile"], row["quelle"])
            for row in csv.DictReader(file, delimiter=";", strict=True)
        )


@cache
def _read_anteile(datei: str) -> dict[str, tuple[str, Anteile]]:
    with (ANTEILE / datei).open(encoding="utf-8", newline="") as file:
        return {
            row["traegernummer"]: (
                row["jobcenter"],
                Anteile(
                    _share(row["eingliederungsmittel_anlage1_prozent"]),
                    _share(row["eingliederungsmittel_anlage2_prozent"]),
                    _share(row["verwaltungskosten_anlage5_prozent"]),
                ),
            )
            for row in csv.DictReader(file, delimiter=";", strict=True)
        }


def _share(text: str) -> Decimal:
    return Decimal(text.replace(",", ".") or "0")
