"""The monthly reports of one measure: all of them, one written or corrected, and what became of those who left."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from jobcenter.common.actions import require
from jobcenter.common.forms import MonatField
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import monat as month_name
from jobcenter.common.verlauf import last_aenderung
from jobcenter.common.views import EinmalMixin, KernFormView, KonfliktMixin, ZwischenstandMixin
from massnahmen.actions import (
    MeldungAbgelehnt,
    record_meldung,
    record_verbleib,
    remove_meldung,
    remove_verbleib,
    update_meldung,
    update_verbleib,
)
from massnahmen.forms import MeldungForm, VerbleibForm, stored_meldung
from massnahmen.models import Monatsmeldung, Verbleib
from massnahmen.queries import Meldungsstand, read_meldungsblatt, read_meldungsstaende
from massnahmen.queries.meldungen import check_offen, check_offen_fuer_verbleib
from massnahmen.views.massnahme import MassnahmeMixin


def read_monat(text: str | None) -> date | None:
    """A month of the address; None where it is none."""
    try:
        return MonatField(required=False).clean(text or "")
    except ValidationError:
        return None


class MeldungListeView(MassnahmeMixin, TemplateView):
    """For all staff; counts of people only inside the circle, see queries/fallzahlen.py."""

    template_name = "massnahmen/meldung_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "massnahme": self.massnahme,
            "blatt": read_meldungsblatt(self.massnahme),
            "zeigt_fallzahlen": user.has_perm("massnahmen.view_fallzahlen"),
            "darf_melden": user.has_perm("massnahmen.write_meldung") and not check_offen(self._stand),
            "darf_verbleib": user.has_perm("massnahmen.write_meldung") and not check_offen_fuer_verbleib(self._stand),
        }

    @property
    def _stand(self) -> Meldungsstand:
        """Enough of it to ask whether the figures are closed."""
        return Meldungsstand(self.massnahme.titel, self.massnahme.stand, None)  # type: ignore[arg-type]  # its term does not matter here


class SchreibMixin(MassnahmeMixin):
    """Who writes about a measure's months."""

    permission = "massnahmen.write_meldung"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request.user, self.permission, self.massnahme)

    @cached_property
    def stand(self) -> Meldungsstand:
        return read_meldungsstaende([self.massnahme.pk])[self.massnahme.pk]

    def get_success_url(self) -> str:
        return reverse("massnahmen:meldung-liste", args=[self.massnahme.pk])


class MonatsformView(ZwischenstandMixin, KonfliktMixin, SchreibMixin, KernFormView):
    """A form about one month. A refused input is answered with 422, one that came too late with 409."""

    def check_closed(self) -> list[tuple[str, str]]:
        return check_offen(self.stand)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if problems := self.check_closed():
            raise TransitionError(problems[0][1])
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            sentence = self.save(form)
        except MeldungAbgelehnt as error:
            form.show(error.probleme)
            return self.render_to_response(self.get_context_data(form=form), status=409)
        except TransitionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, sentence)
        return redirect(self.get_success_url())

    def save(self, form: Any) -> str:
        """Call the action and return the sentence that confirms it."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"stand": self.stand}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"massnahme": self.massnahme, "zurueck": self.get_success_url()}


class MeldungAnlegenView(EinmalMixin, MonatsformView):
    """The month may stand in the address."""

    template_name = "massnahmen/meldung_anlegen.html"
    form_class = MeldungForm

    def get_initial(self) -> dict[str, Any]:
        monat = read_monat(self.request.GET.get("monat"))
        return {"monat": monat} if monat else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        monat = read_monat(self.request.GET.get("monat"))
        return super().get_context_data(**kwargs) | {"platztage": self.stand.rahmen.count_platztage(monat) if monat else None}

    def save(self, form: MeldungForm) -> str:
        meldung = record_meldung(massnahme=self.massnahme, angaben=form.to_angaben(), by=self.request.user)
        return f"{month_name(meldung.monat)} ist gemeldet."


class MeldungMixin(SchreibMixin):
    """About one report of the measure in the address."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.meldung = self.load()

    def load(self) -> Monatsmeldung:
        reports = Monatsmeldung.objects.visible_to(self.request.user).select_related("massnahme", "gemeldet_von")
        return get_object_or_404(reports, massnahme=self.massnahme, pk=self.kwargs["monatsmeldung_id"])


