from datetime import timedelta

import pytest
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.presse.actions import request_release, update_pressemitteilung
from jobcenter.presse.enums import Pressestatus

pytestmark = pytest.mark.django_db
VERB = "Pressemitteilung freigeben"


@pytest.fixture
def mitteilung(requested):
    return requested()


@pytest.fixture
def url(mitteilung) -> str:
    return reverse("presse:pressemitteilung-freigeben", args=[mitteilung.pk])


def test_the_second_person_reads_and_releases(mitteilung, url, texte, signed_in, presse2, client):
    browser = signed_in(presse2)
    page = browser.get(url).content.decode()
    assert "<p>Der Zuschuss hilft beim Anfang.</p>" in page
    assert "Zuletzt geändert von Mira Lang" in page
    assert f"001/{clock.today().year}" in page
    assert VERB in page
    page = browser.post(url, {"version": mitteilung.version}, follow=True).content.decode()
    mitteilung.refresh_from_db()
    assert f"Die Pressemitteilung Nr. {mitteilung.nummer_text} ist freigegeben und öffentlich." in page
    assert client.get(mitteilung.get_absolute_url()).status_code == 200


def test_with_an_embargo_it_says_when(requested, signed_in, leitung):
    mitteilung = requested(sperrfrist=clock.now() + timedelta(days=2))
    url = reverse("presse:pressemitteilung-freigeben", args=[mitteilung.pk])
    page = signed_in(leitung).post(url, {"version": mitteilung.version}, follow=True).content.decode()
    assert "ist freigegeben. Öffentlich wird sie am" in page
    assert "Gesperrt bis" in page


def test_the_author_of_the_last_change_is_told_why_not(mitteilung, url, signed_in, presse):
    browser = signed_in(presse)
    page = browser.get(url).content.decode()
    assert "Sie haben den Text zuletzt geändert." in page
    assert VERB not in page
    assert browser.post(url, {"version": mitteilung.version}).status_code == 403
    mitteilung.refresh_from_db()
    assert mitteilung.status == Pressestatus.ZUR_FREIGABE


def test_who_wrote_and_who_asked_are_told_why_not_and_a_third_releases(draft, texte, signed_in, presse, presse2, leitung):
    entwurf = draft()
    mitteilung = update_pressemitteilung(pressemitteilung=entwurf, version=1, **texte, zur_freigabe=True, by=presse2)
    url = reverse("presse:pressemitteilung-freigeben", args=[mitteilung.pk])
    for user, why, not_why in (
        (presse, "Sie haben den Text zuletzt geändert.", "Sie haben um die Freigabe gebeten."),
        (presse2, "Sie haben um die Freigabe gebeten.", "Sie haben den Text zuletzt geändert."),
    ):
        browser = signed_in(user)
        page = browser.get(url).content.decode()
        assert why in page
        assert not_why not in page
        assert "eine andere Person aus Pressestelle oder Leitung" in page
        assert "Zur Freigabe gegeben von Paul Zweit" in page
        assert VERB not in page
        assert browser.post(url, {"version": mitteilung.version}).status_code == 403
    assert VERB in signed_in(leitung).get(url).content.decode()


def test_others_read_without_a_button(mitteilung, url, signed_in, planung, fremd):
    browser = signed_in(planung)
    page = browser.get(url).content.decode()
    assert "Freigeben dürfen Pressestelle und Leitung." in page
    assert VERB not in page
    assert browser.post(url, {"version": mitteilung.version}).status_code == 403
    assert signed_in(fremd).get(url).status_code == 404


def test_a_text_that_changed_meanwhile_is_shown_and_not_released(mitteilung, url, texte, signed_in, presse, presse2):
    changed = update_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, **texte | {"text": "Ganz neu."}, by=presse)
    request_release(pressemitteilung=changed, version=changed.version, by=presse)
    response = signed_in(presse2).post(url, {"version": mitteilung.version})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Es ist nichts freigegeben." in page
    assert "Ganz neu." in page
    mitteilung.refresh_from_db()
    assert mitteilung.nummer is None


def test_a_draft_is_not_offered(draft, signed_in, presse2):
    entwurf = draft()
    url = reverse("presse:pressemitteilung-freigeben", args=[entwurf.pk])
    browser = signed_in(presse2)
    page = browser.get(url).content.decode()
    assert "Das ist noch ein Entwurf." in page
    assert VERB not in page
    assert browser.post(url, {"version": entwurf.version}).status_code == 409


def test_what_is_released_already_is_shown_there(released, signed_in, leitung):
    mitteilung = released()
    response = signed_in(leitung).get(reverse("presse:pressemitteilung-freigeben", args=[mitteilung.pk]))
    assert response["Location"] == reverse("presse:pressemitteilung-bearbeiten", args=[mitteilung.pk])
