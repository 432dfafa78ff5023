import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.html import Page
from tests.massnahmen.verfaelschen import falsify

PAGE = reverse("massnahmen:programm-aenderungen", args=[2027])
PROGRAMM = reverse("massnahmen:programm-detail", args=[2027])


def test_readers_see_what_the_year_before_did_not_say(client, make_public):
    make_public(2026, titel="Alter Kurs", plaetze=12)
    make_public(2027, titel="Neuer Kurs", plaetze=20)
    assertContains(client.get(PROGRAMM), PAGE)
    page = client.get(PAGE)
    for text in ("2026, Fassung\xa01", "2027, Fassung\xa01", "Alter Kurs", "Neuer Kurs"):
        assertContains(page, text)


def test_the_first_programme_of_all_has_nothing_to_compare(client, make_public):
    make_public(2027)
    assertNotContains(client.get(PROGRAMM), PAGE)
    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("state", ["position", "fassung", "beschluss"])
def test_what_is_not_public_is_on_no_side(client, make_public, request, state):
    make_public(2026)
    request.getfixturevalue(state)
    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("wanted", ["9", "x", "99999"])
def test_what_was_never_public_is_not_found(client, make_public, wanted):
    make_public(2026)
    make_public(2027)
    assert client.get(PAGE, {"fassung": wanted}).status_code == 404


@pytest.mark.parametrize("jahr", [2026, 2027])
def test_a_text_that_was_changed_in_the_database_is_not_shown(client, make_public, jahr):
    fassungen = {jahr: make_public(jahr).fassung for jahr in (2026, 2027)}
    real = fassungen[jahr].pruefsumme
    falsify(fassungen[jahr], "Maßnahme 1", "Falsche Maßnahme", with_fingerprint=True)
    page = client.get(PAGE)
    assertContains(page, f"Arbeitsmarktprogramm {jahr}, Fassung 1 lässt sich nicht vergleichen.")
    assertContains(page, real)
    assertNotContains(page, "Falsche Maßnahme")


@pytest.mark.parametrize("anzahl", [1, 3, 300])
def test_query_count(client, make_public, django_assert_num_queries, anzahl):
    make_public(2026, anzahl=anzahl)
    make_public(2027, anzahl=anzahl)
    with django_assert_num_queries(5):  # the Fassung; the one before, its text; what each has noted
        page = client.get(PAGE)
    assert Page(page.content).one("h1").text == "Was sich geändert hat"
