"""The finance plan of a year: what there is, what is planned, bound and paid, line by line and in sum. Cents, and exact rates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from jobcenter.common.verlauf import name_aktionen
from jobcenter.konten.models import UserLike
from massnahmen.enums import Finanzquelle, Umschichtungsrichtung
from massnahmen.models import Budget, Finanzierung, Instrument, Programmposition, Teilbudget, Umschichtung
from massnahmen.queries.bindung import Bindungen, distribute, read_bindungen

BUND_PROMILLE = 848  # of the costs of administration; the rest is the Landkreis's (§ 46 Abs. 3 SGB II)

name_aktionen(
    {
        "massnahmen.create_budget": "Budget angelegt",
        "massnahmen.update_budget": "Budget geändert",
        "massnahmen.add_teilbudget": "Teilbudget geplant",
        "massnahmen.update_teilbudget": "Teilbudget geändert",
        "massnahmen.remove_teilbudget": "Teilbudget entfernt",
        "massnahmen.add_umschichtung": "Mittel umgeschichtet",
        "massnahmen.withdraw_umschichtung": "Umschichtung zurückgenommen",
        "massnahmen.record_ausgaben": "Ausgaben eingetragen",
        "massnahmen.create_regionalprojekt": "Projekt eingetragen",
        "massnahmen.update_regionalprojekt": "Projekt geändert",
    }
)


def _percent(rate: Fraction | None) -> Decimal | None:
    return None if rate is None else Decimal(rate.numerator * 100) / Decimal(rate.denominator)


@dataclass(frozen=True)
class Rahmen:
    """What a year may spend. `verfuegbar` is the Zuteilung after every Umschichtung, `planungsrahmen` what may be planned of it."""

    zuteilung_egt_cent: int
    zuteilung_vwk_cent: int
    zu_vwk_cent: int
    zu_egt_cent: int
    ueberplanung_prozent: Decimal

    @property
    def verfuegbar_cent(self) -> int:
        return self.zuteilung_egt_cent - self.zu_vwk_cent + self.zu_egt_cent

    @property
    def verfuegbar_vwk_cent(self) -> int:
        return self.zuteilung_vwk_cent + self.zu_vwk_cent - self.zu_egt_cent

    @property
    def planungsrahmen_cent(self) -> int:
        return int(self.verfuegbar_cent * self.ueberplanung_prozent // 100)

    @property
    def ist_ueberplant(self) -> bool:
        return self.ueberplanung_prozent > 100


@dataclass(frozen=True)
class Verwaltungskosten:
    """What administration costs, and who pays it (§ 46 Abs. 3 SGB II)."""

    personal_cent: int
    sach_cent: int
    gemein_cent: int

    @property
    def summe_cent(self) -> int:
        return self.personal_cent + self.sach_cent + self.gemein_cent

    @property
    def bund_cent(self) -> int:
        return distribute(self.summe_cent, [BUND_PROMILLE, 1000 - BUND_PROMILLE])[0]

    @property
    def kfa_cent(self) -> int:
        """Kommunaler Finanzierungsanteil."""
        return self.summe_cent - self.bund_cent


@dataclass(frozen=True)
class Planzahlen:
    """Money of one line or of all. `vorjahr` is None where the year before has no budget, or does not know the line."""

    plan_cent: int
    bindung_cent: int
    ist_cent: int
    offen_cent: int  # bound and not paid yet: what was paid serves what is bound first
    plan_vorjahr_cent: int | None
    ist_vorjahr_cent: int | None

    @property
    def frei_cent(self) -> int:
        """Neither paid nor bound; below zero more is bound than planned."""
        return self.plan_cent - self.ist_cent - self.offen_cent

    @property
    def abfluss(self) -> Fraction | None:
        return Fraction(self.ist_cent, self.plan_cent) if self.plan_cent else None

    @property
    def bindungsquote(self) -> Fraction | None:
        return Fraction(self.ist_cent + self.offen_cent, self.plan_cent) if self.plan_cent else None

    @property
    def abfluss_prozent(self) -> Decimal | None:
        return _percent(self.abfluss)

    @property
    def bindungsquote_prozent(self) -> Decimal | None:
        return _percent(self.bindungsquote)


@dataclass(frozen=True)
class Planzeile(Planzahlen):
    """One line. Without `pk` it is no Teilbudget of the year: dropped since last year, or contracts nobody planned a line for."""

    pk: int | None
    name: str
    instrument: str = ""
    bemerkung: str = ""
    vorbindung_cent: int = 0
    ist_neu: bool = False  # the year before has a budget without this line
    anteil_promille: int = 0  # of the plan; the shares of all lines add up to 1000

    @property
    def anteil_prozent(self) -> Decimal:
        return Decimal(self.anteil_promille) / 10


@dataclass(frozen=True)
class Instrumentabgleich:
    """What the measures of the year's programme take from the Eingliederungstitel beside the Teilbudget of their instrument."""

    name: str
    teilbudget_cent: int | None
    massnahmen_cent: int

    @property
    def mehr_cent(self) -> int:
        """How much more the measures plan than the line; less is below zero."""
        return self.massnahmen_cent - (self.teilbudget_cent or 0)

    @property
    def weniger_cent(self) -> int:
        return -self.mehr_cent


