"""The frame of all background jobs, on each kind there is: one worker at a time, a late one changes nothing, pauses grow."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from celery.schedules import schedule
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jobcenter.berichte.models import Bericht
from jobcenter.celery import Takt
from jobcenter.common import clock, jobs
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Auftrag, Ereignis, Zustellung
from jobcenter.common.transitions import TransitionError
from jobcenter.post.models import Versand
from massnahmen.models import Arbeitsmarktprogramm, Fassung

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def _versand(system) -> Versand:
    return Versand.objects.create(adresse="a@example.org", betreff="x", text="x")


def _zustellung(system) -> Zustellung:
    return Zustellung.objects.create(ereignis=Ereignis.objects.create(name="test.geschehen", objekt_id=1), abonnent="tests.listener")


def _bericht(system) -> Bericht:
    from jobcenter.common.canonical import canonical_json, fingerprint
    from massnahmen.queries import collect_inhalt

    programm = Arbeitsmarktprogramm.objects.create(jahr=2027, titel="Arbeitsmarktprogramm 2027")
    text = canonical_json(collect_inhalt(programm))
    fassung = Fassung.objects.create(programm=programm, nummer=1, inhalt=text, pruefsumme=fingerprint(text), vorgelegt_von=system)
    return Bericht.objects.create(art="programm", fassung=fassung, angefordert_von=system)


@pytest.fixture(params=[_versand, _zustellung, _bericht], ids=["Versand", "Zustellung", "Bericht"])
def row(request, system) -> Auftrag:
    """A waiting job of each kind."""
    return request.param(system)


@pytest.fixture
def claim(row) -> Callable[[], int | None]:
    def take() -> int | None:
        with transaction.atomic():
            return jobs.claim(row)

    return take


def fail(row: Auftrag, versuch: int) -> Auftrag:
    with transaction.atomic():
        jobs.fail(jobs.hold(row, versuch), "Netz weg")
    row.refresh_from_db()
    return row


def wait_out(row: Auftrag) -> None:
    """As if the pause or the lease were over."""
    type(row)._default_manager.filter(pk=row.pk).update(naechster_versuch=clock.now() - SECOND)
    type(row)._default_manager.filter(pk=row.pk, status=Auftragsstatus.IN_ARBEIT).update(lease_bis=clock.now() - SECOND)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_the_same_moment_one_has_the_job(row):
    barrier = Barrier(2)

    def work() -> int | None:
        try:
            with transaction.atomic():
                barrier.wait(10)
                versuch = jobs.claim(row)
                barrier.wait(10)  # both have asked before one of them commits
                return versuch
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = [future.result(20) for future in [pool.submit(work) for _ in range(2)]]
    assert sorted(outcomes, key=str) == [1, None]
    row.refresh_from_db()
    assert (row.status, row.versuch) == (Auftragsstatus.IN_ARBEIT, 1)


def test_a_job_is_held_for_its_lease_and_no_longer(row, claim):
    assert claim() == 1
    assert claim() is None
    row.refresh_from_db()
    assert timedelta() < row.lease_bis - clock.now() <= row.LEASE
    wait_out(row)
    assert claim() == 2


def test_who_says_that_it_goes_on_keeps_the_job(row, claim):
    versuch = claim()
    wait_out(row)
    assert jobs.extend(row, versuch)
    assert claim() is None


def test_a_late_worker_changes_nothing(row, claim):
    first = claim()
    wait_out(row)
    second = claim()
    before = type(row).objects.values().get()
    with transaction.atomic():
        assert jobs.hold(row, first) is None
        assert jobs.extend(row, first) is False
    assert type(row).objects.values().get() == before
    with transaction.atomic():
        assert jobs.hold(row, second).versuch == 2


def test_pauses_grow_up_to_the_longest(row, claim):
    pauses = []
    for _ in range(row.MAX_VERSUCHE - 1):
        fail(row, claim())
        assert (row.status, row.lease_bis, row.fehler) == (Auftragsstatus.WARTET, None, "Netz weg")
        pauses.append(round((row.naechster_versuch - clock.now()) / SECOND))
        assert claim() is None, "not before the pause is over"
        wait_out(row)
    expected = [min(row.FIRST_PAUSE * 2**n, row.LONGEST_PAUSE) / SECOND for n in range(row.MAX_VERSUCHE - 1)]
    assert pauses == pytest.approx(expected, abs=2)


def test_after_the_last_attempt_a_person_decides(row, claim):
    type(row).objects.update(versuch=row.MAX_VERSUCHE - 1)
    fail(row, claim())
    assert row.status == Auftragsstatus.GESCHEITERT
    wait_out(row)
    assert claim() is None
    with transaction.atomic():
        jobs.retry(row)
    row.refresh_from_db()
    assert (row.status, row.fehler, row.versuch) == (Auftragsstatus.WARTET, "", row.MAX_VERSUCHE)
    fail(row, claim())
    assert row.status == Auftragsstatus.WARTET, "asking again begins all attempts anew"
    assert round((row.naechster_versuch - clock.now()) / SECOND) == pytest.approx(row.FIRST_PAUSE / SECOND, abs=2)


def test_only_what_was_given_up_is_tried_again(row, claim):
    with pytest.raises(TransitionError, match="wartet"):
        jobs.retry(row)
    claim()
    with pytest.raises(TransitionError, match="in Arbeit"):
        jobs.retry(row)


def test_a_job_that_takes_its_worker_with_it_is_given_up(row, claim):
    for attempt in range(1, row.MAX_VERSUCHE + 1):
        assert claim() == attempt
        wait_out(row)  # the worker died without a word
    assert claim() is None
    row.refresh_from_db()
    assert (row.status, row.fehler) == (Auftragsstatus.GESCHEITERT, jobs.TOOK_ITS_WORKER)


@pytest.mark.parametrize("jump", [HOUR, 3 * HOUR, timedelta(days=400)])
def test_a_pause_written_by_a_clock_that_ran_ahead_is_never_longer_than_the_longest(row, claim, jump):
    with clock.moved_to(timezone.now() + jump):
        fail(row, claim())
    for minute in range(row.LONGEST_PAUSE // timedelta(minutes=1) + 2):  # beat looks again and again
        with clock.moved_to(timezone.now() + minute * timedelta(minutes=1)):
            if claim() == 2:
                return
    pytest.fail("it hangs")


@pytest.mark.parametrize("jump", [HOUR, 3 * HOUR, timedelta(days=400)])
def test_a_lease_written_by_a_clock_that_ran_ahead_ends_within_two_leases(row, claim, jump):
    with clock.moved_to(timezone.now() + jump):
        assert claim() == 1
    with clock.moved_to(timezone.now() + 2 * row.LEASE + SECOND):
        assert claim() == 2


# --- the clock of beat ------------------------------------------------------------------------------------------
def test_beat_does_not_wait_for_a_clock_that_was_set_back():
    beat = Takt(15)
    ahead = datetime.now(UTC) + HOUR
    assert not schedule(15).is_due(ahead).is_due, "this is what would hang for an hour"
    assert beat.is_due(ahead).is_due
    assert beat.is_due(ahead).next == 15


def test_beat_keeps_its_time_otherwise():
    now = datetime.now(UTC)
    assert not Takt(15).is_due(now - 5 * SECOND).is_due
    assert Takt(15).is_due(now - 16 * SECOND).is_due


def test_beat_has_one_entry():
    from celery import current_app

    assert {name: entry["task"] for name, entry in current_app.conf.beat_schedule.items()} == {"takt": "common.run_due"}
    assert "common.run_due" in current_app.tasks


def test_beats_that_nobody_took_do_not_pile_up():
    from celery import current_app

    [takt] = current_app.conf.beat_schedule.values()
    assert takt["options"] == {"expires": settings.BEAT_SECONDS}
