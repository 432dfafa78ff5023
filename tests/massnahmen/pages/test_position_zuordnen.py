import pytest

from massnahmen.actions import open_programm
from massnahmen.models import Handlungsfeld, Programmposition
from tests.html import Page
from tests.massnahmen.pages.test_position_entfernen import said

URL = "/intern/massnahmen/zuordnen/"


@pytest.fixture
def jung(db) -> Handlungsfeld:
    return Handlungsfeld.objects.create(code="jung", name="Junge Menschen")


def test_it_asks_which_and_says_what_was(signed_in, planung, programm, plan, jung):
    (first,) = plan(programm, 1)
    (second,) = plan(programm, 1, handlungsfeld=None)
    page = Page(signed_in(planung).get(URL, {"auswahl": [first.pk, second.pk]}).content)
    assert page.one("h1").text == "2 Maßnahmen einem Handlungsfeld zuordnen?"
    assert "bisher „Lange Arbeitslosigkeit beenden“" in page.one("main").text
    assert "noch in keinem Handlungsfeld" in page.one("main").text
    assert {"Junge Menschen", "Lange Arbeitslosigkeit beenden"} <= {o.text for o in page.all("option")}
    assert not page.classed("fehleruebersicht")


def test_mixed_rows_are_done_as_far_as_it_goes(signed_in, planung, fassung, plan, jung):
    frozen = fassung.programm.positionen.get()
    free = plan(open_programm(jahr=2028, by=planung), 2)
    browser = signed_in(planung)
    chosen = {"auswahl": [frozen.pk, *(p.pk for p in free)], "handlungsfeld": jung.pk}
    done, refused = said(browser, browser.post(f"{URL}?jahr=2028", chosen))
    assert done == "2 Maßnahmen sind zugeordnet."
    assert refused.startswith("Nicht möglich bei „Neuer Start im Betrieb“ (2027): Das Arbeitsmarktprogramm 2027 ist im Stand")
    assert set(Programmposition.objects.filter(handlungsfeld=jung)) == set(free)


@pytest.mark.parametrize("wrong", ["", "x", "999999", "-1"])
def test_without_a_handlungsfeld_nothing_happens_and_the_page_says_so(signed_in, planung, programm, plan, jung, wrong):
    rows = plan(programm, 2)
    response = signed_in(planung).post(f"{URL}?jahr=2027", {"auswahl": [p.pk for p in rows], "handlungsfeld": wrong})
    page = Page(response.content)
    assert response.status_code == 422
    assert page.classed("fehleruebersicht")
    assert len(page.all("input", name="auswahl")) == 2  # still chosen
    assert not Programmposition.objects.filter(handlungsfeld=jung).exists()


def test_only_planung(signed_in, leitung, presse, fremd, position, jung):
    for person in (leitung, presse, fremd):
        assert signed_in(person).get(URL, {"auswahl": position.pk}).status_code == 403
        assert signed_in(person).post(URL, {"auswahl": position.pk, "handlungsfeld": jung.pk}).status_code == 403
    assert not Programmposition.objects.filter(handlungsfeld=jung).exists()


def test_nothing_chosen_leads_back(signed_in, planung, jung):
    browser = signed_in(planung)
    assert "Es ist nichts ausgewählt." in said(browser, browser.get(URL))[0]
    assert "gibt es nicht mehr" in said(browser, browser.post(URL, {"auswahl": "77", "handlungsfeld": ""}))[0]
