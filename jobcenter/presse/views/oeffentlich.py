"""Press releases as everybody reads them."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.generic import DetailView, ListView

from jobcenter.presse.models import Pressemitteilung
from jobcenter.presse.queries import published_jahre, published_pressemitteilungen


@method_decorator(login_not_required, name="dispatch")
class PressemitteilungListeView(ListView):
    """All years, newest first, or one of them (`?jahr=2026`)."""

    template_name = "presse/pressemitteilung_liste.html"
    context_object_name = "mitteilungen"
    paginate_by = 10
    page_kwarg = "seite"

    def get_queryset(self) -> QuerySet[Pressemitteilung]:
        found = published_pressemitteilungen().defer("text")
        return found.filter(jahr_oeffentlich=self.jahr) if self.jahr else found

    def get_paginator(self, *args: Any, **kwargs: Any) -> "Paginator[Pressemitteilung]":
        paginator = super().get_paginator(*args, **kwargs)
        # the list of years has counted them already
        paginator.count = self.jahre.get(self.jahr, 0) if self.jahr else sum(self.jahre.values())  # type: ignore[misc]
        return paginator

    @cached_property
    def jahre(self) -> dict[int, int]:
        return published_jahre()

    @cached_property
    def jahr(self) -> int | None:
        """A year that is none is as good as no choice."""
        given = self.request.GET.get("jahr", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) == 4 else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"jahre": self.jahre, "gewaehltes_jahr": self.jahr}


@method_decorator(login_not_required, name="dispatch")
class PressemitteilungDetailView(DetailView):
    template_name = "presse/pressemitteilung_detail.html"
    context_object_name = "mitteilung"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        if kwargs["slug"] != self.object.slug:
            return redirect(self.object, permanent=True)
        return self.render_to_response(self.get_context_data(object=self.object))

    def get_object(self, queryset: QuerySet[Pressemitteilung] | None = None) -> Pressemitteilung:
        found = published_pressemitteilungen().select_related("fassung__programm").defer("fassung__inhalt")
        return get_object_or_404(found, jahr=self.kwargs["jahr"], nummer=self.kwargs["nummer"])
