from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import Vergabeangaben, record_angebot, update_vergabe
from massnahmen.enums import Massnahmestand, Vergabeart
from massnahmen.models import Massnahme, Vergabe, Vertrag
from massnahmen.views.umsetzungsschritte import SCHRITTE
from tests.massnahmen.conftest import sent_by


@pytest.fixture(autouse=True)
def _in_november(at):
    at(datetime(2026, 11, 2, 9))


def page(massnahme, slug: str) -> str:
    return reverse("massnahmen:umsetzung-schritt", args=[massnahme.pk, slug])


def detail(massnahme) -> str:
    return reverse("massnahmen:umsetzung-detail", args=[massnahme.pk])


def test_from_the_need_to_the_contract_by_the_pages(signed_in, planung, leitung, bedarf, zugelassen):
    def take(account, slug: str, **given):
        browser, url = signed_in(account), page(bedarf, slug)
        values = sent_by(browser.get(url), url)
        return browser.post(url, values | given)

    assertRedirects(take(planung, "vergabe", vergabeart="oeffentlich", wert_cent="300.000", grund="Neuer Bedarf."), detail(bedarf))
    url = "https://vergabe.example/7"
    assert take(planung, "bekanntmachung", am="2026-11-02", url=url, angebotsfrist="2026-11-20T12:00").status_code == 302
    vergabe = Vergabe.objects.get()
    assert (vergabe.wert_cent, vergabe.bekanntmachung_url) == (300_000_00, url)
    Vergabe.objects.update(angebotsfrist="2026-11-01T12:00Z")  # the time for offers is over
    assert take(planung, "angebot", traeger=zugelassen.pk, preis_cent="290.000,00").status_code == 302
    given = {"traeger": zugelassen.pk, "preis_cent": "290.000", "geschlossen_am": "2026-11-02"}
    assert take(leitung, "zuschlag", **given).status_code == 302
    vertrag = Vertrag.objects.get()
    assert (vertrag.traeger, vertrag.plaetze, vertrag.beginn, vertrag.preis_cent) == (zugelassen, 12, date(2027, 1, 1), 290_000_00)
    assert Massnahme.objects.get().stand == Massnahmestand.ZUSCHLAG


def test_what_the_law_does_not_allow_is_said_and_nothing_typed_is_lost(signed_in, planung, bedarf):
    url = page(bedarf, "vergabe")
    browser = signed_in(planung)
    values = sent_by(browser.get(url), url) | {"vergabeart": "oeffentlich", "wert_cent": "750.000", "grund": "Neuer Bedarf."}
    refused = browser.post(url, values)
    assertContains(refused, "nur bis 749.999,99\u00a0€ erlaubt", status_code=409)
    assertContains(refused, "Offenes Verfahren, EU-weit", status_code=409)
    assert sent_by(refused, url)["wert_cent"] == ["750.000"]
    assert sent_by(refused, url)["grund"] == ["Neuer Bedarf."]
    assert not Vergabe.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"wert_cent": "-5"}, "kann nicht kleiner als 0 sein"),
        ({"wert_cent": "0"}, "muss größer als 0 sein"),
        ({"wert_cent": "viel"}, "kein Betrag in Euro"),
        ({"wert_cent": "99.999.999.999"}, "Der Betrag ist zu groß"),
        ({"vergabeart": "wuerfeln"}, "Wählen Sie"),
        ({"grund": " "}, "Der Grund fehlt"),
    ],
)
def test_wrong_input_is_refused(signed_in, planung, bedarf, given, sentence):
    url = page(bedarf, "vergabe")
    browser = signed_in(planung)
    values = sent_by(browser.get(url), url) | {"vergabeart": "eu_offen", "wert_cent": "5", "grund": "G"} | given
    assertContains(browser.post(url, values), sentence, status_code=422)
    assert not Vergabe.objects.exists()


def test_a_colleague_was_faster(signed_in, planung, vergabe):
    url = page(vergabe.massnahme, "vergabe-aendern")
    browser = signed_in(planung)
    values = sent_by(browser.get(url), url) | {"wert_cent": "111"}
    update_vergabe(vergabe=vergabe, version=1, angaben=Vergabeangaben(vergabeart=Vergabeart.OEFFENTLICH, wert_cent=222_00), by=planung)
    asked = browser.post(url, values)
    assertContains(asked, "Inzwischen hat jemand anderes", status_code=409)
    assert browser.post(url, sent_by(asked, url)).status_code == 302
    assert Vergabe.objects.get().wert_cent == 111_00


def test_only_bidders_can_be_awarded(signed_in, planung, leitung, vergabe, zugelassen, traeger2):
    record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=1, by=planung)
    url = page(vergabe.massnahme, "zuschlag")
    browser = signed_in(leitung)
    shown = browser.get(url)
    assert [choice.pk for choice in shown.context["form"].fields["traeger"].queryset] == [zugelassen.pk]
    refused = browser.post(url, sent_by(shown, url) | {"traeger": traeger2.pk, "preis_cent": "1"})
    assertContains(refused, "steht nicht zur Wahl", status_code=422)


def test_a_step_out_of_its_turn_says_where_the_measure_stands(signed_in, planung, leitung, bedarf):
    answered = signed_in(planung).get(page(bedarf, "abrechnung"))
    assertContains(answered, "„Abrechnen“ ist jetzt nicht möglich", status_code=409)
    assert signed_in(leitung).get(page(bedarf, "zuschlag")).status_code == 409
    assert signed_in(planung).get(page(bedarf, "zaubern")).status_code == 404


def test_closed_to_others(client, signed_in, planung, controlling, fremd, bedarf, vergabe):
    for schritt in SCHRITTE:
        url = page(bedarf, schritt.slug)
        assert client.get(url).status_code == 302
        for account in (controlling, fremd):
            assert signed_in(account).get(url).status_code == 403
            assert signed_in(account).post(url).status_code == 403
    assert signed_in(planung).get(page(bedarf, "zuschlag")).status_code == 403
    assert signed_in(planung).get(page(bedarf, "aufhebung")).status_code == 403
