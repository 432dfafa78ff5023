"""Mails: laid ready with the change they tell about, sent once, kept while the mail server is away."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends import smtp
from django.db import transaction

from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from jobcenter.post.actions import claim_versand, write_versand
from jobcenter.post.models import Versand
from jobcenter.post.tasks import deliver_versand


@pytest.fixture
def versand(leitung, planung) -> Versand:
    return write_versand(an=planung, anlass="probe:1", betreff="Probe", text="Ein Text mit ß.", by=leitung)


@pytest.mark.django_db
def test_a_mail_goes_to_its_person_once(versand):
    for _ in range(3):
        deliver_versand(versand.pk)
    versand.refresh_from_db()
    assert [(m.to, m.subject, m.body) for m in mail.outbox] == [(["petra.plan@musterburg.example"], "Probe", "Ein Text mit ß.")]
    assert (versand.status, versand.versuch) == (Auftragsstatus.FERTIG, 1)
    assert versand.fertig_am is not None


@pytest.mark.django_db
def test_an_occasion_is_told_once(versand, planung, leitung):
    again = write_versand(an=planung, anlass="probe:1", betreff="Noch einmal", text="anders", by=leitung)
    assert again == versand
    assert again.betreff == "Probe"


@pytest.mark.django_db
def test_a_change_that_is_undone_sends_nothing(leitung, planung):
    with pytest.raises(RuntimeError), transaction.atomic():
        write_versand(an=planung, anlass="probe:2", betreff="x", text="x", by=leitung)
        raise RuntimeError
    assert not Versand.objects.exists()


@pytest.mark.django_db
def test_a_mail_server_that_is_away_loses_nothing(versand, settings):
    settings.EMAIL_BACKEND = f"{smtp.EmailBackend.__module__}.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    pauses = []
    for _ in range(3):
        deliver_versand(versand.pk)
        versand.refresh_from_db()
        pauses.append(round((versand.naechster_versuch - clock.now()) / timedelta(seconds=30)))
        Versand.objects.update(naechster_versuch=clock.now())
    assert pauses == [1, 2, 4]
    assert (versand.status, versand.versuch) == (Auftragsstatus.WARTET, 3)
    assert "ConnectionRefusedError" in versand.fehler

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_versand(versand.pk)
    versand.refresh_from_db()
    assert (versand.status, versand.fehler, len(mail.outbox)) == (Auftragsstatus.FERTIG, "", 1)


@pytest.mark.django_db
def test_after_ten_attempts_it_is_given_up(versand, settings):
    settings.EMAIL_BACKEND = f"{smtp.EmailBackend.__module__}.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    Versand.objects.update(versuch=9)
    deliver_versand(versand.pk)
    versand.refresh_from_db()
    assert versand.status == Auftragsstatus.GESCHEITERT


@pytest.mark.django_db
def test_only_the_background_service_sends(versand, leitung):
    with pytest.raises(PermissionDenied):
        claim_versand(versand=versand, by=leitung)


@pytest.mark.django_db
def test_an_address_that_no_server_takes_is_noted_and_not_tried_at_once_again(versand, settings):
    settings.EMAIL_BACKEND = f"{smtp.EmailBackend.__module__}.EmailBackend"
    Versand.objects.update(adresse="a@" + "ü" * 70 + ".de")
    deliver_versand(versand.pk)
    versand.refresh_from_db()
    assert (versand.status, versand.versuch) == (Auftragsstatus.WARTET, 1)
    assert versand.fehler
    assert versand.naechster_versuch > clock.now()
