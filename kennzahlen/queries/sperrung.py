"""Which of our own counts are to be hidden before they are published, together with everything published so far.

The engine is in geheimhaltung.py; here is what it has to know of figures: men and women add up to all, parts to their
whole, months to longer periods, and the sums of § 48a to the monthly counts behind them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain, permutations
from typing import Any, NamedTuple

from django.db.models import Case, Value, When

from kennzahlen.enums import Geschlecht, Lieferzustand, Quellenart, Zeitbezug
from kennzahlen.models import Kennzahl, Messwert, month_bounds
from kennzahlen.queries.formeln import FORMELN, Term, add_months
from kennzahlen.queries.geheimhaltung import MINDESTFALLZAHL, Gleichung, summe, suppress

ZAEHLER, NENNER = "zaehler", "nenner"
MONTHS_OF_A_SUM = 13  # how far back a sum of § 48a reaches
SPLIT = (Geschlecht.MAENNER.value, Geschlecht.FRAUEN.value)


class Schluessel(NamedTuple):
    """The key of a value within one Datenstand."""

    kennzahl_id: int
    bis: date
    jobcenter_id: int
    geschlecht: str
    von: date


class Zelle(NamedTuple):
    """One count of a value: its Zähler or its Nenner."""

    schluessel: Schluessel
    teil: str


Zahlen = Mapping[Schluessel, tuple[int | None, int | None]]


def find_gesperrt(neue: Zahlen) -> frozenset[Schluessel]:
    """The keys of new values of our own that must be hidden; Zähler and Nenner as they are stored. Two queries.

    NichtGeheimzuhalten where what is published already gives a new value away whatever one hides.
    """
    kennzahlen = Kennzahl.objects.in_bulk()
    counted = {key: value for key, value in neue.items() if _counts_people(kennzahlen[key.kennzahl_id])}
    if not counted:
        return frozenset()
    werte: dict[Zelle, int | None] = {}
    before: dict[Zelle, bool] = {}
    for *parts, zaehler, nenner, gesperrt in _published(counted):
        key = Schluessel(*parts)
        if key not in counted and _counts_people(kennzahlen[key.kennzahl_id]):
            for cell, value in _cells(key, (zaehler, nenner), kennzahlen[key.kennzahl_id]):
                werte[cell], before[cell] = value, not gesperrt
    for key, numbers in counted.items():
        for cell, value in _cells(key, numbers, kennzahlen[key.kennzahl_id]):
            werte[cell] = value
            if cell.teil == NENNER and _mean_is_small(numbers[1], kennzahlen[key.kennzahl_id]):
                before[cell] = False
    hidden = suppress(werte, list(_gleichungen(werte, kennzahlen)), veroeffentlicht=before)
    return frozenset(cell.schluessel for cell in hidden if cell.schluessel in counted)


def _counts_people(kennzahl: Kennzahl) -> bool:
    return not kennzahl.ist_geld


def _published(neue: Zahlen) -> Iterable[tuple[Any, ...]]:
    whose = {key.jobcenter_id for key in neue}
    first = add_months(min(key.von for key in neue).replace(day=1), -MONTHS_OF_A_SUM)
    last = month_bounds(add_months(max(key.bis for key in neue).replace(day=1), MONTHS_OF_A_SUM))[1]
    rows = Messwert.objects.filter(jobcenter__in=whose, datenstand__quelle__art=Quellenart.EIGENE_ERHEBUNG, zaehler__isnull=False)
    withdrawn = When(datenstand__lieferung__zustand=Lieferzustand.ZURUECKGEZOGEN, then=Value(0))
    # later rows replace earlier ones below: what can be seen counts more than what was withdrawn, newer more than older
    rows = rows.filter(bis__range=(first, last)).annotate(sichtbar=Case(withdrawn, default=Value(1)))
    rows = rows.order_by("sichtbar", "datenstand__tag", "datenstand_id")
    return rows.values_list(*(name.removesuffix("_id") for name in Schluessel._fields), "zaehler", "nenner", "gesperrt")


def _cells(key: Schluessel, numbers: tuple[int | None, int | None], kennzahl: Kennzahl) -> Iterator[tuple[Zelle, int | None]]:
    zaehler, nenner = numbers
    if zaehler is not None:
        yield Zelle(key, ZAEHLER), zaehler
    if nenner is not None:  # of a mean of twelve months the sum, which is whole
        yield Zelle(key, NENNER), nenner * 12 // kennzahl.nenner_teiler if kennzahl.nenner_teiler > 1 else nenner


def _mean_is_small(nenner: int | None, kennzahl: Kennzahl) -> bool:
    return nenner is not None and kennzahl.nenner_teiler > 1 and 0 < nenner < MINDESTFALLZAHL * kennzahl.nenner_teiler


# --- what adds up -----------------------------------------------------------------------------------------------
def _gleichungen(werte: Mapping[Zelle, int | None], kennzahlen: Mapping[int, Kennzahl]) -> Iterator[Gleichung[Zelle]]:
    """Every claim that holds. Where the parts of a source do not add up, nobody can compute one from the others."""
    by_kennzahl = (find(werte, kennzahlen) for find in (_parts, _periods, _beginnings, _sums))
    for claim in chain(_sexes(werte), *by_kennzahl):
        sides = [[werte[cell] for cell in side] for side in (claim.links, claim.rechts)]
        if None in sides[0] + sides[1] or sum(filter(None, sides[0])) == sum(filter(None, sides[1])):
            yield claim


def _all_known(cells: Iterable[Zelle], werte: Mapping[Zelle, int | None]) -> list[Zelle]:
    """The cells, or none at all once one of them is missing; most are never made."""
    found = []
    for cell in cells:
        if cell not in werte:
            return []
        found.append(cell)
    return found


def _sexes(werte: Mapping[Zelle, int | None]) -> Iterator[Gleichung[Zelle]]:
    for cell in werte:
        if cell.schluessel.geschlecht == Geschlecht.INSGESAMT:
            parts = (Zelle(cell.schluessel._replace(geschlecht=one), cell.teil) for one in SPLIT)
            if known := _all_known(parts, werte):
                yield summe(cell, *known)


def _parts(werte: Mapping[Zelle, int | None], kennzahlen: Mapping[int, Kennzahl]) -> Iterator[Gleichung[Zelle]]:
    teile: dict[int, list[int]] = defaultdict(list)
    for kennzahl in kennzahlen.values():
        if kennzahl.teil_von_id:
            teile[kennzahl.teil_von_id].append(kennzahl.pk)
    for cell in werte:
        parts = (Zelle(cell.schluessel._replace(kennzahl_id=one), ZAEHLER) for one in teile.get(cell.schluessel.kennzahl_id, ()))
        if cell.teil == ZAEHLER and (known := _all_known(parts, werte)):
            yield summe(cell, *known)


def _periods(werte: Mapping[Zelle, int | None], kennzahlen: Mapping[int, Kennzahl]) -> Iterator[Gleichung[Zelle]]:
    for cell in werte:
        von, bis = cell.schluessel.von, cell.schluessel.bis
        months = _months(von, bis)
        if cell.teil == ZAEHLER and len(months) > 1 and kennzahlen[cell.schluessel.kennzahl_id].zeitbezug == Zeitbezug.STROM:
            parts = (Zelle(cell.schluessel._replace(von=one[0], bis=one[1]), ZAEHLER) for one in months)
            if known := _all_known(parts, werte):
                yield summe(cell, *known)


def _beginnings(werte: Mapping[Zelle, int | None], kennzahlen: Mapping[int, Kennzahl]) -> Iterator[Gleichung[Zelle]]:
    """January to June less January to May is June, whether the months before were ever told or not."""
    begun: dict[Schluessel, list[Schluessel]] = defaultdict(list)
    for cell in werte:
        if cell.teil == ZAEHLER and kennzahlen[cell.schluessel.kennzahl_id].zeitbezug == Zeitbezug.STROM:
            begun[cell.schluessel._replace(bis=date.min)].append(cell.schluessel)
    for keys in begun.values():
        for head, whole in permutations(keys, 2):
            tail = Zelle(whole._replace(von=head.bis + timedelta(days=1)), ZAEHLER)
            if head.bis < whole.bis and tail in werte:
                yield summe(Zelle(whole, ZAEHLER), Zelle(head, ZAEHLER), tail)


def _sums(werte: Mapping[Zelle, int | None], kennzahlen: Mapping[int, Kennzahl]) -> Iterator[Gleichung[Zelle]]:
    ids = {kennzahl.code: kennzahl.pk for kennzahl in kennzahlen.values()}
    for cell in werte:
        formel = FORMELN.get(kennzahlen[cell.schluessel.kennzahl_id].code)
        if formel is None:
            continue
        term: Term = formel.zaehler if cell.teil == ZAEHLER else formel.nenner
        groesse = ids.get(term.groesse.value)
        if groesse is None:
            continue
        months = map(month_bounds, term.months(cell.schluessel.von))
        parts = (Zelle(cell.schluessel._replace(kennzahl_id=groesse, von=von, bis=bis), ZAEHLER) for von, bis in months)
        if known := _all_known(parts, werte):
            yield summe(cell, *known)


def _months(von: date, bis: date) -> list[tuple[date, date]]:
    """The months of a period; none where it does not consist of whole ones."""
    found, month = [], von
    while month.day == 1 and month <= bis:
        found.append(month_bounds(month))
        month = add_months(month, 1)
    return found if found and found[-1][1] == bis else []
