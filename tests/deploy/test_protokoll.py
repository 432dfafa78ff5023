"""What is written down helps to find a fault and names nobody."""

import io
import json
import logging

import pytest
from celery import shared_task
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from jobcenter.common.protokoll import JsonFormatter, mask
from jobcenter.konten.models import User

REFUSED = {"email": "erika@musterburg.example", "name": "Erika Beispiel\n\nZweite Zeile", "rollen": ["gibtsnicht"]}
TOKEN = "3k-cu2p9t-0123456789abcdef0123456789abcdef"


def _fail(request: HttpRequest, key: str) -> HttpResponse:
    raise ValueError(f"no mail to erika.beispiel+jc@musterburg.example with {key}")


urlpatterns = [path("konto/neu/<key>/", login_not_required(_fail)), path("", include("jobcenter.urls"))]


class Lines(list[dict]):
    @property
    def text(self) -> str:
        return json.dumps(self, ensure_ascii=False)


@pytest.fixture
def written():
    """Everything that is logged during the test, in the form of production."""

    class Handler(logging.StreamHandler):
        def emit(self, record: logging.LogRecord) -> None:
            super().emit(record)
            lines.append(json.loads(out.getvalue().splitlines()[-1]))

    lines, out = Lines(), io.StringIO()
    handler = Handler(out)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    request_log = logging.getLogger("jobcenter.request")
    level = request_log.level
    request_log.setLevel(logging.INFO)
    yield lines
    request_log.setLevel(level)
    logging.getLogger().removeHandler(handler)


@pytest.mark.urls("tests.deploy.test_protokoll")
def test_an_error_names_neither_the_person_nor_the_key_of_the_link(db, written):
    browser = Client(raise_request_exception=False)
    answer = browser.get(f"/konto/neu/{TOKEN}/?mail=erika.beispiel@musterburg.example&geheim={TOKEN}", REMOTE_ADDR="203.0.113.77")
    assert answer.status_code == 500
    failure = next(line for line in written if line["logger"] == "django.request")
    assert "ValueError: no mail to [E-Mail] with [Schlüssel]" in failure["exception"]
    assert failure["message"] == "Internal Server Error: /konto/neu/[Schlüssel]/"
    for private in ("erika", "musterburg", TOKEN, "0123456789abcdef", "203.0.113", "mail="):
        assert private not in written.text


@pytest.mark.urls("tests.deploy.test_protokoll")
def test_all_lines_of_a_request_and_its_answer_carry_one_number(db, written):
    answer = Client(raise_request_exception=False).get(f"/konto/neu/{TOKEN}/")
    number = answer.headers["X-Request-ID"]
    assert {line["request_id"] for line in written} == {number}
    assert f"Vorgang {number}" in answer.text
    last = written[-1]
    assert (last["method"], last["path"], last["status"]) == ("GET", "/konto/neu/[Schlüssel]/", 500)
    assert last["duration_ms"] > 0
    again = Client(raise_request_exception=False).get(f"/konto/neu/{TOKEN}/")
    assert again.headers["X-Request-ID"] != number


@pytest.mark.parametrize(
    ("trusted", "given", "taken"),
    [(True, "a1b2c3d4e5f6", True), (False, "a1b2c3d4e5f6", False), (True, "erika@musterburg.example", False), (True, "x" * 65, False)],
)
def test_only_a_trusted_proxy_brings_the_number_and_only_a_number(settings, trusted, given, taken):
    settings.TRUST_PROXY = trusted
    answer = Client(headers={"X-Request-ID": given}).get("/-/live")
    assert (answer.headers["X-Request-ID"] == given) is taken


def test_health_and_static_files_make_no_lines(db, written, client):
    client.get("/-/live")
    client.get("/static/fehlt.css")
    assert [line for line in written if line["logger"] == "jobcenter.request"] == []
    client.get("/impressum/?q=geheim")
    assert [line["path"] for line in written if line["logger"] == "jobcenter.request"] == ["/impressum/"]


def test_a_refused_row_stays_out_of_the_log(db, written):
    """PostgreSQL repeats the whole row in its complaint."""
    try:
        User.objects.create_user(**REFUSED)
    except IntegrityError:
        logging.getLogger("test").exception("a row was refused")
    assert "user_rollen_bekannt" in written.text
    for private in ("Erika", "Zweite Zeile", "musterburg"):
        assert private not in written.text


@shared_task(name="tests.deploy.write_a_line")
def _write_a_line() -> None:
    logging.getLogger("test").info("inside")


def test_lines_of_a_job_carry_its_name_and_number(written):
    result = _write_a_line.apply()
    inside = next(line for line in written if line["message"] == "inside")
    assert (inside["task"], inside["task_id"]) == ("tests.deploy.write_a_line", result.id)
    ended = next(line for line in written if "succeeded" in line["message"])
    assert ended["duration_ms"] > 0
    logging.getLogger("test").info("afterwards")
    assert "task" not in written[-1]


@pytest.mark.parametrize(
    "text",
    [
        "/presse/2026/003-neues-arbeitsmarktprogramm-fuer-das-jahr-2027/",
        "/massnahmen/12/",
        "Task berichte.render_bericht[0d2c7b2e-6f2b-4f1c-9d5a-3b1c2d4e5f60] received",
        'File "jobcenter/berichte/pdf/programm.py", line 120, in render_programm_bericht_2026',
        "Programm 2027, Fassung 1: attempt 2 failed",
    ],
)
def test_what_finds_the_fault_stays(text):
    assert mask(text) == text


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        "eyJpZCI6MX0:1tXyZ9:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFy",
        "kPq3_v9Xw2LzT8rYb1NcQ7",
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "erika%40musterburg.example",
    ],
)
def test_what_opens_a_door_is_masked(secret):
    assert secret not in mask(f"GET /konto/einladung/{secret}/ 200")
    assert secret not in mask(f"token={secret}, next")
