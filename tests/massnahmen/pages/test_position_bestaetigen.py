import pytest

from massnahmen.actions import open_programm
from massnahmen.models import Programmposition
from tests.html import Page
from tests.massnahmen.pages.test_position_entfernen import said

URL = "/intern/massnahmen/bestaetigen/"


@pytest.fixture
def carried(programm, plan) -> list[Programmposition]:
    """Three positions; the figures of the first two come from last year."""
    positions = plan(programm, 3)
    Programmposition.objects.filter(pk__in=[p.pk for p in positions[:2]]).update(uebernommen=True)
    return positions


def unchecked() -> set[int]:
    return set(Programmposition.objects.filter(uebernommen=True).values_list("pk", flat=True))


def test_it_names_the_figures_and_what_is_checked_already(signed_in, planung, carried):
    page = Page(signed_in(planung).get(URL, {"auswahl": [p.pk for p in carried]}).content)
    assert page.one("h1").text == "Zahlen von 2 Maßnahmen bestätigen?"
    assert "12\u00a0Plätze · 20\u00a0Eintritte · 520.000,50\u00a0€" in page.one("main").text
    assert "Die Zahlen sind schon geprüft." in page.classed("auswahlliste__grund")[0].text
    assert {e.attrs["value"] for e in page.all("input", name="auswahl")} == {str(p.pk) for p in carried[:2]}
    assert unchecked() == {p.pk for p in carried[:2]}


def test_what_was_chosen_counts_as_checked_and_the_rest_stays(signed_in, planung, carried):
    browser = signed_in(planung)
    assert said(browser, browser.post(URL, {"auswahl": carried[0].pk})) == ["1 Maßnahme ist geprüft."]
    assert unchecked() == {carried[1].pk}


def test_all_that_meet_the_filters_are_chosen_and_the_list_is_found_again(signed_in, planung, carried, plan):
    plan(open_programm(jahr=2028, by=planung), 1)
    Programmposition.objects.update(uebernommen=True)
    browser = signed_in(planung)
    page = Page(browser.get(f"{URL}?alle=1&jahr=2027&text=nahme&sortierung=-plaetze&fremd=1").content)
    assert page.one("h1").text == "Zahlen von 3 Maßnahmen bestätigen?"
    liste = "/intern/massnahmen/?jahr=2027&text=nahme&sortierung=-plaetze"
    assert liste in page.links()
    form = next(f for f in page.all("form") if f.attrs.get("action", "").startswith(URL))
    response = browser.post(form.attrs["action"], {"auswahl": [e.attrs["value"] for e in page.all("input", name="auswahl")]})
    assert response["Location"] == liste
    assert Programmposition.objects.get(uebernommen=True).programm.jahr == 2028


def test_a_made_up_condition_chooses_nothing(signed_in, planung, carried):
    browser = signed_in(planung)
    assert "Es ist nichts ausgewählt." in said(browser, browser.get(f"{URL}?alle=1&jahr=x"))[0]


def test_a_long_list_is_folded_and_too_long_a_one_refused(signed_in, planung, programm, plan, monkeypatch):
    plan(programm, 12)
    Programmposition.objects.update(uebernommen=True)
    browser = signed_in(planung)
    page = Page(browser.get(f"{URL}?alle=1").content)
    assert [s.text for s in page.all("summary") if "weitere" in s.text] == ["2\u00a0weitere zeigen"]
    assert len(page.all("input", name="auswahl")) == 12
    monkeypatch.setattr("jobcenter.common.auswahl.MOST", 11)
    response = browser.get(f"{URL}?alle=1&jahr=2027")
    assert response["Location"] == "/intern/massnahmen/?jahr=2027"
    assert "höchstens 11 Maßnahmen" in said(browser, response)[0]


def test_one_reason_for_many_is_one_sentence(signed_in, planung, programm, plan):
    positions = plan(programm, 5)
    browser = signed_in(planung)
    (sentence,) = said(browser, browser.post(URL, {"auswahl": [p.pk for p in positions]}))
    assert sentence == (
        "Nicht möglich bei 5 Maßnahmen, zum Beispiel „Maßnahme 1“ (2027), „Maßnahme 2“ (2027), „Maßnahme 3“ (2027): "
        "Die Zahlen sind schon geprüft."
    )


def test_what_lies_with_the_beirat_stays_as_it_is(signed_in, planung, fassung):
    position = fassung.programm.positionen.get()
    Programmposition.objects.update(uebernommen=True)
    page = Page(signed_in(planung).get(URL, {"auswahl": position.pk}).content)
    assert page.one("h1").text == "Bei keiner Maßnahme gibt es etwas zu bestätigen"
    signed_in(planung).post(URL, {"auswahl": position.pk})
    assert unchecked() == {position.pk}


def test_only_planung(signed_in, leitung, presse, fremd, carried):
    for person in (leitung, presse, fremd):
        assert signed_in(person).get(URL, {"auswahl": carried[0].pk}).status_code == 403
        assert signed_in(person).post(URL, {"auswahl": carried[0].pk}).status_code == 403
    assert len(unchecked()) == 2


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_asking_costs_the_same_for_one_and_for_many(signed_in, planung, programm, plan, django_assert_num_queries, rows):
    plan(programm, rows)
    browser = signed_in(planung)
    with django_assert_num_queries(3):  # session, person, rows
        browser.get(f"{URL}?alle=1")
