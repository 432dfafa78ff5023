"""What the pages of the Beirat show, read in a fixed number of queries and handed on as frozen values."""

from beirat.queries.abstimmungslage import Abstimmungslage, read_abstimmung
from beirat.queries.beschluesse import NEUESTE_BESCHLUESSE, VISITOR, Auszaehlung, Beschlusszeile, public_beschluesse
from beirat.queries.sitze import Beschlussfaehigkeit, Gruppe, Sitz, quorum, read_beschlussfaehigkeit, seat_of, seats_by_bank
from beirat.queries.sitzungen import Sitzungen, Sitzungszeile, find_public_sitzung, list_sitzungen, next_sitzung, propose_nummer
from beirat.queries.sitzungslage import Sitzungslage, Teilnahme, open_abstimmung_of, read_sitzung, waiting_fassungen
from beirat.queries.unvereinbar import Unvereinbar, list_unvereinbar

__all__ = [
    "NEUESTE_BESCHLUESSE",
    "VISITOR",
    "Abstimmungslage",
    "Auszaehlung",
    "Beschlussfaehigkeit",
    "Beschlusszeile",
    "Gruppe",
    "Sitz",
    "Sitzungen",
    "Sitzungslage",
    "Sitzungszeile",
    "Teilnahme",
    "Unvereinbar",
    "find_public_sitzung",
    "list_sitzungen",
    "list_unvereinbar",
    "next_sitzung",
    "open_abstimmung_of",
    "propose_nummer",
    "public_beschluesse",
    "quorum",
    "read_abstimmung",
    "read_beschlussfaehigkeit",
    "read_sitzung",
    "seat_of",
    "seats_by_bank",
    "waiting_fassungen",
]
