import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import create_regionalprojekt
from massnahmen.models import Projektmittel, Regionalprojekt
from tests.massnahmen.conftest import sent_by
from tests.massnahmen.test_projekte import ANGABEN

TYPED = {"quelle": "esf", "von": "2015", "bis": "2022", "betrag_cent": "13.900.000", "ist_ungefaehr": "on"}


@pytest.fixture
def projekt(planung) -> Regionalprojekt:
    return create_regionalprojekt(angaben=ANGABEN, by=planung)


@pytest.fixture
def page_url(projekt) -> str:
    return reverse("massnahmen:projektmittel-anlegen", args=[projekt.pk])


def test_money_of_several_years_or_of_one(signed_in, planung, projekt, page_url):
    browser = signed_in(planung)
    response = browser.post(page_url, TYPED, follow=True)
    assertRedirects(response, reverse("massnahmen:regionalprojekt-detail", args=[projekt.pk]))
    browser.post(page_url, TYPED | {"quelle": "land", "von": "2016", "bis": "", "ist_ungefaehr": ""})
    rows = [(m.quelle, m.jahre.lower, m.jahre.upper, m.betrag_cent, m.ist_ungefaehr) for m in Projektmittel.objects.order_by("quelle")]
    assert rows == [("esf", 2015, 2023, 13_900_000_00, True), ("land", 2016, 2017, 13_900_000_00, False)]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"quelle": ""}, "Die Quelle fehlt."),
        ({"von": ""}, "„Erstes Jahr“ fehlt."),
        ({"von": "2014"}, "Das Projekt läuft von 2015 bis 2022."),
        ({"bis": "2023"}, "Das Projekt läuft von 2015 bis 2022."),
        ({"von": "2018", "bis": "2017"}, "Das letzte Jahr liegt vor dem ersten."),
        ({"betrag_cent": "0"}, "Der Betrag muss größer als 0 sein."),
        ({"betrag_cent": "-1"}, "Der Betrag kann nicht kleiner als 0 sein."),
        ({"betrag_cent": "13,9 Mio."}, "Das ist kein Betrag in Euro."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(signed_in, planung, page_url, given, sentence):
    page = signed_in(planung).post(page_url, TYPED | given)
    assertContains(page, sentence, status_code=422)
    assert sent_by(page, page_url)["betrag_cent"] == [given.get("betrag_cent", "13.900.000")]
    assert not Projektmittel.objects.exists()


def test_a_year_twice_is_refused_and_nothing_is_lost(signed_in, planung, page_url):
    browser = signed_in(planung)
    browser.post(page_url, TYPED)
    page = browser.post(page_url, TYPED | {"von": "2022"})
    assertContains(page, "steht in diesen Jahren schon ein Betrag", status_code=409)
    assert sent_by(page, page_url)["betrag_cent"] == ["13.900.000"]


def test_only_planung_comes_in(client, signed_in, controlling, planung, page_url):
    assert client.get(page_url).status_code == 302
    assert signed_in(controlling).get(page_url).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:projektmittel-anlegen", args=[999])).status_code == 404
