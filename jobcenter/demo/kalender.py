"""When everything in the demo happened, counted from the day of the first start."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from jobcenter.common import clock, events
from jobcenter.common.models import Zustellung

DATEN = Path(__file__).resolve().parent / "daten"
WEDNESDAY, SATURDAY = 2, 5


@dataclass(frozen=True)
class Kalender:
    """`heute` is the day of the first start; the running year is the one it falls into."""

    heute: date

    @property
    def jahr(self) -> int:
        return self.heute.year

    @property
    def sitzung_20(self) -> date:
        """The session that voted on the running year's programme: the last Wednesday but one of November before it."""
        return _weekday_after(date(self.jahr - 1, 11, 18), WEDNESDAY)

    @property
    def sitzung_21(self) -> date:
        """Half way since then; in the first weeks of a year that is still December."""
        return _weekday_after(self.since_vote(0.45), WEDNESDAY)

    @property
    def sitzung_22(self) -> date:
        """The next one: a Wednesday in two to three weeks, not between the years."""
        day = _weekday_after(self.heute + timedelta(days=15), WEDNESDAY)
        while (day.month, day.day) > (12, 18) or (day.month, day.day) < (1, 7):
            day += timedelta(weeks=1)
        return day

    def since_vote(self, share: float) -> date:
        """A working day between session 20 (0.0) and the first start (1.0)."""
        day = self.sitzung_20 + (self.heute - self.sitzung_20) * share
        return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in the offices of Musterburg."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@contextmanager
def at(when: datetime) -> Iterator[None]:
    """Let something happen at a moment, and let the later rooms hear of it as the worker would have told them."""
    with clock.moved_to(when):
        yield
        for pk in list(Zustellung.objects.due().values_list("pk", flat=True)):
            events.deliver(pk)


def load(name: str) -> dict[str, Any]:
    """One file of invented or sourced data."""
    return tomllib.loads((DATEN / f"{name}.toml").read_text(encoding="utf-8"))


def typeset(text: str, **values: object) -> str:
    """Paragraphs as they are stored: one line each, an empty line between, no-break spaces where German type wants them."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
    glued = re.sub(
        r"(§§?|Nr\.) (?=\d)|(?<=\d) (?=Prozent|Euro|Mio\.|Plätze|Monate|SGB)|(?<=\d\.) (?=Sitzung|Juli)",
        "\\1\u00a0",
        "\n\n".join(paragraphs),
    )
    return glued.format(**values)


def _weekday_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
