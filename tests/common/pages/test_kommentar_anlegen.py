"""The comments of an object on a page of their own, and the buttons of the component wherever it stands."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from jobcenter.common.kommentare import add_kommentar
from jobcenter.common.models import Kommentar
from massnahmen.models import Kapitel

EDITOR = reverse("massnahmen:kapitel-bearbeiten", args=[2027, 5])
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def kapitel(programm) -> Kapitel:
    return programm.kapitel.get(nummer=5)


@pytest.fixture
def page(kapitel) -> str:
    return reverse("common:kommentar-anlegen", args=["massnahmen.kapitel", kapitel.pk])


def test_a_comment_comes_back_to_the_page_it_was_written_on(signed_in, planung, page):
    response = signed_in(planung).post(page, {"text": "Hier fehlt <b>etwas</b>.", "feld": "", "hier": EDITOR}, follow=True)
    assertRedirects(response, f"{EDITOR}#kommentare")
    assertContains(response, "Ihr Kommentar ist gespeichert.")
    assertContains(response, "Hier fehlt &lt;b&gt;etwas&lt;/b&gt;.")
    assertContains(response, "(1&nbsp;offen)")


def test_with_htmx_only_the_comments_come_back(signed_in, planung, page):
    response = signed_in(planung).post(page, {"text": "Hier fehlt etwas.", "hier": EDITOR}, headers=HTMX)
    assertContains(response, "Ihr Kommentar ist gespeichert.")
    assertNotContains(response, "<main")
    assertContains(response, f'name="hier" value="{EDITOR}"')


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refused_comment_keeps_its_text(signed_in, planung, page, headers):
    response = signed_in(planung).post(page, {"text": "x" * 4001, "hier": EDITOR}, headers=headers)
    assertContains(response, "Der Kommentar ist zu lang.", status_code=422)
    assertContains(response, "x" * 4001, status_code=422)
    assertContains(response, 'aria-describedby="kommentar-fehler"', status_code=422)
    assertContains(signed_in(planung).post(page, {"text": " \n"}, headers=headers), "Der Kommentar ist leer.", status_code=422)
    assert not Kommentar.objects.exists()


@pytest.mark.parametrize("foreign", ["https://boese.example/intern/", "//boese.example", "/presse/", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere(signed_in, planung, page, foreign):
    response = signed_in(planung).post(page, {"text": "Hier fehlt etwas.", "hier": foreign})
    assert response.url == f"{page}#kommentare"


def test_ticked_off_and_taken_up_again(signed_in, planung, leitung, kapitel, page):
    kommentar = add_kommentar(objekt=kapitel, text="Bitte kürzen.", by=leitung)
    browser = signed_in(planung)
    done = browser.post(reverse("common:kommentar-erledigen", args=[kommentar.pk]), {"hier": EDITOR}, follow=True)
    assertContains(done, "Der Kommentar ist erledigt.")
    assertContains(done, "Erledigt von Petra Plan")
    assertContains(done, "1&nbsp;erledigter Kommentar")
    again = browser.post(reverse("common:kommentar-oeffnen", args=[kommentar.pk]), headers=HTMX)
    assertContains(again, "Der Kommentar ist wieder offen.")
    kommentar.refresh_from_db()
    assert kommentar.erledigt_am is None


def test_what_cannot_be_commented_on_or_is_not_there_is_not_found(signed_in, planung, programm, kapitel, page):
    browser = signed_in(planung)
    for art, pk in (
        ("massnahmen.arbeitsmarktprogramm", programm.pk),
        ("konten.user", planung.pk),
        ("gibt.esnicht", 1),
        ("massnahmen.kapitel", kapitel.pk + 999),
    ):
        address = reverse("common:kommentar-anlegen", args=[art, pk])
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"text": "x"}).status_code == 404
    assert browser.post(reverse("common:kommentar-erledigen", args=[4711])).status_code == 404
    assert browser.get(page).status_code == 200


def test_who_does_not_see_the_object_does_not_find_its_comments(client, signed_in, mitglied, fremd, leitung, kapitel, page):
    kommentar = add_kommentar(objekt=kapitel, text="Nur fürs Haus", by=leitung)
    addresses = [page, reverse("common:kommentar-erledigen", args=[kommentar.pk]), reverse("common:kommentar-oeffnen", args=[kommentar.pk])]
    for address in addresses:
        assert client.post(address, {"text": "x"}).status_code == 302
        for account in (mitglied.konto, fremd):
            assert signed_in(account).post(address, {"text": "x"}).status_code == 404
    assert Kommentar.objects.get().erledigt_am is None
