from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import Budgetangaben, add_umschichtung, update_budget
from massnahmen.enums import Umschichtungsrichtung
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:budget-bearbeiten", args=[2027])


def test_a_change_is_saved(signed_in, controlling, budget):
    browser = signed_in(controlling)
    values = sent_by(browser.get(PAGE), PAGE)
    assert (values["zuteilung_egt_cent"], values["ueberplanung_prozent"], values["version"]) == (["1.000.000"], ["110"], ["1"])
    response = browser.post(PAGE, values | {"zuteilung_egt_cent": "1.200.000", "sach_cent": "50.000,50"}, follow=True)
    assertRedirects(response, reverse("massnahmen:budget-detail", args=[2027]))
    assertContains(response, "Das Budget 2027 ist gespeichert.")
    budget.refresh_from_db()
    assert (budget.zuteilung_egt_cent, budget.sach_cent, budget.zuteilung_vwk_cent, budget.version) == (
        1_200_000_00,
        50_000_50,
        1_500_000_00,
        2,
    )
    assertContains(browser.get(PAGE), "Budget geändert am")


def test_a_newer_budget_is_not_overwritten_unseen(signed_in, controlling, budget, person):
    browser = signed_in(controlling)
    values = sent_by(browser.get(PAGE), PAGE)
    update_budget(budget=budget, version=1, angaben=Budgetangaben(5_00), by=person("Zoe Zweit", "controlling"))
    page = browser.post(PAGE, values | {"zuteilung_egt_cent": "7"})
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    again = sent_by(page, PAGE)
    assert (again["version"], again["zuteilung_egt_cent"]) == (["2"], ["7"])
    assert browser.post(PAGE, again).status_code == 302
    budget.refresh_from_db()
    assert (budget.zuteilung_egt_cent, budget.version) == (7_00, 3)


def test_less_than_was_moved_away_is_refused_and_nothing_is_lost(signed_in, controlling, budget):
    add_umschichtung(
        budget=budget, richtung=Umschichtungsrichtung.ZU_VWK, betrag_cent=600_000_00, am=date(2026, 10, 1), grund="x", by=controlling
    )
    browser = signed_in(controlling)
    values = sent_by(browser.get(PAGE), PAGE)
    page = browser.post(PAGE, values | {"zuteilung_egt_cent": "500.000", "quelle": "Neu"})
    assertContains(page, "Im Eingliederungstitel fehlen dann 100.000\xa0€", status_code=409)
    assert sent_by(page, PAGE)["quelle"] == ["Neu"]


@pytest.mark.parametrize("typed", ["", "-1", "viel", "99.999.999.999.999"])
def test_bad_money_is_refused(signed_in, controlling, budget, typed):
    page = signed_in(controlling).post(PAGE, {"zuteilung_egt_cent": typed, "ueberplanung_prozent": "100", "version": "1"})
    assert page.status_code == 422
    assert sent_by(page, PAGE)["zuteilung_egt_cent"] == [typed]


def test_only_controlling_comes_in_and_only_for_a_year_there_is(client, signed_in, planung, leitung, controlling, budget):
    assert client.get(PAGE).status_code == 302
    for account in (planung, leitung):
        assert signed_in(account).get(PAGE).status_code == 403
    assert signed_in(controlling).get(reverse("massnahmen:budget-bearbeiten", args=[2030])).status_code == 404
