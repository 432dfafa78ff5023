"""Addresses and confidential texts go when the Datenschutzerklärung says."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from jobcenter.common import clock, dienste
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.transitions import TransitionError
from jobcenter.portal.queries import list_aufgaben
from jobcenter.portal.queries.auftraege import list_gescheiterte, read_betriebsstand
from jobcenter.post.actions import forget_old_mails, resend_versand, retry_versand
from jobcenter.post.models import ABGELAUFEN, Versand
from jobcenter.post.tasks import forget_mails

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
OPEN = {"status": Auftragsstatus.WARTET}
SENT = {"status": Auftragsstatus.FERTIG, "fertig_am": clock.now()}
FAILED = {"status": Auftragsstatus.GESCHEITERT, "fehler": "SMTPRecipientsRefused: besuch@example.org"}


@pytest.fixture
def mail():
    """A mail to a visitor, or to whom is given: mail(SENT, vertraulich=True)."""

    def make(state: dict, **fields) -> Versand:
        fields = {"adresse": "besuch@example.org", "betreff": "Ihre Meldung", "text": "Das ist unsere Antwort."} | fields
        return Versand.objects.create(**fields, **state)

    return make


def last_moment(row: Versand) -> datetime:
    """Of the day on which a visitor's address is last kept."""
    months = settings.INSTANZ.datenschutz.barrieremeldungen_monate
    last_day = clock.months_later(timezone.localdate(row.angelegt_am), months)
    return timezone.make_aware(datetime.combine(last_day, datetime.max.time()))


@pytest.mark.parametrize("state", [SENT, FAILED])
def test_a_visitors_address_lives_as_long_as_the_report(mail, state, system, planung):
    gone, waits, of_account = mail(state), mail(OPEN), mail(state, an=planung, adresse=planung.email)
    with clock.moved_to(last_moment(gone)):
        forget_old_mails(by=system)
    assert Versand.objects.count() == 3
    with clock.moved_to(last_moment(gone) + SECOND):
        forget_mails()
    assert set(Versand.objects.all()) == {waits, of_account}


def test_a_mail_that_was_sent_once_more_holds_nothing_back(mail, administration, system):
    first = mail(SENT)
    with clock.moved_to(clock.now() + timedelta(days=60)):
        again = resend_versand(versand=first, by=administration)
    Versand.objects.filter(pk=again.pk).update(**SENT)
    with clock.moved_to(last_moment(first) + SECOND):
        forget_old_mails(by=system)
    [kept] = Versand.objects.all()
    assert (kept, kept.wiederholung_von) == (again, None)
    with clock.moved_to(last_moment(again) + SECOND):
        forget_old_mails(by=system)
    assert not Versand.objects.exists()


def test_a_confidential_text_that_could_not_be_sent_is_forgotten_after_14_days(mail, system, planung):
    to = {"an": planung, "adresse": planung.email}
    secret = mail(FAILED, vertraulich=True, **to)
    others = [mail(OPEN, vertraulich=True, **to), mail(FAILED, **to)]
    with clock.moved_to(clock.now() + timedelta(days=13)):
        forget_old_mails(by=system)
        secret.refresh_from_db()
        assert secret.text == "Das ist unsere Antwort."
    with clock.moved_to(clock.now() + timedelta(days=14, seconds=1)):
        forget_old_mails(by=system)
    secret.refresh_from_db()
    assert secret.text == ABGELAUFEN
    assert {Versand.objects.get(pk=row.pk).text for row in others} == {"Das ist unsere Antwort."}


def test_what_is_forgotten_is_never_sent_and_is_nobodys_task(mail, administration, signed_in, planung):
    row = mail(FAILED, vertraulich=True, an=planung)
    assert list_aufgaben(administration)
    Versand.objects.update(text=ABGELAUFEN)
    with pytest.raises(TransitionError, match="gelöscht"):
        retry_versand(versand=row, by=administration)
    assert Versand.objects.get().status == Auftragsstatus.GESCHEITERT
    page = signed_in(administration).get(reverse("post:versand-detail", args=[row.pk])).content.decode()
    assert "Noch einmal versuchen" not in page
    assert list_gescheiterte() == []
    assert not any(queue.gescheitert for queue in read_betriebsstand().warteschlangen)
    assert not [task for task in list_aufgaben(administration) if "gescheitert" in task.titel]


def test_it_is_a_duty_of_every_day_and_nobody_elses(administration):
    assert dienste._dienste["post.alte_mails"].run is forget_mails
    with pytest.raises(PermissionDenied):
        forget_old_mails(by=administration)
