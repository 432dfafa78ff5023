import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.enums import Massnahmestand
from massnahmen.models import Massnahme, Monatsmeldung
from tests.html import Page
from tests.massnahmen.conftest import sent_by

pytestmark = pytest.mark.usefixtures("november")
COUNTS = ["zuweisungen", "nichtantritte", "eintritte", "integrationen", "kosten_cent"]
EXITS = ["austritte_regulaer", "austritte_arbeit", "austritte_abbruch", "austritte_sonstige"]
EMPTY = dict.fromkeys([*COUNTS, *EXITS], "")
GOOD = EMPTY | {"monat": "2026-10", "teilnahmetage": "1.200", "eintritte": "5", "kosten_cent": "18.450,20"}


@pytest.fixture
def massnahme(run) -> Massnahme:
    return run(plaetze=50)


@pytest.fixture
def page_url(massnahme) -> str:
    return f"/intern/massnahmen/{massnahme.pk}/meldungen/neu/"


def test_a_month_is_reported(signed_in, controlling, massnahme, page_url):
    browser = signed_in(controlling)
    page = browser.get(f"{page_url}?monat=2026-10")
    assertContains(page, "1.550&nbsp;Platztage")
    assert sent_by(page, page_url)["monat"] == ["2026-10"]
    response = browser.post(page_url, GOOD, follow=True)
    assertRedirects(response, reverse("massnahmen:meldung-liste", args=[massnahme.pk]))
    assertContains(response, "Oktober\xa02026 ist gemeldet.")
    meldung = Monatsmeldung.objects.get()
    assert (meldung.teilnahmetage, meldung.eintritte, meldung.kosten_cent, meldung.platztage) == (1200, 5, 18_450_20, 1550)


@pytest.mark.parametrize("monat", ["", "x", "2026-13", "9999-99", "%00"])
def test_a_month_in_the_address_that_is_none_is_an_empty_field(signed_in, controlling, page_url, monat):
    assert sent_by(signed_in(controlling).get(f"{page_url}?monat={monat}"), page_url)["monat"] == [""]


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"monat": ""}, "monat", "Der Monat fehlt."),
        ({"monat": "12/2026"}, "monat", "liegt in der Zukunft"),
        ({"monat": "12/2025"}, "monat", "liegt außerhalb der Laufzeit"),
        ({"teilnahmetage": ""}, "teilnahmetage", "Die Teilnahmetage fehlen."),
        ({"teilnahmetage": "4.651"}, "teilnahmetage", "höchstens 4.650"),
        ({"teilnahmetage": "-3"}, "teilnahmetage", "kann nicht kleiner als 0 sein"),
        ({"eintritte": "=1+1"}, "eintritte", "keine ganze Zahl"),
        ({"eintritte": "99999999999999999999999"}, "eintritte", "zu viele"),
        ({"austritte_abbruch": "6"}, "austritte_regulaer", "6 Austritte gemeldet, aber nur 5 Eintritte"),
        ({"kosten_cent": "-5"}, "kosten_cent", "kann nicht kleiner als 0 sein"),
        ({"kosten_cent": "12.50"}, "kosten_cent", "kein Betrag"),
    ],
)
def test_what_cannot_be_true_is_said_at_its_field_and_stays_as_typed(signed_in, controlling, page_url, given, field, sentence):
    response = signed_in(controlling).post(page_url, GOOD | given)
    assert response.status_code == 422
    assert sentence in " ".join(response.context["form"].errors[field])
    assert not Monatsmeldung.objects.exists()
    back = sent_by(response, page_url)
    assert {name: back[name] for name in given} == {name: [value] for name, value in given.items()}
    assert back["kosten_cent"] == [(GOOD | given)["kosten_cent"]]
    assert Page(response.content).classed("fehleruebersicht")


def test_twice_is_refused_and_the_same_form_sent_twice_is_one(signed_in, controlling, page_url, report, massnahme):
    browser = signed_in(controlling)
    key = browser.get(page_url).context["form"].einmal
    assert browser.post(page_url, GOOD | {"einmal": key}).status_code == 302
    assert browser.post(page_url, GOOD | {"einmal": key}).status_code == 302
    assert Monatsmeldung.objects.count() == 1
    response = browser.post(page_url, GOOD)
    assertContains(response, "Oktober\xa02026 ist schon gemeldet", status_code=422)


def test_a_settled_measure_is_closed(signed_in, controlling, page_url):
    browser = signed_in(controlling)
    Massnahme.objects.update(stand=Massnahmestand.ABGERECHNET)
    assertContains(browser.get(page_url), "ist abgerechnet, ihre Zahlen stehen fest.", status_code=409)
    assertContains(browser.post(page_url, GOOD), "ist abgerechnet, ihre Zahlen stehen fest.", status_code=422)


def test_for_the_controlling_only(signed_in, client, planung, leitung, presse, fremd, mitglied, controlling, page_url):
    assert client.get(page_url).status_code == 302
    for account in (planung, leitung, presse, fremd, mitglied.konto):
        assert signed_in(account).get(page_url).status_code == 403
        assert signed_in(account).post(page_url, GOOD).status_code == 403
    assert signed_in(controlling).get("/intern/massnahmen/999999/meldungen/neu/").status_code == 404
    assert not Monatsmeldung.objects.exists()
