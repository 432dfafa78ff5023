"""What people meet when something goes wrong: what happened, what to do, whom to ask, a way on. As a page and as a fragment."""

import re
from io import BytesIO

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from jobcenter.common.fehler import permission_denied
from massnahmen.actions import reopen_programm
from tests.conftest import PASSWORT
from tests.html import Page

HTMX = {"HX-Request": "true"}
SEEN: dict[str, str] = {}  # title → status, filled by every test of this file that meets a page


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.DEBUG = False
    settings.ROOT_URLCONF = "tests.portal.urls_stoerung"


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def check_fehlerseite(response: HttpResponse, status: int, heading: str, way_on: str = "/") -> Page:
    """The same for every page: status, one h1, its own title, telephone, mail, a way on, kept by nobody."""
    assert response.status_code == status
    page = Page(response.content)
    assert page.one("h1").text.strip() == heading
    assert page.title != heading
    assert SEEN.setdefault(page.title, heading) == heading
    assert len(page.all("main")) == 1
    assert page.one("meta", name="robots").attrs["content"] == "noindex"
    kontakt = django_settings.INSTANZ.kontakt
    in_main = page.one("main").text
    assert kontakt.telefon in in_main
    assert kontakt.mail in in_main
    assert {way_on, "/massnahmen/"} <= page.links()
    assert "no-store" in response["Cache-Control"]
    return page


def check_fragment(response: HttpResponse, status: int, words: str) -> None:
    """One alert and no frame, so that nothing is put inside itself."""
    assert response.status_code == status
    page = Page(response.content)
    assert page.elements[0].attrs["role"] == "alert"
    assert words in page.elements[0].text
    assert not page.all("main")
    assert not page.all("h1")


def test_400_a_request_that_nobody_understands(visitor):
    response = visitor.get("/", headers={"host": "anderswo.example"})
    check_fehlerseite(response, 400, "Diese Anfrage verstehen wir nicht")
    check_fragment(visitor.get("/", headers={"host": "anderswo.example", **HTMX}), 400, "Diese Anfrage verstehen wir nicht.")


@pytest.mark.django_db
def test_403_not_with_this_account(signed_in, presse, programm):
    address = reverse("massnahmen:massnahme-anlegen", args=[programm.jahr])
    page = check_fehlerseite(signed_in(presse).get(address), 403, "Das dürfen Sie mit diesem Konto nicht", reverse("portal:aufgaben"))
    assert "Abmelden" in page.one("header").text
    check_fragment(signed_in(presse).get(address, headers=HTMX), 403, "Das dürfen Sie mit diesem Konto nicht.")


def test_403_outside_asks_nobody_who_they_are():
    request = RequestFactory().get("/daten/")  # no session, no user
    check_fehlerseite(permission_denied(request, PermissionDenied()), 403, "Das dürfen Sie mit diesem Konto nicht")


def test_403_a_form_without_its_token():
    client = Client(enforce_csrf_checks=True)
    check_fehlerseite(client.post(reverse("account_login"), {}), 403, "Dieses Formular war zu lange offen")
    check_fragment(client.post(reverse("account_login"), {}, headers=HTMX), 403, "Dieses Formular war zu lange offen.")


def test_404_outside_sets_no_cookie_and_does_not_vary(visitor):
    response = visitor.get("/gibt-es-nicht/")
    page = check_fehlerseite(response, 404, "Diese Seite gibt es nicht")
    assert reverse("account_login") in page.links()
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    check_fragment(visitor.get("/gibt-es-nicht/", headers=HTMX), 404, "Das gibt es nicht mehr")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/intern/gibt-es-nicht/", "/intern/programm/1999/"])
def test_404_inside_keeps_the_frame_of_the_staff(signed_in, planung, visitor, address):
    page = check_fehlerseite(signed_in(planung).get(address), 404, "Diese Seite gibt es nicht", reverse("portal:aufgaben"))
    assert "Abmelden" in page.one("header").text


@pytest.mark.django_db
def test_405_an_address_that_only_answers_a_button(signed_in, planung):
    response = signed_in(planung).get(reverse("common:zwischenstand-verwerfen"))
    check_fehlerseite(response, 405, "So lässt sich diese Seite nicht öffnen", reverse("portal:aufgaben"))
    assert "POST" in response["Allow"]


