import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import Zielangaben, add_ziel, open_programm, update_ziel
from massnahmen.models import Programmziel
from tests.massnahmen.conftest import sent_by
from tests.massnahmen.pages.test_ziel_anlegen import DETAIL


@pytest.fixture
def ziel(programm, planung) -> Programmziel:
    return add_ziel(programm=programm, angaben=Zielangaben("Mehr Menschen kommen in Arbeit.", None, None), by=planung)


@pytest.fixture
def page_url(ziel) -> str:
    return reverse("massnahmen:ziel-bearbeiten", args=[2027, ziel.pk])


@pytest.fixture
def remove_url(ziel) -> str:
    return reverse("massnahmen:ziel-entfernen", args=[2027, ziel.pk])


def test_a_change_is_saved(signed_in, planung, ziel, page_url, zielwert):
    browser = signed_in(planung)
    page = browser.get(page_url)
    assertContains(page, "Noch ohne Zielwert.")
    values = sent_by(page, page_url)
    assert values == {"version": ["1"], "text": ["Mehr Menschen kommen in Arbeit."], "handlungsfeld": [""], "zielwert": [""]}
    response = browser.post(page_url, values | {"zielwert": zielwert.pk}, follow=True)
    assertRedirects(response, DETAIL)
    assertContains(response, "Ziel 1 ist gespeichert.")
    ziel.refresh_from_db()
    assert (ziel.zielwert, ziel.version) == (zielwert, 2)
    page = browser.get(page_url)
    assertContains(page, "<dd>mindestens 27,0\u00a0%</dd>")
    assertContains(page, "Ziel geändert am")


def test_a_newer_goal_is_not_overwritten_unseen(signed_in, planung, person, ziel, page_url, handlungsfeld):
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    newer = Zielangaben("Mehr junge Menschen kommen in Arbeit.", handlungsfeld, None)
    update_ziel(ziel=ziel, version=1, angaben=newer, by=person("Zoe Zweit", "planung"))
    page = browser.post(page_url, values | {"text": "Mehr Menschen kommen in Ausbildung."})
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    assertContains(page, "Ausbildung</mark>.", status_code=409)
    felder = {feld.name: (feld.meine, feld.gespeicherte) for feld in page.context["felder"]}
    assert felder["Handlungsfeld"] == ("Für alle Handlungsfelder", "Lange Arbeitslosigkeit beenden")
    again = sent_by(page, page_url)
    assert again["version"] == ["2"]
    assert browser.post(page_url, again).status_code == 302
    ziel.refresh_from_db()
    assert (ziel.text, ziel.handlungsfeld, ziel.version) == ("Mehr Menschen kommen in Ausbildung.", None, 3)


def test_a_goal_is_taken_out_only_after_the_question_is_unfolded(signed_in, planung, programm, ziel, page_url, remove_url):
    add_ziel(programm=programm, angaben=Zielangaben("Bleibt.", None, None), by=planung)
    browser = signed_in(planung)
    page = browser.get(page_url)
    assertContains(page, '<details class="entfernen">')
    assertContains(page, f'action="{remove_url}"')
    assert browser.get(remove_url).status_code == 405
    response = browser.post(remove_url, follow=True)
    assertRedirects(response, DETAIL)
    assertContains(response, "Ziel 1 steht nicht mehr im Entwurf 2027.")
    assert list(programm.ziele.values_list("nummer", "text")) == [(2, "Bleibt.")]
    assert browser.post(remove_url).status_code == 404


def test_what_the_beirat_has_stays_closed(signed_in, planung, position, submit, page_url, remove_url, zielwert):
    Programmziel.objects.update(zielwert=zielwert)
    submit(position.programm)
    browser = signed_in(planung)
    assertContains(browser.get(page_url), "kann jetzt nicht geändert werden", status_code=409)
    page = browser.post(page_url, {"text": "Zu spät", "version": "1"})
    assertContains(page, "kann jetzt nicht geändert werden", status_code=409)
    assert sent_by(page, page_url)["text"] == ["Zu spät"]
    assertContains(browser.post(remove_url), "kann jetzt nicht geändert werden", status_code=409)
    assert Programmziel.objects.count() == 1


def test_closed_to_others_and_unknown_elsewhere(client, signed_in, planung, leitung, fremd, mitglied, ziel, page_url, remove_url):
    assert client.get(page_url).status_code == 302
    for account in (leitung, fremd, mitglied.konto):
        assert signed_in(account).get(page_url).status_code == 403
        assert signed_in(account).post(page_url, {"text": "x", "version": "1"}).status_code == 403
        assert signed_in(account).post(remove_url).status_code == 403
    open_programm(jahr=2028, by=planung)
    for name in ("ziel-bearbeiten", "ziel-entfernen"):
        assert signed_in(planung).post(reverse(f"massnahmen:{name}", args=[2028, ziel.pk])).status_code == 404
