"""Remarks of staff on any object: written, ticked off, taken up again. Never part of what is decided, printed or public.

A model whose objects can be commented on names the permission in KOMMENTAR_RECHT and the fields in KOMMENTAR_FELDER
(name → label); its manager knows `visible_to`. Who sees the object and holds the permission reads and writes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Q

from jobcenter.common import clock
from jobcenter.common.actions import lock, quiet_action, require
from jobcenter.common.events import publish
from jobcenter.common.models import Kommentar
from jobcenter.common.text import clean_text
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import NBSP, zahl
from jobcenter.common.verlauf import last_author

LONGEST = 4000  # characters

# --- actions ----------------------------------------------------------------------------------------------------


@quiet_action
def add_kommentar(*, objekt: Any, text: str, feld: str = "", by: Any) -> Kommentar:
    """Write a remark on an object, on one of its fields or on the whole. Who may comment on it; everybody concerned is told."""
    _require_right(objekt, by)
    written = clean_text(text, lines=True).strip()
    if not written:
        raise TransitionError("Der Kommentar ist leer. Schreiben Sie, was Ihnen aufgefallen ist.")
    if len(written) > LONGEST:
        raise TransitionError(f"Der Kommentar ist zu lang. Erlaubt sind {zahl(LONGEST)}{NBSP}Zeichen, es sind {zahl(len(written))}.")
    if feld and feld not in objekt.KOMMENTAR_FELDER:
        raise TransitionError("Dieses Feld gibt es hier nicht. Wählen Sie eines aus der Liste.")
    kind = ContentType.objects.get_for_model(objekt)
    kommentar = Kommentar.objects.create(objekt_art=kind, objekt_id=objekt.pk, feld=feld, text=written, von=by)
    publish("common.kommentar_geschrieben", kommentar.pk)
    return kommentar


@quiet_action
def resolve_kommentar(*, kommentar: Kommentar, by: Any) -> Kommentar:
    """Tick a remark off. Who may comment on its object; twice is once."""
    current = _lock(kommentar, by)
    if current.erledigt_am is None:
        current.erledigt_am, current.erledigt_von = clock.now(), by
        current.save(update_fields=["erledigt_am", "erledigt_von"])
    return current


@quiet_action
def reopen_kommentar(*, kommentar: Kommentar, by: Any) -> Kommentar:
    """Take a remark up again that was ticked off too early. Who may comment on its object."""
    current = _lock(kommentar, by)
    if current.erledigt_am is not None:
        current.erledigt_am = current.erledigt_von = None
        current.save(update_fields=["erledigt_am", "erledigt_von"])
    return current


def _lock(kommentar: Kommentar, by: Any) -> Kommentar:
    current = lock(kommentar)
    _require_right(current.objekt, by)
    return current


def _require_right(objekt: Any, by: Any) -> None:
    require(by, objekt.KOMMENTAR_RECHT, objekt)


# --- queries ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gespraech:
    """The open remarks on one field, oldest first; `wort` is empty for those on the whole."""

    wort: str
    kommentare: tuple[Kommentar, ...]


@dataclass(frozen=True)
class Kommentare:
    """All remarks on an object, for components/kommentare.html."""

    objekt: Any
    art: str
    felder: Mapping[str, str]
    offene: tuple[Gespraech, ...]
    erledigte: tuple[Kommentar, ...]

    @property
    def anzahl_offen(self) -> int:
        return sum(len(gespraech.kommentare) for gespraech in self.offene)


def may_comment(objekt: Any, user: Any) -> bool:
    return user.has_perm(objekt.KOMMENTAR_RECHT, objekt)


def list_kommentare(objekt: Any, user: Any) -> Kommentare | None:
    """What was remarked on an object: the whole first, then its fields in their order; None for who may not read it. One query."""
    if not may_comment(objekt, user):
        return None
    rows = list(
        Kommentar.objects.filter(_is_on(type(objekt)), objekt_id=objekt.pk).select_related("von", "erledigt_von").order_by("am", "pk")
    )
    order = ["", *objekt.KOMMENTAR_FELDER]
    open_rows = sorted((row for row in rows if row.erledigt_am is None), key=lambda row: order.index(row.feld) if row.feld in order else 0)
    done = sorted(((row.erledigt_am, row) for row in rows if row.erledigt_am), key=itemgetter(0), reverse=True)
    talks = ((objekt.KOMMENTAR_FELDER.get(feld, ""), tuple(group)) for feld, group in groupby(open_rows, key=lambda row: row.feld))
    return Kommentare(
        objekt=objekt,
        art=objekt._meta.label_lower,
        felder=objekt.KOMMENTAR_FELDER,
        offene=tuple(Gespraech(wort, group) for wort, group in talks),
        erledigte=tuple(row for _, row in done),
    )


def count_open(model: type[models.Model], keys: Collection[int] | models.QuerySet[Any]) -> dict[int, int]:
    """How many remarks are open per object; objects without one are left out. One query."""
    rows = Kommentar.objects.open().filter(_is_on(model), objekt_id__in=keys).values("objekt_id").order_by("objekt_id")
    return {row["objekt_id"]: row["anzahl"] for row in rows.annotate(anzahl=Count("pk"))}


def find_objekt(art: str, pk: int, user: Any) -> Any | None:
    """An object that can be commented on and that the person sees, by its model's label ("massnahmen.kapitel"); else None."""
    model = commentable_models().get(art)
    return model._default_manager.visible_to(user).filter(pk=pk).first() if model else None  # type: ignore[attr-defined]


def find_kommentar(pk: int, user: Any) -> Kommentar | None:
    """A remark on an object that the person sees; else None."""
    kommentar = Kommentar.objects.select_related("objekt_art").filter(pk=pk).first()
    if kommentar is None or find_objekt(_label(kommentar), kommentar.objekt_id, user) is None:
        return None
    return kommentar


def commentable_models() -> dict[str, type[models.Model]]:
    return {model._meta.label_lower: model for model in apps.get_models() if hasattr(model, "KOMMENTAR_RECHT")}


def whom_to_tell(kommentar: Kommentar) -> list[Any]:
    """Who changed the object last and who has remarked on it before, as far as they may still read it; not the writer."""
    objekt: Any = kommentar.objekt
    earlier = set(Kommentar.objects.on(objekt).filter(pk__lt=kommentar.pk).values_list("von_id", flat=True))
    concerned = (earlier | {last_author(objekt)}) - {kommentar.von_id, None}
    accounts = get_user_model()._default_manager.filter(pk__in=concerned).order_by("pk")
    return [account for account in accounts if may_comment(objekt, account) and find_objekt(_label(kommentar), objekt.pk, account)]


def _is_on(model: type[models.Model]) -> Q:
    """A join instead of ContentType's own memory: the number of queries does not depend on what ran before."""
    return Q(objekt_art__app_label=model._meta.app_label, objekt_art__model=model._meta.model_name)


def _label(kommentar: Kommentar) -> str:
    return f"{kommentar.objekt_art.app_label}.{kommentar.objekt_art.model}"
