from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from jobcenter.presse.actions import create_pressemitteilung
from kennzahlen.actions import cite_messwert
from kennzahlen.enums import Einheit

PAGE = reverse("kennzahlen:zitat-liste")


@pytest.fixture
def quote(messwert):
    return messwert("quote", 265, nenner=1000, einheit=Einheit.PROZENT, von=date(2026, 7, 1), bis=date(2026, 7, 31))


@pytest.fixture
def zitiert(quote, presse):
    def make(*texts: str) -> None:
        for n, text in enumerate(texts):
            mitteilung = create_pressemitteilung(titel=f"Meldung {n}", vorspann="Kurz.", text=f"Es sind {text} davon.", by=presse)
            cite_messwert(objekt=mitteilung, text=text, messwert=quote, by=presse)

    return make


def test_problems_stand_first_with_the_reason(signed_in, controlling, zitiert):
    zitiert("26,5 %", "27,5 %")
    page = signed_in(controlling).get(PAGE)
    html = page.content.decode()
    assert html.index("„27,5 %“") < html.index("„26,5 %“")
    assertContains(page, "der Wert ist 26,5\u00a0%")
    assertContains(page, "weicht ab")
    assertContains(page, "Meldung 1")
    assertContains(page, "Belegt von Mira Lang")


def test_one_verdict_alone(signed_in, controlling, zitiert):
    zitiert("26,5 %", "27,5 %")
    browser = signed_in(controlling)
    page = browser.get(PAGE, {"urteil": "weicht_ab"})
    assertContains(page, "Meldung 1")
    assertNotContains(page, "Meldung 0")
    assertContains(browser.get(PAGE, {"urteil": "geheim"}), "Keine Zahl mit diesem Ergebnis")


def test_an_empty_list_says_where_to_begin(signed_in, presse):
    assertContains(signed_in(presse).get(PAGE), "wählen Sie dort „Zahlen prüfen“")


def test_who_may_open_it(client, signed_in, presse, planung, leitung, geschaeftsstelle, fremd):
    assert client.get(PAGE).status_code == 302
    for user in (presse, planung, leitung):
        assert signed_in(user).get(PAGE).status_code == 200
    for user in (geschaeftsstelle, fremd):
        assert signed_in(user).get(PAGE).status_code == 403


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_a_fixed_number_of_queries(signed_in, controlling, zitiert, django_assert_num_queries, anzahl):
    zitiert(*["26,5 %"] * anzahl)
    browser = signed_in(controlling)
    browser.get(PAGE)
    with django_assert_num_queries(6):  # session, account; figures, values, withdrawn, press releases
        browser.get(PAGE)
