"""What an object was before: its history, and the editor that takes a state in again."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.forms import BaseForm
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin

from jobcenter.common.typography import zeitpunkt
from jobcenter.common.verlauf import Eintrag, Standvergleich, Verlaufsquelle, find_stand, list_verlauf


class VerlaufMixin(ContextMixin):
    """A page with the history of one object; `?stand=<id>` sets one of its states beside today's."""

    request: HttpRequest

    def get_quelle(self) -> Verlaufsquelle:
        raise NotImplementedError

    def get_einsetzen_url(self) -> str:
        """The editor that takes a state in again; "" where this person may not change the object, or not now."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        verglichen = find_asked_stand(self.request, self.get_quelle)
        return super().get_context_data(**kwargs) | {
            "standvergleich": verglichen,
            "eintraege": None if verglichen else list_verlauf(self.get_quelle(), self.request.GET.get("seite")),
            "einsetzen_url": self.get_einsetzen_url(),
        }


class StandMixin:
    """An editor that also opens with a state of the past (`?stand=<id>`): a person reads it, and saves it as the newest.

    The form goes back to the same address, so that the save knows its reason. Put it left of the form view.
    """

    request: HttpRequest

    def get_quelle(self) -> Verlaufsquelle:
        raise NotImplementedError

    def read_initial(self, stand: Mapping[str, Any]) -> dict[str, Any]:
        """A state under the names of the form's fields."""
        return dict(stand)

    @cached_property
    def eingesetzt(self) -> Eintrag | None:
        found = find_asked_stand(self.request, self.get_quelle)
        return found.damals if found else None

    def get_grund(self, form: BaseForm) -> str:
        """For the action that saves: whether the form still says what the state said, or something of its own."""
        if not self.eingesetzt:
            return ""
        am = zeitpunkt(self.eingesetzt.am)
        if set(form.changed_data) - {"version"}:
            return f"Auf Grundlage des Stands vom {am}"
        return f"Stand vom {am} wieder eingesetzt"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]  # of the FormView beside it
        if self.eingesetzt:
            kwargs["initial"] = kwargs["initial"] | self.read_initial(self.eingesetzt.stand)
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"eingesetzt": self.eingesetzt}  # type: ignore[misc]


def find_asked_stand(request: HttpRequest, get_quelle: Callable[[], Verlaufsquelle]) -> Standvergleich | None:
    """The state that the address names; a name that this object never had is not found."""
    if "stand" not in request.GET:
        return None
    if (found := find_stand(get_quelle(), request.GET["stand"])) is None:
        raise Http404
    return found


def keep_stand(request: HttpRequest) -> str:
    """The address of this page with the state that it was opened with, and nothing else of what it was asked for."""
    return f"{request.path}?{urlencode({'stand': request.GET['stand']})}" if "stand" in request.GET else request.path
