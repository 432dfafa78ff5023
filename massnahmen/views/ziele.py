"""The goals of a programme: written, tied to the number that measures them, changed, taken out."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import View

from jobcenter.common.verlauf import last_aenderung
from jobcenter.common.views import EinmalMixin
from massnahmen.actions import add_ziel, remove_ziel, update_ziel
from massnahmen.forms import ProgrammzielForm, stored_programmziel
from massnahmen.models import Programmziel
from massnahmen.views.bearbeiten import EditorView
from massnahmen.views.intern import ProgrammMixin

ANCHOR = "#ziele"


class ZielAnlegenView(EinmalMixin, EditorView):
    permission = "massnahmen.change_ziel"
    template_name = "massnahmen/ziel_anlegen.html"
    form_class = ProgrammzielForm
    back_anchor = ANCHOR

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"programm": self.programm}

    def save(self, form: ProgrammzielForm) -> str:
        ziel = add_ziel(programm=self.programm, angaben=form.to_angaben(), by=self.request.user)
        return f"{ziel} steht jetzt im Entwurf {self.programm.jahr}."


class ZielMixin(ProgrammMixin):
    """About one goal of the programme in the address."""

    permission = "massnahmen.change_ziel"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.ziel = self.load_ziel()

    def load_ziel(self) -> Programmziel:
        ziele = Programmziel.objects.visible_to(self.request.user).select_related("handlungsfeld", "zielwert", "programm")
        return get_object_or_404(ziele, programm=self.programm, pk=self.kwargs["programmziel_id"])


class ZielBearbeitenView(ZielMixin, EditorView):
    template_name = "massnahmen/ziel_bearbeiten.html"
    form_class = ProgrammzielForm
    back_anchor = ANCHOR

    def get_initial(self) -> dict[str, Any]:
        return stored_programmziel(self.ziel)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"programm": self.programm, "ziel": self.ziel}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        gemessen = context["form"].zeilen.get(self.ziel.zielwert_id)
        return context | {"ziel": self.ziel, "gemessen": gemessen, "aenderung": last_aenderung(self.ziel)}

    def reload(self) -> Model:
        self.ziel = self.load_ziel()
        return self.ziel

    def save(self, form: ProgrammzielForm) -> str:
        update_ziel(ziel=self.ziel, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=self.request.user)
        return f"{self.ziel} ist gespeichert."


class ZielEntfernenView(ZielMixin, View):
    """Button of the editor, unfolded before it can be pressed."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        remove_ziel(ziel=self.ziel, by=request.user)
        messages.success(request, f"{self.ziel} steht nicht mehr im Entwurf {self.programm.jahr}.")
        return redirect(reverse("massnahmen:programm-intern-detail", args=[self.programm.jahr]) + ANCHOR)
