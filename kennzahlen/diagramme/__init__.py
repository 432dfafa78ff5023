"""Charts as SVG, drawn by Vega-Lite, for the eye only. The same input gives the same bytes. Only the worker loads this.

Where everything stands is computed here, in units of the drawing, because labels that keep clear of each other have to know.
A chart carries no ids, styles, scripts or references: it may stand in a page, in an image element, in a PDF or alone.
"""

from kennzahlen.diagramme.blatt import BREITEN, FARBEN, Blatt, Breite, Schema, draw
from kennzahlen.diagramme.lage import draw_lage
from kennzahlen.diagramme.verlauf import draw_funke, draw_verlauf
from kennzahlen.queries.diagrammdaten import Funke, Lage, Schaubild, Verlauf, beschreibe

__all__ = ["FARBEN", "Blatt", "draw", "render"]


def render(schaubild: Schaubild, schema: Schema = "hell", breite: Breite = "breit") -> bytes:
    """An SVG for one colour scheme and one width. It fills the place it is given."""
    farben = FARBEN[schema]
    text = beschreibe(schaubild)
    match schaubild:
        case Verlauf():
            spec = draw_verlauf(schaubild, farben, BREITEN[breite]).spec()
        case Lage():
            spec = draw_lage(schaubild, farben, BREITEN[breite]).spec()
        case Funke():
            return draw(draw_funke(schaubild, farben).spec(), titel="Verlauf", text=text)
    return draw(spec, titel=schaubild.titel, text=f"{schaubild.untertitel.rstrip('.')}. {text}")
