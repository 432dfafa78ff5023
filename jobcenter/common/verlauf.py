"""The history of a tracked object out of its rows in pghistory: who, when, what, why, and what it was before.

Every action leaves its name, its author and its `grund` in the context of the rows it writes. A room says in German what
its actions do (`name_aktionen`) and which fields of an object people read (`Verlaufsquelle`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.db import models

from jobcenter.common.typography import datum, zeitpunkt
from jobcenter.common.vergleich import Feld, Feldervergleich, compare_felder

UNKNOWN = "Unbekannt"
PER_PAGE = 20
_words: dict[str, str] = {}


def name_aktionen(words: Mapping[str, str]) -> None:
    """Register what a room's actions did, as staff read it behind a name: "Petra Plan: Maßnahme geändert"."""
    _words.update(words)


def read_aktion(name: str) -> str:
    return _words.get(name, "geändert")


# --- who touched it last ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Aenderung:
    """Who changed something last."""

    am: datetime
    wer: str
    was: str


def last_aenderung(obj: models.Model) -> Aenderung | None:
    """The newest row of the history of an object; None when history does not reach back to it, or none is kept."""
    if not hasattr(obj, "events"):
        return None
    event = obj.events.select_related("pgh_context").order_by("-pgh_id").first()  # tracked
    return name_authors({0: event})[0] if event else None


def last_author(obj: models.Model) -> int | None:
    """The account that changed a tracked object last."""
    event = obj.events.select_related("pgh_context").order_by("-pgh_id").first()  # type: ignore[attr-defined]  # tracked
    return _context(event).get("user") if event else None


def name_authors(events: Mapping[int, Any]) -> dict[int, Aenderung]:
    """Events by any key, each with its context → who, when, what. One query."""
    contexts = {key: _context(event) for key, event in events.items()}
    names = _names(get_user_model(), (context.get("user") for context in contexts.values()))
    return {
        key: Aenderung(event.pgh_created_at, names.get(contexts[key].get("user"), UNKNOWN), read_aktion(contexts[key].get("aktion", "")))
        for key, event in events.items()
    }


# --- the whole history ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verweis:
    """A field that holds the key of another row, or the keys of several."""

    wort: str
    modell: type[models.Model]


@dataclass(frozen=True)
class Teil:
    """Rows beside the object that the same actions write: its lines, its links.

    `merken` folds one of their events into the state of the object so far. What no event has told yet is not known, and is
    not compared.
    """

    ereignisse: models.QuerySet[Any]
    merken: Callable[[dict[str, Any], Any], None]


@dataclass(frozen=True)
class Verlaufsquelle:
    """Whose history, and which fields of it people read: name → how. Everything else stays unread, whoever looks."""

    objekt: models.Model
    felder: Mapping[str, Feld | Verweis]
    teile: Sequence[Teil] = ()


@dataclass(frozen=True)
class Eintrag:
    """One action on the object, and how it stood afterwards. `stand` holds values as a form takes them: keys, cents, days."""

    id: int
    am: datetime
    wer: str
    was: str
    grund: str
    version: int | None
    stand: Mapping[str, Any]
    aenderungen: Feldervergleich | None  # to the state before; None for the first one
    ist_heute: bool


@dataclass(frozen=True)
class Standvergleich:
    """A state of the past against the one of today."""

    damals: Eintrag
    heute: Eintrag
    aenderungen: Feldervergleich


def read_felder(model: type[models.Model], *names: str) -> dict[str, Feld | Verweis]:
    """How fields of a model are read, by their kind and under their own labels; whole cents are named …_cent."""
    return {name: _read_field(model._meta.get_field(name)) for name in names}


def list_verlauf(quelle: Verlaufsquelle, seite: int | str = 1) -> Page[Any]:
    """A page of Eintraege, newest first, each with what it changed. A fixed number of queries, however long the history."""
    steps = _list_steps(quelle)
    page: Page[Any] = Paginator(list(reversed(range(len(steps)))), PER_PAGE).get_page(seite)
    wanted = list(page.object_list)
    before = [wanted[-1] - 1] if wanted and wanted[-1] else []
    eintraege, felder = _read_eintraege(quelle, steps, [*wanted, *before])
    page.object_list = [
        replace(eintraege[i], aenderungen=_compare(eintraege[i - 1], eintraege[i], felder)) if i else eintraege[i] for i in wanted
    ]
    return page


def find_stand(quelle: Verlaufsquelle, id: object) -> Standvergleich | None:
    """The state after the event of that id against the one of today; None when this object never had it."""
    steps = _list_steps(quelle)
    index = next((i for i, step in enumerate(steps) if str(step.id) == str(id)), None)
    if index is None:
        return None
    newest = len(steps) - 1
    eintraege, felder = _read_eintraege(quelle, steps, sorted({index, newest}))
    return Standvergleich(eintraege[index], eintraege[newest], _compare(eintraege[index], eintraege[newest], felder))


@dataclass(frozen=True)
class _Step:
    """The rows that one action wrote; the last of them is the state it left."""

    id: int
    context: object
    am: datetime


