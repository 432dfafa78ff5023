"""A programme begins from last year's: what comes along is said before, and its figures count only once they are confirmed."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from jobcenter.demo import vorfuehrung
from massnahmen.models import Arbeitsmarktprogramm, Programmposition
from tests.journey.browser import check_page, chromium, follow
from tests.journey.processes import Portal
from tests.journey.test_journey import Cast

pytestmark = pytest.mark.browser


def test_last_years_programme_is_the_beginning_of_the_next(portal: Portal, monkeypatch):
    monkeypatch.setattr(vorfuehrung, "begin_coming", lambda *_: None)  # nobody has begun the coming year yet
    call_command("demo_daten")
    portal.start_web()
    with chromium() as browser:
        page = Cast(browser, portal, javascript=True).sign_in("planung")
        jahr = _copy(page)
        _confirm(page, jahr)


def _copy(page: Page) -> int:
    vorlage = Arbeitsmarktprogramm.objects.get()
    jahr = vorlage.jahr + 1
    page.goto("/intern/programm/anlegen/")
    expect(page.get_by_role("main")).to_contain_text("Maßnahmen laufen weiter")
    check_page(page)
    follow(page.get_by_role("button", name=f"Programm {jahr} aus {vorlage.jahr} anlegen"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(jahr))
    check_page(page)
    programm = Arbeitsmarktprogramm.objects.get(jahr=jahr)
    assert 0 < programm.positionen.count() <= vorlage.positionen.count()
    assert programm.kapitel.filter(stand="arbeit").count() == 12
    return jahr


def _confirm(page: Page, jahr: int) -> None:
    """All figures of last year at once, counted and named on a page of its own."""
    waiting = Programmposition.objects.filter(programm__jahr=jahr, uebernommen=True)
    number = waiting.count()
    page.goto(f"/intern/massnahmen/?jahr={jahr}&uebernommen=on")
    check_page(page)
    page.get_by_label("Alle auf dieser Seite auswählen").check()
    follow(page.get_by_role("button", name="Zahlen bestätigen"))
    check_page(page)
    follow(page.get_by_role("button", name=re.compile(rf"Zahlen von {number}\s.*bestätigen")))
    assert not waiting.exists()
