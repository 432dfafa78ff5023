from dataclasses import replace
from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import add_position, publish_programm
from massnahmen.models import Zielgruppe
from tests.massnahmen.verfaelschen import falsify

PAGE = reverse("massnahmen:massnahme-liste")


@pytest.fixture(autouse=True)
def _summer(at) -> None:
    at(datetime.fromisoformat("2027-07-01T00:30"))


def titles(page) -> list[str]:
    return [angebot.massnahme.titel for angebot, _ in page.context["angebote"]]


def test_what_has_ended_is_not_offered_and_plain_words_come_first(client, make_public, at):
    make_public(2027, titel="Bis heute", ende=date(2027, 7, 1))
    page = client.get(PAGE)
    assert titles(page) == ["Bis heute"]
    text = page.content.decode()
    assert text.index("Lohnzuschuss für Betriebe") < text.index("Bis heute") < text.index("bei Bildungswerk Musterburg")
    for later in ("16i", "520.000"):  # law and money stand on the page of the measure
        assertNotContains(page, later)
    assertContains(page, "09999 100-0")
    assertContains(page, "Stand: 1.\u00a0Juli\u00a02027")
    at(datetime.fromisoformat("2027-07-02T00:30"))
    assertContains(client.get(PAGE), "Gerade stehen hier keine Angebote")


def test_a_programme_of_a_year_gone_by_counts_only_while_there_is_no_newer(client, make_public):
    make_public(2026, titel="Alt", ende=date(2028, 12, 31))
    assert titles(client.get(PAGE)) == ["Alt"]
    make_public(2028, titel="Neu")
    assert titles(client.get(PAGE)) == ["Neu"]


def test_publishing_the_coming_year_does_not_hide_what_runs_now(client, make_public):
    make_public(2027, titel="Läuft", ende=date(2027, 12, 31))
    make_public(2028, titel="Kommt", beginn=date(2028, 1, 1), ende=date(2028, 12, 31))
    page = client.get(PAGE)
    assert titles(page) == ["Läuft", "Kommt"]
    assertContains(page, "Arbeitsmarktprogramm 2027")
    assertContains(page, "Arbeitsmarktprogramm 2028")


def test_a_life_situation_narrows_the_list(client, make_public, zielgruppe):
    """The frozen text knows target groups by name; how people say it of themselves may change at any time."""
    women = Zielgruppe.objects.create(code="f", name="Frauen & Mütter", lebenslage="Ich bin eine Frau <3")
    make_public(2027, anzahl=2, zielgruppen=[zielgruppe, women])
    page = client.get(PAGE)
    assert page.context["lebenslagen"] == [
        ("frauen-mutter", "Ich bin eine Frau <3", 2),
        ("menschen-unter-25-jahren", "Menschen unter 25 Jahren", 2),
    ]
    assertContains(page, 'href="?zielgruppe=frauen-mutter"')
    chosen = client.get(PAGE, {"zielgruppe": "frauen-mutter"})
    assert len(titles(chosen)) == 2
    assertContains(chosen, "2&nbsp;Angebote: Frauen &amp; Mütter")
    assertContains(chosen, "Ich bin eine Frau &lt;3")
    nothing = client.get(PAGE, {"zielgruppe": "<b>unbekannt"})
    assertContains(nothing, "Für diese Auswahl gibt es gerade nichts")
    assertContains(nothing, f'href="{PAGE}">Alle Angebote zeigen')
    assertContains(nothing, "tel:+4999991000")
    assertNotContains(nothing, "<b>unbekannt")


@pytest.fixture
def three(programm, angaben, planung, submit, advise, decide, leitung):
    """One that begins at any time, one in September, one whose next start is over."""
    for fields in (
        {"titel": "Jederzeit", "jederzeit": True, "ort": "Musterburg, Marktplatz 1"},
        {"titel": "September", "naechster_start": date(2027, 9, 1), "ort": "Neustadt", "beschreibung": "Schweißen lernen"},
        {"titel": "Vorbei", "naechster_start": date(2027, 2, 1), "ort": "Musterburg, Am Bach 3"},
    ):
        days = {"beginn": date(2027, 1, 1), "ende": date(2027, 12, 31)}
        add_position(programm=programm, angaben=replace(angaben, **days, **fields), by=planung)
    beratung = advise(submit(programm))
    decide(beratung.fassung)
    return publish_programm(beratung=beratung, by=leitung)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["Jederzeit", "September", "Vorbei"]),
        ({"ort": "Musterburg"}, ["Jederzeit", "Vorbei"]),
        ({"start": "jederzeit"}, ["Jederzeit"]),
        ({"start": "bald"}, ["Jederzeit", "September"]),
        ({"start": "quatsch"}, ["Jederzeit", "September", "Vorbei"]),
        ({"q": "SCHWEISSEN"}, ["September"]),
        ({"q": "neustadt lernen"}, ["September"]),
        ({"q": "neustadt", "ort": "Musterburg"}, []),
        ({"q": "lernen", "zielgruppe": "menschen-unter-25-jahren"}, ["September"]),
    ],
)
def test_place_start_and_words_narrow_the_list(client, three, wanted, found):
    assert titles(client.get(PAGE, wanted)) == found


def test_a_start_that_is_over_is_not_named(client, three):
    page = client.get(PAGE)
    assertContains(page, "1.\u00a0September\u00a02027")
    assertContains(page, "Den nächsten Termin sagen wir Ihnen am Telefon.", count=1)
    assertNotContains(page, "Februar")


def test_conditions_stay_in_the_address(client, three):
    page = client.get(PAGE, {"ort": "Musterburg", "q": "im&vom"})
    assertContains(page, 'value="im&amp;vom"')
    page = client.get(PAGE, {"ort": "Musterburg", "start": "jederzeit"})
    assertContains(page, 'href="?ort=Musterburg&amp;start=jederzeit&amp;zielgruppe=menschen-unter-25-jahren"')
    page = client.get(PAGE, {"zielgruppe": "menschen-unter-25-jahren"})
    assertContains(page, '<input type="hidden" name="zielgruppe" value="menschen-unter-25-jahren">')


def test_a_falsified_programme_is_left_out_and_breaks_nothing(client, make_public):
    make_public(2028, titel="Echt")
    falsify(make_public(2027, titel="Original").fassung, "Original", "Falsch")
    assert titles(client.get(PAGE)) == ["Echt"]


def test_without_a_published_programme_it_says_whom_to_ask(client, fassung):
    page = client.get(PAGE)
    assertContains(page, "Rufen Sie uns an")
    assertNotContains(page, "Neuer Start im Betrieb")


def test_visitors_leave_no_trace(client, make_public):
    make_public(2027)
    page = client.get(PAGE)
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")
    assertNotContains(page, "csrfmiddlewaretoken")


def test_query_count(client, make_public, django_assert_num_queries):
    for jahr, anzahl, zusammen in ((2027, 1, 1), (2028, 3, 4), (2029, 30, 34)):
        make_public(jahr, anzahl=anzahl)
        with django_assert_num_queries(3):  # the publications with their frozen texts; how people say it of themselves
            assert len(titles(client.get(PAGE))) == zusammen
