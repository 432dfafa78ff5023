"""Providers: all of them, one with everything about it, and the small forms around it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.generic import TemplateView, View

from jobcenter.common import clock, typography
from jobcenter.common.actions import require
from jobcenter.common.tabellen import DatumSpalte, LinkSpalte, Spalte, Tabelle, TabelleMixin, TextSpalte, ZahlSpalte
from jobcenter.common.transitions import TransitionError
from jobcenter.common.verlauf import last_aenderung
from jobcenter.common.views import EinmalMixin, KernFormView, KonfliktMixin, PermissionMixin, ZwischenstandMixin
from massnahmen.actions import (
    add_kontakt,
    add_zulassung,
    create_traeger,
    remove_kontakt,
    remove_traeger,
    update_kontakt,
    update_traeger,
    update_zulassung,
)
from massnahmen.filters import TraegerFilter
from massnahmen.forms import KontaktForm, TraegerForm, ZulassungForm, stored_kontakt, stored_traeger, stored_zulassung
from massnahmen.models import Traeger, Traegerkontakt, Traegerzulassung
from massnahmen.models.traeger import kurz
from massnahmen.queries import find_to_renew, list_traeger, read_traeger, read_zulassungslage, say_zulassungslage
from massnahmen.views.intern import InternMixin


# --- all of them ------------------------------------------------------------------------------------------------
class FachbereicheSpalte(Spalte):
    """For what somebody is certified today, one word each."""

    def render(self, record: Traeger) -> str:
        return self.value(record) or typography.DASH

    def value(self, record: Traeger) -> str | None:  # type: ignore[override]  # called by the names of its arguments
        numbers = {number for zulassung in record.gueltige for number in zulassung.fachbereiche}  # type: ignore[attr-defined]
        return kurz(numbers) or None


class ZulassungSpalte(Spalte):
    """How the certificates stand, as a badge, with the day on which that ends."""

    def render(self, record: Traeger) -> str:
        lage = read_zulassungslage(record, clock.today())
        context = {"lage": lage, "wort": self.value(record), "bis": record.gilt_bis}  # type: ignore[attr-defined]  # annotated
        return render_to_string("massnahmen/includes/zulassungslage.html", context)

    def value(self, record: Traeger) -> str:  # type: ignore[override]
        bis: date | None = record.gilt_bis  # type: ignore[attr-defined]
        return say_zulassungslage(read_zulassungslage(record, clock.today()), bis, clock.today())


def _address(record: Traeger, table: Tabelle) -> str:
    return reverse("massnahmen:traeger-detail", args=[record.pk])


class TraegerTabelle(Tabelle):
    titel = "Träger"
    woerter = ("Träger", "Träger")

    name = LinkSpalte("Träger", url=_address, zusatz=lambda record: record.ort)
    ort = TextSpalte("Ort", nur_datei=True)
    zulassung = ZulassungSpalte("Zulassung", accessor="gilt_bis", empty_values=())
    gilt_bis = DatumSpalte("gültig bis", nur_datei=True)
    fachbereiche = FachbereicheSpalte("Heute zugelassen für", accessor="pk", orderable=False)
    vertraege = ZahlSpalte("Laufende Verträge", accessor="vertraege_heute", initial_sort_descending=True)


class TraegerListeView(PermissionMixin, TabelleMixin, TemplateView):
    """For all staff; planung adds to it."""

    permission = "massnahmen.view_programm"
    template_name = "massnahmen/traeger_liste.html"
    tabelle_class, filter_class = TraegerTabelle, TraegerFilter
    je_seite = 50

    def get_rows(self) -> QuerySet[Traeger]:
        return list_traeger(self.request.user)

    def get_leer(self) -> dict[str, str]:
        leer = {"titel": "Noch kein Träger", "text": "Hier stehen alle Organisationen, die Maßnahmen durchführen, mit ihren Zulassungen."}
        if self._may_create():
            leer |= {"url": reverse("massnahmen:traeger-anlegen"), "verb": "Träger anlegen"}
        return leer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"darf_anlegen": self._may_create(), "stand": clock.today()}

    def _may_create(self) -> bool:
        return self.request.user.has_perm("massnahmen.create_traeger")


# --- one of them ------------------------------------------------------------------------------------------------
class TraegerMixin(InternMixin):
    """A page about the provider in the address; `permission` is what it takes to open it."""

    permission = "massnahmen.view_programm"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request.user, self.permission)
        self.traeger = self.load_traeger()

    def load_traeger(self) -> Traeger:
        return get_object_or_404(Traeger.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_traeger_url(self) -> str:
        return reverse("massnahmen:traeger-detail", args=[self.traeger.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"traeger": self.traeger, "traeger_url": self.get_traeger_url()}


class TraegerDetailView(TraegerMixin, TemplateView):
    template_name = "massnahmen/traeger_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "seite": read_traeger(self.traeger, user),
            "stand": clock.today(),
            "darf_aendern": user.has_perm("massnahmen.change_traeger", self.traeger),
            "zeigt_preise": user.has_perm("massnahmen.view_vergabe"),
        }


# --- the forms --------------------------------------------------------------------------------------------------
class SchreibView(ZwischenstandMixin, KonfliktMixin, KernFormView):
    """A form that calls one action. A refused input is answered with 422, a save that came too late with 409."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            sentence = self.save(form)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, sentence)
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"zurueck": self.get_success_url()}

    def save(self, form: forms.Form) -> str:
        """Call the action and return the sentence that confirms it."""
        raise NotImplementedError


