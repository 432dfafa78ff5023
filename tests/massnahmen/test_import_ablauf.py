"""The way of an import: who may, all or nothing, two at once, a dead worker, and back again as long as nothing builds on it."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection

from jobcenter.common import clock
from jobcenter.common.actions import TransitionError
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Kommentar
from massnahmen.actions import assign_handlungsfeld, begin_beteiligung, open_programm, update_position
from massnahmen.actions.importe import (
    Importergebnis,
    claim_import,
    discard_import,
    finish_import,
    recheck_import,
    retry_import,
    take_over_import,
    undo_import,
)
from massnahmen.enums import Importzustand
from massnahmen.models import Finanzierung, Import, Importzeile, Massnahme, Programmposition, Zielgruppe
from massnahmen.tasks import check_due, check_import
from tests.journey.processes import ROOT, database_url, wait_for

DATEI = ("Titel;Beginn;Plätze;Zielgruppen;Kosten EGT", "Kurs A;1.1.2027;5;u25;10", "Kurs B;1.1.2027;6;;20", "Kurs C;1.1.2027;7;u25;")


@pytest.fixture
def checked(upload, check_file, table, programm, zielgruppe) -> Import:
    return check_file(upload("massnahmen", table(*DATEI), programm=programm))


@pytest.fixture
def taken(checked, planung) -> Import:
    return take_over_import(quelle=checked, by=planung)


def state() -> list[object]:
    return [
        *Massnahme.objects.order_by("pk").values(),
        *Programmposition.objects.order_by("pk").values(),
        *Finanzierung.objects.order_by("pk").values(),
        *Massnahme.zielgruppen.through.objects.order_by("pk").values(),
    ]


# --- rights -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("art", "who"),
    [
        ("massnahmen", "controlling"),
        ("budget", "planung"),
        ("meldungen", "planung"),
        ("massnahmen", "leitung"),
        ("meldungen", "administration"),
        ("massnahmen", "fremd"),
    ],
)
def test_only_whose_business_it_is_hands_a_file_in(request, upload, programm, art, who):
    with pytest.raises(PermissionDenied):
        upload(art, b"Titel\nKurs", by=request.getfixturevalue(who), programm=programm if art == "massnahmen" else None, jahr=2027)
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_only_whose_business_it_is_decides(checked, controlling, leitung, administration):
    for who in (controlling, leitung, administration):
        for act in (take_over_import, discard_import, recheck_import):
            with pytest.raises(PermissionDenied):
                act(quelle=checked, by=who)
        with pytest.raises(PermissionDenied):
            undo_import(quelle=checked, grund="x", by=who)
    assert not Massnahme.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "sees"),
    [("planung", 1), ("controlling", 1), ("leitung", 1), ("administration", 1), ("presse", 0), ("geschaeftsstelle", 0), ("fremd", 0)],
)
def test_who_sees_imports(request, checked, who, sees):
    assert Import.objects.visible_to(request.getfixturevalue(who)).count() == sees


# --- submit -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_file_is_kept_by_its_fingerprint_and_not_taken_over_twice(taken, upload, table, programm, media, planung):
    assert (media / f"importe/{taken.pruefsumme}.csv").read_bytes() == table(*DATEI)
    with pytest.raises(TransitionError, match="Genau diese Datei ist am .* schon übernommen"):
        upload("massnahmen", table(*DATEI), programm=programm)


@pytest.mark.django_db
def test_measures_need_a_draft(upload, table, fassung, programm):
    programm.refresh_from_db()
    with pytest.raises(TransitionError, match="kann jetzt nicht geändert werden"):
        upload("massnahmen", table(*DATEI), programm=programm)


# --- take over, undo --------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_take_over_is_all_and_the_lines_know_what_they_became(taken, programm):
    assert taken.zustand == Importzustand.UEBERNOMMEN
    titles = dict(Massnahme.objects.values_list("pk", "titel"))
    assert [titles[line.objekt_id] for line in taken.zeilenliste.all()] == ["Kurs A", "Kurs B", "Kurs C"]
    assert programm.positionen.count() == 3


@pytest.mark.django_db
def test_take_over_is_nothing_when_one_line_no_longer_fits(checked, planung, zielgruppe):
    Zielgruppe.objects.all().delete()
    with pytest.raises(TransitionError, match="Seit der Prüfung wurde .* geändert. Prüfen Sie die Datei neu"):
        take_over_import(quelle=checked, by=planung)
    checked.refresh_from_db()
    assert (checked.zustand, Massnahme.objects.count(), Importzeile.objects.exclude(objekt_id=None).count()) == ("geprueft", 0, 0)


@pytest.mark.django_db
def test_the_second_of_two_equal_files_is_refused_and_checked_again(upload, check_file, table, programm, zielgruppe, planung):
    first, second = (check_file(upload("massnahmen", table(*DATEI), programm=programm)) for _ in range(2))
    take_over_import(quelle=first, by=planung)
    with pytest.raises(TransitionError, match="„Kurs A“ schon ins Arbeitsmarktprogramm 2027 aufgenommen. Prüfen Sie die Datei neu"):
        take_over_import(quelle=second, by=planung)
    again = check_file(recheck_import(quelle=second, by=planung))
    second.refresh_from_db()
    assert (second.zustand, again.zustand, again.fehlerzahl) == (Importzustand.VERWORFEN, Importzustand.FEHLERHAFT, 3)
    assert Massnahme.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_take_over_at_once_double_nothing(upload, check_file, table, programm, zielgruppe, planung):
    imports = [check_file(upload("massnahmen", table(*DATEI), programm=programm)) for _ in range(2)]
    barrier, refused = Barrier(2), []

    def work(quelle: Import) -> None:
        barrier.wait()
        try:
            take_over_import(quelle=quelle, by=planung)
        except TransitionError as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=work, args=[quelle]) for quelle in imports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), Massnahme.objects.count()) == (1, 3)


@pytest.mark.django_db
def test_undo_leaves_no_trace_but_the_reason(position, checked, planung):
    before = state()
    taken = take_over_import(quelle=checked, by=planung)
    assert len(state()) > len(before)
    done = undo_import(quelle=taken, grund=" Es war die Datei vom Vorjahr. ", by=planung)
    assert state() == before
    assert (done.zustand, done.grund, done.entschieden_von) == (Importzustand.ZURUECKGENOMMEN, "Es war die Datei vom Vorjahr.", planung)


@pytest.mark.django_db
def test_undo_gives_a_continued_measure_back_what_it_had(upload, check_file, table, position, planung):
    programm28 = open_programm(jahr=2028, by=planung)
    before = Massnahme.objects.values().get() | {"version": None}
    quelle = check_file(
        upload("massnahmen", table("Titel;Beginn;Ort;Zielgruppen", "Neuer Start im Betrieb;1.1.2027;Halle;"), programm=programm28)
    )
    taken = take_over_import(quelle=quelle, by=planung)
    undo_import(quelle=taken, grund="x", by=planung)
    assert Massnahme.objects.values().get() | {"version": None} == before
    assert (Massnahme.objects.get().zielgruppen.count(), programm28.positionen.count()) == (1, 0)


@pytest.mark.django_db
def test_undo_needs_a_reason(taken, planung):
    with pytest.raises(TransitionError, match="Der Grund fehlt"):
        undo_import(quelle=taken, grund="  ", by=planung)


def _change(taken, planung, angaben):
    position = Programmposition.objects.get(massnahme__titel="Kurs A")
    update_position(position=position, version=1, angaben=angaben, by=planung)
    return "„Neuer Start im Betrieb“ wurde seitdem geändert"


def _assign(taken, planung, angaben):
    assign_handlungsfeld(position=Programmposition.objects.get(massnahme__titel="Kurs A"), handlungsfeld=angaben.handlungsfeld, by=planung)
    return "„Kurs A“ wurde seitdem geändert"


def _comment(taken, planung, angaben):
    Kommentar.objects.create(objekt=Massnahme.objects.get(titel="Kurs A"), text="Gut", von=planung)
    return "zu „Kurs A“ gibt es einen Kommentar"


def _freeze(taken, planung, angaben):
    begin_beteiligung(programm=taken.programm, by=planung)
    return "vorgelegt"


def _plan_elsewhere(taken, planung, angaben):
    other = open_programm(jahr=2028, by=planung)
    Programmposition.objects.create(programm=other, massnahme=Massnahme.objects.get(titel="Kurs A"))
    return "„Kurs A“ steht auch im Arbeitsmarktprogramm 2028"


@pytest.mark.django_db
@pytest.mark.parametrize("build_on", [_change, _assign, _comment, _freeze, _plan_elsewhere])
def test_undo_says_what_builds_on_it_and_changes_nothing(taken, planung, angaben, build_on):
    words = build_on(taken, planung, angaben)
    before = state()
    with pytest.raises(TransitionError, match="lässt sich nicht mehr zurücknehmen") as refused:
        undo_import(quelle=taken, grund="x", by=planung)
    assert words in str(refused.value)
    assert state() == before


# --- the worker -------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_the_worker_checks_and_the_beat_finds_what_was_lost(upload, table, programm, zielgruppe, monkeypatch):
    quelle = upload("massnahmen", table(*DATEI), programm=programm)
    asked = []
    monkeypatch.setattr(check_import, "delay", lambda **ids: asked.append(ids))
    check_due()
    assert asked == [{"import_id": quelle.pk}]
    check_import(import_id=quelle.pk)
    quelle.refresh_from_db()
    assert (quelle.status, quelle.zustand, quelle.zeilen, quelle.fortschritt) == (Auftragsstatus.FERTIG, Importzustand.GEPRUEFT, 3, 100)
    check_import(import_id=quelle.pk)
    assert Importzeile.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_missing_file_is_given_up_with_a_sentence_and_tried_again_on_request(upload, table, programm, planung):
    quelle = upload("massnahmen", table(*DATEI), programm=programm)
    default_storage.delete(quelle.datei)
    for _ in range(Import.MAX_VERSUCHE):
        Import.objects.update(naechster_versuch=clock.now())
        check_import(import_id=quelle.pk)
    quelle.refresh_from_db()
    assert (quelle.status, quelle.fehler) == (
        Auftragsstatus.GESCHEITERT,
        "Die Datei ist im Speicher nicht mehr da. Bitte laden Sie sie noch einmal hoch.",
    )
    assert retry_import(quelle=quelle, by=planung).status == Auftragsstatus.WARTET


@pytest.mark.django_db
def test_a_late_first_worker_changes_nothing(upload, check_file, table, programm, zielgruppe, system):
    quelle = upload("massnahmen", table(*DATEI), programm=programm)
    first = claim_import(quelle=quelle, by=system)
    assert claim_import(quelle=quelle, by=system) is None, "the lease still holds"
    Import.objects.update(lease_bis=clock.now() - timedelta(seconds=1))
    check_file(quelle)
    before = Import.objects.values().get()
    late = Importergebnis(fehler=[{"stelle": "x", "satz": "y"}], fehlerzahl=1)
    assert finish_import(quelle=quelle, versuch=first, ergebnis=late, by=system) is None
    assert Import.objects.values().get() == before


@pytest.mark.django_db
def test_what_is_being_read_cannot_be_thrown_away(upload, table, programm, planung, system):
    quelle = upload("massnahmen", table(*DATEI), programm=programm)
    claim_import(quelle=quelle, by=system)
    with pytest.raises(TransitionError, match="gerade geprüft"):
        discard_import(quelle=quelle, by=planung)


WORKER = """
import time, django
django.setup()
from massnahmen.imports import pruefung
def stuck(*arguments):
    print("reading", flush=True)
    time.sleep(60)
pruefung.open_rohdatei = stuck
from massnahmen.tasks import check_import
check_import(import_id={pk})
"""


@pytest.mark.django_db(transaction=True)
def test_after_a_killed_worker_the_next_one_begins_anew(upload, table, programm, zielgruppe, settings):
    quelle = upload("massnahmen", table(*DATEI), programm=programm)
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "jobcenter.settings",
        "JOBCENTER_VAR": str(settings.VAR_DIR),
        "DEMO": "1",
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(pk=quelle.pk)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert worker.stdout.readline() == "reading\n"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    wait_for(lambda: Import.objects.get().status == Auftragsstatus.IN_ARBEIT, "the claim", 5)
    Import.objects.update(lease_bis=clock.now() - timedelta(seconds=1))
    check_import(import_id=quelle.pk)
    quelle.refresh_from_db()
    assert (quelle.versuch, quelle.zustand, Importzeile.objects.count()) == (2, Importzustand.GEPRUEFT, 3)
