from dataclasses import replace

from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from jobcenter.common.kommentare import add_kommentar, resolve_kommentar
from massnahmen.actions import update_kapitel, update_position
from massnahmen.models import Fassung
from tests.conftest import current_fingerprint
from tests.html import Page
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:programm-vorlegen", args=[2027])
VORGELEGT = reverse("massnahmen:programm-vorgelegt", args=[2027, 1])


def test_the_page_shows_what_will_be_frozen(signed_in, leitung, planung, position):
    update_kapitel(kapitel=position.programm.kapitel.first(), version=1, text="Ein paar Worte", by=planung)
    page = signed_in(leitung).get(PAGE)
    for words in ("11 Kapitel haben noch keinen Text.", "3\u00a0Wörter", "Neuer Start im Betrieb", "520.000,50\u00a0€", "Fassung&nbsp;1"):
        assertContains(page, words)
    assert sent_by(page, PAGE) == {"pruefsumme": [current_fingerprint(position.programm)]}


def test_what_is_missing_is_said_and_can_be_changed(signed_in, leitung, position):
    page = Page(signed_in(leitung).get(PAGE).content)
    texts = page.one("dl")
    assert texts.text.count("Nicht angegeben") == 13
    link = next(a for a in page.all("a") if a.text == "Ansehen und ändern: Texte")
    assert link.attrs["href"] == reverse("massnahmen:programm-intern-detail", args=[2027]) + "#kapitel"


def test_what_was_read_is_frozen(signed_in, leitung, position):
    browser = signed_in(leitung)
    read = sent_by(browser.get(PAGE), PAGE)
    response = browser.post(PAGE, read, follow=True)
    assertRedirects(response, VORGELEGT)
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
    assertRedirects(browser.post(PAGE, fresh), VORGELEGT)


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


def test_open_comments_are_named_and_hinder_nothing(signed_in, leitung, planung, position):
    first = add_kommentar(objekt=position.massnahme, text="Reicht das?", by=planung)
    add_kommentar(objekt=position.programm.kapitel.get(nummer=5), text="Zu lang.", by=planung)
    address = reverse("massnahmen:programm-vorlegen", args=[2027])
    assertContains(signed_in(leitung).get(address), "2 Kommentare sind noch offen")
    resolve_kommentar(kommentar=first, by=planung)
    assertContains(signed_in(leitung).get(address), "1 Kommentar ist noch offen")
    response = signed_in(leitung).post(address, {"pruefsumme": current_fingerprint(position.programm)})
    assert response.status_code == 302
    assert "Zu lang." not in position.programm.fassungen.get().inhalt
