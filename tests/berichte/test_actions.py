"""A report is claimed by one worker for a limited time, and finished by that worker or by nobody."""

import hashlib
import resource
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from jobcenter.berichte.actions import (
    claim_bericht,
    fail_bericht,
    finish_bericht,
    note_progress,
    request_bericht,
    retry_bericht,
)
from jobcenter.berichte.enums import Berichtsart
from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Ereignis
from jobcenter.common.transitions import TransitionError

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(at) -> Callable[[int], None]:
    """Move the clock on by seconds."""

    def move(seconds: int) -> None:
        at(timezone.make_naive(clock.now()) + timedelta(seconds=seconds))

    return move


def test_a_second_request_finds_the_first(bericht, leitung):
    again = request_bericht(art=Berichtsart.PROGRAMM, fassung=bericht.fassung, by=leitung)
    assert again == bericht
    assert Bericht.objects.count() == 1


def test_no_report_before_the_publication(beschluss, leitung):
    with pytest.raises(TransitionError, match="noch nicht veröffentlicht"):
        request_bericht(art=Berichtsart.PROGRAMM, fassung=beschluss.fassung, by=leitung)


@pytest.mark.parametrize("who", ["planung", "geschaeftsstelle", "controlling", "administration", "fremd"])
def test_only_leitung_and_presse_ask_for_a_report(request, veroeffentlichung, who):
    with pytest.raises(PermissionDenied):
        request_bericht(art=Berichtsart.PROGRAMM, fassung=veroeffentlichung.fassung, by=request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["leitung", "presse", "administration"])
def test_only_the_background_service_renders(request, bericht, who):
    with pytest.raises(PermissionDenied):
        claim_bericht(bericht=bericht, by=request.getfixturevalue(who))


def test_a_claimed_report_is_not_claimed_again(bericht, system):
    assert claim_bericht(bericht=bericht, by=system) == 1
    assert claim_bericht(bericht=bericht, by=system) is None


def test_a_lease_that_ran_out_is_claimed_again(bericht, system, later, settings):
    claim_bericht(bericht=bericht, by=system)
    later(settings.BERICHT_LEASE_SECONDS - 1)
    assert claim_bericht(bericht=bericht, by=system) is None
    later(2)
    assert claim_bericht(bericht=bericht, by=system) == 2


def test_progress_extends_the_lease(bericht, system, later, settings):
    claim_bericht(bericht=bericht, by=system)
    later(settings.BERICHT_LEASE_SECONDS - 1)
    assert note_progress(bericht=bericht, versuch=1, fortschritt=40, schritt="Seite 3", by=system)
    later(settings.BERICHT_LEASE_SECONDS - 1)
    assert claim_bericht(bericht=bericht, by=system) is None


def test_a_late_first_worker_changes_nothing(bericht, system, later, settings, media):
    claim_bericht(bericht=bericht, by=system)
    later(settings.BERICHT_LEASE_SECONDS + 1)
    claim_bericht(bericht=bericht, by=system)
    before = Bericht.objects.values().get()

    assert note_progress(bericht=bericht, versuch=1, fortschritt=90, schritt="zu spät", by=system) is False
    assert finish_bericht(bericht=bericht, versuch=1, pdf=b"%PDF late", seiten=1, by=system) is None
    fail_bericht(bericht=bericht, versuch=1, fehler="zu spät", by=system)

    assert Bericht.objects.values().get() == before
    assert not media.exists()


def test_a_worker_from_before_the_retry_is_still_too_late(bericht, system, leitung, later, settings):
    claim_bericht(bericht=bericht, by=system)  # this worker hangs
    for _ in range(Bericht.MAX_VERSUCHE - 1):
        later(settings.BERICHT_LEASE_SECONDS + 1)
        claim_bericht(bericht=bericht, by=system)
    later(settings.BERICHT_LEASE_SECONDS + 1)
    assert claim_bericht(bericht=bericht, by=system) is None  # given up
    retry_bericht(bericht=bericht, by=leitung)
    claim_bericht(bericht=bericht, by=system)

    assert finish_bericht(bericht=bericht, versuch=1, pdf=b"%PDF old", seiten=1, by=system) is None
    bericht.refresh_from_db()
    assert bericht.status == Auftragsstatus.IN_ARBEIT


