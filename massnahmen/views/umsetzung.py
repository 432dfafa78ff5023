"""How a measure is carried out: where it stands, what comes next, and each step behind a form."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from jobcenter.common.actions import VersionConflict
from jobcenter.common.transitions import TransitionError
from jobcenter.common.views import KernFormView
from massnahmen.actions import remove_angebot
from massnahmen.models import Bieterangebot, Vergabe
from massnahmen.queries import Umsetzungslage, read_umsetzung
from massnahmen.views.massnahme import MassnahmeMixin
from massnahmen.views.umsetzungsschritte import SCHRITTE, Schritt, list_schritte


class UmsetzungMixin(MassnahmeMixin):
    """A page about the way of the measure in the address."""

    lage: Umsetzungslage

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.lage = read_umsetzung(self.massnahme)

    def get_success_url(self) -> str:
        return reverse("massnahmen:umsetzung-detail", args=[self.massnahme.pk])


class UmsetzungDetailView(UmsetzungMixin, TemplateView):
    """For all staff; the procurement, its offers and every price only for those who conduct it."""

    template_name = "massnahmen/umsetzung_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        vergaben = Vergabe.objects.visible_to(user).filter(massnahme=self.massnahme).prefetch_related("angebote__traeger")
        steps = list_schritte(self.lage, user)
        return super().get_context_data(**kwargs) | {
            "massnahme": self.massnahme,
            "lage": self.lage,
            "vergaben": list(vergaben),
            "darf_preise": user.has_perm("massnahmen.view_vergabe"),
            "schritte": self.massnahme.schritte.select_related("durch"),
            "weiter": [step for step in steps if step.ist_hauptschritt],
            "daneben": [step for step in steps if not step.ist_hauptschritt],
            "darf_angebote_entfernen": any(step.slug == "angebot" for step in steps),
        }


class UmsetzungSchrittView(UmsetzungMixin, KernFormView):
    """One step out of the table in umsetzungsschritte.py. What was typed stays, whatever has happened meanwhile."""

    template_name = "massnahmen/umsetzung_schritt.html"
    schritt: Schritt

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = next((schritt for schritt in SCHRITTE if schritt.slug == kwargs["schritt"]), None)
        if found is None:
            raise Http404
        if not request.user.has_perm(found.recht, self.massnahme):
            raise PermissionDenied
        self.schritt = found
        self.form_class = found.form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self._is_possible():
            raise TransitionError(self._say_impossible())
        return super().get(request, *args, **kwargs)

    def _is_possible(self) -> bool:
        return self.schritt in list_schritte(self.lage, self.request.user)

    def _say_impossible(self) -> str:
        return f"„{self.massnahme}“ ist im Stand „{self.massnahme.get_stand_display()}“. „{self.schritt.verb}“ ist jetzt nicht möglich."

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"lage": self.lage}

    def get_initial(self) -> dict[str, Any]:
        return self.schritt.initial(self.lage) | {"version": self.schritt.get_version(self.lage)}

    def form_valid(self, form: Any) -> HttpResponse:
        if not self._is_possible():  # a colleague was faster
            form.add_error(None, self._say_impossible())
            return self.render_to_response(self.get_context_data(form=form), status=409)
        try:
            said = self.schritt.act(self.lage, form, self.request.user)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        except VersionConflict:
            return self._ask_again(form)
        messages.success(self.request, said)
        return redirect(self.get_success_url())

    def _ask_again(self, form: Any) -> HttpResponse:
        """Somebody was faster: the page shows where the measure stands now, and the next click counts."""
        self.massnahme.refresh_from_db()
        self.lage = read_umsetzung(self.massnahme)
        form.data = form.data.copy()
        form.data["version"] = self.schritt.get_version(self.lage)
        form.add_error(None, "Inzwischen hat jemand anderes diese Maßnahme geändert. Sehen Sie nach, ob Ihre Eingabe noch passt.")
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"massnahme": self.massnahme, "lage": self.lage, "schritt": self.schritt}


class AngebotEntfernenView(UmsetzungMixin, View):
    """Button beside an offer."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = Vergabe.objects.visible_to(request.user).filter(massnahme=self.massnahme)
        angebot = get_object_or_404(
            Bieterangebot.objects.select_related("traeger", "vergabe__massnahme"), pk=kwargs["bieterangebot_id"], vergabe__in=mine
        )
        remove_angebot(angebot=angebot, by=request.user)
        messages.success(request, f"Das {angebot} ist entfernt.")
        return redirect(self.get_success_url())
