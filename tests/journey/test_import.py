"""A table comes in: faults by cell, a preview, everything at once, and back again; in a real browser, with a real worker."""

import io

import pytest
from django.urls import reverse
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from massnahmen.imports import load_stammdaten
from massnahmen.models import Import, Massnahme
from tests.journey.browser import check_page, chromium, follow, open_as
from tests.journey.processes import Portal

pytestmark = pytest.mark.browser
KOPF = ("Titel", "Instrument", "Träger", "Beginn", "Ende", "Plätze", "Kosten EGT")
ZEILEN = (
    ("Brücke ins Büro", "MAbE", "", "01.02.2027", "2027-12-31", 12, "120.000,50 €"),
    ("Grüner Daumen", "AGH", "", "01.01.2027", "31.12.2027", 20, 80000),
)


def workbook() -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(KOPF)
    for row in ZEILEN:
        sheet.append(row)
    book.save(file)
    return file.getvalue()


def upload(page: Page, name: str, content: bytes) -> None:
    page.goto(reverse("massnahmen:import-anlegen") + "?art=massnahmen")
    check_page(page)
    page.locator("#id_datei").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.locator("#id_programm").select_option(label="Arbeitsmarktprogramm 2027")
    follow(page.get_by_role("button", name="Hochladen und prüfen lassen"))


def test_from_the_file_to_the_programme_and_back(portal: Portal, signed_in, planung, programm):
    load_stammdaten()
    portal.start_web()
    portal.start_worker()
    with chromium() as browser:
        page = open_as(browser, portal.url, signed_in(planung))

        # what Excel on Windows writes, with three faults: each has its cell, and nothing is taken over
        wrong = f"{';'.join(KOPF)}\nBrücke ins Büro;MAbE;;31.02.2027;31.12.2027;-3;viel\n".encode("cp1252")
        upload(page, "falsch.csv", wrong)
        for spalte in ("Beginn", "Plätze", "Kosten EGT"):
            expect(page.get_by_text(f"Zeile 2, Spalte {spalte}").first).to_be_visible(timeout=60_000)
        check_page(page)
        assert not Massnahme.objects.exists()
        follow(page.get_by_role("button", name="Import verwerfen"))

        # the preview says what would happen; one click does all of it
        upload(page, "massnahmen.xlsx", workbook())
        expect(page.get_by_role("heading", name="Die Datei ist in Ordnung")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("Brücke ins Büro").first).to_be_visible()
        check_page(page)
        follow(page.get_by_role("button", name="Alles übernehmen"))
        expect(page.get_by_role("heading", name="Die Datei ist übernommen")).to_be_visible()
        planned = programm.positionen.order_by("massnahme__titel")
        assert [(p.massnahme.titel, p.plaetze, p.kosten_cent) for p in planned] == [
            ("Brücke ins Büro", 12, 120_000_50),
            ("Grüner Daumen", 20, 80_000_00),
        ]

        # and back again, with the reason, while nobody has built on it
        follow(page.get_by_role("link", name="Import zurücknehmen"))
        check_page(page)
        page.locator("#id_grund").fill("Es war die Tabelle vom Vorjahr.")
        follow(page.get_by_role("button", name="Import zurücknehmen"))
        expect(page.get_by_role("heading", name="Der Import ist zurückgenommen")).to_be_visible()
    assert not Massnahme.objects.exists()
    assert list(Import.objects.order_by("pk").values_list("zustand", flat=True)) == ["verworfen", "zurueckgenommen"]