def test_pauses_grow_and_five_failures_are_the_end(bericht, system, leitung, later):
    pauses = []
    for _ in range(Bericht.MAX_VERSUCHE):
        versuch = claim_bericht(bericht=bericht, by=system)
        fail_bericht(bericht=bericht, versuch=versuch, fehler="Der Speicher ist voll.", by=system)
        bericht.refresh_from_db()
        assert claim_bericht(bericht=bericht, by=system) is None  # not before the pause is over
        pause = round((bericht.naechster_versuch - clock.now()).total_seconds())
        pauses.append(pause)
        later(pause + 1)
    assert pauses == [20, 40, 80, 160, 320]
    assert (bericht.status, bericht.fehler) == (Auftragsstatus.GESCHEITERT, "Der Speicher ist voll.")
    assert claim_bericht(bericht=bericht, by=system) is None

    retry_bericht(bericht=bericht, by=leitung)
    versuch = claim_bericht(bericht=bericht, by=system)
    fail_bericht(bericht=bericht, versuch=versuch, fehler="Noch einmal.", by=system)
    bericht.refresh_from_db()
    assert bericht.status == Auftragsstatus.WARTET  # five new attempts


def test_five_workers_that_died_are_the_end(bericht, system, later, settings):
    for _ in range(Bericht.MAX_VERSUCHE):
        assert claim_bericht(bericht=bericht, by=system)
        later(settings.BERICHT_LEASE_SECONDS + 1)
    assert claim_bericht(bericht=bericht, by=system) is None
    bericht.refresh_from_db()
    assert bericht.status == Auftragsstatus.GESCHEITERT
    assert bericht.fehler.startswith("Der Hintergrunddienst wurde bei jedem Versuch beendet")


def test_a_finished_report_is_not_tried_again(bericht, finish, leitung):
    finish(bericht)
    with pytest.raises(TransitionError):
        retry_bericht(bericht=bericht, by=leitung)


def test_the_file_is_kept_once_and_said_once(bericht, finish, system, media):
    done = finish(bericht, b"%PDF-1.7 content", seiten=3)
    with default_storage.open(done.datei) as file:
        assert file.read() == b"%PDF-1.7 content"
    assert (done.groesse, done.seiten, done.fortschritt) == (16, 3, 100)
    assert claim_bericht(bericht=bericht, by=system) is None
    assert finish_bericht(bericht=bericht, versuch=1, pdf=b"%PDF-1.7 other", seiten=3, by=system) is None
    assert [path.name for path in media.rglob("*") if path.is_file()] == [f"{done.pruefsumme}.pdf"]
    assert Ereignis.objects.filter(name="berichte.bericht_fertig").count() == 1


def test_a_half_file_of_an_earlier_crash_is_replaced(bericht, finish, media):
    pdf = b"%PDF-1.7 " + b"x" * 1000
    name = f"{hashlib.sha256(pdf).hexdigest()}.pdf"
    (media / "berichte").mkdir(parents=True)
    (media / "berichte" / name).write_bytes(pdf[:100])
    done = finish(bericht, pdf)
    assert (media / done.datei).read_bytes() == pdf


def test_a_failed_write_leaves_no_file(bericht, system, media):
    """The operating system refuses files above a megabyte in the middle of the write, as a full disk does."""
    versuch = claim_bericht(bericht=bericht, by=system)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            finish_bericht(bericht=bericht, versuch=versuch, pdf=b"x" * 3_000_000, seiten=1, by=system)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not [path for path in media.rglob("*") if path.is_file()]
    bericht.refresh_from_db()
    assert bericht.status == Auftragsstatus.IN_ARBEIT


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_one_gets_the_report(bericht, system):
    barrier, got = Barrier(2), []

    def claim() -> None:
        barrier.wait()
        got.append(claim_bericht(bericht=bericht, by=system))
        connection.close()

    threads = [Thread(target=claim) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=str) == [1, None]
