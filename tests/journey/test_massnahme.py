"""One measure in a real browser: from its award over its months to what became of those who left it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from jobcenter.common import clock
from massnahmen.enums import Massnahmestand
from massnahmen.models import Massnahme, Traegerzulassung, Vergabe, Vertrag
from massnahmen.tasks import advance_due
from tests.journey.browser import check_page, chromium, follow, open_as
from tests.journey.processes import Portal

pytestmark = pytest.mark.browser


def send(page: Page, verb: str) -> None:
    follow(page.get_by_role("main").get_by_role("button", name=verb, exact=True))


def take(page: Page, massnahme: Massnahme, schritt: str, verb: str, **felder: str) -> None:
    """Take one step of the measure by its page."""
    page.goto(reverse("massnahmen:umsetzung-schritt", args=[massnahme.pk, schritt]))
    check_page(page)
    for name, value in felder.items():
        field = page.locator(f"#id_{name}")
        field.select_option(label=value) if field.evaluate("node => node.tagName") == "SELECT" else field.fill(value)
    send(page, verb)
    page.wait_for_url("**/umsetzung/")


def test_from_the_award_to_the_verbleib(portal: Portal, signed_in, planung, leitung, controlling, bedarf, traeger):
    beginn = clock.months_later(clock.today().replace(day=1), -14)
    ende = clock.months_later(beginn, 2) - timedelta(days=1)
    Traegerzulassung.objects.create(
        traeger=traeger, nummer="Z", stelle="P", fachbereiche=[1], gueltig_von=beginn - timedelta(days=9), gueltig_bis=ende
    )
    portal.start_web()
    with chromium() as browser:
        plans, leads, counts = (open_as(browser, portal.url, signed_in(person)) for person in (planung, leitung, controlling))

        # planung looks for a provider; the offers come in
        take(
            plans,
            bedarf,
            "vergabe",
            "Vergabe vorbereiten",
            vergabeart="Öffentliche Ausschreibung",
            wert_cent="300.000",
            grund="Neuer Bedarf.",
        )
        frist = clock.today() + timedelta(days=20)
        take(
            plans, bedarf, "bekanntmachung", "Bekannt machen",
            am=clock.today().isoformat(), url="https://vergabe.example/7", angebotsfrist=f"{frist}T12:00",
        )  # fmt: skip
        assert plans.get_by_role("link", name="Angebot eintragen").count() == 0
        Vergabe.objects.update(begonnen_am=beginn, bekanntmachung_am=beginn, angebotsfrist=clock.now() - timedelta(hours=1))
        take(plans, bedarf, "angebot", "Angebot eintragen", traeger=traeger.name, preis_cent="290.000")

        # the Leitung gives the order; the provider's certificate has to cover the term
        page = reverse("massnahmen:umsetzung-schritt", args=[bedarf.pk, "zuschlag"])
        leads.goto(page)
        felder = {"beginn": beginn.isoformat(), "ende": (ende + timedelta(days=1)).isoformat(), "plaetze": "10", "preis_cent": "290.000"}
        leads.locator("#id_traeger").select_option(index=1)
        for name, value in felder.items():
            leads.locator(f"#id_{name}").fill(value)
        send(leads, "Zuschlag erteilen")
        leads.get_by_text("keine Zulassung für den Fachbereich 1").first.wait_for()
        check_page(leads)
        leads.locator("#id_ende").fill(ende.isoformat())
        send(leads, "Zuschlag erteilen")
        leads.wait_for_url("**/umsetzung/")
        assert Vertrag.objects.get().preis_cent == 290_000_00

        # nights pass, and the Controlling reports two months
        advance_due()
        assert Massnahme.objects.get(pk=bedarf.pk).stand == Massnahmestand.BEENDET
        report(counts, bedarf, beginn, teilnahmetage="250", zuweisungen="12", nichtantritte="2", eintritte="10", kosten_cent="145.000")
        report(
            counts,
            bedarf,
            clock.months_later(beginn, 1),
            teilnahmetage="200",
            austritte_regulaer="6",
            austritte_arbeit="4",
            kosten_cent="145.000",
        )
        check_page(counts)
        follow(counts.get_by_role("link", name="Verbleib melden"))
        check_page(counts)
        for name, value in {"austritte": "10", "beschaeftigt": "4", "nicht_arbeitslos": "6"}.items():
            counts.locator(f"#id_{name}").fill(value)
        send(counts, "Verbleib melden")
        counts.get_by_text("4 von 10 beschäftigt").wait_for()

        # planung closes the accounts and says that everything is known
        take(plans, bedarf, "abrechnung", "Abrechnen")
        take(plans, bedarf, "auswertung", "Verbleib auswerten")
        check_page(plans)
        assert plans.get_by_role("main").inner_text().index("Verbleib ausgewertet") < plans.get_by_role("main").inner_text().index(
            "Was bisher geschah"
        )
        plans.goto(reverse("massnahmen:controlling"))
        check_page(plans)
    steps = Massnahme.objects.get(pk=bedarf.pk).schritte.values_list("nach", flat=True)
    assert list(steps) == ["vorbereitet", "ausgeschrieben", "zuschlag", "laeuft", "beendet", "abgerechnet", "ausgewertet"]


def report(page: Page, massnahme: Massnahme, monat: date, **felder: str) -> None:
    page.goto(reverse("massnahmen:meldung-anlegen", args=[massnahme.pk]) + f"?monat={monat:%Y-%m}")
    check_page(page)
    for name, value in felder.items():
        page.locator(f"#id_{name}").fill(value)
    send(page, "Monat melden")
    page.wait_for_url("**/meldungen/")
