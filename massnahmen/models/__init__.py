"""What we plan to do: a year's programme, the measures in it, and the frozen versions that are voted on."""

from massnahmen.models.fassung import BcaStellungnahme, Beratung, Fassung, Gremienbeschluss, Veroeffentlichung
from massnahmen.models.massnahme import Finanzierung, Massnahme, MassnahmeZielgruppe, Programmposition
from massnahmen.models.programm import Arbeitsmarktprogramm, Bildungsziel, Kapitel, Programmschritt, Programmziel
from massnahmen.models.stammdaten import Handlungsfeld, Instrument, Rechtsbegriff, Traeger, Zielgruppe

__all__ = [
    "Arbeitsmarktprogramm",
    "BcaStellungnahme",
    "Beratung",
    "Bildungsziel",
    "Fassung",
    "Finanzierung",
    "Gremienbeschluss",
    "Handlungsfeld",
    "Instrument",
    "Kapitel",
    "Massnahme",
    "MassnahmeZielgruppe",
    "Programmposition",
    "Programmschritt",
    "Programmziel",
    "Rechtsbegriff",
    "Traeger",
    "Veroeffentlichung",
    "Zielgruppe",
]