@dataclass(frozen=True)
class Folgejahr:
    jahr: int
    vertraege_cent: int


@dataclass(frozen=True)
class Finanzplan:
    budget: Budget
    rahmen: Rahmen
    verwaltung: Verwaltungskosten
    umschichtungen: Sequence[Umschichtung]
    zeilen: Sequence[Planzeile]
    summe: Planzahlen
    vorbindung_cent: int
    hat_vorjahr: bool
    folgejahre: Sequence[Folgejahr] = ()
    verpflichtung_cent: int = 0  # what the positions of the programme state for all later years
    abgleich: Sequence[Instrumentabgleich] = ()

    @property
    def jahr(self) -> int:
        return self.budget.jahr

    @property
    def reserve_cent(self) -> int:
        """Planreserve: available and not planned. Below zero it is Überplanung."""
        return self.rahmen.verfuegbar_cent - self.summe.plan_cent

    @property
    def ueberplant_cent(self) -> int:
        return max(0, -self.reserve_cent)

    @property
    def spielraum_cent(self) -> int:
        """How much more may be planned; below zero the plan exceeds the Planungsrahmen."""
        return self.rahmen.planungsrahmen_cent - self.summe.plan_cent

    @property
    def zu_viel_cent(self) -> int:
        return max(0, -self.spielraum_cent)

    @property
    def vwk_fehlt_cent(self) -> int:
        """How much the Bund's share of administration exceeds what is available for it."""
        return max(0, self.verwaltung.bund_cent - self.rahmen.verfuegbar_vwk_cent)

    @property
    def folgejahre_cent(self) -> int:
        return sum(row.vertraege_cent for row in self.folgejahre)


def read_finanzplan(budget: Budget) -> Finanzplan:
    """The whole plan of a year. Eleven queries at most, however many lines there are."""
    umschichtungen = list(budget.umschichtungen.select_related("durch"))
    jetzt, davor = _read_lines([budget.jahr, budget.jahr - 1])
    has_before = bool(davor) or Budget.objects.filter(jahr=budget.jahr - 1).exists()
    bindungen = read_bindungen(budget.jahr)
    zeilen = _with_shares(_build_lines(jetzt, davor if has_before else None, bindungen, budget.jahr))
    massnahmen = sum_massnahmen(budget.jahr)
    return Finanzplan(
        budget=budget,
        rahmen=build_rahmen(budget, umschichtungen),
        verwaltung=Verwaltungskosten(budget.personal_cent, budget.sach_cent, budget.gemein_cent),
        umschichtungen=umschichtungen,
        zeilen=zeilen,
        summe=_sum_up(zeilen, has_before=has_before),
        vorbindung_cent=sum(row.vorbindung_cent for row in jetzt),
        hat_vorjahr=has_before,
        folgejahre=[Folgejahr(jahr, cent) for jahr, cent in bindungen.after(budget.jahr).items()],
        verpflichtung_cent=_sum_verpflichtungen(budget.jahr),
        abgleich=_compare(jetzt, massnahmen),
    )


