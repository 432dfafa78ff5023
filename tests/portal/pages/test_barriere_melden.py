"""Anybody can say what does not work: without account, cookie or token, and not as easily for programs."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.portal.models import Barrieremeldung
from jobcenter.post.models import Versand
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = reverse("portal:barriere-melden")
LATER = timedelta(seconds=30)


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def form(client):
    """What a browser would send after reading the form for a while."""

    def read(seite: str = "/presse/") -> dict[str, str]:
        page = Page(client.get(URL, {"seite": seite}).content)
        fields = {e.attrs["name"]: e.attrs.get("value", "") for e in page.all("input") if "form" in e.inside and "main" in e.inside}
        return fields | {"was": "Das Menü geht mit der Tastatur nicht auf."}

    return read


def send(client, data: dict[str, str], after: timedelta = LATER, **headers: str):
    with clock.moved_to(clock.now() + after):
        return client.post(URL, data, headers=headers)


def faults(response) -> str:
    return Page(response.content).one("div", role="alert").text


def test_a_report_is_kept_and_told(client, form):
    response = send(client, form() | {"mail": "leser@example.org"})
    meldung = Barrieremeldung.objects.get()
    assert (response.status_code, response["Location"]) == (302, reverse("portal:barriere-gemeldet", args=[meldung.schluessel]))
    assert (meldung.was, meldung.seite, meldung.mail) == ("Das Menü geht mit der Tastatur nicht auf.", "/presse/", "leser@example.org")
    assert meldung.nummer_text == f"B-1/{clock.today().year}"
    letter = Versand.objects.get()
    assert letter.adresse == "jobcenter@musterburg.example"
    assert reverse("portal:barrieremeldung-detail", args=[meldung.pk]) in letter.text
    assert "leser@" not in letter.text  # it would outlive the report
    assert "Tastatur" not in letter.text


def test_neither_form_nor_report_sets_a_cookie_or_asks_for_one(client, form):
    for response in (client.get(URL), send(client, form())):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert "no-store" in response["Cache-Control"]  # the mark in it belongs to one visitor


@pytest.mark.parametrize(
    ("given", "shown"),
    [("/presse/", "/presse/"), ("https://boese.example/", ""), ("javascript:alert(1)", ""), ("", ""), ("/" + "x" * 300, "")],
)
def test_the_page_is_filled_in_from_the_link_if_it_is_one_of_ours(form, given, shown):
    assert form(given)["seite"] == shown


def test_every_page_links_here_with_its_own_address(client):
    links = Page(client.get(reverse("portal:impressum")).content).links()
    assert f"{URL}?seite=/impressum/" in links


def test_only_the_description_is_needed(client, form):
    assert send(client, form("") | {"mail": ""}).status_code == 302
    response = send(client, form("") | {"was": " \u200b "})
    assert response.status_code == 422
    assert "Die Beschreibung fehlt." in faults(response)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"mail": "keine Adresse"}, "Die E-Mail-Adresse ist nicht vollständig."), ({"was": "x" * 4001}, "„Was geht nicht?“ ist zu lang.")],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, form, changed, sentence):
    response = send(client, form() | changed)
    page = Page(response.content)
    assert response.status_code == 422
    assert sentence in faults(response)
    assert page.one("textarea").text.strip() == (changed.get("was") or "Das Menü geht mit der Tastatur nicht auf.")
    assert page.title.startswith("Fehler: ")
    assert not Barrieremeldung.objects.exists()


def test_the_same_form_sent_twice_reports_once(client, form):
    data = form()
    first, second = send(client, data), send(client, data)
    assert first["Location"] == second["Location"]
    assert Barrieremeldung.objects.count() == Versand.objects.count() == 1


def test_a_new_form_is_a_new_report(client, form):
    assert send(client, form())["Location"] != send(client, form())["Location"]
    assert [m.nummer for m in Barrieremeldung.objects.order_by("pk")] == [1, 2]


def test_who_is_faster_than_a_person_sends_again_with_the_same_form(client, form):
    data = form()
    response = send(client, data, after=timedelta(seconds=1))
    assert response.status_code == 422
    assert "Das ging sehr schnell." in faults(response)
    assert send(client, data).status_code == 302


def test_a_form_of_yesterday_is_sent_again_with_a_new_mark(client, form):
    data = form()
    response = send(client, data, after=timedelta(hours=25))
    assert response.status_code == 422
    assert "zu lange offen" in faults(response)
    renewed = Page(response.content).one("input", name="marke").attrs["value"]
    assert renewed != data["marke"]
    assert send(client, data | {"marke": renewed}, after=timedelta(hours=25, seconds=10)).status_code == 302


@pytest.mark.parametrize("marke", ["", "erfunden", "eyJhIjoxfQ:1abc:xyz"])
def test_a_mark_that_we_did_not_give_is_refused(client, form, marke):
    assert send(client, form() | {"marke": marke}).status_code == 422
    assert not Barrieremeldung.objects.exists()


def test_a_program_that_fills_in_everything_is_refused_and_nothing_is_swallowed(client, form):
    data = form()
    response = send(client, data | {"webseite": "https://spam.example"})
    page = Page(response.content)
    assert response.status_code == 422
    assert page.one("input", name="webseite").attrs.get("value", "") == ""
    assert page.one("textarea").text.strip() == data["was"]
    assert not Barrieremeldung.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 302),
        ({"sec-fetch-site": "none"}, 302),
        ({"origin": "http://testserver"}, 302),
        ({}, 302),  # an old browser
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://boese.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_another_site_cannot_report_in_somebodys_name(client, form, headers, status):
    response = send(client, form(), **headers)
    assert response.status_code == status
    assert Barrieremeldung.objects.exists() == (status == 302)


def test_ten_an_hour_from_one_address_and_the_text_is_not_lost(client, form):
    for _ in range(10):
        assert send(client, form()).status_code == 302
    response = send(client, form())
    assert response.status_code == 429
    assert Page(response.content).one("textarea").text.strip() == "Das Menü geht mit der Tastatur nicht auf."
    assert Barrieremeldung.objects.count() == 10


def test_without_redis_a_barrier_can_be_reported_all_the_same_and_is_counted(client, form, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:9/0"}}
    cache.clear()
    assert [send(client, form()).status_code for _ in range(11)] == [302] * 10 + [429]
    cache.clear()  # the memory of this process


def test_scripts_and_line_breaks_do_no_harm(client, form, signed_in, administration):
    send(client, form() | {"was": "<script>alert(1)</script>", "seite": "/x\r\nBcc: alle@example.org"})
    assert Versand.objects.count() == 1
    meldung = Barrieremeldung.objects.get()
    shown = signed_in(administration).get(reverse("portal:barrieremeldung-detail", args=[meldung.pk])).content.decode()
    assert "<script>alert" not in shown
    assert "\n" not in meldung.seite
