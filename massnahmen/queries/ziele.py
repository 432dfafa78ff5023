"""A programme's goals beside the figures that measure them: as rows of the draft, as text of a Fassung."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from kennzahlen.models import Zielwert
from kennzahlen.queries.kennzahlseite import read_eigenes
from kennzahlen.queries.ziele import Zielzeile, read_ziele
from massnahmen.models import Arbeitsmarktprogramm


@dataclass(frozen=True)
class Messlatte:
    """The Zielwert of a goal and what was measured last, as people read them („mindestens 27,0 %“), with month and Datenstand."""

    kennzahl: str
    name: str
    ziel: str
    nur_beobachtung: bool
    ist: str
    monat: date | None
    datenstand: date | None


@dataclass(frozen=True)
class Programmzielzeile:
    """A goal in words and, where it is tied to one, the figure by which it is measured."""

    nummer: int
    text: str
    handlungsfeld: str | None
    messlatte: Messlatte | None


def collect_ziele(programm: Arbeitsmarktprogramm) -> list[dict[str, Any]]:
    """The goals as they are frozen, each with the newest published value of its Kennzahl. Six queries at most."""
    ziele = list(programm.ziele.select_related("handlungsfeld", "zielwert"))
    zeilen = read_zielzeilen(programm.jahr) if any(ziel.zielwert_id for ziel in ziele) else {}
    return [
        {
            "nummer": ziel.nummer,
            "text": ziel.text,
            "handlungsfeld": ziel.handlungsfeld.name if ziel.handlungsfeld else None,
            "messlatte": _messlatte_inhalt(zeilen[ziel.zielwert_id]) if ziel.zielwert_id in zeilen else None,
        }
        for ziel in ziele
    ]


def own_zielwerte(jahr: int) -> QuerySet[Zielwert]:
    """What the Jobcenter itself is to reach in a year: the Zielwerte that its programme may be tied to."""
    rows = Zielwert.objects.filter(jahr=jahr, jobcenter__traegernummer=settings.INSTANZ.jobcenter.traegernummer)
    return rows.select_related("kennzahl").order_by("kennzahl__art", "kennzahl__code", "art", "geschlecht")


def read_zielzeilen(jahr: int) -> dict[int, Zielzeile]:
    """The Jobcenter's own Zielwerte of a year, by their id, with what was measured."""
    eigenes = read_eigenes()
    return {zeile.ziel.pk: zeile for zeile in read_ziele(eigenes, jahr)} if eigenes else {}


def read_ziel(ziel: Mapping[str, Any]) -> Programmzielzeile:
    """A goal out of collected or frozen content."""
    latte = ziel["messlatte"]
    days = {name: date.fromisoformat(latte[name]) if latte[name] else None for name in ("monat", "datenstand")} if latte else {}
    return Programmzielzeile(ziel["nummer"], ziel["text"], ziel["handlungsfeld"], Messlatte(**latte | days) if latte else None)


def _messlatte_inhalt(zeile: Zielzeile) -> dict[str, Any]:
    return {
        "kennzahl": zeile.ziel.kennzahl.code,
        "name": zeile.name,
        "ziel": zeile.ziel_text,
        "nur_beobachtung": zeile.ziel.nur_beobachtung,
        "ist": zeile.wert_text if zeile.wert is not None else "",
        "monat": zeile.monat.isoformat() if zeile.monat else None,
        "datenstand": zeile.datenstand.tag.isoformat() if zeile.datenstand else None,
    }