class MeldungBearbeitenView(MeldungMixin, MonatsformView):
    template_name = "massnahmen/meldung_bearbeiten.html"
    form_class = MeldungForm

    def get_initial(self) -> dict[str, Any]:
        return stored_meldung(self.meldung)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"meldung": self.meldung}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        platztage = self.stand.rahmen.count_platztage(self.meldung.monat)
        return super().get_context_data(**kwargs) | {
            "meldung": self.meldung,
            "platztage": platztage,
            "aenderung": last_aenderung(self.meldung),
        }

    def reload(self) -> Model:
        self.meldung = self.load()
        return self.meldung

    def save(self, form: MeldungForm) -> str:
        update_meldung(meldung=self.meldung, version=form.cleaned_data["version"], angaben=form.to_angaben(), by=self.request.user)
        return f"Die Meldung für {month_name(self.meldung.monat)} ist korrigiert."


class MeldungEntfernenView(MeldungMixin, View):
    """Button of the editor, unfolded before it can be pressed."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        remove_meldung(meldung=self.meldung, by=request.user)
        messages.success(request, f"Die Meldung für {month_name(self.meldung.monat)} ist zurückgenommen.")
        return redirect(self.get_success_url())


class VerbleibformView(MonatsformView):
    form_class = VerbleibForm
    verbleib: Verbleib | None = None
    monat: date

    def check_closed(self) -> list[tuple[str, str]]:
        return check_offen_fuer_verbleib(self.stand)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"monat": self.monat, "verbleib": self.verbleib}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"monat": self.monat}


class VerbleibAnlegenView(EinmalMixin, VerbleibformView):
    template_name = "massnahmen/verbleib_anlegen.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        try:
            self.monat = date(kwargs["jahr"], kwargs["nummer"], 1)
        except (ValueError, OverflowError):
            raise Http404 from None
        if self.monat not in self.stand.monate:
            raise Http404

    def get_initial(self) -> dict[str, Any]:
        return {"austritte": self.stand.monate[self.monat].austritte}

    def save(self, form: VerbleibForm) -> str:
        record_verbleib(massnahme=self.massnahme, monat=self.monat, **form.to_werte(), by=self.request.user)
        return f"Der Verbleib für {month_name(self.monat)} ist gemeldet."


class VerbleibMixin(SchreibMixin):
    """About one Verbleib of the measure in the address."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.verbleib = self.load()
        self.monat = self.verbleib.monat

    def load(self) -> Verbleib:
        rows = Verbleib.objects.visible_to(self.request.user).select_related("massnahme")
        return get_object_or_404(rows, massnahme=self.massnahme, pk=self.kwargs["verbleib_id"])


class VerbleibBearbeitenView(VerbleibMixin, VerbleibformView):
    template_name = "massnahmen/verbleib_bearbeiten.html"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.verbleib, name) for name in VerbleibForm.base_fields}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"verbleib": self.verbleib, "aenderung": last_aenderung(self.verbleib)}

    def reload(self) -> Model:
        self.verbleib = self.load()
        return self.verbleib

    def save(self, form: VerbleibForm) -> str:
        update_verbleib(verbleib=self.verbleib, version=form.cleaned_data["version"], **form.to_werte(), by=self.request.user)
        return f"Der Verbleib für {month_name(self.monat)} ist korrigiert."


class VerbleibEntfernenView(VerbleibMixin, View):
    """Button of the editor, unfolded before it can be pressed."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        remove_verbleib(verbleib=self.verbleib, by=request.user)
        messages.success(request, f"Der Verbleib für {month_name(self.monat)} ist entfernt.")
        return redirect(self.get_success_url())
