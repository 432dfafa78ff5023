from datetime import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from kennzahlen.enums import Einheit, Zielart, Zielrichtung
from kennzahlen.models import Zielwert

PAGE = reverse("kennzahlen:ziel-neu")
LISTE = reverse("kennzahlen:ziel-liste")


@pytest.fixture(autouse=True)
def _november(at) -> None:
    at(datetime(2026, 11, 22, 9))


@pytest.fixture
def angaben(kennzahl):
    return {
        "kennzahl": kennzahl("K2", Einheit.PROZENT).pk,
        "jahr": "2027",
        "art": "wert",
        "geschlecht": "I",
        "richtung": "mindestens",
        "wert": "27,5",
        "toleranz": "",
    }


def test_a_goal_is_written_down_as_it_was_agreed(signed_in, controlling, eigenes, angaben):
    response = signed_in(controlling).post(PAGE, angaben | {"toleranz": "0,25", "nur_beobachtung": "on"}, follow=True)
    assertRedirects(response, f"{LISTE}?jahr=2027")
    assertContains(response, "Das Portal prüft es mit jeder neuen Zahl.")
    ziel = Zielwert.objects.get()
    assert (ziel.jobcenter, ziel.wert, ziel.toleranz, ziel.nur_beobachtung) == (eigenes, Decimal("27.5"), Decimal("0.25"), True)


def test_a_number_by_sex_and_a_decrease(signed_in, controlling, eigenes, angaben):
    browser = signed_in(controlling)
    browser.post(PAGE, angaben | {"art": "anzahl", "geschlecht": "F", "wert": "1.258"})
    browser.post(PAGE, angaben | {"richtung": "hoechstens", "wert": "−3"})
    number, rate = Zielwert.objects.order_by("art")
    assert (number.art, number.geschlecht, number.wert) == (Zielart.ANZAHL, "F", 1258)
    assert (rate.richtung, rate.wert) == (Zielrichtung.HOECHSTENS, -3)


def test_money_is_typed_in_euros(signed_in, controlling, eigenes, angaben, kennzahl):
    money = kennzahl("ausgaben", Einheit.CENT)
    signed_in(controlling).post(PAGE, angaben | {"kennzahl": money.pk, "wert": "4.900.000", "toleranz": "1.000"})
    ziel = Zielwert.objects.get()
    assert (ziel.wert, ziel.toleranz) == (490_000_000, 100_000)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"wert": "27.5"}, "Das ist keine Zahl. Schreiben Sie zum Beispiel 27,5."),
        ({"wert": ""}, "Der Zielwert fehlt."),
        ({"wert": "viel"}, "Das ist keine Zahl."),
        ({"wert": "1000000000"}, "Die Zahl ist zu groß."),
        ({"toleranz": "-1"}, "Die Toleranz kann nicht kleiner als 0 sein."),
        ({"jahr": "1999"}, "ist zu klein"),
        ({"jahr": "bald"}, "Das ist kein Jahr."),
        ({"kennzahl": ""}, "„Kennzahl“ fehlt."),
        ({"richtung": "ungefähr"}, "Diese Auswahl gibt es nicht"),
    ],
)
def test_a_fault_is_named_and_nothing_is_saved(signed_in, controlling, eigenes, angaben, fault, sentence):
    assertContains(signed_in(controlling).post(PAGE, angaben | fault), sentence, status_code=422)
    assert not Zielwert.objects.exists()


def test_a_count_has_no_number_of_its_own(signed_in, controlling, eigenes, angaben, kennzahl):
    given = angaben | {"kennzahl": kennzahl("elb").pk, "art": "anzahl"}
    assertContains(signed_in(controlling).post(PAGE, given), "wird selbst gezählt", status_code=422)


def test_the_same_goal_is_not_overwritten(signed_in, controlling, eigenes, angaben):
    browser = signed_in(controlling)
    browser.post(PAGE, angaben)
    assertContains(browser.post(PAGE, angaben | {"wert": "20"}), "schon ein solches Ziel", status_code=422)
    assert Zielwert.objects.get().wert == Decimal("27.5")


def test_only_controlling(client, signed_in, leitung, planung, fremd, eigenes, angaben):
    assert client.get(PAGE).status_code == 302
    for user in (leitung, planung, fremd):
        assert signed_in(user).get(PAGE).status_code == 403
        assert signed_in(user).post(PAGE, angaben).status_code == 403
    assert not Zielwert.objects.exists()


def test_the_form_opens_with_this_year_and_a_way_back(signed_in, controlling, eigenes):
    page = signed_in(controlling).get(PAGE)
    assertContains(page, 'value="2026"')
    assertContains(page, f'href="{LISTE}"')
    assertContains(page, "Nicht speichern")
