from dataclasses import replace

from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import update_kapitel, update_position
from massnahmen.models import Fassung
from tests.conftest import current_fingerprint
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:programm-vorlegen", args=[2027])
FASSUNG = reverse("massnahmen:fassung-detail", args=[2027, 1])


def test_the_page_shows_what_will_be_frozen(signed_in, leitung, planung, position):
    update_kapitel(kapitel=position.programm.kapitel.first(), version=1, text="Ein paar Worte", by=planung)
    page = signed_in(leitung).get(PAGE)
    for words in ("11 Kapitel haben noch keinen Text.", "3&nbsp;Wörter", "Neuer Start im Betrieb", "520.000,50\u00a0€", "Fassung&nbsp;1"):
        assertContains(page, words)
    assert sent_by(page, PAGE) == {"pruefsumme": [current_fingerprint(position.programm)]}


def test_what_was_read_is_frozen(signed_in, leitung, position):
    browser = signed_in(leitung)
    read = sent_by(browser.get(PAGE), PAGE)
    response = browser.post(PAGE, read, follow=True)
    assertRedirects(response, FASSUNG)
    assertContains(response, "Das Programm liegt beim Beirat")
    fassung = Fassung.objects.get()
    assert (fassung.pruefsumme, fassung.vorgelegt_von) == (read["pruefsumme"][0], leitung)


def test_a_draft_changed_meanwhile_is_shown_afresh_and_not_frozen(signed_in, leitung, planung, position, angaben):
    browser = signed_in(leitung)
    read = sent_by(browser.get(PAGE), PAGE)
    update_position(position=position, version=1, angaben=replace(angaben, titel="Ganz neuer Titel"), by=planung)
    page = browser.post(PAGE, read)
    assertContains(page, "wurde geändert, seit Sie es geprüft haben", status_code=409)
    assertContains(page, "Ganz neuer Titel", status_code=409)
    assert not Fassung.objects.exists()
    fresh = sent_by(page, PAGE)
    assert fresh["pruefsumme"] == [current_fingerprint(position.programm)] != read["pruefsumme"]
    assertRedirects(browser.post(PAGE, fresh), FASSUNG)


def test_without_a_fingerprint_nothing_is_frozen(signed_in, leitung, position):
    for wrong in ("", "abc", "Z" * 64):
        assertContains(signed_in(leitung).post(PAGE, {"pruefsumme": wrong}), "Der Fingerabdruck fehlt", status_code=422)
    assert not Fassung.objects.exists()


def test_a_programme_without_measures_has_no_button(signed_in, leitung, programm):
    browser = signed_in(leitung)
    assertNotContains(browser.get(PAGE), "Dem Beirat vorlegen</span>")
    page = browser.post(PAGE, {"pruefsumme": current_fingerprint(programm)})
    assertContains(page, "hat noch keine Maßnahme", status_code=409)


def test_a_second_click_gets_a_sentence_and_makes_no_second_fassung(signed_in, leitung, fassung):
    browser = signed_in(leitung)
    assertContains(browser.get(PAGE), "beim Beirat", status_code=409)
    assert browser.post(PAGE, {"pruefsumme": fassung.pruefsumme}).status_code == 409
    assert Fassung.objects.count() == 1


def test_closed_to_others(client, signed_in, planung, fremd, position):
    assert client.get(PAGE).status_code == 302
    for account in (planung, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"pruefsumme": current_fingerprint(position.programm)}).status_code == 403
    assert not Fassung.objects.exists()
