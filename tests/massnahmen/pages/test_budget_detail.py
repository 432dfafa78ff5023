import csv
import io
from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import (
    Budgetangaben,
    Teilbudgetangaben,
    add_teilbudget,
    add_umschichtung,
    create_budget,
    record_ausgaben,
    update_teilbudget,
)
from massnahmen.enums import Finanzquelle, Umschichtungsrichtung
from massnahmen.models import Umschichtung

PAGE = reverse("massnahmen:budget-detail", args=[2027])


def words(page) -> str:
    return " ".join(page.content.decode().replace("\xa0", " ").replace("&nbsp;", " ").split())


@pytest.fixture
def moved(budget, controlling) -> Umschichtung:
    return add_umschichtung(
        budget=budget,
        richtung=Umschichtungsrichtung.ZU_VWK,
        betrag_cent=300_000_00,
        am=date(2026, 10, 1),
        grund="Tarif steigt.",
        by=controlling,
    )


def withdraw(umschichtung: Umschichtung, jahr: int = 2027) -> str:
    return reverse("massnahmen:umschichtung-zuruecknehmen", args=[jahr, umschichtung.pk])


def test_the_plan_says_what_there_is_and_what_remains(signed_in, leitung, budget, teilbudget, moved):
    page = signed_in(leitung).get(PAGE)
    text = words(page)
    assert "Von 700.000 € sind 600.000 € geplant. 100.000 € bleiben als Planreserve." in text
    assert "110,0 % des verfügbaren Geldes" in text
    assert "770.000 €" in text
    assert "Tarif steigt." in text
    assert "eingetragen von Carla Controlling" in text
    assert "Quelle: Bescheid vom 12.01.2027" in text
    for name in ("teilbudget-anlegen", "budget-bearbeiten", "umschichtung-anlegen"):
        assertNotContains(page, reverse(f"massnahmen:{name}", args=[2027]))
    assertNotContains(page, withdraw(moved))


def test_more_than_the_frame_is_said_in_words(signed_in, controlling, budget, teilbudget):
    update_teilbudget(teilbudget=teilbudget, version=1, angaben=Teilbudgetangaben("TaAM", 1_100_000_50), by=controlling)
    assert "Geplant sind 0,50 € mehr, als der Planungsrahmen erlaubt." in words(signed_in(controlling).get(PAGE))
    update_teilbudget(teilbudget=teilbudget, version=2, angaben=Teilbudgetangaben("TaAM", 1_050_000_00), by=controlling)
    text = words(signed_in(controlling).get(PAGE))
    assert "Geplant sind 50.000 € mehr, als verfügbar ist. Das ist erlaubt: Der Planungsrahmen lässt noch 50.000 € zu." in text


def test_measures_that_differ_from_their_line_are_said_in_words(signed_in, controlling, budget, teilbudget, programm, plan):
    plan(programm, 1)
    assert "180.000 € sind noch nicht mit Maßnahmen verplant." in words(signed_in(controlling).get(PAGE))
    plan(programm, 1, kosten_cent={Finanzquelle.EGT: 200_000_00})
    assert "Die Maßnahmen planen 20.000 € mehr." in words(signed_in(controlling).get(PAGE))


def test_an_empty_plan_offers_the_next_step_to_who_may(signed_in, controlling, planung, budget):
    assertContains(signed_in(controlling).get(PAGE), "Planen Sie die erste Zeile")
    assertContains(signed_in(planung).get(PAGE), "Das Controlling teilt das Geld auf")


def test_the_file_has_every_line_and_the_sum(signed_in, planung, controlling, budget, teilbudget, at):
    at(datetime(2027, 3, 15, 12))
    record_ausgaben(teilbudget=teilbudget, version=1, betraege_cent={1: 150_000_00}, by=controlling)
    response = signed_in(planung).get(PAGE, {"format": "csv"})
    assert response["Content-Disposition"] == 'attachment; filename="finanzplan-2027-2027-03-15.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:5] == ["Teilbudget", "Rechtsgrundlage", "Plan 2026 in Euro", "Ist 2026 in Euro", "Plan 2027 in Euro"]
    assert rows[1] == ["TaAM", "§ 16i SGB II", "", "", "600000,00", "100,0", "50000,00", "450000,00", "150000,00", "25,0", "25,0"]
    assert rows[2] == ["Summe", "", *rows[1][2:]]
    assert len(rows) == 3


def test_a_move_is_taken_back_with_a_button(signed_in, controlling, moved):
    browser = signed_in(controlling)
    assertContains(browser.get(PAGE), f'action="{withdraw(moved)}"')
    assert browser.get(withdraw(moved)).status_code == 405
    response = browser.post(withdraw(moved), follow=True)
    assertRedirects(response, f"{PAGE}#umschichtungen")
    assertContains(response, "Die Umschichtung über 300.000\xa0€ ist zurückgenommen.")
    assert not Umschichtung.objects.exists()
    assert browser.post(withdraw(moved)).status_code == 404


def test_a_move_that_another_lives_on_stays_and_says_why(signed_in, controlling, budget):
    add = {"budget": budget, "am": date(2026, 10, 1), "grund": "x", "by": controlling}
    first = add_umschichtung(richtung=Umschichtungsrichtung.ZU_EGT, betrag_cent=10_00, **add)
    add_umschichtung(richtung=Umschichtungsrichtung.ZU_VWK, betrag_cent=1_000_010_00, **add)
    response = signed_in(controlling).post(withdraw(first), follow=True)
    assertContains(response, "Die Umschichtung bleibt.")
    assert Umschichtung.objects.count() == 2


def test_closed_to_others_and_unknown_elsewhere(client, signed_in, planung, controlling, fremd, mitglied, moved):
    assert client.get(PAGE).status_code == 302
    for account in (fremd, mitglied.konto):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).get(PAGE, {"format": "csv"}).status_code == 403
    assert signed_in(planung).post(withdraw(moved)).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:budget-detail", args=[2029])).status_code == 404
    create_budget(jahr=2028, angaben=Budgetangaben(1), by=controlling)
    assert signed_in(controlling).post(withdraw(moved, 2028)).status_code == 404


@pytest.mark.parametrize("anzahl", [3, 30])
def test_the_page_costs_the_same_however_long(signed_in, planung, controlling, budget, django_assert_num_queries, anzahl):
    for number in range(anzahl):
        add_teilbudget(budget=budget, angaben=Teilbudgetangaben(f"Zeile {number}", 5), by=controlling)
    browser = signed_in(planung)
    browser.get(PAGE)
    with django_assert_num_queries(11):
        browser.get(PAGE)
