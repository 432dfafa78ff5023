import pytest
from django.urls import reverse

from beirat.actions import open_sitzung
from tests.beirat.lesen import words

pytestmark = pytest.mark.django_db
URL = reverse("beirat:top-anlegen", args=[22])


def test_an_item_comes_to_the_end(sitzung, punkt, geschaeftsstelle, signed_in):
    punkt()
    response = signed_in(geschaeftsstelle).post(URL, {"titel": "Bericht der Leitung", "art": "beratung", "oeffentlich": "on"})
    top = sitzung.tops.last()
    assert response.url == reverse("beirat:sitzung-intern-detail", args=[22])
    assert (top.nummer, top.titel, top.art, top.oeffentlich) == (3, "Bericht der Leitung", "beratung", True)


def test_an_item_is_not_public_unless_said_so(sitzung, geschaeftsstelle, signed_in):
    signed_in(geschaeftsstelle).post(URL, {"titel": "Vergabe", "art": "beschluss"})
    assert sitzung.tops.last().oeffentlich is False


def test_wrong_input_is_explained_and_kept(sitzung, geschaeftsstelle, signed_in):
    response = signed_in(geschaeftsstelle).post(URL, {"titel": "", "art": "beschluss", "oeffentlich": "on"})
    assert response.status_code == 422
    assert "Der Titel fehlt." in words(response)
    assert response.content.decode().count(" checked") == 2
    assert sitzung.tops.count() == 1


def test_after_the_opening_it_says_why_not(sitzung, geschaeftsstelle, vorsitz, signed_in):
    open_sitzung(sitzung=sitzung, by=vorsitz.konto)
    response = signed_in(geschaeftsstelle).post(URL, {"titel": "Zu spät", "art": "beratung"})
    assert response.status_code == 422
    assert "Ihre Tagesordnung steht fest." in words(response)
    assert 'value="Zu spät"' in response.content.decode()


def test_nobody_else(sitzung, vorsitz, leitung, signed_in):
    for who in (vorsitz.konto, leitung):
        assert signed_in(who).get(URL).status_code == 403
        assert signed_in(who).post(URL, {"titel": "Eigenes", "art": "beratung"}).status_code == 403
