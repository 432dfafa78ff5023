from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import Kontaktangaben, add_kontakt, create_traeger
from massnahmen.models import Massnahme, Traeger
from tests.html import Page

PREIS = "7.654.321,09\u00a0€"


@pytest.fixture(autouse=True)
def _today(at) -> None:
    at(datetime(2026, 11, 22, 12))


@pytest.fixture
def url(traeger, planung, certify, contract) -> str:
    certify("Z-ALT", date(2021, 1, 1), date(2024, 12, 31), [1])
    certify("Z-NEU", date(2025, 1, 1), date(2027, 2, 1), [1, 6])
    add_kontakt(traeger=traeger, angaben=Kontaktangaben("Ada Frage", "Leitung", "ada@bildungswerk.example", "09999 41-7"), by=planung)
    contract(date(2026, 1, 1), date(2026, 12, 31), nummer="V 12/2025")
    contract(date(2025, 1, 1), date(2025, 12, 31), gekuendigt_zum=date(2025, 6, 30), kuendigungsgrund="Insolvenz")
    Massnahme.objects.create(titel="Frühe Hilfe", traeger=traeger, ende=date(2027, 12, 31))
    return reverse("massnahmen:traeger-detail", args=[traeger.pk])


def test_everything_about_a_provider_stands_on_its_page(signed_in, planung, url):
    page = signed_in(planung).get(url)
    text = " ".join(Page(page.content).one("main").text.split())
    for said in (
        "zugelassen für: Aktivierung und berufliche Eingliederung, Teilhabe von Menschen mit Behinderungen.",
        "Z-NEU",
        "läuft in 71 Tagen ab",
        "1 frühere Zulassung",
        "Z-ALT",
        "Ada Frage",
        "Leitung",
        "Vertrag V 12/2025",
        "01.01.2026 bis31.12.2026",
        "gekündigt zum 30.06.2025",
        "Frühe Hilfe",
        "Zulassung eingetragen am",  # the database says when
    ):
        assert said in text
    links = Page(page.content).links()
    assert {"mailto:ada@bildungswerk.example", "tel:+499999417"} <= links
    assert reverse("massnahmen:massnahme-intern-detail", args=[Massnahme.objects.get(titel="Frühe Hilfe").pk]) in links


def test_prices_are_for_those_who_conduct_awards(signed_in, planung, leitung, controlling, presse, administration, url):
    for account in (planung, leitung):
        assertContains(signed_in(account).get(url), PREIS)
    for account in (controlling, presse, administration):
        page = signed_in(account).get(url)
        assertContains(page, "Vertrag V 12/2025")
        assertNotContains(page, "7.654.321")
        assertNotContains(page, "Preis")


def test_only_planung_meets_ways_to_change_something(signed_in, planung, leitung, url):
    ways = {"zulassung-anlegen", "kontakt-anlegen", "traeger-bearbeiten"}
    wanted = {reverse(f"massnahmen:{name}", args=[Traeger.objects.get().pk]) for name in ways}
    assert wanted <= Page(signed_in(planung).get(url).content).links()
    page = Page(signed_in(leitung).get(url).content)
    assert not wanted & page.links()
    assert not [link for link in page.links() if "/kontakte/" in link or "/zulassungen/" in link]


def test_a_new_provider_says_what_comes_next_and_can_be_taken_away(signed_in, planung, leitung):
    new = create_traeger(name="Aus Versehen", ort="Oberau", by=planung)
    url, remove = (reverse(f"massnahmen:traeger-{name}", args=[new.pk]) for name in ("detail", "entfernen"))
    browser = signed_in(planung)
    page = browser.get(url)
    for title in ("Keine gültige Zulassung", "Noch kein Kontakt", "Kein Vertrag", "Keine Maßnahme"):
        assertContains(page, title)
    assertContains(page, f'action="{remove}"')
    assertNotContains(signed_in(leitung).get(url), remove)
    assert signed_in(leitung).post(remove).status_code == 403
    assert browser.get(remove).status_code == 405
    assertRedirects(browser.post(remove), reverse("massnahmen:traeger-liste"))
    assert browser.get(url).status_code == 404
    assert browser.post(remove).status_code == 404


def test_what_is_used_stays_and_offers_no_button(signed_in, planung, url, traeger):
    remove = reverse("massnahmen:traeger-entfernen", args=[traeger.pk])
    browser = signed_in(planung)
    assertNotContains(browser.get(url), remove)
    assertContains(browser.post(remove), "bleibt deshalb", status_code=409)
    assert Traeger.objects.get() == traeger


def test_strangers_and_the_beirat_do_not_come_in(client, signed_in, fremd, mitglied, planung, url):
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    assert signed_in(fremd).get(url).status_code == 403
    assert signed_in(mitglied.konto).get(url).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:traeger-detail", args=[99999])).status_code == 404


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_number_of_queries_does_not_grow(signed_in, leitung, planung, traeger, certify, contract, django_assert_num_queries, number):
    for n in range(number):
        certify(f"Z-{n}", date(2025, 1, 1), date(2027, 2, 1), [1, 6])
        add_kontakt(traeger=traeger, angaben=Kontaktangaben(f"Person {n}", mail="a@b.example"), by=planung)
        contract(date(2026, 1, 1), date(2026, 12, 31))
        Massnahme.objects.create(titel=f"Maßnahme {n}", traeger=traeger)
    browser = signed_in(leitung)
    with django_assert_num_queries(10):  # session, person, provider; certificates, contacts, contracts, measures; three of the last change
        page = browser.get(reverse("massnahmen:traeger-detail", args=[traeger.pk]))
    assertContains(page, "a@b.example</a>", count=number)


def test_neither_contact_nor_price_is_public(client, veroeffentlichung, planung, contract):
    massnahme = veroeffentlichung.fassung.programm.positionen.get().massnahme
    angaben = Kontaktangaben("Ada Geheim", mail="geheim@bildungswerk.example", telefon="09999 777")
    add_kontakt(traeger=massnahme.traeger, angaben=angaben, by=planung)
    contract(date(2027, 1, 1), date(2028, 12, 31), massnahme=massnahme)
    for path in (
        reverse("massnahmen:massnahme-detail", args=[massnahme.pk]),
        reverse("massnahmen:massnahme-liste"),
        reverse("massnahmen:programm-detail", args=[2027]),
        reverse("massnahmen:api-programm-detail", args=["2027"]),
        reverse("massnahmen:programm-csv", args=[2027]),
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"Bildungswerk" in body or path == reverse("massnahmen:massnahme-liste")
        for secret in ("Ada Geheim", "geheim@", "09999 777", "7.654.321", "765432109"):
            assert secret not in body.decode(), (path, secret)
