import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import publish_programm
from massnahmen.models import Veroeffentlichung
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:programm-veroeffentlichen", args=[2027])
FASSUNG = reverse("massnahmen:fassung-detail", args=[2027, 1])


def test_a_unanimous_programme_is_published_without_an_answer(client, signed_in, leitung, fassung, advise):
    advise(fassung)
    browser = signed_in(leitung)
    page = browser.get(PAGE)
    for words in (
        "Einstimmig zugestimmt",
        "9\u00a0Ja, 0\u00a0Nein, 0\u00a0Enthaltungen",
        "Beschluss 03/2026, 22. Sitzung",
        "Pressemitteilung",
    ):
        assertContains(page, words)
    assertNotContains(page, "Antwort des Jobcenters")
    public = reverse("massnahmen:programm-detail", args=[2027])
    assert client.get(public).status_code == 404
    assertRedirects(browser.post(PAGE, {"pruefsumme": fassung.pruefsumme}), FASSUNG)
    assertContains(client.get(public), fassung.pruefsumme)
    assertContains(browser.get(FASSUNG), "Diese Fassung ist veröffentlicht")


def test_votes_against_ask_for_an_answer(signed_in, leitung, fassung, advise):
    advise(fassung, ja=5, nein=4)
    browser = signed_in(leitung)
    assert sent_by(browser.get(PAGE), PAGE) == {"antwort": [""], "pruefsumme": [fassung.pruefsumme]}
    page = browser.post(PAGE, {"antwort": "  "})
    assertContains(page, "Die Antwort fehlt.", status_code=422)
    assert not Veroeffentlichung.objects.exists()
    unread = browser.post(PAGE, {"antwort": "Wir haben nachgebessert.", "pruefsumme": "f" * 64})
    assertContains(unread, "neuere Fassung", status_code=409)
    assert not Veroeffentlichung.objects.exists()
    assertRedirects(browser.post(PAGE, {"antwort": "Wir haben nachgebessert.", "pruefsumme": fassung.pruefsumme}), FASSUNG)
    assert Veroeffentlichung.objects.get().antwort == "Wir haben nachgebessert."


@pytest.mark.parametrize("state", ["position", "fassung", "veroeffentlichung"])
def test_only_what_has_been_advised_can_be_published(signed_in, leitung, state, request):
    request.getfixturevalue(state)
    before = Veroeffentlichung.objects.count()
    for answer in (signed_in(leitung).get(PAGE), signed_in(leitung).post(PAGE, {"antwort": "x"})):
        assertContains(answer, "kann nicht in den Stand „veröffentlicht“ wechseln", status_code=409)
    assert Veroeffentlichung.objects.count() == before


def test_closed_to_others(client, signed_in, planung, presse, fremd, fassung, advise):
    advise(fassung)
    assert client.get(PAGE).status_code == 302
    for account in (planung, presse, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {}).status_code == 403
    assert not Veroeffentlichung.objects.exists()


def test_two_publications_at_once_make_one(leitung, fassung, advise, signed_in):
    publish_programm(beratung=advise(fassung), by=leitung)
    assert signed_in(leitung).post(PAGE, {}).status_code == 409
    assert Veroeffentlichung.objects.count() == 1
