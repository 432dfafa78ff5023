"""Projects of the region over several years, and who gives money for them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from jobcenter.common.typography import euro
from jobcenter.common.verlauf import last_aenderung
from jobcenter.common.views import EinmalMixin, PermissionMixin
from massnahmen.actions import add_projektmittel, create_regionalprojekt, remove_projektmittel, update_regionalprojekt
from massnahmen.forms import ProjektmittelForm, RegionalprojektForm, stored_projekt
from massnahmen.models import Projektmittel, Regionalprojekt
from massnahmen.queries import list_projekte, read_projektfinanzen
from massnahmen.views.geld import GeldEditorView
from massnahmen.views.intern import InternMixin


class RegionalprojektListeView(InternMixin, TemplateView):
    template_name = "massnahmen/regionalprojekt_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "zeilen": list_projekte(self.request.user),
            "darf_aendern": self.request.user.has_perm("massnahmen.change_regionalprojekt"),
        }


class ProjektMixin(InternMixin):
    """A page about the project in the address; `permission` is what it takes to open it."""

    permission = "massnahmen.view_programm"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.projekt = self.load_projekt()
        if not request.user.has_perm(self.permission, self.projekt):
            raise PermissionDenied

    def load_projekt(self) -> Regionalprojekt:
        return get_object_or_404(Regionalprojekt.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("massnahmen:regionalprojekt-detail", args=[self.projekt.pk])
        return super().get_context_data(**kwargs) | {"projekt": self.projekt, "zurueck": url}


class RegionalprojektDetailView(ProjektMixin, TemplateView):
    template_name = "massnahmen/regionalprojekt_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "finanzen": read_projektfinanzen(self.projekt),
            "aenderung": last_aenderung(self.projekt),
            "darf_aendern": self.request.user.has_perm("massnahmen.change_regionalprojekt", self.projekt),
        }


class RegionalprojektAnlegenView(EinmalMixin, PermissionMixin, GeldEditorView):
    permission = "massnahmen.change_regionalprojekt"
    template_name = "massnahmen/regionalprojekt_anlegen.html"
    form_class = RegionalprojektForm

    def get_success_url(self) -> str:
        return reverse("massnahmen:regionalprojekt-detail", args=[self.created.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"zurueck": reverse("massnahmen:regionalprojekt-liste")}

    def save(self, form: RegionalprojektForm) -> str:
        self.created = create_regionalprojekt(angaben=form.to_angaben(), by=self.request.user)
        return f"„{self.created}“ ist eingetragen. Als Nächstes: Wer gibt wie viel?"


class ProjektEditorView(ProjektMixin, GeldEditorView):
    permission = "massnahmen.change_regionalprojekt"

    def get_success_url(self) -> str:
        return reverse("massnahmen:regionalprojekt-detail", args=[self.projekt.pk])


class RegionalprojektBearbeitenView(ProjektEditorView):
    template_name = "massnahmen/regionalprojekt_bearbeiten.html"
    form_class = RegionalprojektForm

    def get_initial(self) -> dict[str, Any]:
        return stored_projekt(self.projekt)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"projekt": self.projekt}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"aenderung": last_aenderung(self.projekt)}

    def reload(self) -> Model:
        self.projekt = self.load_projekt()
        return self.projekt

    def save(self, form: RegionalprojektForm) -> str:
        row = update_regionalprojekt(
            projekt=self.projekt, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=self.request.user
        )
        return f"„{row}“ ist gespeichert."


class ProjektmittelAnlegenView(EinmalMixin, ProjektEditorView):
    template_name = "massnahmen/projektmittel_anlegen.html"
    form_class = ProjektmittelForm

    def get_initial(self) -> dict[str, Any]:
        return {"von": self.projekt.beginn.year, "bis": self.projekt.ende.year}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"projekt": self.projekt}

    def save(self, form: forms.Form) -> str:
        row = add_projektmittel(projekt=self.projekt, angaben=form.to_angaben(), by=self.request.user)  # type: ignore[attr-defined]
        return f"{euro(row.betrag_cent)} aus „{row.get_quelle_display()}“ sind eingetragen."


class ProjektmittelEntfernenView(ProjektMixin, View):
    """Button beside a source's money, unfolded before it can be pressed."""

    permission = "massnahmen.change_regionalprojekt"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = Projektmittel.objects.visible_to(request.user).filter(projekt=self.projekt).select_related("projekt")
        row = get_object_or_404(rows, pk=kwargs["projektmittel_id"])
        remove_projektmittel(mittel=row, by=request.user)
        messages.success(request, f"{euro(row.betrag_cent)} aus „{row.get_quelle_display()}“ sind entfernt.")
        return redirect("massnahmen:regionalprojekt-detail", pk=self.projekt.pk)
