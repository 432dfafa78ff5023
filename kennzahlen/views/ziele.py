"""What was agreed with the Land, and where it stands."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from jobcenter.common import clock
from jobcenter.common.verlauf import last_aenderung
from jobcenter.common.views import EinmalMixin, KernFormView, KonfliktMixin, PermissionMixin, ZwischenstandMixin
from kennzahlen.actions import set_zielwert, update_zielwert
from kennzahlen.enums import Zielstand
from kennzahlen.forms import ZielAendernForm, ZielForm, stored_ziel
from kennzahlen.models import Jobcenter, Zielwert
from kennzahlen.queries.ziele import read_ziele, years_with_goals

STAND_ART = {
    Zielstand.ERREICHT: "success",
    Zielstand.AUF_KURS: "success",
    Zielstand.GEFAEHRDET: "warning",
    Zielstand.VERFEHLT: "danger",
    Zielstand.OFFEN: "neutral",
}


def our_jobcenter() -> Jobcenter:
    eigenes = Jobcenter.objects.filter(traegernummer=settings.INSTANZ.jobcenter.traegernummer).first()
    if eigenes is None:
        raise Http404("Our own Jobcenter has not been imported yet")
    return eigenes


class ZielListeView(PermissionMixin, TemplateView):
    """The goals of a year, `?jahr=2026`; without it of the running one."""

    permission = "kennzahlen.view_zielwert"
    template_name = "kennzahlen/ziel_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        eigenes = our_jobcenter()
        jahre = years_with_goals(eigenes)
        jahr = self._asked_year(jahre)
        ziele = [(zeile, STAND_ART[zeile.stand]) for zeile in read_ziele(eigenes, jahr)]
        return super().get_context_data(**kwargs) | {
            "jahr": jahr,
            "jahre": jahre,
            "ziele": ziele,
            "gefaehrdete": sum(zeile.stand is Zielstand.GEFAEHRDET and not zeile.ziel.nur_beobachtung for zeile, _ in ziele),
            "darf_setzen": self.request.user.has_perm("kennzahlen.set_zielwert"),
        }

    def _asked_year(self, jahre: list[int]) -> int:
        given = self.request.GET.get("jahr", "")
        if given:
            if not (given.isascii() and given.isdigit() and int(given[:9]) in jahre):
                raise Http404
            return int(given)
        this_year = clock.today().year
        return this_year if this_year in jahre or not jahre else jahre[0]


class ZielNeuView(EinmalMixin, ZwischenstandMixin, PermissionMixin, KernFormView):
    permission = "kennzahlen.set_zielwert"
    template_name = "kennzahlen/ziel_neu.html"
    form_class = ZielForm

    def get_initial(self) -> dict[str, Any]:
        return {"jahr": clock.today().year}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"jobcenter": our_jobcenter()}

    def form_valid(self, form: ZielForm) -> HttpResponse:
        ziel = set_zielwert(jobcenter=form.jobcenter, **form.to_angaben(), by=self.request.user)
        messages.success(self.request, f"Das Ziel für „{ziel.kennzahl}“ ist gespeichert. Das Portal prüft es mit jeder neuen Zahl.")
        return redirect(f"{reverse('kennzahlen:ziel-liste')}?jahr={ziel.jahr}")


class ZielBearbeitenView(ZwischenstandMixin, KonfliktMixin, PermissionMixin, KernFormView):
    permission = "kennzahlen.set_zielwert"
    template_name = "kennzahlen/ziel_bearbeiten.html"
    form_class = ZielAendernForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"zielwert": self.ziel}

    def get_initial(self) -> dict[str, Any]:
        return stored_ziel(self.ziel)

    def form_valid(self, form: ZielAendernForm) -> HttpResponse:
        ziel = update_zielwert(zielwert=self.ziel, **form.to_angaben(), by=self.request.user)
        messages.success(self.request, f"Das Ziel für „{ziel.kennzahl}“ ist gespeichert.")
        return redirect(f"{reverse('kennzahlen:ziel-liste')}?jahr={ziel.jahr}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"ziel": self.ziel, "aenderung": last_aenderung(self.ziel)}

    def reload(self) -> Model:
        del self._loaded
        return self.ziel

    @property
    def ziel(self) -> Zielwert:
        if not hasattr(self, "_loaded"):
            own = Zielwert.objects.filter(jobcenter__traegernummer=settings.INSTANZ.jobcenter.traegernummer)
            self._loaded = get_object_or_404(own.select_related("kennzahl", "jobcenter"), pk=self.kwargs["pk"])
        return self._loaded
