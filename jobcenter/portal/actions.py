"""What is changed across rooms, and reports of barriers: sent by anybody, answered by administration, deleted in time."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse

from jobcenter.berichte.actions import retry_bericht, retry_entwurf
from jobcenter.berichte.models import Bericht, Entwurfsdruck
from jobcenter.common import clock, events, typography
from jobcenter.common.actions import lock, quiet_action, require
from jobcenter.common.models import Auftrag, Zustellung
from jobcenter.common.nummern import next_nummer
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User, UserLike
from jobcenter.portal.enums import MELDUNG_TRANSITIONS, Meldungsstatus
from jobcenter.portal.models import Barrieremeldung
from jobcenter.post.actions import retry_versand
from jobcenter.post.backends import VERTRAULICH
from jobcenter.post.models import Versand
from kennzahlen.actions import retry_lieferung
from kennzahlen.models import Datenlieferung
from massnahmen.actions.importe import retry_import
from massnahmen.models import Import

# --- background jobs --------------------------------------------------------------------------------------------


@quiet_action
def retry_auftraege(*, auftraege: Collection[Auftrag], by: User) -> int:
    """Begin the next attempts at jobs that were given up, and return how many there are. Administration.

    What somebody else has already started again is passed over.
    """
    require(by, "portal.manage_auftraege")
    return sum(_retry(auftrag, by) for auftrag in auftraege)


def _retry(auftrag: Auftrag, by: User) -> bool:
    try:
        match auftrag:
            case Bericht():
                retry_bericht(bericht=auftrag, by=by)
            case Entwurfsdruck():
                retry_entwurf(entwurf=auftrag, by=by)
            case Datenlieferung():
                retry_lieferung(lieferung=auftrag, by=by)
            case Import():
                retry_import(quelle=auftrag, by=by)
            case Versand():
                retry_versand(versand=auftrag, by=by)
            case Zustellung():
                events.retry(auftrag)
    except TransitionError:
        return False
    return True


# --- reports of barriers ----------------------------------------------------------------------------------------


@quiet_action
def report_barriere(*, schluessel: UUID, was: str, seite: str = "", mail: str = "", by: UserLike) -> Barrieremeldung:
    """Take down what somebody could not use, and tell the Jobcenter. Everybody may, also without an account.

    The same form sent twice gives back the first report. The mail says neither what was reported nor by whom: it would
    outlive the report.
    """
    require(by, "portal.report_barriere")
    jahr = clock.today().year
    try:
        with transaction.atomic():
            meldung = Barrieremeldung.objects.create(
                schluessel=schluessel, was=was, seite=seite, mail=mail, jahr=jahr, nummer=next_nummer("barrieremeldung", jahr)
            )
    except IntegrityError:
        return Barrieremeldung.objects.get(schluessel=schluessel)
    _tell_jobcenter(meldung)
    return meldung


@quiet_action
def answer_barriere(*, meldung: Barrieremeldung, antwort: str, by: User) -> Barrieremeldung:
    """Close a report with an answer; whoever left an address gets it by mail. Administration, once."""
    require(by, "portal.answer_barrieremeldung", meldung)
    current = lock(meldung)
    check_transition(MELDUNG_TRANSITIONS, current.status, Meldungsstatus.ERLEDIGT, noun=f"Die Meldung {current.nummer_text}")
    current.status, current.antwort = Meldungsstatus.ERLEDIGT, antwort
    current.erledigt_am, current.erledigt_von = clock.now(), by
    current.save()
    if current.mail:
        _answer_visitor(current)
    return current


@quiet_action
def delete_old_meldungen(*, by: User) -> int:
    """Delete what was answered longer ago than the Datenschutzerklärung promises; open reports stay. Called once a day."""
    require(by, "portal.delete_barrieremeldung")
    last_day = clock.months_later(clock.today(), -settings.INSTANZ.datenschutz.barrieremeldungen_monate)
    old = Barrieremeldung.objects.filter(status=Meldungsstatus.ERLEDIGT, erledigt_am__lt=clock.begin_of(last_day))
    deleted, _ = old.delete()
    return deleted


def _tell_jobcenter(meldung: Barrieremeldung) -> None:
    url = settings.BASE_URL + reverse("portal:barrieremeldung-detail", args=[meldung.pk])
    text = (
        f"Jemand hat im Portal eine Barriere gemeldet ({meldung.nummer_text}).\n\n"
        f"Lesen und beantworten: {url}\n\nDie Antwort ist bis {typography.datum(meldung.antwort_bis)} fällig.\n"
    )
    EmailMessage(f"Neue Meldung: {meldung}", text, None, [settings.INSTANZ.kontakt.mail]).send()


def _answer_visitor(meldung: Barrieremeldung) -> None:
    kontakt = settings.INSTANZ.kontakt
    text = (
        f"Sie haben uns am {typography.datum(meldung.gemeldet_am)} eine Barriere in unserem Portal gemeldet "
        f"({meldung.nummer_text}). Das ist unsere Antwort:\n\n{meldung.antwort}\n\n"
        f"Hilft Ihnen das nicht weiter? Dann rufen Sie uns an: {kontakt.telefon}, {kontakt.servicezeiten}.\n"
        f"An wen Sie sich sonst wenden können, steht hier: {settings.BASE_URL}{reverse('portal:barrierefreiheit')}\n"
    )
    EmailMessage(f"Ihre Meldung {meldung.nummer_text}", text, None, [meldung.mail], headers={VERTRAULICH: "ja"}).send()
