from datetime import UTC, datetime

import pytest
from django.urls import reverse

from jobcenter.common.models import Zwischenstand
from jobcenter.presse.actions import release_pressemitteilung, update_pressemitteilung
from jobcenter.presse.enums import Pressestatus
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def entwurf(draft):
    return draft()


@pytest.fixture
def url(entwurf) -> str:
    return reverse("presse:pressemitteilung-bearbeiten", args=[entwurf.pk])


def test_saving_keeps_the_embargo_in_german_time(entwurf, url, texte, signed_in, presse2):
    browser = signed_in(presse2)
    browser.post(url, {**texte, "titel": "Neuer Titel", "sperrfrist": "2027-07-20T09:55", "version": 1})
    entwurf.refresh_from_db()
    assert (entwurf.titel, entwurf.version, entwurf.geaendert_von) == ("Neuer Titel", 2, presse2)
    assert entwurf.sperrfrist.isoformat() == "2027-07-20T07:55:00+00:00"
    assert 'value="2027-07-20T09:55"' in browser.get(url).content.decode()


def test_save_and_ask_for_release_in_one_step(entwurf, url, texte, signed_in, presse):
    response = signed_in(presse).post(url, {**texte, "titel": "Endgültig", "version": 1, "zur_freigabe": "1"})
    assert response["Location"] == reverse("presse:pressemitteilung-freigeben", args=[entwurf.pk])
    entwurf.refresh_from_db()
    assert (entwurf.titel, entwurf.status) == ("Endgültig", Pressestatus.ZUR_FREIGABE)


def test_what_a_browser_sends_back_untouched_changes_nobody(draft, signed_in, presse, presse2):
    """Textareas come back with \\r\\n; B must not become the author of A's text by that."""
    entwurf = draft(text="Erster Absatz.\n\nZweiter\u00a0Absatz.", sperrfrist=datetime(2027, 3, 1, 9, tzinfo=UTC))
    url = reverse("presse:pressemitteilung-bearbeiten", args=[entwurf.pk])
    sent = {
        "titel": entwurf.titel,
        "vorspann": entwurf.vorspann,
        "text": entwurf.text.replace("\n", "\r\n"),
        "sperrfrist": "2027-03-01T10:00",
        "version": 1,
        "zur_freigabe": "1",
    }
    signed_in(presse2).post(url, sent)
    entwurf.refresh_from_db()
    assert (entwurf.geaendert_von, entwurf.angefragt_von, entwurf.version) == (presse, presse2, 1)
    assert entwurf.status == Pressestatus.ZUR_FREIGABE


@pytest.mark.parametrize("field", ["titel", "vorspann", "text"])
def test_a_text_that_nobody_can_see_is_missing(field, entwurf, url, texte, signed_in, presse):
    response = signed_in(presse).post(url, {**texte, field: "\u200b \u2060", "version": 1})
    assert response.status_code == 422
    assert "fehlt. Füllen Sie das Feld aus." in response.content.decode()
    entwurf.refresh_from_db()
    assert getattr(entwurf, field) == texte[field]


def test_a_save_on_top_of_a_newer_one_shows_both_texts(entwurf, url, texte, signed_in, presse, presse2):
    update_pressemitteilung(pressemitteilung=entwurf, version=1, **texte | {"text": "Der Text von Paul."}, by=presse2)
    browser = signed_in(presse)
    response = browser.post(url, {**texte, "text": "Der Text von Mira.", "version": 1})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Paul Zweit hat am " in page
    assert "Der Text von<mark> Mira</mark>." in page  # beside the other one
    assert "Der Text von<mark> Paul</mark>." in page
    assert "Der Text von Mira.</textarea>" in page  # and still in its field
    entwurf.refresh_from_db()
    assert entwurf.text == "Der Text von Paul."

    assert 'name="version" value="2"' in page  # who has seen both may go on
    browser.post(url, {**texte, "text": "Beides zusammen.", "version": 2})
    entwurf.refresh_from_db()
    assert entwurf.text == "Beides zusammen."


