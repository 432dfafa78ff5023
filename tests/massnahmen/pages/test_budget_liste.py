import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import Budgetangaben, Teilbudgetangaben, add_teilbudget, create_budget

PAGE = reverse("massnahmen:budget-liste")
NEU = reverse("massnahmen:budget-anlegen")


def test_every_year_with_its_money(signed_in, leitung, budget, teilbudget, controlling):
    create_budget(jahr=2028, angaben=Budgetangaben(0, ist_schaetzung=True), zeilen_vom_vorjahr=True, by=controlling)
    page = signed_in(leitung).get(PAGE)
    assertContains(page, f'href="{reverse("massnahmen:budget-detail", args=[2027])}"')
    assertContains(page, "1.000.000\xa0€")
    assertContains(page, "50.000\xa0€")
    assertContains(page, "600.000\xa0€ zu viel")
    assertContains(page, "Schätzung", count=1)
    assertNotContains(page, NEU)


def test_an_empty_list_offers_the_next_step_to_who_may(signed_in, controlling, planung):
    assertContains(signed_in(controlling).get(PAGE), f'href="{NEU}"')
    page = signed_in(planung).get(PAGE)
    assertContains(page, "Das Controlling legt es an")
    assertNotContains(page, NEU)


def test_closed_to_everybody_but_staff(client, signed_in, fremd, mitglied):
    assert client.get(PAGE).status_code == 302
    for account in (fremd, mitglied.konto):
        assert signed_in(account).get(PAGE).status_code == 403


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_the_list_costs_the_same_however_long(signed_in, controlling, planung, django_assert_num_queries, anzahl):
    for number in range(anzahl):
        new = create_budget(jahr=2020 + number, angaben=Budgetangaben(5), by=controlling)
        add_teilbudget(budget=new, angaben=Teilbudgetangaben("Zeile", 5), by=controlling)
    browser = signed_in(planung)
    browser.get(PAGE)
    with django_assert_num_queries(6):
        browser.get(PAGE)
