"""Open data: a page for people and a catalogue for other portals."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from jobcenter.common.rdf import to_jsonld, to_turtle
from jobcenter.portal.queries.katalog import PREFIXES, build_katalog, read_offene_daten
from kennzahlen.enums import Lizenz
from kennzahlen.queries.offene_daten import LIZENZ_URL


@method_decorator(login_not_required, name="dispatch")
class DatenView(TemplateView):
    template_name = "portal/daten.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "daten": read_offene_daten(),
            "lizenz_url": LIZENZ_URL[Lizenz.DL_DE_BY],
            "lizenz_ba_url": LIZENZ_URL[Lizenz.BA],
        }


class KatalogView(View):
    """The same graph in two notations."""

    write = staticmethod(to_turtle)
    content_type = "text/turtle; charset=utf-8"

    def get(self, request: HttpRequest) -> HttpResponse:
        content = self.write(build_katalog(read_offene_daten()), PREFIXES)
        return HttpResponse(content, content_type=self.content_type, headers={"Access-Control-Allow-Origin": "*"})


@method_decorator(login_not_required, name="dispatch")
class KatalogTtlView(KatalogView):
    pass


@method_decorator(login_not_required, name="dispatch")
class KatalogJsonldView(KatalogView):
    write = staticmethod(to_jsonld)
    content_type = "application/ld+json"
