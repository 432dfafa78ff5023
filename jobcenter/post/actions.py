"""A mail is written in the transaction of what it tells about, and sent afterwards by the worker."""

from datetime import timedelta

from django.core.mail import send_mail

from jobcenter.common import clock
from jobcenter.common.actions import action, require
from jobcenter.common.queue import enqueue
from jobcenter.common.transitions import check_transition
from jobcenter.konten.models import User
from jobcenter.post.enums import VERSAND_TRANSITIONS, Versandstatus
from jobcenter.post.models import Versand

MAX_VERSUCHE = 10
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=2)


@action
def write_versand(*, an: User, anlass: str, betreff: str, text: str, by: User) -> Versand:
    """Lay a mail ready for a person; the same occasion is told once.

    Part of the action that tells something; that one has asked whether `by` may.
    """
    versand, created = Versand.objects.get_or_create(an=an, anlass=anlass, defaults={"betreff": betreff, "text": text})
    if created:
        enqueue("post.deliver_versand", versand_id=versand.pk)
    return versand


@action
def deliver_versand(*, versand: Versand, by: User) -> None:
    """Hand one waiting mail to the mail server; a failure is noted with a growing pause, and given up after ten.

    The row stays locked while the server answers, so that two workers cannot send it twice.
    """
    require(by, "post.deliver_versand", versand)
    current = Versand.objects.select_for_update(of=("self",), skip_locked=True).select_related("an").due().filter(pk=versand.pk).first()
    if current is None:
        return
    current.versuche += 1
    try:
        send_mail(current.betreff, current.text, None, [current.an.email])
    except (OSError, ValueError) as error:  # SMTPException, all errors of sockets, and addresses that no server takes
        _postpone(current, error)
    else:
        _move(current, Versandstatus.VERSENDET)
        current.versendet_am, current.fehler = clock.now(), ""
    current.save()


def _postpone(versand: Versand, error: Exception) -> None:
    _move(versand, Versandstatus.GESCHEITERT if versand.versuche >= MAX_VERSUCHE else Versandstatus.WARTET)
    versand.naechster_versuch = clock.now() + min(FIRST_PAUSE * 2 ** (versand.versuche - 1), LONGEST_PAUSE)
    versand.fehler = f"{type(error).__name__}: {error}"[:1000]


def _move(versand: Versand, target: Versandstatus) -> None:
    check_transition(VERSAND_TRANSITIONS, versand.status, target, noun="Die Mail")
    versand.status = target
