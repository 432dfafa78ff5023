from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from kennzahlen.actions import set_zielwert
from kennzahlen.enums import Einheit, Quellenart
from kennzahlen.models import Quelle

PAGE = reverse("kennzahlen:ziel-liste")


@pytest.fixture(autouse=True)
def _november(at) -> None:
    at(datetime(2026, 11, 22, 9))


@pytest.fixture
def ziele(eigenes, kennzahl, messwert, controlling):
    """n goals that are in danger, one year after the other with the same value."""
    quelle = Quelle.objects.create(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter", titel="Controlling")

    def make(anzahl: int, jahr: int = 2026, **fields) -> None:
        for n in range(anzahl):
            month = {"von": date(jahr, 7, 1), "bis": date(jahr, 7, 31), "stand": date(jahr, 11, 20)}
            messwert(f"quote-{n}", 261, nenner=1000, einheit=Einheit.PROZENT, jobcenter=eigenes, quelle=quelle, **month)
            set_zielwert(jobcenter=eigenes, kennzahl=kennzahl(f"quote-{n}"), jahr=jahr, wert=Decimal(27), by=controlling, **fields)

    return make


def test_where_each_goal_stands_and_by_which_method(signed_in, leitung, ziele):
    ziele(1)
    page = signed_in(leitung).get(PAGE)
    for text in (
        "mindestens 27,0\u00a0%",
        "26,1\u00a0%",
        "gefährdet",
        "1&nbsp;Ziel ist gefährdet",
        "0,9\u00a0Prozentpunkte unter dem Ziel",
        "bleibt stehen, weil Werte aus dem Jahr 2025 fehlen",
        "Stand: 20.\u00a0November\u00a02026, Jobcenter: Controlling",
    ):
        assertContains(page, text)
    assertNotContains(page, "nur Beobachtung")
    assertNotContains(page, "Ziel ändern")  # Leitung reads


def test_what_is_only_watched_is_marked_and_not_counted_as_danger(signed_in, controlling, ziele):
    ziele(1, nur_beobachtung=True)
    page = signed_in(controlling).get(PAGE)
    assertContains(page, "nur Beobachtung")
    assertNotContains(page, "Ziel ist gefährdet")
    assertContains(page, "Ziel ändern")
    assertContains(page, "Ziel eintragen")


def test_the_year_is_chosen_in_the_address(signed_in, controlling, ziele):
    ziele(1)
    ziele(1, jahr=2025)
    browser = signed_in(controlling)
    assertContains(browser.get(PAGE), '<h1 class="kern-heading-large">Ziele 2026</h1>', html=True)
    assertContains(browser.get(PAGE, {"jahr": "2025"}), '<h1 class="kern-heading-large">Ziele 2025</h1>', html=True)
    for jahr in ("2024", "x", "²", "-1"):
        assert browser.get(PAGE, {"jahr": jahr}).status_code == 404


def test_without_goals_the_page_says_who_agrees_them(signed_in, controlling, leitung, eigenes):
    assertContains(signed_in(controlling).get(PAGE), "Tragen Sie ein, was mit dem Land vereinbart ist.")
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Das Controlling trägt hier ein")
    assertNotContains(page, "Ziel eintragen")


def test_staff_may_read_others_may_not(client, signed_in, fremd, planung, mitglied, eigenes):
    assert client.get(PAGE).status_code == 302
    assert signed_in(planung).get(PAGE).status_code == 200
    assert signed_in(fremd).get(PAGE).status_code == 403
    assert signed_in(mitglied.konto).get(PAGE).status_code == 403


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_a_fixed_number_of_queries(signed_in, controlling, ziele, django_assert_num_queries, anzahl):
    ziele(anzahl)
    browser = signed_in(controlling)
    browser.get(PAGE)
    with django_assert_num_queries(8):  # session, account; Jobcenter, years; goals, Datenstände, values, warnings
        browser.get(PAGE)
