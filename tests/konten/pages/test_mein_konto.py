import pytest
from django.urls import reverse

from tests.html import Page

pytestmark = pytest.mark.django_db
PAGE = reverse("konten:mein-konto")


def rows(browser) -> dict[str, str]:
    page = Page(browser.get(PAGE).content)
    words = [e.text for e in page.classed("kontopunkt__wort")]
    return dict(zip(words, [" ".join(e.text.split()) for e in page.classed("kontopunkt__wert")], strict=True))


def test_everything_about_the_account_on_one_page_each_with_its_verb(sign_in, planung):
    browser = sign_in(planung)
    assert rows(browser) == {
        "Name": "Petra Plan",
        "Rollen": "MaßnahmenplanungRollen vergibt die Administration.",
        "E-Mail-Adresse": "petra.plan@musterburg.exampleDamit melden Sie sich an.",
        "Benachrichtigungen": "sofort, jede Nachricht einzeln",
        "Passwort": "festgelegtÄndern Sie es, wenn jemand anderes es kennen könnte.",
        "Zweiter Faktor: App": "ausgeschaltetMit einem Code aus einer App nützt ein gestohlenes Passwort niemandem.",
        "Passkeys": "keineMelden Sie sich mit Fingerabdruck, Gesicht oder PIN Ihres Geräts an, ohne Passwort.",
        "Notfallcodes": "keineSie bekommen welche, sobald Sie einen zweiten Faktor einrichten.",
        "Geräte": "nur dieses angemeldet",
    }
    names = [
        "konten:mail-aendern",
        "konten:benachrichtigungen",
        "account_change_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "usersessions_list",
    ]
    assert {reverse(name) for name in names} <= Page(browser.get(PAGE).content).links()


def test_a_second_factor_turns_the_verbs_round(sign_in, with_factor, planung, signed_in):
    browser = signed_in(with_factor(planung))
    assert rows(browser)["Zweiter Faktor: App"].startswith("eingeschaltet")
    links = Page(browser.get(PAGE).content).links()
    assert reverse("mfa_deactivate_totp") in links
    assert reverse("mfa_generate_recovery_codes") in links


def test_devices_are_counted(sign_in, planung):
    sign_in(planung)
    assert rows(sign_in(planung))["Geräte"] == "2 Geräte angemeldet"


def test_a_member_of_the_beirat_has_the_page_as_well(signed_in, mitglied):
    assert rows(signed_in(mitglied.konto))["Rollen"] == "Mitglied des Beirats"


def test_the_menu_offers_the_accounts_of_others_to_administration_only(signed_in, planung, administration):
    assert reverse("konten:konto-liste") not in Page(signed_in(planung).get(PAGE).content).links()
    assert reverse("konten:konto-liste") in Page(signed_in(administration).get(PAGE).content).links()


def test_it_is_closed(client):
    assert client.get(PAGE)["Location"].startswith(reverse("account_login"))
