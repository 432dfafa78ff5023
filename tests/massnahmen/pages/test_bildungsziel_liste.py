import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import Bildungszielangaben, add_bildungsziel
from massnahmen.enums import Abschlussart
from massnahmen.models import Arbeitsmarktprogramm, Bildungsziel

PAGE = reverse("massnahmen:bildungsziel-liste", args=[2024])
NEU = reverse("massnahmen:bildungsziel-anlegen", args=[2024])


def plan_line(programm, by, name: str = "Pflegefachfrau", **fields) -> Bildungsziel:
    fields = {"gutscheine_q1": 3, "gutscheine_q2": 4, "budget_cent": 22_000_000, "dauer_monate": 24} | fields
    angaben = Bildungszielangaben("Pflege", name, Abschlussart.UMSCHULUNG, **fields)
    return add_bildungsziel(programm=programm, angaben=angaben, by=by)


def test_the_lines_add_up_by_quarter_and_money(signed_in, leitung, planung, programm24):
    plan_line(programm24, planung)
    plan_line(programm24, planung, "Altenpflegehelfer", gutscheine_q1=1000, gutscheine_q4=7, budget_cent=50, hinweis="Mit Sprache")
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "2&nbsp;Bildungsziele, 1.018&nbsp;Gutscheine, 220.000,50\u00a0€")
    summen = page.context["summen"]
    assert (summen.quartale, summen.gutscheine, summen.budget_cent) == ((1003, 8, 0, 7), 1018, 22_000_050)
    assertContains(page, "Pflege · Umschulung · 24&nbsp;Monate")
    assertContains(page, "Mit Sprache")
    assertNotContains(page, NEU)  # leads, does not plan


def test_an_empty_plan_offers_the_next_step_to_who_may(signed_in, planung, leitung, programm24):
    assertContains(signed_in(planung).get(PAGE), f'href="{NEU}"')
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Kein Bildungsziel")
    assertNotContains(page, NEU)


def test_lines_lead_to_the_editor_while_it_is_a_draft(signed_in, planung, programm24):
    row = plan_line(programm24, planung)
    edit = reverse("massnahmen:bildungsziel-bearbeiten", args=[2024, row.pk])
    assertContains(signed_in(planung).get(PAGE), f'href="{edit}"')
    Arbeitsmarktprogramm.objects.update(status="beim_beirat")
    page = signed_in(planung).get(PAGE)
    assertNotContains(page, edit)
    assertNotContains(page, NEU)


def test_since_2025_the_agentur_plans_and_the_page_leads_back(signed_in, planung, programm):
    page = signed_in(planung).get(reverse("massnahmen:bildungsziel-liste", args=[2027]))
    assertContains(page, "Seit dem 1.&nbsp;Januar&nbsp;2025 fördert und plant die Agentur für Arbeit")
    assertContains(page, f'href="{reverse("massnahmen:programm-intern-detail", args=[2027])}"')
    assertNotContains(page, reverse("massnahmen:bildungsziel-anlegen", args=[2027]))


def test_closed_to_everybody_but_staff(client, signed_in, planung, fremd, mitglied, programm24):
    assert client.get(PAGE).status_code == 302
    for account in (fremd, mitglied.konto):
        assert signed_in(account).get(PAGE).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:bildungsziel-liste", args=[2023])).status_code == 404


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_the_list_costs_the_same_however_long(signed_in, planung, programm24, django_assert_num_queries, anzahl):
    for number in range(anzahl):
        plan_line(programm24, planung, f"Beruf {number}")
    browser = signed_in(planung)
    browser.get(PAGE)
    with django_assert_num_queries(4):
        browser.get(PAGE)
