"""Mails: laid ready with the change they tell about, sent once, kept while the mail server is away."""

from datetime import timedelta

import pytest
from django.conf import settings as instance
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, transaction

from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from jobcenter.post.actions import claim_versand, fail_versand, resend_versand, retry_versand, write_versand
from jobcenter.post.models import Versand
from jobcenter.post.tasks import deliver_versand

pytestmark = pytest.mark.django_db


def test_a_mail_goes_to_its_person_once(versand):
    for _ in range(3):
        deliver_versand(versand.pk)
    versand.refresh_from_db()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["petra.plan@musterburg.example"], "Probe")
    assert (versand.status, versand.versuch) == (Auftragsstatus.FERTIG, 1)
    assert versand.fertig_am is not None


def test_every_letter_has_greeting_reason_and_sender(versand):
    deliver_versand(versand.pk)
    [letter] = mail.outbox
    assert letter.body.startswith(
        "Guten Tag Petra Plan,\n\nEin Text mit ß & „Zeichen“.\n\nFreundliche Grüße\nJobcenter Landkreis Musterburg"
    )
    assert "\n-- \nSie bekommen diese E-Mail, weil Sie mit dieser Adresse ein Konto in unserem Portal haben.\n" in letter.body
    assert f"Impressum: {instance.BASE_URL}/impressum/" in letter.body
    assert letter.from_email == '"Jobcenter Landkreis Musterburg" <jobcenter@musterburg.example>'


def test_a_second_sending_can_be_told_from_a_second_mail(versand, leitung, planung):
    other = write_versand(an=planung, anlass="probe:2", betreff="Probe", text="Anderes", by=leitung)
    deliver_versand(versand.pk)
    Versand.objects.filter(pk=versand.pk).update(  # a worker that died after the mail server had taken the mail
        status=Auftragsstatus.IN_ARBEIT, lease_bis=clock.now() - timedelta(seconds=1), fertig_am=None
    )
    deliver_versand(versand.pk)
    deliver_versand(other.pk)
    first, again, second = (letter.message() for letter in mail.outbox)
    assert first["Message-ID"] == again["Message-ID"] != second["Message-ID"]
    assert first["Message-ID"].endswith("@musterburg.example>")
    assert first["Auto-Submitted"] == "auto-generated"


def test_an_occasion_is_told_once(versand, planung, leitung):
    again = write_versand(an=planung, anlass="probe:1", betreff="Noch einmal", text="anders", by=leitung)
    assert again == versand
    assert again.betreff == "Probe"


def test_a_change_that_is_undone_sends_nothing(leitung, planung):
    with pytest.raises(RuntimeError), transaction.atomic():
        write_versand(an=planung, anlass="probe:2", betreff="x", text="x", by=leitung)
        raise RuntimeError
    assert not Versand.objects.exists()


def test_a_mail_server_that_is_away_loses_nothing(versand, no_mail_server):
    pauses = []
    for _ in range(3):
        deliver_versand(versand.pk)
        versand.refresh_from_db()
        pauses.append(round((versand.naechster_versuch - clock.now()) / timedelta(seconds=30)))
        Versand.objects.update(naechster_versuch=clock.now())
    assert pauses == [1, 2, 4]
    assert (versand.status, versand.versuch) == (Auftragsstatus.WARTET, 3)
    assert "ConnectionRefusedError" in versand.fehler

    no_mail_server.VERSAND_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_versand(versand.pk)
    versand.refresh_from_db()
    assert (versand.status, versand.fehler, len(mail.outbox)) == (Auftragsstatus.FERTIG, "", 1)


def test_after_ten_attempts_it_is_given_up_until_administration_tries_again(versand, no_mail_server, administration, planung, leitung):
    Versand.objects.update(versuch=9)
    deliver_versand(versand.pk)
    versand.refresh_from_db()
    assert versand.status == Auftragsstatus.GESCHEITERT
    for somebody in (planung, leitung):
        with pytest.raises(PermissionDenied):
            retry_versand(versand=versand, by=somebody)
    again = retry_versand(versand=versand, by=administration)
    assert (again.status, again.fehler) == (Auftragsstatus.WARTET, "")
    with pytest.raises(TransitionError):
        retry_versand(versand=versand, by=administration)


