"""How much may still be planned, while somebody types."""

from dataclasses import dataclass

from django.db.models import Sum

from massnahmen.models import Budget, Teilbudget
from massnahmen.queries.finanzplan import Rahmen, build_rahmen, sum_massnahmen


@dataclass(frozen=True)
class Spielraum:
    """What remains of the Planungsrahmen with a plan as typed; below zero it is exceeded."""

    rahmen: Rahmen
    andere_cent: int  # the plans of all other lines
    plan_cent: int

    @property
    def bleibt_cent(self) -> int:
        return self.rahmen.planungsrahmen_cent - self.andere_cent - self.plan_cent

    @property
    def zu_viel_cent(self) -> int:
        return max(0, -self.bleibt_cent)


def read_spielraum(budget: Budget, plan_cent: int, *, ohne: int | None = None) -> Spielraum:
    """Of a year's frame with a line as typed; `ohne` is the line that is edited. Two queries."""
    others = budget.teilbudgets.exclude(pk=ohne) if ohne else budget.teilbudgets.all()
    return Spielraum(
        rahmen=build_rahmen(budget, budget.umschichtungen.all()),
        andere_cent=others.aggregate(cent=Sum("plan_cent"))["cent"] or 0,
        plan_cent=plan_cent,
    )


@dataclass(frozen=True)
class Massnahmenspielraum:
    """What remains for measures: of the Teilbudget of the instrument, and of what the year may plan. Below zero it is too much."""

    jahr: int
    teilbudget: str  # empty: the instrument has none, or there is none yet
    teilbudget_bleibt_cent: int
    jahr_bleibt_cent: int

    @property
    def teilbudget_zu_viel_cent(self) -> int:
        return max(0, -self.teilbudget_bleibt_cent)

    @property
    def jahr_zu_viel_cent(self) -> int:
        return max(0, -self.jahr_bleibt_cent)


def read_massnahmenspielraum(jahr: int, *, instrument: int | None, kosten_cent: int, ohne: int | None = None) -> Massnahmenspielraum | None:
    """With a measure that takes so much from the Eingliederungstitel; None without a budget. Four queries at most."""
    budget = Budget.objects.filter(jahr=jahr).first()
    if budget is None:
        return None
    others = sum_massnahmen(jahr, ohne=ohne)
    line = Teilbudget.objects.filter(budget=budget, instrument=instrument).first() if instrument else None
    return Massnahmenspielraum(
        jahr=jahr,
        teilbudget=line.name if line else "",
        teilbudget_bleibt_cent=line.plan_cent - others.get(instrument or 0, 0) - kosten_cent if line else 0,
        jahr_bleibt_cent=build_rahmen(budget, budget.umschichtungen.all()).planungsrahmen_cent - sum(others.values()) - kosten_cent,
    )
