"""The only clock of the portal. Tests and demo data move it, nothing else does."""

import calendar
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_moved_to: ContextVar[datetime | None] = ContextVar("moved_to", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _moved_to.get() or timezone.now()


def today() -> date:
    """The calendar day in Germany (Europe/Berlin)."""
    return timezone.localdate(now())


def months_later(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def begin_of(day: date) -> datetime:
    """Midnight in Germany at which a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


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
