"""The certificates of a measure that people may choose with a voucher (§ 179 SGB III)."""

from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from jobcenter.common import typography
from jobcenter.common.actions import require
from jobcenter.common.verlauf import last_aenderung
from jobcenter.common.views import EinmalMixin
from massnahmen.actions import add_massnahmezulassung, update_massnahmezulassung
from massnahmen.forms import MassnahmezulassungForm, stored_zulassung
from massnahmen.models import Massnahme, Massnahmezulassung
from massnahmen.views.intern import InternMixin
from massnahmen.views.traeger import SchreibView


class MassnahmezulassungView(InternMixin, SchreibView):
    """About the measure in the address. Planung."""

    form_class = MassnahmezulassungForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request.user, "massnahmen.change_traeger")
        self.massnahme = self.load_massnahme()

    def load_massnahme(self) -> Massnahme:
        return get_object_or_404(Massnahme.objects.visible_to(self.request.user), pk=self.kwargs["massnahme_id"])

    def get_massnahme_url(self) -> str:
        return reverse("massnahmen:massnahme-intern-detail", args=[self.massnahme.pk])

    def get_success_url(self) -> str:
        return self.get_massnahme_url() + "#zulassungen"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"massnahme": self.massnahme, "massnahme_url": self.get_massnahme_url()}


class MassnahmezulassungAnlegenView(EinmalMixin, MassnahmezulassungView):
    template_name = "massnahmen/massnahmezulassung_anlegen.html"

    def get_initial(self) -> dict[str, Any]:
        rows = Massnahmezulassung.objects.visible_to(self.request.user).filter(massnahme=self.massnahme)
        newest = rows.order_by("-gueltig_bis", "-pk").first()
        return {} if newest is None else {"stelle": newest.stelle, "gueltig_von": newest.gueltig_bis + timedelta(days=1)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"andere": Massnahmezulassung.objects.filter(massnahme=self.massnahme), "ist_neu": True}

    def save(self, form: MassnahmezulassungForm) -> str:
        zulassung = add_massnahmezulassung(massnahme=self.massnahme, angaben=form.to_angaben(), by=self.request.user)
        return f"Die Zulassung {zulassung.nummer} ist eingetragen. Sie gilt bis zum {typography.datum(zulassung.gueltig_bis)}."


class MassnahmezulassungBearbeitenView(MassnahmezulassungView):
    template_name = "massnahmen/massnahmezulassung_bearbeiten.html"

    def load_massnahme(self) -> Massnahme:
        rows = Massnahmezulassung.objects.visible_to(self.request.user).select_related("massnahme")
        self.zulassung = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.zulassung.massnahme

    def get_initial(self) -> dict[str, Any]:
        return stored_zulassung(self.zulassung)

    def get_form_kwargs(self) -> dict[str, Any]:
        others = Massnahmezulassung.objects.filter(massnahme=self.massnahme).exclude(pk=self.zulassung.pk)
        return super().get_form_kwargs() | {"andere": others, "ist_neu": False}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"zulassung": self.zulassung, "aenderung": last_aenderung(self.zulassung)}

    def reload(self) -> Model:
        self.load_massnahme()
        return self.zulassung

    def save(self, form: MassnahmezulassungForm) -> str:
        zulassung = update_massnahmezulassung(
            zulassung=self.zulassung, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=self.request.user
        )
        return f"Die Zulassung {zulassung.nummer} ist berichtigt."
