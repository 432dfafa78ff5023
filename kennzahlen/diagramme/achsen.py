"""Round steps, months and labels: what an axis needs."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from math import gcd

from jobcenter.common import typography
from kennzahlen.diagramme.blatt import SMALL, Blatt, Farben, measure
from kennzahlen.enums import Einheit
from kennzahlen.queries.diagrammdaten import Punkte

MONATE = ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."]


def divide(low: Decimal, high: Decimal, most: int, smallest: Decimal) -> list[Decimal]:
    """Round numbers from at or below `low` to at or above `high`, at most so many steps between them."""
    step = smallest
    for step in (smallest * factor * 10**power for power in range(15) for factor in (1, 2, 5)):
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = (high / step).to_integral_value(ROUND_CEILING)
        if last - first <= most:
            break
    return [step * n for n in range(int(first), int(last) + 1)]


def name_steps(steps: Sequence[Decimal], einheit: Einheit) -> list[str]:
    """The last step carries the unit, the others the bare number."""
    if not steps:
        return []
    scale, unit = {Einheit.ANZAHL: (1, ""), Einheit.CENT: (100, "€")}.get(einheit, (1, "%"))
    if einheit is Einheit.CENT and max(abs(step) for step in steps) >= 100_000_000:
        scale, unit = 100_000_000, "Mio. €"
    values = [step / scale for step in steps]
    places = next(n for n in range(4) if n == 3 or all(value == round(value, n) for value in values))
    signed = einheit is Einheit.VERAENDERUNG
    texts = [f"{'+' if signed and value > 0 else ''}{typography.zahl(value, places)}" for value in values]
    return [*texts[:-1], f"{texts[-1]} {unit}".strip().replace(" ", typography.NBSP)]


def smallest_step(einheit: Einheit) -> Decimal:
    return {Einheit.ANZAHL: Decimal(1), Einheit.CENT: Decimal(100)}.get(einheit, Decimal("0.1"))


def reach(werte: Sequence[Decimal], einheit: Einheit) -> tuple[Decimal, Decimal]:
    """From lowest to highest, but never so near that a breath looks like a storm."""
    low, high = min(werte), max(werte)
    least = max(abs(high), abs(low)) / 10 if einheit in {Einheit.ANZAHL, Einheit.CENT} else Decimal(2)
    least = max(least, smallest_step(einheit))
    if high - low < least:
        room = (least - (high - low)) / 2
        low, high = (low - room, high + room) if low < 0 or low >= room else (Decimal(0), max(high, least))
    return low, high


def count_months(monat: date) -> int:
    return monat.year * 12 + monat.month - 1


def find_stride(linien: Iterable[Punkte]) -> int:
    """Months between two points: 1, or 3, 6 or 12 where a source only tells quarters, half years or years."""
    common = gcd(*(count_months(b) - count_months(a) for punkte in linien for (a, _), (b, _) in pairwise(punkte)))
    return next((stride for stride in (12, 6, 3) if common and common % stride == 0), 1)


def find_runs(punkte: Punkte, stride: int) -> list[list[tuple[int, Decimal]]]:
    """Stretches without a gap."""
    runs: list[list[tuple[int, Decimal]]] = []
    for monat, wert in punkte:
        if wert is None:
            continue
        at = count_months(monat)
        if runs and at - runs[-1][-1][0] <= stride and at > runs[-1][-1][0]:
            runs[-1].append((at, wert))
        else:
            runs.append([(at, wert)])
    return runs


def name_months(first: int, last: int, stride: int, room: float) -> list[tuple[int, str]]:
    """Years where there are many, else quarters or half years; only as many as have room."""
    per_month = room / max(last - first, 1)
    steps = [(step, 84) for step in (1, 2, 3, 6) if last - first < 36 and stride < 12] + [(step, 40) for step in (12, 24, 60, 120)]
    step = next((step for step, width in steps if per_month * step >= width), 240)
    anchor = first % 12 if stride >= 12 else 0
    named = [at for at in range(first, last + 1) if (at - anchor) % step == 0]
    if step >= 12 and named:
        return [(at, str(at // 12)) for at in named]
    named = named or [first]
    return [(at, f"{MONATE[at % 12]} {at // 12}" if at % 12 == 0 or at == named[0] else MONATE[at % 12]) for at in named]


def draw_steps(blatt: Blatt, farben: Farben, named: Sequence[tuple[float, str]]) -> None:
    """Ticks and their names below the plot, none beyond the edge of the sheet."""
    blatt.rules([(x, blatt.hoehe, x, blatt.hoehe + 6) for x, _ in named], farben.leise, 1)
    halves = [measure(text, SMALL) / 2 for _, text in named]
    middles = [min(max(x, half - blatt.links), blatt.breite + blatt.rechts - half) for (x, _), half in zip(named, halves, strict=True)]
    texts = [(middle, blatt.hoehe + 22, text) for middle, (_, text) in zip(middles, named, strict=True)]
    blatt.texts(texts, farben.leise, anker="center", groesse=SMALL)


def spread(boxen: Sequence[tuple[float, float]], oben: float, unten: float) -> list[float]:
    """Where labels (wished middle, height) come to stand so that none covers another: as near to the wish as can be."""
    order = sorted(range(len(boxen)), key=lambda i: boxen[i][0])
    groups: list[list[int]] = []

    def height(group: list[int]) -> float:
        return sum(boxen[i][1] for i in group)

    def top(group: list[int]) -> float:
        wished, below = 0.0, 0.0
        for i in group:
            wished += boxen[i][0] - below - boxen[i][1] / 2
            below += boxen[i][1]
        return max(oben, min(wished / len(group), unten - below))

    for i in order:
        groups.append([i])
        while len(groups) > 1 and top(groups[-2]) + height(groups[-2]) > top(groups[-1]):
            last = groups.pop()
            groups[-1] += last
    middles = [0.0] * len(boxen)
    for group in groups:
        edge = top(group)
        for i in group:
            middles[i] = edge + boxen[i][1] / 2
            edge += boxen[i][1]
    return middles
