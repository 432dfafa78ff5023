from jobcenter.portal.queries.aufgabe import Aufgabe
from jobcenter.portal.queries.aufgaben import list_aufgaben
from jobcenter.portal.queries.auftraege import (
    Auftragszeile,
    Betriebsstand,
    count_gescheiterte,
    explain,
    find_gescheiterte,
    list_gescheiterte,
    read_betriebsstand,
)
from jobcenter.portal.queries.betrieb import find_outages, find_warnings
from jobcenter.portal.queries.recht import Frist, Land, Stelle, due_fristen, group_maengel, read_land
from jobcenter.portal.queries.start import Startseite, Zahl, list_kennenlernen, list_lohnzuschuesse, newest_zahlen, read_startseite

__all__ = [
    "Aufgabe",
    "Auftragszeile",
    "Betriebsstand",
    "Frist",
    "Land",
    "Startseite",
    "Stelle",
    "Zahl",
    "count_gescheiterte",
    "due_fristen",
    "explain",
    "find_gescheiterte",
    "find_outages",
    "find_warnings",
    "group_maengel",
    "list_aufgaben",
    "list_gescheiterte",
    "list_kennenlernen",
    "list_lohnzuschuesse",
    "newest_zahlen",
    "read_betriebsstand",
    "read_land",
    "read_startseite",
]
