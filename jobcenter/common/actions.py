"""The frame of every action: who asks, all or nothing, and a line in the history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pghistory
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import models, transaction

from jobcenter.common import seitenspeicher
from jobcenter.common.transitions import TransitionError

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)
_acting: ContextVar[bool] = ContextVar("acting", default=False)


class VersionConflict(Exception):
    """Someone saved since the form was opened. Carries the object as it is stored now; answered with 409."""

    def __init__(self, current: models.Model) -> None:
        super().__init__("Inzwischen hat jemand anderes gespeichert.")
        self.current = current


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a keyword-only function with `by=` one atomic change whose author and name stand in the history of rows.

    It also empties the page cache: what was public before may be wrong now. An action that is given a `grund` leaves that
    in the history as well.
    """
    return _as_action(function, public=True)


def quiet_action(function: Callable[P, R]) -> Callable[P, R]:
    """An action that happens often and that no public page can show, such as the progress of a job."""
    return _as_action(function, public=False)


def _as_action(function: Callable[P, R], *, public: bool) -> Callable[P, R]:
    name = f"{_room(function.__module__)}.{function.__name__}"

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(), _history(name, kwargs, public=public):
            if public:
                seitenspeicher.clear_after_commit()
            return function(*args, **kwargs)

    return run


def _room(module: str) -> str:
    """kennzahlen.actions and kennzahlen.actions.ziele are of the room kennzahlen."""
    parts = module.split(".")
    return parts[parts.index("actions") - 1] if "actions" in parts else parts[-2]


@contextmanager
def _history(name: str, given: dict[str, Any], *, public: bool) -> Iterator[None]:
    """Name author, action and reason in the history of rows.

    An action inside another keeps the outer one's author: a mail that the background service writes on the way does not
    make it the author of the change.
    """
    inside = _acting.get()
    said = {} if inside else {"user": given["by"].pk}
    if public or not inside:
        said["aktion"] = name
    if public and given.get("grund"):
        said["grund"] = given["grund"]
    token = _acting.set(True)
    try:
        with pghistory.context(**said):
            yield
    finally:
        _acting.reset(token)


def require(by: Any, permission: str, obj: object = None) -> None:
    """Raise PermissionDenied unless `by` holds the named permission. A rule says who, never when."""
    if not by.has_perm(permission, obj):
        raise PermissionDenied(f"{by} darf nicht: {permission}")


def lock(obj: M) -> M:
    """The row as it is stored now, locked until the end of the transaction; TransitionError if somebody has removed it."""
    try:
        return obj.__class__._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
    except ObjectDoesNotExist:
        raise TransitionError(f"„{obj}“ gibt es nicht mehr. Jemand hat es inzwischen entfernt.") from None


def check_version(current: models.Model, expected: int) -> None:
    """Raise VersionConflict unless the locked object still has the version that the writer saw."""
    if current.version != expected:  # type: ignore[attr-defined]  # every caller passes a Versioniert
        raise VersionConflict(current)


__all__ = ["TransitionError", "VersionConflict", "action", "check_version", "lock", "quiet_action", "require"]
