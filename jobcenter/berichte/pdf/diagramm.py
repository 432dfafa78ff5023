"""Bars of money on paper, on the sheet of the house."""

from collections.abc import Sequence

from jobcenter.berichte.queries import Anteil
from jobcenter.common import typography
from kennzahlen.diagramme import FARBEN, Blatt, draw

WIDTH = 560  # units of the drawing; the print style sheet decides the millimetres
ROW, BAR = 40, 14
QUIET = "#93aeb4"


def draw_bars(anteile: Sequence[Anteil]) -> bytes:
    """Horizontal bars from a zero line, the largest strong and the others quiet; name above, sum and share behind the bar."""
    farben = FARBEN["hell"]
    blatt = Blatt(WIDTH, max(len(anteile), 1) * ROW, links=1)
    room = max((anteil.cent for anteil in anteile), default=1) * 1.34  # the longest bar leaves a quarter to its figures
    for row, anteil in enumerate(anteile):
        top, length = row * ROW + 22, anteil.cent / room * WIDTH
        blatt.area(0, top, length, top + BAR, QUIET if row else farben.eigen)
        blatt.texts([(0, top - 6, anteil.name)], farben.schrift, groesse=13)
        figures = f"{typography.euro_kurz(anteil.cent)}  ({typography.prozent(anteil.prozent, 0)})"
        blatt.texts([(length + 7, top + 12, figures)], farben.leise, groesse=13)
    return draw(blatt.spec(), titel="Balkendiagramm", text=describe_bars(anteile))


def describe_bars(anteile: Sequence[Anteil]) -> str:
    """The chart in words, for those who do not see it."""
    parts = (f"{a.name} {typography.euro_kurz(a.cent)}, {typography.prozent(a.prozent, 0)}" for a in anteile)
    return f"Balkendiagramm. {'; '.join(parts)}. Die genauen Beträge stehen in der Tabelle darunter."


def name_finding(anteile: Sequence[Anteil], *, weg: str) -> str:
    """The title of the chart says what it shows. `weg` is the verb between money and name: "fließt in", "kommt aus"."""
    if not anteile:
        return "Es ist kein Geld geplant."
    first = anteile[0]
    if len(anteile) == 1:
        return f"Das ganze Geld {weg} „{first.name}“."
    part = "Mehr als die Hälfte" if first.prozent > 50 else "Der größte Teil"
    return f"{part} des Geldes ({typography.prozent(first.prozent, 0)}) {weg} „{first.name}“."
