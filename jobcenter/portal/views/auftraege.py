"""The machine room: background work that was given up, and how to start it again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.views.generic import TemplateView

from jobcenter.common.views import PermissionMixin
from jobcenter.portal.actions import retry_auftraege
from jobcenter.portal.queries import find_gescheiterte, list_gescheiterte, read_betriebsstand


class AuftragListeView(PermissionMixin, TemplateView):
    """What waits refreshes itself with htmx; what was given up does not, so that nothing moves under a cursor."""

    template_name = "portal/auftrag_liste.html"
    permission = "portal.manage_auftraege"

    def get_template_names(self) -> list[str]:
        return [f"{self.template_name}#stand"] if self.request.htmx else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"stand": read_betriebsstand()}
        return context if self.request.htmx else context | {"gescheiterte": list_gescheiterte()}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "no-store"  # the page and its fragment share an address
        patch_vary_headers(response, ["HX-Request"])
        return response


class AuftragWiederholenView(PermissionMixin, TemplateView):
    """Shows what was chosen before anything is done."""

    template_name = "portal/auftrag_wiederholen.html"
    permission = "portal.manage_auftraege"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.GET.getlist("auswahl"):
            messages.warning(request, "Sie haben nichts ausgewählt. Wählen Sie mindestens einen Auftrag.")
            return redirect("portal:auftrag-liste")
        chosen = [zeile for _, zeile in find_gescheiterte(request.GET.getlist("auswahl"))]
        if not chosen:
            messages.info(request, "Diese Aufträge werden schon wieder versucht oder sind erledigt.")
            return redirect("portal:auftrag-liste")
        return self.render_to_response(self.get_context_data(auftraege=chosen))

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = request.POST.getlist("auswahl")
        number = retry_auftraege(auftraege=[row for row, _ in find_gescheiterte(keys)], by=request.user)
        if number == 1:
            messages.success(request, "Der Auftrag wird noch einmal versucht.")
        elif number:
            messages.success(request, f"{number} Aufträge werden noch einmal versucht.")
        if rest := len(set(keys)) - number:
            words = "Ein Auftrag war" if rest == 1 else f"{rest} Aufträge waren"
            messages.info(request, f"{words} inzwischen schon wieder in Arbeit oder erledigt.")
        return redirect("portal:auftrag-liste")
