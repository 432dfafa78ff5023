"""What we plan to do: a year's programme, the measures in it, and the frozen versions that are voted on; then how it is carried out."""

from massnahmen.models.fassung import BcaStellungnahme, Beratung, Fassung, Gremienbeschluss, Veroeffentlichung
from massnahmen.models.geld import Ausgabe, Budget, Projektmittel, Regionalprojekt, Teilbudget, Umschichtung
from massnahmen.models.importe import Import, Importzeile
from massnahmen.models.massnahme import Finanzierung, Massnahme, MassnahmeZielgruppe, Programmposition
from massnahmen.models.meldung import Monatsmeldung, Verbleib
from massnahmen.models.programm import Arbeitsmarktprogramm, Bildungsziel, Kapitel, Programmschritt, Programmziel
from massnahmen.models.stammdaten import Handlungsfeld, Instrument, Rechtsbegriff, Zielgruppe
from massnahmen.models.traeger import Massnahmezulassung, Traeger, Traegerkontakt, Traegerzulassung
from massnahmen.models.vergabe import Bieterangebot, Massnahmenschritt, Vergabe, Vertrag, Vertragsoption, Wertgrenze

__all__ = [
    "Arbeitsmarktprogramm",
    "Ausgabe",
    "BcaStellungnahme",
    "Beratung",
    "Bieterangebot",
    "Bildungsziel",
    "Budget",
    "Fassung",
    "Finanzierung",
    "Gremienbeschluss",
    "Handlungsfeld",
    "Import",
    "Importzeile",
    "Instrument",
    "Kapitel",
    "Massnahme",
    "MassnahmeZielgruppe",
    "Massnahmenschritt",
    "Massnahmezulassung",
    "Monatsmeldung",
    "Programmposition",
    "Programmschritt",
    "Programmziel",
    "Projektmittel",
    "Rechtsbegriff",
    "Regionalprojekt",
    "Teilbudget",
    "Traeger",
    "Traegerkontakt",
    "Traegerzulassung",
    "Umschichtung",
    "Verbleib",
    "Vergabe",
    "Veroeffentlichung",
    "Vertrag",
    "Vertragsoption",
    "Wertgrenze",
    "Zielgruppe",
]
