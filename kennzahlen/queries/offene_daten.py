"""One Kennzahl as open data: a table with fixed columns, and the fingerprint that says whether it has changed.

Three tables: the current values of our Jobcenter beside its groups; only the figures that we count ourselves; and every
Datenstand of our Jobcenter. Nothing leaves that a page would hide: where the current value is hidden, so is what was said before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Max, Min

from jobcenter.common import clock
from kennzahlen.enums import Einheit, Geschlecht, Kennzeichen, Lizenz, Quellenart, Reife
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Messwert
from kennzahlen.queries.datenstand import Vorrang, read_vorrang, visible_datenstaende
from kennzahlen.queries.reihe import Punkt, Reihe, read_gruppenreihen, read_reihen, reife_of

ANFANG = date(2005, 1, 1)  # the SGB II came into force
STELLEN = 6  # decimal places of what does not end
LIZENZ_URL = {
    Lizenz.DL_DE_BY: "https://www.govdata.de/dl-de/by-2-0",
    Lizenz.BA: "https://statistik.arbeitsagentur.de/DE/Home/Service/Impressum/impressum_node.html",
    Lizenz.ZITAT: "https://www.gesetze-im-internet.de/urhg/__51.html",
}
OWN_COMPUTING = "eigene Berechnung nach: "  # the terms of the Bundesagentur ask for it


class Tabelle(Enum):
    REIHE = "reihe"
    EIGENE = "eigene"
    REVISIONEN = "revisionen"


class Datenzeile(NamedTuple):
    """One line, its fields the columns in their order. A hidden value keeps its line, without numbers."""

    traegernummer: str  # empty for a group
    jobcenter: str  # empty for a group
    gruppe: str  # "bund:…", "land:…", "typ:…"; empty for our Jobcenter
    berichtsmonat: str  # YYYY-MM, the month of `bis`
    von: date
    bis: date
    kennzahl: str
    geschlecht: str
    zaehler: int | None
    nenner: Decimal | None
    wert: Decimal | None
    kennzeichen: str
    reife: str
    datenstand: date
    quelle: str
    lizenz: str


@dataclass(frozen=True)
class Fingerabdruck:
    """What a table consists of, without reading its values: equal as long as no value came, went or was summed anew."""

    teile: tuple[Any, ...]
    geaendert: datetime | date | None


class _Version(NamedTuple):
    geschlecht: str
    bis: date
    von: date
    datenstand_id: int
    zaehler: int | None
    nenner: int | None
    zitat: Decimal | None
    kennzeichen: str

    @property
    def cell(self) -> tuple[date, date, str]:
        return self.bis, self.von, self.geschlecht


def _versions_sql(jobcenter: str = "%(jobcenter)s", ids: str = "%(ids)s::bigint[]") -> str:
    """Of one Jobcenter and Kennzahl: months by the key; other periods, which only small Datenstände have, from their partition."""
    columns = """m.geschlecht, m.bis, m.von, m.datenstand_id, m.zaehler, m.nenner, m.zitat,
         CASE WHEN m.kennzeichen <> '' THEN m.kennzeichen WHEN m.gesperrt THEN 'geheim' ELSE '' END AS kennzeichen"""
    return f"""
  SELECT {columns}
    FROM generate_series(%(anfang)s::date, %(ende)s::date, interval '1 month') x (tag), unnest(%(geschlechter)s::text[]) g (code),
         kennzahlen_messwert m
   WHERE m.kennzahl_id = %(kennzahl)s AND m.geschlecht = g.code AND m.bis = (x.tag + interval '1 month - 1 day')::date
     AND m.von = x.tag::date AND m.jobcenter_id = {jobcenter} AND m.datenstand_id = ANY({ids})
  UNION ALL
  SELECT {columns}
    FROM kennzahlen_messwert m
   WHERE m.kennzahl_id = %(kennzahl)s AND m.jobcenter_id = {jobcenter} AND m.datenstand_id < %(gross)s AND m.datenstand_id = ANY({ids})
     AND NOT (m.von = date_trunc('month', m.bis)::date AND m.bis = (m.von + interval '1 month - 1 day')::date
              AND m.von BETWEEN %(anfang)s AND %(ende)s)"""


@dataclass(frozen=True)
class OffeneReihe:
    """One Kennzahl of our Jobcenter, ready to be written in any format."""

    kennzahl: Kennzahl

    # --- has it changed? -----------------------------------------------------------------------------------------
    def read_fingerabdruck(self, tabelle: Tabelle) -> Fingerabdruck:
        """One query, over keys only."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""WITH eigenes AS (SELECT id, name FROM kennzahlen_jobcenter WHERE traegernummer = %(nummer)s),
                sichtbar AS (
                  SELECT d.id, d.tag, q.herausgeber, q.titel, q.lizenz, q.art, l.entschieden_am
                    FROM kennzahlen_datenstand d JOIN kennzahlen_quelle q ON q.id = d.quelle_id
                    LEFT JOIN kennzahlen_datenlieferung l ON l.datenstand_id = d.id
                   WHERE q.art <> 'presse' AND l.zustand IS DISTINCT FROM 'zurueckgezogen'),
                betroffen AS (SELECT id FROM kennzahlen_jobcenter
                               WHERE id IN (SELECT id FROM eigenes) OR nachfolger_id IN (SELECT id FROM eigenes)),
                werte AS (
                  SELECT v.datenstand_id, b.id AS jobcenter_id, count(*) AS anzahl
                    FROM betroffen b CROSS JOIN LATERAL ({_versions_sql("b.id", "ARRAY(SELECT id FROM sichtbar)")}) v
                   GROUP BY v.datenstand_id, b.id),
                summen AS (
                  SELECT s.datenstand_id, g.id, g.art || ':' || g.code AS gruppe, count(*) AS anzahl, sum(s.zaehler) AS zaehler,
                         sum(s.nenner) AS nenner, sum(s.anzahl) AS jobcenter
                    FROM kennzahlen_zugehoerigkeit z JOIN eigenes ON eigenes.id = z.jobcenter_id
                    JOIN kennzahlen_vergleichsgruppe g ON g.id = z.gruppe_id
                    JOIN kennzahlen_gruppensumme s ON s.gruppe_id = g.id AND s.kennzahl_id = %(kennzahl)s
                   WHERE z.zeitraum @> %(heute)s::date AND %(mit_gruppen)s
                   GROUP BY s.datenstand_id, g.id)
                SELECT s.id, s.tag, s.herausgeber, s.titel, s.lizenz, s.art, w.jobcenter_id, w.anzahl, eigenes.name, NULL, NULL, NULL,
                       s.entschieden_am
                  FROM werte w JOIN sichtbar s ON s.id = w.datenstand_id CROSS JOIN eigenes
                UNION ALL
                SELECT s.id, s.tag, s.herausgeber, s.titel, s.lizenz, s.art, u.id, u.anzahl, u.gruppe, u.zaehler, u.nenner,
                       u.jobcenter, s.entschieden_am
                  FROM summen u JOIN sichtbar s ON s.id = u.datenstand_id
                UNION ALL
                SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, max(entschieden_am)
                  FROM kennzahlen_datenlieferung WHERE zustand = 'zurueckgezogen'
                 ORDER BY 1, 7, 9""",
                self._parameters() | {"nummer": _nummer(), "heute": _ende(), "mit_gruppen": tabelle is Tabelle.REIHE},
            )
            *rows, withdrawn = cursor.fetchall()
        if tabelle is Tabelle.EIGENE:
            rows = [row for row in rows if row[5] == Quellenart.EIGENE_ERHEBUNG]
        moments = [row[-1] or row[1] for row in [*rows, withdrawn] if row[-1] or row[1]]
        return Fingerabdruck(tuple(row[:-1] for row in rows), max(moments, key=date.isoformat, default=None))

    # --- the lines -----------------------------------------------------------------------------------------------
    def read_zeilen(self, tabelle: Tabelle) -> Iterator[Datenzeile]:
        """Oldest first. The series: at most one line per period, sex and group. Revisions may be many: they stream."""
        if self.jobcenter is None:
            return
        if tabelle is Tabelle.EIGENE:
            yield from (lines[0] for lines in self._cells(self._own_vorrang))
        elif tabelle is Tabelle.REVISIONEN:
            for lines in self._cells(self._vorrang):
                yield from reversed(lines)
        else:
            yield from self._series(self.jobcenter)

    @cached_property
    def jobcenter(self) -> Jobcenter | None:
        return Jobcenter.objects.filter(traegernummer=_nummer()).first()

    @cached_property
    def _vorrang(self) -> Vorrang:
        return read_vorrang()

    @property
    def _own_vorrang(self) -> Vorrang:
        staende = self._vorrang.staende
        own = (pk for pk in self._vorrang.ids if staende[pk].quelle.art == Quellenart.EIGENE_ERHEBUNG)
        return Vorrang(tuple(own), staende)

    def _series(self, jobcenter: Jobcenter) -> Iterator[Datenzeile]:
        known = set()
        for lines in self._cells(self._vorrang):
            known.add((lines[0].bis, lines[0].von, lines[0].geschlecht))
            yield lines[0]
        bis, months = _ende(), (_ende().year - ANFANG.year) * 12 + _ende().month
        eigene = read_reihen([self.kennzahl], jobcenter, bis=bis, geschlechter=tuple(Geschlecht), monate=months)
        for reihe in eigene.values():  # months before a Gebietsreform, summed over those that became this Jobcenter
            yield from (
                line
                for punkt, line in self._points(reihe)
                if punkt.fiktiver_gebietsstand and (punkt.bis, punkt.von, line.geschlecht) not in known
            )
        for geschlecht in Geschlecht:
            for gruppe in read_gruppenreihen(self.kennzahl, jobcenter, bis=bis, geschlecht=geschlecht, monate=months):
                yield from (line for punkt, line in self._points(gruppe) if (punkt.anzahl or 0) > 1)

    def _points(self, reihe: Reihe) -> Iterator[tuple[Punkt, Datenzeile]]:
        for punkt in reihe.punkte:
            datenstand = punkt.datenstand
            if datenstand is None:
                continue
            hidden = Kennzeichen.GEHEIM.value if punkt.geheim else ""
            reife = punkt.reife.value if punkt.reife else ""
            values = (None, None) if punkt.geheim else (punkt.zaehler, punkt.nenner)
            version = _Version(reihe.geschlecht.value, punkt.bis, punkt.von, datenstand.pk, *values, None, hidden)
            yield punkt, self._line(version, reife, datenstand, reihe if reihe.gruppe else None, computed=True)

    def _cells(self, vorrang: Vorrang) -> Iterator[list[Datenzeile]]:
        """All lines of a period and sex, the one that counts most first; alone where that one is hidden."""
        for _, group in groupby(self._versions(vorrang), key=lambda version: version.cell):
            versions = list(group)
            if versions[0].kennzeichen:
                versions = versions[:1]
            shown = [one for one in versions if not one.kennzeichen] or versions
            yield [
                self._line(one, self._reife(one, shown[index + 1 :], vorrang), vorrang.staende[one.datenstand_id])
                for index, one in enumerate(shown)
            ]

    def _versions(self, vorrang: Vorrang) -> Iterator[_Version]:
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT * FROM ({_versions_sql()}) v ORDER BY bis, von, array_position(%(geschlechter)s::text[], geschlecht::text), "
                "array_position(%(ids)s::bigint[], datenstand_id::bigint)",
                self._parameters() | {"jobcenter": self.jobcenter and self.jobcenter.pk, "ids": list(vorrang.ids)},
            )
            while rows := cursor.fetchmany(2000):
                yield from map(_Version._make, rows)

    def _parameters(self) -> dict[str, Any]:
        return {
            "anfang": ANFANG,
            "ende": _ende().replace(day=1),
            "geschlechter": [one.value for one in Geschlecht],
            "kennzahl": self.kennzahl.pk,
            "gross": Datenstand.FIRST_LARGE,
        }

    # --- one line ------------------------------------------------------------------------------------------------
    def _reife(self, version: _Version, earlier: Iterable[_Version], vorrang: Vorrang) -> str:
        """Revised where the same source had called something else final before."""
        stand = vorrang.staende[version.datenstand_id]
        reife = reife_of(self.kennzahl, version.von, stand)
        if version.kennzeichen:
            return ""
        for other in earlier:
            before = vorrang.staende[other.datenstand_id]
            differs = exact_wert(self.kennzahl, other.zaehler, other.nenner) != exact_wert(self.kennzahl, version.zaehler, version.nenner)
            if (
                reife is Reife.ENDGUELTIG
                and before.quelle_id == stand.quelle_id
                and reife_of(self.kennzahl, version.von, before) is Reife.ENDGUELTIG
                and differs
            ):
                return Reife.REVIDIERT.value
        return reife.value

    def _line(
        self, version: _Version, reife: str, datenstand: Datenstand, gruppe: Reihe | None = None, *, computed: bool = False
    ) -> Datenzeile:
        hidden = bool(version.kennzeichen)
        ours = None if gruppe else self.jobcenter
        wert = exact_wert(self.kennzahl, version.zaehler, version.nenner)
        return Datenzeile(
            traegernummer=ours.traegernummer if ours else "",
            jobcenter=ours.name if ours else "",
            gruppe=f"{gruppe.gruppe.art}:{gruppe.gruppe.code}" if gruppe and gruppe.gruppe else "",
            berichtsmonat=f"{version.bis:%Y-%m}",
            von=version.von,
            bis=version.bis,
            kennzahl=self.kennzahl.code,
            geschlecht=version.geschlecht,
            zaehler=None if hidden else version.zaehler,
            nenner=None if hidden or version.nenner is None else as_decimal(Fraction(version.nenner, self.kennzahl.nenner_teiler)),
            wert=None if hidden else version.zitat if wert is None else as_decimal(wert),
            kennzeichen=version.kennzeichen,
            reife=reife,
            datenstand=datenstand.tag,
            quelle=f"{OWN_COMPUTING if computed else ''}{datenstand.quelle}",
            lizenz=LIZENZ_URL[Lizenz(datenstand.quelle.lizenz)],
        )


def exact_wert(kennzahl: Kennzahl, zaehler: int | None, nenner: int | None) -> Fraction | None:
    """In the unit of the Kennzahl; None where it cannot be computed."""
    if zaehler is None:
        return None
    if kennzahl.einheit in {Einheit.ANZAHL, Einheit.CENT}:
        return Fraction(zaehler)
    if not nenner:
        return None
    percent = Fraction(zaehler * kennzahl.nenner_teiler * 100, nenner)
    return percent - 100 if kennzahl.einheit == Einheit.VERAENDERUNG else percent


def as_decimal(value: Fraction) -> Decimal:
    """Exact where six places hold it, else rounded half up to them. A Nenner times its Teiler is a whole number again."""
    scaled = abs(value) * 10**STELLEN
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    text = f"{whole // 10**STELLEN}.{whole % 10**STELLEN:0{STELLEN}d}".rstrip("0").rstrip(".")
    return Decimal(f"-{text}" if value < 0 and whole else text)


def find_kennzahl(code: str) -> Kennzahl | None:
    """By its Kürzel, which knows capital letters. One query."""
    return Kennzahl.objects.filter(code=code).first()


@dataclass(frozen=True)
class EigeneKennzahl:
    """A Kennzahl of which we count figures ourselves, under an open licence: what a catalogue says about it."""

    kennzahl: Kennzahl
    von: date
    bis: date
    stand: date


def list_eigene_kennzahlen() -> list[EigeneKennzahl]:
    """Kennzahlen that have published figures of our own, by Kürzel. Three queries."""
    own = visible_datenstaende().filter(quelle__art=Quellenart.EIGENE_ERHEBUNG, quelle__lizenz=Lizenz.DL_DE_BY)
    tage = dict(own.values_list("pk", "tag"))
    rows = Messwert.objects.published().filter(datenstand_id__in=list(tage), jobcenter__traegernummer=_nummer())
    found: dict[int, list[tuple[date, date, date]]] = {}
    for kennzahl_id, datenstand_id, von, bis in (
        rows.values_list("kennzahl_id", "datenstand_id").annotate(Min("von"), Max("bis")).order_by()
    ):
        found.setdefault(kennzahl_id, []).append((von, bis, tage[datenstand_id]))
    return [
        EigeneKennzahl(kennzahl, min(one[0] for one in parts), max(one[1] for one in parts), max(one[2] for one in parts))
        for kennzahl in Kennzahl.objects.filter(pk__in=found).order_by("code")
        if (parts := found[kennzahl.pk])
    ]


def _nummer() -> str:
    return settings.INSTANZ.jobcenter.traegernummer


def _ende() -> date:
    return clock.today()
