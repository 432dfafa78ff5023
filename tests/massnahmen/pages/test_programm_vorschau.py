from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import update_position
from massnahmen.queries import read_draft

PAGE = reverse("massnahmen:programm-vorschau", args=[2027])


def test_it_shows_the_draft_as_the_public_will_read_it(signed_in, planung, position, angaben):
    update_position(position=position, version=1, angaben=replace(angaben, titel="Ganz frisch"), by=planung)
    page = signed_in(planung).get(PAGE)
    assert page.context["inhalt"] == read_draft(position.programm)
    assertContains(page, "<strong>Vorschau.</strong>")
    assertContains(page, "Ganz frisch")


def test_gaps_of_a_draft_are_called_open(signed_in, planung, position, angaben):
    gaps = {"instrument": None, "zielgruppen": [], "traeger": None, "beginn": None, "ende": None, "plaetze": None}
    gaps |= {"geplante_eintritte": None, "kosten_cent": {}, "handlungsfeld": None, "erfolgskriterium": "", "beschreibung": ""}
    update_position(position=position, version=1, angaben=replace(angaben, **gaps), by=planung)
    page = signed_in(planung).get(PAGE)
    assertContains(page, "Noch ohne Instrument")
    assertContains(page, "Plätze offen")
    assertContains(page, "Kosten offen")
    assertNotContains(page, "None")


def test_an_empty_draft_can_be_looked_at(signed_in, planung, programm):
    assertContains(signed_in(planung).get(PAGE), "Noch keine Maßnahme")


def test_it_is_for_staff(client, signed_in, mitglied, programm):
    assert client.get(PAGE).status_code == 302
    assert signed_in(mitglied.konto).get(PAGE).status_code == 403


def test_a_year_without_programme_is_not_there(signed_in, planung, db):
    assert signed_in(planung).get(PAGE).status_code == 404


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_query_count(signed_in, planung, programm, plan, count_of_preview, anzahl):
    plan(programm, anzahl)
    count_of_preview(signed_in(planung), PAGE)


@pytest.fixture
def count_of_preview(django_assert_num_queries):
    def check(browser, address: str) -> None:
        browser.get(address)
        with django_assert_num_queries(10):  # session and account; the programme; its content; menu
            browser.get(address)

    return check
