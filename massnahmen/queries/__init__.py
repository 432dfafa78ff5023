"""Reading programmes: content, what is public of it, and what staff see around it."""

from massnahmen.queries.inhalt import (
    SCHEMA,
    Betrag,
    Instrumentzeile,
    Kapitelzeile,
    Massnahmengruppe,
    Massnahmezeile,
    Programminhalt,
    collect_inhalt,
    read_draft,
    read_fassung,
    read_inhalt,
    sum_up,
)
from massnahmen.queries.positionen import list_positionen
from massnahmen.queries.uebersicht import (
    Fassungsstand,
    Programmzeile,
    cost_per_place,
    last_aenderungen,
    list_fassungen,
    list_programme,
    read_stand,
)
from massnahmen.queries.vergleich import Inhaltsvergleich, compare_inhalt
from massnahmen.queries.verlauf import history_of_kapitel, history_of_massnahme, history_of_zusammenfassung
from massnahmen.queries.veroeffentlicht import (
    current_veroeffentlichung,
    offered_massnahmen,
    published_massnahmen,
    published_veroeffentlichung,
    published_veroeffentlichungen,
    running_veroeffentlichungen,
)

__all__ = [
    "SCHEMA",
    "Betrag",
    "Fassungsstand",
    "Inhaltsvergleich",
    "Instrumentzeile",
    "Kapitelzeile",
    "Massnahmengruppe",
    "Massnahmezeile",
    "Programminhalt",
    "Programmzeile",
    "collect_inhalt",
    "compare_inhalt",
    "cost_per_place",
    "current_veroeffentlichung",
    "history_of_kapitel",
    "history_of_massnahme",
    "history_of_zusammenfassung",
    "last_aenderungen",
    "list_fassungen",
    "list_positionen",
    "list_programme",
    "offered_massnahmen",
    "published_massnahmen",
    "published_veroeffentlichung",
    "published_veroeffentlichungen",
    "read_draft",
    "read_fassung",
    "read_inhalt",
    "read_stand",
    "running_veroeffentlichungen",
    "sum_up",
]
