"""The Leitung's steps on the way of a programme: each a page that says what follows, and one button."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.common.typography import datum, zeitpunkt
from jobcenter.common.views import KernFormView, ZwischenstandMixin
from massnahmen.actions import (
    begin_fortschreibung,
    check_draft,
    close_programm,
    end_fortschreibung,
    publish_programm,
    reopen_programm,
    submit_programm,
)
from massnahmen.enums import PROGRAMM_TRANSITIONS, Fassungsanlass, Programmstatus
from massnahmen.forms import AbschliessenForm, AntwortForm, BeendenForm, FortschreibenForm, OeffnenForm, VorlageForm
from massnahmen.models import Arbeitsmarktprogramm
from massnahmen.queries import Fassungsstand, collect_inhalt, is_bca_missing, list_fassungen, read_inhalt
from massnahmen.views.intern import FassungMixin, OffeneKommentare, ProgrammMixin, group_befunde, read_frozen
from massnahmen.views.schritte import Weg, list_antworten


class SchrittView(ProgrammMixin, KernFormView):
    """A step behind a form. Where it is not possible now, a sentence (409) answers; what was typed stays in the form."""

    def check(self) -> None:
        """Raise TransitionError where the page has nothing to offer in the programme's state."""
        raise NotImplementedError

    def act(self, form: forms.Form) -> str:
        """Call the action and return the address to go on to."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            url = self.act(form)
        except TransitionError as error:
            if not Arbeitsmarktprogramm.objects.filter(pk=self.programm.pk).exists():  # a colleague has thrown it away
                raise
            self.programm.refresh_from_db()
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return redirect(url)

    def get_programm_url(self) -> str:
        return reverse("massnahmen:programm-intern-detail", args=[self.programm.jahr])


class ProgrammVorlegenView(SchrittView):
    """Check what will be frozen. The button carries the fingerprint of exactly the content on this page."""

    permission = "massnahmen.submit_programm"
    template_name = "massnahmen/programm_vorlegen.html"
    form_class = VorlageForm

    def check(self) -> None:
        check_draft(self.programm)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"bca_fehlt": is_bca_missing(self.programm)}

    def act(self, form: VorlageForm) -> str:
        given = form.cleaned_data
        fassung = submit_programm(
            programm=self.programm, pruefsumme=given["pruefsumme"], grund=given.get("grund", ""), by=self.request.user
        )
        return reverse("massnahmen:programm-vorgelegt", args=[self.programm.jahr, fassung.nummer])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check_draft(self.programm)  # somebody else may have submitted it meanwhile
        inhalt = collect_inhalt(self.programm)
        pruefsumme = fingerprint(canonical_json(inhalt))
        context = super().get_context_data(**kwargs)
        weg = Weg.of(self.programm, self.request.user)
        return context | {
            "inhalt": (read := read_inhalt(inhalt)),
            "antworten": list_antworten(read),
            "pruefsumme": pruefsumme,  # always of the content that this page shows
            "nummer": self.programm.fassungen.count() + 1,
            "offen": OffeneKommentare(self.programm),
            "blockiert": group_befunde(weg.fehlend, weg),
            "vorjahr": next((befund.satz for befund in weg.befunde if befund.bereich == "vorjahr"), ""),
            "gremien": settings.INSTANZ.programm.gremien,
            "darf_bca_fragen": "grund" in context["form"].fields and self.programm.status != Programmstatus.BETEILIGUNG,
        }


class ProgrammVorgelegtView(FassungMixin, TemplateView):
    """Says after the submission what has happened and what comes next; its address can be kept."""

    template_name = "massnahmen/programm_vorgelegt.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fassung = self.stand.fassung
        at_beirat = {Programmstatus.BEIM_BEIRAT, Programmstatus.ABSTIMMUNG}
        if fassung.anlass == Fassungsanlass.BETEILIGUNG:
            waits = self.ist_neueste and self.programm.status == Programmstatus.BETEILIGUNG and self.stand.stellungnahme is None
            titel = "Das Programm liegt bei der BCA" if waits else "Diese Fassung wurde der BCA vorgelegt"
            steps = AFTER_BCA
        else:
            waits = self.ist_neueste and self.programm.status in at_beirat
            titel = "Das Programm liegt beim Beirat" if waits else "Diese Fassung wurde dem Beirat vorgelegt"
            steps = list_what_follows()
        return super().get_context_data(**kwargs) | {
            "fassung": fassung,
            "titel": titel,
            "wann": f"Vorgelegt von {fassung.vorgelegt_von} am {zeitpunkt(fassung.vorgelegt_am)}.",
            "schritte": steps if waits else ["Wie weit sie inzwischen ist, steht auf der Seite der Fassung."],
        }


AFTER_BCA = [
    "Die Beauftragte für Chancengleichheit hat eine Mail bekommen und findet die Fassung unter „Meine Aufgaben“.",
    "Sie liest genau diese Fassung und schreibt ihre Stellungnahme. Am Programm kann inzwischen weiter geschrieben werden.",
    "Die Leitung antwortet ihr. Danach geht das Programm zum Beirat.",
]


def list_what_follows() -> list[str]:
    """After the submission to the Beirat."""
    gremien = settings.INSTANZ.programm.gremien
    decide = f"Danach entscheiden: {', dann '.join(gremien)}. Das Ergebnis trägt die Geschäftsstelle oder die Leitung ein."
    if len(gremien) == 1:
        decide = f"Danach entscheidet: {gremien[0]}. Das Ergebnis trägt die Geschäftsstelle oder die Leitung ein."
    return [
        "Ab jetzt kann niemand diese Fassung ändern. Das Programm ist gesperrt, bis der Beirat beraten hat.",
        "Die Geschäftsstelle setzt die Fassung auf die Tagesordnung der nächsten Sitzung und lädt ein.",
        "Der Beirat stimmt in der Sitzung über genau diesen Text ab.",
        *([decide] if gremien else []),
        "Zuletzt steht bei der Leitung unter „Meine Aufgaben“ die Veröffentlichung.",
    ]


class ProgrammVeroeffentlichenView(ZwischenstandMixin, SchrittView):
    permission = "massnahmen.publish_programm"
    template_name = "massnahmen/programm_veroeffentlichen.html"
    form_class = AntwortForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.check()
        self.stand: Fassungsstand = list_fassungen(self.programm)[0]
        self.stand.fassung.programm = self.programm

    def check(self) -> None:
        if self.programm.status not in {Programmstatus.BERATEN, Programmstatus.BESCHLOSSEN}:
            raise TransitionError(
                f"Das {self.programm} ist im Stand „{self.programm.get_status_display()}“ und kann jetzt nicht veröffentlicht werden."
            )
        gremien = settings.INSTANZ.programm.gremien
        if gremien and self.programm.status != Programmstatus.BESCHLOSSEN:
            raise TransitionError(
                f"{gremien[-1]} hat noch nicht über das {self.programm} beschlossen. Tragen Sie zuerst den Beschluss ein."
            )

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"braucht_antwort": self.stand.beratung is not None and self.stand.beratung.braucht_antwort}

    def act(self, form: AntwortForm) -> str:
        if self.request.POST.get("pruefsumme") != self.stand.fassung.pruefsumme:
            raise TransitionError("Inzwischen hat der Beirat über eine neuere Fassung beraten. Lesen Sie sie, bevor Sie veröffentlichen.")
        assert self.stand.beratung
        publish_programm(beratung=self.stand.beratung, antwort=form.cleaned_data.get("antwort", ""), by=self.request.user)
        return reverse("massnahmen:fassung-detail", args=[self.programm.jahr, self.stand.fassung.nummer])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"stand": self.stand} | read_frozen(self.stand.fassung)


class ProgrammWiederOeffnenView(SchrittView):
    """Asks once more, and for the reason, before the programme is written on again."""

    permission = "massnahmen.reopen_programm"
    template_name = "massnahmen/programm_wieder_oeffnen.html"
    form_class = OeffnenForm

    def check(self) -> None:
        if self.programm.status == Programmstatus.VEROEFFENTLICHT:
            raise TransitionError(f"Das {self.programm} ist öffentlich. Wenn sich etwas ändert, schreiben Sie es fort.")
        if not Weg.of(self.programm, self.request.user).darf_wieder_oeffnen:
            raise TransitionError(
                f"Das {self.programm} ist im Stand „{self.programm.get_status_display()}“ und kann jetzt nicht wieder geöffnet werden."
            )

    def act(self, form: OeffnenForm) -> str:
        self.check()
        reopen_programm(programm=self.programm, grund=form.cleaned_data["grund"], by=self.request.user)
        messages.success(self.request, "Das Programm ist wieder offen. Die bisherigen Fassungen bleiben, wie sie sind.")
        return self.get_programm_url()


class ProgrammFortschreibenView(SchrittView):
    permission = "massnahmen.begin_fortschreibung"
    template_name = "massnahmen/programm_fortschreiben.html"
    form_class = FortschreibenForm

    def check(self) -> None:
        if self.programm.status != Programmstatus.VEROEFFENTLICHT:
            raise TransitionError(
                f"Das {self.programm} ist im Stand „{self.programm.get_status_display()}“. "
                "Fortschreiben lässt sich nur, was veröffentlicht ist."
            )

    def act(self, form: FortschreibenForm) -> str:
        begin_fortschreibung(programm=self.programm, grund=form.cleaned_data["grund"], by=self.request.user)
        messages.success(self.request, "Das Programm wird fortgeschrieben. Öffentlich bleibt so lange die bisherige Fassung.")
        return self.get_programm_url()


class ProgrammFortschreibungBeendenView(SchrittView):
    """So that a Fortschreibung that nobody needs any more does not keep the programme from being closed."""

    permission = "massnahmen.begin_fortschreibung"
    template_name = "massnahmen/programm_fortschreibung_beenden.html"
    form_class = BeendenForm

    def check(self) -> None:
        if self.programm.status != Programmstatus.FORTSCHREIBUNG:
            raise TransitionError(f"Das {self.programm} wird gerade nicht fortgeschrieben.")

    def act(self, form: BeendenForm) -> str:
        end_fortschreibung(programm=self.programm, grund=form.cleaned_data["grund"], by=self.request.user)
        messages.success(self.request, "Die Fortschreibung ist beendet. Es gilt weiter die veröffentlichte Fassung.")
        return self.get_programm_url()


class ProgrammAbschliessenView(SchrittView):
    permission = "massnahmen.close_programm"
    template_name = "massnahmen/programm_abschliessen.html"
    form_class = AbschliessenForm
    noch: ClassVar[str] = "Das Jahr {} ist noch nicht zu Ende. Abschließen können Sie das Programm ab dem 1. Januar."

    def check(self) -> None:
        check_transition(PROGRAMM_TRANSITIONS, self.programm.status, Programmstatus.ABGESCHLOSSEN, noun=f"Das {self.programm}")
        if not self.programm.ist_vorbei:
            raise TransitionError(self.noch.format(self.programm.jahr))

    def act(self, form: AbschliessenForm) -> str:
        close_programm(programm=self.programm, grund=form.cleaned_data["grund"], by=self.request.user)
        messages.success(self.request, f"Das {self.programm} ist abgeschlossen.")
        return self.get_programm_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        published = next((stand for stand in list_fassungen(self.programm) if stand.veroeffentlichung), None)
        since = datum(published.veroeffentlichung.am) if published and published.veroeffentlichung else ""
        return super().get_context_data(**kwargs) | {"oeffentlich": published, "oeffentlich_seit": since}
