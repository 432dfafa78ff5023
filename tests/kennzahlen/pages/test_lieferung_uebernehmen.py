"""The question before figures become public."""

import pytest
from django.urls import reverse

from kennzahlen.models import Messwert, Zugehoerigkeit
from tests.html import Page

pytestmark = pytest.mark.django_db


def url(lieferung, page: str = "uebernehmen") -> str:
    return reverse(f"kennzahlen:lieferung-{page}", args=[lieferung.pk])


def test_it_asks_first_and_publishes_on_the_second_click(geprueft, signed_in, controlling):
    browser = signed_in(controlling)
    page = Page(browser.get(url(geprueft)).content)
    assert "2 neue und 0 geänderte Werte" in page.all("li")[-3].text + page.all("ol")[-1].text
    assert not Messwert.objects.exists()
    response = browser.post(url(geprueft), follow=True)
    assert response.redirect_chain == [(url(geprueft, "detail"), 302)]
    assert "Die Zahlen mit Stand 20. Oktober 2026 sind veröffentlicht." in response.content.decode().replace("\u00a0", " ")
    assert Messwert.objects.published().count() == 2


@pytest.mark.parametrize(("given", "number"), [({}, 0), ({"mit_zuordnungen": "on"}, 2)])
def test_laender_and_types_are_taken_over_when_the_box_is_set(given, number, submit, check, signed_in, controlling):
    kopf = "traegernummer;bundesland;vergleichstyp;berichtsmonat;kennzahl;geschlecht;zaehler;nenner"
    lieferung = check(submit("99001;Musterland;IIIb;2026-07;K2;I;2601;9824,58", kopf=kopf))
    browser = signed_in(controlling)
    assert Page(browser.get(url(lieferung)).content).by_id("id_mit_zuordnungen").attrs["type"] == "checkbox"
    browser.post(url(lieferung), given)
    assert Zugehoerigkeit.objects.count() == number


@pytest.mark.parametrize("which", ["uebernommen", "fehlerhaft"])
def test_too_late_is_said_on_the_page_of_the_delivery(request, which, signed_in, controlling):
    lieferung, browser = request.getfixturevalue(which), signed_in(controlling)
    for answer in (browser.get(url(lieferung), follow=True), browser.post(url(lieferung), follow=True)):
        assert answer.redirect_chain == [(url(lieferung, "detail"), 302)]
        assert "kern-alert--danger" in answer.content.decode()
    before = lieferung.zustand
    lieferung.refresh_from_db()
    assert lieferung.zustand == before


@pytest.mark.parametrize("who", ["leitung", "administration", "planung", "fremd"])
def test_only_controlling_publishes(request, who, geprueft, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(url(geprueft)).status_code == 403
    assert browser.post(url(geprueft)).status_code == 403
    assert not Messwert.objects.exists()
