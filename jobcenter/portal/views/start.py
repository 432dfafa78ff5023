"""The way in, and how it is shown."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View

from jobcenter.common.farbschema import KERN_THEME, write_farbschema
from jobcenter.portal.queries import list_kennenlernen, list_lohnzuschuesse, read_startseite


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


@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class FarbschemaView(View):
    """The switch at the foot of every page. Without a token, because choosing colours harms nobody."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        back = urlsplit(request.headers.get("Referer", ""))
        path = f"{back.path}?{back.query}" if back.query else back.path
        known = back.netloc == request.get_host() and url_has_allowed_host_and_scheme(path, None)
        response = HttpResponseRedirect(path if known else reverse("portal:start"))
        chosen = request.POST.get("farbschema", "")
        if chosen in KERN_THEME:
            write_farbschema(response, chosen)
        return response