class TraegerAnlegenView(EinmalMixin, PermissionMixin, SchreibView):
    permission = "massnahmen.create_traeger"
    template_name = "massnahmen/traeger_anlegen.html"
    form_class = TraegerForm
    traeger: Traeger | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"andere": Traeger.objects.visible_to(self.request.user), "ist_neu": True}

    def get_success_url(self) -> str:
        if self.traeger:
            return reverse("massnahmen:traeger-detail", args=[self.traeger.pk])
        return reverse("massnahmen:traeger-liste")

    def save(self, form: TraegerForm) -> str:
        self.traeger = create_traeger(name=form.cleaned_data["name"], ort=form.cleaned_data["ort"], by=self.request.user)
        return f"„{self.traeger}“ ist angelegt. Tragen Sie als Nächstes die Zulassung ein."


class TraegerBearbeitenView(TraegerMixin, SchreibView):
    permission = "massnahmen.change_traeger"
    template_name = "massnahmen/traeger_bearbeiten.html"
    form_class = TraegerForm

    def get_initial(self) -> dict[str, Any]:
        return stored_traeger(self.traeger)

    def get_form_kwargs(self) -> dict[str, Any]:
        others = Traeger.objects.visible_to(self.request.user).exclude(pk=self.traeger.pk)
        return super().get_form_kwargs() | {"andere": others, "ist_neu": False}

    def get_success_url(self) -> str:
        return self.get_traeger_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"aenderung": last_aenderung(self.traeger)}

    def reload(self) -> Model:
        self.traeger = self.load_traeger()
        return self.traeger

    def save(self, form: TraegerForm) -> str:
        given = form.cleaned_data
        self.traeger = update_traeger(
            traeger=self.traeger, version=given["version"], name=given["name"], ort=given["ort"], by=self.request.user
        )
        return f"„{self.traeger}“ ist gespeichert."


class TraegerEntfernenView(TraegerMixin, View):
    """Button of a provider on which nothing hangs, unfolded before it can be pressed."""

    permission = "massnahmen.change_traeger"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        remove_traeger(traeger=self.traeger, by=request.user)
        messages.success(request, f"„{self.traeger}“ ist gelöscht.")
        return redirect("massnahmen:traeger-liste")


