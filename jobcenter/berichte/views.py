"""Reports: how far they are, for staff; the finished ones of published programmes, for everybody."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.http import quote_etag
from django.views.generic import DetailView, ListView, TemplateView, View

from jobcenter.berichte.actions import remake_bericht, request_entwurf, retry_bericht
from jobcenter.berichte.models import Bericht, Entwurfsdruck
from jobcenter.berichte.queries import is_lost, public_archive, public_programmbericht
from jobcenter.common import typography
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.tabellen import LinkSpalte, StandSpalte, Tabelle, TabelleMixin, TextSpalte, ZahlSpalte, ZeitpunktSpalte
from jobcenter.common.transitions import TransitionError
from jobcenter.common.views import PermissionMixin
from massnahmen.models import Arbeitsmarktprogramm

log = logging.getLogger(__name__)
WAIT_SECONDS = 15  # until a visitor should ask again


class StaffView(PermissionMixin, View):
    """Pages on which staff follow the making of reports."""

    permission = "berichte.view_bericht"

    def get_queryset(self) -> QuerySet[Bericht]:
        visible = Bericht.objects.visible_to(self.request.user).select_related("fassung__programm", "angefordert_von")
        return visible.defer("fassung__inhalt").order_by("-angelegt_am", "-pk")


class GroesseSpalte(ZahlSpalte):
    """Bytes: short on the page, whole in the file."""

    zusatz_im_kopf = " in Byte"

    def render(self, value: int) -> str:
        return typography.dateigroesse(value)


class BerichtTabelle(Tabelle):
    titel = "Berichte"
    woerter = ("Bericht", "Berichte")

    bericht = LinkSpalte(
        "Bericht",
        accessor="fassung",
        order_by=("fassung__programm__jahr", "fassung__nummer"),
        url=lambda record, table: reverse("berichte:bericht-detail", args=[record.pk]),
    )
    stand = StandSpalte("Stand", accessor="status", choices=Auftragsstatus)
    angefordert = ZeitpunktSpalte("Angefordert", accessor="angelegt_am", initial_sort_descending=True)
    von = TextSpalte("von", accessor="angefordert_von__name")
    seiten = ZahlSpalte("Seiten")
    groesse = GroesseSpalte("Größe")


class BerichtListeView(TabelleMixin, StaffView, TemplateView):
    template_name = "berichte/bericht_liste.html"
    tabelle_class = BerichtTabelle

    def get_rows(self) -> QuerySet[Bericht]:
        return self.get_queryset()

    def get_leer(self) -> dict[str, str]:
        return {
            "titel": "Noch kein Bericht",
            "text": "Ein Bericht entsteht, wenn ein Arbeitsmarktprogramm veröffentlicht wird.",
            "url": reverse("massnahmen:programm-intern-liste"),
            "verb": "Zu den Programmen",
        }


class BerichtDetailView(StaffView, DetailView):
    """Its progress refreshes itself with htmx, and by a link without."""

    template_name = "berichte/bericht_detail.html"
    context_object_name = "bericht"

    def get_template_names(self) -> list[str]:
        return [f"{self.template_name}#stand"] if self.request.htmx else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bericht = self.object
        return super().get_context_data(
            ist_unterwegs=bericht.status in {Auftragsstatus.WARTET, Auftragsstatus.IN_ARBEIT},
            versuch=(bericht.versuch - 1) % Bericht.MAX_VERSUCHE + 1 if bericht.versuch else 0,
            versuche=Bericht.MAX_VERSUCHE,
            ist_verloren=is_lost(bericht),
            darf_wiederholen=self.request.user.has_perm("berichte.retry_bericht", bericht.fassung),
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "no-store"  # the page and its fragment share an address
        patch_vary_headers(response, ["HX-Request"])
        return response


class BerichtWiederholenView(StaffView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        bericht = get_object_or_404(self.get_queryset(), pk=pk)
        try:
            retry_bericht(bericht=bericht, by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Das PDF wird noch einmal erstellt.")
        return redirect("berichte:bericht-detail", pk=pk)


class BerichtNeuView(StaffView):
    """Make a report anew whose file is lost."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        bericht = get_object_or_404(self.get_queryset(), pk=pk)
        try:
            remake_bericht(bericht=bericht, by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Das PDF wird neu erstellt.")
        return redirect("berichte:bericht-detail", pk=pk)


class BerichtDateiView(StaffView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        bericht = get_object_or_404(self.get_queryset(), pk=pk)
        if bericht.status != Auftragsstatus.FERTIG:
            raise Http404("Das PDF ist noch nicht fertig.")
        if (file := _open(bericht)) is None:
            return redirect("berichte:bericht-detail", pk=pk)
        return _send(bericht, file, as_attachment=True)


class EntwurfView(PermissionMixin, View):
    """A draft on paper: staff only, and for a day."""

    permission = "berichte.print_entwurf"

    def get_queryset(self) -> QuerySet[Entwurfsdruck]:
        return Entwurfsdruck.objects.visible_to(self.request.user).kept().select_related("programm", "angefordert_von")


class EntwurfDruckenView(EntwurfView):
    """Button of the preview."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, jahr: int) -> HttpResponse:
        programm = get_object_or_404(Arbeitsmarktprogramm.objects.visible_to(request.user), jahr=jahr)
        entwurf = request_entwurf(programm=programm, by=request.user)
        return redirect("berichte:entwurf-detail", pk=entwurf.pk)


class EntwurfDetailView(EntwurfView, DetailView):
    """Its progress refreshes itself with htmx, and by a link without."""

    template_name = "berichte/entwurf_detail.html"
    context_object_name = "entwurf"

    def get_queryset(self) -> QuerySet[Entwurfsdruck]:
        return super().get_queryset().defer("inhalt", "pdf")

    def get_template_names(self) -> list[str]:
        return [f"{self.template_name}#stand"] if self.request.htmx else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ist_unterwegs = self.object.status in {Auftragsstatus.WARTET, Auftragsstatus.IN_ARBEIT}
        return super().get_context_data(ist_unterwegs=ist_unterwegs, bis=self.object.angelegt_am + Entwurfsdruck.KEPT, **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "no-store"  # the page and its fragment share an address
        patch_vary_headers(response, ["HX-Request"])
        return response


class EntwurfDateiView(EntwurfView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        entwurf = get_object_or_404(self.get_queryset(), pk=pk, status=Auftragsstatus.FERTIG)
        response = HttpResponse(bytes(entwurf.pdf), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="arbeitsmarktprogramm-{entwurf.programm.jahr}-entwurf.pdf"'
        response["Cache-Control"] = "no-store"
        return response


@method_decorator(login_not_required, name="dispatch")
class ProgrammPdfView(View):
    """The PDF of the newest published Fassung. While it is being made, or when there will be none: a page that says so (503)."""

    def get(self, request: HttpRequest, jahr: int) -> HttpResponseBase:
        veroeffentlichung, bericht = public_programmbericht(jahr)
        if veroeffentlichung is None:
            raise Http404(f"Für {jahr} ist kein Programm veröffentlicht.")
        if bericht and bericht.status == Auftragsstatus.GESCHEITERT:
            return self._without(jahr, "berichte/programm_pdf_fehlt.html")
        if bericht is None or bericht.status != Auftragsstatus.FERTIG:
            waiting = self._without(jahr, "berichte/programm_pdf_wartet.html")
            waiting["Retry-After"] = str(WAIT_SECONDS)
            return waiting
        etag = quote_etag(bericht.pruefsumme)
        if unchanged := get_conditional_response(request, etag=etag):
            return unchanged
        if (file := _open(bericht)) is None:
            return self._without(jahr, "berichte/programm_pdf_fehlt.html")
        response = _send(bericht, file, as_attachment=False)
        response["ETag"] = etag
        response["Cache-Control"] = "public, no-cache"  # may be kept, is asked for anew: a Fortschreibung replaces it at once
        return response

    def _without(self, jahr: int, template: str) -> HttpResponse:
        response = render(self.request, template, {"jahr": jahr}, status=503)
        response["Cache-Control"] = "no-store"
        return response


@method_decorator(login_not_required, name="dispatch")
class ArchivView(ListView):
    template_name = "berichte/archiv.html"
    context_object_name = "berichte"
    paginate_by = 20
    page_kwarg = "seite"

    def get_queryset(self) -> QuerySet[Bericht]:
        return public_archive()


def _open(bericht: Bericht) -> File | None:
    """The file of a finished report; None, and an error in the log, when the store has lost it."""
    try:
        return default_storage.open(bericht.datei)
    except OSError:
        log.exception("%s: the file %s cannot be read", bericht, bericht.datei)
        return None


def _send(bericht: Bericht, file: File, *, as_attachment: bool) -> FileResponse:
    name = f"arbeitsmarktprogramm-{bericht.fassung.programm.jahr}-fassung-{bericht.fassung.nummer}.pdf"
    return FileResponse(file, as_attachment=as_attachment, filename=name, content_type="application/pdf")