@pytest.mark.parametrize(("version", "status"), [("", 422), ("abc", 422), ("-1", 422), ("²", 422), ("99", 409)])
def test_a_version_that_is_none_saves_nothing(version, status, entwurf, url, texte, signed_in, presse):
    assert signed_in(presse).post(url, {**texte, "titel": "Falsch", "version": version}).status_code == status
    entwurf.refresh_from_db()
    assert entwurf.titel == texte["titel"]


def test_wrong_input_keeps_text_and_version(entwurf, url, texte, signed_in, presse, presse2):
    update_pressemitteilung(pressemitteilung=entwurf, version=1, **texte | {"vorspann": "Neu."}, by=presse2)
    response = signed_in(presse).post(url, {**texte, "titel": "x" * 161, "text": "Mein Text", "version": 1})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Erlaubt sind 160 Zeichen, es sind 161." in page
    assert "Mein Text" in page
    assert 'name="version" value="1"' in page  # the conflict is still there for the next try


def test_a_change_of_what_waits_has_to_be_read_again(requested, texte, signed_in, presse):
    mitteilung = requested()
    url = reverse("presse:pressemitteilung-bearbeiten", args=[mitteilung.pk])
    browser = signed_in(presse)
    page = browser.get(url).content.decode()
    assert "Sie haben den Text zuletzt geändert." in page
    assert "Nach einer Änderung liest die zweite Person noch einmal." in page
    answer = browser.post(url, {**texte, "version": mitteilung.version}, follow=True).content.decode()
    assert "Sie haben nichts geändert." in answer
    mitteilung.refresh_from_db()
    assert mitteilung.status == Pressestatus.ZUR_FREIGABE
    browser.post(url, {**texte, "vorspann": "39 Betriebe.", "version": mitteilung.version})
    mitteilung.refresh_from_db()
    assert mitteilung.status == Pressestatus.ENTWURF


def test_what_is_released_is_shown_and_refused(released, texte, signed_in, presse):
    mitteilung = released()
    url = reverse("presse:pressemitteilung-bearbeiten", args=[mitteilung.pk])
    browser = signed_in(presse)
    page = browser.get(url).content.decode()
    assert "Der Text steht fest." in page
    assert "Freigegeben von Paul Zweit" in page
    assert 'name="vorspann"' not in page
    assert browser.post(url, {**texte, "version": mitteilung.version}).status_code == 409


def test_what_is_typed_while_a_colleague_releases_is_shown_to_copy_and_kept(requested, texte, signed_in, presse, presse2):
    mitteilung = requested()
    url = reverse("presse:pressemitteilung-bearbeiten", args=[mitteilung.pk])
    browser = signed_in(presse)
    assert "</textarea>" in browser.get(url).content.decode()
    released = release_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, by=presse2)
    answer = browser.post(url, {**texte, "text": "Lange getippt.", "version": mitteilung.version})
    page = Page(answer.content)
    assert answer.status_code == 409
    assert f"Die Pressemitteilung Nr. {released.nummer_text} ist freigegeben und steht fest." in page.classed("fehleruebersicht")[0].text
    assert page.by_id("id_text").text.strip() == "Lange getippt."
    assert "readonly" in page.by_id("id_text").attrs
    assert not page.all("button", name="zur_freigabe")
    assert Zwischenstand.objects.get(konto=presse, seite=url).felder["text"] == ["Lange getippt."]
    assert "Ein Entwurf von Ihnen liegt hier" in browser.get(url).content.decode()
    assert Page(browser.get(f"{url}?zwischenstand=1").content).by_id("id_text").text.strip() == "Lange getippt."
    mitteilung.refresh_from_db()
    assert mitteilung.text == texte["text"]


def test_staff_read_presse_writes(url, texte, signed_in, planung, leitung, fremd):
    for user in (planung, leitung):
        browser = signed_in(user)
        page = browser.get(url).content.decode()
        assert texte["titel"] in page
        assert 'name="vorspann"' not in page
        assert browser.post(url, {**texte, "version": 1}).status_code == 403
    assert signed_in(fremd).get(url).status_code == 404


def test_queries(url, signed_in, presse, django_assert_num_queries):
    browser = signed_in(presse)
    with django_assert_num_queries(7):  # session, account, draft, next number, two of unsaved drafts, comments
        browser.get(url)
