from datetime import datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import open_programm
from massnahmen.models import Arbeitsmarktprogramm
from tests.massnahmen.conftest import sent_by

LISTE = reverse("massnahmen:programm-intern-liste")
ANLEGEN = reverse("massnahmen:programm-anlegen")


@pytest.fixture(autouse=True)
def _autumn(at) -> None:
    at(datetime.fromisoformat("2026-11-20T09:00"))


def test_every_year_shows_state_fassungen_and_last_change(signed_in, leitung, fassung):
    page = signed_in(leitung).get(LISTE)
    assertContains(page, "Arbeitsmarktprogramm 2027")
    assertContains(page, "beim Beirat")
    assertContains(page, reverse("massnahmen:fassung-detail", args=[2027, 1]))
    assertContains(page, "dem Beirat vorgelegt von Hanna Reuter")


def test_planung_begins_the_missing_years(signed_in, planung):
    browser = signed_in(planung)
    page = browser.get(LISTE)
    assertContains(page, "Arbeitsmarktprogramm 2026 anlegen")
    assertContains(page, "Arbeitsmarktprogramm 2027 anlegen")
    assert sent_by(page, ANLEGEN) == {"jahr": ["2026", "2027"]}
    assertRedirects(browser.post(ANLEGEN, {"jahr": "2027"}), reverse("massnahmen:programm-intern-detail", args=[2027]))
    page = browser.get(LISTE)
    assertContains(page, "Arbeitsmarktprogramm 2026 anlegen")
    assertNotContains(page, "2027 anlegen")


@pytest.mark.parametrize("jahr", ["2028", "2025", "", "abc"])
def test_other_years_are_not_begun_here(signed_in, planung, jahr):
    assertContains(signed_in(planung).post(ANLEGEN, {"jahr": jahr}), "nur die Programme 2026 und 2027", status_code=409)
    assert not Arbeitsmarktprogramm.objects.exists()


def test_the_second_of_two_clicks_gets_a_sentence(signed_in, planung, programm):
    assertContains(signed_in(planung).post(ANLEGEN, {"jahr": "2027"}), "gibt es schon", status_code=409)


def test_others_see_no_button_and_may_not_press_it(signed_in, leitung):
    browser = signed_in(leitung)
    assertNotContains(browser.get(LISTE), "anlegen</span>")
    assertContains(browser.get(LISTE), "Noch kein Programm")
    assert browser.post(ANLEGEN, {"jahr": "2027"}).status_code == 403


def test_closed_to_strangers(client, signed_in, fremd, mitglied):
    assertRedirects(client.get(LISTE), f"{reverse('account_login')}?next={LISTE}", fetch_redirect_response=False)
    for account in (fremd, mitglied.konto):
        assert signed_in(account).get(LISTE).status_code == 403
        assert signed_in(account).post(ANLEGEN, {"jahr": "2027"}).status_code == 403


def test_query_count(signed_in, planung, django_assert_num_queries):
    browser = signed_in(planung)
    years = iter(range(2027, 2099))
    for more in (1, 2, 27):
        for _ in range(more):
            open_programm(jahr=next(years), by=planung)
        with django_assert_num_queries(8):  # session, account, programmes, Fassungen, three histories, names
            browser.get(LISTE)
    assert get_user_model().objects.count() == 1
