"""The money of a year: the budgets, the finance plan of one, and what controlling changes in it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from jobcenter.common import clock, export
from jobcenter.common.export import Ausfuhr, Kopf
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import euro
from jobcenter.common.verlauf import last_aenderung
from jobcenter.common.views import EinmalMixin, KernFormView, KonfliktMixin, PermissionMixin, ZwischenstandMixin
from massnahmen.actions import (
    add_teilbudget,
    add_umschichtung,
    create_budget,
    record_ausgaben,
    remove_teilbudget,
    update_budget,
    update_teilbudget,
    withdraw_umschichtung,
)
from massnahmen.enums import Umschichtungsrichtung
from massnahmen.forms import (
    AusgabenForm,
    BudgetForm,
    TeilbudgetForm,
    UmschichtungForm,
    stored_ausgaben,
    stored_budget,
    stored_teilbudget,
)
from massnahmen.models import Budget, Teilbudget, Umschichtung
from massnahmen.queries import (
    Finanzplan,
    Planzahlen,
    Zuteilungsschaetzung,
    estimate_zuteilung,
    find_toepfe,
    list_budgets,
    name_quelle,
    read_finanzplan,
    read_spielraum,
)
from massnahmen.views.intern import InternMixin


class BudgetListeView(InternMixin, TemplateView):
    template_name = "massnahmen/budget_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "zeilen": list_budgets(self.request.user),
            "darf_aendern": self.request.user.has_perm("massnahmen.change_budget"),
        }


class BudgetMixin(InternMixin):
    """A page about the budget of the year in the address; `permission` is what it takes to open it."""

    permission = "massnahmen.view_programm"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.budget = self.load_budget()
        if not request.user.has_perm(self.permission, self.budget):
            raise PermissionDenied

    def load_budget(self) -> Budget:
        return get_object_or_404(Budget.objects.visible_to(self.request.user), jahr=self.kwargs["jahr"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("massnahmen:budget-detail", args=[self.budget.jahr])
        return super().get_context_data(**kwargs) | {"budget": self.budget, "zurueck": url}


class BudgetDetailView(BudgetMixin, TemplateView):
    """The finance plan, as a page and as a file."""

    template_name = "massnahmen/budget_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (art := request.GET.get("format", "")) in export.FORMATE:
            return export.respond(build_ausfuhr(read_finanzplan(self.budget)), art)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "plan": read_finanzplan(self.budget),
            "heute": clock.today(),
            "aenderung": last_aenderung(self.budget),
            "darf_aendern": user.has_perm("massnahmen.change_budget", self.budget),
        }


def build_ausfuhr(plan: Finanzplan) -> Ausfuhr:
    """The lines of the plan and their sum for a spreadsheet."""
    money, share = '#,##0.00 "€"', "0.0"
    kopf = [Kopf("Teilbudget"), Kopf("Rechtsgrundlage")]
    kopf += [Kopf(f"{name} in Euro", money) for name in (f"Plan {plan.jahr - 1}", f"Ist {plan.jahr - 1}", f"Plan {plan.jahr}")]
    kopf += [Kopf("Anteil in Prozent", share)]
    kopf += [Kopf(f"{name} in Euro", money) for name in ("Bindung", "frei", "Ist")]
    kopf += [Kopf("Abfluss in Prozent", share), Kopf("Bindungsquote in Prozent", share)]
    rows = [[zeile.name, zeile.instrument, *_cells(zeile, zeile.anteil_prozent)] for zeile in plan.zeilen]
    whole = Decimal(100) if plan.summe.plan_cent else Decimal(0)
    return Ausfuhr(f"Finanzplan {plan.jahr}", kopf, [*rows, ["Summe", "", *_cells(plan.summe, whole)]])


def _cells(zahlen: Planzahlen, anteil: Decimal) -> list[Decimal | None]:
    """Money and rates of a line in the order of the page."""
    money = [zahlen.plan_vorjahr_cent, zahlen.ist_vorjahr_cent, zahlen.plan_cent, zahlen.bindung_cent, zahlen.frei_cent, zahlen.ist_cent]
    before, then, plan, bound, free, paid = (None if cent is None else (Decimal(cent) / 100).quantize(Decimal("0.01")) for cent in money)
    rates = [None if rate is None else rate.quantize(Decimal("0.1")) for rate in (zahlen.abfluss_prozent, zahlen.bindungsquote_prozent)]
    return [before, then, plan, anteil.quantize(Decimal("0.1")), bound, free, paid, *rates]


class GeldEditorView(ZwischenstandMixin, KonfliktMixin, KernFormView):
    """A form about money. A refused input is answered with 422, a save that came too late or cannot be with 409."""

    permission = "massnahmen.change_budget"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            sentence = self.save(form)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, sentence)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("massnahmen:budget-detail", args=[self.kwargs["jahr"]])

    def save(self, form: forms.Form) -> str:
        """Call the action and return the sentence that confirms it."""
        raise NotImplementedError


class SchaetzungMixin:
    """Its page offers an estimate of the Zuteilung: a button puts it into the field, nothing is saved before somebody saves."""

    def get_jahr(self) -> int:
        raise NotImplementedError

    @cached_property
    def schaetzung(self) -> Zuteilungsschaetzung | None:
        """For our own Jobcenter, if the Verordnung's tables know it."""
        return estimate_zuteilung(self.get_jahr(), settings.INSTANZ.jobcenter.traegernummer)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if wanted := request.POST.get("schaetzen"):
            return self._put_in(wanted)
        return super().post(request, *args, **kwargs)  # type: ignore[misc]  # of the FormView beside it

    def _put_in(self, wanted: str) -> HttpResponse:
        form: BudgetForm = self.get_form()  # type: ignore[attr-defined]
        if wanted == "tabelle" and self.schaetzung:
            taken = {"zuteilung_egt_cent": self.schaetzung.egt_cent, "zuteilung_vwk_cent": self.schaetzung.vwk_cent}
            quelle = self.schaetzung.quelle
        else:
            cent = form.estimate()
            if cent is None:
                return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[attr-defined]
            taken, quelle = {"zuteilung_egt_cent": cent}, name_quelle(self.get_jahr(), find_toepfe(self.get_jahr()))
        kwargs = self.get_form_kwargs()  # type: ignore[attr-defined]
        data = kwargs["data"].copy()
        for name, cent in taken.items():
            data[name] = euro(cent)
        data["ist_schaetzung"], data["quelle"] = "on", quelle
        filled = type(form)(**(kwargs | {"data": data}))
        filled.einmal = getattr(form, "einmal", "")
        return self.render_to_response(self.get_context_data(form=filled, uebernommen=quelle))  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"uebernommen": ""} | super().get_context_data(**kwargs) | {"schaetzung": self.schaetzung}  # type: ignore[misc]


