"""Bad input over HTTP, at every form behind the sign-in and at every public page: always an answer below 500, and a sentence."""

import re
from collections.abc import Iterator

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from jobcenter.konten.enums import Rolle
from massnahmen.models import Kapitel
from tests.html import Page

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>"
VALUES = {
    "script": SCRIPT,
    "nul": "a\x00b",
    "control": "a\x01\x08\x1b\x7f\u202e\ufffeb",
    "header": "Betreff\r\nBcc: alle@example.de\r\n\r\nText",
    "long": "ä" * 300_000,
    "lone surrogate": "a\\ud800",
    "number": "9" * 5000,
    "arabic digits": "٣٤٥",
    "template": "{{ 7|add:7 }}{% debug %}${7*7}",
    "sql": "'; DROP TABLE konten_user; --",
    "path": "../../../../etc/passwd",
    "empty": "",
}


@pytest.fixture
def alles(person):
    """One account with every role, so that every form opens."""
    return person("Alba Alles", *Rolle)


@pytest.fixture
def formulare(position, sitzung, presse) -> list[str]:
    """Every page with a form that the test's small programme can open; found by its address, so that a new one is not forgotten."""
    from jobcenter.presse.actions import create_pressemitteilung

    mitteilung = create_pressemitteilung(titel="Neu", vorspann="Kurz.", text="Lang.", by=presse)
    return [
        reverse("massnahmen:massnahme-anlegen", args=[2027]),
        reverse("massnahmen:massnahme-bearbeiten", args=[2027, position.massnahme_id]),
        reverse("massnahmen:kapitel-bearbeiten", args=[2027, 2]),
        reverse("massnahmen:zusammenfassung-bearbeiten", args=[2027]),
        reverse("massnahmen:programm-vorlegen", args=[2027]),
        reverse("presse:pressemitteilung-anlegen"),
        reverse("presse:pressemitteilung-bearbeiten", args=[mitteilung.pk]),
        reverse("beirat:sitzung-planen"),
        reverse("beirat:top-anlegen", args=[sitzung.nummer]),
        reverse("beirat:anwesenheit-erfassen", args=[sitzung.nummer]),
        "/intern/zwischenstand/",
        "/intern/zwischenstand/verwerfen/",
        "/konto/login/",
        "/konto/password/reset/",
    ]


def names_of(browser: Client, url: str) -> list[str]:
    answer = browser.get(url)
    if answer.status_code != 200:
        return ["zwischenstand", "text", "login", "email", "password", "next"]
    found = {e.attrs["name"] for tag in ("input", "textarea", "select") for e in Page(answer.content).all(tag) if "name" in e.attrs}
    return sorted(found - {"csrfmiddlewaretoken"})


@pytest.mark.parametrize("kind", VALUES)
def test_every_form_answers_every_nonsense(formulare, alles, signed_in, kind):
    value = VALUES[kind]
    for url in formulare:
        browser = Client() if url.startswith("/konto/") else signed_in(alles)
        answer = browser.post(url, dict.fromkeys(names_of(browser, url), value))
        assert answer.status_code < 500, url
        assert SCRIPT not in answer.content.decode(), url
        assert "\x00" not in answer.content.decode() or url == "/konto/login/", url  # allauth's field shows it as typed
        assert "Bcc" not in str(answer.headers), url


def test_html_in_every_field_is_text_wherever_it_is_shown(signed_in, presse, texte_mit_script):
    browser = signed_in(presse)
    answer = browser.post(reverse("presse:pressemitteilung-anlegen"), texte_mit_script, follow=True)
    assert answer.status_code == 200
    for url in (answer.request["PATH_INFO"], f"{answer.request['PATH_INFO']}vorschau/", "/intern/presse/", "/intern/"):
        page = browser.get(url).content.decode()
        assert "<script>alert" not in page, url
        assert "onerror=alert(1)>" not in page.replace("&quot;", "").replace("&gt;", "") or "&lt;img" in page, url


@pytest.fixture
def texte_mit_script() -> dict[str, str]:
    return {"titel": f"T{SCRIPT}", "vorspann": SCRIPT, "text": f"{SCRIPT}\n\n{SCRIPT}"}


def test_no_line_break_gets_into_a_header_of_a_mail():
    mail = EmailMessage("Neu\nBcc: alle@example.de", "Text", "a@example.de", ["b@example.de"])
    with pytest.raises(ValueError, match="Header values can't contain newlines"):
        mail.message()


def test_a_title_with_line_breaks_is_one_line(signed_in, presse):
    from jobcenter.presse.models import Pressemitteilung

    signed_in(presse).post(reverse("presse:pressemitteilung-anlegen"), {"titel": VALUES["header"], "vorspann": "Kurz.", "text": "Lang."})
    assert not re.search(r"[\r\n]", Pressemitteilung.objects.get().titel)


