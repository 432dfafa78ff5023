import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import create_regionalprojekt
from massnahmen.enums import Finanzquelle
from massnahmen.models import Projektmittel, Regionalprojekt
from tests.massnahmen.test_projekte import ANGABEN, give, replace_name


@pytest.fixture
def projekt(planung) -> Regionalprojekt:
    return create_regionalprojekt(angaben=ANGABEN, by=planung)


@pytest.fixture
def page_url(projekt) -> str:
    return reverse("massnahmen:regionalprojekt-detail", args=[projekt.pk])


def test_who_gives_how_much(signed_in, controlling, planung, projekt, page_url):
    give(projekt, planung, euro=13_900_000, ist_ungefaehr=True)
    give(projekt, planung, Finanzquelle.KOMMUNE, euro=570_000)
    give(projekt, planung, Finanzquelle.EGT, euro=1_500_000, ist_ungefaehr=True)
    give(projekt, planung, Finanzquelle.LAND, von=2016, bis=2016, euro=30)
    page = signed_in(controlling).get(page_url)
    text = page.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")
    assert "Zusammen rund 15.970.030 € für rund 2.100 Menschen" in text
    assert "<td>30 €</td>" in text
    assert "87,0 %" in text
    assertNotContains(page, reverse("massnahmen:projektmittel-anlegen", args=[projekt.pk]))


def test_an_empty_project_offers_the_next_step_to_who_may(signed_in, planung, controlling, projekt, page_url):
    assertContains(signed_in(planung).get(page_url), reverse("massnahmen:projektmittel-anlegen", args=[projekt.pk]))
    assertContains(signed_in(controlling).get(page_url), "Die Maßnahmenplanung trägt ein")


def test_money_is_taken_out_with_a_button(signed_in, planung, controlling, projekt, page_url):
    mittel = give(projekt, planung)
    address = reverse("massnahmen:projektmittel-entfernen", args=[projekt.pk, mittel.pk])
    assert signed_in(controlling).post(address).status_code == 403
    browser = signed_in(planung)
    assertContains(browser.get(page_url), f'action="{address}"')
    assert browser.get(address).status_code == 405
    other = create_regionalprojekt(angaben=replace_name("Anderes"), by=planung)
    assert browser.post(reverse("massnahmen:projektmittel-entfernen", args=[other.pk, mittel.pk])).status_code == 404
    response = browser.post(address, follow=True)
    assertRedirects(response, page_url)
    assertContains(response, "1\xa0€ aus „Europäischer Sozialfonds Plus“ sind entfernt.")
    assert not Projektmittel.objects.exists()


def test_closed_to_others_and_unknown_elsewhere(client, signed_in, planung, fremd, mitglied, page_url):
    assert client.get(page_url).status_code == 302
    for account in (fremd, mitglied.konto):
        assert signed_in(account).get(page_url).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:regionalprojekt-detail", args=[999])).status_code == 404
