"""Every import with its state, and which files somebody may hand in."""

import pytest
from django.urls import reverse

from jobcenter.common.enums import Auftragsstatus
from massnahmen.enums import Importart
from massnahmen.models import Import
from tests.html import Page
from tests.tabellen import read_csv

pytestmark = pytest.mark.django_db
URL = reverse("massnahmen:import-liste")
NEU = reverse("massnahmen:import-anlegen")


@pytest.fixture
def many(upload, table, programm):
    return lambda count: [upload("massnahmen", table("Titel", f"Kurs {number}"), programm=programm) for number in range(count)]


def test_an_import_stands_there_with_all_that_is_known(upload, check_file, table, programm, signed_in, controlling):
    quelle = check_file(upload("massnahmen", table("Titel", "Kurs"), programm=programm))
    page = Page(signed_in(controlling).get(URL).content)
    for text in ("datei.csv", "Maßnahmen", "geprüft", "Petra Plan"):
        assert text in page.all("tr")[1].text
    assert reverse("massnahmen:import-detail", args=[quelle.pk]) in page.links()


def test_filters_by_kind_and_state(upload, check_file, table, programm, signed_in, planung):
    check_file(upload("massnahmen", table("Titel", "Kurs"), programm=programm))
    upload("meldungen", table("Nr.;Monat", "1;2026-01"))
    browser = signed_in(planung)
    for query, count in (("", 2), ("art=meldungen", 1), ("zustand=geprueft", 1), ("art=meldungen&zustand=geprueft", 0)):
        assert len(read_csv(browser.get(f"{URL}?format=csv&{query}"))) == count + 1


def test_a_check_that_was_given_up_is_not_called_going_on(many, signed_in, planung):
    many(1)
    Import.objects.update(status=Auftragsstatus.GESCHEITERT)
    assert "Prüfung gescheitert" in Page(signed_in(planung).get(URL).content).all("tr")[1].text


@pytest.mark.parametrize(
    ("who", "offered"),
    [("planung", ["massnahmen"]), ("controlling", ["budget", "meldungen"]), ("leitung", []), ("administration", [])],
)
def test_everybody_is_offered_what_is_theirs(request, who, offered, signed_in):
    page = Page(signed_in(request.getfixturevalue(who)).get(URL).content)
    assert {art for art in Importart if f"{NEU}?art={art}" in page.links()} == set(offered)
    assert "Noch kein Import" in page.one("main").text


@pytest.mark.parametrize("who", ["presse", "geschaeftsstelle", "fremd"])
def test_others_get_nothing(request, who, signed_in, client):
    assert signed_in(request.getfixturevalue(who)).get(URL).status_code == 403
    assert client.get(URL).status_code == 302


def test_the_list_of_measures_leads_here(signed_in, planung, presse):
    measures = reverse("massnahmen:massnahme-intern-liste")
    assert URL in Page(signed_in(planung).get(measures).content).links()
    assert URL not in Page(signed_in(presse).get(measures).content).links()


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_number_of_queries_does_not_grow(many, signed_in, planung, rows, django_assert_num_queries):
    many(rows)
    browser = signed_in(planung)
    browser.get(URL)
    with django_assert_num_queries(4):
        browser.get(URL)
