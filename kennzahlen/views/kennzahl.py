"""One Kennzahl for everybody: its page and its charts."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.http import quote_etag
from django.views.generic import TemplateView, View

from kennzahlen.enums import Geschlecht
from kennzahlen.forms import MonatForm
from kennzahlen.models import Diagramm, Kennzahl
from kennzahlen.queries.begriffe import find_begriffe
from kennzahlen.queries.kennzahlseite import is_compared, read_kennzahlseite

YEAR_SECONDS = 31_536_000


def parse_monat(text: str) -> date | None:
    """2026-07 as its first day; None for whatever else an address says."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == len("2026-07") else None
    except ValueError:
        return None


def parse_geschlecht(text: str) -> Geschlecht:
    return Geschlecht(text) if text in Geschlecht.values else Geschlecht.INSGESAMT


@method_decorator(login_not_required, name="dispatch")
class KennzahlDetailView(TemplateView):
    template_name = "kennzahlen/kennzahl_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kennzahl = get_object_or_404(Kennzahl, code=self.kwargs["code"])
        seite = read_kennzahlseite(
            kennzahl,
            monat=parse_monat(self.request.GET.get("monat", "")),
            geschlecht=parse_geschlecht(self.request.GET.get("geschlecht", "")),
        )
        shown = {"geschlecht": seite.geschlecht.value, "monat": f"{seite.bild.punkt.von:%Y-%m}" if seite.bild else ""}
        form = MonatForm(shown, monate=seite.auswahl)
        if seite.bild and not seite.bild.geschlechter:
            del form.fields["geschlecht"]
        return super().get_context_data(
            **kwargs,
            seite=seite,
            kennzahl=kennzahl,
            form=form,
            begriffe=find_begriffe([kennzahl.code]),
            hat_rangliste=is_compared(kennzahl),
        )


@method_decorator(login_not_required, name="dispatch")
class DiagrammView(View):
    """A chart as it was drawn last. Its address names the fingerprint of its figures, so that a browser may keep it for a year."""

    def get(self, request: HttpRequest, code: str, art: str, fassung: str) -> HttpResponse:
        diagramm = get_object_or_404(Diagramm, kennzahl__code=code, art=art)
        svg = diagramm.svg.get(fassung)
        if not svg:
            raise Http404
        kept = diagramm.grundlage and request.GET.get("v") == diagramm.grundlage[:16]
        headers = {
            "ETag": quote_etag(f"{diagramm.grundlage}-{fassung}"),
            "Cache-Control": f"public, max-age={YEAR_SECONDS}, immutable" if kept else "public, no-cache",
        }
        answer = HttpResponse(svg, content_type="image/svg+xml", headers=headers)
        return get_conditional_response(request, etag=headers["ETag"], response=answer) or answer
