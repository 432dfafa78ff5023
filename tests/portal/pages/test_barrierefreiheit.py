from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from jobcenter.common.instanz import LAENDER, Mangel
from jobcenter.portal.queries import read_land
from tests.html import Page

MANGEL = Mangel(art="unvereinbar", was="Karte ohne Text", warum="Zu wenig Zeit", alternative="Anrufen", bis=date(2027, 2, 1))


def show(client) -> Page:
    return Page(client.get(reverse("portal:barrierefreiheit")).content)


def test_it_says_what_is_missing_why_what_helps_and_until_when(client, instanz):
    instanz("barrierefreiheit", mangel=(MANGEL,))
    [entry] = show(client).classed("maengel")
    for said in ("Karte ohne Text", "Zu wenig Zeit", "Anrufen", "1.\u00a0Februar\u00a02027"):
        assert said in entry.text


@pytest.mark.parametrize(
    ("ergebnis", "sentence"),
    [("vollstaendig", "vollständig vereinbar"), ("teilweise", "teilweise vereinbar"), ("nicht", "nicht vereinbar")],
)
def test_it_says_how_far_the_portal_complies(client, instanz, ergebnis, sentence):
    instanz("barrierefreiheit", ergebnis=ergebnis)
    assert sentence in [strong.text for strong in show(client).all("strong")]


def test_each_kind_of_content_has_its_own_heading_and_kinds_without_have_none(client, instanz):
    instanz("barrierefreiheit", mangel=(MANGEL, Mangel("ausgenommen", "Altes Archiv", "Vor 2018", "Anrufen", date(2030, 1, 1))))
    page = show(client)
    headings = [heading.text for heading in page.all("h3")]
    assert headings == ["Noch nicht barrierefrei", "Von den Vorschriften ausgenommen"]
    assert "2030" not in page.one("main").text  # what is exempt has no day
    instanz("barrierefreiheit", ergebnis="vollstaendig", mangel=())
    assert show(client).all("h3") == []


def test_it_says_when_it_was_checked_by_whom_and_when_it_will_be(client, instanz):
    instanz("barrierefreiheit", stand=date(2027, 3, 5), geprueft_von="Prüfstelle Nord", methode="pruefstelle")
    text = show(client).one("main").text
    assert "Zuletzt überprüft am 5.\u00a0März\u00a02027" in text
    assert "spätestens am 5.\u00a0März\u00a02028" in text
    assert "Prüfung durch eine unabhängige Stelle: Prüfstelle Nord" in text
    instanz("barrierefreiheit", methode="selbstbewertung")
    assert "beruht auf einer Selbstbewertung" in show(client).one("main").text


def test_a_barrier_can_be_reported_from_here(client):
    links = show(client).links()
    assert reverse("portal:barriere-melden") in links
    assert any(link.startswith(f"mailto:{settings.INSTANZ.kontakt.mail}") for link in links)


@pytest.mark.parametrize("land", sorted(LAENDER))
def test_it_names_law_and_body_of_the_land(client, instanz, land):
    instanz("jobcenter", land=land)
    page, its = show(client), read_land(land)
    main = page.one("main").text
    assert its.recht in main
    assert its.im_land in main
    assert its.durchsetzung.name in page.one("address", class_="stelle").text
    assert its.durchsetzung.web in page.links()
    assert ("Sie haben nach" in main) == bool(its.frist)


def test_the_body_of_one_land_is_not_that_of_another():
    assert len({read_land(land).durchsetzung.name for land in LAENDER}) == 16
    assert len({read_land(land).datenschutz.web for land in LAENDER}) == 16


def test_every_web_address_is_safe_and_nothing_is_unknown():
    for land in LAENDER:
        for stelle in (read_land(land).durchsetzung, read_land(land).datenschutz):
            assert stelle.web.startswith("https://")
            assert stelle.mail == "" or "@" in stelle.mail
