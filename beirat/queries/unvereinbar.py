"""Who has a seat in the Beirat while carrying out measures: § 18d Satz 3 SGB II does not want that."""

from dataclasses import dataclass
from datetime import date, timedelta

from beirat.models import Mitglied
from jobcenter.common import clock
from massnahmen.queries import read_vertragszeiten


@dataclass(frozen=True)
class Unvereinbar:
    """A seat and a contract of the same organisation that overlap today or later; `von` is the first such day."""

    mitglied: str
    organisation: str
    traeger_id: int
    von: date


def list_unvereinbar() -> list[Unvereinbar]:
    """Organisations are compared by their name, as both rooms write it. Two queries, one where nobody sits."""
    today = clock.today()
    seats = Mitglied.objects.filter(amtszeit__endswith__gt=today).select_related("organisation").order_by("name")
    by_name: dict[str, list[Mitglied]] = {}
    for seat in seats:
        by_name.setdefault(seat.organisation.name, []).append(seat)
    found = []
    for zeit in read_vertragszeiten(by_name) if by_name else ():
        for seat in by_name[zeit.traeger]:
            von = max(zeit.von, seat.amtszeit.lower, today)
            if von <= min(zeit.bis, seat.amtszeit.upper - timedelta(days=1)):
                found.append(Unvereinbar(seat.name, zeit.traeger, zeit.traeger_id, von))
    return found
