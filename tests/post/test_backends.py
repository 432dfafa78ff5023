"""What any part of the portal sends through Django becomes a row, and leaves only through the worker."""

import pytest
from django.core import mail
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.urls import reverse

from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.transitions import TransitionError
from jobcenter.post.actions import resend_versand
from jobcenter.post.models import VERGESSEN, Versand
from jobcenter.post.tasks import deliver_versand

pytestmark = pytest.mark.django_db


def test_a_mail_is_a_row_per_recipient_and_finds_its_account(planung, deliver_mail):
    send_mail("Betreff", "Text", None, ["Petra Plan <Petra.Plan@musterburg.example>", "fremd@example.org", "fremd@example.org"])
    assert mail.outbox == []
    assert {(row.an, row.adresse) for row in Versand.objects.all()} == {
        (planung, "Petra.Plan@musterburg.example"),
        (None, "fremd@example.org"),
    }
    greetings = [letter.body.splitlines()[0] for letter in deliver_mail()]
    assert greetings == ["Guten Tag Petra Plan,", "Guten Tag,"]


def test_copies_are_rows_as_well_and_nobody_learns_of_them(deliver_mail):
    EmailMessage("Betreff", "Text", to=["a@example.org"], cc=["b@example.org"], bcc=["c@example.org"]).send()
    assert [letter.recipients() for letter in deliver_mail()] == [["a@example.org"], ["b@example.org"], ["c@example.org"]]


def test_a_mail_of_an_undone_change_is_never_sent():
    with pytest.raises(RuntimeError), transaction.atomic():
        send_mail("Betreff", "Text", None, ["a@example.org"])
        raise RuntimeError
    assert not Versand.objects.exists()


def test_a_line_break_in_a_header_is_refused():
    with pytest.raises(BadHeaderError):
        send_mail("Betreff\nBcc: alle@example.org", "Text", None, ["a@example.org"])
    with pytest.raises(ValueError, match="Invalid address|Not a mail address|newlines"):
        send_mail("Betreff", "Text", None, ["a@example.org\nBcc: b@example.org"])
    assert not Versand.objects.exists()


def test_letters_are_text(deliver_mail):
    message = EmailMultiAlternatives("Betreff", "Der Text", to=["a@example.org"])
    message.attach_alternative("<p>Der Text</p>", "text/html")
    message.send()
    assert not getattr(deliver_mail()[0], "alternatives", [])
    message = EmailMessage("Betreff", "Text", to=["a@example.org"])
    message.attach("plan.pdf", b"%PDF", "application/pdf")
    with pytest.raises(ValueError, match="attachments"):
        message.send()


# --- in confidence ----------------------------------------------------------------------------------------------
@pytest.fixture
def vertraulich(planung) -> Versand:
    EmailMessage("Neues Passwort", "http://localhost/geheim", to=[planung.email], headers={"X-Vertraulich": "ja"}).send()
    return Versand.objects.get()


def test_what_was_confidential_is_forgotten_once_it_is_sent(vertraulich, administration):
    assert vertraulich.vertraulich
    deliver_versand(vertraulich.pk)
    [letter] = mail.outbox
    assert "http://localhost/geheim" in letter.body
    assert "X-Vertraulich" not in letter.message()
    vertraulich.refresh_from_db()
    assert (vertraulich.status, vertraulich.text) == (Auftragsstatus.FERTIG, VERGESSEN)
    with pytest.raises(TransitionError, match="vertraulich und ist gelöscht"):
        resend_versand(versand=vertraulich, by=administration)


def test_it_is_kept_while_the_mail_server_is_away(vertraulich, no_mail_server):
    deliver_versand(vertraulich.pk)
    vertraulich.refresh_from_db()
    assert "geheim" in vertraulich.text


def test_the_demo_forgets_nothing(vertraulich, settings):
    settings.DEMO = True
    deliver_versand(vertraulich.pk)
    vertraulich.refresh_from_db()
    assert "geheim" in vertraulich.text


def test_a_forgotten_password_goes_this_way(client, planung):
    client.post(reverse("account_reset_password"), {"email": planung.email})
    row = Versand.objects.get()
    assert (row.an, row.vertraulich, row.betreff) == (planung, True, "Neues Passwort für Ihr Konto")
    assert "Guten Tag" not in row.text
