"""One Kennzahl of all Jobcenter in one month: who stands where, among all and within the Vergleichstyp."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from kennzahlen.enums import Geschlecht, Gruppenart, Richtung
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Vergleichsgruppe, month_bounds
from kennzahlen.queries.datenstand import Vorrang, read_vorrang
from kennzahlen.queries.reihe import wert_of

FINE = 10**15  # rates are ranked by this many parts of one, so that equal fractions are equal


class Platz(NamedTuple):
    """One Jobcenter in a ranking. Equal rates share a place; the next one is left out (1, 2, 2, 4)."""

    jobcenter_id: int
    traegernummer: str
    name: str
    zaehler: int
    nenner: int | None
    rang: int
    rang_im_typ: int | None
    land: str
    typ: str


@dataclass(frozen=True)
class Rangliste:
    """Best first by the direction of the Kennzahl; where it has none, the highest first."""

    kennzahl: Kennzahl
    geschlecht: Geschlecht
    bis: date
    plaetze: tuple[Platz, ...]
    datenstaende: tuple[Datenstand, ...]
    im_typ: Mapping[str, int]  # how many Jobcenter of each Vergleichstyp have a place

    def wert(self, platz: Platz) -> Decimal:
        wert = wert_of(self.kennzahl, platz.zaehler, platz.nenner)
        assert wert is not None
        return wert

    def of(self, jobcenter: Jobcenter) -> Platz | None:
        return next((platz for platz in self.plaetze if platz.jobcenter_id == jobcenter.pk), None)

    def quantil(self, teil: int, von: int = 4) -> Decimal | None:
        """The value below which teil/von of all lie: quantil(1, 2) is the median, the mean of the two middle ones if need be."""
        if not self.plaetze:
            return None
        werte = sorted(self.wert(platz) for platz in self.plaetze)
        place, rest = divmod((len(werte) - 1) * teil, von)
        return werte[place] if not rest else werte[place] + (werte[place + 1] - werte[place]) * rest / von


def read_rangliste(
    kennzahl: Kennzahl, *, bis: date, geschlecht: Geschlecht = Geschlecht.INSGESAMT, unter: Vergleichsgruppe | None = None
) -> Rangliste:
    """All Jobcenter with a value for the month of `bis`; with `unter` only those of a group. Three queries.

    Jobcenter that have become part of another are counted in it, when all of them have a value (fiktiver Gebietsstand).
    """
    return read_ranglisten([kennzahl], bis=bis, geschlecht=geschlecht, unter=unter)[kennzahl.code]


def read_ranglisten(
    kennzahlen: Sequence[Kennzahl], *, bis: date, geschlecht: Geschlecht = Geschlecht.INSGESAMT, unter: Vergleichsgruppe | None = None
) -> dict[str, Rangliste]:
    """Several Kennzahlen of one month, under their codes. Three queries."""
    von, bis = month_bounds(bis)
    vorrang = read_vorrang(von, bis)
    values = _values(kennzahlen, geschlecht, von, bis, vorrang)
    jobcenter = list(_jobcenter(bis, unter))
    found = {}
    for kennzahl in kennzahlen:
        known = values.get(kennzahl.pk, {})
        plaetze, used = tuple(_rank(kennzahl, jobcenter, known)), {value[0] for value in known.values()}
        found[kennzahl.code] = Rangliste(
            kennzahl=kennzahl,
            geschlecht=geschlecht,
            bis=bis,
            plaetze=plaetze,
            datenstaende=tuple(vorrang.staende[pk] for pk in vorrang.ids if pk in used),
            im_typ=Counter(platz.typ for platz in plaetze if platz.typ),
        )
    return found


def _rank(kennzahl: Kennzahl, jobcenter: list[Any], values: Mapping[int, tuple[int, int, int | None]]) -> Iterable[Platz]:
    rows = _merge(jobcenter, values)
    lower_is_better = kennzahl.richtung == Richtung.NIEDRIGER
    return _places(sorted(((-_fine(z, n) if not lower_is_better else _fine(z, n)), row, z, n) for row, z, n in rows))


def _values(
    kennzahlen: Sequence[Kennzahl], geschlecht: Geschlecht, von: date, bis: date, vorrang: Vorrang
) -> dict[int, dict[int, tuple[int, int, int | None]]]:
    """Kennzahl → Jobcenter → Datenstand, Zähler, Nenner of the Datenstand that counts most; what it hides is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT kennzahl_id, jobcenter_id, datenstand_id, zaehler, nenner FROM (
                 SELECT DISTINCT ON (kennzahl_id, jobcenter_id) kennzahl_id, jobcenter_id, datenstand_id, zaehler, nenner, gesperrt
                   FROM kennzahlen_messwert
                  WHERE kennzahl_id = ANY(%s) AND geschlecht = %s AND bis = %s AND von = %s AND datenstand_id = ANY(%s)
                  ORDER BY kennzahl_id, jobcenter_id, array_position(%s, datenstand_id)) best
                WHERE zaehler IS NOT NULL AND NOT gesperrt""",
            [[kennzahl.pk for kennzahl in kennzahlen], geschlecht.value, bis, von, list(vorrang.ids), list(vorrang.ids)],
        )
        found: dict[int, dict[int, tuple[int, int, int | None]]] = defaultdict(dict)
        for kennzahl, jobcenter, datenstand, zaehler, nenner in cursor.fetchall():
            found[kennzahl][jobcenter] = datenstand, zaehler, nenner
    return found


def _jobcenter(day: date, unter: Vergleichsgruppe | None) -> Iterable[Any]:
    """(id, Trägernummer, name, Land, Typ, id of the successor) of every Jobcenter, or of those of a group."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT j.id, j.traegernummer, j.name, coalesce(max(g.name) FILTER (WHERE g.art = %s), ''),
                      coalesce(max(g.name) FILTER (WHERE g.art = %s), ''), j.nachfolger_id
                 FROM kennzahlen_jobcenter j
                 LEFT JOIN kennzahlen_zugehoerigkeit z ON z.jobcenter_id = j.id AND z.zeitraum @> %s::date
                 LEFT JOIN kennzahlen_vergleichsgruppe g ON g.id = z.gruppe_id
                GROUP BY j.id HAVING %s::bigint IS NULL OR bool_or(g.id = %s)""",
            [Gruppenart.LAND, Gruppenart.TYP, day, unter.pk if unter else None, unter.pk if unter else None],
        )
        return cursor.fetchall()


def _merge(jobcenter: list[Any], values: Mapping[int, tuple[int, int, int | None]]) -> list[tuple[Any, int, int | None]]:
    parts: dict[int, list[int]] = {}
    for row in jobcenter:
        if row[5] is not None:
            parts.setdefault(row[5], []).append(row[0])
    found = []
    for row in jobcenter:
        if row[5] is not None:
            continue
        if value := values.get(row[0]):
            found.append((row, value[1], value[2]))
        elif (known := parts.get(row[0])) and all(one in values for one in known):
            nenner = [values[one][2] for one in known]
            summe = None if None in nenner else sum(one for one in nenner if one is not None)
            found.append((row, sum(values[one][1] for one in known), summe))
    return found


def _fine(zaehler: int, nenner: int | None) -> int:
    return zaehler * FINE // nenner if nenner else zaehler * FINE


def _places(rated: list[Any]) -> Iterable[Platz]:
    last, place = None, 0
    in_typ: dict[str, tuple[int, int, int | None]] = {}  # Typ → how many so far, place of the last one, its rate
    for index, (rate_, row, zaehler, nenner) in enumerate(rated, start=1):
        if rate_ != last:
            last, place = rate_, index
        typ, rang_im_typ = row[4], None
        if typ:
            count, before, rate_before = in_typ.get(typ, (0, 0, None))
            rang_im_typ = before if rate_ == rate_before else count + 1
            in_typ[typ] = count + 1, rang_im_typ, rate_
        yield Platz(row[0], row[1], row[2], zaehler, nenner, place, rang_im_typ, row[3], typ)
