"""The Celery application: a nudge for work whose truth stands in PostgreSQL."""

import os
from datetime import datetime
from typing import Any

from celery import Celery
from celery.schedules import schedstate, schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter.settings")

app = Celery("jobcenter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Takt(schedule):
    """Every so many seconds, by a clock that may be set back: a last run that lies ahead is long enough ago."""

    def is_due(self, last_run_at: datetime) -> Any:
        if self.maybe_make_aware(last_run_at) > self.now():
            return schedstate(is_due=True, next=self.seconds)
        return super().is_due(last_run_at)


@app.on_after_configure.connect
def start_takt(sender: Celery, **kwargs: Any) -> None:
    """One entry for everything, because beat sorts several by the clock: those written ahead would wait for it.

    A beat that no worker has taken when the next one comes is dropped: they would pile up, and each looks after everything.
    """
    from django.conf import settings  # noqa: PLC0415  # they are being read when this module is imported

    takt = {"task": "common.run_due", "schedule": Takt(settings.BEAT_SECONDS), "options": {"expires": settings.BEAT_SECONDS}}
    sender.conf.beat_schedule = {"takt": takt}
