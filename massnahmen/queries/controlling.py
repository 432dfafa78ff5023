"""What measures achieve and cost in a period, by measure, provider, instrument or target group. One query for rows and totals.

Months are grouped per measure first, then measures per row: the months are read once, and money planned for a measure is
not counted once per month. A measure for two target groups stands in both rows and once in the total.
"""

from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, TextChoices

from jobcenter.common import clock
from kennzahlen.queries.formeln import add_months
from massnahmen.models import Massnahme
from massnahmen.queries.kennwerte import Meldungssummen, Verbleibssummen, last_reif, window_of


class Gliederung(TextChoices):
    """What a row of the controlling page stands for."""

    MASSNAHME = "massnahme", "Maßnahme"
    TRAEGER = "traeger", "Träger"
    INSTRUMENT = "instrument", "Instrument"
    ZIELGRUPPE = "zielgruppe", "Zielgruppe"


_MEMBERS = "massnahmen_massnahme_zielgruppen"
_ROWS = {  # key, name, what joins it
    Gliederung.MASSNAHME: ("m.id", "m.titel", ""),
    Gliederung.TRAEGER: ("g.id", "coalesce(g.name, 'Ohne Träger')", "LEFT JOIN massnahmen_traeger g ON g.id = m.traeger_id"),
    Gliederung.INSTRUMENT: ("g.id", "coalesce(g.name, 'Ohne Instrument')", "LEFT JOIN massnahmen_instrument g ON g.id = m.instrument_id"),
    Gliederung.ZIELGRUPPE: (
        "g.id",
        "coalesce(g.name, 'Ohne Zielgruppe')",
        f"LEFT JOIN {_MEMBERS} mz ON mz.massnahme_id = m.id LEFT JOIN massnahmen_zielgruppe g ON g.id = mz.zielgruppe_id",
    ),
}
_MELDUNG = tuple(f.name for f in fields(Meldungssummen))
_SUMS = {"belegte_tage": "sum(CASE WHEN platztage > 0 THEN teilnahmetage END)"}
_VERBLEIB = ("austritte", "beschaeftigt", "nicht_arbeitslos")
_AUSTRITTE = "ist_austritte_regulaer + ist_austritte_arbeit + ist_austritte_abbruch + ist_austritte_sonstige"
_PARTS = (
    *(f"{part}_{name}" for part in ("ist", "vor") for name in _MELDUNG),
    *(f"{part}_{name}" for part in ("vb", "vbv") for name in (*_VERBLEIB, "gemeldet")),
    *("plan_eintritte", "plan_cent", "plan_massnahmen", "soll_gewicht", "soll_summe"),
)
SORTIERUNGEN = {
    "name": "name",
    "auslastung": "ist_belegte_tage::numeric / nullif(ist_platztage, 0)",
    "eintritte": "ist_eintritte",
    "kosten": "ist_kosten_cent",
    "je_monat": "ist_kosten_cent::numeric / nullif(ist_teilnahmetage, 0)",
    "abbruch": f"ist_austritte_abbruch::numeric / nullif({_AUSTRITTE}, 0)",
    "eingliederung": "vb_beschaeftigt::numeric / nullif(vb_austritte, 0)",
}


@dataclass(frozen=True)
class Zeitraum:
    """First and last month of a period."""

    von: date
    bis: date

    @property
    def vorjahr(self) -> "Zeitraum":
        """The same months a year before, as far as those of the period are over."""
        return Zeitraum(add_months(self.von, -12), add_months(self.faellig_bis, -12))

    @property
    def a_year_before(self) -> "Zeitraum":
        return Zeitraum(add_months(self.von, -12), add_months(self.bis, -12))

    @property
    def faellig_bis(self) -> date:
        """The last month of the period that is over: what is planned counts up to it."""
        return min(self.bis, add_months(clock.today().replace(day=1), -1))

    @property
    def austritte(self) -> "Zeitraum":
        """The twelve months whose exits the Eingliederungsquote counts: the newest in the period that are ripe."""
        return Zeitraum(*window_of(min(self.bis, last_reif())))


@dataclass(frozen=True)
class Plansummen:
    """What the programmes plan for the months that are over, rounded: a year's plan is spread evenly over its months in the term."""

    eintritte: int = 0
    kosten_cent: int = 0
    massnahmen: int = 0  # for how many measures there is a plan at all
    eingliederung: Fraction | None = None  # planned Eingliederungsquote of `Zeitraum.austritte`; of several by planned entries


@dataclass(frozen=True)
class Controllingzeile:
    """One row, or the total of all rows (pk and name empty). `geheim` names what must not be shown of it."""

    pk: int | None
    name: str
    massnahmen: int
    ist: Meldungssummen
    vor: Meldungssummen
    verbleib: Verbleibssummen
    verbleib_vor: Verbleibssummen
    plan: Plansummen
    geheim: frozenset[str] = frozenset()

    @property
    def selbst(self) -> "Controllingzeile":
        """For columns of a table, which read one attribute each."""
        return self


