from dataclasses import replace

import pytest

from massnahmen.actions import archive_massnahme, continue_massnahme, open_programm, remove_position
from massnahmen.models import Massnahme, Programmposition
from tests.html import Page
from tests.massnahmen.pages.test_position_entfernen import said

URL = "/intern/massnahmen/archivieren/"
GRUND = "Der Träger bietet sie nicht mehr an."


@pytest.fixture
def published(make_public) -> list[Programmposition]:
    return list(make_public(2026, anzahl=2).beratung.fassung.programm.positionen.order_by("pk"))


def test_it_asks_for_a_reason(signed_in, planung, published):
    page = Page(signed_in(planung).get(URL, {"auswahl": [p.pk for p in published]}).content)
    assert page.one("h1").text == "2 Maßnahmen ins Archiv legen?"
    assert page.one("textarea", name="grund").attrs.get("required") is not None
    assert not Massnahme.objects.exclude(archiviert_am=None).exists()


@pytest.mark.parametrize("grund", ["", "   ", "\n"])
def test_without_a_reason_nothing_happens(signed_in, planung, published, grund):
    response = signed_in(planung).post(URL, {"auswahl": published[0].pk, "grund": grund})
    assert response.status_code == 422
    assert "Der Grund fehlt." in Page(response.content).classed("fehleruebersicht")[0].text
    assert not Massnahme.objects.exclude(archiviert_am=None).exists()


def test_it_goes_with_its_reason_and_leaves_the_list(signed_in, planung, published):
    browser = signed_in(planung)
    response = browser.post(URL, {"auswahl": published[0].pk, "grund": f"  {GRUND} "})
    assert said(browser, response) == ["1 Maßnahme liegt im Archiv."]
    gone = Massnahme.objects.get(pk=published[0].massnahme_id)
    assert (gone.archivgrund, gone.archiviert_am is not None) == (GRUND, True)
    assert [e.text for e in Page(browser.get("/intern/massnahmen/").content).classed("tabelle__link")] == ["Maßnahme 2"]
    assert Programmposition.objects.count() == 2


def test_while_a_draft_plans_it_it_stays_and_the_others_go(signed_in, planung, published, angaben):
    draft, measure = open_programm(jahr=2027, by=planung), published[0].massnahme
    planned = continue_massnahme(
        programm=draft, massnahme=measure, version=measure.version, angaben=replace(angaben, titel="Läuft"), by=planung
    )
    browser = signed_in(planung)
    page = Page(browser.get(URL, {"auswahl": [p.pk for p in published]}).content)
    assert page.one("h1").text == "1 Maßnahme ins Archiv legen?"
    assert "Das Arbeitsmarktprogramm 2027 wird gerade geschrieben und plant sie." in page.classed("auswahlliste__grund")[0].text
    done, refused = said(browser, browser.post(URL, {"auswahl": [p.pk for p in published], "grund": GRUND}))
    assert done == "1 Maßnahme liegt im Archiv."
    assert refused.startswith("Nicht möglich bei „Läuft“: Das Arbeitsmarktprogramm 2027")
    remove_position(position=planned, by=planung)
    assert said(browser, browser.post(URL, {"auswahl": published[0].pk, "grund": GRUND}))[0] == "1 Maßnahme liegt im Archiv."


def test_two_years_of_one_measure_are_one_measure(signed_in, planung, published, angaben, submit):
    draft, measure = open_programm(jahr=2027, by=planung), published[0].massnahme
    other = continue_massnahme(programm=draft, massnahme=measure, version=measure.version, angaben=angaben, by=planung)
    submit(draft)
    browser, chosen = signed_in(planung), [published[0].pk, other.pk]
    page = Page(browser.get(URL, {"auswahl": chosen}).content)
    assert page.one("h1").text == "1 Maßnahme ins Archiv legen?"
    assert said(browser, browser.post(URL, {"auswahl": chosen, "grund": GRUND})) == ["1 Maßnahme liegt im Archiv."]


def test_what_is_there_already_is_said(signed_in, planung, published):
    archive_massnahme(massnahme=published[0].massnahme, grund=GRUND, by=planung)
    page = Page(signed_in(planung).get(f"{URL}?alle=1&archiv=nur").content)
    assert page.one("h1").text == "Keine Maßnahme lässt sich ins Archiv legen"
    assert "schon im Archiv" in page.classed("auswahlliste__grund")[0].text


def test_all_means_what_the_list_shows_not_what_is_archived(signed_in, planung, published):
    archive_massnahme(massnahme=published[0].massnahme, grund=GRUND, by=planung)
    page = Page(signed_in(planung).get(f"{URL}?alle=1").content)
    assert [e.attrs["value"] for e in page.all("input", name="auswahl")] == [str(published[1].pk)]


def test_only_planung(signed_in, leitung, presse, fremd, published):
    for person in (leitung, presse, fremd):
        assert signed_in(person).get(URL, {"auswahl": published[0].pk}).status_code == 403
        assert signed_in(person).post(URL, {"auswahl": published[0].pk, "grund": GRUND}).status_code == 403
    assert not Massnahme.objects.exclude(archiviert_am=None).exists()
