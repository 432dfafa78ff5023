"""A programme begins, empty or out of an earlier one, and goes again where it was begun by mistake."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from jobcenter.common import zwischenstand
from jobcenter.common.transitions import TransitionError
from jobcenter.common.views import EinmalMixin, KernFormView, PermissionMixin
from massnahmen.actions import check_never_shown, copy_programm, discard_programm, open_programm
from massnahmen.forms import AnlegenForm, VorlageForm, list_missing_years
from massnahmen.models import Arbeitsmarktprogramm, Programmposition
from massnahmen.queries import list_fortlaufende, mark_draft, read_draft
from massnahmen.views.weg import SchrittView


class ProgrammAnlegenView(EinmalMixin, PermissionMixin, KernFormView):
    """Choose a year and what it begins from (`?jahr=&vorlage=`), see what comes along, begin it."""

    permission = "massnahmen.open_programm"
    template_name = "massnahmen/programm_anlegen.html"
    form_class = AnlegenForm

    def get_form_kwargs(self) -> dict[str, Any]:
        programme = list(Arbeitsmarktprogramm.objects.visible_to(self.request.user))
        kwargs = super().get_form_kwargs() | {"programme": programme}
        if self.request.method in {"GET", "HEAD"}:
            first = _first_choice(programme)
            kwargs["data"] = first | {name: value for name, value in self.request.GET.items() if name in AnlegenForm.base_fields}
        return kwargs

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        status = 422 if form.missing and not form.is_valid() else 200
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def form_valid(self, form: AnlegenForm) -> HttpResponse:
        jahr, vorlage = form.cleaned_data["jahr"], form.cleaned_data["vorlage"]
        try:
            if vorlage:
                copy_programm(vorlage=vorlage, jahr=jahr, by=self.request.user)
            else:
                open_programm(jahr=jahr, by=self.request.user)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return redirect("massnahmen:programm-intern-detail", jahr=jahr)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {"vorschau": self._preview(form) if form.missing and form.is_valid() else None}

    def _preview(self, form: AnlegenForm) -> "Vorschau":
        jahr, vorlage = form.cleaned_data["jahr"], form.cleaned_data["vorlage"]
        if vorlage is None:
            return Vorschau(jahr)
        found = list_fortlaufende(vorlage, jahr)
        texts = vorlage.kapitel.exclude(text="").count()
        return Vorschau(jahr, vorlage, found.laufen_weiter, found.enden, texts, vorlage.ziele.count())


@dataclass(frozen=True)
class Vorschau:
    """What a new programme begins with."""

    jahr: int
    vorlage: Arbeitsmarktprogramm | None = None
    laufen_weiter: tuple[Programmposition, ...] = ()
    enden: tuple[Programmposition, ...] = ()
    texte: int = 0
    ziele: int = 0


def _first_choice(programme: list[Arbeitsmarktprogramm]) -> dict[str, str]:
    """The newest year that is missing, out of the newest programme before it."""
    missing = list_missing_years(programme)
    if not missing:
        return {}
    earlier = [programm.jahr for programm in programme if programm.jahr < missing[0]]
    return {"jahr": str(missing[0]), "vorlage": str(max(earlier)) if earlier else ""}


class ProgrammVerwerfenView(SchrittView):
    """Says what goes and what stays. The button carries the mark of exactly the draft on this page."""

    permission = "massnahmen.open_programm"
    template_name = "massnahmen/programm_verwerfen.html"
    form_class = VorlageForm

    def check(self) -> None:
        check_never_shown(self.programm)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"bca_fehlt": False}

    def act(self, form: VorlageForm) -> str:
        discard_programm(programm=self.programm, marke=form.cleaned_data["pruefsumme"], by=self.request.user)
        zwischenstand.clear_below(self.get_programm_url())
        messages.success(self.request, f"Das {self.programm} ist verworfen. Seine Maßnahmen gibt es weiter.")
        return reverse("massnahmen:programm-intern-liste")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.check()
        return super().get_context_data(**kwargs) | {
            "inhalt": read_draft(self.programm),
            "marke": mark_draft(self.programm),
            "kommentare": self.programm.kapitel.aggregate(anzahl=Count("kommentare"))["anzahl"],
            "schreibende": zwischenstand.others_writing_below(self.request.user, self.get_programm_url()),
        }