def _list_steps(quelle: Verlaufsquelle) -> list[_Step]:
    """Oldest first. One query, without texts. A row without context was written past the actions and stands alone."""
    rows = quelle.objekt.events.order_by("pgh_id").values_list("pgh_id", "pgh_context_id", "pgh_created_at")  # type: ignore[attr-defined]
    groups = (list(run) for _, run in groupby(rows, key=lambda row: row[1] or row[0]))
    return [_Step(id=run[-1][0], context=run[-1][1], am=run[-1][2]) for run in groups]


def _read_eintraege(quelle: Verlaufsquelle, steps: list[_Step], wanted: list[int]) -> tuple[dict[int, Eintrag], dict[str, Feld]]:
    events = quelle.objekt.events.select_related("pgh_context").in_bulk([steps[i].id for i in wanted])  # type: ignore[attr-defined]
    parts = _fold_parts(quelle, steps, set(wanted))
    own = [name for name in quelle.felder if any(hasattr(event, _attname(event, name)) for event in events.values())]
    states = {i: {name: getattr(events[steps[i].id], _attname(events[steps[i].id], name)) for name in own} | parts[i] for i in wanted}
    felder = _resolve(quelle.felder, states.values())
    authors = _names(get_user_model(), (_context(event).get("user") for event in events.values()))
    return {i: _read_eintrag(events[steps[i].id], states[i], authors, ist_heute=i == len(steps) - 1) for i in wanted}, felder


def _read_eintrag(event: Any, stand: dict[str, Any], authors: Mapping[Any, str], *, ist_heute: bool) -> Eintrag:
    context = _context(event)
    return Eintrag(
        id=event.pgh_id,
        am=event.pgh_created_at,
        wer=authors.get(context.get("user"), UNKNOWN),
        was=read_aktion(context.get("aktion", "")),
        grund=context.get("grund", ""),
        version=getattr(event, "version", None),
        stand=stand,
        aenderungen=None,
        ist_heute=ist_heute,
    )


def _fold_parts(quelle: Verlaufsquelle, steps: list[_Step], wanted: set[int]) -> dict[int, dict[str, Any]]:
    """The state of all parts after each wanted step. One query per part.

    A row of an action that did not write the object itself joins the next step in time.
    """
    by_context = {step.context: i for i, step in enumerate(steps) if step.context}
    written: list[list[tuple[Teil, Any]]] = [[] for _ in steps]
    for teil in quelle.teile:
        for event in teil.ereignisse.order_by("pgh_id"):
            later = (i for i, step in enumerate(steps) if step.am >= event.pgh_created_at)
            written[by_context[event.pgh_context_id] if event.pgh_context_id in by_context else next(later, -1)].append((teil, event))
    state: dict[str, Any] = {}
    found = {}
    for i, rows in enumerate(written):
        for teil, event in rows:
            teil.merken(state, event)
        if i in wanted:
            found[i] = dict(state)
    return found


def _compare(alt: Eintrag, neu: Eintrag, felder: Mapping[str, Feld]) -> Feldervergleich:
    """Only what both states know."""
    known = {name: feld for name, feld in felder.items() if name in alt.stand and name in neu.stand}
    return compare_felder(alt.stand, neu.stand, known)


def _resolve(felder: Mapping[str, Feld | Verweis], states: Iterable[Mapping[str, Any]]) -> dict[str, Feld]:
    """Keys of other rows become their names. One query per model."""
    keys: dict[type[models.Model], set[Any]] = {}
    states = list(states)
    for name, feld in felder.items():
        if isinstance(feld, Verweis):
            keys.setdefault(feld.modell, set()).update(key for state in states for key in _keys(state.get(name)))
    names = {model: {row.pk: str(row) for row in model._default_manager.filter(pk__in=found)} for model, found in keys.items()}
    return {
        name: Feld(feld.wort, lesen=_by_name(names[feld.modell])) if isinstance(feld, Verweis) else feld for name, feld in felder.items()
    }


def _by_name(names: Mapping[Any, str]) -> Callable[[Any], str]:
    return lambda value: ", ".join(sorted(names.get(key, "nicht mehr vorhanden") for key in _keys(value)))


def _keys(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, tuple | list | set | frozenset) else (value,)


def _read_field(field: Any) -> Feld | Verweis:  # noqa: PLR0911  # one line per kind of field
    word = str(field.verbose_name)
    word = word[0].upper() + word[1:]
    if field.is_relation:
        return Verweis(word, field.related_model)
    if field.choices:
        return Feld(word, lesen=lambda value: dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return Feld(word, lesen=zeitpunkt)
    if isinstance(field, models.DateField):
        return Feld(word, lesen=datum)
    if isinstance(field, models.BooleanField):
        return Feld(word, lesen=lambda value: "Ja" if value else "Nein")
    if isinstance(field, models.IntegerField):
        return Feld(word, einheit="euro" if field.name.endswith("_cent") else "anzahl")
    return Feld(word)


def _attname(event: Any, name: str) -> str:
    return next((field.attname for field in event._meta.concrete_fields if field.name == name), name)


def _context(event: Any) -> Mapping[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _names(model: type[models.Model], keys: Iterable[Any]) -> dict[Any, str]:
    return {row.pk: str(row) for row in model._default_manager.filter(pk__in={key for key in keys if key})}
