import pytest
from django.urls import reverse

from jobcenter.presse.models import Pressemitteilung

pytestmark = pytest.mark.django_db
URL = reverse("presse:pressemitteilung-anlegen")


def test_presse_begins_a_draft(texte, signed_in, presse):
    response = signed_in(presse).post(URL, {**texte, "sperrfrist": ""})
    mitteilung = Pressemitteilung.objects.get()
    assert response["Location"] == reverse("presse:pressemitteilung-bearbeiten", args=[mitteilung.pk])
    assert (mitteilung.titel, mitteilung.sperrfrist, mitteilung.geaendert_von) == (texte["titel"], None, presse)


def test_wrong_input_is_named_and_nothing_is_lost(texte, signed_in, presse):
    response = signed_in(presse).post(URL, {**texte, "titel": "", "sperrfrist": "morgen"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#id_titel"' in page
    assert 'href="#id_sperrfrist"' in page
    assert texte["vorspann"] in page
    assert 'value="morgen"' in page
    assert "<title>Fehler:" in page
    assert not Pressemitteilung.objects.exists()


@pytest.mark.parametrize("who", ["leitung", "planung", "fremd"])
def test_only_presse_writes(request, who, texte, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(URL).status_code == 403
    assert browser.post(URL, texte).status_code == 403
    assert not Pressemitteilung.objects.exists()
