"""The report on a published programme."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string

from jobcenter.berichte.pdf.diagramm import describe_bars, draw_bars, name_finding
from jobcenter.berichte.pdf.satz import Pdf, set_pdf
from jobcenter.berichte.queries import Anteil, Programmbericht
from jobcenter.common.typography import NBSP

LAW = re.compile(r"(?<=§|\.) (?=\d)|(?<=SGB) (?=[IVX])| (?=SGB [IVX])")
Note = Callable[[int, str], None]


@dataclass(frozen=True)
class Geldbild:
    """A chart of money with all it needs to be understood: name of the picture, finding, words, and the same as a table."""

    bild: str
    befund: str
    beschreibung: str
    anteile: tuple[Anteil, ...]
    summe_cent: int


def render_programm(bericht: Programmbericht, *, note: Note) -> Pdf:
    """Draw and set the whole report. `note(percent, step)` hears how far it is."""
    note(10, "Diagramme werden gezeichnet")
    bilder = {"gruppen.svg": draw_bars(bericht.nach_gruppe), "quellen.svg": draw_bars(bericht.nach_quelle)}
    note(25, "Text wird zusammengestellt")
    html = compose_programm(bericht)
    css = render_to_string("berichte/programm_pdf.css", {"ist_entwurf": bericht.rat is None})
    return set_pdf(html, css, bilder=bilder, kennung=bericht.pruefsumme, on_page=_page_steps(bericht, note))


def compose_programm(bericht: Programmbericht) -> str:
    """The report as HTML, from the frozen text, the advice and the publication alone."""
    context = {
        "bericht": bericht,
        "inhalt": bericht.inhalt,
        "instanz": settings.INSTANZ,
        "gruppenbild": _picture("gruppen.svg", bericht.nach_gruppe, "fließt in"),
        "quellenbild": _picture("quellen.svg", bericht.nach_quelle, "kommt aus"),
    }
    return bind_law(render_to_string("berichte/programm_pdf.html", context))


def bind_law(text: str) -> str:
    """Keep § and number, SGB and its book on one line."""
    return LAW.sub(NBSP, text)


def _picture(bild: str, anteile: Iterable[Anteil], weg: str) -> Geldbild:
    lines = tuple(anteile)
    return Geldbild(bild, name_finding(lines, weg=weg), describe_bars(lines), lines, sum(line.cent for line in lines))


def _page_steps(bericht: Programmbericht, note: Note) -> Callable[[int], None]:
    """Pages as progress from 30 to 90 per cent; their number is guessed, so the bar slows down towards the end.

    Pages that are set a second time, when the page numbers are known, do not move it back.
    """
    expected = 8 + len(bericht.inhalt.massnahmen) // 2 + len(bericht.inhalt.kapitel) // 2
    furthest = 0

    def on_page(seite: int) -> None:
        nonlocal furthest
        if seite > furthest:
            furthest = seite
            note(30 + 60 * seite // (seite + expected // 2), f"Seite {seite} wird gesetzt")

    return on_page
