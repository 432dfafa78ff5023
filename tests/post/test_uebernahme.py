"""Mails that another carrier has brought are not sent again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from jobcenter.post.actions import claim_versand, note_delivered, write_versand
from jobcenter.post.models import Versand
from jobcenter.post.tasks import deliver_due


def test_what_was_due_counts_as_sent_at_that_moment_and_leaves_no_more(fremd, planung, system):
    for who in (fremd, planung):
        write_versand(an=who, anlass="alt:1", betreff="Einladung", text="Guten Tag", by=system)
    assert note_delivered(by=system) == 2
    assert set(Versand.objects.values_list("status", "versuch")) == {(Auftragsstatus.FERTIG, 1)}
    assert all(clock.now() - row.fertig_am < timedelta(minutes=1) for row in Versand.objects.all())
    deliver_due()
    assert mail.outbox == []
    assert note_delivered(by=system) == 0


def test_not_what_a_worker_has_in_hand_nor_what_opens_an_account(fremd, planung, system):
    held = write_versand(an=fremd, anlass="alt:1", betreff="Einladung", text="Guten Tag", by=system)
    claim_versand(versand=held, by=system)
    Versand.objects.create(an=planung, adresse=planung.email, betreff="Ihr Konto", text="https://…", vertraulich=True)
    assert note_delivered(by=system) == 0


def test_only_the_background_service(fremd, administration):
    for user in (fremd, administration):
        with pytest.raises(PermissionDenied):
            note_delivered(by=user)
