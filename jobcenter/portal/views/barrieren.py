"""Barriers: reported by anybody, answered by administration."""

from typing import Any
from urllib.parse import urlsplit

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import DetailView, ListView, View
from django.views.generic.detail import SingleObjectMixin

from jobcenter.common.text import clean_text
from jobcenter.common.views import KernFormView, PermissionMixin
from jobcenter.portal.actions import answer_barriere, report_barriere
from jobcenter.portal.enums import Meldungsstatus
from jobcenter.portal.forms import BarriereBeantwortenForm, BarriereMeldenForm
from jobcenter.portal.models import Barrieremeldung

# --- for everybody ----------------------------------------------------------------------------------------------


@method_decorator([login_not_required, csrf_exempt, never_cache], name="dispatch")
class BarriereMeldenView(KernFormView):
    """The way to say what does not work, linked on every page. Without cookie and token: see the form for what stands in."""

    template_name = "portal/barriere_melden.html"
    form_class = BarriereMeldenForm

    def get_initial(self) -> dict[str, Any]:
        """`?seite=/presse/` is the page on which the link was."""
        seite = clean_text(self.request.GET.get("seite", ""), lines=False)
        return {"seite": seite if seite.startswith("/") and len(seite) <= 300 else ""}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _is_from_here(request):
            form = self.get_form()
            return self.refuse(
                form, "Diese Meldung kam nicht von unserer Seite. Prüfen Sie den Text und senden Sie ihn bitte von hier.", 403
            )
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: BarriereMeldenForm) -> HttpResponse:
        if not ratelimit.consume(self.request, action="report_barriere"):  # ten an hour from one address
            return self.refuse(form, "Von Ihrem Anschluss kamen gerade sehr viele Meldungen. Senden Sie diese bitte in einer Stunde.", 429)
        given = {name: form.cleaned_data[name] for name in ("was", "seite", "mail")}
        meldung = report_barriere(schluessel=form.schluessel, **given, by=AnonymousUser())
        return redirect("portal:barriere-gemeldet", schluessel=meldung.schluessel)

    def refuse(self, form: BarriereMeldenForm, satz: str, status: int) -> HttpResponse:
        """What was typed stays."""
        form.add_error(None, satz)
        return self.render_to_response(self.get_context_data(form=form), status=status)


@method_decorator([login_not_required, never_cache], name="dispatch")
class BarriereGemeldetView(DetailView):
    """The receipt: number and what happens next, nothing of what was written."""

    template_name = "portal/barriere_gemeldet.html"
    context_object_name = "meldung"
    queryset = Barrieremeldung.objects.all()
    slug_field = slug_url_kwarg = "schluessel"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seite = self.object.seite
        is_ours = seite.startswith("/") and url_has_allowed_host_and_scheme(seite, None)
        return super().get_context_data(**kwargs) | {"zurueck": seite if is_ours else ""}


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the form was sent from this site. Old browsers say nothing."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


# --- for administration -----------------------------------------------------------------------------------------


class AdministrationView(PermissionMixin, View):
    permission = "portal.view_barrieremeldung"

    def get_queryset(self) -> QuerySet[Barrieremeldung]:
        return Barrieremeldung.objects.visible_to(self.request.user).select_related("erledigt_von")


class BarrieremeldungListeView(AdministrationView, ListView):
    """What is open in full, oldest first; what is answered by pages, newest first."""

    template_name = "portal/barrieremeldung_liste.html"
    context_object_name = "beantwortete"
    paginate_by = 20
    page_kwarg = "seite"

    def get_queryset(self) -> QuerySet[Barrieremeldung]:
        return super().get_queryset().filter(status=Meldungsstatus.ERLEDIGT).order_by("-erledigt_am", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"offene": list(Barrieremeldung.objects.visible_to(self.request.user).open())}


class BarrieremeldungDetailView(AdministrationView, SingleObjectMixin, KernFormView):
    """One report, and the form to answer it while it is open."""

    template_name = "portal/barrieremeldung_detail.html"
    context_object_name = "meldung"
    form_class = BarriereBeantwortenForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        if not request.user.has_perm("portal.answer_barrieremeldung", self.object):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: BarriereBeantwortenForm) -> HttpResponse:
        meldung = answer_barriere(meldung=self.object, antwort=form.cleaned_data["antwort"], by=self.request.user)
        sent = f"Die Antwort geht an {meldung.mail}." if meldung.mail else "Eine Adresse für die Antwort gibt es nicht."
        messages.success(self.request, f"Die Meldung {meldung.nummer_text} ist erledigt. {sent}")
        return redirect("portal:barrieremeldung-liste")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        darf = self.object.status == Meldungsstatus.OFFEN and self.request.user.has_perm("portal.answer_barrieremeldung", self.object)
        return super().get_context_data(**kwargs) | {"darf_beantworten": darf}
