"""The only clock of the portal. Tests and demo data move it, nothing else does."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moved_to: ContextVar[datetime | None] = ContextVar("moved_to", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _moved_to.get() or timezone.now()


def today() -> date:
    """The calendar day in Germany (Europe/Berlin)."""
    return timezone.localdate(now())


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Let the clock stand still at an aware moment."""
    if timezone.is_naive(moment):
        raise ValueError("The clock needs an aware datetime.")
    token = _moved_to.set(moment)
    try:
        yield
    finally:
        _moved_to.reset(token)
