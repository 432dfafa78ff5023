"""The named vote: open, choose, confirm, receipt, close."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.generic import View

from beirat.actions import cancel_abstimmung, cast_stimme, close_abstimmung, open_abstimmung
from beirat.forms import StimmeForm
from beirat.models import Abstimmung, Tagesordnungspunkt
from beirat.queries import Teilnahme, read_abstimmung
from beirat.views.zutritt import InternMixin, attempt
from jobcenter.common.actions import TransitionError


class AbstimmungMixin(InternMixin):
    def get_abstimmung(self, request: HttpRequest, pk: int) -> Abstimmung:
        found = Abstimmung.objects.visible_to(request.user).select_related("top__sitzung", "top__vorlage__fassung__programm")
        return get_object_or_404(found.defer("top__vorlage__fassung__inhalt"), pk=pk)


class AbstimmungEroeffnenView(InternMixin, View):
    permission = "beirat.open_abstimmung"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        top = get_object_or_404(Tagesordnungspunkt.objects.visible_to(request.user).select_related("sitzung"), pk=pk)
        try:
            abstimmung = open_abstimmung(top=top, by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
            return redirect("beirat:sitzung-intern-detail", top.sitzung.nummer)
        return redirect("beirat:abstimmung-detail", abstimmung.pk)


class AbstimmungDetailView(AbstimmungMixin, View):
    """The ballot for whoever opens it; htmx asks for its live part alone."""

    template_name = "beirat/abstimmung_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        abstimmung = self.get_abstimmung(request, pk)
        lage = read_abstimmung(abstimmung, request.user)
        leitet = lage.ist_offen and request.user.has_perm("beirat.close_abstimmung", abstimmung)
        template = f"{self.template_name}#lage" if request.htmx else self.template_name
        response = render(request, template, {"lage": lage, "leitet": leitet})
        patch_vary_headers(response, ["HX-Request"])
        return response


class StimmeBestaetigenView(AbstimmungMixin, View):
    """The step between choosing and voting. A choice that cannot be cast any more leads back to the ballot, which says why."""

    template_name = "beirat/stimme_bestaetigen.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        lage = read_abstimmung(self.get_abstimmung(request, pk), request.user)
        form = StimmeForm(request.GET)
        if lage.teilnahme != Teilnahme.DARF or not form.is_valid():
            return redirect("beirat:abstimmung-detail", pk)
        return render(request, self.template_name, {"lage": lage, "wahl": form.cleaned_data["wahl"]})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        abstimmung = self.get_abstimmung(request, pk)
        form = StimmeForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Wählen Sie Ja, Nein oder Enthaltung.")
            return redirect("beirat:abstimmung-detail", pk)
        try:
            cast_stimme(abstimmung=abstimmung, wahl=form.cleaned_data["wahl"], by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
        return redirect("beirat:abstimmung-detail", pk)


class LeitungMixin(AbstimmungMixin):
    """A step of the chair that cannot be taken back: asked first, done by POST."""

    permission = "beirat.close_abstimmung"
    template_name: str

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        lage = read_abstimmung(self.get_abstimmung(request, pk), request.user)
        if not lage.ist_offen:
            return redirect("beirat:abstimmung-detail", pk)
        return render(request, self.template_name, {"lage": lage})


class AbstimmungSchliessenView(LeitungMixin, View):
    template_name = "beirat/abstimmung_schliessen.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        abstimmung = self.get_abstimmung(request, pk)
        attempt(request, lambda: close_abstimmung(abstimmung=abstimmung, by=request.user), "Die Abstimmung ist geschlossen und ausgezählt.")
        return redirect("beirat:abstimmung-detail", pk)


class AbstimmungAbbrechenView(LeitungMixin, View):
    template_name = "beirat/abstimmung_abbrechen.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        abstimmung = self.get_abstimmung(request, pk)
        nummer = abstimmung.top.sitzung.nummer
        if attempt(request, lambda: cancel_abstimmung(abstimmung=abstimmung, by=request.user), "Die Abstimmung ist abgebrochen."):
            return redirect("beirat:sitzung-intern-detail", nummer)
        return redirect("beirat:abstimmung-detail", pk)
