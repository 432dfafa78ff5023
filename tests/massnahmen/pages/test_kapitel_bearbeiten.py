import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import update_kapitel
from massnahmen.models import Kapitel
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:kapitel-bearbeiten", args=[2027, 5])


@pytest.fixture
def kapitel(programm) -> Kapitel:
    return programm.kapitel.get(nummer=5)


def test_a_text_is_saved_with_its_paragraphs(signed_in, planung, kapitel):
    response = signed_in(planung).post(PAGE, {"text": "Erster Absatz.\r\n\r\nZweiter.", "version": "1"}, follow=True)
    assertRedirects(response, f"{reverse('massnahmen:programm-intern-detail', args=[2027])}#kapitel")
    assertContains(response, "Kapitel 5 Ziele ist gespeichert.")
    kapitel.refresh_from_db()
    assert (kapitel.text, kapitel.version) == ("Erster Absatz.\n\nZweiter.", 2)


def test_the_form_holds_text_and_version(signed_in, planung, kapitel):
    update_kapitel(kapitel=kapitel, version=1, text="\nÄußerst <wichtig>", by=planung)
    page = signed_in(planung).get(PAGE)
    assert sent_by(page, PAGE) == {"version": ["2"], "text": ["\nÄußerst <wichtig>"]}
    assertContains(page, "Kapitel geändert am")


def test_a_newer_text_is_not_overwritten_unseen(signed_in, planung, person, kapitel):
    browser = signed_in(planung)
    update_kapitel(kapitel=kapitel, version=1, text="Wir helfen allen Menschen.", by=person("Zoe Zweit", "planung"))
    page = browser.post(PAGE, {"text": "Wir helfen jungen Menschen.", "version": "1"})
    assertContains(page, "Wir helfen<mark> jungen</mark> Menschen.", status_code=409)
    assertContains(page, "Wir helfen<mark> allen</mark> Menschen.", status_code=409)
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    assert sent_by(page, PAGE) == {"text": ["Wir helfen jungen Menschen."], "version": ["2"]}
    assert browser.post(PAGE, sent_by(page, PAGE)).status_code == 302
    kapitel.refresh_from_db()
    assert kapitel.text == "Wir helfen jungen Menschen."


@pytest.mark.parametrize("version", ["", "x", "-1"])
def test_without_a_version_nothing_is_saved(signed_in, planung, kapitel, version):
    page = signed_in(planung).post(PAGE, {"text": "Mein Text", "version": version})
    assert page.status_code == 422
    assert sent_by(page, PAGE)["text"] == ["Mein Text"]
    kapitel.refresh_from_db()
    assert kapitel.text == ""


def test_closed_when_submitted_and_to_others(client, signed_in, planung, leitung, fremd, fassung):
    assertContains(signed_in(planung).get(PAGE), "kann jetzt nicht geändert werden", status_code=409)
    page = signed_in(planung).post(PAGE, {"text": "Zu spät", "version": "1"})
    assertContains(page, "Zu spät", status_code=409)
    assert client.get(PAGE).status_code == 302
    for account in (leitung, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"text": "x", "version": "1"}).status_code == 403


def test_an_unknown_chapter_is_not_found(signed_in, planung, programm):
    assert signed_in(planung).get(reverse("massnahmen:kapitel-bearbeiten", args=[2027, 13])).status_code == 404
