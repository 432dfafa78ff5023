"""One measure through the years: what it is, what every year planned with it, and the way into the archive and back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, View

from jobcenter.common.actions import require
from jobcenter.common.kommentare import list_kommentare
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import archive_massnahme, restore_massnahme
from massnahmen.enums import BEARBEITBAR
from massnahmen.forms import ArchivForm
from massnahmen.models import Arbeitsmarktprogramm, Massnahme
from massnahmen.queries import Massnahmenjahre, last_meldung, list_massnahmezulassungen, read_massnahmenjahre
from massnahmen.queries.meldungen import MELDBAR
from massnahmen.views.intern import InternMixin


class MassnahmeMixin(InternMixin):
    """A page about the measure in the address."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        measures = Massnahme.objects.visible_to(request.user).select_related("instrument", "traeger")
        self.massnahme = get_object_or_404(measures.prefetch_related("zielgruppen"), pk=kwargs["massnahme_id"])

    def get_success_url(self) -> str:
        return reverse("massnahmen:massnahme-intern-detail", args=[self.massnahme.pk])


class MassnahmeInternDetailView(MassnahmeMixin, FormView):
    """For all staff; the form puts the measure into the archive."""

    template_name = "massnahmen/massnahme_intern_detail.html"
    form_class = ArchivForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user, "massnahmen.archive_massnahme", self.massnahme)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ArchivForm) -> HttpResponse:
        try:
            archive_massnahme(massnahme=self.massnahme, grund=form.cleaned_data["grund"], by=self.request.user)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, f"„{self.massnahme}“ liegt im Archiv.")
        return redirect(self.get_success_url())

    def form_invalid(self, form: ArchivForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        years = read_massnahmenjahre(self.massnahme, self.request.user)
        draft = next((zeile.position.programm for zeile in years.jahre if zeile.position.programm.ist_entwurf), None)
        may_archive = self.request.user.has_perm("massnahmen.archive_massnahme", self.massnahme)
        return super().get_context_data(**kwargs) | {
            "massnahme": self.massnahme,
            "verlauf": years,
            "entwurf": draft,
            "aufnehmen_in": self._list_drafts(years) if not self.massnahme.archiviert_am else (),
            "darf_bearbeiten": draft is not None and self.request.user.has_perm("massnahmen.change_massnahme", self.massnahme),
            "darf_archivieren": may_archive and not self.massnahme.archiviert_am and draft is None,
            "darf_zurueckholen": may_archive and self.massnahme.archiviert_am is not None,
            "zulassungen": list_massnahmezulassungen(self.massnahme, self.request.user),
            "darf_zulassen": self.request.user.has_perm("massnahmen.change_traeger", self.massnahme),
            "kommentare": list_kommentare(self.massnahme, self.request.user),
            "gemeldet": last_meldung(self.massnahme),
            "wird_gemeldet": self.massnahme.stand in MELDBAR,
        }

    def _list_drafts(self, years: Massnahmenjahre) -> list[Arbeitsmarktprogramm]:
        """Which drafts could plan it as well, for who may say so."""
        if not self.request.user.has_perm("massnahmen.change_massnahme", self.massnahme):
            return []
        planned = {zeile.position.programm_id for zeile in years.jahre}
        return list(Arbeitsmarktprogramm.objects.filter(status__in=BEARBEITBAR).exclude(pk__in=planned))


class MassnahmeZurueckholenView(MassnahmeMixin, View):
    """Button of a measure in the archive."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        restore_massnahme(massnahme=self.massnahme, by=request.user)
        messages.success(request, f"„{self.massnahme}“ ist aus dem Archiv geholt. Sie kann wieder geplant werden.")
        return redirect(self.get_success_url())
