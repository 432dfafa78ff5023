"""What of a programme goes on in a later year."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Max, QuerySet

from massnahmen.models import Arbeitsmarktprogramm, Instrument, Massnahme, Programmposition


@dataclass(frozen=True)
class Fortlaufende:
    laufen_weiter: tuple[Programmposition, ...]
    enden: tuple[Programmposition, ...]


def list_fortlaufende(vorlage: Arbeitsmarktprogramm, jahr: int) -> Fortlaufende:
    """Which measures of a programme still run in a year. An end that is open goes on; what is archived, or what the law no longer
    knows, ends. Three queries."""
    positionen = list(vorlage.positionen.with_details())
    on = [position for position in positionen if _runs_in(position, jahr)]
    return Fortlaufende(tuple(on), tuple(position for position in positionen if position not in on))


def _runs_in(position: Programmposition, jahr: int) -> bool:
    massnahme, first = position.massnahme, date(jahr, 1, 1)
    if massnahme.archiviert_am or (massnahme.ende and massnahme.ende < first):
        return False
    instrument: Instrument | None = massnahme.instrument
    return instrument is None or instrument.gueltig_bis is None or instrument.gueltig_bis >= first


def list_aufnehmbare(programm: Arbeitsmarktprogramm) -> QuerySet[Massnahme]:
    """Measures that a programme does not plan: of other years, and those that no year plans; the archive among them.

    With `zuletzt`, the latest year that plans them. The latest first. One query.
    """
    others = Massnahme.objects.exclude(positionen__programm=programm)
    return (
        others.select_related("instrument", "traeger")
        .defer("beschreibung", "zugang")
        .annotate(zuletzt=Max("positionen__programm__jahr"))
        .order_by(F("zuletzt").desc(nulls_last=True), "titel", "pk")
    )


def find_latest_plan(massnahme: Massnahme, before: Arbeitsmarktprogramm) -> Programmposition:
    """What the year nearest before a programme planned with a measure, else any other year; an empty plan where none did."""
    plans = massnahme.positionen.with_details()
    near = plans.filter(programm__jahr__lt=before.jahr).order_by("-programm__jahr").first()
    return near or plans.order_by("programm__jahr").first() or Programmposition(massnahme=massnahme)