class BudgetAnlegenView(SchaetzungMixin, EinmalMixin, PermissionMixin, GeldEditorView):
    template_name = "massnahmen/budget_anlegen.html"
    form_class = BudgetForm

    @cached_property
    def last_year(self) -> int | None:
        return Budget.objects.visible_to(self.request.user).values_list("jahr", flat=True).first()

    def get_jahr(self) -> int:
        """The one typed, else the one after the newest budget."""
        typed = self.request.POST.get("jahr", "").strip()
        if typed.isdecimal() and len(typed) == 4:
            return int(typed)
        asked = self.request.GET.get("jahr", "")
        if asked.isdecimal() and len(asked) == 4:
            return int(asked)
        return self.last_year + 1 if self.last_year else clock.today().year + 1

    def get_initial(self) -> dict[str, Any]:
        return {"jahr": self.get_jahr()}

    def get_form_kwargs(self) -> dict[str, Any]:
        has_before = Budget.objects.filter(jahr=self.get_jahr() - 1).exists()
        return super().get_form_kwargs() | {"jahr": self.get_jahr(), "hat_vorjahr": has_before}

    def get_success_url(self) -> str:
        return reverse("massnahmen:budget-detail", args=[self.created.jahr])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"zurueck": reverse("massnahmen:budget-liste")}

    def save(self, form: BudgetForm) -> str:
        given = form.cleaned_data
        self.created = create_budget(
            jahr=given["jahr"],
            angaben=form.to_angaben(),
            zeilen_vom_vorjahr=given.get("zeilen_vom_vorjahr", False),
            by=self.request.user,
        )
        count = self.created.teilbudgets.count()
        return f"Das {self.created} ist angelegt" + (f", mit {count} Teilbudgets vom Vorjahr." if count else ".")


class BudgetBearbeitenView(SchaetzungMixin, BudgetMixin, GeldEditorView):
    permission = "massnahmen.change_budget"
    template_name = "massnahmen/budget_bearbeiten.html"
    form_class = BudgetForm

    def get_jahr(self) -> int:
        return self.budget.jahr

    def get_initial(self) -> dict[str, Any]:
        return stored_budget(self.budget)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"jahr": self.budget.jahr, "budget": self.budget}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"aenderung": last_aenderung(self.budget)}

    def reload(self) -> Model:
        self.budget = self.load_budget()
        return self.budget

    def save(self, form: BudgetForm) -> str:
        update_budget(budget=self.budget, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=self.request.user)
        return f"Das {self.budget} ist gespeichert."


