"""The doors: who comes in, who stays outside, and what everybody learns on the way."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from jobcenter.post.models import Versand
from tests.conftest import PASSWORT
from tests.html import Page

pytestmark = pytest.mark.django_db


def sign_in(browser: Client, email: str, password: str = PASSWORT):
    return browser.post(reverse("account_login"), {"login": email, "password": password})


def is_inside(browser: Client) -> bool:
    return browser.get(reverse("portal:aufgaben")).status_code == 200


def totp_code(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_sign_in_leads_to_my_tasks(client, planung):
    response = sign_in(client, planung.email)
    assert (response.status_code, response.url) == (302, reverse("portal:aufgaben"))
    assert is_inside(client)


def test_the_address_may_be_typed_in_capitals(client, planung):
    sign_in(client, planung.email.upper())
    assert is_inside(client)


def test_a_page_behind_sign_in_is_where_one_lands(client, planung):
    asked = client.get(reverse("konten:mein-konto"))
    assert asked.url.startswith(reverse("account_login"))
    response = client.post(asked.url, {"login": planung.email, "password": PASSWORT})
    assert response.url == reverse("konten:mein-konto")


def test_sign_in_leads_nowhere_else(client, planung):
    response = client.post(reverse("account_login") + "?next=https://boese.example/", {"login": planung.email, "password": PASSWORT})
    assert response.url == reverse("portal:aufgaben")


@pytest.mark.parametrize("email", ["petra.plan@musterburg.example", "niemand@musterburg.example"])
def test_a_wrong_password_and_a_wrong_address_sound_the_same(client, planung, email):
    page = Page(sign_in(client, email, "falsch").content)
    assert page.title.startswith("Fehler: Anmelden")
    assert "E-Mail-Adresse oder Passwort stimmen nicht" in page.one("div", role="alert").text
    assert not is_inside(client)


def test_a_closed_account_stays_outside(client, planung):
    User.objects.filter(pk=planung.pk).update(is_active=False)
    assert sign_in(client, planung.email).url == reverse("account_inactive")
    assert not is_inside(client)


def test_closing_an_account_ends_its_sessions(signed_in, planung):
    browser = signed_in(planung)
    assert is_inside(browser)
    User.objects.filter(pk=planung.pk).update(is_active=False)
    assert not is_inside(browser)


def test_nobody_signs_in_as_a_background_service(client, system):
    system.set_password(PASSWORT)
    system.save()
    assert sign_in(client, system.email).url == reverse("account_inactive")
    assert not is_inside(client)


def test_a_person_who_also_is_a_service_stays_outside(client, person):
    both = person("Doppelte Rolle", Rolle.PLANUNG, Rolle.SYSTEM)
    sign_in(client, both.email)
    assert not is_inside(client)


def test_nobody_opens_an_account(client):
    page = client.post(reverse("account_signup"), {"email": "neu@example.org", "password1": PASSWORT, "password2": PASSWORT})
    assert "Konten legt die Administration an" in page.content.decode()
    assert not User.objects.filter(email="neu@example.org").exists()


@pytest.mark.parametrize("name", ["account_email", "account_confirm_login_code", "account_email_verification_sent"])
def test_doors_that_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_signing_out_takes_a_click(signed_in, planung):
    browser = signed_in(planung)
    browser.get(reverse("account_logout"))
    assert is_inside(browser)
    assert browser.post(reverse("account_logout")).url == reverse("portal:start")
    assert not is_inside(browser)


# --- a forgotten password ---------------------------------------------------------------------------------------
def ask_for_password(browser: Client, email: str) -> None:
    response = browser.post(reverse("account_reset_password"), {"email": email})
    assert response.url == reverse("account_reset_password_done")


def test_a_forgotten_password_is_set_anew_by_mail(client, planung, deliver_mail):
    ask_for_password(client, planung.email)
    assert Versand.objects.get().vertraulich, "the mail carries a link that opens an account"
    [message] = deliver_mail()
    assert (message.to, message.subject) == ([planung.email], "Neues Passwort für Ihr Konto")
    assert settings.INSTANZ.kontakt.telefon in message.body
    link = re.search(r"http://\S+", message.body).group()
    form = client.get(link, follow=True)
    target = form.redirect_chain[-1][0]
    page = client.post(target, {"password1": "kurz", "password2": "kurz"})
    assert "Dieses Passwort ist zu kurz" in Page(page.content).one("div", role="alert").text
    new = "Ein ganz neuer Satz"
    assert client.post(target, {"password1": new, "password2": new}).url == reverse("account_reset_password_from_key_done")
    assert "Dieser Link gilt nicht mehr" in client.get(link).content.decode()
    sign_in(client, planung.email)
    assert not is_inside(client)
    sign_in(client, planung.email, new)
    assert is_inside(client)


def test_an_unknown_address_gets_no_mail_and_the_browser_says_the_same(client, planung):
    known = client.post(reverse("account_reset_password"), {"email": planung.email}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "niemand@example.org"}, follow=True)
    assert [versand.adresse for versand in Versand.objects.all()] == [planung.email]
    assert (unknown.redirect_chain, unknown.content) == (known.redirect_chain, known.content)


def test_no_mail_opens_a_closed_account_or_a_service(client, planung, system, deliver_mail):
    User.objects.filter(pk=planung.pk).update(is_active=False)
    ask_for_password(client, planung.email)
    ask_for_password(client, system.email)
    assert [message.subject for message in deliver_mail() if "Neues Passwort" in message.subject] == []


# --- the second factor ------------------------------------------------------------------------------------------
@pytest.fixture
def secret(planung) -> str:
    made = totp.generate_totp_secret()
    totp.TOTP.activate(planung, made)
    return made


def test_with_a_second_factor_the_password_alone_opens_nothing(client, planung, secret):
    assert sign_in(client, planung.email).url == reverse("mfa_authenticate")
    assert not is_inside(client)
    refused = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Der Code stimmt nicht oder ist abgelaufen" in Page(refused.content).one("div", role="alert").text
    response = client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert response.url == reverse("portal:aufgaben")
    assert is_inside(client)


def test_a_code_counts_once(client, planung, secret):
    code = totp_code(secret)
    sign_in(client, planung.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    other = Client()
    sign_in(other, planung.email)
    other.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_inside(other)


def wait_an_hour(browser: Client) -> None:
    """Let the sign-in lie back so far that it proves nothing any more."""
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()


def test_setting_up_the_second_factor_asks_for_the_password_and_gives_emergency_codes(client, planung):
    sign_in(client, planung.email)
    wait_an_hour(client)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert client.post(asked.url, {"password": PASSWORT}).url == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    shown = Page(page.content)
    assert next(e for e in shown.all("img") if "qr" in e.attrs["class"]).attrs["src"].startswith("data:image/svg+xml;base64,")
    response = client.post(reverse("mfa_activate_totp"), {"code": totp_code(page.context["form"].secret)})
    assert response.url == reverse("mfa_view_recovery_codes")
    codes = [e.text for e in Page(client.get(response.url).content).all("code")]
    assert len(codes) == 10
    other = Client()
    sign_in(other, planung.email)
    assert other.post(reverse("mfa_authenticate"), {"code": codes[0]}).url == reverse("portal:aufgaben")


def test_the_second_factor_can_be_switched_off_again(client, planung, secret):
    sign_in(client, planung.email)
    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    wait_an_hour(client)
    asked = client.get(reverse("mfa_deactivate_totp"))
    assert client.post(asked.url, {"password": PASSWORT}).url == reverse("mfa_deactivate_totp")
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=planung).exists()


# --- rate limits ------------------------------------------------------------------------------------------------
def test_guessing_one_password_ends_after_five_tries(client, planung):
    for _ in range(5):
        sign_in(client, planung.email, "falsch")
    page = Page(sign_in(client, planung.email).content)
    assert "Warten Sie fünf Minuten" in page.one("div", role="alert").text
    assert not is_inside(client)


def test_guessing_many_accounts_ends_with_a_page(client):
    statuses = [sign_in(client, f"n{number}@example.org", "falsch").status_code for number in range(31)]
    assert statuses[-1] == 429
    page = sign_in(client, "n@example.org", "falsch")
    assert Page(page.content).title.startswith("Bitte warten")
    assert settings.INSTANZ.kontakt.telefon in page.content.decode()


def test_guessing_codes_ends(client, planung, secret):
    sign_in(client, planung.email)
    for _ in range(6):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert not is_inside(client)


# --- words ------------------------------------------------------------------------------------------------------
def test_every_form_of_the_doors_speaks_german_and_has_no_placeholder(client, planung, secret):
    named = {
        **settings.ACCOUNT_FORMS,
        **{f"mfa_{name}": path for name, path in getattr(settings, "MFA_FORMS", {}).items()},
    }
    doors = {"login", "reset_password", "reset_password_from_key", "change_password", "set_password", "reauthenticate"}
    assert set(named) >= doors | {"mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp"}
    for path in named.values():
        words = import_string(path).words
        assert words, path
        assert all(label and missing.endswith(".") for label, _, missing in words.values()), path
    assert "placeholder" not in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize(
    "name",
    ["konten:mein-konto", "account_change_password", "account_reauthenticate", "account_logout", "usersessions_list", "mfa_list_webauthn"],
)
def test_pages_of_the_own_account_have_one_heading(signed_in, planung, name):
    assert len(Page(signed_in(planung).get(reverse(name)).content).all("h1")) == 1


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "account_reset_password_done", "account_inactive", "account_signup"]
)
def test_doors_have_one_heading_and_a_telephone_number(client, name):
    page = Page(client.get(reverse(name)).content)
    assert len(page.all("h1")) == 1
    assert "tel:+4999991000" in page.links()


def test_changing_the_password_keeps_the_session_and_says_so(client, planung):
    sign_in(client, planung.email)
    new = "Ein ganz neuer Satz"
    response = client.post(reverse("account_change_password"), {"oldpassword": PASSWORT, "password1": new, "password2": new}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("konten:mein-konto")
    assert "Ihr Passwort ist geändert." in response.content.decode()
    assert is_inside(client)


# --- recovery codes ---------------------------------------------------------------------------------------------
def test_emergency_codes_can_be_loaded_as_text_and_renewed(client, planung):
    sign_in(client, planung.email)
    page = client.get(reverse("mfa_activate_totp"))
    shown = client.post(reverse("mfa_activate_totp"), {"code": totp_code(page.context["form"].secret)}, follow=True)
    codes = [e.text for e in Page(shown.content).all("code")]
    text = client.get(reverse("mfa_download_recovery_codes"))
    assert text["Content-Type"].startswith("text/plain")
    assert 'filename="notfallcodes.txt"' in text["Content-Disposition"]
    assert codes == [line for line in text.content.decode().splitlines() if line.replace("-", "").isdigit()]
    renewed = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    assert set(codes).isdisjoint(e.text for e in Page(renewed.content).all("code"))


def test_emergency_codes_ask_for_a_proof_after_a_while(client, planung):
    sign_in(client, planung.email)
    page = client.get(reverse("mfa_activate_totp"))
    client.post(reverse("mfa_activate_totp"), {"code": totp_code(page.context["form"].secret)})
    wait_an_hour(client)
    for name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes"):
        assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))
