"""One Kennzahl of one Jobcenter over the months, beside the groups it is compared with. A fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db import connection

from jobcenter.common import clock
from kennzahlen.enums import Geschlecht, Gruppenart, Quellenart, Reife
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Vergleichsgruppe, month_bounds, rate
from kennzahlen.queries.datenstand import Vorrang, read_vorrang
from kennzahlen.queries.formeln import REIFE, add_months, reif_am

TEN_YEARS = 120  # months
ENOUGH_TO_COMPARE = 2


class Punkt(NamedTuple):
    """A month of a series. Nothing is guessed: without a value `wert` is None, and `geheim` says whether there is one."""

    von: date
    bis: date
    zaehler: int | None = None
    nenner: int | None = None  # in parts of kennzahl.nenner_teiler
    wert: Decimal | None = None
    geheim: bool = False
    reife: Reife | None = None
    frueher: Decimal | None = None  # what was published as final before it was revised
    datenstand: Datenstand | None = None
    anzahl: int | None = None  # Jobcenter in a sum
    fiktiver_gebietsstand: bool = False  # summed over the Jobcenter that later became this one


@dataclass(frozen=True)
class Reihe:
    name: str
    kennzahl: Kennzahl
    geschlecht: Geschlecht
    punkte: tuple[Punkt, ...]
    gruppe: Vergleichsgruppe | None = None

    @property
    def letzter(self) -> Punkt | None:
        return next((punkt for punkt in reversed(self.punkte) if punkt.wert is not None), None)

    @property
    def bekannte(self) -> tuple[Punkt, ...]:
        return tuple(punkt for punkt in self.punkte if punkt.wert is not None)

    def nearest(self, monat: date | None) -> Punkt | None:
        """The month with a value that is nearest to the one asked for, the later of two; the newest when none is asked for."""
        if monat is None:
            return self.letzter
        return min(self.bekannte, key=lambda punkt: (abs((punkt.von - monat).days), -punkt.von.toordinal()), default=None)

    def at(self, bis: date) -> Punkt | None:
        return next((punkt for punkt in self.punkte if punkt.bis == bis), None)

    def vorjahr(self, punkt: Punkt) -> Punkt | None:
        """The same month a year earlier, when it has a value."""
        before = self.at(month_bounds(add_months(punkt.von, -12))[1])
        return before if before and before.wert is not None else None


@dataclass(frozen=True)
class Vergleichsreihen:
    """Our series and those of the Bund, the Land and the Vergleichstyp, as sums of Zähler and Nenner."""

    eigene: Reihe
    gruppen: tuple[Reihe, ...]

    @property
    def alle(self) -> tuple[Reihe, ...]:
        return (self.eigene, *self.gruppen)


def read_reihe(
    kennzahl: Kennzahl, jobcenter: Jobcenter, *, bis: date, geschlecht: Geschlecht = Geschlecht.INSGESAMT, monate: int = TEN_YEARS
) -> Reihe:
    """The months up to the one of `bis`, oldest first. Three queries."""
    months = list_months(bis, monate)
    vorrang = read_vorrang(months[0][0], months[-1][1])
    return _eigene(kennzahl, jobcenter, geschlecht, months, vorrang)


def read_reihen(
    kennzahlen: Sequence[Kennzahl],
    jobcenter: Jobcenter,
    *,
    bis: date,
    geschlechter: Sequence[Geschlecht] = (Geschlecht.INSGESAMT,),
    monate: int = TEN_YEARS,
) -> dict[tuple[str, Geschlecht], Reihe]:
    """Several Kennzahlen and sexes at once, under code and sex. Three queries."""
    months = list_months(bis, monate)
    return _eigene_alle(kennzahlen, jobcenter, geschlechter, months, read_vorrang(months[0][0], months[-1][1]))


def read_vergleichsreihen(
    kennzahl: Kennzahl, jobcenter: Jobcenter, *, bis: date, geschlecht: Geschlecht = Geschlecht.INSGESAMT, monate: int = TEN_YEARS
) -> Vergleichsreihen:
    """As `read_reihe`, with the groups to which the Jobcenter belongs now. Five queries."""
    months = list_months(bis, monate)
    vorrang = read_vorrang(months[0][0], months[-1][1])
    eigene = _eigene(kennzahl, jobcenter, geschlecht, months, vorrang)
    gruppen = {gruppe.pk: gruppe for gruppe in read_gruppen(jobcenter, months[-1][1])}
    return Vergleichsreihen(eigene, tuple(_summen(kennzahl, gruppen, geschlecht, months, vorrang)))


def read_gruppenreihen(
    kennzahl: Kennzahl, jobcenter: Jobcenter, *, bis: date, geschlecht: Geschlecht = Geschlecht.INSGESAMT, monate: int = TEN_YEARS
) -> tuple[Reihe, ...]:
    """The groups of a Jobcenter alone: Bund, Land, Vergleichstyp. Three queries."""
    months = list_months(bis, monate)
    gruppen = {gruppe.pk: gruppe for gruppe in read_gruppen(jobcenter, months[-1][1])}
    return tuple(_summen(kennzahl, gruppen, geschlecht, months, read_vorrang(months[0][0], months[-1][1])))


def read_gruppen(jobcenter: Jobcenter, day: date) -> list[Vergleichsgruppe]:
    """The groups of a Jobcenter on a day: Bund, Land, Vergleichstyp. One query."""
    rows = _rows(
        """SELECT g.id, g.art, g.code, g.name FROM kennzahlen_vergleichsgruppe g JOIN kennzahlen_zugehoerigkeit z ON z.gruppe_id = g.id
            WHERE z.jobcenter_id = %s AND z.zeitraum @> %s::date ORDER BY array_position(%s, g.art::text)""",
        jobcenter.pk,
        day,
        [Gruppenart.BUND.value, Gruppenart.LAND.value, Gruppenart.TYP.value],
    )
    return [Vergleichsgruppe(pk=pk, art=art, code=code, name=name) for pk, art, code, name in rows]


def newest_month(kennzahl: Kennzahl, jobcenter: Jobcenter) -> date | None:
    """The last day of the newest month that has a value to show. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT max(bis) FROM kennzahlen_messwert m WHERE kennzahl_id = %s AND geschlecht = 'I' AND jobcenter_id = %s
                 AND NOT gesperrt AND kennzeichen = '' AND zitat IS NULL
                 AND bis > %s AND von = date_trunc('month', bis)::date
                 AND NOT EXISTS (SELECT FROM kennzahlen_datenlieferung l
                                  WHERE l.datenstand_id = m.datenstand_id AND l.zustand = 'zurueckgezogen')
                 AND NOT EXISTS (SELECT FROM kennzahlen_datenstand d JOIN kennzahlen_quelle q ON q.id = d.quelle_id
                                  WHERE d.id = m.datenstand_id AND q.art = 'presse')""",
            [kennzahl.pk, jobcenter.pk, add_months(clock.today().replace(day=1), -TEN_YEARS)],
        )
        return cursor.fetchone()[0]


def list_months(bis: date, monate: int) -> list[tuple[date, date]]:
    """First and last day of so many months, oldest first; the last one is that of `bis`."""
    last = bis.replace(day=1)
    return [month_bounds(add_months(last, -back)) for back in reversed(range(monate))]


def reife_of(kennzahl: Kennzahl, von: date, datenstand: Datenstand) -> Reife:
    """Whether a value is final: after the Wartezeit of three months (K2E3: nine), and not stated as an estimate."""
    if datenstand.quelle.art == Quellenart.BA_HOCHGERECHNET:
        return Reife.HOCHGERECHNET
    if kennzahl.code not in REIFE:
        return Reife.ENDGUELTIG
    return Reife.ENDGUELTIG if datenstand.tag >= reif_am(kennzahl.code, von) else Reife.HOCHGERECHNET


# --- our own ----------------------------------------------------------------------------------------------------
def _eigene(
    kennzahl: Kennzahl, jobcenter: Jobcenter, geschlecht: Geschlecht, months: Sequence[tuple[date, date]], vorrang: Vorrang
) -> Reihe:
    return _eigene_alle([kennzahl], jobcenter, [geschlecht], months, vorrang)[kennzahl.code, geschlecht]


def _eigene_alle(
    kennzahlen: Sequence[Kennzahl],
    jobcenter: Jobcenter,
    geschlechter: Sequence[Geschlecht],
    months: Sequence[tuple[date, date]],
    vorrang: Vorrang,
) -> dict[tuple[str, Geschlecht], Reihe]:
    vorgaenger = [row[0] for row in _rows("SELECT id FROM kennzahlen_jobcenter WHERE nachfolger_id = %s", jobcenter.pk)]
    rows = _rows(
        """SELECT kennzahl_id, geschlecht, bis, jobcenter_id, datenstand_id, zaehler, nenner, gesperrt OR kennzeichen = 'geheim'
             FROM kennzahlen_messwert
            WHERE kennzahl_id = ANY(%s) AND bis = ANY(%s::date[]) AND jobcenter_id = ANY(%s) AND geschlecht = ANY(%s)
              AND von = date_trunc('month', bis)::date AND datenstand_id = ANY(%s::bigint[])""",
        [kennzahl.pk for kennzahl in kennzahlen],
        _days(months),
        [jobcenter.pk, *vorgaenger],
        [geschlecht.value for geschlecht in geschlechter],
        vorrang.als_feld,
    )
    found: dict[tuple[int, str], dict[tuple[date, int], list[Any]]] = {}
    for kennzahl_id, wort, bis, whose, *rest in rows:
        found.setdefault((kennzahl_id, wort), {}).setdefault((bis, whose), []).append(rest)
    rang = {pk: index for index, pk in enumerate(vorrang.ids)}
    reihen = {}
    for kennzahl in kennzahlen:
        for geschlecht in geschlechter:
            known = found.get((kennzahl.pk, geschlecht.value), {})
            for versions in known.values():
                versions.sort(key=lambda row: rang[row[0]])
            monate = _Monate(kennzahl, jobcenter.pk, vorgaenger, vorrang, known)
            punkte = tuple(monate.read(von, bis) for von, bis in months)
            reihen[kennzahl.code, geschlecht] = Reihe(name=str(jobcenter), kennzahl=kennzahl, geschlecht=geschlecht, punkte=punkte)
    return reihen


@dataclass(frozen=True)
class _Monate:
    """What is known of the months of one Jobcenter: every version, the one that counts most first."""

    kennzahl: Kennzahl
    jobcenter: int
    vorgaenger: Sequence[int]
    vorrang: Vorrang
    found: Mapping[tuple[date, int], list[Any]]

    def read(self, von: date, bis: date) -> Punkt:
        if versions := self.found.get((bis, self.jobcenter)):
            return self._own(von, bis, versions)
        parts = [self.found[bis, one][0] for one in self.vorgaenger if (bis, one) in self.found]
        if not self.vorgaenger or len(parts) < len(self.vorgaenger):
            return Punkt(von, bis)
        return self._summe(von, bis, parts)

    def _own(self, von: date, bis: date, versions: list[Any]) -> Punkt:
        datenstand_id, zaehler, nenner, geheim = versions[0]
        datenstand = self.vorrang.staende[datenstand_id]
        if geheim:
            return Punkt(von, bis, geheim=True, datenstand=datenstand)
        wert, reife = wert_of(self.kennzahl, zaehler, nenner), reife_of(self.kennzahl, von, datenstand)
        frueher = self._revised(von, wert, versions[1:], datenstand)
        if frueher is not None and reife is Reife.ENDGUELTIG:
            reife = Reife.REVIDIERT
        return Punkt(von, bis, zaehler, nenner, wert, reife=reife, frueher=frueher, datenstand=datenstand)

    def _revised(self, von: date, wert: Decimal | None, earlier: list[Any], datenstand: Datenstand) -> Decimal | None:
        """What the same source had called final before, when it was something else."""
        for other, zaehler, nenner, geheim in earlier:
            stand = self.vorrang.staende[other]
            same_source = stand.quelle_id == datenstand.quelle_id and reife_of(self.kennzahl, von, stand) is Reife.ENDGUELTIG
            if same_source and not geheim and (before := wert_of(self.kennzahl, zaehler, nenner)) != wert:
                return before
        return None

    def _summe(self, von: date, bis: date, parts: list[Any]) -> Punkt:
        if any(part[3] for part in parts):
            return Punkt(von, bis, geheim=True, fiktiver_gebietsstand=True)
        if any(part[1] is None for part in parts):
            return Punkt(von, bis)
        zaehler = sum(part[1] for part in parts)
        nenner = None if any(part[2] is None for part in parts) else sum(part[2] for part in parts)
        datenstand = self.vorrang.staende[parts[0][0]]
        wert, reife = wert_of(self.kennzahl, zaehler, nenner), reife_of(self.kennzahl, von, datenstand)
        return Punkt(von, bis, zaehler, nenner, wert, reife=reife, datenstand=datenstand, fiktiver_gebietsstand=True)


def wert_of(kennzahl: Kennzahl, zaehler: int | None, nenner: int | None) -> Decimal | None:
    """In the unit of the Kennzahl, exact; None where something is missing."""
    if zaehler is None:
        return None
    if not kennzahl.ist_quote:
        return Decimal(zaehler)
    return None if not nenner else rate(zaehler, nenner, kennzahl.einheit, kennzahl.nenner_teiler)


def quotient_of(kennzahl: Kennzahl, punkt: Punkt) -> Fraction | None:
    """The reading of the Verordnung: Z/N in per cent (98,6 instead of −1,4 for K1 and K3)."""
    if punkt.zaehler is None or not punkt.nenner:
        return None
    return Fraction(punkt.zaehler * kennzahl.nenner_teiler * 100, punkt.nenner)


# --- groups -----------------------------------------------------------------------------------------------------
def _summen(
    kennzahl: Kennzahl,
    gruppen: Mapping[int, Vergleichsgruppe],
    geschlecht: Geschlecht,
    months: Sequence[tuple[date, date]],
    vorrang: Vorrang,
) -> Iterable[Reihe]:
    """Of each month the Datenstand that counts most, unless it knows but a part of the group (less than half of the best known)."""
    rows = _rows(
        """SELECT DISTINCT ON (gruppe_id, bis) gruppe_id, bis, zaehler, nenner, anzahl, datenstand_id
             FROM kennzahlen_gruppensumme
            WHERE gruppe_id = ANY(%s) AND kennzahl_id = %s AND geschlecht = %s AND bis = ANY(%s::date[])
              AND von = date_trunc('month', bis)::date AND datenstand_id = ANY(%s::bigint[])
            ORDER BY gruppe_id, bis, anzahl * 2 < max(anzahl) OVER (PARTITION BY gruppe_id, bis),
                     array_position(%s::bigint[], datenstand_id)""",
        list(gruppen),
        kennzahl.pk,
        geschlecht.value,
        _days(months),
        vorrang.als_feld,
        vorrang.als_feld,
    )
    found = {(gruppe, bis): rest for gruppe, bis, *rest in rows}
    for pk, gruppe in gruppen.items():
        punkte = tuple(_gruppenpunkt(kennzahl, von, bis, found.get((pk, bis)), vorrang) for von, bis in months)
        yield Reihe(name=str(gruppe), kennzahl=kennzahl, geschlecht=geschlecht, punkte=punkte, gruppe=gruppe)


def _gruppenpunkt(kennzahl: Kennzahl, von: date, bis: date, row: Any, vorrang: Vorrang) -> Punkt:
    if row is None or row[2] < ENOUGH_TO_COMPARE:  # a sum of one is no comparison
        return Punkt(von, bis)
    zaehler, nenner, anzahl, datenstand_id = row
    datenstand = vorrang.staende[datenstand_id]
    wert = wert_of(kennzahl, zaehler, nenner)
    return Punkt(von, bis, zaehler, nenner, wert, reife=reife_of(kennzahl, von, datenstand), datenstand=datenstand, anzahl=anzahl)


def _days(months: Sequence[tuple[date, date]]) -> str:
    """The last days of the months as PostgreSQL writes an array: a driver takes far longer over a list of dates."""
    return "{" + ",".join(bis.isoformat() for _, bis in months) + "}"


def _rows(sql: str, *args: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.fetchall()
