"""The buttons of components/kommentare.html, and all comments on one object as a page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView, View

from jobcenter.common.kommentare import (
    add_kommentar,
    find_kommentar,
    find_objekt,
    list_kommentare,
    may_comment,
    reopen_kommentar,
    resolve_kommentar,
)
from jobcenter.common.models import Kommentar
from jobcenter.common.transitions import TransitionError


class KommentarView(View):
    """Buttons of components/kommentare.html. Answers to the page they came from, or to htmx with the component alone."""

    hier = ""  # the page with the comments

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        given = request.POST.get("hier", "")
        is_ours = url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith("/intern/")
        self.hier = given if is_ours else ""

    def answer(self, objekt: Model, satz: str) -> HttpResponse:
        hier = self.hier or reverse("common:kommentar-anlegen", args=[objekt._meta.label_lower, objekt.pk])
        if self.request.htmx:  # type: ignore[attr-defined]
            kommentare = list_kommentare(objekt, self.request.user)
            context = {"kommentare": kommentare, "hier": hier, "satz": satz, "fehler": "", "entwurf": "", "gewaehlt": ""}
            return render(self.request, "components/kommentare.html", context)
        messages.success(self.request, satz)
        return redirect(f"{hier}#kommentare")


class KommentarAnlegenView(KommentarView, TemplateView):
    """All comments on one object on a page of their own; where a refused one comes back with its text."""

    template_name = "common/kommentar_anlegen.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.objekt = find_objekt(kwargs["art"], kwargs["pk"], request.user)
        if self.objekt is None:
            raise Http404
        if not may_comment(self.objekt, request.user):
            raise PermissionDenied

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text, feld = request.POST.get("text", ""), request.POST.get("feld", "")
        try:
            add_kommentar(objekt=self.objekt, text=text, feld=feld, by=request.user)
        except TransitionError as error:
            context = self.get_context_data(fehler=str(error), entwurf=text, gewaehlt=feld, **kwargs)
            template = "components/kommentare.html" if request.htmx else self.template_name  # type: ignore[attr-defined]
            return render(request, template, context, status=422)
        return self.answer(self.objekt, "Ihr Kommentar ist gespeichert.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"fehler": "", "entwurf": "", "gewaehlt": "", "satz": ""} | kwargs) | {
            "objekt": self.objekt,
            "vorzeile": self.objekt._meta.verbose_name,
            "kommentare": list_kommentare(self.objekt, self.request.user),
            "hier": self.hier or self.request.path,
        }


class KommentarStandView(KommentarView):
    """Changes whether a comment is open."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        kommentar = find_kommentar(pk, request.user)
        if kommentar is None:
            raise Http404
        return self.answer(kommentar.objekt, self.change(kommentar))

    def change(self, kommentar: Kommentar) -> str:
        """Call the action and return the sentence that confirms it."""
        raise NotImplementedError


class KommentarErledigenView(KommentarStandView):
    def change(self, kommentar: Kommentar) -> str:
        resolve_kommentar(kommentar=kommentar, by=self.request.user)
        return "Der Kommentar ist erledigt."


class KommentarOeffnenView(KommentarStandView):
    def change(self, kommentar: Kommentar) -> str:
        reopen_kommentar(kommentar=kommentar, by=self.request.user)
        return "Der Kommentar ist wieder offen."
