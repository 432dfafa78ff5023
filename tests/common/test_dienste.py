"""Duties of every day: once after their hour, made up for after a pause, alone with each other, and no one stops the rest."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from threading import Barrier
from time import sleep

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from jobcenter.common import clock, dienste
from jobcenter.common.dienste import TAKT, every_beat, regeldienst, run_due
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Einreichung, Ereignis, Regeldienst, Zustellung, Zwischenstand
from jobcenter.common.tasks import delete_old
from massnahmen.models import Traeger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_register(monkeypatch) -> None:
    """What the rooms have registered is tested there."""
    for name in ("_dienste", "_every_beat", "_paused"):
        monkeypatch.setattr(dienste, name, {})


@pytest.fixture
def done() -> list[datetime]:
    """A duty at half past six, and when it ran."""
    calls: list[datetime] = []

    @regeldienst("test.dienst", um=time(6, 30))
    def duty() -> None:
        calls.append(clock.now())

    return calls


def test_it_runs_once_a_day_after_its_hour(done, at):
    at(datetime(2026, 11, 21, 12))
    run_due()
    assert len(done) == 1, "the first start makes up for the day"
    for moment, times in [
        (datetime(2026, 11, 21, 23, 59), 1),
        (datetime(2026, 11, 22, 6, 29), 1),
        (datetime(2026, 11, 22, 6, 30), 2),
        (datetime(2026, 11, 22, 6, 31), 2),
        (datetime(2026, 11, 22, 23), 2),
    ]:
        at(moment)
        run_due()
        assert len(done) == times, moment


def test_what_was_missed_while_beat_was_off_is_done_once(done, at):
    at(datetime(2026, 11, 20, 7))
    run_due()
    at(datetime(2026, 11, 24, 3))
    run_due()
    run_due()
    assert len(done) == 2


@pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 10, 25)])
def test_the_days_of_summer_time_have_one_run_each(done, at, day):
    at(day - timedelta(days=1) + timedelta(hours=7))
    run_due()
    for hours in range(25):
        at(day + timedelta(hours=hours))
        run_due()
    assert len(done) == 2


def test_a_clock_set_ahead_and_back_runs_it_once(done, at):
    at(datetime(2026, 11, 21, 7))
    run_due()
    at(datetime(2026, 11, 22, 7))  # an hour ahead
    run_due()
    at(datetime(2026, 11, 22, 6))
    run_due()
    at(datetime(2026, 11, 22, 6, 30))
    run_due()
    assert len(done) == 2


def test_a_clock_that_was_years_ahead_does_not_stop_it(done, at):
    at(datetime(2036, 11, 22, 7))
    run_due()
    at(datetime(2026, 11, 22, 7))
    run_due()
    run_due()
    assert len(done) == 2


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_do_it_once():
    barrier, calls = Barrier(2), []

    @regeldienst("test.dienst", um=time(0))
    def duty() -> None:
        calls.append(1)
        sleep(0.4)  # time in which the other one would come through without a lock
        Traeger.objects.create(name="Einmal", ort="Musterburg")

    def beat() -> None:
        try:
            barrier.wait(10)
            run_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(beat) for _ in range(2)]:
            future.result(20)
    assert (calls, Traeger.objects.filter(name="Einmal").count()) == ([1], 1)


def test_a_duty_that_fails_leaves_nothing_behind_and_stops_nobody(caplog, at):
    at(datetime(2026, 11, 22, 12))
    tried, reached = [], []

    @regeldienst("test.kaputt", um=time(0))
    def duty() -> None:
        tried.append(1)
        Traeger.objects.create(name="Halb", ort="Musterburg")
        raise ValueError("kaputt")

    @every_beat
    def broken_beat() -> None:
        raise ValueError("auch kaputt")

    @every_beat
    def beat() -> None:
        reached.append("beat")

    @regeldienst("test.danach", um=time(0))
    def after() -> None:
        reached.append("danach")

    run_due()
    assert reached == ["beat", "danach"]
    assert not Traeger.objects.filter(name="Halb").exists()
    assert "test.kaputt failed" in caplog.text
    assert "auch kaputt" in caplog.text
    assert Regeldienst.objects.get(name="test.kaputt").zuletzt_am == dienste.NEVER

    run_due()
    assert len(tried) == 1, "not before a pause"
    dienste._paused.clear()
    run_due()
    assert len(tried) == 2


def test_each_beat_is_noted(at):
    for moment in (datetime(2026, 11, 22, 12), datetime(2026, 11, 22, 12, 15)):
        at(moment)
        run_due()
        assert Regeldienst.objects.get(name=TAKT).zuletzt_am == clock.now()


# --- what has done its service ----------------------------------------------------------------------------------
def test_old_rows_go_and_young_ones_stay(planung):
    from uuid import uuid4

    now = clock.now()
    for days in (29, 31):
        Zwischenstand.objects.create(konto=planung, seite=f"/{days}/", felder={}, geaendert_am=now - timedelta(days=days))
    for days in (6, 8):
        Einreichung.objects.create(schluessel=uuid4(), konto=planung, ziel=f"/{days}/", am=now - timedelta(days=days))
    for days in (2, 4):
        Session.objects.create(session_key=f"k{days}", session_data="", expire_date=now - timedelta(days=days))
    Session.objects.create(session_key="valid", session_data="", expire_date=now + timedelta(hours=1))
    for name, days, status in [("jung", 80, "fertig"), ("alt", 100, "fertig"), ("offen", 100, "gescheitert"), ("ohne", 100, None)]:
        event = Ereignis.objects.create(name=name, objekt_id=1, am=now - timedelta(days=days))
        if status:
            done_at = now if status == Auftragsstatus.FERTIG else None
            Zustellung.objects.create(ereignis=event, abonnent="x", status=status, fertig_am=done_at)
    delete_old()
    assert list(Zwischenstand.objects.values_list("seite", flat=True)) == ["/29/"]
    assert list(Einreichung.objects.values_list("ziel", flat=True)) == ["/6/"]
    assert set(Session.objects.values_list("session_key", flat=True)) == {"k2", "valid"}
    assert set(Ereignis.objects.values_list("name", flat=True)) == {"jung", "offen"}


def test_what_the_rooms_have_registered(monkeypatch):
    """Read from the task modules themselves, because the register of this module is empty."""
    monkeypatch.undo()
    assert {(name, dienst.um) for name, dienst in dienste._dienste.items()} >= {
        ("common.aufraeumen", time(3)),
        ("post.sammelmails", time(7)),
    }
    assert set(dienste._every_beat) >= {
        "jobcenter.common.tasks.deliver_due",
        "jobcenter.post.tasks.deliver_due",
        "jobcenter.berichte.tasks.render_due",
    }
