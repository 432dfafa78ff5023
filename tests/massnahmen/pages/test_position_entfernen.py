from django.urls import reverse

from massnahmen.actions import open_programm
from massnahmen.models import Finanzierung, Massnahme, Programmposition
from tests.html import Page

URL = "/intern/massnahmen/entfernen/"
LISTE = "/intern/massnahmen/"


def said(browser, response) -> list[str]:
    """The messages on the page to which an answer leads."""
    return [e.text.strip() for e in Page(browser.get(response["Location"]).content).classed("kern-alert")]


def test_it_asks_before_anything_happens(signed_in, planung, programm, plan):
    first, _, third = plan(programm, 3)
    page = Page(signed_in(planung).get(URL, {"auswahl": [first.pk, third.pk]}).content)
    assert page.one("h1").text == "2 Maßnahmen aus dem Programm nehmen?"
    assert {"Maßnahme 1", "Maßnahme 3"} <= {p.text for p in page.classed("liste__titel")}
    assert {e.attrs["value"] for e in page.all("input", name="auswahl")} == {str(first.pk), str(third.pk)}
    assert "2 Maßnahmen aus dem Programm nehmen" in [b.text.strip() for b in page.all("button")]
    assert LISTE in page.links()
    assert Programmposition.objects.count() == 3


def test_what_was_chosen_goes_and_the_rest_stays(signed_in, planung, programm, plan):
    first, second, third = plan(programm, 3)
    browser = signed_in(planung)
    response = browser.post(URL, {"auswahl": [first.pk, third.pk]})
    assert response["Location"] == LISTE
    assert said(browser, response) == ["2 Maßnahmen sind aus dem Programm genommen."]
    assert list(Programmposition.objects.all()) == [second]
    assert {f.position for f in Finanzierung.objects.all()} == {second}
    assert Massnahme.objects.count() == 3


def test_what_cannot_go_is_named_with_its_reason_before_and_after(signed_in, planung, fassung, plan):
    frozen = fassung.programm.positionen.get()
    (free,) = plan(open_programm(jahr=2028, by=planung), 1)
    browser = signed_in(planung)
    page = Page(browser.get(URL, {"auswahl": [frozen.pk, free.pk]}).content)
    assert page.one("h1").text == "1 Maßnahme aus dem Programm nehmen?"
    assert "Das Arbeitsmarktprogramm 2027 ist im Stand „beim Beirat“" in page.classed("auswahlliste__grund")[0].text
    assert [e.attrs["value"] for e in page.all("input", name="auswahl")] == [str(free.pk)]
    # sent all the same, from a page that was opened before
    done, refused = said(browser, browser.post(URL, {"auswahl": [frozen.pk, free.pk]}))
    assert done == "1 Maßnahme ist aus dem Programm genommen."
    assert refused.startswith("Nicht möglich bei „Neuer Start im Betrieb“ (2027): Das Arbeitsmarktprogramm 2027")
    assert list(Programmposition.objects.all()) == [frozen]


def test_nothing_possible_offers_no_button(signed_in, planung, fassung):
    frozen = fassung.programm.positionen.get()
    page = Page(signed_in(planung).get(URL, {"auswahl": frozen.pk}).content)
    assert page.one("h1").text == "Keine Maßnahme lässt sich aus dem Programm nehmen"
    assert not [b for b in page.all("button") if "nehmen" in b.text]


def test_nothing_chosen_or_nonsense_leads_back_with_a_sentence(signed_in, planung, position):
    browser = signed_in(planung)
    for wanted in ([], ["x"], ["-1"], ["9" * 30], ["²"], [str(position.pk + 1)]):
        response = browser.get(URL, {"auswahl": wanted})
        assert response["Location"] == LISTE
        assert "Es ist nichts ausgewählt." in said(browser, response)[0]


def test_sent_twice_it_happens_once(signed_in, planung, position):
    browser = signed_in(planung)
    browser.post(URL, {"auswahl": position.pk})
    assert "gibt es nicht mehr" in said(browser, browser.post(URL, {"auswahl": position.pk}))[-1]


def test_what_is_gone_meanwhile_is_counted(signed_in, planung, position):
    page = Page(signed_in(planung).get(URL, {"auswahl": [position.pk, position.pk + 1]}).content)
    assert "1 Eintrag Ihrer Auswahl gibt es nicht mehr." in page.one("main").text


def test_only_planung(signed_in, leitung, presse, fremd, position):
    for person in (leitung, presse, fremd):
        assert signed_in(person).get(URL, {"auswahl": position.pk}).status_code == 403
        assert signed_in(person).post(URL, {"auswahl": position.pk}).status_code == 403
    assert Programmposition.objects.filter(pk=position.pk).exists()


def test_a_single_measure_leaves_from_its_own_page(signed_in, planung, position):
    page = Page(signed_in(planung).get(reverse("massnahmen:massnahme-bearbeiten", args=[2027, position.massnahme_id])).content)
    assert f"{URL}?auswahl={position.pk}" in page.links()
