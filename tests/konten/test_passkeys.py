"""Passkeys in a real browser with a virtual device, under the portal's own Content-Security-Policy."""

import re
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from tests.conftest import PASSWORT
from tests.journey.browser import check_page, chromium, follow
from tests.journey.processes import Portal

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """A browser whose device keeps passkeys; `unlocks` says whether its owner's finger is recognised."""

    def __init__(self, page: Page) -> None:
        self.page, self.faults = page, []
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        self.id = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def unlocks(self, yes: bool) -> None:
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": yes})

    def click(self, name: str) -> None:
        follow(self.page.get_by_role("main").get_by_role("button", name=name, exact=True))

    def type_password(self, konto: User) -> None:
        self.page.goto("/konto/login/")
        self.page.get_by_label("E-Mail-Adresse").fill(konto.email)
        self.page.get_by_label("Passwort").fill(PASSWORT)
        self.click("Anmelden")

    def sign_out(self) -> None:
        self.page.goto("/konto/logout/")
        self.click("Abmelden")

    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()


@pytest.fixture
def device(portal: Portal) -> Iterator[Callable[..., Device]]:
    portal.start_web()
    with chromium() as browser:
        yield lambda **options: Device(browser.new_context(base_url=portal.url, **options).new_page())


def test_a_passkey_is_made_signs_in_and_is_removed(device, person):
    konto, it = person("Petra Plan", Rolle.PLANUNG), device()
    it.type_password(konto)
    it.page.goto("/konto/sicherheit/passkeys/neu/")
    it.page.get_by_label("Name des Passkeys").fill("Diensthandy")
    it.click("Passkey anlegen")
    assert it.heading() == "Notfallcodes"

    it.sign_out()
    it.page.goto("/konto/login/?next=/konto/benachrichtigungen/")
    it.click("Passkey benutzen")
    assert it.heading() == "Benachrichtigungen", "it leads to where one wanted to go"

    it.sign_out()
    it.type_password(konto)
    assert it.heading() == "Code eingeben", "the password alone is not enough any more"
    it.click("Mit Passkey bestätigen")
    assert it.heading() == "Meine Aufgaben"

    it.page.goto("/konto/bestaetigen/passkey/?next=/konto/sicherheit/passkeys/")
    it.click("Mit Passkey bestätigen")
    assert it.heading() == "Passkeys"
    follow(it.page.get_by_role("link", name=re.compile("Umbenennen.*Diensthandy")))
    it.page.get_by_label("Name des Passkeys").fill("Neues Handy")
    it.click("Namen speichern")
    follow(it.page.get_by_role("link", name=re.compile("Entfernen.*Neues Handy")))
    it.click("Passkey entfernen")
    expect(it.page.get_by_role("status")).to_contain_text("Der Passkey ist entfernt.")
    assert not Authenticator.objects.filter(user=konto).exists(), "the recovery codes go with the last factor"
    assert it.faults == []


def test_a_device_that_does_not_unlock_opens_nothing_and_says_why(device, person):
    konto, it = person("Petra Plan", Rolle.PLANUNG), device()
    it.type_password(konto)
    it.page.goto("/konto/sicherheit/passkeys/neu/")
    it.click("Passkey anlegen")
    it.sign_out()
    it.unlocks(False)
    it.page.goto("/konto/login/")
    it.page.get_by_role("button", name="Passkey benutzen").click()
    expect(it.page.get_by_role("alert")).to_contain_text("Das hat nicht geklappt")
    expect(it.page.get_by_role("button", name="Passkey benutzen")).to_be_enabled()


def test_the_passkey_of_a_closed_account_opens_nothing(device, person):
    konto, it = person("Petra Plan", Rolle.PLANUNG), device()
    it.type_password(konto)
    it.page.goto("/konto/sicherheit/passkeys/neu/")
    it.click("Passkey anlegen")
    it.sign_out()
    User.objects.filter(pk=konto.pk).update(is_active=False)
    it.page.goto("/konto/login/")
    it.click("Passkey benutzen")
    assert it.heading() == "Dieses Konto ist geschlossen"


def test_without_javascript_the_page_says_so_and_the_password_goes(device, person):
    konto = person("Petra Plan", Rolle.PLANUNG)
    it = device(java_script_enabled=False)
    it.type_password(konto)
    assert it.heading() == "Meine Aufgaben"
    it.page.goto("/konto/login/")
    expect(it.page.get_by_role("button", name="Passkey benutzen")).to_have_count(0)
    it.page.goto("/konto/sicherheit/passkeys/neu/")
    expect(it.page.get_by_text("Passkeys brauchen JavaScript.")).to_be_visible()
    expect(it.page.get_by_role("button", name="Passkey anlegen")).to_have_count(0)


def test_every_page_of_the_accounts_stands_before_axe(device, person):
    konto, admin = person("Petra Plan", Rolle.PLANUNG), person("Anton Admin", Rolle.ADMINISTRATION)
    it = device(bypass_csp=True)
    it.page.goto("/konto/login/")
    check_page(it.page)
    it.type_password(admin)
    for path in [
        "/konto/",
        "/konto/sitzungen/",
        "/konto/benachrichtigungen/",
        "/konto/e-mail/",
        "/konto/zweiter-faktor/",
        "/konto/sicherheit/app/",
        "/konto/sicherheit/passkeys/",
        "/konto/sicherheit/passkeys/neu/",
        "/intern/konten/",
        "/intern/konten/neu/",
        f"/intern/konten/{konto.pk}/",
        f"/intern/konten/{konto.pk}/bearbeiten/",
        f"/intern/konten/{konto.pk}/schliessen/",
    ]:
        it.page.goto(path)
        check_page(it.page)


def test_the_administration_of_master_data_runs_under_the_policy(device, person):
    it = device()
    it.type_password(person("Anton Admin", Rolle.ADMINISTRATION))
    for path in ("", "massnahmen/wertgrenze/", "massnahmen/wertgrenze/add/", "massnahmen/instrument/add/", "massnahmen/instrument/?q=x"):
        assert it.page.goto(f"/intern/verwaltung/{path}").status == 200
    assert it.faults == []
