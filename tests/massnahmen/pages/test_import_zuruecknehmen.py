"""A whole import is taken back, with its reason, as long as nothing builds on it."""

import pytest
from django.urls import reverse

from massnahmen.actions.importe import take_over_import
from massnahmen.enums import Importzustand
from massnahmen.models import Import, Massnahme
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(upload, check_file, table, programm, planung) -> Import:
    return take_over_import(quelle=check_file(upload("massnahmen", table("Titel", "Kurs A", "Kurs B"), programm=programm)), by=planung)


def url(quelle: Import, page: str = "zuruecknehmen") -> str:
    return reverse(f"massnahmen:import-{page}", args=[quelle.pk])


def test_it_asks_for_the_reason_and_says_what_happens(taken, signed_in, planung):
    browser = signed_in(planung)
    page = Page(browser.get(url(taken)).content)
    assert "2 Zeilen werden rückgängig gemacht" in page.one("main").text
    assert url(taken, "detail") in page.links()
    empty = browser.post(url(taken), {"grund": " "})
    assert (empty.status_code, Massnahme.objects.count()) == (422, 2)
    response = browser.post(url(taken), {"grund": "Die Datei <war> vom Vorjahr."}, follow=True)
    assert "Die Datei &lt;war&gt; vom Vorjahr." in response.content.decode()
    taken.refresh_from_db()
    assert (taken.zustand, Massnahme.objects.count()) == (Importzustand.ZURUECKGENOMMEN, 0)


def test_what_is_in_the_way_is_said_and_the_reason_stays_typed(taken, signed_in, planung):
    Massnahme.objects.filter(titel="Kurs B").update(version=2)
    response = signed_in(planung).post(url(taken), {"grund": "Falsche Datei"})
    assert (response.status_code, Massnahme.objects.count()) == (409, 2)
    assert "„Kurs B“ wurde seitdem geändert" in response.content.decode()
    assert "Falsche Datei" in response.content.decode()


def test_a_second_time_there_is_nothing_to_take_back(taken, signed_in, planung):
    browser = signed_in(planung)
    browser.post(url(taken), {"grund": "x"})
    assert browser.get(url(taken))["Location"] == url(taken, "detail")


@pytest.mark.parametrize("who", ["controlling", "leitung", "administration", "presse", "fremd"])
def test_only_the_planners_may(request, who, taken, signed_in, client):
    browser = signed_in(request.getfixturevalue(who))
    assert (browser.get(url(taken)).status_code, browser.post(url(taken), {"grund": "x"}).status_code) == (403, 403)
    assert client.get(url(taken)).status_code == 302
    assert Massnahme.objects.count() == 2


def test_what_nobody_sees_is_not_there(taken, signed_in, planung):
    assert signed_in(planung).get(reverse("massnahmen:import-zuruecknehmen", args=[taken.pk + 1])).status_code == 404
