"""The figures of a measure out of what was reported: pure, exact, each with numerator and denominator.

What is reported are Förderfälle, not people. Aggregates add numerators and denominators up, never the rates.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any

from jobcenter.common import clock
from kennzahlen.queries.formeln import NACHBEOBACHTUNG, WARTEZEIT, add_months

TAGE_JE_MONAT = 30  # a Teilnehmermonat
WENIGE_AUSTRITTE = 10  # below that a rate of those who left says little
FENSTER = 12  # months of exits in Eingliederungsquote and Verbleibsquote
WENIGE = "wenige Austritte"


@dataclass(frozen=True)
class Kennwert:
    """`wert` is `zaehler` ÷ `nenner`; None without a denominator, or before `reif_ab`, the month from which it will be known."""

    zaehler: int | Fraction
    nenner: int | Fraction
    wert: Fraction | None
    reif_ab: date | None = None
    hinweis: str = ""


@dataclass(frozen=True)
class Meldungssummen:
    """What one or many Monatsmeldungen say, added up.

    `belegte_tage` are the Teilnahmetage of months whose Platztage are known: only they can be compared with them.
    """

    platztage: int = 0
    belegte_tage: int = 0
    teilnahmetage: int = 0
    zuweisungen: int = 0
    nichtantritte: int = 0
    eintritte: int = 0
    austritte_regulaer: int = 0
    austritte_arbeit: int = 0
    austritte_abbruch: int = 0
    austritte_sonstige: int = 0
    integrationen: int = 0
    kosten_cent: int = 0

    @property
    def austritte(self) -> int:
        return self.austritte_regulaer + self.austritte_arbeit + self.austritte_abbruch + self.austritte_sonstige

    def __add__(self, other: "Meldungssummen") -> "Meldungssummen":
        return Meldungssummen(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Verbleibssummen:
    """What became of those who left. `gemeldet` are all exits of the months, `austritte` those whose Verbleib is known."""

    austritte: int = 0
    beschaeftigt: int = 0
    nicht_arbeitslos: int = 0
    gemeldet: int = 0

    def __add__(self, other: "Verbleibssummen") -> "Verbleibssummen":
        return Verbleibssummen(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def sum_meldungen(meldungen: Iterable[Any]) -> Meldungssummen:
    """Of Monatsmeldungen, or of anything with their fields."""
    return sum(map(_as_summen, meldungen), Meldungssummen())


def _as_summen(meldung: Any) -> Meldungssummen:
    given = {f.name: getattr(meldung, f.name) for f in fields(Meldungssummen) if f.name != "belegte_tage"}
    return Meldungssummen(**given, belegte_tage=meldung.teilnahmetage if meldung.platztage else 0)


def _ratio(zaehler: int | Fraction, nenner: int | Fraction, hinweis: str = "") -> Kennwert:
    return Kennwert(zaehler, nenner, Fraction(zaehler) / Fraction(nenner) if nenner else None, hinweis=hinweis)


def auslastung(summen: Meldungssummen) -> Kennwert:
    """Teilnahmetage of Platztage; above 1 where more took part than there were places (Überbuchung)."""
    return _ratio(summen.belegte_tage, summen.platztage)


def besetzungsquote(summen: Meldungssummen, geplante_eintritte: int | Fraction) -> Kennwert:
    """Entries of those that were planned for the same time."""
    return _ratio(summen.eintritte, geplante_eintritte)


def nichtantrittsquote(summen: Meldungssummen) -> Kennwert:
    """How many of those assigned never began."""
    return _ratio(summen.nichtantritte, summen.zuweisungen)


def abbruchquote(summen: Meldungssummen) -> Kennwert:
    """Breaking off among all who left. Leaving for work or training is none."""
    return _ratio(summen.austritte_abbruch, summen.austritte, WENIGE if summen.austritte < WENIGE_AUSTRITTE else "")


def teilnehmermonate(summen: Meldungssummen) -> Fraction:
    return Fraction(summen.teilnahmetage, TAGE_JE_MONAT)


def kosten_je_teilnehmermonat(summen: Meldungssummen) -> Kennwert:
    """Cents."""
    return _ratio(summen.kosten_cent, teilnehmermonate(summen))


def kosten_je_integration(summen: Meldungssummen) -> Kennwert:
    """Cents."""
    return _ratio(summen.kosten_cent, summen.integrationen)


def reif_ab(monat: date) -> date:
    """First day of the month from which the Verbleib of those who left in `monat` can be known: six months and the Wartezeit of three."""
    return add_months(monat, NACHBEOBACHTUNG + WARTEZEIT)


def is_reif(monat: date, heute: date | None = None) -> bool:
    return (heute or clock.today()) >= reif_ab(monat)


def last_reif(heute: date | None = None) -> date:
    """The newest month of exits whose Verbleib can be known."""
    return add_months((heute or clock.today()).replace(day=1), -NACHBEOBACHTUNG - WARTEZEIT)


def window_of(monat: date) -> tuple[date, date]:
    """First and last of the twelve months of exits that end with `monat`."""
    return add_months(monat, 1 - FENSTER), monat


def eingliederungsquote(verbleib: Verbleibssummen, bis: date, heute: date | None = None) -> Kennwert:
    """Those in employment subject to social insurance six months later, of all who left in the twelve months until `bis`."""
    return _verbleib(verbleib, verbleib.beschaeftigt, bis, heute)


def verbleibsquote(verbleib: Verbleibssummen, bis: date, heute: date | None = None) -> Kennwert:
    """Those not unemployed six months later, of all who left in the twelve months until `bis`."""
    return _verbleib(verbleib, verbleib.nicht_arbeitslos, bis, heute)


def _verbleib(verbleib: Verbleibssummen, zaehler: int, bis: date, heute: date | None) -> Kennwert:
    if not is_reif(bis, heute):
        return Kennwert(zaehler, verbleib.austritte, None, reif_ab(bis), "noch nicht reif")
    notes = []
    if verbleib.gemeldet > verbleib.austritte:
        notes.append(f"Verbleib bekannt von {verbleib.austritte} der {verbleib.gemeldet} Austritte")
    if verbleib.austritte < WENIGE_AUSTRITTE:
        notes.append(WENIGE)
    return _ratio(zaehler, verbleib.austritte, ", ".join(notes))
