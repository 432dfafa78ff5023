"""The plan for training that programmes had until 2024: vouchers by quarter (§ 22 Abs. 4 SGB III)."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from jobcenter.common.transitions import TransitionError
from jobcenter.common.verlauf import last_aenderung
from jobcenter.common.views import EinmalMixin
from massnahmen.actions import add_bildungsziel, remove_bildungsziel, update_bildungsziel
from massnahmen.enums import BILDUNGSZIELE_BIS
from massnahmen.forms import BildungszielForm, stored_bildungsziel
from massnahmen.models import Bildungsziel
from massnahmen.queries import sum_bildungsziele
from massnahmen.views.bearbeiten import EditorView
from massnahmen.views.intern import ProgrammMixin


class BildungszielListeView(ProgrammMixin, TemplateView):
    """For all staff; of a year after 2024 it says who plans now."""

    template_name = "massnahmen/bildungsziel_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        zeilen = list(Bildungsziel.objects.visible_to(self.request.user).filter(programm=self.programm))
        gilt = self.programm.jahr <= BILDUNGSZIELE_BIS
        may = self.programm.ist_entwurf and self.request.user.has_perm("massnahmen.change_ziel", self.programm)
        return super().get_context_data(**kwargs) | {
            "zeilen": zeilen,
            "summen": sum_bildungsziele(zeilen),
            "gilt": gilt,
            "bis": BILDUNGSZIELE_BIS,
            "darf_planen": gilt and may,
        }


class BildungszielEditorView(EditorView):
    permission = "massnahmen.change_ziel"
    form_class = BildungszielForm

    def get_success_url(self) -> str:
        return reverse("massnahmen:bildungsziel-liste", args=[self.programm.jahr])


class BildungszielAnlegenView(EinmalMixin, BildungszielEditorView):
    template_name = "massnahmen/bildungsziel_anlegen.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.programm.jahr > BILDUNGSZIELE_BIS:
            raise TransitionError(
                f"Seit {BILDUNGSZIELE_BIS + 1} plant die Agentur für Arbeit die Bildungsziele. In diesem Programm gibt es keine."
            )
        return super().get(request, *args, **kwargs)

    def save(self, form: BildungszielForm) -> str:
        row = add_bildungsziel(programm=self.programm, angaben=form.to_angaben(), by=self.request.user)
        return f"„{row}“ steht jetzt im Plan {self.programm.jahr}."


class BildungszielMixin(ProgrammMixin):
    """About one line of the plan of the programme in the address."""

    permission = "massnahmen.change_ziel"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.bildungsziel = self.load_bildungsziel()

    def load_bildungsziel(self) -> Bildungsziel:
        rows = Bildungsziel.objects.visible_to(self.request.user).select_related("programm")
        return get_object_or_404(rows, programm=self.programm, pk=self.kwargs["bildungsziel_id"])


class BildungszielBearbeitenView(BildungszielMixin, BildungszielEditorView):
    template_name = "massnahmen/bildungsziel_bearbeiten.html"

    def get_initial(self) -> dict[str, Any]:
        return stored_bildungsziel(self.bildungsziel)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"bildungsziel": self.bildungsziel}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"bildungsziel": self.bildungsziel, "aenderung": last_aenderung(self.bildungsziel)}

    def reload(self) -> Model:
        self.bildungsziel = self.load_bildungsziel()
        return self.bildungsziel

    def save(self, form: BildungszielForm) -> str:
        row = update_bildungsziel(
            bildungsziel=self.bildungsziel, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=self.request.user
        )
        return f"„{row}“ ist gespeichert."


class BildungszielEntfernenView(BildungszielMixin, View):
    """Button of the editor, unfolded before it can be pressed."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        remove_bildungsziel(bildungsziel=self.bildungsziel, by=request.user)
        messages.success(request, f"„{self.bildungsziel}“ steht nicht mehr im Plan {self.programm.jahr}.")
        return redirect("massnahmen:bildungsziel-liste", jahr=self.programm.jahr)
