from datetime import timedelta

import pytest
from django.urls import reverse

from jobcenter.berichte.actions import claim_bericht, fail_bericht, note_progress
from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(bericht) -> str:
    return reverse("berichte:bericht-detail", args=[bericht.pk])


@pytest.fixture
def fail(bericht, system):
    """Let the next attempt fail."""

    def make() -> Bericht:
        Bericht.objects.update(naechster_versuch=clock.now() - timedelta(seconds=1))
        versuch = claim_bericht(bericht=bericht, by=system)
        fail_bericht(bericht=bericht, versuch=versuch, fehler="Der Speicher für Dateien ist voll.", by=system)
        return Bericht.objects.get()

    return make


def test_a_waiting_report_refreshes_itself_and_has_a_link(url, signed_in, planung):
    page = signed_in(planung).get(url).content.decode()
    assert "Das PDF wird gleich erstellt" in page
    assert f'hx-get="{url}" hx-trigger="every 2s"' in page
    assert "Aktualisieren" in page


def test_the_fragment_shows_progress_and_nothing_else(bericht, url, signed_in, planung, system):
    versuch = claim_bericht(bericht=bericht, by=system)
    note_progress(bericht=bericht, versuch=versuch, fortschritt=40, schritt="Seite 3 wird gesetzt", by=system)
    response = signed_in(planung).get(url, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    part = response.content.decode()
    assert "Seite 3 wird gesetzt" in part
    assert 'value="40"' in part
    assert "<html" not in part
    assert response["Cache-Control"] == "no-store"


def test_a_finished_report_stops_refreshing_and_can_be_had(bericht, url, finish, signed_in, planung):
    finish(bericht, b"%PDF-1.7 whole", seiten=15)
    browser = signed_in(planung)
    page = browser.get(url).content.decode()
    assert "hx-trigger" not in page
    assert "PDF herunterladen" in page
    response = browser.get(reverse("berichte:bericht-datei", args=[bericht.pk]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 whole"
    assert response["Content-Disposition"] == 'attachment; filename="arbeitsmarktprogramm-2027-fassung-1.pdf"'


def test_a_file_that_is_not_there_yet_is_not_found(bericht, signed_in, planung):
    assert signed_in(planung).get(reverse("berichte:bericht-datei", args=[bericht.pk])).status_code == 404


def test_a_failed_attempt_says_why_and_when_it_goes_on(url, fail, signed_in, planung):
    fail()
    page = signed_in(planung).get(url).content.decode()
    assert "Der Speicher für Dateien ist voll." in page
    assert f"Das war Versuch 1 von {Bericht.MAX_VERSUCHE}." in page
    assert "Noch einmal versuchen" not in page


def test_leitung_tries_again_after_the_last_failure(bericht, url, fail, signed_in, leitung, planung):
    for _ in range(Bericht.MAX_VERSUCHE):
        fail()
    again = reverse("berichte:bericht-wiederholen", args=[bericht.pk])
    assert "Noch einmal versuchen" not in signed_in(planung).get(url).content.decode()
    assert signed_in(planung).post(again).status_code == 403

    browser = signed_in(leitung)
    assert "Noch einmal versuchen" in browser.get(url).content.decode()
    page = browser.post(again, follow=True).content.decode()
    assert "Das PDF wird noch einmal erstellt." in page
    bericht.refresh_from_db()
    assert (bericht.status, bericht.fehler) == (Auftragsstatus.WARTET, "")


def test_a_second_click_on_try_again_is_told(bericht, fail, signed_in, leitung):
    for _ in range(Bericht.MAX_VERSUCHE):
        fail()
    browser, again = signed_in(leitung), reverse("berichte:bericht-wiederholen", args=[bericht.pk])
    browser.post(again)
    assert "ist im Stand „wartet“" in browser.post(again, follow=True).content.decode()


def test_a_file_that_the_store_has_lost_is_said_and_made_anew(bericht, url, finish, signed_in, planung, administration, media):
    done = finish(bericht)
    browser, again = signed_in(administration), reverse("berichte:bericht-neu", args=[bericht.pk])
    assert "muss nicht neu erstellt werden" in browser.post(again, follow=True).content.decode()
    (media / done.datei).unlink()
    page = signed_in(planung).get(reverse("berichte:bericht-datei", args=[bericht.pk]), follow=True).content.decode()
    assert "Die Datei fehlt im Speicher" in page
    assert again not in page
    assert signed_in(planung).post(again).status_code == 403

    assert again in browser.get(url).content.decode()
    assert "Das PDF wird neu erstellt." in browser.post(again, follow=True).content.decode()
    bericht.refresh_from_db()
    assert (bericht.status, bericht.datei, bericht.fortschritt) == (Auftragsstatus.WARTET, None, 0)
    finish(bericht)
    assert b"".join(browser.get(reverse("berichte:bericht-datei", args=[bericht.pk])).streaming_content) == b"%PDF-1.7 small"


def test_half_a_file_is_lost_as_well(bericht, url, finish, signed_in, leitung, media):
    done = finish(bericht)
    (media / done.datei).write_bytes(b"%PDF")
    assert "Die Datei fehlt im Speicher" in signed_in(leitung).get(url).content.decode()


@pytest.mark.parametrize("name", ["bericht-detail", "bericht-datei", "bericht-wiederholen"])
def test_the_workshop_is_for_staff(bericht, name, client, signed_in, fremd, mitglied):
    url = reverse(f"berichte:{name}", args=[bericht.pk])
    send = "post" if name == "bericht-wiederholen" else "get"
    assert getattr(client, send)(url).status_code == 302
    assert getattr(signed_in(fremd), send)(url).status_code == 403
    assert getattr(signed_in(mitglied.konto), send)(url).status_code == 403
