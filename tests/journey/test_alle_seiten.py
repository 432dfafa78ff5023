"""Every page of the portal in a real browser, under its own policy: axe, the console, requests to others, the keyboard."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from beirat.models import Mitglied
from jobcenter.demo.konten import PASSWORT
from jobcenter.konten.models import User
from tests.journey.browser import check_page, check_page_once, chromium, listen
from tests.journey.processes import Portal
from tests.test_leaks import addresses

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
# Who opens a page: the first of these whom it lets in.
PEOPLE = [None, "planung", "leitung", "geschaeftsstelle", "presse", "controlling", "administration", "vorsitz", "mitglied1"]
# One page of each kind in the full matrix: light and dark, 1280 and 320 px.
KINDS = [
    "portal:start", "massnahmen:programm-detail", "massnahmen:massnahme-liste", "beirat:sitzung-detail", "kennzahlen:uebersicht",
    "presse:pressemitteilung-detail", "portal:barrierefreiheit", "portal:barriere-melden", "account_login", "portal:aufgaben",
    "massnahmen:massnahme-bearbeiten", "massnahmen:massnahme-verlauf", "massnahmen:programm-vorlegen", "massnahmen:massnahme-intern-liste",
    "beirat:sitzung-intern-detail", "portal:auftrag-liste", "post:versand-liste", "konten:konto-liste", "konten:konto-detail",
    "konten:mein-konto",
]  # fmt: skip


@pytest.fixture
def demo(portal: Portal) -> Portal:
    call_command("demo_daten")
    portal.start_web()
    return portal


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def account(name: str) -> User:
    return User.objects.get(email=f"{name}@musterburg.example")


def openings() -> dict[str, tuple[str | None, str]]:
    """One way into each page that shows HTML: its name → who opens it, and at which address."""
    clients = {who: Client() for who in PEOPLE}
    for who, client in clients.items():
        if who:
            client.force_login(account(who), backend="allauth.account.auth_backends.AuthenticationBackend")
    found: dict[str, tuple[str | None, str]] = {}
    for address in addresses():
        for who, client in clients.items():
            if address.name in found:
                break
            response = client.get(address.path, headers={"host": "localhost"})
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                found[address.name] = (who, address.path)
    return found


def sign_in(browser: Browser, portal: Portal, who: str | None, faults: list[str]) -> Page:
    page = listen(browser.new_context(base_url=portal.url).new_page(), portal.url, faults)
    page.set_default_timeout(20_000)
    if who:
        page.goto("/konto/login/")
        page.get_by_label("E-Mail-Adresse").fill(f"{who}@musterburg.example")
        page.get_by_label("Passwort").fill(PASSWORT)
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name="Anmelden", exact=True).click()
    return page


def test_every_page_is_without_violation_console_error_or_foreign_request(demo: Portal, browser: Browser):
    ways = openings()
    faults: list[str] = []
    pages: dict[str | None, Page] = {}
    for name, (who, path) in sorted(ways.items(), key=lambda way: str(way[1][0])):
        page = pages.get(who) or pages.setdefault(who, sign_in(browser, demo, who, faults))
        page.goto(path, wait_until="load")
        page.wait_for_timeout(50)
        before = len(faults)
        violations = check_page_once(page)
        del faults[before:]  # what axe itself says to the console is no fault of the page
        faults += [f"{name} {path} as {who}: {violation}" for violation in violations]
    assert not faults, "\n".join(faults)
    assert len(ways) > 60, sorted(ways)


def test_each_kind_of_page_in_light_and_dark_wide_and_narrow(demo: Portal, browser: Browser):
    ways = openings()
    faults: list[str] = []
    for name in KINDS:
        who, path = ways[name]
        page = sign_in(browser, demo, who, faults)
        page.goto(path, wait_until="load")
        page.wait_for_timeout(50)
        before = len(faults)
        check_page(page)
        del faults[before:]
        page.context.close()
    assert not faults, "\n".join(faults)


def focused(page: Page) -> str:
    return page.evaluate(
        "() => { const e = document.activeElement; return e.labels?.[0]?.innerText || e.innerText || e.value || e.tagName }"
    )


def walk_to(page: Page, text: str, most: int = 120) -> None:
    """Press Tab until the element with that text has the focus, and see that the focus is visible all the way."""
    for _ in range(most):
        page.keyboard.press("Tab")
        page.wait_for_function(  # the window follows the focus
            "() => { const r = document.activeElement.getBoundingClientRect(); return r.bottom >= 0 && r.top <= innerHeight }", timeout=3000
        )
        if text in focused(page):
            return
    raise AssertionError(f"„{text}“ is not reached by keyboard at {page.url}")


def test_the_editor_by_keyboard_alone(demo: Portal, browser: Browser):
    faults: list[str] = []
    way = openings()["massnahmen:massnahme-bearbeiten"]
    page = sign_in(browser, demo, "planung", faults)
    page.goto(way[1])
    page.keyboard.press("Tab")
    assert focused(page) == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    walk_to(page, "Titel")
    page.keyboard.press("Control+A")
    page.keyboard.type("Werkstatt am Fluss")
    walk_to(page, "Maßnahme speichern")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Werkstatt am Fluss")
    assert not faults


def test_the_vote_by_keyboard_alone(demo: Portal, browser: Browser, running_abstimmung):
    faults: list[str] = []
    page = sign_in(browser, demo, "mitglied1", faults)
    page.goto(f"/intern/beirat/abstimmungen/{running_abstimmung.pk}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip link
    walk_to(page, "Ja")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    walk_to(page, "Ja")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Ihre Stimme")
    assert not faults


@pytest.fixture
def running_abstimmung(demo: Portal):
    """A ballot on the draft of the demo, opened by the chair with everybody in the room."""
    from beirat.actions import add_fassung_to_agenda, open_abstimmung, open_sitzung, record_anwesenheit
    from beirat.models import Sitzung
    from massnahmen.actions import submit_programm
    from massnahmen.models import Arbeitsmarktprogramm
    from tests.conftest import current_fingerprint

    entwurf = Arbeitsmarktprogramm.objects.get(status="entwurf")
    fassung = submit_programm(programm=entwurf, pruefsumme=current_fingerprint(entwurf), by=account("leitung"))
    sitzung = Sitzung.objects.filter(status="eingeladen").earliest("beginn")
    top = add_fassung_to_agenda(sitzung=sitzung, fassung=fassung, by=account("geschaeftsstelle"))
    record_anwesenheit(sitzung=sitzung, mitglieder=list(Mitglied.objects.active()), by=account("geschaeftsstelle"))
    open_sitzung(sitzung=sitzung, by=account("vorsitz"))
    return open_abstimmung(top=top, by=account("vorsitz"))
