"""A real browser, and what is checked on every page it visits."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549"]
SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
EVERY_LOOK = ((1280, "light"), (1280, "dark"), (320, "light"), (320, "dark"))
TWO_LOOKS = ((1280, "light"), (320, "dark"))  # for journeys through many pages: each width and each scheme once
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Where there is none the test is skipped and says so; in CI it fails."""
    program = which("chromium") or which("chromium-browser")
    if program is None:
        reason = "no Chromium on this machine: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)  # a machine without a browser can run the other tests
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread that also asks the database
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        try:
            yield browser
        finally:
            connections.close_all()  # Django keeps a connection of its own for code under a running loop
            browser.close()


def open_as(browser: Browser, url: str, client: Client) -> Page:
    """A window of somebody who has signed in."""
    context = browser.new_context(base_url=url)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": url}])
    return context.new_page()


def follow(target: Locator) -> None:
    """Click, and wait until the page to which it leads is there. What still loads could move the target away under the pointer."""
    page = target.page
    page.wait_for_load_state()
    with page.expect_navigation():
        target.click()


def check_page_once(page: Page) -> list[str]:
    """What axe finds as the page stands now. Works under the portal's own policy."""
    return _axe(page)


def listen(page: Page, portal_url: str, faults: list[str]) -> Page:
    """Note every console error, report of the policy, script error and request to anybody else."""

    def note_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            faults.append(f"{page.url}: {message.text}")

    def note_request(request: Request) -> None:
        if not request.url.startswith((portal_url, "data:", "blob:")):
            faults.append(f"{page.url} asked {request.url}")

    page.on("console", note_console)
    page.on("request", note_request)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    return page


def check_page(page: Page, looks: tuple[tuple[int, str], ...] = EVERY_LOOK) -> None:
    """No axe violation and no sideways scrolling, light and dark, 1280 and 320 px. Whoever clicked before has waited for the page."""
    page.wait_for_load_state()
    faults = []
    if page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") != "auto":
        faults.append("scrolls smoothly: what somebody is about to click moves away")
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"{width} px: scrolls sideways")
        faults += [f"{width} px {scheme}: {violation}" for violation in _axe(page)]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    assert not faults, f"{page.url}:\n" + "\n".join(faults)


def _axe(page: Page) -> list[str]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))  # not a script of the page: the policy has no say in it
    result = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [f"{v['id']}: {v['help']} → {[node['html'][:120] for node in v['nodes'][:3]]}" for v in result["violations"]]
