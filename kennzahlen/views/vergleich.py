"""All Kennzahlen of the law side by side."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from kennzahlen.queries.kennzahlseite import read_eigenes
from kennzahlen.queries.vergleich import read_vergleich
from kennzahlen.views.kennzahl import parse_monat


@method_decorator(login_not_required, name="dispatch")
class VergleichView(TemplateView):
    template_name = "kennzahlen/vergleich.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        eigenes = read_eigenes()
        monat = parse_monat(self.request.GET.get("monat", ""))
        return super().get_context_data(**kwargs, vergleich=read_vergleich(eigenes, monat) if eigenes else None)
