"""Editing a draft: measures, chapters, summary. Whoever saves on top of a newer save sees both texts and loses nothing."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from jobcenter.common.kommentare import list_kommentare
from jobcenter.common.richtext import to_plain
from jobcenter.common.transitions import TransitionError
from jobcenter.common.verlauf import Verlaufsquelle, last_aenderung
from jobcenter.common.views import EinmalMixin, KernFormView, KonfliktMixin, StandMixin, ZwischenstandMixin
from massnahmen.actions import (
    add_position,
    check_draft,
    check_not_archived,
    continue_massnahme,
    update_kapitel,
    update_position,
    update_zusammenfassung,
)
from massnahmen.enums import Kapitelart, Kapitelstand
from massnahmen.forms import KapitelForm, MassnahmeForm, TextForm, stored_values
from massnahmen.models import Arbeitsmarktprogramm, Kapitel, Massnahme, Programmposition
from massnahmen.queries import (
    Befund,
    check_programm,
    find_latest_plan,
    history_of_kapitel,
    history_of_massnahme,
    history_of_zusammenfassung,
    read_draft,
)
from massnahmen.views.intern import ProgrammMixin

# What the portal adds to these chapters by itself (templates/massnahmen/includes/kapitel_anhang.html).
ARTEN_MIT_ANHANG = {Kapitelart.ZIELE, Kapitelart.STRATEGIE, Kapitelart.ZIELGRUPPEN, Kapitelart.INSTRUMENTE, Kapitelart.FINANZEN}


def find_befunde(programm: Arbeitsmarktprogramm, *keys: tuple[str, int | None]) -> list[Befund]:
    """What „Angaben prüfen“ says about pieces of a programme, each named by its Bereich and its key; None means all of them."""
    wanted = set(keys)
    return [b for b in check_programm(programm) if {(b.bereich, b.schluessel), (b.bereich, None)} & wanted]


class EditorView(ZwischenstandMixin, KonfliktMixin, ProgrammMixin, KernFormView):
    """A form over a piece of a draft. A refused input is answered with 422, a save that came too late with 409."""

    back_anchor = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_draft(self.programm)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            sentence = self.save(form)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, sentence)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("massnahmen:programm-intern-detail", args=[self.programm.jahr]) + self.back_anchor

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"zurueck": self.get_success_url()}

    def save(self, form: forms.Form) -> str:
        """Call the action and return the sentence that confirms it."""
        raise NotImplementedError


class MassnahmeAnlegenView(EinmalMixin, EditorView):
    permission = "massnahmen.change_massnahme"
    template_name = "massnahmen/massnahme_anlegen.html"
    form_class = MassnahmeForm
    back_anchor = "#massnahmen"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"programm": self.programm}

    def save(self, form: MassnahmeForm) -> str:
        add_position(programm=self.programm, angaben=form.to_angaben(), by=self.request.user)
        return f"Die Maßnahme „{form.cleaned_data['titel']}“ steht jetzt im Entwurf {self.programm.jahr}."


class MassnahmeAufnehmenView(EinmalMixin, EditorView):
    """Plan a measure again that other years know, or none: its words, and what it planned last, stand in the form."""

    permission = "massnahmen.change_massnahme"
    template_name = "massnahmen/massnahme_aufnehmen.html"
    form_class = MassnahmeForm
    back_anchor = "#massnahmen"
    entfernt = False  # the form was that of the editor, and a colleague has taken the measure out meanwhile

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.position = self._load()

    def _load(self) -> Programmposition:
        measures = Massnahme.objects.visible_to(self.request.user).prefetch_related("zielgruppen")
        return find_latest_plan(get_object_or_404(measures, pk=self.kwargs["massnahme_id"]), self.programm)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        massnahme = self.position.massnahme
        if self.entfernt:
            return redirect("massnahmen:massnahme-aufnehmen", self.programm.jahr, massnahme.pk)
        if self.programm.positionen.filter(massnahme=massnahme).exists():
            return redirect("massnahmen:massnahme-bearbeiten", self.programm.jahr, massnahme.pk)
        check_not_archived(massnahme)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return stored_values(self.position) | {"verpflichtung_cent": None}  # what was promised then was promised then

    def get_form_kwargs(self) -> dict[str, Any]:
        is_last_year = self.position.pk and self.position.programm.jahr == self.programm.jahr - 1
        vorjahr = self.position if is_last_year else None
        return super().get_form_kwargs() | {"programm": self.programm, "position": self.position, "vorjahr": vorjahr}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        massnahme = self.position.massnahme
        ziel = reverse("massnahmen:massnahme-aufnehmen", args=[self.programm.jahr, massnahme.pk])
        return super().get_context_data(**kwargs) | {"position": self.position, "massnahme": massnahme, "ziel": ziel}

    def reload(self) -> Model:
        self.position = self._load()
        return self.position.massnahme

    def save(self, form: MassnahmeForm) -> str:
        massnahme, version = self.position.massnahme, form.cleaned_data["version"]
        if self.entfernt:
            raise TransitionError(
                f"Inzwischen hat jemand „{massnahme}“ aus dem {self.programm} genommen. Ihre Eingaben stehen noch hier. "
                "Soll die Maßnahme wieder hinein, nehmen Sie sie noch einmal auf."
            )
        continue_massnahme(programm=self.programm, massnahme=massnahme, version=version, angaben=form.to_angaben(), by=self.request.user)
        return f"Die Maßnahme „{form.cleaned_data['titel']}“ steht jetzt im Entwurf {self.programm.jahr}."


class MassnahmeBearbeitenView(StandMixin, EditorView):
    permission = "massnahmen.change_massnahme"
    template_name = "massnahmen/massnahme_bearbeiten.html"
    form_class = MassnahmeForm
    back_anchor = "#massnahmen"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.position = self._load()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.position is None:
            return MassnahmeAufnehmenView.as_view(entfernt=True)(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def _load(self) -> Programmposition | None:
        positions = Programmposition.objects.visible_to(self.request.user).with_details()
        return positions.filter(programm=self.programm, massnahme=self.kwargs["massnahme_id"]).first()

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_massnahme(self.position)

    def get_initial(self) -> dict[str, Any]:
        return stored_values(self.position)

    def read_initial(self, stand: Mapping[str, Any]) -> dict[str, Any]:
        return {**stand, "verpflichtung_cent": stand.get("verpflichtung_cent") or None}  # nothing promised is an empty field

    def get_form_kwargs(self) -> dict[str, Any]:
        last_year = Programmposition.objects.filter(programm__jahr=self.programm.jahr - 1, massnahme=self.position.massnahme_id)
        vorjahr = last_year.prefetch_related("finanzierungen").first()
        return super().get_form_kwargs() | {"programm": self.programm, "position": self.position, "vorjahr": vorjahr}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "position": self.position,
            "offene": find_befunde(self.programm, ("massnahme", self.position.massnahme_id)),
            "aenderung": last_aenderung(self.position.massnahme),
            "kommentare": list_kommentare(self.position.massnahme, self.request.user),
        }

    def reload(self) -> Model:
        self.position = self._load()
        return self.position.massnahme

    def save(self, form: MassnahmeForm) -> str:
        version = form.cleaned_data["version"]
        update_position(
            position=self.position, version=version, angaben=form.to_angaben(), grund=self.get_grund(form), by=self.request.user
        )
        return f"Die Maßnahme „{form.cleaned_data['titel']}“ ist gespeichert."


class TextBearbeitenView(StandMixin, EditorView):
    """A text with a version: a chapter or the summary."""

    permission = "massnahmen.change_kapitel"
    back_anchor = "#kapitel"

    def read_row(self) -> Model:
        """The row that carries the text, as stored now."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"aenderung": last_aenderung(self.read_row())}

    def reload(self) -> Model:
        row = self.read_row()
        row.refresh_from_db()
        return row


