"""From the publication to the file, with what goes wrong on the way."""

import time
from datetime import timedelta
from threading import Thread

import pytest
from celery import current_app
from django.core.files.storage import default_storage
from django.db import connection

from jobcenter.berichte.actions import claim_bericht, note_progress
from jobcenter.berichte.models import Bericht
from jobcenter.berichte.tasks import explain, order_programm_pdf, render_bericht, render_due
from jobcenter.common import clock, events
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.jobs import Attempt, JobLost
from jobcenter.common.models import Zustellung

pytestmark = pytest.mark.django_db


def test_a_publication_orders_its_report_once(veroeffentlichung):
    row = Zustellung.objects.get(abonnent="jobcenter.berichte.tasks.order_programm_pdf")
    events.deliver(row.pk)
    events.deliver(row.pk)
    order_programm_pdf(veroeffentlichung.pk)
    bericht = Bericht.objects.get()
    assert (bericht.fassung, bericht.status) == (veroeffentlichung.fassung, Auftragsstatus.WARTET)
    assert str(bericht.angefordert_von) == "Hintergrunddienst"


@pytest.mark.django_db(transaction=True)
def test_the_task_makes_the_file_and_a_second_call_nothing(bericht):
    render_bericht(bericht_id=bericht.pk)
    bericht.refresh_from_db()
    assert (bericht.status, bericht.fortschritt, bericht.versuch) == (Auftragsstatus.FERTIG, 100, 1)
    with default_storage.open(bericht.datei) as file:
        pdf = file.read()
    assert pdf.startswith(b"%PDF-1.7")
    assert (bericht.groesse, bericht.seiten > 5) == (len(pdf), True)

    before = Bericht.objects.values().get()
    render_bericht(bericht_id=bericht.pk)
    assert Bericht.objects.values().get() == before


def test_a_report_that_is_gone_is_no_fault(db):
    render_bericht(bericht_id=4711)


def test_a_missing_font_fails_with_a_plain_sentence_and_is_tried_again(bericht, settings, tmp_path, caplog):
    settings.NPM_DIR = tmp_path
    render_bericht(bericht_id=bericht.pk)
    bericht.refresh_from_db()
    assert bericht.status == Auftragsstatus.WARTET
    assert bericht.fehler == "Das PDF konnte nicht gesetzt werden (PdfError). Einzelheiten stehen im Protokoll der Technik."
    assert bericht.naechster_versuch > clock.now() + timedelta(seconds=15)
    assert bericht.lease_bis is None
    assert "fira-sans-latin-400" in caplog.text  # the whole error, for those who repair it


def test_a_store_that_refuses_fails_with_a_plain_sentence(bericht, media):
    media.mkdir()
    (media / "berichte").write_text("a file where a folder should be")
    render_bericht(bericht_id=bericht.pk)
    bericht.refresh_from_db()
    assert bericht.status == Auftragsstatus.WARTET
    assert bericht.fehler.startswith("Eine Datei konnte nicht gelesen oder geschrieben werden")
    assert [path.name for path in media.iterdir()] == ["berichte"]  # no rest of the temporary file


def test_a_full_disk_is_called_so():
    assert explain(OSError(28, "No space left on device")) == "Der Speicher für Dateien ist voll. Bitte sagen Sie der Technik Bescheid."


def attempt_at(bericht, versuch, system) -> Attempt:
    return Attempt(
        bericht,
        lambda fortschritt, schritt: note_progress(bericht=bericht, versuch=versuch, fortschritt=fortschritt, schritt=schritt, by=system),
    )


@pytest.mark.django_db(transaction=True)
def test_a_long_step_keeps_its_lease(bericht, system, monkeypatch):
    monkeypatch.setattr(Bericht, "LEASE", timedelta(seconds=1))
    versuch = claim_bericht(bericht=bericht, by=system)
    with attempt_at(bericht, versuch, system) as attempt:
        attempt.note(40, "Seite 3 wird gesetzt")
        time.sleep(1.6)  # longer than the lease, as a large table may take
        bericht.refresh_from_db()
        assert claim_bericht(bericht=bericht, by=system) is None
        assert (bericht.fortschritt, bericht.schritt) == (40, "Seite 3 wird gesetzt")
    assert bericht.lease_bis > clock.now()


@pytest.mark.django_db(transaction=True)
def test_an_attempt_that_lost_its_job_stops_at_the_next_step(bericht, system, monkeypatch):
    monkeypatch.setattr(Bericht, "LEASE", timedelta(seconds=0))  # runs out at once: a machine that stood still
    first = claim_bericht(bericht=bericht, by=system)
    monkeypatch.setattr(Bericht, "LEASE", timedelta(seconds=120))
    second = claim_bericht(bericht=bericht, by=system)
    assert (first, second) == (1, 2)
    with pytest.raises(JobLost), attempt_at(bericht, first, system) as attempt:
        attempt.note(50, "Seite 4 wird gesetzt")
    bericht.refresh_from_db()
    assert (bericht.versuch, bericht.fortschritt) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_file(bericht, media):
    def work() -> None:
        render_bericht(bericht_id=bericht.pk)
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    bericht.refresh_from_db()
    assert (bericht.status, bericht.versuch) == (Auftragsstatus.FERTIG, 1)
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_beat_sends_what_is_due_and_nothing_else(bericht, publish_year, finish, system):
    later = clock.now() + timedelta(hours=1)
    Bericht.objects.create(art="programm", fassung=publish_year(2024), angefordert_von=system, naechster_versuch=later)
    finish(Bericht.objects.create(art="programm", fassung=publish_year(2025), angefordert_von=system))
    assert sent_by(render_due) == [bericht.pk]


def sent_by(beat_task) -> list[int]:
    """The ids that a beat task puts into the queue of reports, read from the broker itself."""
    with current_app.connection_for_write() as broker:
        queue = broker.SimpleQueue("berichte")
        queue.clear()
        beat_task()
        return [queue.get(timeout=5).payload[1]["bericht_id"] for _ in range(queue.qsize())]
