"""The second factor, where every account needs one: nothing else opens, and the way there is open."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from jobcenter.common.models import Zwischenstand
from jobcenter.common.zwischenstand import FELD, issue_marke
from jobcenter.konten.enums import Rolle
from tests.conftest import PASSWORT
from tests.html import Page

pytestmark = pytest.mark.django_db
SETUP = reverse("konten:zweiter-faktor")
INSIDE = [
    "portal:aufgaben",
    "konten:mein-konto",
    "konten:benachrichtigungen",
    "konten:konto-liste",
    "account_change_password",
    "usersessions_list",
    "mfa_list_webauthn",
    "admin:index",
    "massnahmen:programm-intern-liste",
    "beirat:sitzung-intern-liste",
]


@pytest.mark.parametrize("rolle", [rolle for rolle in Rolle if rolle is not Rolle.SYSTEM])
def test_every_role_is_led_to_the_second_factor(pflicht, person, signed_in, rolle):
    browser = signed_in(person("Irgend Wer", rolle))
    for name in INSIDE:
        answer = browser.get(reverse(name))
        assert (answer.status_code, answer["Location"]) == (302, SETUP), name


def test_a_member_of_the_beirat_without_a_role_as_well(pflicht, mitglied, signed_in):
    assert signed_in(mitglied.konto).get(reverse("beirat:sitzung-intern-liste"))["Location"] == SETUP


def test_the_page_says_why_and_shows_no_menu(pflicht, signed_in, leitung):
    page = Page(signed_in(leitung).get(SETUP).content)
    assert "Ein gestohlenes Passwort darf dafür nicht reichen" in "".join(e.text for e in page.all("p"))
    assert {reverse("mfa_activate_totp"), reverse("mfa_add_webauthn")} <= page.links()
    assert reverse("portal:aufgaben") not in page.links()


def test_with_a_second_factor_everything_is_as_ever(pflicht, with_factor, planung, signed_in):
    browser = signed_in(with_factor(planung))
    assert browser.get(reverse("portal:aufgaben")).status_code == 200
    assert browser.get(SETUP)["Location"] == reverse("konten:mein-konto")


def test_recovery_codes_alone_are_no_second_factor(pflicht, planung, signed_in):
    Authenticator.objects.create(user=planung, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0})
    assert signed_in(planung).get(reverse("portal:aufgaben"))["Location"] == SETUP


def test_the_whole_way_from_the_door_to_the_tasks(pflicht, planung, client):
    entered = client.post(reverse("account_login"), {"login": planung.email, "password": PASSWORT}, follow=True)
    assert [url for url, _ in entered.redirect_chain] == [reverse("portal:aufgaben"), SETUP]
    form = client.get(reverse("mfa_activate_totp"))
    assert form.status_code == 200, "whoever has just signed in is not asked for the password again"
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(form.context["form"].secret, counter))
    codes = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert codes.redirect_chain == [(reverse("mfa_view_recovery_codes"), 302)]
    assert client.get(reverse("portal:aufgaben")).status_code == 200


def test_signing_out_and_public_pages_stay_open(pflicht, planung, signed_in):
    browser = signed_in(planung)
    assert browser.get(reverse("portal:start")).status_code == 200
    assert browser.post(reverse("account_logout"))["Location"] == reverse("portal:start")


def test_a_fragment_sends_the_whole_page(pflicht, planung, signed_in):
    answer = signed_in(planung).get(reverse("portal:aufgaben"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, SETUP)


def test_what_was_written_waits_as_a_draft_and_nothing_is_done(pflicht, programm, planung, signed_in):
    page = reverse("massnahmen:zusammenfassung-bearbeiten", args=[programm.jahr])
    sent = {"text": "Ein langer Text", "zusammenfassung": "Ein langer Text", "version": "1", FELD: issue_marke(planung, page)}
    assert signed_in(planung).post(page, sent)["Location"] == SETUP
    programm.refresh_from_db()
    assert programm.zusammenfassung == ""
    assert "Ein langer Text" in str(Zwischenstand.objects.get(konto=planung, seite=page).felder)


def test_where_it_is_off_nobody_is_led_and_two_pages_say_so(planung, signed_in, client):
    assert "In dieser Vorführung genügt das Passwort" in client.get(reverse("account_login")).content.decode()
    page = signed_in(planung).get(reverse("konten:mein-konto"))
    assert "In dieser Vorführung ist kein zweiter Faktor nötig" in page.content.decode()


def test_where_it_is_on_they_do_not(pflicht, planung, with_factor, signed_in, client):
    assert "Vorführung genügt" not in client.get(reverse("account_login")).content.decode()
    page = signed_in(with_factor(planung)).get(reverse("konten:mein-konto"))
    assert "ist kein zweiter Faktor nötig" not in page.content.decode()


# --- accounts that end ------------------------------------------------------------------------------------------
def test_the_day_after_the_last_one_is_outside(planung, signed_in, at):
    from datetime import date, datetime

    planung.gueltig_bis = date(2027, 3, 31)
    planung.save()
    browser = signed_in(planung)
    at(datetime(2027, 3, 31, 23, 59))
    assert browser.get(reverse("portal:aufgaben")).status_code == 200
    at(datetime(2027, 4, 1, 0, 1))
    assert not planung.has_perm("massnahmen.change_massnahme")
    answer = browser.get(reverse("portal:aufgaben"))
    assert answer["Location"] == reverse("account_inactive")
    assert "sein letzter Tag ist vorbei" in browser.get(answer["Location"]).content.decode()
    assert browser.get(reverse("portal:aufgaben"))["Location"].startswith(reverse("account_login")), "the session is over, not only refused"


def test_signing_in_the_day_after_is_refused_with_a_sentence(planung, client, at):
    from datetime import date, datetime

    planung.gueltig_bis = date(2027, 3, 31)
    planung.save()
    at(datetime(2027, 4, 1, 8))
    answer = client.post(reverse("account_login"), {"login": planung.email, "password": PASSWORT}, follow=True)
    assert "sein letzter Tag ist vorbei" in answer.content.decode()
    assert client.get(reverse("portal:aufgaben")).status_code == 302


def test_an_ended_account_sends_a_fragment_out_as_well(planung, signed_in, at):
    from datetime import date, datetime

    planung.gueltig_bis = date(2027, 3, 31)
    planung.save()
    browser = signed_in(planung)
    at(datetime(2027, 4, 1, 8))
    assert browser.get(reverse("portal:aufgaben"), headers={"HX-Request": "true"})["HX-Redirect"] == reverse("account_inactive")
