from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import update_zusammenfassung
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:zusammenfassung-bearbeiten", args=[2027])


def test_a_summary_is_saved(signed_in, planung, programm):
    browser = signed_in(planung)
    values = sent_by(browser.get(PAGE), PAGE)
    response = browser.post(PAGE, values | {"text": "Wir haben viel vor."}, follow=True)
    assertRedirects(response, f"{reverse('massnahmen:programm-intern-detail', args=[2027])}#kapitel")
    programm.refresh_from_db()
    assert (programm.zusammenfassung, programm.version) == ("Wir haben viel vor.", 2)


def test_a_newer_summary_is_not_overwritten_unseen(signed_in, planung, person, programm):
    browser = signed_in(planung)
    values = sent_by(browser.get(PAGE), PAGE)
    update_zusammenfassung(programm=programm, version=1, zusammenfassung="Zoes Satz", by=person("Zoe Zweit", "planung"))
    page = browser.post(PAGE, values | {"text": "Petras Satz"})
    assertContains(page, "<mark>Zoes</mark> Satz", status_code=409)
    assert browser.post(PAGE, sent_by(page, PAGE)).status_code == 302
    programm.refresh_from_db()
    assert programm.zusammenfassung == "Petras Satz"


def test_the_column_says_that_it_is_missing_until_it_is_there(signed_in, planung, programm):
    browser = signed_in(planung)
    assertContains(browser.get(PAGE), "Sie fehlt. Auf der öffentlichen Seite steht sie ganz oben.")
    update_zusammenfassung(programm=programm, version=1, zusammenfassung="Zwei Wörter", by=planung)
    page = browser.get(PAGE)
    assertContains(page, "Nichts mehr offen.")
    assertContains(page, "2&nbsp;Wörter gespeichert")


def test_after_the_submission_no_word_is_lost(signed_in, planung, fassung, programm):
    browser = signed_in(planung)
    assertContains(browser.get(PAGE), "kann jetzt nicht geändert werden", status_code=409)
    page = browser.post(PAGE, {"text": "Zu spät", "version": "3"})
    assertContains(page, "kann jetzt nicht geändert werden", status_code=409)
    assert sent_by(page, PAGE)["text"] == ["Zu spät"]
    programm.refresh_from_db()
    assert programm.zusammenfassung == "Was wir vorhaben."


def test_closed_to_others(client, signed_in, leitung, fremd, programm):
    assert client.get(PAGE).status_code == 302
    for account in (leitung, fremd):
        assert signed_in(account).post(PAGE, {"text": "x", "version": "1"}).status_code == 403
    programm.refresh_from_db()
    assert programm.zusammenfassung == ""
