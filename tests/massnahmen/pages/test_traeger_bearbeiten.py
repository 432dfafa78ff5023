import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import create_traeger, update_traeger
from tests.massnahmen.conftest import sent_by


@pytest.fixture
def url(traeger) -> str:
    return reverse("massnahmen:traeger-bearbeiten", args=[traeger.pk])


def test_a_change_is_saved_and_says_who_made_it(signed_in, planung, traeger, url):
    browser = signed_in(planung)
    values = sent_by(browser.get(url), url)
    assert values == {"version": ["1"], "name": ["Bildungswerk Musterburg"], "ort": ["Musterburg"]}
    response = browser.post(url, values | {"ort": "Neustadt"}, follow=True)
    assertRedirects(response, reverse("massnahmen:traeger-detail", args=[traeger.pk]))
    assertContains(response, "„Bildungswerk Musterburg“ ist gespeichert.")
    traeger.refresh_from_db()
    assert (traeger.ort, traeger.version) == ("Neustadt", 2)
    assertContains(browser.get(url), "von Petra Plan")


def test_a_newer_state_is_not_overwritten_unseen(signed_in, planung, person, traeger, url):
    browser = signed_in(planung)
    values = sent_by(browser.get(url), url)
    update_traeger(traeger=traeger, version=1, name="Bildungswerk Neu", ort="Oberau", by=person("Zoe Zweit", "planung"))
    page = browser.post(url, values | {"ort": "Neustadt"})
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    again = sent_by(page, url)
    assert (again["version"], again["ort"]) == (["2"], ["Neustadt"])
    assert browser.post(url, again).status_code == 302
    traeger.refresh_from_db()
    assert (traeger.name, traeger.ort) == ("Bildungswerk Musterburg", "Neustadt")


def test_the_name_of_another_is_refused(signed_in, planung, traeger, url):
    create_traeger(name="Lernhaus", ort="Oberau", by=planung)
    page = signed_in(planung).post(url, {"name": "LERNHAUS", "ort": "Oberau", "version": "1"})
    assertContains(page, "Den Träger „Lernhaus“ gibt es schon.", status_code=422)
    assert signed_in(planung).post(url, {"name": traeger.name, "ort": "Oberau", "version": "1"}).status_code == 302  # its own


def test_only_planung_comes_in(client, signed_in, planung, leitung, fremd, mitglied, url):
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    for account in (leitung, fremd, mitglied.konto):
        assert signed_in(account).get(url).status_code == 403
        assert signed_in(account).post(url, {"name": "X", "ort": "Y", "version": "1"}).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:traeger-bearbeiten", args=[99999])).status_code == 404
