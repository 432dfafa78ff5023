"""Seeding: all or nothing, once, on any day, and never where people are already."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beirat.enums import Sitzungsstatus
from beirat.models import Mitglied, Sitzung
from jobcenter.common import clock
from jobcenter.demo.konten import PASSWORT, Personen
from jobcenter.demo.vorfuehrung import seed_demo
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from jobcenter.post.models import Versand
from jobcenter.presse.models import Pressemitteilung
from kennzahlen.models import Jobcenter, Messwert
from massnahmen.enums import Programmstatus
from massnahmen.models import Arbeitsmarktprogramm, Fassung
from tests.demo.conftest import START
from tests.journey.processes import ROOT, database_url


def snapshot() -> dict[str, tuple]:
    """How many rows each table has, and the fingerprint of all of them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t")
            found[table] = cursor.fetchone()
    return found


def test_a_second_time_changes_nothing(db, at, settings, capsys):
    at(START)
    list(seed_demo())
    settings.DEMO = True
    before = snapshot()
    assert before["kennzahlen_jobcenter"][0] == 445
    with CaptureQueriesContext(connection) as queries:
        call_command("demo_daten")
    assert not [q["sql"] for q in queries if q["sql"].lstrip().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert snapshot() == before
    assert capsys.readouterr().out == ""


def test_a_first_time_that_breaks_off_leaves_nothing(db, at):
    at(START)
    before = snapshot()
    steps = seed_demo()
    while "Pressemitteilungen" not in next(steps):
        pass
    assert Sitzung.objects.count() == 21
    steps.close()
    assert {table: rows for table, (rows, _) in snapshot().items()} == {table: rows for table, (rows, _) in before.items()}
    list(seed_demo())
    assert Sitzung.objects.count() == 22


@pytest.mark.django_db(transaction=True)
def test_a_killed_first_time_leaves_nothing():
    """By SIGKILL, from outside, while it writes."""
    env = os.environ | {"DATABASE_URL": database_url(), "DEMO": "1"}
    with subprocess.Popen(
        [sys.executable, "-u", "manage.py", "demo_daten"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    ) as seeding:
        assert any("Beirat" in line for line in seeding.stdout), "it never came to the Beirat"
        seeding.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while _others_at_work() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Jobcenter.objects.exists()
    assert not User.objects.exclude(rollen__contains=[Rolle.SYSTEM]).exists()


def _others_at_work() -> int:
    """How many sessions of this database are inside a transaction, besides ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        return cursor.fetchone()[0]


def test_a_portal_in_use_is_never_filled(fremd, settings):
    settings.DEMO = True
    call_command("demo_daten")
    assert User.objects.get() == fremd
    assert not Jobcenter.objects.exists()


def test_without_demo_there_are_neither_data_nor_passwords(db, settings, capsys):
    settings.DEMO = False
    call_command("demo_daten")
    assert not User.objects.exists()
    Personen()
    call_command("demo_konten")
    assert PASSWORT not in capsys.readouterr().out


@pytest.mark.parametrize("start", ["2026-12-31", "2027-01-01", "2028-02-29"])
def test_it_holds_together_on_any_day(db, at, start):
    today = date.fromisoformat(start)
    at(datetime.combine(today, datetime.min.time().replace(hour=7)))
    list(seed_demo())
    assert Sitzung.objects.count() == 22
    s20, s21, s22 = Sitzung.objects.filter(nummer__gte=20).order_by("nummer")
    assert s20.geschlossen_am < s21.eroeffnet_am < s21.geschlossen_am < clock.now()
    assert s22.status == Sitzungsstatus.EINGELADEN
    assert timedelta(days=14) <= s22.beginn - clock.now() <= timedelta(days=36)
    assert {timezone.localtime(s.beginn).weekday() for s in (s20, s21, s22)} == {2}
    assert Arbeitsmarktprogramm.objects.get(status=Programmstatus.ENTWURF).jahr == today.year + 1
    assert Fassung.objects.vorgelegt().get().programm.jahr == today.year
    assert Mitglied.objects.active().count() == 14
    released = list(Pressemitteilung.objects.veroeffentlicht().order_by("freigegeben_am"))
    assert len(released) == 11
    for jahr in {m.jahr for m in released}:
        assert [m.nummer for m in released if m.jahr == jahr] == list(range(1, 1 + sum(m.jahr == jahr for m in released)))
    assert not Versand.objects.exclude(status="fertig").exists()
    assert Sitzung.objects.filter(status=Sitzungsstatus.GESCHLOSSEN).count() == 21
    newest = Messwert.objects.filter(jobcenter__traegernummer=settings.INSTANZ.jobcenter.traegernummer).aggregate(Max("datenstand__tag"))
    assert timedelta(0) <= today - newest["datenstand__tag__max"] <= timedelta(days=31)
