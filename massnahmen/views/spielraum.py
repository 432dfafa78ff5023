"""What htmx asks while somebody types: how much money remains. Fragments; without scripts their pages say it as stored."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from jobcenter.common.forms import CentField
from jobcenter.common.views import PermissionMixin
from massnahmen.forms.geld import MOST_MONEY
from massnahmen.queries import read_massnahmenspielraum, read_spielraum
from massnahmen.views.geld import BudgetMixin


def read_cent(text: str) -> int | None:
    """Money out of an address; None where it is none. Nothing typed is nothing planned."""
    try:
        return CentField(required=False, max_cent=MOST_MONEY).clean(text) or 0
    except ValidationError:
        return None


class TeilbudgetSpielraumView(BudgetMixin, View):
    """What htmx asks while somebody types a plan: how much of the frame remains."""

    permission = "massnahmen.change_budget"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.htmx:  # type: ignore[attr-defined]  # a fragment is no page
            return redirect("massnahmen:teilbudget-anlegen", jahr=self.budget.jahr)
        plan, ohne = read_cent(request.GET.get("plan_cent", "")), request.GET.get("ohne", "")
        found = None if plan is None else read_spielraum(self.budget, plan, ohne=int(ohne) if ohne.isdecimal() and len(ohne) < 10 else None)
        return render(request, "massnahmen/includes/spielraum.html", {"spielraum": found, "getippt": True})


class MassnahmeSpielraumView(PermissionMixin, View):
    """The same beside the costs of a measure."""

    permission = "massnahmen.change_massnahme"

    def get(self, request: HttpRequest, jahr: int, **kwargs: Any) -> HttpResponse:
        if not request.htmx:  # type: ignore[attr-defined]  # a fragment is no page
            return redirect("massnahmen:programm-intern-detail", jahr=jahr)
        cost = read_cent(request.GET.get("kosten_egt", ""))
        ids = [
            int(text) if text.isdecimal() and len(text) < 10 else None for text in map(request.GET.get, ("instrument", "ohne"), ("", ""))
        ]
        found = None if cost is None else read_massnahmenspielraum(jahr, instrument=ids[0], kosten_cent=cost, ohne=ids[1])
        return render(request, "massnahmen/includes/massnahmenspielraum.html", {"frei": found})
