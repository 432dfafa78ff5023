from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import Kontaktangaben, add_kontakt, update_kontakt
from massnahmen.models import Traegerkontakt
from tests.massnahmen.conftest import sent_by

ANGABEN = Kontaktangaben("Ada Frage", "Leitung", "ada@bildungswerk.example", "09999 41-7")


@pytest.fixture
def kontakt(traeger, planung) -> Traegerkontakt:
    return add_kontakt(traeger=traeger, angaben=ANGABEN, by=planung)


@pytest.fixture
def url(kontakt) -> str:
    return reverse("massnahmen:kontakt-bearbeiten", args=[kontakt.pk])


@pytest.fixture
def remove_url(kontakt) -> str:
    return reverse("massnahmen:kontakt-entfernen", args=[kontakt.pk])


def test_a_change_is_saved_and_a_newer_state_not_overwritten(signed_in, planung, kontakt, url):
    browser = signed_in(planung)
    values = sent_by(browser.get(url), url)
    assertContains(browser.post(url, values | {"funktion": "Beratung"}, follow=True), "Ada Frage ist gespeichert.")
    update_kontakt(kontakt=kontakt, version=2, angaben=replace(ANGABEN, telefon="09999 88"), by=planung)
    page = browser.post(url, values | {"version": "2", "mail": "neu@bildungswerk.example"})
    assert page.status_code == 409
    felder = {feld.name: (feld.meine, feld.gespeicherte) for feld in page.context["felder"]}
    assert felder["Telefon"] == ("09999 41-7", "09999 88")
    again = sent_by(page, url)
    assert (again["version"], again["mail"]) == (["3"], ["neu@bildungswerk.example"])
    assert browser.post(url, again).status_code == 302
    kontakt.refresh_from_db()
    assert (kontakt.mail, kontakt.version) == ("neu@bildungswerk.example", 4)


def test_a_contact_is_removed_only_after_the_question_is_unfolded(signed_in, planung, traeger, url, remove_url):
    browser = signed_in(planung)
    page = browser.get(url)
    assertContains(page, '<details class="entfernen">')
    assertContains(page, f'action="{remove_url}"')
    assert browser.get(remove_url).status_code == 405
    response = browser.post(remove_url, follow=True)
    assertRedirects(response, reverse("massnahmen:traeger-detail", args=[traeger.pk]) + "#kontakte")
    assertContains(response, "Ada Frage steht nicht mehr bei den Kontakten.")
    assert not Traegerkontakt.objects.exists()
    assert browser.post(remove_url).status_code == 404
    assert browser.post(url, {"name": "Zu spät", "mail": "a@b.example", "version": "1"}).status_code == 404


def test_only_planung_comes_in(client, signed_in, leitung, fremd, mitglied, url, remove_url):
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    for account in (leitung, fremd, mitglied.konto):
        assert signed_in(account).get(url).status_code == 403
        assert signed_in(account).post(url, {}).status_code == 403
        assert signed_in(account).post(remove_url).status_code == 403
    assert Traegerkontakt.objects.exists()
