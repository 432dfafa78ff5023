"""What of a programme goes on in a later year."""

from dataclasses import dataclass
from datetime import date

from massnahmen.models import Arbeitsmarktprogramm, Instrument, Programmposition


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
