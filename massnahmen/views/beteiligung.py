"""The part of the Beauftragte für Chancengleichheit (§ 18e Abs. 3 SGB II): asked, heard, answered."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse

from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.common.views import ZwischenstandMixin
from massnahmen.actions import answer_stellungnahme, begin_beteiligung, write_stellungnahme
from massnahmen.enums import PROGRAMM_TRANSITIONS, Fassungsanlass, Programmstatus, Umgang
from massnahmen.forms import BestaetigenForm, StellungnahmeForm, UmgangForm
from massnahmen.queries import read_draft
from massnahmen.views.intern import FassungMixin
from massnahmen.views.schritte import Weg
from massnahmen.views.weg import SchrittView


class ProgrammBeteiligenView(SchrittView):
    """Asks once more before the draft is frozen for the BCA."""

    permission = "massnahmen.begin_beteiligung"
    template_name = "massnahmen/programm_beteiligen.html"
    form_class = BestaetigenForm

    def check(self) -> None:
        check_transition(PROGRAMM_TRANSITIONS, self.programm.status, Programmstatus.BETEILIGUNG, noun=f"Das {self.programm}")

    def act(self, form: forms.Form) -> str:
        fassung = begin_beteiligung(programm=self.programm, by=self.request.user)
        return reverse("massnahmen:programm-vorgelegt", args=[self.programm.jahr, fassung.nummer])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        weg = Weg.of(self.programm, self.request.user)
        nummer = self.programm.fassungen.count() + 1
        return super().get_context_data(**kwargs) | {"inhalt": read_draft(self.programm), "nummer": nummer, "fehlend": len(weg.fehlend)}


class StellungnahmeView(ZwischenstandMixin, FassungMixin, SchrittView):
    """Something said about a Fassung. Goes back to its page."""

    def get_success_page(self) -> str:
        return reverse("massnahmen:fassung-detail", args=[self.programm.jahr, self.stand.fassung.nummer]) + "#bca"


class StellungnahmeSchreibenView(StellungnahmeView):
    """The BCA reads the frozen text, and what is new in it since the one she saw before."""

    permission = "massnahmen.write_stellungnahme"
    template_name = "massnahmen/stellungnahme_schreiben.html"
    form_class = StellungnahmeForm

    def check(self) -> None:
        if self.stand.fassung.anlass != Fassungsanlass.BETEILIGUNG:
            raise TransitionError(f"{self.stand.fassung} wurde nicht für die BCA geschrieben.")
        if self.stand.stellungnahme:
            raise TransitionError(f"Zu {self.stand.fassung} gibt es schon eine Stellungnahme.")
        if not (self.ist_neueste and self.programm.ist_entwurf):
            raise TransitionError(f"{self.stand.fassung} wird nicht mehr beraten. Dafür kommt eine Stellungnahme zu spät.")

    def act(self, form: forms.Form) -> str:
        write_stellungnahme(fassung=self.stand.fassung, text=form.cleaned_data["text"], by=self.request.user)
        messages.success(self.request, "Ihre Stellungnahme ist abgegeben. Die Leitung hat eine Mail bekommen und antwortet Ihnen.")
        return self.get_success_page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = (s.fassung.nummer for s in self.fassungen if s.fassung.nummer < self.stand.fassung.nummer and s.stellungnahme)
        return super().get_context_data(**kwargs) | {"gesehen": max(seen, default=0)}  # 0 is none


class StellungnahmeBeantwortenView(StellungnahmeView):
    permission = "massnahmen.answer_stellungnahme"
    template_name = "massnahmen/stellungnahme_beantworten.html"
    form_class = UmgangForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.stand.stellungnahme is None:
            raise Http404

    def check(self) -> None:
        if self.stand.stellungnahme and self.stand.stellungnahme.beantwortet_am:
            raise TransitionError("Auf diese Stellungnahme hat schon jemand geantwortet.")

    def act(self, form: forms.Form) -> str:
        given = form.cleaned_data
        assert self.stand.stellungnahme
        answer_stellungnahme(
            stellungnahme=self.stand.stellungnahme,
            umgang=Umgang(given["umgang"]),
            begruendung=given["begruendung"],
            by=self.request.user,
        )
        messages.success(self.request, "Ihre Antwort steht jetzt bei der Stellungnahme.")
        return self.get_success_page()
