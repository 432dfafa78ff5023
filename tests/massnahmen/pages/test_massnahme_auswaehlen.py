from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import add_position, archive_massnahme, open_programm, remove_position
from tests.tabellen import read_csv

PAGE = reverse("massnahmen:massnahme-auswaehlen", args=[2028])


@pytest.fixture
def naechstes(planung):
    return open_programm(jahr=2028, by=planung)


def test_it_shows_what_other_years_plan_and_what_no_year_plans(signed_in, planung, fassung, position, naechstes, angaben):
    dropped = add_position(programm=naechstes, angaben=replace(angaben, titel="Aus Versehen entfernt"), by=planung).massnahme
    planned = add_position(programm=naechstes, angaben=replace(angaben, titel="Schon geplant"), by=planung)
    remove_position(position=naechstes.positionen.get(massnahme=dropped), by=planung)
    page = signed_in(planung).get(PAGE)
    for massnahme in (position.massnahme, dropped):
        assertContains(page, reverse("massnahmen:massnahme-aufnehmen", args=[2028, massnahme.pk]))
    assertNotContains(page, planned.massnahme.titel)
    rows = read_csv(signed_in(planung).get(PAGE, {"format": "csv"}))[1:]
    traeger = position.massnahme.traeger.name
    assert rows == [
        [position.massnahme.titel, "2027", traeger, "01.01.2027", "31.12.2028"],
        ["Aus Versehen entfernt", "", traeger, "01.01.2027", "31.12.2028"],
    ]


def test_what_lies_in_the_archive_stays_away(signed_in, planung, fassung, position, naechstes):
    archive_massnahme(massnahme=position.massnahme, grund="Ausgelaufen.", by=planung)
    browser = signed_in(planung)
    assertContains(browser.get(PAGE), "Nichts mehr aufzunehmen")
    assertContains(browser.get(PAGE, {"archiv": "nur"}), reverse("massnahmen:massnahme-intern-detail", args=[position.massnahme_id]))


def test_every_word_of_a_search_is_found(signed_in, planung, fassung, position, naechstes):
    browser = signed_in(planung)
    assertContains(browser.get(PAGE, {"text": "betrieb neuer"}), position.massnahme.titel)
    assertContains(browser.get(PAGE, {"text": "betrieb xyz"}), "Nichts passt zu diesen Filtern")


@pytest.mark.parametrize("anzahl", [1, 3, 300])
def test_queries_do_not_grow(signed_in, planung, programm, plan, naechstes, django_assert_num_queries, anzahl):
    plan(programm, anzahl)
    browser = signed_in(planung)
    with django_assert_num_queries(5):
        browser.get(PAGE)


def test_only_for_drafts_and_planung(client, signed_in, planung, leitung, fremd, fassung, naechstes):
    closed = reverse("massnahmen:massnahme-auswaehlen", args=[2027])
    assertContains(signed_in(planung).get(closed), "kann jetzt nicht geändert werden", status_code=409)
    client.logout()
    assert client.get(PAGE).status_code == 302
    for account in (leitung, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
