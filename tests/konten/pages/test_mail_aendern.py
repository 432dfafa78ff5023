import pytest
from django.test import Client
from django.urls import reverse

from tests.html import Page

pytestmark = pytest.mark.django_db
PAGE = reverse("konten:mail-aendern")


def test_a_link_goes_to_the_new_address_and_nothing_changes_yet(sign_in, planung, deliver_mail):
    answer = sign_in(planung).post(PAGE, {"email": "Neu@Example.org"}, follow=True)
    assert "Er gilt 24 Stunden" in answer.content.decode()
    [message] = deliver_mail()
    assert message.to == ["neu@example.org"]
    planung.refresh_from_db()
    assert planung.email == "petra.plan@musterburg.example"


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("hanna.reuter@musterburg.example", "gibt es schon ein Konto"),
        ("HANNA.Reuter@Musterburg.example", "gibt es schon ein Konto"),
        ("petra.plan@musterburg.example", "Das ist schon Ihre E-Mail-Adresse"),
        ("kein at", "nicht vollständig"),
        ("", "fehlt"),
    ],
)
def test_addresses_that_do_not_go(sign_in, planung, leitung, deliver_mail, email, sentence):
    answer = sign_in(planung).post(PAGE, {"email": email})
    assert answer.status_code == 422
    assert sentence in Page(answer.content).one("div", role="alert").text
    assert deliver_mail() == []


def test_an_open_session_alone_does_not_do(planung, signed_in):
    assert signed_in(planung).get(PAGE)["Location"].startswith(reverse("account_reauthenticate"))


def test_asking_again_and_again_ends(sign_in, planung):
    browser = sign_in(planung)
    statuses = [browser.post(PAGE, {"email": f"neu{number}@example.org"}).status_code for number in range(11)]
    assert statuses[-1] == 429


def test_it_is_closed():
    assert Client().get(PAGE)["Location"].startswith(reverse("account_login"))
