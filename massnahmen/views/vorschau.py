"""The draft as the public page will show it."""

from typing import Any

from django.views.generic import TemplateView

from jobcenter.common import clock
from massnahmen.queries import read_draft
from massnahmen.views.intern import ProgrammMixin


class ProgrammVorschauView(ProgrammMixin, TemplateView):
    """Out of the rows as they are now; what is frozen and published may say something else."""

    template_name = "massnahmen/programm_vorschau.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"inhalt": read_draft(self.programm), "stand": clock.now()}
