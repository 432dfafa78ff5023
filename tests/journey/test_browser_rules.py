"""What only a real browser under the portal's own policy can tell: no console error, no request to anybody else."""

import pytest
from django.core.management import call_command
from playwright.sync_api import ConsoleMessage, Page, Request

from jobcenter.demo.konten import PASSWORT
from tests.journey.browser import chromium
from tests.journey.processes import Portal

pytestmark = pytest.mark.browser

PUBLIC = [
    "/",
    "/massnahmen/",
    "/arbeitsmarktprogramm/",
    "/beirat/",
    "/beirat/beschluesse/",
    "/kennzahlen/",
    "/presse/",
    "/berichte/",
    "/betriebe/",
]
SIGNED_IN = ["/intern/", "/intern/programm/", "/intern/beirat/sitzungen/22/", "/intern/presse/", "/intern/berichte/", "/konto/sicherheit/"]


def test_no_page_breaks_the_policy_or_asks_anybody_else(portal: Portal):
    call_command("demo_daten")
    portal.start_web()
    faults: list[str] = []

    def listen(page: Page) -> Page:
        def note_console(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                faults.append(f"{page.url}: {message.text}")

        def note_request(request: Request) -> None:
            if not request.url.startswith((portal.url, "data:")):
                faults.append(f"{page.url} asked {request.url}")

        page.on("console", note_console)
        page.on("request", note_request)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        return page

    with chromium() as browser:
        visitor = listen(browser.new_page(base_url=portal.url))
        for address in PUBLIC:
            assert visitor.goto(address).status == 200
        assert visitor.context.cookies() == []

        page = listen(browser.new_page(base_url=portal.url))
        page.goto("/konto/login/")
        page.get_by_label("E-Mail-Adresse").fill("leitung@musterburg.example")
        page.get_by_label("Passwort").fill(PASSWORT)
        page.get_by_role("main").get_by_role("button", name="Anmelden").click()
        page.wait_for_url("**/intern/")
        for address in SIGNED_IN:
            assert page.goto(address).status == 200
            page.wait_for_timeout(300)
    assert faults == []


def test_a_fragment_after_the_session_ended_leads_to_the_sign_in_and_back(portal: Portal):
    call_command("demo_daten")
    portal.start_web()
    with chromium() as browser:
        page = browser.new_page(base_url=portal.url)
        answer = page.request.get(
            "/intern/beirat/sitzungen/22/", headers={"HX-Request": "true", "HX-Current-URL": f"{portal.url}/intern/beirat/sitzungen/22/"}
        )
        assert answer.headers["hx-redirect"] == "/konto/login/?next=%2Fintern%2Fbeirat%2Fsitzungen%2F22%2F"
        assert "Tagesordnung" not in answer.text()
