"""The words of the figures."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from kennzahlen.queries.begriffe import group_begriffe


@method_decorator(login_not_required, name="dispatch")
class BegriffeView(TemplateView):
    template_name = "kennzahlen/begriffe.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, buchstaben=group_begriffe())
