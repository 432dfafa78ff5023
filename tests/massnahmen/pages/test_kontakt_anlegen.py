import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.models import Traegerkontakt
from tests.html import Page
from tests.massnahmen.conftest import sent_by

ENTRY = {"name": "Ada Frage", "funktion": "Leitung", "mail": "ada@bildungswerk.example", "telefon": "09999 41-7"}


@pytest.fixture
def url(traeger) -> str:
    return reverse("massnahmen:kontakt-anlegen", args=[traeger.pk])


@pytest.mark.parametrize("fields", [{}, {"mail": ""}, {"telefon": ""}, {"funktion": ""}])
def test_one_way_to_reach_somebody_is_enough(signed_in, planung, traeger, url, fields):
    response = signed_in(planung).post(url, ENTRY | fields, follow=True)
    assertRedirects(response, reverse("massnahmen:traeger-detail", args=[traeger.pk]) + "#kontakte")
    assertContains(response, "Ada Frage steht jetzt bei den Kontakten.")
    row = Traegerkontakt.objects.get()
    assert {name: getattr(row, name) for name in ENTRY} == ENTRY | fields


def test_sent_twice_it_stands_once(signed_in, planung, url):
    browser = signed_in(planung)
    key = Page(browser.get(url).content).one("input", name="einmal").attrs["value"]
    for _ in range(2):
        assert browser.post(url, ENTRY | {"einmal": key}).status_code == 302
    assert Traegerkontakt.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"mail": "", "telefon": ""}, "Wie ist die Person zu erreichen?"),
        ({"mail": "", "telefon": "\u200b "}, "Wie ist die Person zu erreichen?"),
        ({"mail": "ada@", "telefon": ""}, "Die E-Mail-Adresse ist nicht vollständig."),
        ({"name": ""}, "Der Name fehlt."),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_is_lost(signed_in, planung, url, fields, sentence):
    page = signed_in(planung).post(url, ENTRY | fields)
    assertContains(page, sentence, status_code=422)
    assert sent_by(page, url)["funktion"] == ["Leitung"]
    assert not Traegerkontakt.objects.exists()


def test_only_planung_comes_in(client, signed_in, planung, leitung, fremd, mitglied, url):
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    for account in (leitung, fremd, mitglied.konto):
        assert signed_in(account).get(url).status_code == 403
        assert signed_in(account).post(url, ENTRY).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:kontakt-anlegen", args=[99999])).status_code == 404
