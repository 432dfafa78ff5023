from datetime import datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import Budgetangaben, Teilbudgetangaben, create_budget, record_ausgaben, update_teilbudget
from massnahmen.models import Teilbudget
from tests.massnahmen.conftest import sent_by

DETAIL = reverse("massnahmen:budget-detail", args=[2027])


@pytest.fixture
def page_url(teilbudget) -> str:
    return reverse("massnahmen:teilbudget-bearbeiten", args=[2027, teilbudget.pk])


@pytest.fixture
def remove_url(teilbudget) -> str:
    return reverse("massnahmen:teilbudget-entfernen", args=[2027, teilbudget.pk])


def test_a_change_is_saved(signed_in, controlling, teilbudget, page_url):
    browser = signed_in(controlling)
    page = browser.get(page_url)
    assertContains(page, "Im Planungsrahmen bleiben")
    values = sent_by(page, page_url)
    assert (values["plan_cent"], values["vorbindung_cent"]) == (["600.000"], ["50.000"])
    response = browser.post(page_url, values | {"plan_cent": "700.000", "vorbindung_cent": ""}, follow=True)
    assertRedirects(response, DETAIL)
    assertContains(response, "„TaAM“ ist gespeichert.")
    teilbudget.refresh_from_db()
    assert (teilbudget.plan_cent, teilbudget.vorbindung_cent, teilbudget.version) == (700_000_00, 0, 2)


def test_a_newer_line_is_not_overwritten_unseen(signed_in, controlling, person, teilbudget, page_url):
    browser = signed_in(controlling)
    values = sent_by(browser.get(page_url), page_url)
    zoe = person("Zoe Zweit", "controlling")
    update_teilbudget(teilbudget=teilbudget, version=1, angaben=Teilbudgetangaben("TaAM neu", 5_00), by=zoe)
    page = browser.post(page_url, values | {"plan_cent": "8"})
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    again = sent_by(page, page_url)
    assert browser.post(page_url, again).status_code == 302
    teilbudget.refresh_from_db()
    assert (teilbudget.plan_cent, teilbudget.name, teilbudget.version) == (8_00, "TaAM", 3)


def test_a_line_is_taken_out_only_after_the_question_is_unfolded(signed_in, controlling, page_url, remove_url):
    browser = signed_in(controlling)
    page = browser.get(page_url)
    assertContains(page, '<details class="entfernen">')
    assertContains(page, f'action="{remove_url}"')
    assert browser.get(remove_url).status_code == 405
    response = browser.post(remove_url, follow=True)
    assertRedirects(response, DETAIL)
    assertContains(response, "„TaAM“ steht nicht mehr im Finanzplan 2027.")
    assert browser.post(remove_url).status_code == 404


def test_a_line_with_spending_stays(signed_in, controlling, teilbudget, remove_url, at):
    at(datetime(2027, 2, 1, 12))
    record_ausgaben(teilbudget=teilbudget, version=1, betraege_cent={1: 1}, by=controlling)
    assertContains(signed_in(controlling).post(remove_url), "schon Geld ausgegeben", status_code=409)
    assert Teilbudget.objects.exists()


def test_only_controlling_comes_in_and_a_line_belongs_to_its_year(
    client, signed_in, planung, controlling, teilbudget, page_url, remove_url
):
    assert client.get(page_url).status_code == 302
    assert signed_in(planung).get(page_url).status_code == 403
    assert signed_in(planung).post(remove_url).status_code == 403
    create_budget(jahr=2028, angaben=Budgetangaben(1), by=controlling)
    for name in ("teilbudget-bearbeiten", "teilbudget-entfernen"):
        assert signed_in(controlling).post(reverse(f"massnahmen:{name}", args=[2028, teilbudget.pk])).status_code == 404
