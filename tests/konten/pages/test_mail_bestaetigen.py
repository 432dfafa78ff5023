from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.konten.actions import request_mailwechsel
from jobcenter.konten.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(planung, last_link) -> str:
    request_mailwechsel(email="neu@example.org", by=planung)
    return last_link()


def mail_of(user: User) -> str:
    return User.objects.get(pk=user.pk).email


def test_the_new_address_signs_in_and_the_old_one_is_told(signed_in, sign_in, is_inside, planung, link, deliver_mail):
    browser = signed_in(planung)
    assert "neu@example.org" in browser.get(link).content.decode()
    assert mail_of(planung) == "petra.plan@musterburg.example", "opening the link changes nothing"
    browser.post(link)
    assert mail_of(planung) == "neu@example.org"
    told = deliver_mail()[-1]
    assert (told.to, "neu@example.org" in told.body) == (["petra.plan@musterburg.example"], True)
    assert not is_inside(sign_in(planung))
    planung.refresh_from_db()
    assert is_inside(sign_in(planung))


def test_a_link_counts_once(signed_in, planung, link):
    browser = signed_in(planung)
    browser.post(link)
    assert browser.get(link).status_code == 410
    assert browser.post(link).status_code == 409


def test_a_link_ends_after_a_day(signed_in, planung, link):
    with clock.moved_to(clock.now() + timedelta(hours=24, minutes=1)):
        assert signed_in(planung).post(link).status_code == 409
    assert mail_of(planung) == "petra.plan@musterburg.example"


def test_the_link_of_somebody_else_changes_nothing(signed_in, leitung, planung, link):
    browser = signed_in(leitung)
    assert "neu@example.org" not in browser.get(link).content.decode()
    assert browser.post(link).status_code == 409
    assert (mail_of(leitung), mail_of(planung)) == ("hanna.reuter@musterburg.example", "petra.plan@musterburg.example")


def test_an_address_that_was_given_away_meanwhile_is_refused_with_a_sentence(signed_in, planung, link):
    User.objects.create_user("neu@example.org", name="Nora Neu")
    answer = signed_in(planung).post(link)
    assert (answer.status_code, "gibt es schon ein Konto" in answer.content.decode()) == (409, True)


def test_a_changed_link_is_none(signed_in, planung, link):
    assert signed_in(planung).get(link[:-3] + "xx/").status_code == 410


def test_it_is_closed(client, link):
    assert unquote(client.get(link)["Location"]) == f"{reverse('account_login')}?next={link}"