class KapitelBearbeitenView(TextBearbeitenView):
    template_name = "massnahmen/kapitel_bearbeiten.html"
    form_class = KapitelForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kapitel = get_object_or_404(self.programm.kapitel.select_related("verantwortlich"), nummer=self.kwargs["nummer"])

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_kapitel(self.kapitel)

    def read_row(self) -> Kapitel:
        return self.kapitel

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.kapitel, name) for name in KapitelForm.base_fields}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"kapitel": self.kapitel}

    def get_success_url(self) -> str:
        """The next chapter for who asked for it."""
        if "weiter" in self.request.POST and self.naechstes:
            return reverse("massnahmen:kapitel-bearbeiten", args=[self.programm.jahr, self.naechstes.nummer])
        return super().get_success_url()

    @cached_property
    def naechstes(self) -> Kapitel | None:
        return self.programm.kapitel.filter(nummer__gt=self.kapitel.nummer).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys: list[tuple[str, int | None]] = [("kapitel", self.kapitel.nummer)]
        if self.kapitel.art == Kapitelart.ZIELE:
            keys.append(("ziele", None))
        added = self.kapitel.art in ARTEN_MIT_ANHANG
        return super().get_context_data(**kwargs) | {
            "kapitel": self.kapitel,
            "zurueck": EditorView.get_success_url(self),
            "naechstes": self.naechstes,
            "woerter": len(to_plain(self.kapitel.text).split()),
            "offene": find_befunde(self.programm, *keys),
            "anhang": read_draft(self.programm) if added else None,
            "ziele": self.programm.ziele.all() if self.kapitel.art == Kapitelart.ZIELE else (),
            "kommentare": list_kommentare(self.kapitel, self.request.user),
        }

    def save(self, form: forms.Form) -> str:
        given = form.cleaned_data
        update_kapitel(
            kapitel=self.kapitel,
            version=given["version"],
            text=given["text"],
            stand=Kapitelstand(given["stand"]),
            verantwortlich=given["verantwortlich"],
            grund=self.get_grund(form),
            by=self.request.user,
        )
        return f"Kapitel {self.kapitel} ist gespeichert."


class ZusammenfassungBearbeitenView(TextBearbeitenView):
    template_name = "massnahmen/zusammenfassung_bearbeiten.html"
    form_class = TextForm

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_zusammenfassung(self.programm)

    def read_initial(self, stand: Mapping[str, Any]) -> dict[str, Any]:
        return {"text": stand["zusammenfassung"]}

    def read_row(self) -> Arbeitsmarktprogramm:
        return self.programm

    def get_initial(self) -> dict[str, Any]:
        return {"text": self.programm.zusammenfassung, "version": self.programm.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "woerter": len(self.programm.zusammenfassung.split()),
            "offene": find_befunde(self.programm, ("zusammenfassung", None)),
        }

    def save(self, form: forms.Form) -> str:
        given = form.cleaned_data
        update_zusammenfassung(
            programm=self.programm,
            version=given["version"],
            zusammenfassung=given["text"],
            grund=self.get_grund(form),
            by=self.request.user,
        )
        return "Die Zusammenfassung ist gespeichert."
