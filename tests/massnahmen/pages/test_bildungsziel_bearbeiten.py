import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import Bildungszielangaben, open_programm, update_bildungsziel
from massnahmen.enums import Abschlussart
from massnahmen.models import Arbeitsmarktprogramm, Bildungsziel
from tests.massnahmen.conftest import sent_by
from tests.massnahmen.pages.test_bildungsziel_liste import PAGE, plan_line


@pytest.fixture
def zeile(programm24, planung) -> Bildungsziel:
    return plan_line(programm24, planung)


@pytest.fixture
def page_url(zeile) -> str:
    return reverse("massnahmen:bildungsziel-bearbeiten", args=[2024, zeile.pk])


@pytest.fixture
def remove_url(zeile) -> str:
    return reverse("massnahmen:bildungsziel-entfernen", args=[2024, zeile.pk])


def test_the_form_holds_what_is_stored_and_a_change_is_saved(signed_in, planung, zeile, page_url):
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    assert (values["gutscheine_q1"], values["gutscheine_q3"], values["budget_cent"], values["abschlussart"], values["version"]) == (
        ["3"], [""], ["220.000"], ["umschulung"], ["1"],
    )  # fmt: skip
    response = browser.post(page_url, values | {"gutscheine_q3": "9", "dauer_monate": ""}, follow=True)
    assertRedirects(response, PAGE)
    assertContains(response, "„Pflegefachfrau“ ist gespeichert.")
    zeile.refresh_from_db()
    assert (zeile.gutscheine, zeile.dauer_monate, zeile.budget_cent, zeile.version) == (16, None, 22_000_000, 2)


def test_a_newer_line_is_not_overwritten_unseen(signed_in, planung, person, zeile, page_url):
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    newer = Bildungszielangaben("Pflege", "Pflegefachmann", Abschlussart.ANPASSUNG, gutscheine_q1=30, budget_cent=100)
    update_bildungsziel(bildungsziel=zeile, version=1, angaben=newer, by=person("Zoe Zweit", "planung"))
    page = browser.post(page_url, values | {"hinweis": "Mein Hinweis"})
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    felder = {feld.name: (feld.meine, feld.gespeicherte) for feld in page.context["felder"] if feld.verschieden}
    assert felder == {
        "Bildungsziel": ("Pflegefachfrau", "Pflegefachmann"),
        "Art": ("Umschulung", "Anpassung"),
        "Dauer in Monaten": ("24", "–"),
        "1. Quartal": ("3", "30"),
        "2. Quartal": ("4", "–"),
        "Budget": ("220.000\u00a0€", "1\u00a0€"),
        "Hinweis": ("Mein Hinweis", ""),
    }
    assert browser.post(page_url, sent_by(page, page_url)).status_code == 302
    zeile.refresh_from_db()
    assert (zeile.bildungsziel, zeile.gutscheine_q1, zeile.hinweis, zeile.version) == ("Pflegefachfrau", 3, "Mein Hinweis", 3)


def test_a_line_is_taken_out(signed_in, planung, page_url, remove_url):
    browser = signed_in(planung)
    assertContains(browser.get(page_url), f'action="{remove_url}"')
    assert browser.get(remove_url).status_code == 405
    response = browser.post(remove_url, follow=True)
    assertRedirects(response, PAGE)
    assertContains(response, "„Pflegefachfrau“ steht nicht mehr im Plan 2024.")
    assert not Bildungsziel.objects.exists()
    assert browser.post(remove_url).status_code == 404


def test_closed_to_others_and_after_the_submission(client, signed_in, planung, leitung, fremd, zeile, page_url, remove_url):
    assert client.get(page_url).status_code == 302
    for account in (leitung, fremd):
        assert signed_in(account).get(page_url).status_code == 403
        assert signed_in(account).post(remove_url).status_code == 403
    open_programm(jahr=2023, by=planung)
    assert signed_in(planung).get(reverse("massnahmen:bildungsziel-bearbeiten", args=[2023, zeile.pk])).status_code == 404
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    Arbeitsmarktprogramm.objects.update(status="beim_beirat")
    page = browser.post(page_url, values | {"hinweis": "Zu spät"})
    assertContains(page, "kann jetzt nicht geändert werden", status_code=409)
    assert sent_by(page, page_url)["hinweis"] == ["Zu spät"]
    assertContains(browser.post(remove_url), "kann jetzt nicht geändert werden", status_code=409)
    assert Bildungsziel.objects.count() == 1
