from celery import shared_task

from jobcenter.konten.models import User
from jobcenter.post import actions
from jobcenter.post.models import Versand


@shared_task(name="post.deliver_versand")
def deliver_versand(versand_id: int) -> None:
    actions.deliver_versand(versand=Versand.objects.get(pk=versand_id), by=User.objects.system())


@shared_task(name="post.deliver_due")
def deliver_due() -> None:
    """Beat: mails whose message was lost or whose last attempt failed."""
    for pk in Versand.objects.due().values_list("pk", flat=True)[:200]:
        deliver_versand.delay(versand_id=pk)
