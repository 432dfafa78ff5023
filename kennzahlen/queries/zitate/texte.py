"""Texts of later rooms whose figures are tied to values.

A room registers how its texts are read (`register_text`, in its AppConfig); this one knows none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from jobcenter.konten.models import UserLike


@dataclass(frozen=True)
class Textart:
    """How the texts of a kind of object are read, and where a person changes them. `mit` are relations that both need."""

    wort: str
    read: Callable[[Any], str]
    url: Callable[[Any], str]
    mit: tuple[str, ...] = ()


TEXTARTEN: dict[str, Textart] = {}


def register_text(label: str, textart: Textart) -> None:
    """Let figures in the texts of a model be tied to values: register_text("presse.pressemitteilung", Textart(…)).

    Its manager knows `visible_to`.
    """
    TEXTARTEN[label] = textart


def find_textart(objekt: Any) -> Textart | None:
    return TEXTARTEN.get(objekt._meta.label_lower)


def find_textobjekt(art: str, pk: int, user: UserLike) -> Any | None:
    """An object whose text may quote figures and that the person sees, by its model's label; else None."""
    return texts_visible_to(user, art).filter(pk=pk).first() if art in TEXTARTEN else None


def texts_visible_to(user: UserLike, art: str) -> QuerySet[Any]:
    manager: Any = apps.get_model(art)._default_manager
    return manager.visible_to(user).select_related(*TEXTARTEN[art].mit)