def build_rahmen(budget: Budget, umschichtungen: Iterable[Umschichtung]) -> Rahmen:
    moved = dict.fromkeys(Umschichtungsrichtung, 0)
    for row in umschichtungen:
        moved[Umschichtungsrichtung(row.richtung)] += row.betrag_cent
    return Rahmen(
        zuteilung_egt_cent=budget.zuteilung_egt_cent,
        zuteilung_vwk_cent=budget.zuteilung_vwk_cent,
        zu_vwk_cent=moved[Umschichtungsrichtung.ZU_VWK],
        zu_egt_cent=moved[Umschichtungsrichtung.ZU_EGT],
        ueberplanung_prozent=budget.ueberplanung_prozent,
    )


def sum_massnahmen(jahr: int, *, ohne: int | None = None) -> dict[int, int]:
    """What the measures of a year's programme take from the Eingliederungstitel, by instrument (0: none yet). One query."""
    rows = Finanzierung.objects.filter(position__programm__jahr=jahr, quelle=Finanzquelle.EGT)
    if ohne is not None:
        rows = rows.exclude(position__massnahme=ohne)
    sums = rows.values_list("position__massnahme__instrument").annotate(cent=Sum("betrag_cent")).order_by()
    return {instrument or 0: cent for instrument, cent in sums}


@dataclass(frozen=True)
class Budgetzeile:
    """A year in the list of budgets."""

    budget: Budget
    rahmen: Rahmen
    geplant_cent: int
    gebunden_cent: int
    ist_cent: int

    @property
    def zu_viel_cent(self) -> int:
        return max(0, self.geplant_cent - self.rahmen.planungsrahmen_cent)


def list_budgets(user: UserLike) -> list[Budgetzeile]:
    """Every year, newest first. Eight queries at most."""
    budgets = list(Budget.objects.visible_to(user).prefetch_related("umschichtungen"))
    lines: dict[int, list[Teilbudget]] = {budget.jahr: [] for budget in budgets}
    for row in _with_ist(Teilbudget.objects.filter(budget__in=budgets)):
        lines[row.budget.jahr].append(row)
    bindungen = read_bindungen(min(lines)) if lines else Bindungen({})
    return [
        Budgetzeile(
            budget=budget,
            rahmen=build_rahmen(budget, budget.umschichtungen.all()),
            geplant_cent=sum(row.plan_cent for row in lines[budget.jahr]),
            gebunden_cent=sum(row.vorbindung_cent for row in lines[budget.jahr]) + bindungen.sum_of(budget.jahr),
            ist_cent=sum(map(_paid, lines[budget.jahr])),
        )
        for budget in budgets
    ]


def _with_ist(rows: QuerySet[Teilbudget]) -> Any:
    """Each line with what was paid out of it."""
    return (
        rows.select_related("instrument", "budget")
        .annotate(ist_cent=Coalesce(Sum("ausgaben__betrag_cent"), 0))
        .order_by("reihenfolge", "pk")
    )


def _paid(row: Teilbudget) -> int:
    return row.ist_cent  # type: ignore[attr-defined]  # of _with_ist


def _read_lines(jahre: Sequence[int]) -> list[list[Teilbudget]]:
    rows = list(_with_ist(Teilbudget.objects.filter(budget__jahr__in=jahre)))
    return [[row for row in rows if row.budget.jahr == jahr] for jahr in jahre]


