import re

import pytest
from django.conf import settings
from django.urls import reverse

from tests.html import Page


@pytest.fixture
def page(client):
    return lambda: Page(client.get(reverse("portal:leichte-sprache")).content)


def sentences(page: Page) -> list[str]:
    """What stands in the template; the opening hours are written in jobcenter.toml."""
    told = [e for e in page.elements if e.tag in {"p", "li"} and "main" in e.inside and "address" not in e.inside]
    return [" ".join(e.text.replace(settings.INSTANZ.kontakt.servicezeiten, "").split()) for e in told]


def test_sentences_are_short(page):
    long = [said for said in sentences(page()) for part in re.split(r"(?<=[.?!:])\s", said) if len(part.split()) > 13]
    assert long == []


def test_it_tells_what_there_is_how_to_get_about_and_the_essence_of_the_statement(page):
    shown = page()
    assert {"was", "finden", "barrieren", "hilfe"} <= {e.attrs.get("id") for e in shown.all("h2")}
    rooms = [
        "massnahmen:massnahme-liste",
        "massnahmen:programm-liste",
        "beirat:beirat",
        "kennzahlen:uebersicht",
        "presse:pressemitteilung-liste",
    ]
    wanted = {reverse(name) for name in [*rooms, "portal:barrierefreiheit", "portal:barriere-melden", "portal:gebaerdensprache"]}
    assert wanted <= shown.links()
    assert settings.INSTANZ.kontakt.telefon in shown.one("main").text


@pytest.mark.parametrize(
    ("ergebnis", "said"),
    [
        ("vollstaendig", "Unsere Internet-Seite ist barriere-frei."),
        ("teilweise", "Unsere Internet-Seite ist zum großen Teil barriere-frei."),
        ("nicht", "Unsere Internet-Seite ist noch nicht barriere-frei."),
    ],
)
def test_it_says_the_same_as_the_statement(page, instanz, ergebnis, said):
    instanz("barrierefreiheit", ergebnis=ergebnis)
    assert [s for s in sentences(page()) if s.startswith("Unsere Internet-Seite ist")] == [said]
