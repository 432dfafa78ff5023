from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import Optionsangaben, add_option, record_angebot
from massnahmen.models import Bieterangebot, Traeger


@pytest.fixture(autouse=True)
def _in_november(at):
    at(datetime(2026, 11, 2, 9))


def page(massnahme) -> str:
    return reverse("massnahmen:umsetzung-detail", args=[massnahme.pk])


def test_a_need_says_what_comes_next_to_who_can_do_it(signed_in, planung, controlling, bedarf):
    mine = signed_in(planung).get(page(bedarf))
    assertContains(mine, "Noch kein Schritt")
    assertContains(mine, reverse("massnahmen:umsetzung-schritt", args=[bedarf.pk, "vergabe"]))
    assertNotContains(mine, "umsetzung/zuschlag/")
    assertNotContains(signed_in(controlling).get(page(bedarf)), "umsetzung/vergabe/")


def test_estimate_and_offers_are_for_those_who_conduct(signed_in, planung, leitung, controlling, presse, vergabe, zugelassen):
    record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=287_654_00, bewertung="91 Punkte", by=planung)
    for account in (planung, leitung):
        shown = signed_in(account).get(page(vergabe.massnahme))
        for secret in ("300.000\u00a0€", "287.654\u00a0€", "91 Punkte", zugelassen.name):
            assertContains(shown, secret)
    for account in (controlling, presse):
        shown = signed_in(account).get(page(vergabe.massnahme))
        assertContains(shown, "Vergabe vorbereitet")
        for secret in ("300.000", "287.654", "91 Punkte", zugelassen.name):
            assertNotContains(shown, secret)


def test_the_contract_with_its_options_and_every_step(signed_in, planung, controlling, award):
    vertrag = award()
    angaben = Optionsangaben(ende=date(2029, 12, 31), preis_cent=123_456_00, ziehbar_bis=date(2028, 9, 30))
    add_option(vertrag=vertrag, angaben=angaben, by=planung)
    shown = signed_in(planung).get(page(vertrag.massnahme))
    for words in ("290.000\u00a0€", "123.456\u00a0€"):
        assertContains(shown, words)
        assertNotContains(signed_in(controlling).get(page(vertrag.massnahme)), words)
    assertContains(shown, "Zuschlag erteilt")
    assertContains(shown, "zu ziehen bis 30.\u00a0September\u00a02028")
    assertContains(shown, "Neuer Bedarf.")  # why it began during the year


def test_an_offer_written_down_by_mistake_is_taken_away(signed_in, planung, controlling, vergabe, zugelassen):
    angebot = record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=1, by=planung)
    url = reverse("massnahmen:angebot-entfernen", args=[vergabe.massnahme.pk, angebot.pk])
    assert signed_in(controlling).post(url).status_code == 404
    assertRedirects(signed_in(planung).post(url), page(vergabe.massnahme))
    assert not Bieterangebot.objects.exists()
    assert signed_in(planung).post(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 30])
def test_as_many_queries_for_any_number_of_offers(signed_in, planung, vergabe, django_assert_num_queries, count):
    for number in range(count):
        record_angebot(vergabe=vergabe, traeger=Traeger.objects.create(name=f"T {number}", ort="O"), preis_cent=number, by=planung)
    browser = signed_in(planung)
    browser.get(page(vergabe.massnahme))
    with django_assert_num_queries(10):
        browser.get(page(vergabe.massnahme))


def test_closed_to_others(client, signed_in, fremd, mitglied, bedarf):
    assert client.get(page(bedarf)).status_code == 302
    for account in (fremd, mitglied.konto):
        assert signed_in(account).get(page(bedarf)).status_code == 403
