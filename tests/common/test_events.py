"""The outbox: written with the change, handled once per subscriber, tried again until it succeeds."""

from datetime import timedelta

import pytest
from django.db import transaction

from jobcenter.common import clock, events
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Ereignis, Zustellung
from jobcenter.common.tasks import deliver_due


@pytest.fixture
def heard(monkeypatch) -> list[int]:
    """One subscriber of the event "test.geschehen" that keeps what it heard."""
    calls: list[int] = []

    def listener(objekt_id: int) -> None:
        calls.append(objekt_id)

    monkeypatch.setitem(events._subscribers, "test.geschehen", {"tests.listener": listener})
    return calls


@pytest.mark.django_db
def test_an_event_of_a_rolled_back_change_never_happened(heard):
    with pytest.raises(RuntimeError), transaction.atomic():
        events.publish("test.geschehen", 7)
        raise RuntimeError
    assert not Ereignis.objects.exists()
    assert not Zustellung.objects.exists()


@pytest.mark.django_db
def test_each_subscriber_hears_an_event_once(heard):
    events.publish("test.geschehen", 7)
    zustellung = Zustellung.objects.get()
    for _ in range(3):
        events.deliver(zustellung.pk)
    assert heard == [7]
    zustellung.refresh_from_db()
    assert zustellung.fertig_am is not None
    assert zustellung.versuch == 1


@pytest.mark.django_db
def test_a_failing_subscriber_is_asked_again_after_growing_pauses(monkeypatch):
    def listener(objekt_id: int) -> None:
        Ereignis.objects.create(name="half-done", objekt_id=objekt_id)
        raise ValueError("Netz weg")

    monkeypatch.setitem(events._subscribers, "test.geschehen", {"tests.listener": listener})
    events.publish("test.geschehen", 7)
    row = Zustellung.objects.get()
    pauses = []
    for _ in range(3):
        Zustellung.objects.update(naechster_versuch=clock.now())
        with pytest.raises(ValueError, match="Netz weg"):
            events.deliver(row.pk)
        row.refresh_from_db()
        pauses.append(round((row.naechster_versuch - clock.now()) / timedelta(seconds=10)))
    assert pauses == [1, 2, 4]
    assert row.fehler == "ValueError: Netz weg"
    assert row.fertig_am is None
    assert not Ereignis.objects.filter(name="half-done").exists(), "what the subscriber did before it failed is undone"


@pytest.mark.django_db
def test_messages_that_piled_up_are_one_attempt(monkeypatch):
    def listener(objekt_id: int) -> None:
        raise ValueError("Netz weg")

    monkeypatch.setitem(events._subscribers, "test.geschehen", {"tests.listener": listener})
    events.publish("test.geschehen", 7)
    row = Zustellung.objects.get()
    with pytest.raises(ValueError, match="Netz weg"):
        events.deliver(row.pk)
    for _ in range(30):
        events.deliver(row.pk)
    row.refresh_from_db()
    assert (row.status, row.versuch) == (Auftragsstatus.WARTET, 1)


@pytest.mark.django_db
def test_beat_sends_what_is_due_and_nothing_else(heard, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr("jobcenter.common.tasks.deliver.delay", lambda zustellung_id: sent.append(zustellung_id))
    for objekt_id in (1, 2, 3):
        events.publish("test.geschehen", objekt_id)
    done, later, due = Zustellung.objects.order_by("pk")
    events.deliver(done.pk)
    Zustellung.objects.filter(pk=later.pk).update(naechster_versuch=clock.now() + timedelta(minutes=1))
    deliver_due()
    assert sent == [due.pk]


def test_a_wrong_task_name_fails_at_once():
    from jobcenter.common.queue import enqueue

    with pytest.raises(KeyError):
        enqueue("beirat.gibt_es_nicht", sitzung_id=1)
