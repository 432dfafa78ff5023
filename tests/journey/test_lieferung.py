"""Figures come in: from the upload to the decision in a real browser, with a real worker; with JavaScript and without."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from jobcenter.common import clock, typography
from jobcenter.demo.konten import PASSWORT
from kennzahlen.enums import Diagrammart, Lieferzustand
from kennzahlen.models import Datenlieferung, Diagramm, Messwert
from tests.journey.browser import check_page, chromium, follow, listen
from tests.journey.processes import Portal, wait_for
from tests.kennzahlen.conftest import KOPF

pytestmark = pytest.mark.browser
MONAT = f"{clock.today().replace(day=1) - timedelta(days=40):%Y-%m}"
GUT = f"{KOPF}\n99001;{MONAT};K2;I;2601;9824,58\n99001;{MONAT};K2;M;1562;5102,25\n99001;{MONAT};K2;F;1039;4722,33\n"
FALSCH = f"{KOPF}\n99001;{MONAT};K2;I;2601;9824,58\n12345;{MONAT};K2;W;10;0\n"


@pytest.fixture
def demo(demo_portal: Portal) -> Portal:
    demo_portal.start_web()
    demo_portal.start_worker()
    demo_portal.start_worker("diagramme")
    demo_portal.start_beat()
    return demo_portal


def sign_in(page: Page) -> None:
    page.goto("/konto/login/?next=/intern/kennzahlen/lieferungen/")
    page.get_by_label("E-Mail-Adresse").fill("controlling@musterburg.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORT)
    follow(page.get_by_role("main").get_by_role("button", name="Anmelden", exact=True))
    follow(page.get_by_role("link", name="Zahlen liefern").first)


def upload(page: Page, inhalt: str, stand: date, titel: str) -> None:
    page.get_by_label("Datei", exact=True).set_input_files({"name": "zahlen.csv", "mimeType": "text/csv", "buffer": inhalt.encode()})
    page.get_by_label("Quelle", exact=True).select_option(label="Neue Quelle, unten beschrieben")
    page.get_by_text("Neue Quelle beschreiben").click()
    page.get_by_label("Wer gibt die Zahlen heraus?").fill("Statistik der BA")
    page.get_by_label("Wie heißt die Veröffentlichung?").fill(titel)
    page.get_by_label("Welche Art Zahlen sind das?").select_option("ba_endgueltig")
    page.get_by_label("Unter welchen Bedingungen?").select_option("ba")
    page.get_by_label("Stand der Zahlen").fill(stand.isoformat())
    follow(page.get_by_role("button", name="Hochladen und prüfen lassen"))


def test_from_the_upload_to_the_decision(demo: Portal):
    with chromium() as browser:
        _with_javascript(demo, browser)
        _without_javascript(demo, browser)


def _with_javascript(demo: Portal, browser: Browser) -> None:
    faults: list[str] = []
    page = listen(browser.new_context(base_url=demo.url).new_page(), demo.url, faults)
    sign_in(page)
    check_page(page)
    faults.clear()  # what axe itself says to the console
    upload(page, GUT, clock.today(), "Probe")
    page.evaluate("window.sameDocument = true")
    expect(page.get_by_role("heading", name="Die Datei ist in Ordnung")).to_be_visible(timeout=60_000)
    assert page.evaluate("window.sameDocument"), "the page itself has asked, nobody reloaded it"
    assert not faults, faults
    check_page(page)
    follow(page.get_by_role("link", name="Übernehmen und veröffentlichen"))
    check_page(page)
    follow(page.get_by_role("button", name="Jetzt veröffentlichen"))
    expect(page.get_by_role("heading", name="Die Zahlen sind veröffentlicht")).to_be_visible()
    lieferung = Datenlieferung.objects.get(quelle__titel="Probe")
    assert lieferung.zustand == Lieferzustand.UEBERNOMMEN
    assert Messwert.objects.published().filter(datenstand=lieferung.datenstand, zaehler=2601).exists()
    _see_the_chart(page)


def _see_the_chart(page: Page) -> None:
    """The figure stands on its public page, and the worker has drawn it; the page itself never draws."""
    drawn = Diagramm.objects.filter(kennzahl__code="K2", art=Diagrammart.VERLAUF, status="fertig").exclude(svg={})
    monat = typography.monat(clock.today().replace(day=1) - timedelta(days=40))
    wait_for(lambda: drawn.filter(beschreibung__contains=monat).exists(), "the chart")
    page.goto("/kennzahlen/K2/")
    expect(page.get_by_text("26,5\u00a0%").first).to_be_visible()
    chart = page.get_by_role("img", name="Liniendiagramm")
    chart.scroll_into_view_if_needed()
    assert chart.evaluate("async image => { await image.decode(); return image.naturalWidth && image.clientWidth }") > 300
    check_page(page)


def _without_javascript(demo: Portal, browser: Browser) -> None:
    page = browser.new_context(base_url=demo.url, java_script_enabled=False).new_page()
    sign_in(page)
    upload(page, FALSCH, clock.today(), "Fehlprobe")
    wait_for(lambda: Datenlieferung.objects.get(quelle__titel="Fehlprobe").zustand == Lieferzustand.FEHLERHAFT, "the check")
    if page.get_by_role("link", name="Aktualisieren").count():
        page.get_by_role("link", name="Aktualisieren").click()
    expect(page.get_by_role("heading", name="Fehler in der Datei")).to_be_visible()
    expect(page.get_by_text("Zeile 3, Spalte traegernummer")).to_be_visible()
    follow(page.get_by_role("button", name="Lieferung verwerfen"))
    expect(page.get_by_role("heading", name="Die Lieferung ist verworfen")).to_be_visible()
    assert Datenlieferung.objects.get(quelle__titel="Fehlprobe").datenstand is None