class ZulassungAnlegenView(EinmalMixin, TraegerMixin, SchreibView):
    permission = "massnahmen.change_traeger"
    template_name = "massnahmen/zulassung_anlegen.html"
    form_class = ZulassungForm

    def get_initial(self) -> dict[str, Any]:
        """A renewal is mostly issued by the same Stelle, for the same, from the day after on."""
        old = find_to_renew(self.traeger)
        if old is None:
            return {}
        return {"stelle": old.stelle, "fachbereiche": old.fachbereiche, "gueltig_von": old.gueltig_bis + timedelta(days=1)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"andere": Traegerzulassung.objects.filter(traeger=self.traeger), "ist_neu": True}

    def get_success_url(self) -> str:
        return self.get_traeger_url() + "#zulassungen"

    def save(self, form: ZulassungForm) -> str:
        zulassung = add_zulassung(
            traeger=self.traeger, fachbereiche=form.cleaned_data["fachbereiche"], angaben=form.to_angaben(), by=self.request.user
        )
        return f"Die Zulassung {zulassung.nummer} ist eingetragen. Sie gilt bis zum {typography.datum(zulassung.gueltig_bis)}."


class ZulassungBearbeitenView(TraegerMixin, SchreibView):
    permission = "massnahmen.change_traeger"
    template_name = "massnahmen/zulassung_bearbeiten.html"
    form_class = ZulassungForm

    def load_traeger(self) -> Traeger:
        rows = Traegerzulassung.objects.visible_to(self.request.user).select_related("traeger")
        self.zulassung = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.zulassung.traeger

    def get_initial(self) -> dict[str, Any]:
        return stored_zulassung(self.zulassung)

    def get_form_kwargs(self) -> dict[str, Any]:
        others = Traegerzulassung.objects.filter(traeger=self.traeger).exclude(pk=self.zulassung.pk)
        return super().get_form_kwargs() | {"andere": others, "ist_neu": False}

    def get_success_url(self) -> str:
        return self.get_traeger_url() + "#zulassungen"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"zulassung": self.zulassung, "aenderung": last_aenderung(self.zulassung)}

    def reload(self) -> Model:
        self.load_traeger()
        return self.zulassung

    def save(self, form: ZulassungForm) -> str:
        given = form.cleaned_data
        zulassung = update_zulassung(
            zulassung=self.zulassung,
            version=given["version"],
            fachbereiche=given["fachbereiche"],
            angaben=form.to_angaben(),
            by=self.request.user,
        )
        return f"Die Zulassung {zulassung.nummer} ist berichtigt."


class KontaktAnlegenView(EinmalMixin, TraegerMixin, SchreibView):
    permission = "massnahmen.change_traeger"
    template_name = "massnahmen/kontakt_anlegen.html"
    form_class = KontaktForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"andere": Traegerkontakt.objects.none(), "ist_neu": True}

    def get_success_url(self) -> str:
        return self.get_traeger_url() + "#kontakte"

    def save(self, form: KontaktForm) -> str:
        kontakt = add_kontakt(traeger=self.traeger, angaben=form.to_angaben(), by=self.request.user)
        return f"{kontakt} steht jetzt bei den Kontakten."


class KontaktMixin(TraegerMixin):
    """About one contact of a provider."""

    permission = "massnahmen.change_traeger"

    def load_traeger(self) -> Traeger:
        rows = Traegerkontakt.objects.visible_to(self.request.user).select_related("traeger")
        self.kontakt = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.kontakt.traeger

    def get_success_url(self) -> str:
        return self.get_traeger_url() + "#kontakte"


class KontaktBearbeitenView(KontaktMixin, SchreibView):
    template_name = "massnahmen/kontakt_bearbeiten.html"
    form_class = KontaktForm

    def get_initial(self) -> dict[str, Any]:
        return stored_kontakt(self.kontakt)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"andere": Traegerkontakt.objects.none(), "ist_neu": False}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"kontakt": self.kontakt}

    def reload(self) -> Model:
        self.load_traeger()
        return self.kontakt

    def save(self, form: KontaktForm) -> str:
        kontakt = update_kontakt(
            kontakt=self.kontakt, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=self.request.user
        )
        return f"{kontakt} ist gespeichert."


class KontaktEntfernenView(KontaktMixin, View):
    """Button of the form, unfolded before it can be pressed."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        remove_kontakt(kontakt=self.kontakt, by=request.user)
        messages.success(request, f"{self.kontakt} steht nicht mehr bei den Kontakten.")
        return redirect(self.get_success_url())
