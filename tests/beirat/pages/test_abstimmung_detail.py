import re

import pytest
from django.urls import reverse

from beirat.actions import cancel_abstimmung, cast_stimme, close_abstimmung
from beirat.enums import Wahl
from tests.beirat.lesen import targets, words

pytestmark = pytest.mark.django_db


def url(abstimmung) -> str:
    return reverse("beirat:abstimmung-detail", args=[abstimmung.pk])


def test_what_exactly_is_voted_on(abstimmung, fassung, mitglied, signed_in):
    response = signed_in(mitglied.konto).get(url(abstimmung))
    text = words(response)
    assert "Stimmen Sie dem Arbeitsmarktprogramm 2027 in der Fassung 1 zu?" in text
    assert fassung.pruefsumme in text
    assert reverse("beirat:vorlage-detail", args=[abstimmung.top.vorlage.pk]) in targets(response)
    for wahl in Wahl:
        assert f'name="wahl" value="{wahl}"' in response.content.decode()


def test_each_one_reads_why_there_is_nothing_to_choose(abstimmung, mitglied, stellvertretung, beratend, planung, signed_in):
    cast_stimme(abstimmung=abstimmung, wahl=Wahl.JA, by=mitglied.konto)
    sentences = {
        mitglied.konto: "Ihre Stimme ist gezählt",
        stellvertretung.konto: "Sie sind nicht als anwesend eingetragen.",
        beratend.konto: "Sie beraten mit und haben kein Stimmrecht.",
        planung: "Die Mitglieder des Beirats stimmen ab.",
    }
    for who, sentence in sentences.items():
        response = signed_in(who).get(url(abstimmung))
        assert sentence in words(response), who
        assert 'name="wahl"' not in response.content.decode(), who


def test_the_receipt_survives_a_reload_and_is_ones_own(abstimmung, mitglied, mitglied2, signed_in, at):
    from datetime import datetime

    at(datetime(2026, 11, 20, 14, 5))
    cast_stimme(abstimmung=abstimmung, wahl=Wahl.NEIN, by=mitglied.konto)
    browser = signed_in(mitglied.konto)
    for _ in range(2):
        assert "Name Karl Kammer Stimme Nein Abgegeben 20. November 2026, 14:05 Uhr" in words(browser.get(url(abstimmung)))
    assert "<title>Ihre Stimme ist gezählt" in browser.get(url(abstimmung)).content.decode()
    assert "Karl Kammer" not in words(signed_in(mitglied2.konto).get(url(abstimmung)))


def test_no_interim_result_for_anybody_in_page_or_fragment(abstimmung, vorsitz, mitglied, mitglied2, stellvertretung, planung, signed_in):
    """Three ballots of others, whatever they say, leave the same bytes; only the chair sees how many there are."""

    def seen(who) -> list[str]:
        browser = signed_in(who)
        pages = [browser.get(url(abstimmung)), browser.get(url(abstimmung), headers={"hx-request": "true"})]
        return [re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode()) for page in pages]

    people = [mitglied.konto, planung]
    before = [seen(who) for who in people]
    for who, wahl in ((vorsitz, Wahl.JA), (mitglied2, Wahl.NEIN)):
        cast_stimme(abstimmung=abstimmung, wahl=wahl, by=who.konto)
    assert [seen(who) for who in people] == before
    for page in seen(stellvertretung.konto):  # leads in the chair's stead
        assert "2 von 3 haben abgestimmt." in page
        assert "Luise Liga" not in page
        assert not re.search(r"\b[12]\s+(Ja|Nein)", page)


def test_the_fragment_is_the_live_part_alone(abstimmung, mitglied, signed_in):
    browser = signed_in(mitglied.konto)
    page, fragment = browser.get(url(abstimmung)), browser.get(url(abstimmung), headers={"hx-request": "true"})
    assert "<html" not in fragment.content.decode()
    assert fragment.content.decode().strip() in page.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]


def test_only_the_chair_is_offered_to_end_it(abstimmung, vorsitz, stellvertretung, mitglied, geschaeftsstelle, signed_in):
    ends = {reverse(f"beirat:abstimmung-{verb}", args=[abstimmung.pk]) for verb in ("schliessen", "abbrechen")}
    for who in (vorsitz.konto, stellvertretung.konto):
        assert ends <= targets(signed_in(who).get(url(abstimmung)))
    for who in (mitglied.konto, geschaeftsstelle):
        response = signed_in(who).get(url(abstimmung))
        assert not ends & targets(response)
        assert "haben abgestimmt" not in words(response)


def test_the_result_with_numbers_names_and_reason(abstimmung, vorsitz, mitglied, mitglied2, planung, signed_in):
    for who, wahl in ((vorsitz, Wahl.JA), (mitglied, Wahl.JA), (mitglied2, Wahl.ENTHALTUNG)):
        cast_stimme(abstimmung=abstimmung, wahl=wahl, by=who.konto)
    beschluss = close_abstimmung(abstimmung=abstimmung, by=vorsitz.konto)
    for who in (mitglied2.konto, planung):
        response = signed_in(who).get(url(abstimmung))
        text = words(response)
        assert "2 Ja, 0 Nein, 1 Enthaltung; Enthaltungen zählen nicht mit: angenommen." in text
        assert f"{beschluss} : Der Beirat stimmt dem Arbeitsmarktprogramm 2027 in der Fassung 1 zu." in text
        assert "Ja (2) Karl Kammer Vera Vorsitz Enthaltung (1) Luise Liga" in text
        assert "hx-trigger" not in response.content.decode(), "there is nothing left to wait for"
    assert "Stimme Enthaltung" in words(signed_in(mitglied2.konto).get(url(abstimmung)))


def test_a_cancelled_ballot_names_nobody(abstimmung, vorsitz, mitglied, planung, signed_in):
    cast_stimme(abstimmung=abstimmung, wahl=Wahl.NEIN, by=mitglied.konto)
    cancel_abstimmung(abstimmung=abstimmung, by=vorsitz.konto)
    text = words(signed_in(planung).get(url(abstimmung)))
    assert "Die Abstimmung ist abgebrochen." in text
    assert "Karl Kammer" not in text


def test_who_is_outside(abstimmung, fremd, ehemalig, signed_in):
    for who in (fremd, ehemalig.konto):
        assert signed_in(who).get(url(abstimmung)).status_code == 403


@pytest.mark.parametrize("n", [1, 3, 30])
def test_queries(punkt, sitzung, seat, vorsitz, planung, geschaeftsstelle, signed_in, n, django_assert_num_queries):
    from beirat.actions import open_abstimmung, open_sitzung, record_anwesenheit

    seats = [seat(f"Mitglied {i}") for i in range(n)]
    top = punkt()
    record_anwesenheit(sitzung=sitzung, mitglieder=[vorsitz, *seats], by=geschaeftsstelle)
    open_sitzung(sitzung=sitzung, by=vorsitz.konto)
    ballot = open_abstimmung(top=top, by=vorsitz.konto)
    for one in seats:
        cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=one.konto)
    close_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    browser = signed_in(planung)
    with django_assert_num_queries(8):
        browser.get(url(ballot))
