"""A kept plan is changed; who comes second sees both."""

import pytest
from django.urls import reverse

from kennzahlen.actions import keep_spaltenplan
from tests.html import Page

pytestmark = pytest.mark.django_db
SPALTEN = {"traegernummer": "JC-Nr.", "berichtsmonat": "Monat", "zaehler": "Z", "nenner": "N"}


@pytest.fixture
def plan(controlling):
    return keep_spaltenplan(name="Kennzahlentool", spalten=SPALTEN, fest={"kennzahl": "K2"}, by=controlling)


def url(plan) -> str:
    return reverse("kennzahlen:spaltenplan-bearbeiten", args=[plan.pk])


def values(page: Page) -> dict[str, str]:
    inputs = [
        e for e in page.all("input") if e.attrs.get("name", "").startswith(("spalte_", "fest_", "name", "blatt", "kopfzeile", "version"))
    ]
    return {e.attrs["name"]: e.attrs.get("value", "") for e in inputs}


def test_the_form_shows_what_is_kept_and_saves_what_is_changed(plan, signed_in, controlling):
    browser = signed_in(controlling)
    given = values(Page(browser.get(url(plan)).content))
    assert (given["spalte_zaehler"], given["fest_kennzahl"], given["spalte_wert"]) == ("Z", "K2", "")
    browser.post(url(plan), given | {"spalte_zaehler": "Zähler"})
    plan.refresh_from_db()
    assert (plan.spalten, plan.fest, plan.version) == (SPALTEN | {"zaehler": "Zähler"}, {"kennzahl": "K2"}, 2)


def test_two_people_change_it_and_the_second_sees_both(plan, signed_in, controlling):
    browser = signed_in(controlling)
    given = values(Page(browser.get(url(plan)).content))
    keep_spaltenplan(name="Umbenannt", spalten=SPALTEN, fest={"kennzahl": "K2"}, spaltenplan=plan, version=1, by=controlling)
    response = browser.post(url(plan), given | {"spalte_zaehler": "Zähler"})
    assert response.status_code == 409
    text = response.content.decode()
    assert "Umbenannt" in text
    assert "Zähler" in text
    again = values(Page(text))
    assert again["version"] == "2"
    browser.post(url(plan), again)
    plan.refresh_from_db()
    assert (plan.name, plan.spalten["zaehler"], plan.version) == ("Kennzahlentool", "Zähler", 3)


@pytest.mark.parametrize("who", ["leitung", "administration", "planung", "fremd"])
def test_only_controlling_changes_plans(request, who, plan, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(url(plan)).status_code == 403
    assert browser.post(url(plan), {}).status_code == 403


def test_an_unknown_plan_is_not_there(plan, signed_in, controlling):
    assert signed_in(controlling).get(reverse("kennzahlen:spaltenplan-bearbeiten", args=[plan.pk + 1])).status_code == 404
