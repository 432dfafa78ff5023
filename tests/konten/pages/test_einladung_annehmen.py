from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.konten.actions import close_konto, resend_einladung
from jobcenter.konten.enums import Kontostand
from jobcenter.konten.models import User
from tests.html import Page

pytestmark = pytest.mark.django_db
NEW = "Ein ganz neuer Satz"


@pytest.fixture
def link(eingeladen, last_link) -> str:
    return last_link()


def accept(browser: Client, link: str, password: str = NEW):
    return browser.post(link, {"password1": password, "password2": password})


def test_the_link_sets_a_password_and_signs_in(client, eingeladen, link, is_inside):
    page = client.get(link)
    assert "Guten Tag, Nina Neu" in page.content.decode()
    assert accept(client, link)["Location"] == reverse("portal:aufgaben")
    assert is_inside(client)
    konto = User.objects.get(pk=eingeladen.pk)
    assert (konto.stand, konto.check_password(NEW)) == (Kontostand.OFFEN, True)


def test_then_comes_the_second_factor(pflicht, client, link):
    entered = client.post(link, {"password1": NEW, "password2": NEW}, follow=True)
    assert entered.redirect_chain[-1][0] == reverse("konten:zweiter-faktor")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_bad_password_is_refused_and_the_link_stays_good(client, link):
    page = Page(accept(client, link, "kurz").content)
    assert "zu kurz" in page.one("div", role="alert").text
    assert "Nina" not in page.title
    assert accept(client, link, "nina.neu@musterburg").status_code == 422, "too like the address"
    assert accept(client, link).status_code == 302


def gone(browser: Client, link: str) -> bool:
    shown, sent = browser.get(link), accept(browser, link)
    return shown.status_code == sent.status_code == 410 and "gilt nicht mehr" in shown.content.decode()


def test_a_link_counts_once(client, link, is_inside):
    accept(client, link)
    other = Client()
    assert gone(other, link)
    assert not is_inside(other)


def test_a_link_ends_after_fourteen_days(client, link):
    with clock.moved_to(clock.now() + timedelta(days=14, minutes=-1)):
        assert client.get(link).status_code == 200
    with clock.moved_to(clock.now() + timedelta(days=14, minutes=1)):
        assert gone(client, link)


def test_a_newer_invitation_replaces_the_older(client, eingeladen, administration, link, last_link):
    resend_einladung(konto=eingeladen, by=administration)
    assert gone(client, link)
    assert accept(client, last_link()).status_code == 302


def test_a_closed_account_is_not_opened(client, eingeladen, administration, link):
    close_konto(konto=eingeladen, by=administration)
    assert gone(client, link)


def test_a_password_chosen_by_mail_ends_the_invitation(client, eingeladen, link, deliver_mail, last_link):
    client.post(reverse("account_reset_password"), {"email": eingeladen.email})
    target = client.get(last_link(), follow=True).redirect_chain[-1][0]
    client.post(target, {"password1": NEW, "password2": NEW})
    assert gone(Client(), link)


@pytest.mark.parametrize(
    "change", [lambda link: link[:-2] + "x/", lambda link: "/konto/einladung/abc/", lambda link: link.replace(":", "")]
)
def test_a_changed_link_is_none(client, link, change):
    assert gone(client, change(link))


def test_who_is_signed_in_as_somebody_else_is_signed_out_first(signed_in, leitung, eingeladen, link):
    browser = signed_in(leitung)
    accept(browser, link)
    assert browser.get(reverse("konten:mein-konto")).context["request"].user == eingeladen


def test_it_stays_in_no_cache(client, link):
    assert "no-store" in client.get(link)["Cache-Control"]


def test_hammering_on_links_ends(client, db):
    statuses = {client.post(f"/konto/einladung/abc{number}/").status_code for number in range(25)}
    assert statuses == {410, 429}
