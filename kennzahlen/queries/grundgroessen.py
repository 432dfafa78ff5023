"""What a Jobcenter counted itself, raw, and what of § 48a SGB II follows from it. For computing only: nothing here may be shown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from kennzahlen.enums import Geschlecht, Grundgroesse, Quellenart
from kennzahlen.models import Jobcenter, Messwert, Quelle, month_bounds
from kennzahlen.queries.datenstand import read_vorrang
from kennzahlen.queries.formeln import FORMELN, Bruch, Reihe, compute

Reihen = dict[Geschlecht, dict[Grundgroesse, dict[date, int | None]]]


class Stelle(NamedTuple):
    """Where a value stands: Kennzahl, month (its first day) and sex."""

    code: str
    monat: date
    geschlecht: Geschlecht


class Stand(NamedTuple):
    """What is said there already: Zähler and Nenner as stored, and the day; no Zähler where the value was taken back."""

    zaehler: int | None
    nenner: int | None
    tag: date


def read_grundgroessen(jobcenter: Jobcenter) -> Reihen:
    """Every month of every Grundgröße as our own sources say it now, hidden ones included. Two queries."""
    reihen: Reihen = defaultdict(lambda: defaultdict(dict))
    for stelle, versions in _read(jobcenter, Grundgroesse.values).items():
        reihen[stelle.geschlecht][Grundgroesse(stelle.code)][stelle.monat] = versions[0][1].zaehler
    return reihen


def read_staende(jobcenter: Jobcenter, quelle: Quelle) -> tuple[dict[Stelle, Stand], dict[Stelle, Stand]]:
    """Values of § 48a that our own sources state now, and those that this one has stated last. Two queries."""
    found = _read(jobcenter, list(FORMELN))
    letzte = {stelle: [stand for whose, stand in versions if whose == quelle.pk] for stelle, versions in found.items()}
    return (
        {stelle: versions[0][1] for stelle, versions in found.items()},
        {stelle: staende[0] for stelle, staende in letzte.items() if staende},
    )


def compute_alle(reihen: Reihen) -> Iterator[tuple[Stelle, Bruch]]:
    """All values for which every month that they need is there."""
    for geschlecht, groessen in reihen.items():
        for code in FORMELN:
            for monat in _possible_months(code, groessen):
                if bruch := compute(code, groessen, monat):
                    yield Stelle(code, monat, geschlecht), bruch


def _possible_months(code: str, groessen: Mapping[Grundgroesse, Reihe]) -> list[date]:
    """Months in which the Zähler is counted; a value without any of them cannot be."""
    return sorted(groessen.get(FORMELN[code].zaehler.groesse, {}))


def _read(jobcenter: Jobcenter, codes: list[str]) -> dict[Stelle, list[tuple[int, Stand]]]:
    """Per value the source and what it said, the one that counts most first."""
    vorrang = read_vorrang()
    own = {pk: rang for rang, pk in enumerate(vorrang.ids) if vorrang.staende[pk].quelle.art == Quellenart.EIGENE_ERHEBUNG}
    rows = Messwert.objects.filter(jobcenter=jobcenter, kennzahl__code__in=codes, datenstand__in=own, zitat__isnull=True)
    found: dict[Stelle, list[tuple[int, Stand]]] = defaultdict(list)
    columns = ("kennzahl__code", "geschlecht", "von", "bis", "zaehler", "nenner", "datenstand_id")
    for code, geschlecht, von, bis, zaehler, nenner, pk in sorted(rows.values_list(*columns), key=lambda row: own[row[-1]]):
        if (von, bis) == month_bounds(von):
            stand = Stand(zaehler, nenner, vorrang.staende[pk].tag)
            found[Stelle(code, von, Geschlecht(geschlecht))].append((vorrang.staende[pk].quelle.pk, stand))
    return found
