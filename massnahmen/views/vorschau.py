"""The draft as the public page will show it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from jobcenter.common import clock
from massnahmen.queries import read_draft
from massnahmen.views.intern import ProgrammMixin
from massnahmen.views.schritte import Weg


class ProgrammVorschauView(ProgrammMixin, TemplateView):
    """Out of the rows as they are now. What was handed on is read as it was frozen, on the page of its Fassung."""

    template_name = "massnahmen/programm_vorschau.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.programm.ist_entwurf and (handed_on := Weg.of(self.programm, request.user).vorgelegt):
            return redirect("massnahmen:fassung-detail", jahr=self.programm.jahr, nummer=handed_on.fassung.nummer)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"inhalt": read_draft(self.programm), "stand": clock.now()}