def _build_lines(jetzt: list[Teilbudget], davor: list[Teilbudget] | None, bindungen: Bindungen, jahr: int) -> list[Planzeile]:
    """The year's lines, then what the year before had and this one has not, then contracts without a line."""
    before = _Vorjahr(davor)
    bound = dict(bindungen.of(jahr))
    lines = []
    for row in jetzt:
        last = before.take(row)
        lines.append(
            _build_line(
                row.plan_cent,
                row.vorbindung_cent + bound.pop(row.instrument_id or -1, 0),
                _paid(row),
                last,
                pk=row.pk,
                name=row.name,
                instrument=row.instrument.paragraph if row.instrument else "",
                bemerkung=row.bemerkung,
                vorbindung_cent=row.vorbindung_cent,
                ist_neu=davor is not None and last is None,
            )
        )
    lines += [_build_line(0, 0, 0, row, pk=None, name=row.name) for row in before.left]
    if rest := sum(bound.values()):
        lines.append(_build_line(0, rest, 0, None, pk=None, name="Verträge ohne Teilbudget"))
    return lines


class _Vorjahr:
    """The lines of the year before; a line is the same by its instrument, else by its name."""

    def __init__(self, rows: list[Teilbudget] | None) -> None:
        self.left = list(rows or [])

    def take(self, row: Teilbudget) -> Teilbudget | None:
        same = [other for other in self.left if row.instrument_id and other.instrument_id == row.instrument_id]
        same += [other for other in self.left if other.name == row.name and not (row.instrument_id and other.instrument_id)]
        if not same:
            return None
        self.left.remove(same[0])
        return same[0]


def _build_line(plan: int, bindung: int, ist: int, last: Teilbudget | None, **words: object) -> Planzeile:
    return Planzeile(
        plan_cent=plan,
        bindung_cent=bindung,
        ist_cent=ist,
        offen_cent=max(0, bindung - max(0, ist)),
        plan_vorjahr_cent=last.plan_cent if last else None,
        ist_vorjahr_cent=_paid(last) if last else None,
        **words,  # type: ignore[arg-type]  # the words of a line, named by the caller
    )


def _with_shares(lines: list[Planzeile]) -> list[Planzeile]:
    shares = distribute(1000, [line.plan_cent for line in lines])
    return [replace(line, anteil_promille=share) for line, share in zip(lines, shares, strict=True)]


def _sum_up(lines: Sequence[Planzeile], *, has_before: bool) -> Planzahlen:
    return Planzahlen(
        plan_cent=sum(line.plan_cent for line in lines),
        bindung_cent=sum(line.bindung_cent for line in lines),
        ist_cent=sum(line.ist_cent for line in lines),
        offen_cent=sum(line.offen_cent for line in lines),
        plan_vorjahr_cent=sum(line.plan_vorjahr_cent or 0 for line in lines) if has_before else None,
        ist_vorjahr_cent=sum(line.ist_vorjahr_cent or 0 for line in lines) if has_before else None,
    )


def _sum_verpflichtungen(jahr: int) -> int:
    rows = Programmposition.objects.filter(programm__jahr=jahr)
    return rows.aggregate(cent=Coalesce(Sum("verpflichtung_cent"), 0))["cent"]


def _compare(jetzt: Sequence[Teilbudget], massnahmen: Mapping[int, int]) -> list[Instrumentabgleich]:
    """By instrument, in the order of the plan; only what both sides or the measures know."""
    lines = {row.instrument_id: row for row in jetzt if row.instrument_id}
    found = [Instrumentabgleich(row.name, row.plan_cent, massnahmen.get(pk, 0)) for pk, row in lines.items() if massnahmen]
    without = {pk: cent for pk, cent in massnahmen.items() if pk not in lines}
    names = {row.pk: row.name for row in Instrument.objects.filter(pk__in=without)} if without else {}
    return found + [Instrumentabgleich(names.get(pk, "Noch ohne Instrument"), None, cent) for pk, cent in without.items()]
