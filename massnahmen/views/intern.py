"""The programme's way for staff: from the draft to the Fassung, its advice and its publication."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView, View
from django.views.generic.base import ContextMixin

from jobcenter.common import clock
from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.common.kommentare import count_open
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.common.typography import zeitpunkt
from jobcenter.common.views import PermissionMixin
from massnahmen.actions import check_draft, open_programm, publish_programm, reopen_programm, submit_programm
from massnahmen.enums import PROGRAMM_TRANSITIONS, Programmstatus
from massnahmen.forms import AntwortForm, VorlageForm
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Kapitel, Massnahme
from massnahmen.queries import (
    collect_inhalt,
    last_aenderungen,
    list_fassungen,
    list_programme,
    read_draft,
    read_fassung,
    read_inhalt,
    read_stand,
)
from massnahmen.views.schritte import list_antworten, list_schritte


class InternMixin(ContextMixin, View):
    """For staff; everybody else signed in meets a 403."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not request.user.has_perm("massnahmen.view_programm"):
            raise PermissionDenied


class ProgrammMixin(InternMixin):
    """A page about the programme of the year in the address; `permission` is what it takes to open it."""

    permission = "massnahmen.view_programm"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.programm = get_object_or_404(Arbeitsmarktprogramm.objects.visible_to(request.user), jahr=kwargs["jahr"])
        if not request.user.has_perm(self.permission, self.programm):
            raise PermissionDenied

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("massnahmen:programm-intern-detail", args=[self.programm.jahr])
        return super().get_context_data(**kwargs) | {"programm": self.programm, "programm_url": url}


class ProgrammInternListeView(InternMixin, TemplateView):
    template_name = "massnahmen/programm_intern_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        zeilen = list_programme(self.request.user)
        known = {zeile.programm.jahr for zeile in zeilen}
        jahr = clock.today().year
        missing = [j for j in (jahr, jahr + 1) if j not in known] if self.request.user.has_perm("massnahmen.open_programm") else []
        return super().get_context_data(**kwargs) | {"zeilen": zeilen, "fehlende_jahre": missing}


class ProgrammAnlegenView(PermissionMixin, View):
    """Button of the list; only the running and the coming year are begun here."""

    permission = "massnahmen.open_programm"

    def post(self, request: HttpRequest) -> HttpResponse:
        jahr = clock.today().year
        wanted = request.POST.get("jahr", "")
        if wanted not in {str(jahr), str(jahr + 1)}:
            raise TransitionError(f"Hier beginnen nur die Programme {jahr} und {jahr + 1}.")
        programm = open_programm(jahr=int(wanted), by=request.user)
        return redirect("massnahmen:programm-intern-detail", jahr=programm.jahr)


class OffeneKommentare:
    """How many comments are open on the measures and chapters of a programme, by their id and number. Three queries."""

    def __init__(self, programm: Arbeitsmarktprogramm) -> None:
        numbers = dict(programm.kapitel.values_list("pk", "nummer"))
        self.massnahmen = count_open(Massnahme, programm.positionen.values_list("massnahme_id", flat=True))
        self.kapitel = {numbers[pk]: count for pk, count in count_open(Kapitel, numbers).items()}
        self.alle = sum(self.massnahmen.values()) + sum(self.kapitel.values())


class ProgrammInternDetailView(ProgrammMixin, TemplateView):
    template_name = "massnahmen/programm_intern_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        status, user = self.programm.status, self.request.user
        fassungen, inhalt = list_fassungen(self.programm), read_draft(self.programm)
        neueste = fassungen[0] if fassungen else None
        draft = status == Programmstatus.ENTWURF
        return super().get_context_data(**kwargs) | {
            "inhalt": inhalt,
            "schritte": list_schritte(self.programm, inhalt, neueste, user),
            "offen": OffeneKommentare(self.programm),
            "fassungen": fassungen,
            "neueste": neueste,
            "aenderung": last_aenderungen([self.programm]).get(self.programm.pk),
            "darf_planen": draft and user.has_perm("massnahmen.change_massnahme", self.programm),
            "darf_schreiben": draft and user.has_perm("massnahmen.change_kapitel", self.programm),
            "darf_vorlegen": draft and user.has_perm("massnahmen.submit_programm", self.programm),
            "darf_veroeffentlichen": status == Programmstatus.BERATEN and user.has_perm("massnahmen.publish_programm", self.programm),
            "darf_wieder_oeffnen": Programmstatus.ENTWURF in PROGRAMM_TRANSITIONS[Programmstatus(status)]
            and user.has_perm("massnahmen.reopen_programm", self.programm),
        }


