"""Editing a draft: measures, chapters, summary. Whoever saves on top of a newer save sees both texts and loses nothing."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from jobcenter.common.kommentare import list_kommentare
from jobcenter.common.transitions import TransitionError
from jobcenter.common.verlauf import Verlaufsquelle, last_aenderung
from jobcenter.common.views import EinmalMixin, KernFormView, KonfliktMixin, StandMixin, ZwischenstandMixin
from massnahmen.actions import add_position, check_draft, update_kapitel, update_position, update_zusammenfassung
from massnahmen.forms import MassnahmeForm, TextForm, stored_values
from massnahmen.models import Programmposition
from massnahmen.queries import cost_per_place, history_of_kapitel, history_of_massnahme, history_of_zusammenfassung
from massnahmen.views.intern import ProgrammMixin


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


class MassnahmeBearbeitenView(StandMixin, EditorView):
    permission = "massnahmen.change_massnahme"
    template_name = "massnahmen/massnahme_bearbeiten.html"
    form_class = MassnahmeForm
    back_anchor = "#massnahmen"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.position = self._load()

    def _load(self) -> Programmposition:
        positions = Programmposition.objects.visible_to(self.request.user).with_details()
        return get_object_or_404(positions, programm=self.programm, massnahme=self.kwargs["pk"])

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_massnahme(self.position)

    def get_initial(self) -> dict[str, Any]:
        return stored_values(self.position)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"programm": self.programm, "position": self.position}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "position": self.position,
            "kosten_je_platz_cent": cost_per_place(self.position),
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
    """A long text with a version: a chapter or the summary."""

    permission = "massnahmen.change_kapitel"
    form_class = TextForm
    back_anchor = "#kapitel"

    def read_text(self) -> tuple[Model, str, int]:
        """The row that carries the text, the text, its version, as stored now."""
        raise NotImplementedError

    def get_initial(self) -> dict[str, Any]:
        _, text, version = self.read_text()
        return {"text": text, "version": version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, text, _ = self.read_text()
        return super().get_context_data(**kwargs) | {"woerter": len(text.split()), "aenderung": last_aenderung(row)}

    def reload(self) -> Model:
        row, _, _ = self.read_text()
        row.refresh_from_db()
        return row


class KapitelBearbeitenView(TextBearbeitenView):
    template_name = "massnahmen/kapitel_bearbeiten.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kapitel = get_object_or_404(self.programm.kapitel, nummer=self.kwargs["nummer"])

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_kapitel(self.kapitel)

    def read_text(self) -> tuple[Model, str, int]:
        return self.kapitel, self.kapitel.text, self.kapitel.version

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "kapitel": self.kapitel,
            "kommentare": list_kommentare(self.kapitel, self.request.user),
        }

    def save(self, form: forms.Form) -> str:
        given = form.cleaned_data
        update_kapitel(kapitel=self.kapitel, version=given["version"], text=given["text"], grund=self.get_grund(form), by=self.request.user)
        return f"Kapitel {self.kapitel} ist gespeichert."


class ZusammenfassungBearbeitenView(TextBearbeitenView):
    template_name = "massnahmen/zusammenfassung_bearbeiten.html"

    def get_quelle(self) -> Verlaufsquelle:
        return history_of_zusammenfassung(self.programm)

    def read_initial(self, stand: Mapping[str, Any]) -> dict[str, Any]:
        return {"text": stand["zusammenfassung"]}

    def read_text(self) -> tuple[Model, str, int]:
        return self.programm, self.programm.zusammenfassung, self.programm.version

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
