from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from kennzahlen.queries import read_uebersicht


@method_decorator(login_not_required, name="dispatch")
class UebersichtView(TemplateView):
    template_name = "kennzahlen/uebersicht.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(uebersicht=read_uebersicht(), **kwargs)