class ProgrammVorlegenView(ProgrammMixin, FormView):
    """Check what will be frozen. The button carries the fingerprint of exactly the content on this page."""

    permission = "massnahmen.submit_programm"
    template_name = "massnahmen/programm_vorlegen.html"
    form_class = VorlageForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_draft(self.programm)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: VorlageForm) -> HttpResponse:
        try:
            fassung = submit_programm(programm=self.programm, pruefsumme=form.cleaned_data["pruefsumme"], by=self.request.user)
        except TransitionError as error:
            self.programm.refresh_from_db()
            check_draft(self.programm)
            return self.render_to_response(self.get_context_data(satz=str(error)), status=409)
        return redirect("massnahmen:programm-vorgelegt", jahr=self.programm.jahr, nummer=fassung.nummer)

    def form_invalid(self, form: VorlageForm) -> HttpResponse:
        satz = "Der Fingerabdruck fehlt oder ist unvollständig. Prüfen Sie die Angaben noch einmal."
        return self.render_to_response(self.get_context_data(satz=satz), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        inhalt = collect_inhalt(self.programm)
        pruefsumme = fingerprint(canonical_json(inhalt))
        kwargs["form"] = VorlageForm(initial={"pruefsumme": pruefsumme})  # always of the content that this page shows
        nummer = self.programm.fassungen.count() + 1
        return super().get_context_data(**{"satz": ""} | kwargs) | {
            "inhalt": (read := read_inhalt(inhalt)),
            "antworten": list_antworten(read),
            "pruefsumme": pruefsumme,
            "nummer": nummer,
            "offen": OffeneKommentare(self.programm),
        }


WHAT_COMES_NEXT = [
    "Ab jetzt kann niemand diese Fassung ändern. Das Programm ist gesperrt, bis der Beirat beraten hat.",
    "Die Geschäftsstelle setzt die Fassung auf die Tagesordnung der nächsten Sitzung und lädt ein.",
    "Der Beirat stimmt in der Sitzung ab. Danach steht bei der Leitung unter „Meine Aufgaben“ die Veröffentlichung.",
]


class ProgrammVorgelegtView(ProgrammMixin, TemplateView):
    """Says after the submission what has happened and what comes next; its address can be kept."""

    template_name = "massnahmen/programm_vorgelegt.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fassungen = Fassung.objects.visible_to(self.request.user).select_related("programm", "vorgelegt_von").defer("inhalt")
        fassung = get_object_or_404(fassungen, programm=self.programm, nummer=self.kwargs["nummer"])
        waits = self.programm.status in {Programmstatus.BEIM_BEIRAT, Programmstatus.ABSTIMMUNG}
        newest = not self.programm.fassungen.filter(nummer__gt=fassung.nummer).exists()
        return super().get_context_data(**kwargs) | {
            "fassung": fassung,
            "titel": "Das Programm liegt beim Beirat" if waits and newest else "Diese Fassung wurde dem Beirat vorgelegt",
            "wann": f"Vorgelegt von {fassung.vorgelegt_von} am {zeitpunkt(fassung.vorgelegt_am)}.",
            "schritte": WHAT_COMES_NEXT if waits and newest else ["Wie weit sie inzwischen ist, steht auf der Seite der Fassung."],
        }


class FassungDetailView(ProgrammMixin, TemplateView):
    """A Fassung out of its frozen text alone, and how far it has come."""

    template_name = "massnahmen/fassung_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fassungen = Fassung.objects.visible_to(self.request.user).select_related("vorgelegt_von", "beratung__veroeffentlichung__von")
        fassung = get_object_or_404(fassungen, programm=self.programm, nummer=self.kwargs["nummer"])
        newest = not self.programm.fassungen.filter(nummer__gt=fassung.nummer).exists()
        return super().get_context_data(**kwargs) | {
            "stand": read_stand(fassung),
            "inhalt": read_fassung(fassung),
            "vorige": fassung.nummer - 1,  # 0 is none
            "liegt_beim_beirat": newest and self.programm.status == Programmstatus.BEIM_BEIRAT,
            "darf_veroeffentlichen": newest
            and self.programm.status == Programmstatus.BERATEN
            and self.request.user.has_perm("massnahmen.publish_programm", self.programm),
        }


class ProgrammVeroeffentlichenView(ProgrammMixin, FormView):
    permission = "massnahmen.publish_programm"
    template_name = "massnahmen/programm_veroeffentlichen.html"
    form_class = AntwortForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        check_transition(PROGRAMM_TRANSITIONS, self.programm.status, Programmstatus.VEROEFFENTLICHT, noun=f"Das {self.programm}")
        self.stand = list_fassungen(self.programm)[0]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"braucht_antwort": self.stand.beratung.braucht_antwort}

    def form_valid(self, form: AntwortForm) -> HttpResponse:
        if self.request.POST.get("pruefsumme") != self.stand.fassung.pruefsumme:
            raise TransitionError("Inzwischen hat der Beirat über eine neuere Fassung beraten. Lesen Sie sie, bevor Sie veröffentlichen.")
        publish_programm(beratung=self.stand.beratung, antwort=form.cleaned_data["antwort"], by=self.request.user)
        return redirect("massnahmen:fassung-detail", jahr=self.programm.jahr, nummer=self.stand.fassung.nummer)

    def form_invalid(self, form: AntwortForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"stand": self.stand, "inhalt": read_fassung(self.stand.fassung)}


class ProgrammWiederOeffnenView(ProgrammMixin, TemplateView):
    """Asks once more before the programme becomes a draft again."""

    permission = "massnahmen.reopen_programm"
    template_name = "massnahmen/programm_wieder_oeffnen.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_transition(PROGRAMM_TRANSITIONS, self.programm.status, Programmstatus.ENTWURF, noun=f"Das {self.programm}")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        reopen_programm(programm=self.programm, by=request.user)
        return redirect(reverse("massnahmen:programm-intern-detail", args=[self.programm.jahr]))
