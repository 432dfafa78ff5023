"""How the columns of delivered files are read: the kept plans."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.views.generic import ListView

from jobcenter.common.transitions import TransitionError
from jobcenter.common.views import EinmalMixin, KernFormView, KonfliktMixin, PermissionMixin, ZwischenstandMixin
from kennzahlen.actions import keep_spaltenplan
from kennzahlen.forms import SPALTEN, SpaltenplanForm, stored_spaltenplan
from kennzahlen.models import Spaltenplan

LISTE = reverse_lazy("kennzahlen:spaltenplan-liste")


class SpaltenplanListeView(PermissionMixin, ListView):
    permission = "kennzahlen.keep_spaltenplan"
    template_name = "kennzahlen/spaltenplan_liste.html"
    context_object_name = "plaene"
    queryset = Spaltenplan.objects.annotate(lieferungen=Count("datenlieferung")).order_by("name")


class SpaltenplanFormView(ZwischenstandMixin, KonfliktMixin, PermissionMixin, KernFormView):
    permission = "kennzahlen.keep_spaltenplan"
    form_class = SpaltenplanForm
    spaltenplan: Spaltenplan | None = None

    def form_valid(self, form: SpaltenplanForm) -> HttpResponse:
        given = {name: form.cleaned_data[name] for name in ("name", "blatt", "kopfzeile")}
        given |= {"spalten": form.spalten, "fest": form.fest, "version": form.cleaned_data.get("version", 0)}
        try:
            plan = keep_spaltenplan(**given, spaltenplan=self.spaltenplan, by=self.request.user)
        except TransitionError as error:
            form.add_error("name", str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, f"Der Spaltenplan „{plan}“ ist gespeichert. Sie können ihn bei der nächsten Lieferung wählen.")
        return redirect(LISTE)


class SpaltenplanNeuView(EinmalMixin, SpaltenplanFormView):
    template_name = "kennzahlen/spaltenplan_neu.html"

    def get_initial(self) -> dict[str, Any]:
        """The names of the example file: whoever has others changes only those."""
        return {f"spalte_{feld}": feld for feld in SPALTEN}


class SpaltenplanBearbeitenView(SpaltenplanFormView):
    template_name = "kennzahlen/spaltenplan_bearbeiten.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"spaltenplan": self._plan}

    def get_initial(self) -> dict[str, Any]:
        return stored_spaltenplan(self._plan)

    def form_valid(self, form: SpaltenplanForm) -> HttpResponse:
        self.spaltenplan = self._plan
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"plan": self._plan}

    def reload(self) -> Model:
        self._plan.refresh_from_db()
        return self._plan

    @property
    def _plan(self) -> Spaltenplan:
        if not hasattr(self, "_loaded"):
            self._loaded = get_object_or_404(Spaltenplan, pk=self.kwargs["pk"])
        return self._loaded
