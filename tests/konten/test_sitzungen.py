"""Where somebody is signed in, and how it ends."""

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse

from tests.conftest import PASSWORT
from tests.html import Page

pytestmark = pytest.mark.django_db
LIST = reverse("usersessions_list")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1"


def test_the_list_names_devices_in_plain_words_and_marks_this_one(planung, sign_in):
    sign_in(planung, agent=IPHONE)
    here = sign_in(planung, agent=FIREFOX)
    page = Page(here.get(LIST).content)
    titles = [" ".join(e.text.split()) for e in page.classed("liste__titel")]
    assert titles == ["Safari auf iPhone", "Firefox auf Windows dieses Gerät"]


def test_signing_out_all_others_ends_them_at_once_and_keeps_this_one(planung, leitung, sign_in, is_inside):
    there, here, stranger = sign_in(planung), sign_in(planung), sign_in(leitung)
    answer = here.post(LIST, follow=True)
    assert "Alle anderen Geräte sind abgemeldet." in answer.content.decode()
    assert (is_inside(there), is_inside(here), is_inside(stranger)) == (False, True, True)
    assert "Sie sind nur auf diesem Gerät angemeldet." in answer.content.decode()


def test_a_new_password_ends_all_others(planung, sign_in, is_inside):
    there, here = sign_in(planung), sign_in(planung)
    new = "Ein ganz neuer Satz"
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORT, "password1": new, "password2": new})
    assert (is_inside(there), is_inside(here)) == (False, True)
    assert len(Page(here.get(LIST).content).classed("liste__titel")) == 1


def test_signing_out_takes_the_device_off_the_list(planung, sign_in):
    there, here = sign_in(planung), sign_in(planung)
    there.post(reverse("account_logout"))
    assert len(Page(here.get(LIST).content).classed("liste__titel")) == 1


def test_nobody_sees_or_ends_the_sessions_of_others(planung, leitung, sign_in):
    sign_in(leitung, agent=IPHONE)
    here = sign_in(planung, agent=FIREFOX)
    assert "iPhone" not in here.get(LIST).content.decode()
    here.post(LIST)
    assert UserSession.objects.filter(user=leitung).count() == 1
