from datetime import datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import open_programm
from tests.html import Page

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


def test_the_newest_fassung_is_named_with_its_state(signed_in, leitung, fassung, advise, decide):
    advise(fassung)
    decide(fassung)
    assert "Fassung 1 von Arbeitsmarktprogramm 2027 beschlossen" in Page(signed_in(leitung).get(LISTE).content).one("main").text.replace(
        "\xa0", " "
    )


def test_only_planung_is_led_to_a_new_one(signed_in, planung, leitung):
    assert ANLEGEN in Page(signed_in(planung).get(LISTE).content).links()
    page = signed_in(leitung).get(LISTE)
    assert ANLEGEN not in Page(page.content).links()
    assertContains(page, "Noch kein Programm")


def test_closed_to_strangers(client, signed_in, fremd, mitglied):
    assertRedirects(client.get(LISTE), f"{reverse('account_login')}?next={LISTE}", fetch_redirect_response=False)
    for account in (fremd, mitglied.konto):
        assert signed_in(account).get(LISTE).status_code == 403


def test_query_count(signed_in, planung, django_assert_num_queries):
    browser = signed_in(planung)
    years = iter(range(2027, 2099))
    for more in (1, 2, 27):
        for _ in range(more):
            open_programm(jahr=next(years), by=planung)
        with django_assert_num_queries(8):  # session, account, programmes, Fassungen, three histories, names
            browser.get(LISTE)
    assert get_user_model().objects.count() == 1
