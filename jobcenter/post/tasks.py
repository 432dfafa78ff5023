from datetime import time

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from jobcenter.common.dienste import every_beat, regeldienst
from jobcenter.konten.models import User
from jobcenter.post import actions
from jobcenter.post.models import Versand
from jobcenter.post.queries import read_brief


@shared_task(name="post.deliver_versand")
def deliver_versand(versand_id: int) -> None:
    """Hand one mail to the mail server. A worker that dies in between sends it again: its Message-ID stays the same."""
    versand, system = Versand.objects.select_related("an").filter(pk=versand_id).first(), User.objects.system()
    if versand is None or (versuch := actions.claim_versand(versand=versand, by=system)) is None:
        return
    try:
        _carry(versand)
    except (OSError, ValueError) as error:  # SMTPException, all errors of sockets, and addresses that no server takes
        actions.fail_versand(versand=versand, versuch=versuch, fehler=f"{type(error).__name__}: {error}", by=system)
    else:
        actions.finish_versand(versand=versand, versuch=versuch, by=system)


def _carry(versand: Versand) -> None:
    EmailMessage(
        subject=versand.betreff,
        body=f"{read_brief(versand)}\n",
        to=[versand.adresse],
        headers={"Message-ID": versand.message_id, "Auto-Submitted": "auto-generated"},
        connection=get_connection(settings.VERSAND_BACKEND),
    ).send()


@every_beat
def deliver_due() -> None:
    """Mails whose message was lost or whose last attempt failed."""
    for pk in Versand.objects.due().values_list("pk", flat=True)[:200]:
        deliver_versand.delay(versand_id=pk)


@regeldienst("post.sammelmails", um=time(7))
def send_digests() -> None:
    """One mail for everybody who wants to hear once a day."""
    for an in User.objects.filter(pk__in=Versand.objects.filter(sammelbar=True).values("an")).order_by("pk"):
        actions.send_digest(an=an, by=User.objects.system())


@regeldienst("post.alte_mails", um=time(3))
def forget_mails() -> None:
    """What the Datenschutzerklärung promises: addresses and confidential texts go after their time."""
    actions.forget_old_mails(by=User.objects.system())
