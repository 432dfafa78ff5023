"""All Jobcenter as dots along one axis, ours strong among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations, product
from math import sqrt

from kennzahlen.diagramme.achsen import divide, draw_steps, name_steps, reach, smallest_step
from kennzahlen.diagramme.blatt import Blatt, Farben, Punkt, measure, shorten
from kennzahlen.enums import Einheit
from kennzahlen.queries.diagrammdaten import Lage, format_punkt

OWN = 7.0  # radius of our own dot
ASIDE = 6  # between a label and its stem
FLAG = 22  # height of a row of labels
SWARM = 128  # height of the dots
LARGEST, SMALLEST = 3.4, 1.6  # radius of a dot


def draw_lage(lage: Lage, farben: Farben, breite: int) -> Blatt:
    einheit = Einheit(lage.einheit)
    low, high = min([*lage.werte, lage.eigener]), max([*lage.werte, lage.eigener])
    if low == high:
        low, high = reach([low], einheit)
    side = 14
    inner = breite - 2 * side

    def x(wert: Decimal) -> float:
        return float((wert - low) / (high - low)) * inner

    marks = [(lage.name, lage.eigener), *lage.mittel]
    texts = [shorten(name, format_punkt(wert, einheit), breite) for name, wert in marks]
    places = [x(min(max(wert, low), high)) for _, wert in marks]
    flags = place_flags([(at, measure(text)) for at, text in zip(places, texts, strict=True)], -side, inner + side)
    dots, radius = swarm([x(wert) for wert in lage.andere], places[0])

    rows = max(flag.reihe for flag in flags) + 1
    floor = rows * FLAG + 6 + SWARM
    middle = floor - SWARM / 2
    blatt = Blatt(inner, floor, rechts=side, unten=34, links=side)
    steps = [step for step in divide(low, high, 6 if breite < 500 else 10, smallest_step(einheit)) if low <= step <= high]
    blatt.rules([(-side, floor, inner + side, floor)], farben.leise, 1)
    draw_steps(blatt, farben, [(x(step), name) for step, name in zip(steps, name_steps(steps, einheit), strict=True)])
    blatt.cloud([(dx, middle + dy) for dx, dy in dots], radius, farben.punkt)
    bases = [(rows - flag.reihe) * FLAG - 6 for flag in flags]
    styles = [(farben.eigen, 2.0, 600, middle), *[(farben.schrift, 1.25, 400, floor)] * len(lage.mittel)]
    everything = list(zip(places, flags, texts, bases, styles, strict=True))[::-1]  # ours last, above the others
    for at, flag, _, base, (farbe, dicke, _, end) in everything:
        start = base + 5 if flag.anker == "center" else base - 12
        blatt.rules([(at, start, at, end)], farben.grund, 4)  # sets the stem off from the dots
        blatt.rules([(at, start, at, end)], farbe, dicke)
    for _, flag, text, base, (farbe, _, staerke, _) in everything:
        if flag.schild:
            blatt.area(flag.von - 2, base - 13, flag.bis + 2, base + 5, farben.grund)
        blatt.texts([(flag.x, base, text)], farbe, anker=flag.anker, staerke=staerke)
    blatt.dots([(places[0], middle)], OWN, farben.eigen, farben.grund, 2)
    return blatt


@dataclass(frozen=True)
class Flagge:
    """A label at its stem: beside it, or above it where there is no room beside."""

    x: float
    anker: str
    von: float
    bis: float
    reihe: int = 0  # counted from the lowest
    schild: bool = False


def place_flags(marks: Sequence[tuple[float, float]], left: float, right: float) -> list[Flagge]:
    """For stems at x with labels so wide: where the labels meet neither each other nor a stem, in as few rows as can be.

    Where stems stand so close that this cannot be, the label lies over a stem, on a plate.
    """
    count = len(marks)
    across = sorted(range(count), key=lambda i: marks[i][0])
    orders = list(permutations(range(count))) if count <= 4 else [tuple(range(count)), tuple(across), tuple(across[::-1])]
    choices: list[list[Flagge]] = []
    for kinds in (("left", "right"), ("left", "right", "center")):
        choices = [[flag for kind in kinds if left <= (flag := _flag(kind, *mark, left, right)).von <= flag.bis <= right] for mark in marks]
        stacks = (_stack(flags, marks, order) for flags, order in product(product(*choices), orders))
        best = min(filter(None, stacks), key=lambda flags: max(flag.reihe for flag in flags), default=None)
        if best:
            return best
    towers = (
        [replace(flag, reihe=row, schild=True) for flag, row in zip(flags, order, strict=True)]
        for flags in product(*choices)
        for order in orders
    )
    return min(towers, key=lambda flags: _count_crossings(flags, marks))


def _flag(anker: str, x: float, width: float, left: float, right: float) -> Flagge:
    match anker:
        case "left":  # the text begins here
            return Flagge(x + ASIDE, anker, x + ASIDE, x + ASIDE + width)
        case "right":
            return Flagge(x - ASIDE, anker, x - ASIDE - width, x - ASIDE)
    width = min(width, right - left)
    middle = min(max(x, left + width / 2), right - width / 2)
    return Flagge(middle, "center", max(middle - width / 2, left), min(middle + width / 2, right))


def _count_crossings(flags: Sequence[Flagge], marks: Sequence[tuple[float, float]]) -> int:
    return sum(low.reihe < high.reihe and low.von - 2 < x < low.bis + 2 for low in flags for high, (x, _) in zip(flags, marks, strict=True))


def _stack(flags: Sequence[Flagge], marks: Sequence[tuple[float, float]], order: Sequence[int]) -> list[Flagge] | None:
    rows: dict[int, int] = {}
    for i in order:
        row = _find_row(i, rows, flags, marks)
        if row is None:
            return None
        rows[i] = row
    return [replace(flag, reihe=rows[i]) for i, flag in enumerate(flags)]


def _find_row(i: int, rows: Mapping[int, int], flags: Sequence[Flagge], marks: Sequence[tuple[float, float]]) -> int | None:
    def is_free(row: int) -> bool:
        a, b = flags[i].von, flags[i].bis
        for j, other in rows.items():
            c, d = flags[j].von, flags[j].bis
            side_by_side = other == row and a < d + 10 and c < b + 10
            stem_through_us = other >= row and a - 2 < marks[j][0] < b + 2
            we_through_it = other <= row and c - 2 < marks[i][0] < d + 2
            if side_by_side or stem_through_us or we_through_it:
                return False
        return True

    return next((row for row in range(len(marks)) if is_free(row)), None)


def swarm(stellen: Sequence[float], eigene: float) -> tuple[list[Punkt], float]:
    """Dots beside and above each other without touching, ours in the middle; smaller where they do not fit."""
    radius = LARGEST
    while True:
        dots = _settle(sorted(stellen), eigene, radius)
        tallest = max((abs(y) for _, y in dots), default=0.0) + radius
        if tallest <= SWARM / 2:
            return dots, radius
        if radius == SMALLEST:
            return [(x, y * (SWARM / 2 - radius) / (tallest - radius)) for x, y in dots], radius
        radius = max(radius * sqrt(SWARM / 2 / tallest) * 0.97, SMALLEST)


def _settle(stellen: Sequence[float], eigene: float, radius: float) -> list[Punkt]:
    apart = radius * 2 + 0.6
    clear = OWN + radius + 1.5
    placed: list[Punkt] = []
    start = 0
    for n, x in enumerate(stellen):
        while start < len(placed) and placed[start][0] <= x - apart:
            start += 1
        taken = [(py, sqrt(apart * apart - (x - px) ** 2)) for px, py in placed[start:]]
        if abs(x - eigene) < clear:
            taken.append((0.0, sqrt(clear * clear - (x - eigene) ** 2)))
        up = _rise([(y - room, y + room) for y, room in taken])
        down = -_rise([(-y - room, -y + room) for y, room in taken])
        placed.append((x, up if up < -down or (up == -down and n % 2) else down))
    return placed


def _rise(taken: list[Punkt]) -> float:
    """The lowest free place at or above the middle line."""
    y = 0.0
    for low, high in sorted(taken):
        if low < y < high:
            y = high
    return y
