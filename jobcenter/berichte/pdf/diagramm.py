"""Charts as SVG, drawn by Vega-Lite."""

from collections.abc import Sequence

import vl_convert

from jobcenter.berichte.queries import Anteil
from jobcenter.common import typography

VEGA_LITE = "5.21"
FONT = "Fira Sans"
WIDTH = 560  # units of the drawing; the print style sheet decides the millimetres
ROW = 40
STRONG, QUIET, TEXT, MUTED = "#00596b", "#93aeb4", "#131525", "#4c5270"


def draw_bars(anteile: Sequence[Anteil]) -> bytes:
    """Horizontal bars from a zero line, the largest strong and the others quiet; name above, sum and share behind the bar."""
    rows = [
        {
            "reihe": reihe,
            "name": anteil.name,
            "euro": anteil.cent / 100,
            "wert": f"{typography.euro_kurz(anteil.cent)}  ({typography.prozent(anteil.prozent, 0)})",
            "farbe": STRONG if reihe == 0 else QUIET,
        }
        for reihe, anteil in enumerate(anteile)
    ]
    largest = max((row["euro"] for row in rows), default=1)
    row = {"field": "reihe", "type": "ordinal", "axis": None, "scale": {"padding": 0}}
    length = {"field": "euro", "type": "quantitative", "axis": None, "scale": {"domain": [0, largest * 1.34], "nice": False}}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": max(len(rows), 1) * ROW,
        "padding": {"left": 1, "right": 0, "top": 0, "bottom": 0},
        "background": None,
        "config": {"view": {"stroke": None}, "text": {"font": FONT, "fontSize": 13}},
        "data": {"values": rows},
        "encoding": {"y": row},
        "layer": [
            {
                "mark": {"type": "bar", "height": 14, "yOffset": 9},
                "encoding": {"x": length, "color": {"field": "farbe", "type": "nominal", "scale": None}},
            },
            {
                "mark": {"type": "text", "align": "left", "baseline": "middle", "yOffset": -8, "color": TEXT},
                "encoding": {"x": {"value": 0}, "text": {"field": "name"}},
            },
            {
                "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 7, "yOffset": 9.5, "color": MUTED},
                "encoding": {"x": length, "text": {"field": "wert"}},
            },
        ],
    }
    return vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, format_locale="de-DE").encode()


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
