"""What committee and Kreistag decided after the Beirat's advice: written down, and taken back where it was wrong."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from jobcenter.common.transitions import TransitionError
from massnahmen.actions import record_gremienbeschluss, withdraw_gremienbeschluss
from massnahmen.enums import Gremienergebnis, Programmstatus
from massnahmen.forms import GremienbeschlussForm, RuecknahmeForm
from massnahmen.views.intern import FassungMixin, find_beschluss
from massnahmen.views.weg import SchrittView


class GremienView(FassungMixin, SchrittView):
    """Decisions about a Fassung that the Beirat has advised; goes back to its page."""

    permission = "massnahmen.record_gremienbeschluss"

    def get_success_page(self) -> str:
        return reverse("massnahmen:fassung-detail", args=[self.programm.jahr, self.stand.fassung.nummer]) + "#gremien"


class GremienbeschlussEintragenView(GremienView):
    template_name = "massnahmen/gremienbeschluss_eintragen.html"
    form_class = GremienbeschlussForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.stand.beratung is None:
            raise TransitionError(f"Der Beirat hat über {self.stand.fassung} noch nicht beraten. Beschlüsse gehören dahinter.")

    def check(self) -> None:
        if not self.ist_neueste:
            raise TransitionError(f"Zu {self.stand.fassung} gibt es schon eine neuere Fassung.")
        heard = {beschluss.gremium for beschluss in self.stand.gueltige_beschluesse}
        late = self.programm.status == Programmstatus.BESCHLOSSEN and set(settings.INSTANZ.programm.gremien[:-1]) - heard
        if self.programm.status != Programmstatus.BERATEN and not late:
            raise TransitionError(
                f"Das {self.programm} ist im Stand „{self.programm.get_status_display()}“. Ein Beschluss lässt sich jetzt nicht eintragen."
            )

    def get_form_kwargs(self) -> dict[str, Any]:
        assert self.stand.beratung
        return super().get_form_kwargs() | {"beraten_am": timezone.localdate(self.stand.beratung.am)}

    def get_initial(self) -> dict[str, Any]:
        """The body whose turn it is."""
        heard = {beschluss.gremium for beschluss in self.stand.gueltige_beschluesse}
        gremien = settings.INSTANZ.programm.gremien
        return {"gremium": next((gremium for gremium in gremien if gremium not in heard), gremien[-1] if gremien else "")}

    def act(self, form: GremienbeschlussForm) -> str:
        given = form.cleaned_data
        beschluss = record_gremienbeschluss(
            fassung=self.stand.fassung,
            gremium=given["gremium"],
            am=given["am"],
            ergebnis=Gremienergebnis(given["ergebnis"]),
            nummer=given["nummer"],
            stimmen=form.stimmen,
            by=self.request.user,
        )
        messages.success(self.request, f"Das Ergebnis ist eingetragen. {beschluss}.")
        return self.get_success_page()


class GremienbeschlussZuruecknehmenView(GremienView):
    template_name = "massnahmen/gremienbeschluss_zuruecknehmen.html"
    form_class = RuecknahmeForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = find_beschluss(self.stand, kwargs["gremienbeschluss_id"])
        if found is None:
            raise Http404
        self.beschluss = found

    def check(self) -> None:
        if self.beschluss.zurueckgenommen_am:
            raise TransitionError("Dieser Eintrag ist schon zurückgenommen.")
        if not self.ist_neueste:
            raise TransitionError(f"Zu {self.stand.fassung} gibt es schon eine neuere Fassung. Der Eintrag bleibt, wie er ist.")
        if self.programm.status not in {Programmstatus.BERATEN, Programmstatus.BESCHLOSSEN}:
            raise TransitionError(
                f"Das {self.programm} ist im Stand „{self.programm.get_status_display()}“. Der Eintrag bleibt, wie er ist."
            )

    def act(self, form: forms.Form) -> str:
        withdraw_gremienbeschluss(beschluss=self.beschluss, grund=form.cleaned_data["grund"], by=self.request.user)
        messages.success(self.request, "Der Eintrag ist zurückgenommen. Er bleibt mit dem Grund lesbar.")
        return self.get_success_page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"beschluss": self.beschluss}
