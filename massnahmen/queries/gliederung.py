"""The order in which page and paper tell a programme: its chapters, and in them the tables made from its data."""

from dataclasses import dataclass

from massnahmen.enums import Kapitelart
from massnahmen.queries.inhalt import Programminhalt

# Which chapter a table belongs to, and what it is called where the programme has no such chapter.
_PLACES = {
    "ziele": (Kapitelart.ZIELE, "Ziele"),
    "handlungsfelder": (Kapitelart.STRATEGIE, "Handlungsfelder"),
    "zielgruppen": (Kapitelart.ZIELGRUPPEN, "Zielgruppen"),
    "massnahmen": (Kapitelart.INSTRUMENTE, "Maßnahmen"),
    "bildungsziele": (Kapitelart.INSTRUMENTE, "Bildungszielplanung"),
    "finanzen": (Kapitelart.FINANZEN, "Finanzen"),
}


@dataclass(frozen=True)
class Abschnitt:
    """A chapter with the tables that stand in it, or tables alone (`nummer` is None, `text` empty)."""

    anker: str
    nummer: int | None
    titel: str
    text: str
    tafeln: tuple[str, ...]


def outline(inhalt: Programminhalt) -> tuple[Abschnitt, ...]:
    """Every chapter that says or shows something, then the tables for which no chapter has a place. Each table stands once."""
    open_tables = [name for name in _PLACES if _has_rows(inhalt, name)]
    sections = []
    for kapitel in inhalt.kapitel:
        tables = tuple(name for name in open_tables if _PLACES[name][0] == kapitel.art)
        open_tables = [name for name in open_tables if name not in tables]
        if kapitel.klartext or tables:
            sections.append(Abschnitt(f"kapitel-{kapitel.nummer}", kapitel.nummer, kapitel.titel, kapitel.text, tables))
    return (*sections, *(Abschnitt(f"tafel-{name}", None, _PLACES[name][1], "", (name,)) for name in open_tables))


def _has_rows(inhalt: Programminhalt, name: str) -> bool:
    match name:
        case "ziele":
            return bool(inhalt.ziele)
        case "handlungsfelder":  # programmes of schema 1 know none
            return any(massnahme.handlungsfeld for massnahme in inhalt.massnahmen)
        case "zielgruppen":
            return bool(inhalt.plaetze_nach_zielgruppe)
        case "bildungsziele":
            return bool(inhalt.bildungsziele)
        case "finanzen":
            return bool(inhalt.kosten_cent)
        case _:
            return True