OEFFENTLICH = [
    "/",
    "/massnahmen/",
    "/arbeitsmarktprogramm/",
    "/beirat/",
    "/beirat/beschluesse/",
    "/kennzahlen/",
    "/presse/",
    "/berichte/",
    "/api/v1/massnahmen/",
]
PARAMETER = ["seite", "jahr", "text", "q", "sortierung", "instrument", "gruppe", "limit", "offset", "next", "format", "zwischenstand"]


def queries() -> Iterator[str]:
    for value in (
        "x" * 10_000,
        "%00",
        "%FF%FE",
        "%ED%A0%80",
        "%",
        "-1",
        "9" * 400,
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "%D9%A3",
        "1&jahr=2",
        "[]",
    ):
        yield "&".join(f"{name}={value}" for name in PARAMETER)


@pytest.mark.parametrize("query", list(queries()), ids=lambda query: query[6:26])
def test_no_query_breaks_a_page(client, signed_in, alles, formulare, query):
    browser = signed_in(alles)
    for who, urls in (
        (client, OEFFENTLICH),
        (browser, [*formulare, "/intern/", "/intern/presse/", "/intern/programm/", "/intern/beirat/sitzungen/"]),
    ):
        for url in urls:
            answer = who.get(f"{url}?{query}")
            assert answer.status_code < 500, f"{url}?{query[:80]}"
            assert b"<script>alert(1)" not in answer.content, url


@pytest.mark.parametrize(
    "path",
    [
        "/%FF%FE/",
        "/presse/%00/",
        "/%ED%A0%80/",
        "/presse/2026/1-%3Cscript%3E/",
        "/" + "x/" * 2000,
        "/%2e%2e/%2e%2e/etc/passwd",
        "/intern/\u202e/",
    ],
)
def test_no_path_breaks_the_portal(client, path):
    answer = client.get(path)
    assert answer.status_code in {302, 400, 404}
    assert b"<script>" not in answer.content


# --- bodies ---------------------------------------------------------------------------------------------------------


def sentence(answer) -> str:
    return Page(answer.content).all("h1")[0].text.strip()


@pytest.fixture
def url(programm) -> str:
    return reverse("massnahmen:kapitel-bearbeiten", args=[2027, 2])


def test_a_body_that_is_too_large_is_413_with_our_own_page(signed_in, planung, url):
    answer = signed_in(planung).post(url, {"text": "x" * 6_000_000, "version": "1"})
    assert answer.status_code == 413
    assert Page(answer.content).title.endswith("Jobcenter Musterburg")
    assert sentence(answer)


def test_a_request_with_files_that_is_too_large_is_413_too(signed_in, planung, url):
    answer = signed_in(planung).generic(
        "POST", url, b"--x\r\n", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(61 * 1024 * 1024)
    )
    assert answer.status_code == 413


def test_too_many_fields_are_413(signed_in, planung, url):
    answer = signed_in(planung).post(url, {f"f{number}": "x" for number in range(1001)})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"text": "x"}'),
        ("text/xml", b"<x/>"),
        ("application/x-www-form-urlencoded; charset=gibtesnicht", b"text=x"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"text=x"),
        ("application/x-www-form-urlencoded", b"\xff\xfe\x00&&&===%%%"),
        ("multipart/form-data", b"kein boundary"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhalb'),
        ("multipart/form-data; boundary=" + "x" * 500, b"--x"),
        ("", b"text=x"),
        ("\u00e4", b"text=x"),
    ],
)
def test_a_body_of_another_kind_is_refused_with_a_sentence(signed_in, planung, url, content_type, body):
    answer = signed_in(planung).generic("POST", url, body, content_type=content_type)
    assert 400 <= answer.status_code < 500
    assert sentence(answer)


def test_broken_letters_are_replaced_and_the_rest_is_saved(signed_in, planung, url):
    sent = b"text=vorher%FF%FEnachher&stand=arbeit&version=1"
    assert signed_in(planung).generic("POST", url, sent, content_type="application/x-www-form-urlencoded").status_code == 302
    assert Kapitel.objects.get(nummer=2).text == "<p>vorher\ufffd\ufffdnachher</p>"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_a_method_that_nobody_needs_is_refused(signed_in, planung, url, method):
    assert signed_in(planung).generic(method, "/intern/").status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver\r\nx: y", "[::1"])
def test_an_unknown_host_is_refused(client, host):
    assert client.get("/intern/", headers={"host": host}).status_code == 400


def test_the_sign_in_leads_nowhere_else(client, planung):
    from tests.conftest import PASSWORT

    for target in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "\r\nSet-Cookie: a=b"):
        answer = Client().post("/konto/login/", {"login": planung.email, "password": PASSWORT, "next": target})
        assert answer.status_code in {302, 400}
        assert "evil" not in answer.get("Location", "")
        assert "a" not in answer.cookies
