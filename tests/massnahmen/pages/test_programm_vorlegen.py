from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from jobcenter.common.kommentare import add_kommentar, resolve_kommentar
from massnahmen.actions import update_position
from massnahmen.models import Arbeitsmarktprogramm, Fassung
from tests.conftest import current_fingerprint, fill_texts
from tests.html import Page
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:programm-vorlegen", args=[2027])
VORGELEGT = reverse("massnahmen:programm-vorgelegt", args=[2027, 1])
BUTTON = "Dem Beirat vorlegen</span>"
GRUND = "Die Stelle ist nicht besetzt."


@pytest.fixture
def complete(position, planung) -> Arbeitsmarktprogramm:
    fill_texts(position.programm, planung)
    return position.programm


def test_with_gaps_there_is_no_button_but_the_way_to_mend_them(signed_in, leitung, position):
    browser = signed_in(leitung)
    page = browser.get(PAGE)
    assertContains(page, "Mit diesen Lücken geht das Programm nicht zum Beirat.")
    assertContains(page, reverse("massnahmen:kapitel-verlauf", args=[2027, 12]))
    assertNotContains(page, BUTTON)
    answer = browser.post(PAGE, {"pruefsumme": current_fingerprint(position.programm), "grund": GRUND})
    assertContains(answer, "13\xa0Angaben fehlen oder passen nicht", status_code=409)
    assert not Fassung.objects.exists()


def test_the_page_shows_what_will_be_frozen(signed_in, leitung, complete):
    page = signed_in(leitung).get(PAGE)
    for words in (
        "3\u00a0Wörter",
        "Neuer Start im Betrieb",
        "520.000,50\u00a0€",
        "Fassung&nbsp;1",
        "Ausschuss für Arbeit und Soziales, dann Kreistag",
    ):
        assertContains(page, words)
    assert sent_by(page, PAGE) == {"pruefsumme": [current_fingerprint(complete)], "grund": [""]}


def test_without_the_bca_it_asks_for_the_reason_and_offers_the_better_way(signed_in, leitung, complete):
    browser = signed_in(leitung)
    page = browser.get(PAGE)
    assert reverse("massnahmen:programm-beteiligen", args=[2027]) in Page(page.content).links()
    answer = browser.post(PAGE, {"pruefsumme": current_fingerprint(complete), "grund": "  "})
    assertContains(answer, "Der Grund fehlt.", status_code=422)
    assert not Fassung.objects.exists()
    read = sent_by(page, PAGE) | {"grund": GRUND}
    assertRedirects(browser.post(PAGE, read), VORGELEGT)
    assert complete.schritte.last().grund == GRUND


def test_after_the_bca_nothing_more_is_asked(signed_in, leitung, complete, hear_bca):
    hear_bca(complete)
    browser = signed_in(leitung)
    page = browser.get(PAGE)
    assert sent_by(page, PAGE) == {"pruefsumme": [current_fingerprint(complete)]}
    assertNotContains(page, "Die BCA beteiligen")
    response = browser.post(PAGE, sent_by(page, PAGE), follow=True)
    assertContains(response, "Das Programm liegt beim Beirat")
    fassung = Fassung.objects.vorgelegt().get()
    assert (fassung.pruefsumme, fassung.vorgelegt_von) == (current_fingerprint(complete), leitung)


def test_a_draft_changed_meanwhile_is_shown_afresh_and_not_frozen(signed_in, leitung, planung, complete, position, angaben):
    browser = signed_in(leitung)
    read = sent_by(browser.get(PAGE), PAGE) | {"grund": GRUND}
    update_position(position=position, version=1, angaben=replace(angaben, titel="Ganz neuer Titel"), by=planung)
    page = browser.post(PAGE, read)
    assertContains(page, "wurde geändert, seit Sie es geprüft haben", status_code=409)
    assertContains(page, "Ganz neuer Titel", status_code=409)
    assert not Fassung.objects.exists()
    fresh = sent_by(page, PAGE)
    assert fresh["pruefsumme"] == [current_fingerprint(complete)] != read["pruefsumme"]
    assert fresh["grund"] == [GRUND]
    assertRedirects(browser.post(PAGE, fresh), VORGELEGT)


def test_without_a_fingerprint_nothing_is_frozen(signed_in, leitung, complete):
    for wrong in ("", "abc", "Z" * 64):
        assertContains(signed_in(leitung).post(PAGE, {"pruefsumme": wrong, "grund": GRUND}), "Der Fingerabdruck fehlt", status_code=422)
    assert not Fassung.objects.exists()


def test_a_programme_without_measures_has_no_button(signed_in, leitung, programm):
    browser = signed_in(leitung)
    assertNotContains(browser.get(PAGE), BUTTON)
    page = browser.post(PAGE, {"pruefsumme": current_fingerprint(programm), "grund": GRUND})
    assertContains(page, "hat noch keine Maßnahme", status_code=409)


def test_a_second_click_gets_a_sentence_and_makes_no_second_fassung(signed_in, leitung, fassung):
    browser = signed_in(leitung)
    assertContains(browser.get(PAGE), "beim Beirat", status_code=409)
    assertContains(browser.post(PAGE, {"pruefsumme": fassung.pruefsumme, "grund": GRUND}), "beim Beirat", status_code=409)
    assert Fassung.objects.count() == 1


def test_closed_to_others(client, signed_in, planung, bca, fremd, complete):
    assert client.get(PAGE).status_code == 302
    for account in (planung, bca, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"pruefsumme": current_fingerprint(complete), "grund": GRUND}).status_code == 403
    assert not Fassung.objects.exists()


def test_open_comments_are_named_and_hinder_nothing(signed_in, leitung, planung, complete, position):
    first = add_kommentar(objekt=position.massnahme, text="Reicht das?", by=planung)
    add_kommentar(objekt=complete.kapitel.get(nummer=5), text="Zu lang.", by=planung)
    assertContains(signed_in(leitung).get(PAGE), "2 Kommentare sind noch offen")
    resolve_kommentar(kommentar=first, by=planung)
    assertContains(signed_in(leitung).get(PAGE), "1 Kommentar ist noch offen")
    assert signed_in(leitung).post(PAGE, {"pruefsumme": current_fingerprint(complete), "grund": GRUND}).status_code == 302
    assert "Zu lang." not in complete.fassungen.get().inhalt