@dataclass(frozen=True)
class Controllingtafel:
    """A page of rows with the number and the total of all."""

    zeilen: tuple[Controllingzeile, ...]
    anzahl: int
    summe: Controllingzeile


LEER = Controllingzeile(None, "", 0, Meldungssummen(), Meldungssummen(), Verbleibssummen(), Verbleibssummen(), Plansummen())


def read_controlling(massnahmen: QuerySet[Massnahme], nach: Gliederung, zeitraum: Zeitraum, **wanted: Any) -> Controllingtafel:
    """Rows of those measures that have reports or a plan in the period or the year before, or exits that its quotas count. One query.

    `wanted` is what `compose_sql` takes.
    """
    try:
        sql, params = compose_sql(massnahmen, nach, zeitraum, **wanted)
    except EmptyResultSet:  # Django knows without asking that no measure is meant
        return Controllingtafel((), 0, LEER)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    [total] = (row for row in rows if row[3] is not None)
    return Controllingtafel(tuple(_read(row) for row in rows if row[3] is None), total[3], _read(total))


def compose_sql(
    massnahmen: QuerySet[Massnahme],
    nach: Gliederung,
    zeitraum: Zeitraum,
    *,
    sortierung: str = "",
    ab: int = 0,
    anzahl: int | None = None,
    auch_leere: bool = False,
) -> tuple[str, tuple[Any, ...]]:
    """The one statement and its parameters.

    `sortierung` is a name of SORTIERUNGEN, "-" in front turns it round; gaps come last either way. With `auch_leere` every
    measure has a row, though nothing is reported or planned.
    """
    key, name, join = _ROWS[nach]
    chosen, chosen_params = massnahmen.order_by().values("pk").query.sql_with_params()
    parts, params = _measure_parts(zeitraum)
    sums = ", ".join(f"coalesce(sum({part}), 0)::bigint AS {part}" for part in _PARTS)
    sql = f"""
    WITH {parts},
    m AS MATERIALIZED (
      SELECT id, titel, traeger_id, instrument_id, {_carry()}
      FROM massnahmen_massnahme LEFT JOIN ist USING (id) LEFT JOIN vor USING (id) LEFT JOIN vb USING (id) LEFT JOIN vbv USING (id)
        LEFT JOIN reif USING (id) LEFT JOIN reifv USING (id) LEFT JOIN plan USING (id) LEFT JOIN soll USING (id)
      WHERE id IN ({chosen}) AND coalesce(ist.da, vor.da, plan.da, reif.da, reifv.da, %s)
    ),
    zeilen AS MATERIALIZED (SELECT {key} AS pk, {name} AS name, count(*) AS massnahmen, {sums} FROM m {join} GROUP BY 1, 2)
    (SELECT NULL::bigint AS pk, '' AS name, count(*) AS massnahmen, (SELECT count(*) FROM zeilen) AS anzahl, {sums} FROM m)
    UNION ALL
    (SELECT pk, name, massnahmen, NULL, {", ".join(_PARTS)} FROM zeilen ORDER BY {_order(sortierung)} LIMIT %s OFFSET %s)
    """  # noqa: S608  # made of constants and of Django's own SQL; what comes from outside are parameters
    return sql, (*params, *chosen_params, auch_leere, anzahl, ab)


def _carry() -> str:
    names = [part for part in _PARTS if not part.endswith("_gemeldet")]
    return ", ".join([*names, "reif.gemeldet AS vb_gemeldet", "reifv.gemeldet AS vbv_gemeldet"])


def _order(sortierung: str) -> str:
    expression = SORTIERUNGEN.get(sortierung.removeprefix("-"), "name")
    return f"{expression} {'DESC' if sortierung.startswith('-') else 'ASC'} NULLS LAST, name, pk"


