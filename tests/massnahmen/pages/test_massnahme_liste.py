from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.models import Zielgruppe

PAGE = reverse("massnahmen:massnahme-liste")


@pytest.fixture(autouse=True)
def _summer(at) -> None:
    at(datetime.fromisoformat("2027-07-01T00:30"))


def titles(page) -> list[str]:
    return [m.titel for m in page.context["massnahmen"]]


def test_what_has_ended_is_not_offered_and_plain_words_come_first(client, make_public):
    make_public(2027, titel="Bis gestern", ende=date(2027, 6, 30))
    assertContains(client.get(PAGE), "Gerade stehen hier keine Angebote")
    make_public(2028, titel="Bis heute", beginn=date(2027, 1, 1), ende=date(2027, 7, 1))
    page = client.get(PAGE)
    assert titles(page) == ["Bis heute"]
    text = page.content.decode()
    assert (
        text.index("Lohnzuschuss für Betriebe")
        < text.index("Bis heute")
        < text.index("Bildungswerk Musterburg")
        < text.index("§\u00a016i SGB\u00a0II")
    )
    assertContains(page, "09999 100-0")
    assertContains(page, "Stand: 1.\u00a0Juli\u00a02027")


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


def test_a_choice_narrows_the_list(client, make_public, zielgruppe):
    women = Zielgruppe.objects.create(code="f", name="Frauen & Mütter")
    make_public(2027, anzahl=2, zielgruppen=[zielgruppe, women])
    page = client.get(PAGE)
    assert page.context["zielgruppen"] == [
        ("frauen-mutter", "Frauen & Mütter", 2),
        ("menschen-unter-25-jahren", "Menschen unter 25 Jahren", 2),
    ]
    chosen = client.get(PAGE, {"zielgruppe": "frauen-mutter"})
    assert len(titles(chosen)) == 2
    assertContains(chosen, "2&nbsp;Angebote: Frauen &amp; Mütter")
    nothing = client.get(PAGE, {"zielgruppe": "<b>unbekannt"})
    assertContains(nothing, "Für diese Auswahl gibt es gerade nichts")
    assertNotContains(nothing, "<b>unbekannt")


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
        with django_assert_num_queries(1):  # the publications with their frozen texts
            assert len(titles(client.get(PAGE))) == zusammen
