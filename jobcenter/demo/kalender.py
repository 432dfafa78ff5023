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
from jobcenter.konten.models import User
from jobcenter.post.actions import note_delivered
from jobcenter.post.models import Versand

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

    def sitzung(self, nummer: int) -> date:
        """Of a session that is over. Up to the twentieth there were two a year, in May and in November."""
        if nummer == 21:
            return self.sitzung_21
        jahr, half = divmod(20 - nummer, 2)
        return _weekday_after(date(self.jahr - 1 - jahr, *((5, 10) if half else (11, 18))), WEDNESDAY)

    @property
    def sitzung_22(self) -> date:
        """The next one: a Wednesday in two to three weeks, not between the years."""
        day = _weekday_after(self.heute + timedelta(days=15), WEDNESDAY)
        while (day.month, day.day) > (12, 18) or (day.month, day.day) < (1, 7):
            day += timedelta(weeks=1)
        return day

    def since_vote(self, share: float) -> date:
        """A working day between session 20 (0.0) and the first start (1.0)."""
        return _working_day(self.sitzung_20 + (self.heute - self.sitzung_20) * share)

    def before_start(self, days: int) -> date:
        """A working day about so many days before the first start."""
        return _working_day(self.heute - timedelta(days=days))

    def last_time(self, month_day: str) -> date:
        """The working day on which a day of the year was last, "09-03", a few days ago at the latest."""
        newest = self.heute - timedelta(days=5)
        day = date.fromisoformat(f"{newest.year}-{month_day}")
        return _working_day(day if day <= newest else day.replace(year=day.year - 1))

    def amtszeit(self, back: int) -> tuple[date, date]:
        """First and last day of the Beirat's present term (0) and of those before it: five years from a summer on."""
        jahr = self.jahr - 2 - 5 * back
        return date(jahr, 7, 1), date(jahr + 5, 6, 30)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in the offices of Musterburg."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@contextmanager
def at(when: datetime) -> Iterator[None]:
    """Let something happen at a moment; later rooms hear of it and mails are out as if the worker had been there."""
    with clock.moved_to(when):
        yield
        for pk in list(Zustellung.objects.due().values_list("pk", flat=True)):
            events.deliver(pk)
    with clock.moved_to(when + timedelta(minutes=1)):
        if Versand.objects.due().exists():
            note_delivered(by=User.objects.system())


def load(name: str) -> dict[str, Any]:
    """One file of invented or sourced data."""
    return tomllib.loads((DATEN / f"{name}.toml").read_text(encoding="utf-8"))


def typeset(text: str, **values: object) -> str:
    """Paragraphs as they are stored: one line each, an empty line between, no-break spaces where German type wants them."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
    glued = re.sub(
        r"(§§?|Nr\.|SGB) (?=\d|[IVX]+\b)|(?<=\d) (?=Prozent|Euro|Mio\.|Plätze|Monate|SGB)|(?<=\d\.) (?=Sitzung|Juli)",
        "\\1\u00a0",
        "\n\n".join(paragraphs),
    )
    return glued.format(**values)


def _working_day(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def _weekday_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
