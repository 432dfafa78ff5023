"""Figures that texts quote: all of them with their verdict, and one text under the check."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from jobcenter.common.actions import require
from jobcenter.common.transitions import TransitionError
from jobcenter.common.views import KernFormView, PermissionMixin
from kennzahlen.actions import cite_messwert, remove_zitat
from kennzahlen.enums import Genauigkeit, Zitaturteil
from kennzahlen.forms import HAND, ZitatForm
from kennzahlen.models import Zitat
from kennzahlen.queries.zitate import Textbefund, Textzahl, check_text, find_textart, find_textobjekt, list_zitate

PER_PAGE = 25
URTEIL_ART = {
    Zitaturteil.GEHEIM: "danger",
    Zitaturteil.ZURUECKGEZOGEN: "danger",
    Zitaturteil.WEICHT_AB: "danger",
    Zitaturteil.UEBERHOLT: "warning",
    Zitaturteil.FEHLT: "warning",
    Zitaturteil.STIMMT: "success",
}


class ZitatListeView(PermissionMixin, TemplateView):
    """All quoted figures of the texts that the person sees, problems first; `?urteil=weicht_ab` those of one verdict."""

    permission = "kennzahlen.cite_messwert"
    template_name = "kennzahlen/zitat_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.request.GET.get("urteil", "")
        zeilen = list_zitate(self.request.user)
        counts = Counter(zeile.befund.urteil for zeile in zeilen)
        shown = [(zeile, URTEIL_ART[zeile.befund.urteil]) for zeile in zeilen if chosen in {"", zeile.befund.urteil}]
        return super().get_context_data(**kwargs) | {
            "seite": Paginator(shown, PER_PAGE).get_page(self.request.GET.get("seite")),
            "urteile": [(urteil.value, urteil.label, counts[urteil]) for urteil in Zitaturteil if counts[urteil]],
            "gewaehlt": chosen,
            "anzahl": len(zeilen),
        }


class ZitatPruefungView(PermissionMixin, KernFormView):
    """One text with its figures; `?zahl=3` opens the form that ties the third of them."""

    permission = "kennzahlen.cite_messwert"
    template_name = "kennzahlen/zitat_pruefung.html"
    form_class = ZitatForm

    @cached_property
    def objekt(self) -> Any:
        objekt = find_textobjekt(self.kwargs["art"], self.kwargs["pk"], self.request.user)
        if objekt is None:
            raise Http404
        require(self.request.user, self.permission, objekt)
        return objekt

    @cached_property
    def befund(self) -> Textbefund:
        textart = find_textart(self.objekt)
        assert textart is not None  # find_textobjekt has found it there
        return check_text(self.objekt, textart.read(self.objekt))

    @cached_property
    def gewaehlt(self) -> Textzahl | None:
        """The figure that is to be tied: of the form that was sent, or of the address."""
        if self.request.method == "POST":
            return self.befund.find(self.request.POST.get("text", ""))
        given = self.request.GET.get("zahl", "")
        return next((zahl for zahl in self.befund.zahlen if str(zahl.nummer) == given), None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.gewaehlt is None:
            raise TransitionError("Diese Zahl steht nicht mehr im gespeicherten Text. Öffnen Sie die Prüfung noch einmal.")
        return super().post(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> Any:
        return super().get_form(form_class) if self.gewaehlt else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"zahl": self.gewaehlt}

    def get_initial(self) -> dict[str, Any]:
        zahl = self.gewaehlt
        if zahl is None:
            return {}
        initial = {"text": zahl.stelle.text, "genauigkeit": zahl.stelle.genauigkeit, "kandidat": HAND}
        if zahl.zitat:
            names = ("kennzahl", "geschlecht", "wiedergabe", "genauigkeit")
            return initial | {name: getattr(zahl.zitat, name) for name in names} | {"monat": zahl.zitat.bis}
        return initial | ({"kandidat": _only_one(zahl)} if zahl.kandidaten else {})

    def form_valid(self, form: ZitatForm) -> HttpResponse:
        assert form.messwert is not None  # the form has found it
        given = {"text": form.cleaned_data["text"], "genauigkeit": Genauigkeit(form.cleaned_data["genauigkeit"])}
        try:
            zitat = cite_messwert(objekt=self.objekt, messwert=form.messwert, wiedergabe=form.gelesen, **given, by=self.request.user)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, f"„{zitat.text}“ ist mit „{zitat.kennzahl}“ verbunden.")
        return redirect(f"{self.request.path}#zahlen")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        textart = find_textart(self.objekt)
        assert textart is not None
        return super().get_context_data(**kwargs) | {
            "objekt": self.objekt,
            "wort": textart.wort,
            "text_url": textart.url(self.objekt),
            "befund": self.befund,
            "gewaehlt": self.gewaehlt,
            "zahlen": [(zahl, URTEIL_ART[zahl.befund.urteil] if zahl.befund else "neutral") for zahl in self.befund.zahlen],
        }


def _only_one(zahl: Textzahl) -> str:
    """Among several a person chooses; nothing is ticked beforehand."""
    return zahl.kandidaten[0].schluessel if len(zahl.kandidaten) == 1 else ""


class ZitatLoesenView(PermissionMixin, View):
    """Button on both pages. Answers to the check of the text."""

    permission = "kennzahlen.cite_messwert"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        zitat = get_object_or_404(Zitat.objects.select_related("content_type"), pk=pk)
        art = f"{zitat.content_type.app_label}.{zitat.content_type.model}"
        if find_textobjekt(art, zitat.objekt_id, request.user) is None:
            raise Http404
        remove_zitat(zitat=zitat, by=request.user)
        messages.success(request, f"„{zitat.text}“ ist mit keinem Wert mehr verbunden.")
        return redirect(f"{reverse('kennzahlen:zitat-pruefung', args=[art, zitat.objekt_id])}#zahlen")
