from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import begin_fortschreibung, publish_programm
from massnahmen.models import Veroeffentlichung
from tests.massnahmen.conftest import sent_by
from tests.massnahmen.verfaelschen import falsify

PAGE = reverse("massnahmen:programm-veroeffentlichen", args=[2027])
FASSUNG = reverse("massnahmen:fassung-detail", args=[2027, 1])


def test_a_unanimous_programme_is_published_without_an_answer(client, signed_in, leitung, fassung, advise, decide):
    advise(fassung)
    decide(fassung)
    browser = signed_in(leitung)
    page = browser.get(PAGE)
    for words in (
        "Einstimmig zugestimmt",
        "9\u00a0Ja, 0\u00a0Nein, 0\u00a0Enthaltungen",
        "Beschluss 03/2026, 22. Sitzung",
        "KT 12/2026",
        "Pressemitteilung",
    ):
        assertContains(page, words)
    assertNotContains(page, "Antwort des Jobcenters")
    public = reverse("massnahmen:programm-detail", args=[2027])
    assert client.get(public).status_code == 404
    assertRedirects(browser.post(PAGE, {"pruefsumme": fassung.pruefsumme}), FASSUNG)
    assertContains(client.get(public), fassung.pruefsumme)
    assertContains(browser.get(FASSUNG), "Diese Fassung ist veröffentlicht")


def test_votes_against_ask_for_an_answer(signed_in, leitung, fassung, advise, decide):
    advise(fassung, ja=5, nein=4)
    decide(fassung)
    browser = signed_in(leitung)
    assert sent_by(browser.get(PAGE), PAGE) == {"antwort": [""], "pruefsumme": [fassung.pruefsumme]}
    page = browser.post(PAGE, {"antwort": "  "})
    assertContains(page, "Die Antwort fehlt.", status_code=422)
    assert not Veroeffentlichung.objects.exists()
    unread = browser.post(PAGE, {"antwort": "Wir haben nachgebessert.", "pruefsumme": "f" * 64})
    assertContains(unread, "neuere Fassung", status_code=409)
    assertContains(unread, "Wir haben nachgebessert.", status_code=409)
    assert not Veroeffentlichung.objects.exists()
    assertRedirects(browser.post(PAGE, {"antwort": "Wir haben nachgebessert.", "pruefsumme": fassung.pruefsumme}), FASSUNG)
    assert Veroeffentlichung.objects.get().antwort == "Wir haben nachgebessert."


def test_before_the_deciding_body_has_decided_it_says_so(signed_in, leitung, fassung, advise, decide):
    advise(fassung)
    decide(fassung, gremium="Ausschuss für Arbeit und Soziales")
    for answer in (signed_in(leitung).get(PAGE), signed_in(leitung).post(PAGE, {"pruefsumme": fassung.pruefsumme})):
        assertContains(answer, "Kreistag hat noch nicht über das Arbeitsmarktprogramm 2027 beschlossen", status_code=409)
    assert not Veroeffentlichung.objects.exists()


def test_where_no_body_decides_the_advice_is_enough(signed_in, leitung, fassung, advise, settings):
    settings.INSTANZ = replace(settings.INSTANZ, programm=replace(settings.INSTANZ.programm, gremien=()))
    advise(fassung)
    assertRedirects(signed_in(leitung).post(PAGE, {"pruefsumme": fassung.pruefsumme}), FASSUNG)


@pytest.mark.parametrize("state", ["position", "fassung", "veroeffentlichung"])
def test_only_what_has_been_advised_can_be_published(signed_in, leitung, state, request):
    request.getfixturevalue(state)
    before = Veroeffentlichung.objects.count()
    for answer in (signed_in(leitung).get(PAGE), signed_in(leitung).post(PAGE, {"antwort": "x"})):
        assertContains(answer, "kann jetzt nicht veröffentlicht werden", status_code=409)
    assert Veroeffentlichung.objects.count() == before


def test_a_fortschreibung_is_not_published_unadvised(signed_in, leitung, veroeffentlichung):
    begin_fortschreibung(programm=veroeffentlichung.fassung.programm, grund="x", by=leitung)
    answer = signed_in(leitung).post(PAGE, {"pruefsumme": veroeffentlichung.fassung.pruefsumme})
    assertContains(answer, "kann jetzt nicht veröffentlicht werden", status_code=409)


def test_a_text_changed_in_the_database_has_no_button(signed_in, leitung, fassung, advise, decide):
    advise(fassung)
    decide(fassung)
    falsify(fassung, "Neuer Start", "Alter Start")
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Dieser Text wurde verändert.")
    assertNotContains(page, "Jetzt veröffentlichen")
    answer = signed_in(leitung).post(PAGE, {"pruefsumme": fassung.pruefsumme})
    assertContains(answer, "wurde nachträglich in der Datenbank geändert", status_code=409)
    assert not Veroeffentlichung.objects.exists()


def test_closed_to_others(client, signed_in, planung, bca, presse, fremd, fassung, advise, decide):
    advise(fassung)
    decide(fassung)
    assert client.get(PAGE).status_code == 302
    for account in (planung, bca, presse, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {}).status_code == 403
    assert not Veroeffentlichung.objects.exists()


def test_two_publications_at_once_make_one(leitung, fassung, advise, decide, signed_in):
    beratung = advise(fassung)
    decide(fassung)
    publish_programm(beratung=beratung, by=leitung)
    assert signed_in(leitung).post(PAGE, {}).status_code == 409
    assert Veroeffentlichung.objects.count() == 1
