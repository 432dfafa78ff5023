"""Lines over months: the chart of a page and the small one of a tile."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kennzahlen.diagramme.achsen import (
    count_months,
    divide,
    draw_steps,
    find_runs,
    find_stride,
    name_months,
    name_steps,
    reach,
    smallest_step,
    spread,
)
from kennzahlen.diagramme.blatt import SMALL, TEXT, Blatt, Farben, Punkt, measure
from kennzahlen.enums import Einheit
from kennzahlen.queries.diagrammdaten import Funke, Linie, Verlauf, format_punkt

ASIDE = 18  # between the last month and its label
OVER = 6  # how far the grid runs on
FEW = 13  # points that are worth a dot each
NEVER = 10**6
STRICHE: tuple[list[float], ...] = ([], [9, 4], [4, 4], [1.5, 3.5])  # of the lines that are not ours
HOCHGERECHNET: list[float] = [3, 4]


@dataclass
class Stil:
    farbe: str
    dicke: float
    strich: Sequence[float]
    schrift: str
    staerke: int


@dataclass
class Etikett:
    """What stands at the end of a line."""

    zeilen: list[str]
    von: Punkt
    stil: Stil


def draw_verlauf(verlauf: Verlauf, farben: Farben, breite: int) -> Blatt:
    einheit = Einheit(verlauf.einheit)
    stride = find_stride(linie.punkte for linie in verlauf.linien)
    runs = {linie: find_runs(linie.punkte, stride) for linie in verlauf.linien if any(wert is not None for _, wert in linie.punkte)}
    if not runs:
        return _draw_nothing(farben, breite)
    werte = [wert for strecken in runs.values() for strecke in strecken for _, wert in strecke]
    steps = divide(*reach([*werte, *([] if verlauf.ziel is None else [verlauf.ziel])], einheit), 5, smallest_step(einheit))
    names = name_steps(steps, einheit)
    first = min(strecken[0][0][0] for strecken in runs.values())
    last = max(strecken[-1][-1][0] for strecken in runs.values())

    column = 220 if breite > 500 else 112
    labels = {linie: _wrap(linie.name, format_punkt(strecken[-1][-1][1], einheit), column) for linie, strecken in runs.items()}
    ziel = [] if verlauf.ziel is None else _wrap("Ziel", format_punkt(verlauf.ziel, einheit), column)
    links = max(measure(name, SMALL) for name in names[:-1]) + 10
    rechts = max(measure(zeile) for zeilen in [*labels.values(), ziel] for zeile in zeilen) + ASIDE + 2
    blatt = Blatt(breite - links - rechts, (380 if breite > 500 else 340) - 56, oben=26, rechts=rechts, unten=30, links=links)

    def x(at: float) -> float:
        return (at - first) / (last - first) * blatt.breite if last > first else blatt.breite / 2

    def y(wert: Decimal) -> float:
        return float((steps[-1] - wert) / (steps[-1] - steps[0])) * blatt.hoehe

    guesses = [count_months(linie.hochgerechnet_ab) for linie in runs if linie.hochgerechnet_ab]
    if guesses and min(guesses) <= last:
        blatt.area(max(x(min(guesses) - stride / 2), 0.0), 0, blatt.breite + OVER, blatt.hoehe, farben.band)
        blatt.texts([(blatt.breite + OVER, -8, "hochgerechnet")], farben.leise, anker="right", groesse=SMALL)
    blatt.rules([(-links, y(step), blatt.breite + OVER, y(step)) for step in steps], farben.gitter, 1)
    if einheit is Einheit.VERAENDERUNG and 0 in steps:  # above it more, below it less than a year before
        blatt.rules([(-links, y(Decimal(0)), blatt.breite + OVER, y(Decimal(0)))], farben.leise, 1)
    blatt.texts([(-links, y(step) - 5, name) for step, name in zip(steps, names, strict=True)], farben.leise, groesse=SMALL)
    draw_steps(blatt, farben, [(x(at), text) for at, text in name_months(first, last, stride, blatt.breite)])

    ends = []
    if verlauf.ziel is not None:
        stil = Stil(farben.ziel, 1.5, [], farben.ziel, 500)
        blatt.rules([(0, y(verlauf.ziel), blatt.breite + OVER, y(verlauf.ziel))], stil.farbe, stil.dicke)
        ends.append(Etikett(ziel, (blatt.breite, y(verlauf.ziel)), stil))
    others = zip(farben.andere, STRICHE, strict=True)
    for linie in sorted(runs, key=lambda linie: linie.eigene):  # ours last, above the others
        if linie.eigene:
            stil = Stil(farben.eigen, 3, [], farben.eigen, 600)
        else:
            farbe, strich = next(others, (farben.andere[-1], STRICHE[-1]))
            stil = Stil(farbe, 1.75, strich, farben.leise, 400)
        points = [[(at, x(at), y(wert)) for at, wert in strecke] for strecke in runs[linie]]
        _draw_line(blatt, linie, points, stil, farben.grund)
        ends.append(Etikett(labels[linie], points[-1][-1][1:], stil))
    _draw_labels(blatt, ends)
    return blatt


def _draw_line(blatt: Blatt, linie: Linie, strecken: Sequence[list[tuple[int, float, float]]], stil: Stil, grund: str) -> None:
    radius, rand = (3.25, 2.0) if linie.eigene else (2.25, 1.25)
    guess_from = count_months(linie.hochgerechnet_ab) if linie.hochgerechnet_ab else NEVER
    few = linie.eigene and sum(map(len, strecken)) <= FEW
    for strecke in strecken:
        final = [(x, y) for at, x, y in strecke if at < guess_from]
        guess = [(x, y) for at, x, y in strecke if at >= guess_from]
        if len(final) > 1:
            blatt.line(final, stil.farbe, stil.dicke, stil.strich)
        if few or (len(final) == 1 and not guess):  # a month between two gaps is a dot
            blatt.dots(final, radius, stil.farbe)
        if guess:
            dicke, strich = (2.25, HOCHGERECHNET) if linie.eigene else (stil.dicke, stil.strich)
            blatt.line([*final[-1:], *guess], stil.farbe, dicke, strich)
            blatt.dots(guess, radius, grund, stil.farbe, rand)
    at, x, y = strecken[-1][-1]
    if linie.eigene and at < guess_from:
        blatt.dots([(x, y)], 4.5, stil.farbe)


def _draw_labels(blatt: Blatt, ends: Sequence[Etikett]) -> None:
    high = TEXT + 3
    middles = spread([(end.von[1], len(end.zeilen) * high + 3) for end in ends], -8, blatt.hoehe + 8)
    for end, middle in zip(ends, middles, strict=True):
        x, y = end.von
        early = x < blatt.breite - 1  # this line ended before the others
        if early or abs(middle - y) > 3:
            start = x + 6 if early else blatt.breite + OVER + 1
            blatt.rules([(start, y, blatt.breite + ASIDE - 4, middle)], end.stil.farbe, 1, [1, 3] if early else [])
        top = middle - len(end.zeilen) * high / 2
        lines = [(blatt.breite + ASIDE, top + (i + 1) * high - 4.5, zeile) for i, zeile in enumerate(end.zeilen)]
        blatt.texts(lines, end.stil.schrift, staerke=end.stil.staerke)


def _wrap(name: str, wert: str, room: float) -> list[str]:
    """Name and figure in one line if they fit, else the name in at most two lines and the figure below."""
    if measure(f"{name} {wert}") <= room:
        return [f"{name} {wert}"]
    lines: list[str] = []
    for word in name.split():
        if lines and measure(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1]} …"]
    return [*lines, wert]


def _draw_nothing(farben: Farben, breite: int) -> Blatt:
    blatt = Blatt(breite, 80)
    blatt.texts([(0, 46, "Es liegen noch keine Werte vor.")], farben.leise)
    return blatt


def draw_funke(funke: Funke, farben: Farben) -> Blatt:
    runs = find_runs(funke.punkte, find_stride([funke.punkte]))
    blatt = Blatt(148, 36, oben=6, rechts=6, unten=6, links=6)
    if not runs:
        return blatt
    low, high = reach([wert for strecke in runs for _, wert in strecke], Einheit(funke.einheit))
    first, last = runs[0][0][0], runs[-1][-1][0]
    for strecke in runs:
        points = [
            ((at - first) / max(last - first, 1) * 148 if last > first else 148.0, float((high - wert) / (high - low)) * 36)
            for at, wert in strecke
        ]
        if len(points) > 1:
            blatt.line(points, farben.eigen, 2)
        else:
            blatt.dots(points, 1.75, farben.eigen)
    blatt.dots(points[-1:], 4, farben.eigen)
    return blatt
