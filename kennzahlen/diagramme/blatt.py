"""The sheet a chart is drawn on: colours, type, strokes, and the way out as a clean SVG."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.sax.saxutils import escape

import vl_convert

Schema = Literal["hell", "dunkel"]
Breite = Literal["breit", "schmal"]
Punkt = tuple[float, float]

VEGA_LITE = "5.21"
FONT = "Fira Sans, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
TEXT, SMALL = 14, 13  # type sizes
NEEDLESS = re.compile(r' (?:class|role|aria-[a-z]+|xmlns:xlink|font-family|stroke-dasharray(?==""))="[^"]*"')
BLANK = {"data": {"values": []}, "mark": "point"}
BREITEN: Mapping[str, int] = {"breit": 760, "schmal": 360}


@dataclass(frozen=True)
class Farben:
    """On white or black and on the quiet ground of cards: text 4.5:1, lines 3:1. Told apart by lightness alone."""

    eigen: str
    andere: tuple[str, str, str, str]
    schrift: str
    leise: str
    ziel: str
    punkt: str
    gitter: str  # decoration
    band: str  # decoration
    grund: str


FARBEN: Mapping[str, Farben] = {
    "hell": Farben(
        eigen="#00596b",
        andere=("#40455f", "#5d627b", "#72778d", "#83889b"),
        schrift="#131525",
        leise="#4c5270",
        ziel="#8a5200",
        punkt="#83889b",
        gitter="#d5d8e2",
        band="#eef0f4",
        grund="#ffffff",
    ),
    "dunkel": Farben(
        eigen="#7fcbdb",
        andere=("#d0d4e3", "#aeb3c8", "#8f94ab", "#757a92"),
        schrift="#f7f7f9",
        leise="#b4b9cf",
        ziel="#e0a84e",
        punkt="#757a92",
        gitter="#353a50",
        band="#1b1f2d",
        grund="#000000",
    ),
}


def draw(spec: Mapping[str, Any], *, titel: str, text: str) -> bytes:
    """Any Vega-Lite drawing in the type of the house, without what a strict Content-Security-Policy forbids."""
    config = {"aria": False, "view": {"stroke": None}, "text": {"font": FONT, "fontSize": TEXT}}
    house = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "autosize": "none", "background": None, "config": config}
    svg = vl_convert.vegalite_to_svg({**house, **spec}, vl_version=VEGA_LITE, format_locale="de-DE")
    svg = re.sub(r'<path class="(?:background|foreground)"[^>]*/>', "", svg)
    svg = re.sub(r"<[^>]*>", lambda tag: NEEDLESS.sub("", tag.group()), svg)
    view = re.search(r'viewBox="([^"]*)"', svg)
    assert view is not None
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view[1]}" role="img" xml:lang="de" font-family="{FONT}">'
    head += f"<title>{escape(titel)}</title><desc>{escape(text)}</desc>"
    return re.sub(r"^<svg[^>]*>", lambda _: head, svg).encode()


@dataclass
class Blatt:
    """Collects strokes in units of the drawing, counted from the corner of the plot."""

    breite: float
    hoehe: float
    oben: float = 0
    rechts: float = 0
    unten: float = 0
    links: float = 0
    schichten: list[dict[str, Any]] = field(default_factory=list)

    def spec(self) -> dict[str, Any]:
        padding = {"top": self.oben, "right": self.rechts, "bottom": self.unten, "left": self.links}
        return {"width": round(self.breite, 2), "height": self.hoehe, "padding": padding, "layer": self.schichten or [BLANK]}

    def line(self, punkte: Iterable[Punkt], farbe: str, dicke: float, strich: Sequence[float] = ()) -> None:
        mark = {"type": "line", "color": farbe, "strokeWidth": dicke, "strokeDash": list(strich), "strokeJoin": "round"}
        if not strich:
            mark["strokeCap"] = "round"
        self._add(mark, [{"x": x, "y": y} for x, y in punkte], "x", "y")

    def rules(self, strecken: Iterable[tuple[float, float, float, float]], farbe: str, dicke: float, strich: Sequence[float] = ()) -> None:
        mark = {"type": "rule", "color": farbe, "strokeWidth": dicke, "strokeDash": list(strich)}
        self._add(mark, [{"x": x, "y": y, "x2": x2, "y2": y2} for x, y, x2, y2 in strecken], "x", "y", "x2", "y2")

    def area(self, x: float, y: float, x2: float, y2: float, farbe: str) -> None:
        self._add({"type": "rect", "color": farbe}, [{"x": x, "y": y, "x2": x2, "y2": y2}], "x", "y", "x2", "y2")

    def dots(self, punkte: Iterable[Punkt], radius: float, farbe: str, rand: str | None = None, dicke: float = 0) -> None:
        mark = {"type": "point", "shape": "circle", "fill": farbe, "opacity": 1, "size": round(4 * radius * radius, 2)}
        mark |= {"stroke": rand, "strokeWidth": dicke}
        self._add(mark, [{"x": x, "y": y} for x, y in punkte], "x", "y")

    def cloud(self, punkte: Iterable[Punkt], radius: float, farbe: str) -> None:
        """Hundreds of dots as one path of strokes without length and with round ends: a tenth of the bytes."""
        path = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in punkte)
        mark = {"type": "point", "shape": path, "size": 4, "filled": False, "opacity": 1, "color": farbe}
        mark |= {"strokeWidth": round(2 * radius, 2), "strokeCap": "round"}
        self._add(mark, [{"x": 0, "y": 0}] if path else [], "x", "y")

    def texts(
        self, texte: Iterable[tuple[float, float, str]], farbe: str, *, anker: str = "left", groesse: int = TEXT, staerke: int = 400
    ) -> None:
        mark = {"type": "text", "align": anker, "baseline": "alphabetic", "color": farbe, "fontSize": groesse, "fontWeight": staerke}
        self._add(mark, [{"x": x, "y": y, "text": text} for x, y, text in texte], "x", "y", "text")

    def _add(self, mark: dict[str, Any], rows: list[dict[str, Any]], *felder: str) -> None:
        if not rows:
            return
        encoding: dict[str, Any] = {name: {"field": name} for name in felder}
        for name in ("x", "y"):
            encoding[name] |= {"type": "quantitative", "scale": None, "axis": None}
        rounded = [{name: round(wert, 2) if isinstance(wert, float) else wert for name, wert in row.items()} for row in rows]
        self.schichten.append({"data": {"values": rounded}, "mark": mark, "encoding": encoding})


THIN, SLIM, WIDE = set(" \u00a0.,:;iIjlJ|!()'"), set("ftrz-17"), set("mwMW%&…")


def measure(text: str, groesse: int = TEXT) -> float:
    """How wide a text runs in the semibold of Fira Sans, a little generous for its stand-ins."""
    return groesse * sum(0.32 if c in THIN else 0.46 if c in SLIM else 0.88 if c in WIDE else 0.68 if c.isupper() else 0.6 for c in text)


def shorten(text: str, ende: str, room: float) -> str:
    """Text and ending in one line; where they do not fit, the text gives way."""
    if measure(f"{text} {ende}") <= room:
        return f"{text} {ende}"
    while text and measure(f"{text}… {ende}") > room:
        text = text[:-1].rstrip()
    return f"{text}… {ende}"
