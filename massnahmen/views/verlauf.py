"""What became of a measure, a chapter, a summary: who changed what and why, and every earlier state to take in again."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from jobcenter.common.kommentare import list_kommentare
from jobcenter.common.verlauf import Verlaufsquelle
from jobcenter.common.views import VerlaufMixin
from massnahmen.models import Kapitel, Programmposition
from massnahmen.queries import (
    history_of_kapitel,
    history_of_massnahme,
    history_of_zusammenfassung,
)
from massnahmen.views.intern import ProgrammMixin


class ProgrammVerlaufView(VerlaufMixin, ProgrammMixin, TemplateView):
    """For all who may read the draft; who may change it now can take a state in again."""

    change_permission: str

    def get_bearbeiten_url(self) -> str:
        raise NotImplementedError

    def get_einsetzen_url(self) -> str:
        may = self.programm.ist_entwurf and self.request.user.has_perm(self.change_permission, self.programm)
        return self.get_bearbeiten_url() if may else ""


class MassnahmeVerlaufView(ProgrammVerlaufView):
    template_name = "massnahmen/massnahme_verlauf.html"
    change_permission = "massnahmen.change_massnahme"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        positions = Programmposition.objects.visible_to(request.user).select_related("massnahme")
        self.position = get_object_or_404(positions, programm=self.programm, massnahme=kwargs["massnahme_id"])

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_massnahme(self.position)

    def get_bearbeiten_url(self) -> str:
        return reverse("massnahmen:massnahme-bearbeiten", args=[self.programm.jahr, self.position.massnahme_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "massnahme": self.position.massnahme,
            "kommentare": list_kommentare(self.position.massnahme, self.request.user),
        }


class KapitelVerlaufView(ProgrammVerlaufView):
    template_name = "massnahmen/kapitel_verlauf.html"
    change_permission = "massnahmen.change_kapitel"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kapitel = get_object_or_404(Kapitel.objects.visible_to(request.user), programm=self.programm, nummer=kwargs["nummer"])

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_kapitel(self.kapitel)

    def get_bearbeiten_url(self) -> str:
        return reverse("massnahmen:kapitel-bearbeiten", args=[self.programm.jahr, self.kapitel.nummer])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "kapitel": self.kapitel,
            "kommentare": list_kommentare(self.kapitel, self.request.user),
        }


class ZusammenfassungVerlaufView(ProgrammVerlaufView):
    """With the steps of the programme, which share its history."""

    template_name = "massnahmen/zusammenfassung_verlauf.html"
    change_permission = "massnahmen.change_kapitel"

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_zusammenfassung(self.programm)

    def get_bearbeiten_url(self) -> str:
        return reverse("massnahmen:zusammenfassung-bearbeiten", args=[self.programm.jahr])
