from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from massnahmen.actions import Zulassungsangaben, add_massnahmezulassung, update_massnahmezulassung
from massnahmen.models import Massnahme, Massnahmezulassung
from tests.massnahmen.conftest import sent_by

ANGABEN = Zulassungsangaben("M-1", "Zertkontor Nord", date(2026, 1, 1), date(2028, 12, 31))


@pytest.fixture
def zulassung(planung) -> Massnahmezulassung:
    return add_massnahmezulassung(massnahme=Massnahme.objects.create(titel="Mit Gutschein"), angaben=ANGABEN, by=planung)


@pytest.fixture
def url(zulassung) -> str:
    return reverse("massnahmen:massnahmezulassung-bearbeiten", args=[zulassung.pk])


def test_a_slip_is_corrected_and_a_newer_state_not_overwritten(signed_in, planung, person, zulassung, url):
    browser = signed_in(planung)
    values = sent_by(browser.get(url), url)
    assert values["version"] == ["1"]
    assertContains(browser.post(url, values | {"gueltig_bis": "2027-12-31"}, follow=True), "Die Zulassung M-1 ist berichtigt.")
    newer = Zulassungsangaben("M-1", "Prüfhaus Mitte", date(2026, 1, 1), date(2027, 6, 30))
    update_massnahmezulassung(zulassung=zulassung, version=2, angaben=newer, by=person("Zoe Zweit", "planung"))
    page = browser.post(url, values | {"version": "2", "nummer": "M-1a"})
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    again = sent_by(page, url)
    assert again["version"] == ["3"]
    assert browser.post(url, again).status_code == 302
    zulassung.refresh_from_db()
    assert (zulassung.nummer, zulassung.stelle, zulassung.version) == ("M-1a", "Zertkontor Nord", 4)


def test_only_planung_comes_in(client, signed_in, planung, leitung, fremd, mitglied, url):
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    for account in (leitung, fremd, mitglied.konto):
        assert signed_in(account).get(url).status_code == 403
        assert signed_in(account).post(url, {}).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:massnahmezulassung-bearbeiten", args=[99999])).status_code == 404