def _measure_parts(zeitraum: Zeitraum) -> tuple[str, tuple[Any, ...]]:
    """Everything that is summed up per measure, each read once."""
    before, exits = zeitraum.vorjahr, zeitraum.austritte
    texts: list[str] = []
    params: list[Any] = []
    for name, period in (("ist", zeitraum), ("vor", before)):
        sums = ", ".join(f"{_SUMS.get(column, f'sum({column})')}::bigint AS {name}_{column}" for column in _MELDUNG)
        texts.append(f"{name} AS (SELECT massnahme_id AS id, true AS da, {sums} {_FROM_MELDUNG})")
        params += [period.von, period.bis]
    for name, period in (("reif", exits), ("reifv", exits.a_year_before)):
        left = "sum(austritte_regulaer + austritte_arbeit + austritte_abbruch + austritte_sonstige)::bigint"
        texts.append(f"{name} AS (SELECT massnahme_id AS id, true AS da, {left} AS gemeldet {_FROM_MELDUNG} HAVING {left} > 0)")
        params += [period.von, period.bis]
    for name, period in (("vb", exits), ("vbv", exits.a_year_before)):
        sums = ", ".join(f"sum({column})::bigint AS {name}_{column}" for column in _VERBLEIB)
        texts.append(f"{name} AS (SELECT massnahme_id AS id, {sums} {_FROM_VERBLEIB})")
        params += [period.von, period.bis]
    due = zeitraum.faellig_bis
    for name, columns, von, bis in (("plan", _PLAN, zeitraum.von, due), ("soll", _SOLL, exits.von, exits.bis)):
        texts.append(f"{name} AS (SELECT id, {columns} {_FROM_PLAN})")
        params += [_month_number(von), _month_number(bis), von.year, bis.year]
    return ",\n".join(texts), tuple(params)


def _month_number(monat: date) -> int:
    return monat.year * 12 + monat.month - 1


_FROM_MELDUNG = "FROM massnahmen_monatsmeldung WHERE monat BETWEEN %s AND %s GROUP BY massnahme_id"
_FROM_VERBLEIB = "FROM massnahmen_verbleib WHERE monat BETWEEN %s AND %s GROUP BY massnahme_id"
# A year's plan is spread over the months that the measure's term has in this year; an open term has all that are left. After a
# notice the term that was agreed counts, up to the month of the early end: nobody plans a whole year's money for a quarter.
_PLAN = """true AS da, round(sum(anteil * eintritte))::bigint AS plan_eintritte, round(sum(anteil * cent))::bigint AS plan_cent,
    1 AS plan_massnahmen"""
# Weights are what is planned, not who left: a quota planned for a group would tell how many left which measure.
_GEWICHT = "round(1000 * anteil * greatest(eintritte, 1))"
_SOLL = f"""sum({_GEWICHT}) FILTER (WHERE prozent IS NOT NULL)::bigint AS soll_gewicht,
    sum({_GEWICHT} * prozent)::bigint AS soll_summe"""
_FROM_PLAN = """FROM (
    SELECT p.massnahme_id AS id, coalesce(p.geplante_eintritte, 0) AS eintritte, p.eingliederung_prozent AS prozent,
      coalesce((SELECT sum(f.betrag_cent) FROM massnahmen_finanzierung f WHERE f.position_id = p.id), 0) AS cent,
      greatest(least(t.bis, t.wirklich_bis, grenze.bis) - greatest(t.von, grenze.von) + 1, 0)::numeric / (t.bis - t.von + 1) AS anteil
    FROM massnahmen_programmposition p JOIN massnahmen_arbeitsmarktprogramm a ON a.id = p.programm_id
      JOIN massnahmen_massnahme x ON x.id = p.massnahme_id
      LEFT JOIN massnahmen_vertrag v ON v.massnahme_id = x.id AND v.gekuendigt_zum IS NOT NULL
      CROSS JOIN (SELECT %s::int AS von, %s::int AS bis) grenze
      CROSS JOIN LATERAL (
        SELECT greatest(coalesce(extract(year FROM x.beginn) * 12 + extract(month FROM x.beginn) - 1, 0), a.jahr * 12)::int AS von,
          least(coalesce(extract(year FROM e.bis) * 12 + extract(month FROM e.bis) - 1, 99999), a.jahr * 12 + 11)::int AS bis,
          (extract(year FROM v.gekuendigt_zum) * 12 + extract(month FROM v.gekuendigt_zum) - 1)::int AS wirklich_bis
        FROM (SELECT CASE WHEN v.id IS NULL THEN x.ende ELSE v.ende END AS bis) e
      ) t
    WHERE a.jahr BETWEEN %s AND %s AND least(t.bis, t.wirklich_bis) >= t.von
  ) s GROUP BY id"""


def _read(row: tuple[Any, ...]) -> Controllingzeile:
    pk, name, massnahmen, _, *numbers = row
    values = dict(zip(_PARTS, numbers, strict=True))

    def part(prefix: str, names: tuple[str, ...]) -> dict[str, int]:
        return {column: values[f"{prefix}_{column}"] for column in names}

    known = (*_VERBLEIB, "gemeldet")
    return Controllingzeile(
        pk,
        name,
        massnahmen,
        Meldungssummen(**part("ist", _MELDUNG)),
        Meldungssummen(**part("vor", _MELDUNG)),
        Verbleibssummen(**part("vb", known)),
        Verbleibssummen(**part("vbv", known)),
        Plansummen(
            values["plan_eintritte"],
            values["plan_cent"],
            values["plan_massnahmen"],
            Fraction(values["soll_summe"], 100 * values["soll_gewicht"]) if values["soll_gewicht"] else None,
        ),
    )
