"""A mail is written in the transaction of what it tells about, and sent afterwards by the worker."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from jobcenter.common import clock, jobs, typography
from jobcenter.common.actions import lock, quiet_action, require
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.queue import enqueue
from jobcenter.common.text import clean_text
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.enums import Posttakt
from jobcenter.konten.models import User
from jobcenter.post.models import ABGELAUFEN, VERGESSEN, Versand
from jobcenter.post.queries import join_texts

log = logging.getLogger(__name__)
LONGEST_BETREFF = 160
CONFIDENTIAL = timedelta(days=14)  # how long a text in confidence waits for administration to try again


@quiet_action
def write_versand(*, an: User, anlass: str, betreff: str, text: str, grund: str = "", sammelbar: bool = False, by: User) -> Versand:
    """Lay a mail ready for a person; the same occasion is told once.

    `text` is what there is to say: greeting, `grund` (why this person gets it, a sentence) and sender come around it.
    What is `sammelbar` is not urgent: who wants one mail a day finds it in the next digest.
    Part of the action that tells something; that one has asked whether `by` may.
    """
    given = {
        "betreff": _one_line(betreff),
        "text": clean_text(text, lines=True).strip(),
        "adresse": an.email,
        "grund": grund,
        "sammelbar": sammelbar and an.post_takt == Posttakt.TAEGLICH,
    }
    versand, created = Versand.objects.get_or_create(an=an, anlass=anlass, defaults=given)
    if created and not versand.sammelbar:
        enqueue("post.deliver_versand", versand_id=versand.pk)
    return versand


@quiet_action
def accept_mail(*, adresse: str, betreff: str, text: str, vertraulich: bool, by: User) -> Versand:
    """Lay ready a mail that some part of the portal sent through Django; ValueError when the address is none.

    `vertraulich` is what carries a link that opens an account: its text is forgotten once it is sent.
    """
    require(by, "post.deliver_versand")
    try:
        validate_email(adresse)
    except ValidationError:
        raise ValueError("Not a mail address") from None
    versand = Versand.objects.create(
        an=User.objects.filter(email=adresse.lower()).first(),
        adresse=adresse,
        betreff=_one_line(betreff),
        text=clean_text(text, lines=True).strip(),
        vertraulich=vertraulich,
    )
    enqueue("post.deliver_versand", versand_id=versand.pk)
    return versand


@quiet_action
def claim_versand(*, versand: Versand, by: User) -> int | None:
    """Take a mail to the mail server; None when it is sent, not due, or another worker has it."""
    require(by, "post.deliver_versand", versand)
    return jobs.claim(versand)


@quiet_action
def finish_versand(*, versand: Versand, versuch: int, by: User) -> None:
    """The mail server has taken the mail. What it carried in confidence is forgotten, but not in the demo."""
    require(by, "post.deliver_versand", versand)
    if current := jobs.hold(versand, versuch):
        if current.vertraulich and not settings.DEMO:
            current.text = VERGESSEN
        jobs.finish(current)


@quiet_action
def note_delivered(*, by: User) -> int:
    """Count all mails that are due as sent, at this moment, and return how many: another carrier has brought them.

    For takeovers, and for the demo's past, in which no mail server was. What is vertraulich is left to the mail server.
    """
    require(by, "post.deliver_versand")
    due = Versand.objects.due().filter(vertraulich=False)
    return due.update(status=Auftragsstatus.FERTIG, versuch=1, lease_bis=None, fertig_am=clock.now(), fehler="")


@quiet_action
def fail_versand(*, versand: Versand, versuch: int, fehler: str, by: User) -> None:
    """The mail server was away or refused; tried again with growing pauses, given up after ten."""
    require(by, "post.deliver_versand", versand)
    if current := jobs.hold(versand, versuch):
        jobs.fail(current, fehler)


@quiet_action
def retry_versand(*, versand: Versand, by: User) -> Versand:
    """Begin the next attempts at a mail that was given up. Administration."""
    require(by, "post.retry_versand", versand)
    if lock(versand).ist_vergessen:
        raise TransitionError("Der Text dieser Mail war vertraulich und ist gelöscht. Sie kann nicht mehr gesendet werden.")
    current = jobs.retry(versand)
    enqueue("post.deliver_versand", versand_id=current.pk)
    return current


@quiet_action
def resend_versand(*, versand: Versand, by: User) -> Versand:
    """Send a mail once more, as a mail of its own, to the address that the person has now. Administration."""
    require(by, "post.retry_versand", versand)
    current = lock(versand)
    if current.status in {Auftragsstatus.WARTET, Auftragsstatus.IN_ARBEIT}:
        raise TransitionError("Diese Mail ist noch unterwegs. Warten Sie, bis sie verschickt ist.")
    if current.ist_vergessen:
        raise TransitionError("Der Text dieser Mail war vertraulich und ist gelöscht. Sie kann nicht noch einmal gesendet werden.")
    if current.an and not current.an.ist_offen:
        raise TransitionError(f"Das Konto von {current.an} ist geschlossen. Es bekommt keine Mail mehr.")
    again = Versand.objects.create(
        an=current.an,
        adresse=current.an.email if current.an else current.adresse,
        betreff=current.betreff,
        text=current.text,
        grund=current.grund,
        vertraulich=current.vertraulich,
        wiederholung_von=current,
    )
    enqueue("post.deliver_versand", versand_id=again.pk)
    return again


@quiet_action
def forget_old_mails(*, by: User) -> None:
    """Keep the promises of the Datenschutzerklärung. Called once a day.

    What went to somebody without an account is deleted as long after it was written as a report of a barrier after its
    answer: else the address would outlive the report. A confidential text that could not be sent is forgotten after 14
    days, when a link in it has long expired.
    """
    require(by, "post.delete_versand")
    closed = Versand.objects.filter(status__in=[Auftragsstatus.FERTIG, Auftragsstatus.GESCHEITERT])
    last_day = clock.months_later(clock.today(), -settings.INSTANZ.datenschutz.barrieremeldungen_monate)
    old = closed.filter(an=None, angelegt_am__lt=clock.begin_of(last_day))
    Versand.objects.filter(wiederholung_von__in=old).update(wiederholung_von=None)
    old.delete()
    late = closed.filter(vertraulich=True, status=Auftragsstatus.GESCHEITERT, angelegt_am__lt=clock.now() - CONFIDENTIAL)
    late.update(text=ABGELAUFEN)


@quiet_action
def send_digest(*, an: User, by: User) -> Versand | None:
    """Join what waits for a person into one mail; None when nothing waits.

    A single message is sent as it is. An account that was closed meanwhile gets nothing: what waited for it is dropped,
    because what it told stands in the portal.
    """
    require(by, "post.deliver_versand")
    waiting = list(Versand.objects.waiting_for_digest(an).select_for_update(of=("self",)))
    if not waiting:
        return None
    if not an.ist_offen:
        log.info("%s waiting mails of closed account %s dropped", len(waiting), an.pk)
        Versand.objects.filter(pk__in=[row.pk for row in waiting]).delete()
        return None
    if len(waiting) == 1:
        [brief] = waiting
        brief.sammelbar, brief.naechster_versuch, brief.adresse = False, clock.now(), an.email
        brief.save()
    else:
        brief = Versand.objects.create(
            an=an,
            adresse=an.email,
            anlass=f"post.sammelmail:{waiting[-1].pk}",
            betreff=f"{len(waiting)} Nachrichten vom {typography.datum(clock.today())}",
            text=join_texts(waiting),
            grund="Sie bekommen diese E-Mail, weil Sie Nachrichten einmal am Tag gesammelt lesen wollen.",
        )
        for row in waiting:
            row.sammelbar, row.sammelbrief = False, brief
            jobs.finish(row)
    enqueue("post.deliver_versand", versand_id=brief.pk)
    return brief


def _one_line(betreff: str) -> str:
    """A subject is one header: whatever breaks lines in it becomes a blank."""
    line = " ".join(clean_text(betreff, lines=False).split()) or "Nachricht ohne Betreff"
    if len(line) <= LONGEST_BETREFF:
        return line
    start = line[: LONGEST_BETREFF - 2]
    return f"{start.rpartition(' ')[0] or start} …"
