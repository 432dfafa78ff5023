"""Every component in every state: no axe violation and no sideways scrolling, and the switch of colours works without scripts."""

import pytest

from tests.journey.browser import check_page, chromium
from tests.journey.processes import Portal

pytestmark = pytest.mark.browser


@pytest.fixture
def development(portal: Portal, monkeypatch) -> Portal:
    monkeypatch.setenv("DEBUG", "1")
    portal.start_web()
    return portal


def test_the_gallery_is_accessible_in_every_colour_and_width(development: Portal):
    with chromium() as browser:
        page = browser.new_page(base_url=development.url)
        assert page.goto("/-/galerie/").status == 200
        check_page(page)


def test_a_row_of_boxes_counts_itself(development: Portal):
    with chromium() as browser:
        page = browser.new_page(base_url=development.url)
        page.goto("/-/galerie/")
        button = page.locator("#auswahl-form button")
        page.get_by_label("Werkstatt für den Neuanfang auswählen").check()
        assert button.inner_text() == "Aus dem Programm nehmen: 1 Maßnahme"
        page.get_by_label("Alle auf dieser Seite auswählen").check()
        assert button.inner_text() == "Aus dem Programm nehmen: 3 Maßnahmen"
        assert page.locator("[data-auswahl-stand]").inner_text() == "3 Maßnahmen ausgewählt"
        page.get_by_label("Lernen im Betrieb auswählen").uncheck()
        assert page.get_by_label("Alle auf dieser Seite auswählen").evaluate("box => box.indeterminate")


def test_colours_are_chosen_without_scripts_and_stay_in_place(development: Portal):
    with chromium() as browser:
        page = browser.new_context(base_url=development.url, java_script_enabled=False, color_scheme="light").new_page()
        page.goto("/betriebe/")
        page.get_by_role("button", name="Dunkel").click()
        assert page.url.endswith("/betriebe/")
        assert page.locator("html").get_attribute("data-kern-theme") == "dark"
        page.goto("/beirat/")
        assert page.get_by_role("button", name="Dunkel").get_attribute("aria-pressed") == "true"
        page.get_by_role("button", name="Wie im Gerät").click()
        assert page.locator("html").get_attribute("data-kern-theme") is None
        assert page.context.cookies() == []


def test_who_chose_dark_prints_black_on_white(development: Portal):
    with chromium() as browser:
        page = browser.new_page(base_url=development.url)
        page.context.add_cookies([{"name": "farbschema", "value": "dunkel", "url": development.url}])
        page.goto("/-/galerie/")
        page.emulate_media(media="print")
        ground, ink = page.evaluate("(b => [getComputedStyle(b).backgroundColor, getComputedStyle(b).color])(document.body)")
        assert ground in {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}
        assert ink == "rgb(0, 0, 0)"
        assert page.locator("html").evaluate("html => getComputedStyle(html).backgroundColor") in {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}
        for gone in (".fuss", ".navigation", "main .kern-btn"):
            assert not page.locator(gone).first.is_visible()
