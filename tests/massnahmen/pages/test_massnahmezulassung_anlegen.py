from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.models import Massnahme, Massnahmezulassung
from tests.html import Page
from tests.massnahmen.conftest import sent_by

ENTRY = {"nummer": "M-1", "stelle": "Zertkontor Nord", "gueltig_von": "2026-01-01", "gueltig_bis": "2028-12-31"}


@pytest.fixture
def massnahme(db) -> Massnahme:
    return Massnahme.objects.create(titel="Mit Gutschein")


@pytest.fixture
def url(massnahme) -> str:
    return reverse("massnahmen:massnahmezulassung-anlegen", args=[massnahme.pk])


def test_a_certificate_stands_on_the_page_of_its_measure(signed_in, planung, leitung, massnahme, url):
    browser = signed_in(planung)
    home = reverse("massnahmen:massnahme-intern-detail", args=[massnahme.pk])
    assert url in Page(browser.get(home).content).links()
    response = browser.post(url, ENTRY, follow=True)
    assertContains(response, "Die Zulassung M-1 ist eingetragen. Sie gilt bis zum 31.\u00a0Dezember\u00a02028.")
    row = Massnahmezulassung.objects.get()
    assert (row.massnahme, row.gueltig_von, row.gueltig_bis) == (massnahme, date(2026, 1, 1), date(2028, 12, 31))
    page = signed_in(leitung).get(home)
    assertContains(page, "M-1")
    assertNotContains(page, "/zulassungen/")
    assert sent_by(browser.get(url), url)["gueltig_von"] == ["2029-01-01"]  # the next one


def test_sent_twice_it_stands_once(signed_in, planung, url):
    browser = signed_in(planung)
    key = Page(browser.get(url).content).one("input", name="einmal").attrs["value"]
    for _ in range(2):
        assert browser.post(url, ENTRY | {"einmal": key}).status_code == 302
    assert Massnahmezulassung.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"gueltig_bis": "2025-12-31"}, "Das Ende liegt vor dem Beginn."),
        ({"gueltig_bis": "2035-12-31"}, "höchstens fünf Jahre (§\u00a05 Abs.\u00a04 AZAV)"),
        ({"nummer": ""}, "Die Nummer fehlt."),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_is_lost(signed_in, planung, url, fields, sentence):
    page = signed_in(planung).post(url, ENTRY | fields)
    assertContains(page, sentence, status_code=422)
    assert sent_by(page, url)["stelle"] == ["Zertkontor Nord"]
    assert not Massnahmezulassung.objects.exists()


def test_only_planung_comes_in(client, signed_in, planung, leitung, fremd, mitglied, url):
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    for account in (leitung, fremd, mitglied.konto):
        assert signed_in(account).get(url).status_code == 403
        assert signed_in(account).post(url, ENTRY).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:massnahmezulassung-anlegen", args=[99999])).status_code == 404
