"""The page cache: quick for visitors, never stale after an action, never anything private."""

import time
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from redis import Redis

from jobcenter.common import clock, seitenspeicher
from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, request_release

pytestmark = pytest.mark.django_db(transaction=True)  # only what is committed empties the cache
LISTE = "/presse/"


@pytest.fixture(autouse=True)
def _with_page_cache(settings, monkeypatch) -> None:
    settings.SEITENSPEICHER = True
    monkeypatch.setattr(seitenspeicher, "_silent_until", 0.0)


def kept() -> list[str]:
    return [key.decode().split("|")[2] for key in Redis.from_url(django_settings.REDIS_URL).keys("jobcenter:seiten:*|*")]


@pytest.fixture
def release(presse, presse2):
    def make(titel: str, sperrfrist=None):
        draft = create_pressemitteilung(titel=titel, vorspann="Kurz.", text="Lang.", sperrfrist=sperrfrist, by=presse)
        asked = request_release(pressemitteilung=draft, version=draft.version, by=presse)
        return release_pressemitteilung(pressemitteilung=asked, version=asked.version, by=presse2)

    return make


def test_the_second_visit_asks_neither_view_nor_database(client, release, django_assert_num_queries):
    release("Neue Werkstatt")
    first = client.get(LISTE)
    with django_assert_num_queries(0):
        second = Client().get(LISTE)
    assert second.content == first.content
    for response in (first, second):
        del response["X-Request-ID"]  # of the answer, not of the page
        assert int(response["X-Accel-Expires"].removeprefix("@")) <= time.time()
        del response["X-Accel-Expires"]
    assert dict(second.items()) == dict(first.items())
    assert second["Cache-Control"] == "public, no-cache"
    assert "Content-Security-Policy" in second.headers
    assert kept() == [LISTE]


def test_what_an_action_changed_is_shown_at_once(client, release):
    assert "Neue Werkstatt" not in client.get(LISTE).content.decode()
    release("Neue Werkstatt")
    assert "Neue Werkstatt" in client.get(LISTE).content.decode()


def test_a_change_that_is_undone_empties_nothing(client, release, django_assert_num_queries):
    client.get(LISTE)
    with pytest.raises(RuntimeError), transaction.atomic():
        release("Neue Werkstatt")
        raise RuntimeError
    with django_assert_num_queries(0):
        client.get(LISTE)


def test_a_page_begun_before_the_change_and_ready_after_it_is_never_shown():
    generation = seitenspeicher.begin_generation()
    seitenspeicher.clear()  # the action commits while the page is being made
    seitenspeicher.write("jobcenter:seiten:probe", generation, seitenspeicher.Seite({}, b"alt"))
    assert seitenspeicher.read("jobcenter:seiten:probe") == (None, None)
    seitenspeicher.begin_generation()
    assert seitenspeicher.read("jobcenter:seiten:probe")[1] is None


def test_the_end_of_an_embargo_shows_within_its_second(client, release):
    ende = clock.now() + timedelta(seconds=2)
    release("Bis eben geheim", sperrfrist=ende)
    assert "Bis eben geheim" not in client.get(LISTE).content.decode()
    assert LISTE in kept()
    time.sleep(max(0, (ende - clock.now()).total_seconds()) + 0.05)
    assert "Bis eben geheim" in client.get(LISTE).content.decode()


def test_who_is_signed_in_passes_by(client, signed_in, presse):
    browser = signed_in(presse)
    browser.get(LISTE)
    assert kept() == []
    client.get(LISTE)
    assert "X-Accel-Expires" not in browser.get(LISTE).headers


@pytest.mark.parametrize("path", ["/intern/", "/konto/login/", "/-/live", "/gibt-es-nicht/", "/presse/?seite=99", "/presse/?utm=1"])
def test_closed_pages_forms_failures_and_unknown_parameters_are_not_kept(client, path):
    client.get(path)
    assert kept() == []


def test_light_dark_and_system_are_three_pages(client):
    system = client.get(LISTE).content
    client.cookies["farbschema"] = "dunkel"
    dark = client.get(LISTE).content
    client.cookies["farbschema"] = "<script>"
    assert client.get(LISTE).content == system
    assert kept() == [LISTE, LISTE]
    assert len(dark) > 0


def test_who_has_the_page_gets_no_second_copy(client, release):
    first = client.get(LISTE)
    again = client.get(LISTE, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    release("Neue Werkstatt")
    changed = client.get(LISTE, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_the_answer_to_head_comes_out_of_the_cache_too(client, django_assert_num_queries):
    client.get(LISTE)
    with django_assert_num_queries(0):
        assert client.head(LISTE).status_code == 200


def test_other_hosts_are_other_pages_and_strange_ones_are_refused(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "jobcenter.example"]
    client.get(LISTE)
    client.get(LISTE, headers={"host": "jobcenter.example"})
    assert len(kept()) == 2
    assert client.get(LISTE, headers={"host": "evil.example"}).status_code == 400


def test_without_redis_every_page_is_made_anew_and_nobody_waits(client, monkeypatch):
    gone = Redis.from_url("redis://127.0.0.1:9/0", socket_connect_timeout=0.2)
    monkeypatch.setattr(seitenspeicher, "_redis", lambda: gone)
    begun = time.monotonic()
    for _ in range(3):
        assert client.get(LISTE).status_code == 200
    seitenspeicher.clear()
    assert time.monotonic() - begun < 10


def test_ever_new_pages_fill_no_memory(client, monkeypatch, veroeffentlichung):
    monkeypatch.setattr(seitenspeicher, "MOST", 2)
    for number in range(5):
        client.get(reverse("massnahmen:massnahme-liste"), {"zielgruppe": number})
    assert len(kept()) == 2


def test_an_answer_that_depends_on_what_is_accepted_is_not_kept(client):
    client.get("/api/schema/")
    wanted = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert wanted["Content-Type"].startswith("application/vnd.oai.openapi+json")
