"""The fifteen Kennzahlen and Ergänzungsgrößen of § 48a SGB II as one table of formulas over monthly Grundgrößen.

Pure and exact: int and Fraction inside; `gerundet` is for the eye alone. A month is its first day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor
from types import MappingProxyType

from jobcenter.common import typography
from kennzahlen.enums import Grundgroesse, Lesart

Reihe = Mapping[date, int | None]
Reihen = Mapping[Grundgroesse, Reihe]

JAHR = 12  # months
WARTEZEIT = 3  # months until the Statistik der Bundesagentur calls a month endgültig
NACHBEOBACHTUNG = 6  # months that K2E3 looks ahead before its Wartezeit begins


@lru_cache(maxsize=4096)
def add_months(monat: date, anzahl: int) -> date:
    """The first day of the month so many months later (earlier where negative)."""
    jahr, nummer = divmod(monat.year * JAHR + monat.month - 1 + anzahl, JAHR)
    return date(jahr, nummer + 1, 1)


def month_end(monat: date) -> date:
    return add_months(monat, 1) - timedelta(days=1)


# --- the table --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Term:
    """One side of a formula: the sum of a Grundgröße over months counted from the Bezugsmonat, divided by `teiler`."""

    groesse: Grundgroesse
    abstaende: tuple[int, ...]
    teiler: int = 1

    def months(self, monat: date) -> tuple[date, ...]:
        return tuple(add_months(monat, abstand) for abstand in self.abstaende)

    def missing(self, reihen: Reihen, monat: date) -> tuple[date, ...]:
        reihe = reihen.get(self.groesse, {})
        return tuple(m for m in self.months(monat) if reihe.get(m) is None)

    def summe(self, reihen: Reihen, monat: date) -> int | None:
        """None where a month is missing: a gap is never closed by a guess."""
        reihe = reihen.get(self.groesse, {})
        werte = [reihe.get(m) for m in self.months(monat)]
        known = [wert for wert in werte if wert is not None]
        return sum(known) if len(known) == len(werte) else None


@dataclass(frozen=True)
class Formel:
    zaehler: Term
    nenner: Term
    lesart: Lesart


@dataclass(frozen=True)
class Bruch:
    """Numerator and denominator of a value: what is kept, published and added up; the rate follows from it."""

    zaehler: int
    nenner: Fraction

    def __post_init__(self) -> None:
        if self.nenner <= 0:
            raise ValueError("Der Nenner muss größer als null sein.")


def stand(groesse: Grundgroesse) -> Term:
    return Term(groesse, (0,))


def vorjahr(groesse: Grundgroesse) -> Term:
    return Term(groesse, (-JAHR,))


def summe12(groesse: Grundgroesse) -> Term:
    return Term(groesse, tuple(range(1 - JAHR, 1)))


def summe12_vormonat(groesse: Grundgroesse) -> Term:
    """Stocks of m−12 … m−1: whoever leaves in a month was in the stock of the month before."""
    return Term(groesse, tuple(range(-JAHR, 0)))


def mittel12(groesse: Grundgroesse) -> Term:
    return Term(groesse, tuple(range(1 - JAHR, 1)), teiler=JAHR)


G, QUOTE, VERAENDERUNG = Grundgroesse, Lesart.QUOTE, Lesart.VERAENDERUNG

# Kennzahlen-Verordnung §§ 4–6. Average rates (K1E3, K1E4, K3E3, K3E4) are weighted with the stock: Σ flows / Σ stocks.
FORMELN: Mapping[str, Formel] = MappingProxyType({
    "K1": Formel(stand(G.LLU), vorjahr(G.LLU), VERAENDERUNG),
    "K1E1": Formel(stand(G.LUH), vorjahr(G.LUH), VERAENDERUNG),
    "K1E2": Formel(stand(G.ELB), vorjahr(G.ELB), VERAENDERUNG),
    "K1E3": Formel(summe12(G.ELB_ZUGANG), summe12(G.ELB), QUOTE),
    "K1E4": Formel(summe12(G.ELB_ABGANG), summe12_vormonat(G.ELB), QUOTE),
    "K2": Formel(summe12(G.INTEGRATIONEN), mittel12(G.ELB), QUOTE),
    "K2E1": Formel(summe12(G.GERINGFUEGIG), mittel12(G.ELB), QUOTE),
    "K2E2": Formel(summe12(G.GEFOERDERT), mittel12(G.ELB), QUOTE),
    "K2E3": Formel(summe12(G.KONTINUIERLICH), summe12(G.VERSICHERT), QUOTE),
    "K2E4": Formel(summe12(G.INTEGRATIONEN_ALLEINERZIEHENDE), mittel12(G.ALLEINERZIEHENDE), QUOTE),
    "K3": Formel(stand(G.LZB), vorjahr(G.LZB), VERAENDERUNG),
    "K3E1": Formel(summe12(G.INTEGRATIONEN_LZB), mittel12(G.LZB), QUOTE),
    "K3E2": Formel(stand(G.LZB_AKTIV), stand(G.LZB), QUOTE),
    "K3E3": Formel(summe12(G.LZB_ZUGANG), summe12(G.LZB), QUOTE),
    "K3E4": Formel(summe12(G.LZB_ABGANG), summe12_vormonat(G.LZB), QUOTE),
})  # fmt: skip

REIFE: Mapping[str, int] = MappingProxyType(
    {code: WARTEZEIT + NACHBEOBACHTUNG if code == "K2E3" else WARTEZEIT for code in FORMELN}
)  # months after the end of the Bezugsmonat

# A mean of twelve months is no whole number. The database counts it in 1/1200: exact for twelfths and for two decimals.
NENNER_TEILER: Mapping[str, int] = MappingProxyType(
    {code: 100 * JAHR if formel.nenner.teiler == JAHR else 1 for code, formel in FORMELN.items()}
)


# --- computing --------------------------------------------------------------------------------------------------
def benoetigt(code: str, monat: date) -> frozenset[tuple[Grundgroesse, date]]:
    """Every month of every Grundgröße without which there is no value."""
    formel = FORMELN[code]
    _check_month(monat)
    return frozenset((term.groesse, m) for term in (formel.zaehler, formel.nenner) for m in term.months(monat))


def compute(code: str, reihen: Reihen, monat: date) -> Bruch | None:
    """None where a needed month is missing or nobody is in the denominator."""
    formel = FORMELN[code]
    _check_month(monat)
    zaehler, nenner = formel.zaehler.summe(reihen, monat), formel.nenner.summe(reihen, monat)
    if zaehler is None or nenner is None or nenner <= 0:
        return None
    return Bruch(zaehler, Fraction(nenner, formel.nenner.teiler))


def aggregate(brueche: Iterable[Bruch]) -> Bruch | None:
    """ΣZ/ΣN of several Jobcenter (or of both sexes): never the mean of their rates. None of nothing."""
    parts = tuple(brueche)
    return Bruch(sum(b.zaehler for b in parts), sum((b.nenner for b in parts), Fraction())) if parts else None


def quote(bruch: Bruch) -> Fraction:
    """Z/N in per cent, the reading of the Verordnung (98,6 %)."""
    return bruch.zaehler / bruch.nenner * 100


def veraenderung(bruch: Bruch) -> Fraction:
    """(Z/N − 1) in per cent, the reading of practice (−1,4 %)."""
    return quote(bruch) - 100


def wert(code: str, bruch: Bruch) -> Fraction:
    """The value in the reading in which this Kennzahl is usually shown."""
    return veraenderung(bruch) if FORMELN[code].lesart is Lesart.VERAENDERUNG else quote(bruch)


def gerundet(value: Fraction | int, stellen: int = 1) -> Decimal:
    """Half up (away from zero), without the detour over a decimal that is itself rounded."""
    units = floor(abs(value) * 10**stellen + Fraction(1, 2))
    return Decimal(units if value >= 0 else -units).scaleb(-stellen)


@lru_cache(maxsize=4096)
def reif_am(code: str, monat: date) -> date:
    """The first day on which a value of the month can be endgültig: the last day of the month so many months later."""
    return month_end(add_months(monat, REIFE[code]))


def to_stored(code: str, nenner: Fraction) -> int:
    """The denominator as the database counts it; ValueError where that would have to round."""
    stored = nenner * NENNER_TEILER[code]
    if stored.denominator != 1:
        raise ValueError(f"{code}: Der Nenner {nenner} lässt sich nicht ohne Runden speichern.")
    return stored.numerator


def from_stored(code: str, nenner: int) -> Fraction:
    return Fraction(nenner, NENNER_TEILER[code])


def _check_month(monat: date) -> None:
    if monat.day != 1:
        raise ValueError("Ein Monat wird durch seinen ersten Tag bezeichnet.")


# --- in words ---------------------------------------------------------------------------------------------------
GELD = {G.LLU, G.LUH}  # in cents
BESTAENDE = {G.ELB, G.ALLEINERZIEHENDE, G.LZB, G.LZB_AKTIV}  # counted on a day; the others happen in a month
MOST_NAMED = 3  # missing months that are named one by one

_DER = {  # genitive plural, after „der“
    G.LLU: "Leistungen zum Lebensunterhalt",
    G.LUH: "Leistungen für Unterkunft und Heizung",
    G.ELB: "eLb",
    G.ELB_ZUGANG: "Zugänge von eLb",
    G.ELB_ABGANG: "Abgänge von eLb",
    G.INTEGRATIONEN: "Integrationen",
    G.GERINGFUEGIG: "Eintritte in geringfügige Beschäftigung",
    G.GEFOERDERT: "Eintritte in öffentlich geförderte Beschäftigung",
    G.VERSICHERT: "Integrationen in sozialversicherungspflichtige Beschäftigung",
    G.KONTINUIERLICH: "Integrationen mit anschließend sechs Monaten Beschäftigung",
    G.ALLEINERZIEHENDE: "alleinerziehenden eLb",
    G.INTEGRATIONEN_ALLEINERZIEHENDE: "Integrationen von Alleinerziehenden",
    G.LZB: "LZB",
    G.LZB_ZUGANG: "Zugänge in den Langzeitbezug",
    G.LZB_ABGANG: "Abgänge aus dem Langzeitbezug",
    G.INTEGRATIONEN_LZB: "Integrationen von LZB",
    G.LZB_AKTIV: "LZB in Maßnahmen der aktiven Arbeitsförderung",
}


def erklaere(code: str, reihen: Reihen, monat: date) -> tuple[str, ...]:
    """The calculation, line by line, for the page; where there is no value, why not."""
    formel = FORMELN[code]
    _check_month(monat)
    terms = (formel.zaehler, formel.nenner)
    gaps = [_gap(term, missing) for term in terms if (missing := term.missing(reihen, monat))]
    if gaps:
        return ("Nicht berechnet, weil Werte fehlen", *dict.fromkeys(gaps))
    amounts = [_amount(term, reihen, monat) for term in terms]
    lines = [f"{_name(term, monat)}: {amount}" for term, amount in zip(terms, amounts, strict=True)]
    bruch = compute(code, reihen, monat)
    if bruch is None:
        return (*lines, "Nicht berechnet, weil sich durch null nicht teilen lässt")
    lines.append(f"{amounts[0]} geteilt durch {amounts[1]} sind {typography.prozent(gerundet(quote(bruch)))}")
    if formel.lesart is Lesart.VERAENDERUNG:
        (before,) = formel.nenner.months(monat)
        lines.append(f"Veränderung gegenüber {typography.monat(before)}: {typography.prozent(gerundet(veraenderung(bruch)))}")
    return tuple(lines)


def _name(term: Term, monat: date) -> str:
    words, months = _DER[term.groesse], term.months(monat)
    if len(months) == 1:
        return f"{'Summe' if term.groesse in GELD else 'Zahl'} der {words} im {typography.monat(months[0])}"
    if term.teiler == JAHR:
        return f"Durchschnitt der {words} aus zwölf Monaten"
    kind = "Monatsbestände der " if term.groesse in BESTAENDE else ""
    first = typography.monat(months[0]) if months[0].year != months[-1].year else typography.MONATE[months[0].month - 1]
    return f"Summe der {kind}{words} von {first} bis {typography.monat(months[-1])}"


def _amount(term: Term, reihen: Reihen, monat: date) -> str:
    summe = term.summe(reihen, monat)
    assert summe is not None
    if term.groesse in GELD:
        return typography.euro(summe)
    amount = Fraction(summe, term.teiler)
    return typography.zahl(gerundet(amount), 0 if amount.denominator == 1 else 1)


def _gap(term: Term, missing: tuple[date, ...]) -> str:
    months = ", ".join(typography.monat(m) for m in missing)
    return f"{term.groesse.label}: {months if len(missing) <= MOST_NAMED else f'{len(missing)}{typography.NBSP}Monate'}"
