from celery import shared_task
from django.core.mail import EmailMessage

from jobcenter.konten.models import User
from jobcenter.post import actions
from jobcenter.post.models import Versand


@shared_task(name="post.deliver_versand")
def deliver_versand(versand_id: int) -> None:
    """Hand one mail to the mail server. A worker that dies in between sends it again: its Message-ID stays the same."""
    versand, system = Versand.objects.get(pk=versand_id), User.objects.system()
    if (versuch := actions.claim_versand(versand=versand, by=system)) is None:
        return
    try:
        EmailMessage(versand.betreff, versand.text, None, [versand.adresse]).send()
    except (OSError, ValueError) as error:  # SMTPException, all errors of sockets, and addresses that no server takes
        actions.fail_versand(versand=versand, versuch=versuch, fehler=f"{type(error).__name__}: {error}", by=system)
    else:
        actions.finish_versand(versand=versand, versuch=versuch, by=system)


@shared_task(name="post.deliver_due")
def deliver_due() -> None:
    """Beat: mails whose message was lost or whose last attempt failed."""
    for pk in Versand.objects.due().values_list("pk", flat=True)[:200]:
        deliver_versand.delay(versand_id=pk)