def test_only_the_background_service_sends(versand, leitung):
    with pytest.raises(PermissionDenied):
        claim_versand(versand=versand, by=leitung)


def test_an_address_that_no_server_takes_is_noted_and_not_tried_at_once_again(versand, no_mail_server):
    Versand.objects.update(adresse="a@" + "ü" * 70 + ".de")
    deliver_versand(versand.pk)
    versand.refresh_from_db()
    assert (versand.status, versand.versuch) == (Auftragsstatus.WARTET, 1)
    assert versand.fehler
    assert versand.naechster_versuch > clock.now()


# --- headers ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "evil", ["Ja\nBcc: alle@example.org", "Ja\r\nBcc: alle@example.org", "Ja\rBcc: x", "Ja\x0bBcc: x", "Ja\u2028Bcc: x"]
)
def test_no_subject_begins_a_header(leitung, planung, evil):
    row = write_versand(an=planung, anlass="", betreff=evil, text="x", by=leitung)
    deliver_versand(row.pk)
    [letter] = mail.outbox
    assert letter.message()["Bcc"] is None
    assert letter.recipients() == [planung.email]
    assert letter.subject.startswith("Ja Bcc: ")


@pytest.mark.parametrize("field", ["betreff", "adresse"])
def test_the_database_takes_no_line_break_in_a_header(versand, field):
    with pytest.raises(IntegrityError, match="versand_kopfzeilen_einzeilig"), transaction.atomic():
        Versand.objects.update(**{field: "a@example.org\nBcc: b@example.org"})


def test_a_long_subject_is_shortened_instead_of_refused(leitung, planung):
    row = write_versand(an=planung, anlass="", betreff="Wort " * 60, text="x", by=leitung)
    assert len(row.betreff) <= 160
    assert row.betreff.endswith("Wort …")
    with pytest.raises(DataError), transaction.atomic():
        Versand.objects.update(betreff="x" * 161)


# --- once more --------------------------------------------------------------------------------------------------
def test_a_sent_mail_is_sent_once_more_as_a_mail_of_its_own(versand, administration, planung):
    deliver_versand(versand.pk)
    versand.refresh_from_db()
    User.objects.filter(pk=planung.pk).update(email="neu@musterburg.example")
    again = resend_versand(versand=versand, by=administration)
    deliver_versand(again.pk)
    assert [letter.to for letter in mail.outbox] == [["petra.plan@musterburg.example"], ["neu@musterburg.example"]]
    assert again.wiederholung_von == versand
    assert Versand.objects.get(pk=versand.pk).fertig_am == versand.fertig_am


def test_a_mail_on_its_way_is_not_sent_once_more(versand, administration):
    with pytest.raises(TransitionError, match="noch unterwegs"):
        resend_versand(versand=versand, by=administration)
    assert Versand.objects.count() == 1


def test_nobody_else_sends_once_more_and_closed_accounts_get_nothing(versand, administration, leitung, planung):
    deliver_versand(versand.pk)
    with pytest.raises(PermissionDenied):
        resend_versand(versand=versand, by=leitung)
    User.objects.filter(pk=planung.pk).update(is_active=False)
    with pytest.raises(TransitionError, match="geschlossen"):
        resend_versand(versand=versand, by=administration)


def test_a_late_worker_changes_nothing(versand, system):
    first = claim_versand(versand=versand, by=system)
    Versand.objects.update(lease_bis=clock.now() - timedelta(seconds=1))
    second = claim_versand(versand=versand, by=system)
    fail_versand(versand=versand, versuch=first, fehler="zu spät", by=system)
    versand.refresh_from_db()
    assert (versand.status, versand.versuch, versand.fehler) == (Auftragsstatus.IN_ARBEIT, second, "")
