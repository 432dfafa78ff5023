"""What staff see of programmes: their Fassungen, who changed what last, what a place costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch

from jobcenter.common.verlauf import Aenderung, name_authors
from jobcenter.konten.models import UserLike
from massnahmen.models import (
    Arbeitsmarktprogramm,
    Beratung,
    Fassung,
    Kapitel,
    Massnahme,
    Programmposition,
    Veroeffentlichung,
)


def cost_per_place(position: Programmposition) -> int | None:
    """Cents per place, rounded half up; None without places."""
    return (2 * position.kosten_cent + position.plaetze) // (2 * position.plaetze) if position.plaetze else None


@dataclass(frozen=True)
class Fassungsstand:
    """How far a Fassung has come."""

    fassung: Fassung
    beratung: Beratung | None
    veroeffentlichung: Veroeffentlichung | None


def read_stand(fassung: Fassung) -> Fassungsstand:
    beratung = getattr(fassung, "beratung", None)
    return Fassungsstand(fassung, beratung, getattr(beratung, "veroeffentlichung", None))


def list_fassungen(programm: Arbeitsmarktprogramm) -> list[Fassungsstand]:
    """Newest first, without their texts. One query."""
    fassungen = programm.fassungen.select_related("vorgelegt_von", "beratung__veroeffentlichung__von").defer("inhalt")
    return [read_stand(fassung) for fassung in fassungen.order_by("-nummer")]


def last_aenderungen(programme: Iterable[Arbeitsmarktprogramm]) -> dict[int, Aenderung]:
    """The newest change per programme id, be it in the programme, in a chapter or in a measure. Four queries."""
    ids = [programm.pk for programm in programme]
    newest: dict[int, Any] = {}
    for model, key in ((Arbeitsmarktprogramm, "pgh_obj_id"), (Kapitel, "programm_id"), (Massnahme, "pgh_obj__positionen__programm_id")):
        events = model.pgh_event_model.objects.filter(**{f"{key}__in": ids})  # type: ignore[union-attr]  # tracked
        for event in (
            events.annotate(programm_pk=F(key)).order_by(key, "-pgh_created_at", "-pgh_id").distinct(key).select_related("pgh_context")
        ):
            known = newest.get(event.programm_pk)
            if known is None or known.pgh_created_at < event.pgh_created_at:
                newest[event.programm_pk] = event
    return name_authors(newest)


@dataclass(frozen=True)
class Programmzeile:
    programm: Arbeitsmarktprogramm
    fassungen: tuple[Fassung, ...]
    aenderung: Aenderung | None


def list_programme(user: UserLike) -> list[Programmzeile]:
    """Every programme that the person may see, newest year first. Six queries, whatever their number."""
    fassungen = Prefetch("fassungen", Fassung.objects.defer("inhalt").order_by("nummer"))
    programme = list(Arbeitsmarktprogramm.objects.visible_to(user).prefetch_related(fassungen))
    aenderungen = last_aenderungen(programme)
    return [Programmzeile(p, tuple(p.fassungen.all()), aenderungen.get(p.pk)) for p in programme]
