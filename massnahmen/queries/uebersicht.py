"""What staff see of programmes: their Fassungen, who changed what last, what a place costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Model, Prefetch

from jobcenter.konten.models import User, UserLike
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


@dataclass(frozen=True)
class Aenderung:
    """Who changed something last, out of the history of rows."""

    am: datetime
    wer: str
    was: str


# What an action did, as staff read it behind a name: "Petra Plan hat … geändert".
AKTIONEN = {
    "massnahmen.open_programm": "Programm angelegt",
    "massnahmen.add_position": "Maßnahme geplant",
    "massnahmen.update_position": "Maßnahme geändert",
    "massnahmen.update_kapitel": "Kapitel geändert",
    "massnahmen.update_zusammenfassung": "Zusammenfassung geändert",
    "massnahmen.submit_programm": "dem Beirat vorgelegt",
    "massnahmen.reopen_programm": "wieder zum Entwurf gemacht",
    "massnahmen.begin_abstimmung": "Abstimmung im Beirat begonnen",
    "massnahmen.break_off_abstimmung": "Abstimmung im Beirat abgebrochen",
    "massnahmen.record_beratung": "Ergebnis des Beirats eingetragen",
    "massnahmen.publish_programm": "veröffentlicht",
}


def last_aenderung(obj: Model) -> Aenderung | None:
    """The newest row of the history of a tracked object; None when history does not reach back to it."""
    event = obj.events.select_related("pgh_context").order_by("-pgh_id").first()  # type: ignore[attr-defined]  # tracked
    return _name_authors({0: event}).get(0) if event else None


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
    return _name_authors(newest)


def _name_authors(events: Mapping[int, Any]) -> dict[int, Aenderung]:
    contexts = {key: event.pgh_context.metadata if event.pgh_context else {} for key, event in events.items()}
    names = dict(User.objects.filter(pk__in={c["user"] for c in contexts.values() if c.get("user")}).values_list("pk", "name"))
    return {
        key: Aenderung(
            event.pgh_created_at,
            names.get(contexts[key].get("user"), "Unbekannt"),
            AKTIONEN.get(contexts[key].get("aktion", ""), "geändert"),
        )
        for key, event in events.items()
    }


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
