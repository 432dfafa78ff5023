from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.models import Budget
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:budget-anlegen")
TYPED = {"jahr": "2028", "zuteilung_egt_cent": "1.500.000,00", "ueberplanung_prozent": "107,5"}


def test_a_budget_is_made_of_what_people_type(signed_in, controlling):
    given = TYPED | {"zuteilung_vwk_cent": "2000000 €", "personal_cent": "1.600.000", "ist_schaetzung": "on", "quelle": "Haushalt"}
    response = signed_in(controlling).post(PAGE, given, follow=True)
    assertRedirects(response, reverse("massnahmen:budget-detail", args=[2028]))
    assertContains(response, "Das Budget 2028 ist angelegt.")
    row = Budget.objects.get()
    assert (row.zuteilung_egt_cent, row.zuteilung_vwk_cent, row.personal_cent) == (1_500_000_00, 2_000_000_00, 1_600_000_00)
    assert (row.ueberplanung_prozent, row.ist_schaetzung, row.quelle, row.version) == (107.5, True, "Haushalt", 1)


def test_the_next_year_comes_with_the_lines_of_the_last(signed_in, controlling, budget, teilbudget):
    browser = signed_in(controlling)
    values = sent_by(browser.get(PAGE), PAGE)
    assert values["jahr"] == ["2028"]
    assert "zeilen_vom_vorjahr" in values  # its box is ticked
    response = browser.post(PAGE, values | {"zuteilung_egt_cent": "1", "zeilen_vom_vorjahr": "on"}, follow=True)
    assertContains(response, "Das Budget 2028 ist angelegt, mit 1 Teilbudgets vom Vorjahr.")
    assert Budget.objects.get(jahr=2028).teilbudgets.get().name == "TaAM"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("zuteilung_egt_cent", "", "„Zuteilung Eingliederungstitel“ fehlt."),
        ("zuteilung_egt_cent", "viel", "Das ist kein Betrag in Euro."),
        ("zuteilung_egt_cent", "-5", "Der Betrag kann nicht kleiner als 0 sein."),
        ("zuteilung_egt_cent", "1.50", "Das ist kein Betrag in Euro."),
        ("zuteilung_egt_cent", "99.999.999.999.999", "„Zuteilung Eingliederungstitel“ ist zu groß."),
        ("ueberplanung_prozent", "131", "Möglich sind 100 bis 130 Prozent"),
        ("ueberplanung_prozent", "99,9", "Möglich sind 100 bis 130 Prozent"),
        ("ueberplanung_prozent", "105,25", "Möglich sind 100 bis 130 Prozent"),
        ("ueberplanung_prozent", "", "Der Prozentwert fehlt."),
        ("jahr", "1999", "Das Jahr kann nicht stimmen."),
        ("jahr", "zwanzig", "Das ist keine ganze Zahl."),
        ("jahr", "", "Das Jahr fehlt."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(signed_in, controlling, field, typed, sentence):
    page = signed_in(controlling).post(PAGE, TYPED | {field: typed, "quelle": "Meine Quelle"})
    assertContains(page, sentence, status_code=422)
    values = sent_by(page, PAGE)
    assert (values[field], values["quelle"]) == ([typed], ["Meine Quelle"])
    assert not Budget.objects.exists()


def test_a_year_twice_is_refused_and_a_form_twice_makes_one(signed_in, controlling, budget):
    browser = signed_in(controlling)
    assertContains(browser.post(PAGE, TYPED | {"jahr": "2027"}), "Für 2027 gibt es schon ein Budget.", status_code=409)
    key = browser.get(PAGE).content.decode().split('name="einmal" value="')[1].split('"')[0]
    for _ in range(2):
        assert browser.post(PAGE, TYPED | {"einmal": key}).status_code == 302
    assert Budget.objects.count() == 2


def test_shares_typed_become_an_estimate_that_is_only_put_into_the_field(signed_in, controlling):
    """4.683.000.000 € · (0,2086 + 0,2199) % / 2 = 10.033.327,50 €."""
    browser = signed_in(controlling)
    values = sent_by(browser.get(PAGE), PAGE)
    assert values["topf_cent"] == ["4.683.000.000"]
    page = browser.post(PAGE, values | {"jahr": "2026", "anteil1": "0,2086", "anteil2": "0,2199 %", "schaetzen": "anteile"})
    assertContains(page, "Die Schätzung steht in den Feldern.")
    values = sent_by(page, PAGE)
    assert values["zuteilung_egt_cent"] == ["10.033.327,50\xa0€"]
    assert values["quelle"] == ["Schätzung nach EinglMV 2026"]
    assert "ist_schaetzung" in values  # its box is ticked
    assert not Budget.objects.exists()
    assert browser.post(PAGE, values | {"ist_schaetzung": "on"}).status_code == 302
    assert (Budget.objects.get().zuteilung_egt_cent, Budget.objects.get().ist_schaetzung) == (10_033_327_50, True)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"anteil2": "0,2"}, "Der Anteil aus Anlage 1 fehlt."),
        ({"anteil1": "0,2", "anteil2": "viel"}, "Das ist kein Anteil in Prozent."),
        ({"anteil1": "101", "anteil2": "1"}, "Das ist kein Anteil in Prozent."),
        ({"anteil1": "0.2086", "anteil2": "1"}, "Das ist kein Anteil in Prozent."),
        ({"anteil1": "1", "anteil2": "1", "topf_cent": ""}, "Der Gesamtbetrag fehlt."),
        ({"anteil1": "100", "anteil2": "100", "topf_cent": "99.000.000.000"}, "Das ergibt mehr als"),
    ],
)
def test_shares_that_cannot_be_are_said_at_their_field(signed_in, controlling, given, sentence):
    page = signed_in(controlling).post(PAGE, TYPED | {"topf_cent": "4.683.000.000", "schaetzen": "anteile"} | given)
    assertContains(page, sentence, status_code=422)
    assert sent_by(page, PAGE)["zuteilung_egt_cent"] == ["1.500.000,00"]


def test_a_jobcenter_of_the_tables_gets_both_titles_with_one_click(signed_in, controlling, settings):
    settings.INSTANZ = replace(settings.INSTANZ, jobcenter=replace(settings.INSTANZ.jobcenter, traegernummer="04412"))
    browser = signed_in(controlling)
    page = browser.get(PAGE, {"jahr": "2026"})
    assertContains(page, "Schätzung nach EinglMV 2026, für Saalekreis")
    values = sent_by(browser.post(PAGE, {"jahr": "2026", "ueberplanung_prozent": "100", "schaetzen": "tabelle"}), PAGE)
    assert values["zuteilung_egt_cent"] == ["10.033.327,50\xa0€"]
    assert values["zuteilung_vwk_cent"] == ["11.773.654,54\xa0€"]


def test_only_controlling_comes_in(client, signed_in, planung, leitung, fremd):
    assert client.get(PAGE).status_code == 302
    for account in (planung, leitung, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, TYPED).status_code == 403
    assert not Budget.objects.exists()
