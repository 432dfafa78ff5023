"""Term and places of measures, and the Platztage that follow from them."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from massnahmen.models import Massnahme, Programmposition, Vertrag


@dataclass(frozen=True)
class Platzrahmen:
    """What a measure's reports are measured by: its contract, else what the programmes plan.

    `ende` None is open. `plaetze` holds the contract's places under None, or those of each programme year.
    """

    beginn: date | None = None
    ende: date | None = None
    plaetze: Mapping[int | None, int | None] = field(default_factory=dict)

    def count_tage(self, monat: date) -> int:
        """Days of the month inside the term; none where no term is known."""
        last = monat.replace(day=calendar.monthrange(monat.year, monat.month)[1])
        if self.beginn is None:
            return 0
        first, last = max(self.beginn, monat.replace(day=1)), min(self.ende or last, last)
        return max((last - first).days + 1, 0)

    def count_platztage(self, monat: date) -> int | None:
        plaetze = self.plaetze.get(None, self.plaetze.get(monat.year))
        return None if plaetze is None or self.beginn is None else plaetze * self.count_tage(monat)

    def list_monate(self, bis: date) -> list[date]:
        """Every month that the term touches, up to and with the one of `bis`."""
        if self.beginn is None:
            return []
        monate, monat, last = [], self.beginn.replace(day=1), min(self.ende or bis, bis)
        while monat <= last and self.count_tage(monat):
            monate.append(monat)
            monat = (monat + timedelta(days=31)).replace(day=1)
        return monate


def read_rahmen(massnahmen_ids: Iterable[int]) -> dict[int, Platzrahmen]:
    """Of each of the measures. Three queries."""
    ids = list(massnahmen_ids)
    contracts = Vertrag.objects.filter(massnahme__in=ids).values_list("massnahme_id", "beginn", "ende", "gekuendigt_zum", "plaetze")
    found = {pk: Platzrahmen(beginn, gekuendigt or ende, {None: plaetze}) for pk, beginn, ende, gekuendigt, plaetze in contracts}
    others = [pk for pk in ids if pk not in found]
    planned: dict[int, dict[int | None, int | None]] = {}
    rows = Programmposition.objects.filter(massnahme__in=others).values_list("massnahme_id", "programm__jahr", "plaetze")
    for pk, jahr, plaetze in rows:
        planned.setdefault(pk, {})[jahr] = plaetze
    for pk, beginn, ende in Massnahme.objects.filter(pk__in=others).values_list("pk", "beginn", "ende"):
        found[pk] = Platzrahmen(beginn, ende, planned.get(pk, {}))
    return found


def platztage(massnahme: Massnahme, monat: date) -> int | None:
    """Places times the days of the month inside the term; None where places or term are not known."""
    return read_rahmen([massnahme.pk])[massnahme.pk].count_platztage(monat)


def platztage_many(massnahmen_ids: Iterable[int], monate: Iterable[date]) -> dict[tuple[int, date], int | None]:
    """The Platztage of every measure in every month. Three queries, however many there are."""
    wanted = list(monate)
    return {(pk, monat): rahmen.count_platztage(monat) for pk, rahmen in read_rahmen(massnahmen_ids).items() for monat in wanted}
