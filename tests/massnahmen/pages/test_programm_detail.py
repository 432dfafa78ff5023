from dataclasses import replace
from datetime import date

import pgtrigger
import pytest
from django.db import connection
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import publish_programm, reopen_programm, submit_programm, update_position
from massnahmen.models import Fassung
from massnahmen.queries import read_fassung
from tests.conftest import current_fingerprint

PAGE = reverse("massnahmen:programm-detail", args=[2027])


def test_it_is_exactly_the_voted_fassung(client, veroeffentlichung, leitung, planung, position, angaben):
    reopen_programm(programm=position.programm, by=leitung)
    update_position(position=position, version=1, angaben=replace(angaben, titel="Noch geheim", plaetze=77), by=planung)
    submit_programm(programm=position.programm, pruefsumme=current_fingerprint(position.programm), by=leitung)
    page = client.get(PAGE)
    assert page.context["inhalt"] == read_fassung(veroeffentlichung.fassung)
    for words in (
        veroeffentlichung.fassung.pruefsumme,
        "Fassung&nbsp;1",
        "<strong>einstimmig zugestimmt</strong> (Beschluss 01/",
        ", 22. Sitzung)",
        "Neuer Start im Betrieb",
        "520.000,50\u00a0€",
        "Lohnzuschuss für Betriebe",
    ):
        assertContains(page, words)
    assertNotContains(page, "Noch geheim")


@pytest.mark.parametrize("state", ["programm", "position", "fassung", "beschluss"])
def test_a_draft_is_not_there_at_all(client, signed_in, leitung, request, state):
    missing = client.get(reverse("massnahmen:programm-detail", args=[2099]))
    request.getfixturevalue(state)
    for browser in (client, signed_in(leitung)):
        page = browser.get(PAGE)
        assert (page.status_code, page.content) == (404, missing.content.replace(b"2099", b"2027"))
        assert browser.get(reverse("massnahmen:programm-csv", args=[2027])).status_code == 404


def test_a_divided_beirat_and_the_answer_are_shown(client, fassung, advise, leitung):
    publish_programm(beratung=advise(fassung, ja=3, nein=5, enthaltung=1), antwort="Wir sehen das <anders>.", by=leitung)
    page = client.get(PAGE)
    assertContains(page, "abgelehnt (3\u00a0Ja, 5\u00a0Nein, 1\u00a0Enthaltung)")
    assertContains(page, "<p>Wir sehen das &lt;anders&gt;.</p>")


def test_a_text_that_does_not_fit_its_fingerprint_is_called_so(client, veroeffentlichung):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE massnahmen_fassung DROP CONSTRAINT fassung_pruefsumme_stimmt")
    fassung = veroeffentlichung.fassung
    with pgtrigger.ignore("massnahmen.Fassung:fassung_unveraenderlich"):
        Fassung.objects.update(inhalt=fassung.inhalt.replace('"plaetze":12', '"plaetze":13'))
    page = client.get(PAGE)
    assertContains(page, "Dieser Text passt nicht zu seinem Fingerabdruck.")
    assertNotContains(page, "einstimmig zugestimmt")
    assertNotContains(page, fassung.pruefsumme)


def test_texts_cannot_smuggle_markup(client, make_public):
    make_public(2027, titel="<script>alert(1)</script>", beschreibung="<img src=x>")
    page = client.get(PAGE)
    assertNotContains(page, "<script>alert")
    assertNotContains(page, "<img src=x>")


def test_visitors_leave_no_trace(client, make_public):
    make_public(2027)
    page = client.get(PAGE)
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")
    assertNotContains(page, "csrfmiddlewaretoken")


def test_query_count(client, make_public, django_assert_num_queries):
    for jahr, anzahl in ((2027, 1), (2028, 3), (2029, 30)):
        make_public(jahr, anzahl=anzahl, ende=date(jahr, 12, 31))
        with django_assert_num_queries(2):  # the publication with its Fassung; the PDF
            client.get(reverse("massnahmen:programm-detail", args=[jahr]))
