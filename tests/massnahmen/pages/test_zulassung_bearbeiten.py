from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from massnahmen.actions import Zulassungsangaben, update_zulassung
from massnahmen.models import Traegerzulassung
from tests.massnahmen.conftest import sent_by


@pytest.fixture
def zulassung(certify) -> Traegerzulassung:
    return certify("Z-1", date(2026, 1, 1), date(2028, 12, 31), [1, 4])


@pytest.fixture
def url(zulassung) -> str:
    return reverse("massnahmen:zulassung-bearbeiten", args=[zulassung.pk])


def test_a_slip_is_corrected(signed_in, planung, zulassung, url):
    browser = signed_in(planung)
    values = sent_by(browser.get(url), url)
    assert values == {
        "version": ["1"],
        "nummer": ["Z-1"],
        "stelle": ["Zertkontor Nord"],
        "fachbereiche": ["1", "4"],
        "gueltig_von": ["2026-01-01"],
        "gueltig_bis": ["2028-12-31"],
    }
    response = browser.post(url, values | {"gueltig_bis": "2029-12-31", "fachbereiche": ["1"]}, follow=True)
    assertContains(response, "Die Zulassung Z-1 ist berichtigt.")
    zulassung.refresh_from_db()
    assert (zulassung.gueltig_bis, zulassung.fachbereiche, zulassung.version) == (date(2029, 12, 31), [1], 2)
    assertContains(browser.get(url), "Zulassung berichtigt am")


def test_a_newer_state_is_not_overwritten_unseen(signed_in, planung, person, zulassung, url):
    browser = signed_in(planung)
    values = sent_by(browser.get(url), url)
    newer = Zulassungsangaben("Z-1", "Prüfhaus Mitte", date(2026, 1, 1), date(2027, 12, 31))
    update_zulassung(zulassung=zulassung, version=1, fachbereiche=[6], angaben=newer, by=person("Zoe Zweit", "planung"))
    page = browser.post(url, values | {"nummer": "Z-1a"})
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    felder = {feld.name: (feld.meine, feld.gespeicherte) for feld in page.context["felder"]}
    assert felder["Fachbereiche"] == (
        "Aktivierung und berufliche Eingliederung, berufliche Weiterbildung",
        "Teilhabe von Menschen mit Behinderungen",
    )
    again = sent_by(page, url)
    assert again["version"] == ["2"]
    assert browser.post(url, again).status_code == 302
    zulassung.refresh_from_db()
    assert (zulassung.nummer, zulassung.fachbereiche, zulassung.gueltig_bis) == ("Z-1a", [1, 4], date(2028, 12, 31))


def test_the_same_faults_are_refused_as_when_it_is_entered(signed_in, planung, certify, url):
    certify("Z-2", date(2021, 1, 1), date(2024, 12, 31))
    browser = signed_in(planung)
    values = sent_by(browser.get(url), url)
    assertContains(browser.post(url, values | {"nummer": "Z-2"}), "ist hier schon eingetragen", status_code=422)
    assertContains(browser.post(url, values | {"gueltig_bis": "2040-01-01"}), "höchstens fünf Jahre", status_code=422)


def test_only_planung_comes_in(client, signed_in, planung, leitung, fremd, mitglied, url):
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    for account in (leitung, fremd, mitglied.konto):
        assert signed_in(account).get(url).status_code == 403
        assert signed_in(account).post(url, {}).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:zulassung-bearbeiten", args=[99999])).status_code == 404
