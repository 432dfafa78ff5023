import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
PAGE = reverse("konten:zweiter-faktor")


def test_it_offers_both_ways_and_the_way_out(signed_in, pflicht, planung):
    text = signed_in(planung).get(PAGE).content.decode()
    assert "Mit einer App" in text
    assert "Mit einem Passkey" in text
    assert f'action="{reverse("account_logout")}"' in text


def test_who_has_one_goes_on(signed_in, with_factor, planung):
    assert signed_in(with_factor(planung)).get(PAGE)["Location"] == reverse("konten:mein-konto")


def test_it_is_closed(client):
    assert client.get(PAGE)["Location"].startswith(reverse("account_login"))
