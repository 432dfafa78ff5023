"""What a chart shows, before anybody draws it: figures in the unit of their Kennzahl, and the same in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jobcenter.common import typography
from kennzahlen.enums import Einheit

MOST_LINES = 5

Punkte = tuple[tuple[date, Decimal | None], ...]


@dataclass(frozen=True)
class Linie:
    """One series, oldest month first; None where a month has no value."""

    name: str
    punkte: Punkte
    eigene: bool = False
    hochgerechnet_ab: date | None = None  # the first month that is not yet final


@dataclass(frozen=True)
class Verlauf:
    """Months along a line; at most five lines, one of them our own."""

    titel: str  # the finding as a sentence
    untertitel: str  # unit and Stand
    einheit: Einheit | str  # as in Kennzahl.einheit; money in cents
    linien: tuple[Linie, ...]
    ziel: Decimal | None = None

    def __post_init__(self) -> None:
        Einheit(self.einheit)
        if len(self.linien) > MOST_LINES:
            raise ValueError(f"Ein Schaubild trägt höchstens {MOST_LINES} Linien, nicht {len(self.linien)}.")


@dataclass(frozen=True)
class Lage:
    """Where one Jobcenter stands among all: every value a dot. `werte` contains our own."""

    titel: str
    untertitel: str
    einheit: Einheit | str
    werte: tuple[Decimal, ...]
    eigener: Decimal
    mittel: tuple[tuple[str, Decimal], ...] = ()  # Bund, Median …
    name: str = "Unser Jobcenter"

    def __post_init__(self) -> None:
        Einheit(self.einheit)

    @property
    def andere(self) -> list[Decimal]:
        """All but our own, ascending."""
        others = sorted(self.werte)
        if self.eigener in others:
            others.remove(self.eigener)
        return others


@dataclass(frozen=True)
class Funke:
    """The small line of a tile."""

    punkte: Punkte
    einheit: Einheit | str

    def __post_init__(self) -> None:
        Einheit(self.einheit)


Schaubild = Verlauf | Lage | Funke


def format_punkt(wert: Decimal, einheit: Einheit | str) -> str:
    """26,5 %, −3,2 %, +1,4 %, 9.825, 13,9 Mio. €"""
    match Einheit(einheit):
        case Einheit.PROZENT:
            return typography.prozent(wert)
        case Einheit.VERAENDERUNG:
            text = typography.prozent(wert)
            return f"+{text}" if wert > 0 and text != typography.prozent(Decimal(0)) else text
        case Einheit.CENT:
            return typography.euro_kurz(round(wert))
        case Einheit.ANZAHL:
            return typography.zahl(wert)


def beschreibe(schaubild: Schaubild) -> str:
    """The chart in one or two sentences, for those who do not see it."""
    match schaubild:
        case Verlauf():
            return _describe_verlauf(schaubild)
        case Lage():
            return _describe_lage(schaubild)
        case Funke():
            known = _known(schaubild.punkte)
            return f"Kleine Linie: {_course(known, schaubild.einheit)}." if known else "Es liegen noch keine Werte vor."


def _describe_verlauf(verlauf: Verlauf) -> str:
    known = {linie: _known(linie.punkte) for linie in verlauf.linien}
    known = {linie: punkte for linie, punkte in known.items() if punkte}
    if not known:
        return "Liniendiagramm. Es liegen noch keine Werte vor."
    first = min(punkte[0][0] for punkte in known.values())
    last = max(punkte[-1][0] for punkte in known.values())
    main = next((linie for linie in known if linie.eigene), next(iter(known)))
    monat, _ = known[main][-1]
    guess = " (hochgerechnet)" if main.hochgerechnet_ab and monat >= main.hochgerechnet_ab else ""
    text = f"Liniendiagramm von {typography.monat(first)} bis {typography.monat(last)}. "
    text += f"{main.name}: {_course(known[main], verlauf.einheit, guess)}"
    others = [f"{linie.name} {format_punkt(punkte[-1][1], verlauf.einheit)}" for linie, punkte in known.items() if linie is not main]
    if verlauf.ziel is not None:
        others.append(f"Ziel {format_punkt(verlauf.ziel, verlauf.einheit)}")
    return text + (f"; zum Vergleich zuletzt {_join(others)}." if others else ".")


def _describe_lage(lage: Lage) -> str:
    values = sorted([*lage.andere, lage.eigener])
    count = len(values)
    texts = [format_punkt(values[i], lage.einheit) for i in (0, count // 4, (3 * count - 1) // 4, -1)]
    marks = [f"{name} {format_punkt(wert, lage.einheit)}" for name, wert in lage.mittel]
    middle = f", die mittlere Hälfte zwischen {texts[1]} und {texts[2]}" if count >= 8 else ""
    compare = f", {_join(marks)}" if marks else ""
    return (
        f"{typography.zahl(count)} Jobcenter als Punkte auf einer Achse, von {texts[0]} bis {texts[3]}{middle}. "
        f"{lage.name}: {format_punkt(lage.eigener, lage.einheit)}{compare}."
    )


def _known(punkte: Punkte) -> list[tuple[date, Decimal]]:
    return [(monat, wert) for monat, wert in punkte if wert is not None]


def _course(known: list[tuple[date, Decimal]], einheit: Einheit | str, guess: str = "") -> str:
    def at(punkt: tuple[date, Decimal]) -> str:
        return f"{format_punkt(punkt[1], einheit)} im {typography.monat(punkt[0])}"

    if len(known) == 1:
        return f"{at(known[0])}{guess}"
    high, low = max(known, key=lambda punkt: punkt[1]), min(known, key=lambda punkt: punkt[1])
    return f"zuerst {at(known[0])}, zuletzt {at(known[-1])}{guess}; am höchsten {at(high)}, am niedrigsten {at(low)}"


def _join(parts: Iterable[str]) -> str:
    *rest, last = parts
    return f"{', '.join(rest)} und {last}" if rest else last
