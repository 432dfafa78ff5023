from celery import shared_task

from jobcenter.common import events
from jobcenter.common.models import Zustellung


@shared_task(name="common.deliver")
def deliver(zustellung_id: int) -> None:
    events.deliver(zustellung_id)


@shared_task(name="common.deliver_due")
def deliver_due() -> None:
    """Beat: what was lost on the way or failed before. One failure does not hold up the others: each is its own task."""
    for pk in Zustellung.objects.due().values_list("pk", flat=True)[:200]:
        deliver.delay(zustellung_id=pk)
