"""Which kind of procurement the law allows for an estimated value on a day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from massnahmen.enums import EU_WEIT, Leistungsart, Vergabeart
from massnahmen.models import Wertgrenze


@dataclass(frozen=True)
class Erlaubt:
    """A kind of procurement and up to which estimated value (net, cents) it is allowed. EU-wide procedures have no limit."""

    vergabeart: Vergabeart
    bis_cent: int | None = None
    quelle: str = ""

    def covers(self, wert_cent: int) -> bool:
        return self.bis_cent is None or wert_cent <= self.bis_cent


def list_erlaubt(leistungsart: Leistungsart, day: date) -> list[Erlaubt]:
    """What a day knows, simplest procedure first. A kind without a valid Wertgrenze is not among it. One query."""
    valid = Q(gueltig_von=None) | Q(gueltig_von__lte=day)
    valid &= Q(gueltig_bis=None) | Q(gueltig_bis__gte=day)
    rows = {row.vergabeart: row for row in Wertgrenze.objects.filter(valid, leistungsart=leistungsart).order_by("gueltig_von")}
    return [
        Erlaubt(art) if art in EU_WEIT else Erlaubt(art, rows[art].bis_cent, rows[art].quelle)
        for art in Vergabeart
        if art in EU_WEIT or art in rows
    ]
