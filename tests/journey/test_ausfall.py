"""PostgreSQL or Redis is away for half a minute while people work: a clear page, no restart, nothing acknowledged is lost."""

import http.cookiejar
import re
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.db import connection

from jobcenter.common.richtext import to_plain
from jobcenter.demo.konten import PASSWORT
from massnahmen.models import Arbeitsmarktprogramm, Kapitel
from tests.journey.processes import Portal, database_url, wait_for
from tests.journey.wire import Wire

AWAY_SECONDS = 30
PATIENCE = 20  # seconds that nobody may have to wait for an answer


@dataclass
class Answer:
    at: float
    status: int
    seconds: float
    text: str


@dataclass
class Person:
    """A browser without a window: keeps cookies, sends forms, notes every answer."""

    portal: Portal
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar, _StayHere())

    def open(self, path: str, form: dict | None = None) -> Answer:
        body = urllib.parse.urlencode(form).encode() if form else None
        begun = time.monotonic()
        request = urllib.request.Request(self.portal.url + path, body, {"Referer": self.portal.url + path})
        try:
            with self._opener.open(request, timeout=60) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        self.answers.append(Answer(begun, status, time.monotonic() - begun, text))
        return self.answers[-1]

    def sign_in(self, name: str) -> None:
        form = {"login": f"{name}@musterburg.example", "password": PASSWORT}
        form["csrfmiddlewaretoken"] = hidden(self.open("/konto/login/").text, "csrfmiddlewaretoken")
        assert self.open("/konto/login/", form).status == 302


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs) -> None:
        return None


def hidden(text: str, name: str) -> str:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
    return re.search(r'value="([^"]*)"', tag[0])[1] if tag else ""


def unix_or_tcp(path: str, host: str, port: int) -> Callable[[], socket.socket]:
    def connect() -> socket.socket:
        if not path:
            return socket.create_connection((host, port), timeout=5)
        end = socket.socket(socket.AF_UNIX)
        end.connect(path)
        return end

    return connect


@pytest.fixture
def wires(demo_portal: Portal, monkeypatch) -> dict[str, Wire]:
    """The portal reaches both servers through wires."""
    given = connection.settings_dict
    host = given["HOST"] or given["OPTIONS"].get("host", "")
    port = int(given["PORT"] or 5432)
    postgres = Wire(unix_or_tcp(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else "", host or "127.0.0.1", port))
    parts = urllib.parse.urlsplit(settings.REDIS_URL)
    redis = Wire(unix_or_tcp(parts.path if parts.scheme == "unix" else "", parts.hostname or "127.0.0.1", parts.port or 6379))
    number = urllib.parse.parse_qs(parts.query).get("db", [parts.path.strip("/")])[0] or "0"
    user = f"{given['USER']}:{urllib.parse.quote(given['PASSWORD'], safe='')}" if given["PASSWORD"] else given["USER"]
    name = re.search(r"application_name=[^&]+", database_url())[0]
    environment = demo_portal.environment() | {
        "DATABASE_URL": f"postgres://{user}@127.0.0.1:{postgres.port}/{given['NAME']}?{name}",
        "REDIS_URL": f"redis://127.0.0.1:{redis.port}/{number if number.isdigit() else 0}",
    }
    monkeypatch.setattr(demo_portal, "environment", lambda: environment)
    return {"postgres": postgres, "redis": redis}


@pytest.fixture
def kapitel(wires, demo_portal: Portal) -> Kapitel:
    demo_portal.start_web()
    return Arbeitsmarktprogramm.objects.get(status="entwurf").kapitel.get(nummer=2)


@pytest.fixture
def crowd(demo_portal: Portal, kapitel: Kapitel) -> Iterator[tuple[Person, Person, list[str]]]:
    """A visitor and a planner at work without pause; the texts whose saving was confirmed."""
    visitor, planner, confirmed, over = Person(demo_portal), Person(demo_portal), [], threading.Event()
    planner.sign_in("planung")
    address = f"/intern/programm/{kapitel.programm.jahr}/kapitel/{kapitel.nummer}/"

    def look() -> None:
        while not over.is_set():
            for path in ("/", "/presse/", "/kennzahlen/?x=uncached"):
                visitor.open(path)
            time.sleep(0.1)

    def write() -> None:
        number = 0
        while not over.is_set():
            page = planner.open(address)
            if page.status == 200:
                number += 1
                text = f"Stand {number}"
                form = {"text": text, "stand": "arbeit"} | {name: hidden(page.text, name) for name in ("csrfmiddlewaretoken", "version")}
                if planner.open(address, form).status == 302:
                    confirmed.append(text)
            time.sleep(0.1)

    threads = [threading.Thread(target=work) for work in (look, write)]
    for thread in threads:
        thread.start()
    try:
        yield visitor, planner, confirmed
    finally:
        over.set()
        for thread in threads:
            thread.join(60)


def since(person: Person, moment: float) -> list[Answer]:
    return [answer for answer in person.answers if answer.at >= moment]


def test_postgresql_away_for_half_a_minute(crowd, wires, kapitel):
    visitor, planner, confirmed = crowd
    wait_for(lambda: len(confirmed) > 3, "the first texts to be saved")
    wires["postgres"].cut()
    cut = time.monotonic()
    time.sleep(AWAY_SECONDS)
    during = since(visitor, cut + 1) + since(planner, cut + 1)
    assert {answer.status for answer in during} <= {200, 503}, "a page out of the cache, or the page about the disturbance"
    refused = [answer for answer in during if answer.status == 503]
    assert refused
    assert [answer.text[:200] for answer in refused if "09999 100-0" not in answer.text or "<h1" not in answer.text] == []
    assert max(answer.seconds for answer in during) < PATIENCE
    before = len(confirmed)

    wires["postgres"].join()
    wait_for(lambda: len(confirmed) > before + 3, "saving to go on without a restart", seconds=30)
    kapitel.refresh_from_db()
    last = int(to_plain(kapitel.text).removeprefix("Stand "))
    assert last >= int(confirmed[before].removeprefix("Stand "))
    history = set(map(to_plain, kapitel.events.values_list("text", flat=True)))
    assert set(confirmed) <= history, "what was confirmed is there"


def test_redis_away_for_half_a_minute(crowd, wires, kapitel, demo_portal: Portal):
    visitor, planner, confirmed = crowd
    wait_for(lambda: len(confirmed) > 3, "the first texts to be saved")
    wires["redis"].cut()
    cut, before = time.monotonic(), len(confirmed)
    newcomer = Person(demo_portal)
    newcomer.sign_in("leitung")  # also without the store of the rate limits
    time.sleep(AWAY_SECONDS)
    during = since(visitor, cut) + since(planner, cut) + newcomer.answers
    assert {answer.status for answer in during} <= {200, 302}, "nobody notices"
    assert max(answer.seconds for answer in during) < PATIENCE
    assert len(confirmed) > before + 3

    wires["redis"].join()
    joined = time.monotonic()
    wait_for(lambda: len(since(visitor, joined)) > 5, "more visits")
    kapitel.refresh_from_db()
    assert set(confirmed) <= set(map(to_plain, kapitel.events.values_list("text", flat=True)))
