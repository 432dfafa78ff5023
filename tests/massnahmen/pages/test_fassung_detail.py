from dataclasses import replace

from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import publish_programm, reopen_programm, submit_programm, update_position
from tests.conftest import current_fingerprint

PAGE = reverse("massnahmen:fassung-detail", args=[2027, 1])
PANEL = "Das Programm liegt beim Beirat"


def test_it_shows_the_frozen_text_and_who_submitted_it(signed_in, controlling, fassung):
    page = signed_in(controlling).get(PAGE)
    for words in (fassung.pruefsumme, "Vorgelegt von Hanna Reuter", "Neuer Start im Betrieb", "noch nicht beraten", PANEL):
        assertContains(page, words)


def test_later_changes_do_not_show_through(signed_in, leitung, planung, fassung, position, angaben):
    reopen_programm(programm=position.programm, by=leitung)
    update_position(position=position, version=1, angaben=replace(angaben, titel="Später geändert"), by=planung)
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Neuer Start im Betrieb")
    assertNotContains(page, "Später geändert")
    assertNotContains(page, PANEL)
    submit_programm(programm=position.programm, pruefsumme=current_fingerprint(position.programm), by=leitung)
    assertNotContains(signed_in(leitung).get(PAGE), PANEL)
    second = signed_in(leitung).get(reverse("massnahmen:fassung-detail", args=[2027, 2]))
    assertContains(second, "Später geändert")
    assertContains(second, PANEL)


def test_advice_and_publication_are_told(signed_in, leitung, controlling, fassung, advise):
    beratung = advise(fassung, ja=7, nein=1, enthaltung=2)
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "mehrheitlich zugestimmt (7\u00a0Ja, 1\u00a0Nein, 2\u00a0Enthaltungen)")
    assertContains(page, "Beraten: veröffentlichen")
    assertNotContains(signed_in(controlling).get(PAGE), "Beraten: veröffentlichen")
    publish_programm(beratung=beratung, antwort="Unsere Antwort", by=leitung)
    page = signed_in(leitung).get(PAGE)
    for words in ("Diese Fassung ist veröffentlicht", "Unsere Antwort", reverse("massnahmen:programm-detail", args=[2027])):
        assertContains(page, words)


def test_closed_to_strangers_and_404(client, signed_in, leitung, fremd, mitglied, fassung):
    assert client.get(PAGE).status_code == 302
    assert signed_in(fremd).get(PAGE).status_code == 403
    assert signed_in(mitglied.konto).get(PAGE).status_code == 403
    assert signed_in(leitung).get(reverse("massnahmen:fassung-detail", args=[2027, 2])).status_code == 404
