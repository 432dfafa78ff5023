"""Pages for everybody. They ask the queries as a visitor, whoever reads them, and touch neither user nor session."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from beirat.queries import (
    NEUESTE_BESCHLUESSE,
    VISITOR,
    find_public_sitzung,
    list_sitzungen,
    next_sitzung,
    public_beschluesse,
    seats_by_bank,
)


@method_decorator(login_not_required, name="dispatch")
class BeiratView(TemplateView):
    template_name = "beirat/beirat.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            gruppen=seats_by_bank(), naechste=next_sitzung(), beschluesse=public_beschluesse(NEUESTE_BESCHLUESSE), **kwargs
        )


@method_decorator(login_not_required, name="dispatch")
class SitzungListeView(TemplateView):
    template_name = "beirat/sitzung_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sitzungen=list_sitzungen(VISITOR), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class SitzungDetailView(TemplateView):
    template_name = "beirat/sitzung_detail.html"

    def get_context_data(self, nummer: int, **kwargs: Any) -> dict[str, Any]:
        sitzung = find_public_sitzung(nummer)
        if sitzung is None:
            raise Http404
        return super().get_context_data(sitzung=sitzung, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class BeschlussListeView(TemplateView):
    template_name = "beirat/beschluss_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(beschluesse=public_beschluesse(), **kwargs)
