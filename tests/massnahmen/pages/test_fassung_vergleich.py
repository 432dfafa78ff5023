from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import reopen_programm, submit_programm, update_kapitel, update_position
from tests.conftest import current_fingerprint

PAGE = reverse("massnahmen:fassung-vergleich", args=[2027])


@pytest.fixture
def second(fassung, position, angaben, planung, leitung):
    """The programme after its second Fassung, a draft again, with one more change."""
    programm = reopen_programm(programm=fassung.programm, by=leitung)
    update_position(position=position, version=1, angaben=replace(angaben, plaetze=20), by=planung)
    submit_programm(programm=programm, pruefsumme=current_fingerprint(programm), by=leitung)
    programm = reopen_programm(programm=programm, by=leitung)
    update_kapitel(kapitel=programm.kapitel.get(nummer=5), version=1, text="Neue Ziele.", by=planung)
    return programm


def test_without_a_choice_the_draft_against_the_newest_fassung(signed_in, leitung, second):
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Änderungen seit Fassung&nbsp;2")
    assertContains(page, "Neue Ziele.")
    assertNotContains(page, "(+8)")


def test_two_fassungen(signed_in, leitung, second):
    page = signed_in(leitung).get(PAGE, {"von": "1", "bis": "2"})
    assertContains(page, "(+8)")
    assertNotContains(page, "Neue Ziele.")
    assertContains(signed_in(leitung).get(PAGE, {"von": "2", "bis": "2"}), "Kein Unterschied")


@pytest.mark.parametrize("choice", [{"von": "3"}, {"bis": "x"}, {"von": ""}, {"von": "1", "bis": "²"}])
def test_a_fassung_that_is_none_is_not_found(signed_in, leitung, second, choice):
    assert signed_in(leitung).get(PAGE, choice).status_code == 404


def test_there_is_no_draft_while_the_beirat_advises(signed_in, leitung, fassung):
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Noch nichts zu vergleichen")
    assertContains(signed_in(leitung).get(PAGE, {"bis": "entwurf"}), "Noch nichts zu vergleichen")


def test_a_draft_without_fassung_says_why_there_is_nothing(signed_in, planung, programm):
    assertContains(signed_in(planung).get(PAGE), "Noch nichts zu vergleichen")


def test_pages_lead_here(signed_in, leitung, second):
    browser = signed_in(leitung)
    assertContains(browser.get(reverse("massnahmen:programm-intern-detail", args=[2027])), PAGE)
    assertContains(browser.get(reverse("massnahmen:fassung-detail", args=[2027, 2])), f"{PAGE}?von=1&amp;bis=2")


def test_closed_to_everybody_but_staff(client, signed_in, mitglied, fremd, fassung):
    assert client.get(PAGE).status_code == 302
    for account in (mitglied.konto, fremd):
        assert signed_in(account).get(PAGE).status_code == 403


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_queries(signed_in, planung, fassung, leitung, plan, django_assert_num_queries, anzahl):
    programm = reopen_programm(programm=fassung.programm, by=leitung)
    plan(programm, anzahl)
    browser = signed_in(planung)
    with django_assert_num_queries(8):  # session, account, programme, Fassungen, draft: chapters, lines, groups, money
        browser.get(PAGE)
