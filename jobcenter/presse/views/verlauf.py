"""What became of a press release: who changed what, and every earlier draft to take in again."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from jobcenter.common.kommentare import list_kommentare
from jobcenter.common.verlauf import Verlaufsquelle
from jobcenter.common.views import VerlaufMixin
from jobcenter.presse.enums import Pressestatus
from jobcenter.presse.queries import history_of_pressemitteilung
from jobcenter.presse.views.bearbeiten import MitteilungView


class PressemitteilungVerlaufView(VerlaufMixin, MitteilungView, TemplateView):
    """For all who may read drafts; who may still change this one can take a state in again."""

    template_name = "presse/pressemitteilung_verlauf.html"

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_pressemitteilung(self.object)

    def get_einsetzen_url(self) -> str:
        is_open = self.object.status != Pressestatus.FREIGEGEBEN
        may = is_open and self.request.user.has_perm("presse.change_pressemitteilung", self.object)
        return reverse("presse:pressemitteilung-bearbeiten", args=[self.object.pk]) if may else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"kommentare": list_kommentare(self.object, self.request.user)}
