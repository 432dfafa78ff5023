"""What the portal does by itself at certain hours: one beat drives it, and what was missed while beat was off is made up for.

Rooms register in their tasks.py: `@regeldienst("post.sammelmails", um=time(7))` runs once a day, `@every_beat` each time.
"""

import logging
import time as stopwatch
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from jobcenter.common import clock
from jobcenter.common.models import Regeldienst

log = logging.getLogger(__name__)
TAKT = "takt"  # the row that says when the last beat was
PAUSE = timedelta(minutes=5)  # before a duty that failed is tried again
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Duty = Callable[[], None]


@dataclass(frozen=True)
class Dienst:
    """A duty of every day, from this hour of German time on."""

    name: str
    um: time
    run: Duty

    def last_date(self) -> datetime:
        """The last moment at which it should have run."""
        now = timezone.localtime(clock.now())
        planned = timezone.make_aware(datetime.combine(now.date(), self.um))
        return planned if planned <= now else timezone.make_aware(datetime.combine(now.date() - timedelta(days=1), self.um))

    def is_due(self, last: datetime) -> bool:
        """A time far ahead was written by a clock that has since been set back: due as well."""
        return last < self.last_date() or last > clock.now() + timedelta(days=1)


_dienste: dict[str, Dienst] = {}
_every_beat: dict[str, Duty] = {}
_paused: dict[str, float] = {}  # in this process, by a clock that nobody sets


def regeldienst(name: str, *, um: time) -> Callable[[Duty], Duty]:
    """Register a duty of every day. All it changes is one transaction with the note that it was done: never half, never twice."""

    def register(function: Duty) -> Duty:
        _dienste[name] = Dienst(name, um, function)
        return function

    return register


def every_beat(function: Duty) -> Duty:
    """Register what has to be looked after every few seconds: jobs that are due."""
    _every_beat[f"{function.__module__}.{function.__name__}"] = function
    return function


def run_due() -> None:
    """What is due now, each for itself: one that fails is said in the log and holds up nobody."""
    Regeldienst.objects.update_or_create(name=TAKT, defaults={"zuletzt_am": clock.now()})
    for name, duty in _every_beat.items():
        try:
            duty()
        except Exception:
            log.exception("%s failed, it is tried again with the next beat", name)
    for dienst in _dienste.values():
        if stopwatch.monotonic() < _paused.get(dienst.name, 0):
            continue
        try:
            _run(dienst)
        except Exception:
            log.exception("%s failed, it is tried again in %s", dienst.name, PAUSE)
            _paused[dienst.name] = stopwatch.monotonic() + PAUSE.total_seconds()


def _run(dienst: Dienst) -> None:
    """Run a duty when it is due and no other beat is at it."""
    Regeldienst.objects.get_or_create(name=dienst.name, defaults={"zuletzt_am": NEVER})
    with transaction.atomic():
        row = Regeldienst.objects.select_for_update(skip_locked=True).filter(name=dienst.name).first()
        if row is None or not dienst.is_due(row.zuletzt_am):
            return
        row.zuletzt_am = clock.now()
        dienst.run()
        row.save()
