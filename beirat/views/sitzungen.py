"""Sessions behind sign-in: plan, invite, agenda and papers, attendance, open and close."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from beirat.actions import add_fassung_to_agenda, add_top, close_sitzung, invite_sitzung, open_sitzung, plan_sitzung, record_anwesenheit
from beirat.enums import Sitzungsstatus
from beirat.forms import AnwesenheitForm, FassungForm, SitzungForm, TopForm
from beirat.models import Sitzung, Tagesordnungspunkt, Vorlage
from beirat.queries import (
    Sitzungslage,
    list_sitzungen,
    open_abstimmung_of,
    propose_nummer,
    read_beschlussfaehigkeit,
    read_sitzung,
    waiting_fassungen,
)
from beirat.views.zutritt import InternMixin, SitzungMixin, attempt
from jobcenter.common.actions import TransitionError
from jobcenter.common.views import EinmalMixin, KernFormView
from jobcenter.konten.models import UserLike
from massnahmen.queries import check_unverfaelscht, find_vorgaenger, noted_fingerprint, read_aenderungen, read_fassung


class SitzungInternListeView(InternMixin, TemplateView):
    template_name = "beirat/sitzung_intern_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(sitzungen=list_sitzungen(user), darf_planen=user.has_perm("beirat.plan_sitzung"), **kwargs)


class SitzungPlanenView(EinmalMixin, InternMixin, KernFormView):
    template_name = "beirat/sitzung_planen.html"
    form_class = SitzungForm
    permission = "beirat.plan_sitzung"

    def get_initial(self) -> dict[str, Any]:
        return {"nummer": propose_nummer()}

    def form_valid(self, form: SitzungForm) -> HttpResponse:
        try:
            sitzung = plan_sitzung(**form.cleaned_data, by=self.request.user)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, f"Die {sitzung} ist geplant. Stellen Sie jetzt die Tagesordnung zusammen.")
        return redirect("beirat:sitzung-intern-detail", sitzung.nummer)


class SitzungInternDetailView(SitzungMixin, View):
    """The session as it is now; htmx asks for its live part alone."""

    template_name = "beirat/sitzung_intern_detail.html"

    def get(self, request: HttpRequest, nummer: int) -> HttpResponse:
        sitzung = self.get_sitzung(request)
        lage = read_sitzung(sitzung, request.user)
        template = f"{self.template_name}#lage" if request.htmx else self.template_name
        response = render(request, template, {"lage": lage, **self._permissions(sitzung, lage)})
        patch_vary_headers(response, ["HX-Request"])
        return response

    def _permissions(self, sitzung: Sitzung, lage: Sitzungslage) -> dict[str, Any]:
        """What this person may do in this state, each rule asked once."""
        user = self.request.user
        open_agenda = lage.status in {Sitzungsstatus.GEPLANT, Sitzungsstatus.EINGELADEN}
        darf_tagesordnung = open_agenda and user.has_perm("beirat.change_tagesordnung", sitzung)
        is_attended = lage.status in {Sitzungsstatus.EINGELADEN, Sitzungsstatus.EROEFFNET}
        leads = is_attended and user.has_perm("beirat.lead_sitzung", sitzung)
        opened = lage.status == Sitzungsstatus.EROEFFNET
        return {
            "darf_einladen": lage.status == Sitzungsstatus.GEPLANT and user.has_perm("beirat.plan_sitzung", sitzung),
            "darf_tagesordnung": darf_tagesordnung,
            "wartende": list(waiting_fassungen()) if darf_tagesordnung else [],
            "darf_anwesenheit": is_attended and user.has_perm("beirat.record_anwesenheit", sitzung),
            "darf_eroeffnen": leads and not opened,
            "darf_schliessen": leads and opened and not lage.laufend,
            "darf_abstimmen_lassen": leads and opened and not lage.laufend,
            "leitet": leads,
        }


class SitzungEinladenView(SitzungMixin, View):
    permission = "beirat.plan_sitzung"

    def post(self, request: HttpRequest, nummer: int) -> HttpResponse:
        sitzung = self.get_sitzung(request)
        attempt(
            request,
            lambda: invite_sitzung(sitzung=sitzung, by=request.user),
            f"Die {sitzung} ist eingeladen. Alle Mitglieder erhalten eine Mail. Termin und öffentliche Punkte stehen auf der Website.",
        )
        return redirect("beirat:sitzung-intern-detail", nummer)


class SitzungEroeffnenView(SitzungMixin, View):
    permission = "beirat.lead_sitzung"

    def post(self, request: HttpRequest, nummer: int) -> HttpResponse:
        sitzung = self.get_sitzung(request)
        attempt(request, lambda: open_sitzung(sitzung=sitzung, by=request.user), f"Die {sitzung} ist eröffnet.")
        return redirect("beirat:sitzung-intern-detail", nummer)


class SitzungSchliessenView(SitzungMixin, View):
    template_name = "beirat/sitzung_schliessen.html"
    permission = "beirat.lead_sitzung"

    def get(self, request: HttpRequest, nummer: int) -> HttpResponse:
        sitzung = self.get_sitzung(request)
        if sitzung.status != Sitzungsstatus.EROEFFNET:
            return redirect("beirat:sitzung-intern-detail", nummer)
        return render(request, self.template_name, {"lage": read_sitzung(sitzung, request.user)})

    def post(self, request: HttpRequest, nummer: int) -> HttpResponse:
        sitzung = self.get_sitzung(request)
        attempt(request, lambda: close_sitzung(sitzung=sitzung, by=request.user), f"Die {sitzung} ist geschlossen.")
        return redirect("beirat:sitzung-intern-detail", nummer)


class TopAnlegenView(EinmalMixin, SitzungMixin, KernFormView):
    template_name = "beirat/top_anlegen.html"
    form_class = TopForm
    permission = "beirat.change_tagesordnung"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sitzung=self.get_sitzung(self.request), **kwargs)

    def form_valid(self, form: TopForm) -> HttpResponse:
        try:
            top = add_top(sitzung=self.get_sitzung(self.request), **form.cleaned_data, by=self.request.user)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, f"TOP {top.nummer} steht auf der Tagesordnung.")
        return redirect("beirat:sitzung-intern-detail", self.nummer)


class FassungVorlegenView(SitzungMixin, View):
    permission = "beirat.change_tagesordnung"

    def post(self, request: HttpRequest, nummer: int) -> HttpResponse:
        sitzung = self.get_sitzung(request)
        form = FassungForm(request.POST)
        if form.is_valid():
            fassung = form.cleaned_data["fassung"]
            attempt(
                request,
                lambda: add_fassung_to_agenda(sitzung=sitzung, fassung=fassung, by=request.user),
                f"{fassung} steht auf der Tagesordnung. Die Mitglieder können sie jetzt lesen.",
            )
        else:
            messages.error(request, "Wählen Sie eine Fassung aus, die auf die Tagesordnung soll.")
        return redirect("beirat:sitzung-intern-detail", nummer)


class AnwesenheitErfassenView(SitzungMixin, KernFormView):
    template_name = "beirat/anwesenheit_erfassen.html"
    form_class = AnwesenheitForm
    permission = "beirat.record_anwesenheit"

    @cached_property
    def lage(self) -> Sitzungslage:
        return read_sitzung(self.get_sitzung(self.request), self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"gruppen": self.lage.gruppen}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lage=self.lage, **kwargs)

    def form_valid(self, form: AnwesenheitForm) -> HttpResponse:
        sitzung = self.get_sitzung(self.request)
        try:
            record_anwesenheit(sitzung=sitzung, mitglieder=form.chosen(), by=self.request.user)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        lage = read_beschlussfaehigkeit(sitzung)
        wort = "Der Beirat ist beschlussfähig" if lage.ist_erreicht else f"Der Beirat ist nicht beschlussfähig, nötig sind {lage.noetig}"
        messages.success(self.request, f"{lage.anwesend} von {lage.stimmberechtigte} Stimmberechtigten sind da. {wort}.")
        return redirect("beirat:sitzung-intern-detail", self.nummer)


def find_vorlage(user: UserLike, pk: int) -> Vorlage:
    """A paper on an agenda item that the person sees; else 404."""
    visible = Tagesordnungspunkt.objects.visible_to(user)
    vorlagen = Vorlage.objects.filter(Exists(visible.filter(vorlage=OuterRef("pk"))))
    return get_object_or_404(vorlagen.select_related("top__sitzung", "fassung__programm"), pk=pk)


class VorlageDetailView(InternMixin, View):
    """A paper. Whoever sees its agenda item may read it, with the Fassung that it carries."""

    template_name = "beirat/vorlage_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        vorlage = find_vorlage(request.user, pk)
        satz = check_unverfaelscht(vorlage.fassung) if vorlage.fassung else ""
        return render(
            request,
            self.template_name,
            {
                "vorlage": vorlage,
                "inhalt": read_fassung(vorlage.fassung) if vorlage.fassung and not satz else None,
                "satz": satz,
                "pruefsumme": noted_fingerprint(vorlage.fassung) if satz else "",
                "vorgaenger": find_vorgaenger(vorlage.fassung) if vorlage.fassung and not satz else None,
                "abstimmung": open_abstimmung_of(vorlage.top),
            },
        )


class VorlageAenderungenView(InternMixin, TemplateView):
    """What the Fassung of a paper says differently from the one that is public: what members want to know before they vote."""

    template_name = "beirat/vorlage_aenderungen.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        vorlage = find_vorlage(self.request.user, kwargs["pk"])
        aenderungen = read_aenderungen(vorlage.fassung) if vorlage.fassung else None
        if aenderungen is None:
            raise Http404
        return super().get_context_data(**kwargs) | {"vorlage": vorlage, "aenderungen": aenderungen}
