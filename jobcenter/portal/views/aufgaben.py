"""What is due for one person."""

from typing import Any

from django.views.generic import TemplateView

from jobcenter.portal.queries import list_aufgaben


class AufgabenView(TemplateView):
    """Everybody who is signed in has this page; what stands on it depends on role and seat."""

    template_name = "portal/aufgaben.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"aufgaben": list_aufgaben(self.request.user)}
