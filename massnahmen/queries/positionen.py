"""What every year plans with every measure: as rows of a table, as totals, and for one measure through the years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jobcenter.konten.models import UserLike
from massnahmen.enums import BEARBEITBAR
from massnahmen.models import Finanzierung, Massnahme, MassnahmeZielgruppe, Programmposition

# Long texts that no table shows: fifty rows of them would be carried through every sort.
_TEXTS = ("programm__zusammenfassung", "massnahme__beschreibung", "massnahme__zugang")


def list_positionen(user: UserLike) -> QuerySet[Programmposition]:
    """Positions that the person may see, with `summe_cent`, newest year first and then by title. One query."""
    money = _sum_money(Finanzierung.objects.filter(position=OuterRef("pk")))
    return (
        Programmposition.objects.visible_to(user)
        .select_related("programm", "massnahme__instrument", "massnahme__traeger", "handlungsfeld")
        .defer(*_TEXTS)
        .annotate(summe_cent=Coalesce(Subquery(money), 0))
        .order_by("-programm__jahr", "massnahme__titel", "pk")
    )


def _sum_money(shares: QuerySet[Finanzierung]) -> QuerySet[Finanzierung, dict[str, int]]:
    """One value, an integer. Django's Sum would group by something first, five thousand times where a table is sorted by it."""
    total = Func(F("betrag_cent"), template="SUM(%(expressions)s)::bigint", output_field=BigIntegerField())
    return shares.order_by().annotate(summe=total).values("summe")


def is_incomplete() -> Q:
    """Positions of drafts in which something is missing that the submission wants, as `check_programm` says it."""
    blank = r"^\s*$"
    gaps = (
        Q(massnahme__beschreibung__regex=blank)
        | Q(massnahme__instrument=None)
        | Q(massnahme__beginn=None)
        | Q(massnahme__ende=None)
        | Q(handlungsfeld=None)
        | Q(plaetze=None)
        | Q(geplante_eintritte=None)
        | Q(erfolgskriterium__regex=blank)
        | ~Exists(Finanzierung.objects.filter(position=OuterRef("pk")))
        | ~Exists(MassnahmeZielgruppe.objects.filter(massnahme=OuterRef("massnahme")))
    )
    return gaps & Q(programm__status__in=BEARBEITBAR)


@dataclass(frozen=True)
class Positionssummen:
    """Totals of positions. A measure that two years plan is two positions and one of the `massnahmen`."""

    positionen: int
    massnahmen: int
    jahre: int
    plaetze: int | None
    eintritte: int | None
    kosten_cent: int
    verpflichtung_cent: int


_SUMS = """
WITH chosen (id, massnahme, programm, plaetze, eintritte, verpflichtung) AS MATERIALIZED ({rows})
SELECT count(*), count(DISTINCT massnahme), count(DISTINCT programm), sum(plaetze), sum(eintritte),
  coalesce((SELECT sum(betrag_cent) FROM massnahmen_finanzierung WHERE position_id IN (SELECT id FROM chosen)), 0)::bigint,
  coalesce(sum(verpflichtung), 0)::bigint
FROM chosen
"""


def sum_positionen(rows: QuerySet[Programmposition]) -> Positionssummen:
    """Totals of exactly these rows. One query, which asks once who is meant and reads the money once, not row by row."""
    chosen = rows.order_by().values_list("pk", "massnahme", "programm", "plaetze", "geplante_eintritte", "verpflichtung_cent")
    try:
        sql, params = chosen.query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that nothing is meant
        return Positionssummen(0, 0, 0, None, None, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(rows=sql), params)
        return Positionssummen(*cursor.fetchone())


def count_monate(jahr: int, beginn: date | None, ende: date | None) -> int | None:
    """How many months of a year a term touches; None where it is still open or lies in other years."""
    if beginn is None or ende is None or not beginn.year <= jahr <= ende.year:
        return None
    first = beginn.month if beginn.year == jahr else 1
    last = ende.month if ende.year == jahr else 12
    return last - first + 1


def kosten_je_platz_und_monat(position: Programmposition) -> int | None:
    """Cents, rounded half up: the year's money by its places and the months of the year in which it runs. Needs `summe_cent`."""
    monate = count_monate(position.programm.jahr, position.massnahme.beginn, position.massnahme.ende)
    if not monate or not position.plaetze:
        return None
    teile = monate * position.plaetze
    return (2 * position.summe_cent + teile) // (2 * teile)  # type: ignore[attr-defined]  # annotated by list_positionen


@dataclass(frozen=True)
class Planjahr:
    """What one year plans with a measure, and the change against the year planned before it; None without one, or with a gap."""

    position: Programmposition
    kosten_cent: int
    plaetze_mehr: int | None
    eintritte_mehr: int | None
    kosten_mehr: int | None
    verpflichtung_mehr: int | None


@dataclass(frozen=True)
class Massnahmenjahre:
    """One measure through the years, newest first. Places are not added up: a place of two years is still one."""

    jahre: tuple[Planjahr, ...]
    eintritte: int
    kosten_cent: int


def read_massnahmenjahre(massnahme: Massnahme, user: UserLike) -> Massnahmenjahre:
    """Every year that plans the measure. One query."""
    rows: list[Any] = list(list_positionen(user).filter(massnahme=massnahme))
    return Massnahmenjahre(
        tuple(_compare_years(rows)),
        sum(row.geplante_eintritte or 0 for row in rows),
        sum(row.summe_cent for row in rows),
    )


def _compare_years(rows: list[Any]) -> Iterator[Planjahr]:
    for row, before in zip_longest(rows, rows[1:]):
        names = ("plaetze", "geplante_eintritte", "summe_cent", "verpflichtung_cent")
        yield Planjahr(row, row.summe_cent, *(_more(getattr(row, name), getattr(before, name, None)) for name in names))


def _more(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before
