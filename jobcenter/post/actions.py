"""A mail is written in the transaction of what it tells about, and sent afterwards by the worker."""

from jobcenter.common import jobs
from jobcenter.common.actions import quiet_action, require
from jobcenter.common.queue import enqueue
from jobcenter.konten.models import User
from jobcenter.post.models import Versand


@quiet_action
def write_versand(*, an: User, anlass: str, betreff: str, text: str, by: User) -> Versand:
    """Lay a mail ready for a person; the same occasion is told once.

    Part of the action that tells something; that one has asked whether `by` may.
    """
    given = {"betreff": betreff, "text": text, "adresse": an.email}
    versand, created = Versand.objects.get_or_create(an=an, anlass=anlass, defaults=given)
    if created:
        enqueue("post.deliver_versand", versand_id=versand.pk)
    return versand


@quiet_action
def claim_versand(*, versand: Versand, by: User) -> int | None:
    """Take a mail to the mail server; None when it is sent, not due, or another worker has it."""
    require(by, "post.deliver_versand", versand)
    return jobs.claim(versand)


@quiet_action
def finish_versand(*, versand: Versand, versuch: int, by: User) -> None:
    """The mail server has taken the mail."""
    require(by, "post.deliver_versand", versand)
    if current := jobs.hold(versand, versuch):
        jobs.finish(current)


@quiet_action
def fail_versand(*, versand: Versand, versuch: int, fehler: str, by: User) -> None:
    """The mail server was away or refused; tried again with growing pauses, given up after ten."""
    require(by, "post.deliver_versand", versand)
    if current := jobs.hold(versand, versuch):
        jobs.fail(current, fehler)
