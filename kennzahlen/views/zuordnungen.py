"""Who belongs to which Land and Vergleichstyp, a list that says so anew, and Jobcenter that became one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from jobcenter.common import clock
from jobcenter.common.actions import require
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import zahl
from jobcenter.common.views import PermissionMixin
from kennzahlen.actions import import_zuordnungen, merge_jobcenter
from kennzahlen.forms import ZuordnungenBestaetigenForm, ZuordnungenForm, ZusammenlegenForm
from kennzahlen.imports import Zuordnungsdatei, parse_zuordnungen
from kennzahlen.models import Vergleichsgruppe
from kennzahlen.queries.zuordnungen import Zuordnungsplan, list_aufgegangene, list_gruppen, list_mitglieder, plan_zuordnungen

PER_PAGE = 50
MOST_FEHLER = 20  # said one by one; the others are counted
MOST_GEZEIGT = 100  # changes that the preview names


class ZuordnungListeView(PermissionMixin, TemplateView):
    """The groups; `?gruppe=7` those who are, were or will be in one. What is posted says with `schritt` what it wants."""

    permission = "kennzahlen.assign_zuordnungen"
    template_name = "kennzahlen/zuordnung_liste.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        steps = {"pruefen": self._check, "uebernehmen": self._import, "zusammenlegen": self._merge}
        step = steps.get(request.POST.get("schritt", ""))
        if step is None:
            raise Http404
        return step(request)

    def _check(self, request: HttpRequest) -> HttpResponse:
        form = ZuordnungenForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._answer(422, liste_form=form)
        datei = form.cleaned_data["datei"]
        datei.seek(0)
        content = datei.read()
        _, plan = _read(content)
        if plan.fehler:
            _refuse(form, "datei", plan)
            return self._answer(422, liste_form=form)
        confirm = ZuordnungenBestaetigenForm(initial={"liste": content.decode("utf-8-sig"), "pruefsumme": plan.pruefsumme})
        return self._answer(200, plan=plan, bestaetigen_form=confirm)

    def _import(self, request: HttpRequest) -> HttpResponse:
        form = ZuordnungenBestaetigenForm(request.POST)
        if not form.is_valid():
            return self._answer(422, bestaetigen_form=form)
        gelesen, plan = _read(form.cleaned_data["liste"].encode())
        try:
            changed = import_zuordnungen(zeilen=gelesen.zeilen, pruefsumme=form.cleaned_data["pruefsumme"], by=request.user)
        except TransitionError as error:
            again = ZuordnungenBestaetigenForm(initial={"liste": form.cleaned_data["liste"], "pruefsumme": plan.pruefsumme})
            return self._answer(409, plan=plan, bestaetigen_form=again, konflikt=str(error))
        words = f"{zahl(changed)} {'Zuordnung ist' if changed == 1 else 'Zuordnungen sind'} übernommen."
        messages.success(request, f"{words} Die Summen der Gruppen entstehen neu. Das dauert einige Minuten.")
        return redirect("kennzahlen:zuordnung-liste")

    def _merge(self, request: HttpRequest) -> HttpResponse:
        require(request.user, "kennzahlen.import_jobcenter")
        form = ZusammenlegenForm(request.POST)
        if not form.is_valid():
            return self._answer(422, zusammen_form=form)
        try:
            row = merge_jobcenter(**form.cleaned_data, by=request.user)
        except TransitionError as error:
            form.add_error("nachfolger", str(error))
            return self._answer(409, zusammen_form=form)
        messages.success(request, f"{row} ist seit dem {row.aufgegangen_am:%d.%m.%Y} Teil von {row.nachfolger}.")
        return redirect("kennzahlen:zuordnung-liste")

    def _answer(self, status: int, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.today()
        gruppen = list_gruppen(today)
        gruppe = self._asked_gruppe(gruppen)
        plan = kwargs.get("plan")
        given: dict[str, Any] = {
            "gruppen": gruppen,
            "gruppe": gruppe,
            "mitglieder": self._mitglieder(gruppe),
            "heute": today,
            "aufgegangene": list_aufgegangene(),
            "darf_zusammenlegen": self.request.user.has_perm("kennzahlen.import_jobcenter"),
            "liste_form": ZuordnungenForm(),
            "bestaetigen_form": None,
            "plan": None,
            "gezeigte": plan.aenderungen[:MOST_GEZEIGT] if plan else (),
            "weitere": max(0, len(plan.aenderungen) - MOST_GEZEIGT) if plan else 0,
            "konflikt": "",
        }
        if given["darf_zusammenlegen"] and "zusammen_form" not in kwargs:
            given["zusammen_form"] = ZusammenlegenForm()
        return super().get_context_data(**(given | kwargs))

    def _mitglieder(self, gruppe: Vergleichsgruppe | None) -> Any:
        if gruppe is None:
            return None
        today = clock.today()
        rows = [(one, one.ist_heute(today)) for one in list_mitglieder(gruppe)]
        return Paginator(rows, PER_PAGE).get_page(self.request.GET.get("seite"))

    def _asked_gruppe(self, gruppen: list[Vergleichsgruppe]) -> Vergleichsgruppe | None:
        asked = self.request.GET.get("gruppe", "")
        if not asked:
            return None
        found = next((gruppe for gruppe in gruppen if str(gruppe.pk) == asked), None)
        if found is None:
            raise Http404
        return found


def _read(content: bytes) -> tuple[Zuordnungsdatei, Zuordnungsplan]:
    gelesen = parse_zuordnungen(content)
    return gelesen, Zuordnungsplan(fehler=gelesen.fehler) if gelesen.fehler else plan_zuordnungen(gelesen.zeilen)


def _refuse(form: BaseForm, field: str, plan: Zuordnungsplan) -> None:
    more = len(plan.fehler) - MOST_FEHLER
    for sentence in (*plan.fehler[:MOST_FEHLER], *([f"Dazu kommen {more} weitere Fehler."] if more > 0 else [])):
        form.add_error(field, sentence)
