from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from jobcenter.common import clock
from massnahmen.models import Umschichtung
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:umschichtung-anlegen", args=[2027])
TYPED = {"richtung": "zu_vwk", "betrag_cent": "300.000", "am": "2026-10-01", "grund": "Der Tarif steigt."}


def test_money_moves(signed_in, controlling, budget):
    browser = signed_in(controlling)
    assertContains(browser.get(PAGE), "<dd>1.000.000\xa0€</dd>")
    response = browser.post(PAGE, TYPED, follow=True)
    assertRedirects(response, reverse("massnahmen:budget-detail", args=[2027]))
    assertContains(response, "300.000\xa0€ sind umgeschichtet: vom Eingliederungstitel zu den Verwaltungskosten.")
    row = Umschichtung.objects.get()
    assert (row.betrag_cent, row.grund, row.durch) == (300_000_00, "Der Tarif steigt.", controlling)
    assertContains(browser.get(PAGE), "<dd>1.800.000\xa0€</dd>")


def test_more_than_there_is_comes_back_with_the_figures(signed_in, controlling, budget):
    page = signed_in(controlling).post(PAGE, TYPED | {"betrag_cent": "1.000.000,01"})
    assertContains(page, "Es fehlen 0,01\xa0€.", status_code=409)
    assert sent_by(page, PAGE)["grund"] == ["Der Tarif steigt."]
    assert not Umschichtung.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"richtung": ""}, "Die Richtung fehlt."),
        ({"richtung": "quer"}, "Diese Richtung gibt es nicht."),
        ({"betrag_cent": "0"}, "„Betrag“ muss größer als 0 sein."),
        ({"betrag_cent": "-5"}, "Der Betrag kann nicht kleiner als 0 sein."),
        ({"betrag_cent": "x"}, "Das ist kein Betrag in Euro."),
        ({"am": "31.02.2026"}, "Dieses Datum gibt es nicht."),
        ({"am": "01.01.2019"}, "Der Tag passt nicht zum Budget 2027."),
        ({"am": str(clock.today() + timedelta(days=1))}, "Der Tag liegt noch vor uns."),
        ({"grund": "  "}, "Der Grund fehlt."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(signed_in, controlling, budget, given, sentence):
    page = signed_in(controlling).post(PAGE, TYPED | given)
    assertContains(page, sentence, status_code=422)
    if "grund" not in given:
        assert sent_by(page, PAGE)["grund"] == ["Der Tarif steigt."]
    assert not Umschichtung.objects.exists()


def test_only_controlling_comes_in(client, signed_in, planung, controlling, budget):
    assert client.get(PAGE).status_code == 302
    assert signed_in(planung).get(PAGE).status_code == 403
    assert signed_in(planung).post(PAGE, TYPED).status_code == 403
    assert signed_in(controlling).get(reverse("massnahmen:umschichtung-anlegen", args=[2030])).status_code == 404
