from datetime import datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import record_ausgaben
from massnahmen.models import Ausgabe
from tests.massnahmen.conftest import sent_by


@pytest.fixture
def page_url(teilbudget, at) -> str:
    at(datetime(2027, 9, 15, 12))
    return reverse("massnahmen:ausgaben-bearbeiten", args=[2027, teilbudget.pk])


def paid() -> list[tuple[int, int]]:
    return list(Ausgabe.objects.values_list("monat", "betrag_cent"))


def test_twelve_months_in_one_form(signed_in, controlling, page_url):
    browser = signed_in(controlling)
    values = sent_by(browser.get(page_url), page_url)
    assert values == {"version": ["1"]} | {f"monat_{monat}": [""] for monat in range(1, 13)}
    response = browser.post(page_url, values | {"monat_1": "41.250,50", "monat_2": "−1.000", "monat_9": "0"}, follow=True)
    assertRedirects(response, reverse("massnahmen:budget-detail", args=[2027]))
    assertContains(response, "Die Ausgaben von „TaAM“ sind gespeichert.")
    assert paid() == [(1, 41_250_50), (2, -1_000_00), (9, 0)]
    values = sent_by(browser.get(page_url), page_url)
    assert (values["monat_1"], values["monat_2"], values["monat_9"]) == (["41.250,50"], ["-1.000"], ["0"])
    browser.post(page_url, values | {"monat_2": "", "monat_9": "7"})
    assert paid() == [(1, 41_250_50), (9, 7_00)]


@pytest.mark.parametrize(
    ("monat", "typed", "sentence"),
    [
        (10, "5", "Der Oktober\xa02027 liegt noch vor uns."),
        (1, "viel", "Das ist kein Betrag in Euro."),
        (1, "--5", "Der Betrag kann nicht kleiner als 0 sein."),
        (1, "-99.999.999.999.999", "Januar: Der Betrag ist zu groß."),
    ],
)
def test_what_is_wrong_is_said_at_its_month_and_nothing_is_lost(signed_in, controlling, page_url, monat, typed, sentence):
    page = signed_in(controlling).post(page_url, {"version": "1", "monat_3": "12,5", f"monat_{monat}": typed})
    assertContains(page, sentence, status_code=422)
    values = sent_by(page, page_url)
    assert (values[f"monat_{monat}"], values["monat_3"]) == ([typed], ["12,5"])
    assert paid() == []


def test_newer_spending_is_not_overwritten_unseen(signed_in, controlling, person, teilbudget, page_url):
    browser = signed_in(controlling)
    values = sent_by(browser.get(page_url), page_url)
    record_ausgaben(teilbudget=teilbudget, version=1, betraege_cent={1: 5_00}, by=person("Zoe Zweit", "controlling"))
    page = browser.post(page_url, values | {"monat_1": "7"})
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    assert paid() == [(1, 5_00)]
    assert browser.post(page_url, sent_by(page, page_url)).status_code == 302
    assert paid() == [(1, 7_00)]


def test_only_controlling_comes_in(client, signed_in, planung, leitung, page_url):
    assert client.get(page_url).status_code == 302
    for account in (planung, leitung):
        assert signed_in(account).get(page_url).status_code == 403
        assert signed_in(account).post(page_url, {"version": "1", "monat_1": "1"}).status_code == 403
