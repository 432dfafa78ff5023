import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.models import Teilbudget
from tests.html import Page
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:teilbudget-anlegen", args=[2027])
SPIELRAUM = reverse("massnahmen:teilbudget-spielraum", args=[2027])


HTMX = {"HX-Request": "true"}


def says(response) -> str:
    """Its words without the marks around them."""
    return " ".join(re.sub(r"<[^>]+>", "", response.content.decode()).split())


def test_a_line_is_planned(signed_in, controlling, budget, instrument):
    response = signed_in(controlling).post(
        PAGE, {"name": "  Teilhabe   am Arbeitsmarkt", "instrument": instrument.pk, "plan_cent": "1.500.000,00"}, follow=True
    )
    assertRedirects(response, reverse("massnahmen:budget-detail", args=[2027]))
    assertContains(response, "„Teilhabe am Arbeitsmarkt“ steht jetzt im Finanzplan 2027.")
    row = Teilbudget.objects.get()
    assert (row.name, row.plan_cent, row.vorbindung_cent, row.instrument) == ("Teilhabe am Arbeitsmarkt", 1_500_000_00, 0, instrument)


def test_without_scripts_it_says_what_remains_as_stored(signed_in, controlling, budget, teilbudget):
    page = signed_in(controlling).get(PAGE)
    output = Page(page.content).one("output")
    assert output.text.replace("\xa0", " ").split() == ["Im", "Planungsrahmen", "bleiben", "500.000", "€", "von", "1.100.000", "€."]
    assert (output.attrs["for"], output.attrs["aria-live"]) == ("id_plan_cent", "polite")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("200.000", "Mit diesem Plan bleiben 300.000 € von 1.100.000 €."),
        ("", "Mit diesem Plan bleiben 500.000 € von 1.100.000 €."),
        ("500.000", "Mit diesem Plan bleiben 0 € von 1.100.000 €."),
        ("500.000,01", "0,01 € zu viel. Der Planungsrahmen hat 1.100.000 €. Speichern geht, zum Beirat geht das Programm so nicht."),
        ("fünf", "Das ist noch kein Betrag in Euro."),
        ("-5", "Das ist noch kein Betrag in Euro."),
        ("9" * 400, "Das ist noch kein Betrag in Euro."),
    ],
)
def test_while_somebody_types(signed_in, controlling, budget, teilbudget, typed, sentence):
    answer = signed_in(controlling).get(SPIELRAUM, {"plan_cent": typed, "ohne": ""}, headers=HTMX)
    assert answer.status_code == 200
    assert says(answer) == sentence


def test_the_fragment_is_no_page(signed_in, controlling, budget):
    assertRedirects(signed_in(controlling).get(SPIELRAUM), PAGE)


def test_the_line_that_is_edited_does_not_count_twice(signed_in, controlling, budget, teilbudget):
    browser = signed_in(controlling)
    assert "bleiben 400.000 €" in says(browser.get(SPIELRAUM, {"plan_cent": "700.000", "ohne": teilbudget.pk}, headers=HTMX))
    for nonsense in ("x", "9" * 30, "-1", "²"):
        assert "200.000 € zu viel" in says(browser.get(SPIELRAUM, {"plan_cent": "700.000", "ohne": nonsense}, headers=HTMX))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "Die Bezeichnung fehlt."),
        ({"name": "TaAM"}, "„TaAM“ steht schon im Plan."),
        ({"plan_cent": ""}, "„Plan“ fehlt."),
        ({"plan_cent": "-3"}, "Der Betrag kann nicht kleiner als 0 sein."),
        ({"plan_cent": "abc"}, "Das ist kein Betrag in Euro."),
        ({"vorbindung_cent": "99.999.999.999.999"}, "„Vorbindung“ ist zu groß."),
        ({"instrument": "999999"}, "Dieses Instrument gilt in diesem Jahr nicht."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(signed_in, controlling, budget, teilbudget, given, sentence):
    typed = {"name": "Neu", "plan_cent": "5", "bemerkung": "Meine Worte"} | given
    page = signed_in(controlling).post(PAGE, typed)
    assertContains(page, sentence, status_code=422)
    assert sent_by(page, PAGE)["bemerkung"] == ["Meine Worte"]
    assert Teilbudget.objects.count() == 1


def test_an_instrument_has_one_line(signed_in, controlling, budget, teilbudget, instrument):
    page = signed_in(controlling).post(PAGE, {"name": "Neu", "plan_cent": "5", "instrument": instrument.pk})
    assertContains(page, "Dieses Instrument gehört schon zu „TaAM“.", status_code=422)


def test_only_controlling_comes_in(client, signed_in, planung, leitung, controlling, budget):
    for address in (PAGE, SPIELRAUM):
        assert client.get(address).status_code == 302
        for account in (planung, leitung):
            assert signed_in(account).get(address).status_code == 403
    assert signed_in(planung).post(PAGE, {"name": "x", "plan_cent": "1"}).status_code == 403
    for name in ("teilbudget-anlegen", "teilbudget-spielraum"):
        assert signed_in(controlling).get(reverse(f"massnahmen:{name}", args=[2030])).status_code == 404
