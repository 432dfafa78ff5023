from dataclasses import replace
from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import (
    Vergabeangaben,
    add_position,
    announce_vergabe,
    award_vergabe,
    choose_weg,
    inform_bieter,
    prepare_vergabe,
    record_angebot,
)
from massnahmen.enums import Vergabeart, Vergabestand, Weg
from massnahmen.models import Massnahme, Vergabe
from tests.massnahmen.verfaelschen import falsify


@pytest.fixture(autouse=True)
def _summer(at) -> None:
    at(datetime.fromisoformat("2027-07-01T00:30"))


def page_of(pk: int) -> str:
    return reverse("massnahmen:massnahme-detail", args=[pk])


def test_it_answers_in_the_order_in_which_people_ask(client, make_public):
    make_public(
        2027,
        titel="Neu anfangen",
        ort="Neustadt, Markt 3",
        dauer_wochen=8,
        wochenstunden=20,
        naechster_start=date(2027, 9, 1),
        zugang="Rufen Sie im Servicebüro an.",
        ansprechstelle="Servicebüro",
        telefon="09999 100-77",
    )
    page = client.get(page_of(Massnahme.objects.get().pk))
    text = page.content.decode().split("<main")[1].split("</main>")[0]
    asked = [
        "Neu anfangen</h1>",
        "Menschen unter 25 Jahren",
        "Betriebe erhalten einen Zuschuss zum Lohn.",
        "8\u00a0Wochen, 20\u00a0Stunden in der Woche",
        "Neustadt, Markt 3",
        "1.\u00a0September\u00a02027",
        "Rufen Sie im Servicebüro an.",
        "§\u00a016i SGB\u00a0II",
        "520.000,50\u00a0€",
        "Arbeitsmarktprogramm 2027</a>, Fassung&nbsp;1",
        "tel:+49999910077",
    ]
    assert [text.index(words) for words in asked] == sorted(text.index(words) for words in asked)


def test_what_a_programme_leaves_open_is_asked_for(client, make_public):
    make_public(2027)
    page = client.get(page_of(Massnahme.objects.get().pk))
    assertContains(page, "Das klären wir mit Ihnen.")
    assertContains(page, "Wir prüfen mit Ihnen, ob es passt.")
    assertContains(page, "Den nächsten Termin sagen wir Ihnen am Telefon.")


def test_only_what_was_published_shows(client, make_public, angaben, planung, programm):
    make_public(2026, titel="Veröffentlicht", ende=date(2027, 12, 31))
    published = Massnahme.objects.get()
    draft = add_position(programm=programm, angaben=replace(angaben, titel="Entwurf"), by=planung)
    assert client.get(page_of(draft.massnahme_id)).status_code == 404
    assert client.get(page_of(10**9)).status_code == 404
    Massnahme.objects.filter(pk=published.pk).update(titel="Später geändert")
    page = client.get(page_of(published.pk))
    assertContains(page, "Veröffentlicht</h1>")
    assertNotContains(page, "Später geändert")


def test_one_that_has_ended_says_so_and_names_others_for_the_same_people(client, make_public):
    make_public(2027, titel="War einmal", ende=date(2027, 6, 30))
    ended = Massnahme.objects.get(titel="War einmal").pk
    make_public(2028, titel="Gibt es")
    running = Massnahme.objects.get(titel="Gibt es").pk
    page = client.get(page_of(ended))
    assert page.status_code == 410
    assertContains(page, "Dieses Angebot gibt es nicht mehr.", status_code=410)
    assertContains(page, "Es lief bis 30.\u00a0Juni\u00a02027.", status_code=410)
    assertContains(page, f'href="{page_of(running)}"', status_code=410)
    assertContains(page, "tel:+4999991000", status_code=410)
    assertContains(page, "noindex", status_code=410)
    assertNotContains(page, "So kommen Sie hinein", status_code=410)


def test_others_for_the_same_people_are_three_at_most(client, make_public):
    make_public(2027, anzahl=6)
    page = client.get(page_of(Massnahme.objects.first().pk))
    assert len(page.context["aehnliche"]) == 3
    assert page.context["massnahme"].id not in {a.massnahme.id for a in page.context["aehnliche"]}


