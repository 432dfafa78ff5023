"""The worker that reads deliveries: it dies, comes late, meets a missing file, and tells how far it is."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from kennzahlen.actions import claim_lieferung, finish_pruefung, take_over_lieferung
from kennzahlen.actions.lieferung import Pruefergebnis
from kennzahlen.enums import Lieferzustand
from kennzahlen.imports.csvdatei import CsvTabelle
from kennzahlen.models import Datenlieferung, Messwert
from kennzahlen.tasks import check_due, check_lieferung
from tests.journey.processes import ROOT, database_url, wait_for
from tests.kennzahlen.conftest import blocks

pytestmark = pytest.mark.django_db(transaction=True)
ZEILEN = ("99001;2026-07;K2;I;2601;9824,58", "99002;2026-07;K2;I;2500;10000")


def test_upload_worker_and_decision_make_a_value(submit, controlling):
    lieferung = submit(*ZEILEN)
    check_lieferung(lieferung_id=lieferung.pk)
    lieferung.refresh_from_db()
    assert (lieferung.status, lieferung.zustand, lieferung.fortschritt) == (Auftragsstatus.FERTIG, Lieferzustand.GEPRUEFT, 100)
    take_over_lieferung(lieferung=lieferung, by=controlling)
    assert Messwert.objects.published().get(zaehler=2601).nenner == 982458 * 12


def test_a_second_call_and_an_unknown_number_do_nothing(submit):
    lieferung = submit(*ZEILEN)
    check_lieferung(lieferung_id=lieferung.pk)
    before = Datenlieferung.objects.values().get()
    check_lieferung(lieferung_id=lieferung.pk)
    check_lieferung(lieferung_id=lieferung.pk + 1)
    assert Datenlieferung.objects.values().get() == before


def test_the_beat_finds_a_delivery_whose_message_was_lost(submit, monkeypatch):
    lieferung = submit(*ZEILEN)
    asked = []
    monkeypatch.setattr(check_lieferung, "delay", lambda **ids: asked.append(ids))
    check_due()
    assert asked == [{"lieferung_id": lieferung.pk}]


def test_a_missing_file_fails_with_a_plain_sentence_and_is_given_up(submit, monkeypatch):
    lieferung = submit(*ZEILEN)
    default_storage.delete(lieferung.datei)
    for _ in range(Datenlieferung.MAX_VERSUCHE):
        Datenlieferung.objects.update(naechster_versuch=clock.now())
        check_lieferung(lieferung_id=lieferung.pk)
    lieferung.refresh_from_db()
    assert (lieferung.status, lieferung.zustand) == (Auftragsstatus.GESCHEITERT, Lieferzustand.EINGEREICHT)
    assert lieferung.fehler == "Die Datei ist im Speicher nicht mehr da. Bitte liefern Sie sie noch einmal."


def test_after_a_dead_worker_the_next_one_begins_anew(submit, system):
    lieferung = submit(*ZEILEN)
    assert claim_lieferung(lieferung=lieferung, by=system) is not None  # and then the machine goes off
    check_lieferung(lieferung_id=lieferung.pk)
    lieferung.refresh_from_db()
    assert lieferung.versuch == 1, "the lease still holds"
    Datenlieferung.objects.update(lease_bis=clock.now() - timedelta(seconds=1))
    check_lieferung(lieferung_id=lieferung.pk)
    lieferung.refresh_from_db()
    assert (lieferung.versuch, lieferung.zustand, lieferung.zeilen) == (2, Lieferzustand.GEPRUEFT, 2)


def test_a_late_first_worker_changes_nothing(submit, system):
    lieferung = submit(*ZEILEN)
    first, _ = claim_lieferung(lieferung=lieferung, by=system)
    Datenlieferung.objects.update(lease_bis=clock.now() - timedelta(seconds=1))
    check_lieferung(lieferung_id=lieferung.pk)
    before = Datenlieferung.objects.values().get()
    late = Pruefergebnis(fehler=[{"stelle": "Zeile 1", "satz": "falsch"}], fehlerzahl=1)
    assert finish_pruefung(lieferung=lieferung, versuch=first, ergebnis=late, by=system) is None
    assert Datenlieferung.objects.values().get() == before


def test_progress_is_written_while_the_rows_run_in(submit, monkeypatch):
    """The connection is busy with COPY, so the heart writes over one of its own."""
    monkeypatch.setattr("jobcenter.common.jobs.LONGEST_BEAT", 0.1)
    release, read = Event(), CsvTabelle.copy_bloecke

    def slow(self):
        for block in read(self):
            yield block
            release.wait(10)

    monkeypatch.setattr(CsvTabelle, "copy_bloecke", slow)
    lieferung = submit(*ZEILEN)

    def work() -> None:
        check_lieferung(lieferung_id=lieferung.pk)
        connection.close()

    worker = Thread(target=work)
    worker.start()
    try:
        wait_for(lambda: Datenlieferung.objects.get().schritt.endswith("Zeilen gelesen"), "the progress", 10)
        assert 5 <= Datenlieferung.objects.get().fortschritt <= 50
    finally:
        release.set()
        worker.join()
    assert Datenlieferung.objects.get().zustand == Lieferzustand.GEPRUEFT


WORKER = """
import time, django
django.setup()
from kennzahlen.imports.csvdatei import CsvTabelle
read = CsvTabelle.copy_bloecke
def stuck(self):
    for block in read(self):
        yield block
        print("loading", flush=True)
        time.sleep(60)
CsvTabelle.copy_bloecke = stuck
from kennzahlen.tasks import check_lieferung
check_lieferung(lieferung_id={pk})
"""


def test_a_worker_killed_in_the_middle_of_the_load_leaves_nothing_half_done(submit, settings):
    lieferung = submit(*ZEILEN)
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "jobcenter.settings",
        "JOBCENTER_VAR": str(settings.VAR_DIR),
        "DEMO": "1",
    }
    command = [sys.executable, "-c", WORKER.format(pk=lieferung.pk)]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, start_new_session=True)
    try:
        assert worker.stdout.readline() == b"loading\n"
        assert Datenlieferung.objects.get().status == Auftragsstatus.IN_ARBEIT
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.communicate()
    time.sleep(0.2)
    assert not Messwert.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM kennzahlen_block_{lieferung.pk}")
        assert cursor.fetchone() == (0,), "nothing of the half load is kept"

    Datenlieferung.objects.update(lease_bis=clock.now() - timedelta(seconds=1))
    check_lieferung(lieferung_id=lieferung.pk)
    lieferung.refresh_from_db()
    assert (lieferung.versuch, lieferung.zustand, lieferung.vorschau["neu"]) == (2, Lieferzustand.GEPRUEFT, 2)
    assert {name for name in blocks() if name == f"kennzahlen_block_{lieferung.pk}"}
