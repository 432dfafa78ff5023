import uuid
from datetime import datetime

import pytest
from django.urls import reverse

from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(client):
    return lambda meldung: Page(client.get(reverse("portal:barriere-gemeldet", args=[meldung.schluessel])).content)


def test_it_says_the_number_and_until_when_there_will_be_an_answer(receipt, meldung, at):
    at(datetime(2026, 11, 20, 9))
    text = receipt(meldung(mail="leser@example.org")).one("main").text
    assert "B-1/2026" in text
    assert "Sie bekommen bis 20.\u00a0Dezember\u00a02026 eine Antwort per E-Mail." in text


def test_without_an_address_it_says_how_to_get_the_answer(receipt, meldung):
    assert "Sie haben keine E-Mail-Adresse angegeben." in receipt(meldung()).one("main").text


def test_it_repeats_nothing_of_what_was_written(receipt, meldung):
    html = receipt(meldung("Streng geheim", mail="leser@example.org")).one("body").text
    assert "Streng geheim" not in html
    assert "leser@example.org" not in html


@pytest.mark.parametrize(
    ("seite", "leads_back"), [("/presse/", True), ("//boese.example/", False), ("/\\boese.example", False), ("Seite 3 im PDF", False)]
)
def test_it_leads_back_only_within_the_portal(receipt, meldung, seite, leads_back):
    page = receipt(meldung(seite=seite))
    assert ("Zurück zu der Seite" in page.one("main").text) == leads_back
    assert not any("boese" in link for link in page.links())


def test_nobody_guesses_one(client, meldung):
    meldung()
    assert client.get(reverse("portal:barriere-gemeldet", args=[uuid.uuid4()])).status_code == 404


def test_it_sets_no_cookie_and_stays_in_no_cache(client, meldung):
    response = client.get(reverse("portal:barriere-gemeldet", args=[meldung().schluessel]))
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "no-store" in response["Cache-Control"]
