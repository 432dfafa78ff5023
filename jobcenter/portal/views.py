"""The portal's own pages: the way in, my tasks, legal pages, health."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from jobcenter.portal.enums import LANDESNAMEN
from jobcenter.portal.queries import (
    erklaerung_stand,
    find_outages,
    list_aufgaben,
    list_kennenlernen,
    list_lohnzuschuesse,
    read_startseite,
)


@method_decorator(login_not_required, name="dispatch")
class StartView(TemplateView):
    template_name = "portal/start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"seite": read_startseite()}


@method_decorator(login_not_required, name="dispatch")
class BetriebeView(TemplateView):
    template_name = "portal/betriebe.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"zuschuesse": list_lohnzuschuesse(), "kennenlernen": list_kennenlernen()}


class AufgabenView(TemplateView):
    """Everybody who is signed in has this page; what stands on it depends on role and seat."""

    template_name = "portal/aufgaben.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"aufgaben": list_aufgaben(self.request.user)}


@method_decorator(login_not_required, name="dispatch")
class ImpressumView(TemplateView):
    template_name = "portal/impressum.html"


class RechtsseiteMixin(TemplateView):
    """Legal pages name the Land, whose authorities watch over the Jobcenter."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"land": LANDESNAMEN[settings.INSTANZ.jobcenter.land], "stand": erklaerung_stand()}


@method_decorator(login_not_required, name="dispatch")
class DatenschutzView(RechtsseiteMixin):
    template_name = "portal/datenschutz.html"


@method_decorator(login_not_required, name="dispatch")
class BarrierefreiheitView(RechtsseiteMixin):
    template_name = "portal/barrierefreiheit.html"


@method_decorator(login_not_required, name="dispatch")
class LiveView(View):
    """The process answers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@method_decorator(login_not_required, name="dispatch")
class ReadyView(View):
    """The process can do its work; 503 names what is missing."""

    def get(self, request: HttpRequest) -> JsonResponse:
        outages = find_outages()
        return JsonResponse(
            {"bereit": not outages, "fehlt": outages}, status=503 if outages else 200, headers={"Cache-Control": "no-store"}
        )