def test_a_falsified_programme_offers_nothing(client, make_public):
    falsify(make_public(2027, titel="Original").fassung, "Original", "Falsch", with_fingerprint=True)
    assert client.get(page_of(Massnahme.objects.get().pk)).status_code == 404


def test_it_is_in_the_sitemap_while_it_is_offered(client, make_public, at):
    make_public(2027)
    address = page_of(Massnahme.objects.get().pk)
    assertContains(client.get("/sitemap.xml"), address)
    at(datetime.fromisoformat("2028-01-01T00:30"))
    assertNotContains(client.get("/sitemap.xml"), address)


def test_markup_arrives_as_text(client, make_public):
    make_public(2027, titel="<script>alert(1)</script>", zugang="<img src=x>", ansprechstelle="<b>wir</b>", telefon="09999<1")
    page = client.get(page_of(Massnahme.objects.get().pk))
    for evil in ("<script>alert", "<img src=x>", "<b>wir", "09999<1"):
        assertNotContains(page, evil)


def test_visitors_leave_no_trace(client, make_public):
    make_public(2027)
    page = client.get(page_of(Massnahme.objects.get().pk))
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")
    assertNotContains(page, "csrfmiddlewaretoken")


def test_query_count(client, make_public, django_assert_num_queries):
    for jahr, anzahl in ((2027, 1), (2028, 3), (2029, 30)):
        make_public(jahr, anzahl=anzahl)
        address = page_of(Massnahme.objects.last().pk)
        with django_assert_num_queries(4):  # the publications with their frozen texts
            client.get(address)


def test_what_is_public_of_the_award_follows_from_the_state(client, make_public, zugelassen, vertragsangaben, planung, leitung):
    make_public(2027, traeger=None, vergabestand=Vergabestand.OFFEN)
    massnahme = Massnahme.objects.get()
    pages = [page_of(massnahme.pk), reverse("massnahmen:massnahme-liste"), "/api/v1/massnahmen/", "/suche/?q=Bildungswerk", "/sitemap.xml"]
    pages += [reverse("massnahmen:programm-detail", args=[2027]), reverse("massnahmen:programm-csv", args=[2027])]

    def leaks() -> set[str]:
        text = "".join(client.get(page).content.decode() for page in pages)
        return {word for word in (zugelassen.name, "345.678", "34567800", "345678.00", "412.345", "41234500", "91 Punkte") if word in text}

    massnahme = choose_weg(massnahme=massnahme, version=massnahme.version, weg=Weg.VERGABE, by=planung)
    angaben = Vergabeangaben(vergabeart=Vergabeart.EU_OFFEN, wert_cent=412_345_00)
    vergabe = prepare_vergabe(massnahme=massnahme, version=massnahme.version, angaben=angaben, by=planung)
    assert leaks() == set()
    frist = timezone.make_aware(datetime(2027, 7, 1, 0, 0))
    Vergabe.objects.update(begonnen_am=date(2027, 6, 1))
    announce_vergabe(vergabe=vergabe, version=1, am=date(2027, 6, 1), url="https://vergabe.example/7", angebotsfrist=frist, by=planung)
    assertContains(client.get(pages[0]), 'href="https://vergabe.example/7"')
    record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=345_678_00, bewertung="91 Punkte", by=planung)
    inform_bieter(vergabe=vergabe, version=2, am=date(2027, 7, 1), by=planung)
    assert leaks() == set()
    Vergabe.objects.update(information_am=date(2027, 6, 10))
    given = replace(vertragsangaben, geschlossen_am=date(2027, 7, 1), preis_cent=345_678_00)
    award_vergabe(vergabe=vergabe, version=3, angaben=given, by=leitung)
    shown = client.get(pages[0])
    assertContains(shown, zugelassen.name)
    assertContains(shown, "12&nbsp;Plätze")
    assertNotContains(shown, "https://vergabe.example/7")
    assert leaks() == {zugelassen.name}
