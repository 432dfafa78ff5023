"""Every page of the portal in a real browser, under its own policy: axe, the console, requests to others, the keyboard."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from beirat.models import Mitglied
from jobcenter.common import clock
from jobcenter.demo.konten import PASSWORT
from jobcenter.konten.models import User
from massnahmen.actions import (
    Bildungszielangaben,
    add_bildungsziel,
    answer_stellungnahme,
    begin_abstimmung,
    begin_beteiligung,
    open_programm,
    publish_programm,
    record_beratung,
    record_gremienbeschluss,
    submit_programm,
    write_stellungnahme,
)
from massnahmen.enums import Abschlussart, Beratungsergebnis, Gremienergebnis, Programmstatus, Umgang
from massnahmen.models import Arbeitsmarktprogramm
from tests.conftest import current_fingerprint, fill_texts
from tests.journey.browser import check_page, check_page_once, chromium, follow, listen
from tests.journey.processes import Portal
from tests.test_leaks import addresses

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_log")]
# Who opens a page: the first of these whom it lets in.
PEOPLE = [None, "planung", "leitung", "geschaeftsstelle", "presse", "controlling", "administration", "bca", "vorsitz", "mitglied1"]
# One page of each kind in the full matrix: light and dark, 1280 and 320 px.
KINDS = [
    "portal:start", "massnahmen:programm-detail", "massnahmen:massnahme-liste", "beirat:sitzung-detail", "kennzahlen:uebersicht",
    "presse:pressemitteilung-detail", "portal:barrierefreiheit", "portal:barriere-melden", "account_login", "portal:aufgaben",
    "massnahmen:massnahme-bearbeiten", "massnahmen:massnahme-verlauf", "massnahmen:programm-vorlegen", "massnahmen:massnahme-intern-liste",
    "beirat:sitzung-intern-detail", "portal:auftrag-liste", "post:versand-liste", "konten:konto-liste", "konten:konto-detail",
    "konten:mein-konto",
]  # fmt: skip


@pytest.fixture
def demo(demo_portal: Portal) -> Portal:
    demo_portal.start_web()
    return demo_portal


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def account(name: str) -> User:
    return User.objects.get(email=f"{name}@musterburg.example")


def openings(*names: str) -> dict[str, tuple[str | None, str]]:
    """One way into each page that shows HTML, or into those named: its name → who opens it, and at which address."""
    clients = {who: Client() for who in PEOPLE}
    for who, client in clients.items():
        if who:
            client.force_login(account(who), backend="allauth.account.auth_backends.AuthenticationBackend")
    found: dict[str, tuple[str | None, str]] = {}
    no_page: set[str] = set()  # a button, or a file
    for address in addresses(*names):
        for who, client in clients.items():
            if address.name in found.keys() | no_page:
                break
            response = client.get(address.path, headers={"host": "localhost"})
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                found[address.name] = (who, address.path)
            elif response.status_code in {200, 405}:
                no_page.add(address.name)
            elif response.status_code == 404:  # who may not see what is there hears 403, or is led to the sign-in
                break
    return found


def training_openings() -> dict[str, tuple[str | None, str]]:
    """The pages that only a programme until 2024 has, which the demo does not know."""
    planung = account("planung")
    angaben = Bildungszielangaben("Pflege", "Pflegefachfrau, Pflegefachmann", Abschlussart.UMSCHULUNG, gutscheine_q1=12)
    zeile = add_bildungsziel(programm=open_programm(jahr=2024, by=planung), angaben=angaben, by=planung)
    return {
        "massnahmen:bildungsziel-liste": ("planung", reverse("massnahmen:bildungsziel-liste", args=[2024])),
        "massnahmen:bildungsziel-anlegen": ("planung", reverse("massnahmen:bildungsziel-anlegen", args=[2024])),
        "massnahmen:bildungsziel-bearbeiten": ("planung", reverse("massnahmen:bildungsziel-bearbeiten", args=[2024, zeile.pk])),
    }


def walk_the_way() -> Iterator[tuple[str | None, str, str]]:
    """The pages of a programme's steps: who opens which at what address, each when the programme has come so far."""
    planung, leitung, bca = account("planung"), account("leitung"), account("bca")
    programm = Arbeitsmarktprogramm.objects.get(status=Programmstatus.ENTWURF)
    fill_texts(programm, planung)
    programm.ziele.filter(zielwert=None).delete()  # the coming year's goals are not agreed yet
    programm.positionen.filter(finanzierungen=None).delete()  # nor every measure thought through

    def page(who: str | None, name: str, *args: int) -> tuple[str | None, str, str]:
        return who, name, reverse(f"massnahmen:{name}", args=[programm.jahr, *args])

    yield page("planung", "programm-pruefen")
    yield page("leitung", "programm-vorlegen")
    asked = begin_beteiligung(programm=programm, by=planung)
    yield page("planung", "programm-vorgelegt", asked.nummer)
    yield page("bca", "stellungnahme-schreiben", asked.nummer)
    said = write_stellungnahme(fassung=asked, text="Mehr Plätze am Vormittag.", by=bca)
    yield page("leitung", "stellungnahme-beantworten", asked.nummer)
    answer_stellungnahme(stellungnahme=said, umgang=Umgang.TEILWEISE, begruendung="Das nehmen wir auf.", by=leitung)
    yield page("bca", "fassung-detail", asked.nummer)
    fassung = submit_programm(programm=programm, pruefsumme=current_fingerprint(programm), by=leitung)
    yield page("leitung", "programm-wieder-oeffnen")
    begin_abstimmung(fassung=fassung, by=account("vorsitz"))
    votes = {"ja": 9, "nein": 2, "enthaltung": 1, "beschluss": "Beschluss 01/2027"}
    beratung = record_beratung(fassung=fassung, ergebnis=Beratungsergebnis.ZUGESTIMMT, by=account("vorsitz"), **votes)
    yield page("geschaeftsstelle", "gremienbeschluss-eintragen", fassung.nummer)
    entry = {"gremium": "Kreistag", "am": clock.today(), "ergebnis": Gremienergebnis.BESCHLOSSEN, "nummer": "KT 1/2027"}
    beschluss = record_gremienbeschluss(fassung=fassung, stimmen=(30, 2, 1), by=leitung, **entry)
    yield page("leitung", "gremienbeschluss-zuruecknehmen", fassung.nummer, beschluss.pk)
    yield page("leitung", "programm-veroeffentlichen")
    publish_programm(beratung=beratung, antwort="Wir sehen uns die Plätze noch einmal an.", by=leitung)
    yield page("leitung", "programm-fortschreiben")
    yield page(None, "programm-aenderungen")
    yield page("planung", "fassung-detail", fassung.nummer)