@pytest.mark.django_db
def test_409_too_late(signed_in, leitung, fassung):
    address = reverse("massnahmen:programm-vorlegen", args=[fassung.programm.jahr])
    page = check_fehlerseite(signed_in(leitung).get(address), 409, "Das geht gerade nicht", reverse("portal:aufgaben"))
    assert "beim Beirat" in page.one("main").text
    check_fragment(signed_in(leitung).get(address, headers=HTMX), 409, "beim Beirat")
    reopen_programm(programm=fassung.programm, grund="Noch eine Änderung", by=leitung)
    assert signed_in(leitung).get(address).status_code == 200


@pytest.fixture
def with_token() -> Client:
    """A browser that has opened a form: its token is looked for in the body before any view sees it."""
    browser = Client(enforce_csrf_checks=True)
    browser.get(reverse("account_login"))
    return browser


@pytest.mark.parametrize(
    "body",
    [{"login": "x" * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}, {f"feld{n}": "1" for n in range(1001)}],
    ids=["too many bytes", "too many fields"],
)
def test_413_too_large(with_token, body):
    form = {"content_type": "application/x-www-form-urlencoded"}
    encoded = "&".join(f"{name}={value}" for name, value in body.items())
    check_fehlerseite(with_token.post(reverse("account_login"), encoded, **form), 413, "Das ist zu groß für uns")
    check_fragment(with_token.post(reverse("account_login"), encoded, headers=HTMX, **form), 413, "Das ist zu groß.")


def test_413_too_many_files(with_token, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    files = {f"datei{n}": BytesIO(b"x") for n in range(3)}
    check_fehlerseite(with_token.post(reverse("account_login"), files), 413, "Das ist zu groß für uns")


@pytest.mark.django_db
def test_429_too_many_attempts(visitor, planung):
    wrong = {"login": planung.email, "password": f"{PASSWORT}-falsch"}
    answers = [visitor.post(reverse("account_login"), wrong) for _ in range(40)]
    limited = [answer for answer in answers if answer.status_code == 429]
    assert limited
    check_fehlerseite(limited[0], 429, "Das waren zu viele Versuche")
    check_fragment(visitor.post(reverse("account_login"), wrong, headers=HTMX), 429, "Das waren zu viele Versuche.")


def test_500_a_fault_of_ours_tells_nothing_of_the_program(visitor):
    response = visitor.get("/kaputt/")  # without the mark django_db a query would be refused
    check_fehlerseite(response, 500, "Bei uns ist etwas schiefgegangen")
    assert "ValueError" not in response.content.decode()
    fragment = visitor.get("/kaputt/", headers=HTMX)
    check_fragment(fragment, 500, "Bei uns ist etwas schiefgegangen.")
    # what stood there stays there, the sentence appears above it
    assert (fragment["HX-Retarget"], fragment["HX-Reswap"]) == ("#stoerung", "innerHTML")


@pytest.mark.django_db
def test_503_a_database_in_trouble(visitor):
    response = visitor.get("/langsam/")
    check_fehlerseite(response, 503, "Das Portal ist gerade nicht erreichbar")
    assert response["Retry-After"] == "60"


@pytest.mark.django_db
def test_503_as_a_fragment(visitor):
    fragment = visitor.get("/langsam/", headers=HTMX)
    check_fragment(fragment, 503, "Das Portal ist gerade nicht erreichbar.")
    assert fragment["HX-Retarget"] == "#stoerung"


@pytest.mark.django_db(transaction=True)
def test_503_also_when_it_fails_before_any_view(signed_in, planung):
    browser = signed_in(planung)
    browser.raise_request_exception = False
    params = connection.get_connection_params()
    place = {name: params[name] for name in ("host", "port", "user", "password", "dbname") if params.get(name)}
    with connection.cursor() as cursor, psycopg.connect(**place) as other:
        other.execute("LOCK TABLE konten_user IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET lock_timeout = 100")
        response = browser.get(reverse("portal:aufgaben"))
        other.rollback()
        cursor.execute("RESET lock_timeout")
    check_fehlerseite(response, 503, "Das Portal ist gerade nicht erreichbar")


@pytest.mark.django_db
def test_the_page_about_a_fragment_has_a_place_for_it(signed_in, planung):
    page = Page(signed_in(planung).get(reverse("portal:aufgaben")).content)
    assert page.by_id("stoerung").text == ""


def test_no_error_page_carries_code(visitor):
    for address in ("/gibt-es-nicht/", "/kaputt/"):
        html = visitor.get(address).content.decode()
        assert not re.search(r"\sstyle=|\son\w+=|<style", html)
