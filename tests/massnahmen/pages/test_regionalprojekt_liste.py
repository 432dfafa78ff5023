import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import create_regionalprojekt
from tests.massnahmen.test_projekte import ANGABEN, give, replace_name

PAGE = reverse("massnahmen:regionalprojekt-liste")
NEU = reverse("massnahmen:regionalprojekt-anlegen")


def test_every_project_with_its_money(signed_in, leitung, planung):
    projekt = create_regionalprojekt(angaben=ANGABEN, by=planung)
    give(projekt, planung, euro=13_900_000, ist_ungefaehr=True)
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "rund 13.900.000\xa0€")
    assertContains(page, "2015–2022")
    assertContains(page, f'href="{reverse("massnahmen:regionalprojekt-detail", args=[projekt.pk])}"')
    assertNotContains(page, NEU)


def test_an_empty_list_offers_the_next_step_to_who_may(signed_in, planung, controlling):
    assertContains(signed_in(planung).get(PAGE), f'href="{NEU}"')
    page = signed_in(controlling).get(PAGE)
    assertContains(page, "Die Maßnahmenplanung trägt Projekte ein")
    assertNotContains(page, NEU)


def test_closed_to_everybody_but_staff(client, signed_in, fremd, mitglied):
    assert client.get(PAGE).status_code == 302
    for account in (fremd, mitglied.konto):
        assert signed_in(account).get(PAGE).status_code == 403


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_the_list_costs_the_same_however_long(signed_in, planung, django_assert_num_queries, anzahl):
    for number in range(anzahl):
        give(create_regionalprojekt(angaben=replace_name(f"P {number}"), by=planung), planung)
    browser = signed_in(planung)
    browser.get(PAGE)
    with django_assert_num_queries(4):
        browser.get(PAGE)
