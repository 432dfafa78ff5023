"""How the portal itself is: its health."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.generic import View

from jobcenter.portal.queries import find_outages, find_warnings


@method_decorator(login_not_required, name="dispatch")
class LiveView(View):
    """The process answers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@method_decorator(login_not_required, name="dispatch")
class ReadyView(View):
    """The process can do its work; 503 names what is missing.

    What slows background work down is a warning: pages are answered without it, so no load balancer may turn away.
    """

    def get(self, request: HttpRequest) -> JsonResponse:
        outages = find_outages()
        answer = {"bereit": not outages, "fehlt": outages, "warnungen": {} if outages else find_warnings()}
        return JsonResponse(answer, status=503 if outages else 200, headers={"Cache-Control": "no-store"})
