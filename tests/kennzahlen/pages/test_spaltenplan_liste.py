"""The kept plans and how often they were used."""

import pytest
from django.urls import reverse

from kennzahlen.actions import keep_spaltenplan
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = reverse("kennzahlen:spaltenplan-liste")


def test_plans_stand_there_by_name(submit, signed_in, controlling):
    for name in ("Zweiter", "Erster"):
        plan = keep_spaltenplan(name=name, blatt="*", spalten={}, fest={}, by=controlling)
    submit("99001;2026-07;K2;I;2601;9824,58", spaltenplan=plan)
    rows = [row.text for row in Page(signed_in(controlling).get(URL).content).all("tr")[1:]]
    assert ["Erster" in rows[0], "Zweiter" in rows[1]] == [True, True]
    assert rows[0].strip().endswith("1")
    assert "alle" in rows[0]


def test_an_empty_list_says_that_none_is_needed(signed_in, controlling):
    page = Page(signed_in(controlling).get(URL).content)
    assert "brauchen Sie keinen" in page.classed("leer")[0].text
    assert reverse("kennzahlen:spaltenplan-neu") in page.links()


@pytest.mark.parametrize("who", ["leitung", "administration", "planung", "fremd"])
def test_plans_are_for_controlling(request, who, signed_in):
    assert signed_in(request.getfixturevalue(who)).get(URL).status_code == 403


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, signed_in, controlling, django_assert_num_queries):
    for number in range(rows):
        keep_spaltenplan(name=f"Plan {number}", spalten={}, fest={}, by=controlling)
    browser = signed_in(controlling)
    with django_assert_num_queries(3):  # session, account, plans
        browser.get(URL)
