"""Live says that the process answers; ready that it can work, and otherwise what is missing."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisAway

from jobcenter.portal.middleware import StoerungMiddleware


def test_live_asks_nobody(client):
    response = client.get(reverse("portal:live"))
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready(client):
    response = client.get(reverse("portal:ready"))
    assert (response.status_code, response.json()) == (200, {"bereit": True, "fehlt": {}})
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_missing_migration_is_named(client):
    MigrationRecorder.Migration.objects.filter(app="beirat").delete()
    response = client.get(reverse("portal:ready"))
    assert response.status_code == 503
    assert list(response.json()["fehlt"]) == ["migrationen"]


def test_databases_that_are_away_are_named_without_addresses(client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError('connection to server at "10.0.0.7" failed')

    def redis_away(*args, **kwargs):
        raise RedisAway("redis://geheim")

    monkeypatch.setattr(connections["default"], "cursor", away)
    monkeypatch.setattr(cache, "get", redis_away)
    response = client.get(reverse("portal:ready"))
    assert response.status_code == 503
    assert set(response.json()["fehlt"]) == {"datenbank", "redis"}
    assert b"10.0.0.7" not in response.content
    assert b"geheim" not in response.content


def test_visitors_meet_a_page_when_the_database_is_away(rf):
    middleware = StoerungMiddleware(lambda request: HttpResponse())
    response = middleware.process_exception(rf.get("/"), OperationalError("weg"))
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "gerade nicht erreichbar" in response.content.decode()
    assert middleware.process_exception(rf.get("/"), ValueError()) is None