class TeilbudgetAnlegenView(EinmalMixin, BudgetMixin, GeldEditorView):
    permission = "massnahmen.change_budget"
    template_name = "massnahmen/teilbudget_anlegen.html"
    form_class = TeilbudgetForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"budget": self.budget}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"spielraum": read_spielraum(self.budget, 0)}

    def save(self, form: TeilbudgetForm) -> str:
        row = add_teilbudget(budget=self.budget, angaben=form.to_angaben(), by=self.request.user)
        return f"„{row.name}“ steht jetzt im Finanzplan {self.budget.jahr}."


class TeilbudgetMixin(BudgetMixin):
    """About one line of the plan of the year in the address."""

    permission = "massnahmen.change_budget"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.teilbudget = self.load_teilbudget()

    def load_teilbudget(self) -> Teilbudget:
        rows = Teilbudget.objects.visible_to(self.request.user).select_related("budget", "instrument")
        return get_object_or_404(rows, budget=self.budget, pk=self.kwargs["teilbudget_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"teilbudget": self.teilbudget}

    def reload(self) -> Model:
        self.teilbudget = self.load_teilbudget()
        return self.teilbudget


class TeilbudgetBearbeitenView(TeilbudgetMixin, GeldEditorView):
    template_name = "massnahmen/teilbudget_bearbeiten.html"
    form_class = TeilbudgetForm

    def get_initial(self) -> dict[str, Any]:
        return stored_teilbudget(self.teilbudget)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"budget": self.budget, "teilbudget": self.teilbudget}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stored = read_spielraum(self.budget, self.teilbudget.plan_cent, ohne=self.teilbudget.pk)
        return super().get_context_data(**kwargs) | {"spielraum": stored, "aenderung": last_aenderung(self.teilbudget)}

    def save(self, form: TeilbudgetForm) -> str:
        row = update_teilbudget(
            teilbudget=self.teilbudget, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=self.request.user
        )
        return f"„{row.name}“ ist gespeichert."


class TeilbudgetEntfernenView(TeilbudgetMixin, View):
    """Button of the editor, unfolded before it can be pressed."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        remove_teilbudget(teilbudget=self.teilbudget, by=request.user)
        messages.success(request, f"„{self.teilbudget.name}“ steht nicht mehr im Finanzplan {self.budget.jahr}.")
        return redirect("massnahmen:budget-detail", jahr=self.budget.jahr)


class AusgabenBearbeitenView(TeilbudgetMixin, GeldEditorView):
    template_name = "massnahmen/ausgaben_bearbeiten.html"
    form_class = AusgabenForm

    def get_initial(self) -> dict[str, Any]:
        return stored_ausgaben(self.teilbudget)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"jahr": self.budget.jahr}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paid = sum(self.teilbudget.ausgaben.values_list("betrag_cent", flat=True))
        return super().get_context_data(**kwargs) | {"ist_cent": paid, "aenderung": last_aenderung(self.teilbudget)}

    def save(self, form: AusgabenForm) -> str:
        row = record_ausgaben(
            teilbudget=self.teilbudget, version=form.cleaned_data["version"], betraege_cent=form.to_betraege(), by=self.request.user
        )
        return f"Die Ausgaben von „{row.name}“ sind gespeichert."


class UmschichtungAnlegenView(EinmalMixin, BudgetMixin, GeldEditorView):
    permission = "massnahmen.change_budget"
    template_name = "massnahmen/umschichtung_anlegen.html"
    form_class = UmschichtungForm

    def get_initial(self) -> dict[str, Any]:
        return {"am": clock.today()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"jahr": self.budget.jahr}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"rahmen": read_spielraum(self.budget, 0).rahmen}

    def save(self, form: UmschichtungForm) -> str:
        given = form.cleaned_data
        row = add_umschichtung(
            budget=self.budget,
            richtung=Umschichtungsrichtung(given["richtung"]),
            betrag_cent=given["betrag_cent"],
            am=given["am"],
            grund=given["grund"],
            by=self.request.user,
        )
        return f"{euro(row.betrag_cent)} sind umgeschichtet: {row.get_richtung_display()}."


class UmschichtungZuruecknehmenView(BudgetMixin, View):
    """Button of the finance plan, unfolded before it can be pressed."""

    permission = "massnahmen.change_budget"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = Umschichtung.objects.visible_to(request.user).filter(budget=self.budget).select_related("budget")
        row = get_object_or_404(rows, pk=kwargs["umschichtung_id"])
        try:
            withdraw_umschichtung(umschichtung=row, by=request.user)
        except TransitionError as error:
            messages.error(request, f"Die Umschichtung bleibt. {error}")
        else:
            messages.success(request, f"Die Umschichtung über {euro(row.betrag_cent)} ist zurückgenommen.")
        return redirect(reverse("massnahmen:budget-detail", args=[self.budget.jahr]) + "#umschichtungen")
