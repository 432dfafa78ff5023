from datetime import time, timedelta
from typing import Any

from celery import shared_task
from celery.signals import task_postrun, task_prerun
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from jobcenter.common import clock, dienste, events, protokoll
from jobcenter.common.dienste import every_beat, regeldienst
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Einreichung, Ereignis, Zustellung, Zwischenstand


@shared_task(name="common.deliver")
def deliver(zustellung_id: int) -> None:
    events.deliver(zustellung_id)


@shared_task(name="common.run_due")
def run_due() -> None:
    """The one task of beat."""
    dienste.run_due()


@every_beat
def deliver_due() -> None:
    """What was lost on the way or failed before. One failure does not hold up the others: each is its own task."""
    for pk in Zustellung.objects.due().values_list("pk", flat=True)[:200]:
        deliver.delay(zustellung_id=pk)


@regeldienst("common.aufraeumen", um=time(3))
def delete_old() -> None:
    """What has done its service. Expired sessions stay three days, so that a text sent too late still finds its writer."""
    now = clock.now()
    Zwischenstand.objects.filter(geaendert_am__lt=now - timedelta(days=30)).delete()
    Einreichung.objects.filter(am__lt=now - timedelta(days=7)).delete()
    Session.objects.filter(expire_date__lt=now - timedelta(days=3)).delete()
    unfinished = Zustellung.objects.filter(ereignis=OuterRef("pk")).exclude(status=Auftragsstatus.FERTIG)
    Ereignis.objects.filter(~Exists(unfinished), am__lt=now - timedelta(days=90)).delete()


@task_prerun.connect
def begin_lines(task_id: str, task: Any, **kwargs: Any) -> None:
    """What a task writes down carries its name and number."""
    protokoll.begin_task(task.name, task_id)


@task_postrun.connect
def end_lines(**kwargs: Any) -> None:
    protokoll.begin_task("", "")
