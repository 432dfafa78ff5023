from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import publish_programm, reopen_programm, update_position
from tests.html import Page
from tests.massnahmen.verfaelschen import falsify

PAGE = reverse("massnahmen:fassung-detail", args=[2027, 1])
PANEL = "Das Programm liegt beim Beirat"


def main(response) -> str:
    return Page(response.content).one("main").text.replace("\xa0", " ")


def test_it_shows_the_frozen_text_and_who_submitted_it(signed_in, controlling, fassung):
    page = signed_in(controlling).get(PAGE)
    for words in (fassung.pruefsumme, "von Hanna Reuter", "Neuer Start im Betrieb", "noch nicht beraten", PANEL):
        assertContains(page, words)


def test_later_changes_do_not_show_through(signed_in, leitung, planung, fassung, position, angaben, submit):
    reopen_programm(programm=position.programm, grund="Neuer Titel.", by=leitung)
    update_position(position=position, version=1, angaben=replace(angaben, titel="Später geändert"), by=planung)
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Neuer Start im Betrieb")
    assertNotContains(page, "Später geändert")
    assertNotContains(page, PANEL)
    submit(position.programm)
    assertNotContains(signed_in(leitung).get(PAGE), PANEL)
    second = signed_in(leitung).get(reverse("massnahmen:fassung-detail", args=[2027, 2]))
    assertContains(second, "Später geändert")
    assertContains(second, PANEL)
    assertContains(second, "?von=1&amp;bis=2")


def test_advice_decision_and_publication_are_told(signed_in, leitung, controlling, fassung, advise, decide):
    beratung = advise(fassung, ja=7, nein=1, enthaltung=2)
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "mehrheitlich zugestimmt (7\u00a0Ja, 1\u00a0Nein, 2\u00a0Enthaltungen)")
    assertContains(page, "Beschluss eintragen</span>")
    assertNotContains(signed_in(controlling).get(PAGE), "Beschluss eintragen</span>")
    decide(fassung)
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Veröffentlichen</span>")
    assert "Kreistag: beschlossen" in main(page)
    assertNotContains(signed_in(controlling).get(PAGE), "Veröffentlichen</span>")
    publish_programm(beratung=beratung, antwort="Unsere Antwort", by=leitung)
    page = signed_in(leitung).get(PAGE)
    for words in ("Diese Fassung ist veröffentlicht", "Unsere Antwort", reverse("massnahmen:programm-detail", args=[2027])):
        assertContains(page, words)


def test_what_the_bca_said_and_the_answer_stand_beside_what_she_read(signed_in, presse, leitung, planung, position, hear_bca):
    hear_bca(position.programm, antwort="")
    page = main(signed_in(leitung).get(PAGE))
    assert "Mehr Plätze für Alleinerziehende." in page
    assert "Auf die Stellungnahme antworten" in page
    assert "Auf die Stellungnahme antworten" not in main(signed_in(planung).get(PAGE))


def test_its_steps_say_who_when_and_why(signed_in, presse, fassung, advise):
    advise(fassung)
    page = main(signed_in(presse).get(PAGE))
    for words in ("Beim Beirat, Fassung 1", "Hanna Reuter", "Die Stelle der BCA ist nicht besetzt.", "Beraten, Fassung 1", "Vera Vorsitz"):
        assert words in page


@pytest.mark.parametrize("with_fingerprint", [False, True])
def test_a_text_changed_in_the_database_is_not_shown_but_said(signed_in, leitung, fassung, with_fingerprint):
    falsify(fassung, "Neuer Start", "Alter Start", with_fingerprint=with_fingerprint)
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Dieser Text wurde verändert. Wir zeigen ihn nicht.")
    assertContains(page, fassung.pruefsumme)
    assertNotContains(page, "Alter Start")
    assertNotContains(page, PANEL)


def test_closed_to_strangers_and_404(client, signed_in, leitung, fremd, mitglied, fassung):
    assert client.get(PAGE).status_code == 302
    assert signed_in(fremd).get(PAGE).status_code == 403
    assert signed_in(mitglied.konto).get(PAGE).status_code == 403
    assert signed_in(leitung).get(reverse("massnahmen:fassung-detail", args=[2027, 2])).status_code == 404