def sign_in(browser: Browser, portal: Portal, who: str | None, faults: list[str]) -> Page:
    page = listen(browser.new_context(base_url=portal.url).new_page(), portal.url, faults)
    if who:
        page.goto("/konto/login/")
        page.get_by_label("E-Mail-Adresse").fill(f"{who}@musterburg.example")
        page.get_by_label("Passwort").fill(PASSWORT)
        follow(page.get_by_role("main").get_by_role("button", name="Anmelden", exact=True))
    return page


def test_every_page_is_without_violation_console_error_or_foreign_request(demo: Portal, browser: Browser):
    ways = openings() | training_openings()
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
    assert len(ways) > 115, sorted(ways)


def test_each_kind_of_page_in_light_and_dark_wide_and_narrow(demo: Portal, browser: Browser):
    ways = openings(*KINDS)
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


def test_the_pages_on_the_way_of_a_programme(demo: Portal, browser: Browser):
    faults: list[str] = []
    for who, _name, path in walk_the_way():
        page = sign_in(browser, demo, who, faults)
        page.goto(path, wait_until="load")
        expect(page.locator("h1")).not_to_contain_text("nicht")
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
    way = openings("massnahmen:massnahme-bearbeiten")["massnahmen:massnahme-bearbeiten"]
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

    entwurf = Arbeitsmarktprogramm.objects.get(status="entwurf")
    fill_texts(entwurf, account("planung"))
    entwurf.ziele.filter(zielwert=None).delete()  # the coming year's goals are not agreed yet
    entwurf.positionen.filter(finanzierungen=None).delete()  # nor every measure thought through
    fassung = submit_programm(
        programm=entwurf, pruefsumme=current_fingerprint(entwurf), grund="Die Stelle ist nicht besetzt.", by=account("leitung")
    )
    sitzung = Sitzung.objects.filter(status="eingeladen").earliest("beginn")
    top = add_fassung_to_agenda(sitzung=sitzung, fassung=fassung, by=account("geschaeftsstelle"))
    record_anwesenheit(sitzung=sitzung, mitglieder=list(Mitglied.objects.active()), by=account("geschaeftsstelle"))
    open_sitzung(sitzung=sitzung, by=account("vorsitz"))
    return open_abstimmung(top=top, by=account("vorsitz"))
