"""Live says that the process answers; ready that it can work, and otherwise what is missing."""

import socket
from datetime import timedelta

import pytest
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.common.dienste import TAKT
from jobcenter.common.models import Regeldienst
from jobcenter.portal.middleware import StoerungMiddleware
from jobcenter.portal.queries import betrieb
from jobcenter.post.models import Versand

MIB = 1024 * 1024


def test_live_asks_nobody(client):
    response = client.get(reverse("portal:live"))
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.fixture(autouse=True)
def _asked_for_the_first_time(monkeypatch):
    """A process keeps in mind that its database is complete."""
    monkeypatch.setattr(betrieb, "_migrated", set())


@pytest.fixture
def takt(db) -> Regeldienst:
    return Regeldienst.objects.create(name=TAKT)


def ready(client) -> tuple[int, dict]:
    response = client.get(reverse("portal:ready"))
    assert response["Cache-Control"] == "no-store"
    return response.status_code, response.json()


def test_ready(client, takt):
    assert ready(client) == (200, {"bereit": True, "fehlt": {}, "warnungen": {}})


@pytest.mark.django_db
def test_a_missing_migration_is_named(client):
    MigrationRecorder.Migration.objects.filter(app="beirat").delete()
    status, answer = ready(client)
    assert (status, list(answer["fehlt"])) == (503, ["migrationen"])


def test_it_is_cheap_from_the_second_time_on(client, takt, django_assert_num_queries):
    ready(client)
    with django_assert_num_queries(5):  # the database answers; three kinds of job, last beat
        ready(client)


@pytest.mark.parametrize("minutes", [6, 60])
def test_a_beat_that_is_silent_is_a_warning_and_pages_go_on(client, takt, minutes):
    Regeldienst.objects.update(zuletzt_am=clock.now() - timedelta(minutes=minutes))
    status, answer = ready(client)
    assert (status, answer["bereit"], list(answer["warnungen"])) == (200, True, ["takt"])


def test_a_job_that_nobody_takes_is_a_warning(client, takt, planung):
    waits = {"an": planung, "adresse": planung.email, "betreff": "x", "text": "x"}
    long_ago = clock.now() - timedelta(minutes=11)
    Versand.objects.create(**waits, naechster_versuch=clock.now() - timedelta(minutes=9))
    Versand.objects.create(**waits, naechster_versuch=long_ago, sammelbar=True)  # waits for the digest, and is meant to
    assert ready(client)[1]["warnungen"] == {}
    Versand.objects.create(**waits, naechster_versuch=long_ago)
    status, answer = ready(client)
    assert (status, list(answer["warnungen"])) == (200, ["auftraege"])
    assert planung.email not in str(answer)


@pytest.mark.parametrize(
    ("free", "total", "status", "said"),
    [
        (49 * MIB, 1000 * MIB, 503, {"fehlt": ["speicher"], "warnungen": []}),
        (199 * MIB, 1000 * MIB, 200, {"fehlt": [], "warnungen": ["speicher"]}),
        (400 * MIB, 10_000 * MIB, 200, {"fehlt": [], "warnungen": ["speicher"]}),
        (600 * MIB, 10_000 * MIB, 200, {"fehlt": [], "warnungen": []}),
    ],
)
def test_a_disk_that_fills_is_said_in_time(client, takt, monkeypatch, free, total, status, said):
    monkeypatch.setattr(betrieb, "_disk", lambda: (free, total))
    got, answer = ready(client)
    assert (got, {part: list(answer[part]) for part in said}) == (status, said)


def test_databases_that_are_away_are_named_without_addresses(client, monkeypatch, settings):
    def away(*args, **kwargs):
        raise OperationalError('connection to server at "10.0.0.7" failed')

    monkeypatch.setattr(connections["default"], "cursor", away)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.REDIS_URL = f"redis://:geheim@127.0.0.1:{closed.getsockname()[1]}/0"
    response = client.get(reverse("portal:ready"))
    assert response.status_code == 503
    assert set(response.json()["fehlt"]) == {"datenbank", "redis"}
    assert b"10.0.0.7" not in response.content
    assert b"geheim" not in response.content
    assert b"127.0.0.1" not in response.content


def test_visitors_meet_a_page_when_the_database_is_away(rf):
    middleware = StoerungMiddleware(lambda request: HttpResponse())
    response = middleware.process_exception(rf.get("/"), OperationalError("weg"))
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "gerade nicht erreichbar" in response.content.decode()
    assert middleware.process_exception(rf.get("/"), ValueError()) is None
