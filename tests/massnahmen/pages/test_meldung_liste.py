from datetime import date, datetime

import pytest
from django.urls import reverse

from massnahmen.actions import record_verbleib
from massnahmen.enums import Massnahmestand
from massnahmen.models import Massnahme
from tests.html import Page

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
def massnahme(run, report, controlling) -> Massnahme:
    massnahme = run()
    report(massnahme, 2026, 1, teilnahmetage=310, eintritte=12, zuweisungen=14, nichtantritte=2, austritte_arbeit=1, kosten_cent=9_000_00)
    report(massnahme, 2026, 2, teilnahmetage=140, austritte_abbruch=2, kosten_cent=6_000_00)
    report(massnahme, 2026, 9, teilnahmetage=240, austritte_regulaer=5)
    record_verbleib(massnahme=massnahme, monat=date(2026, 1, 1), austritte=1, beschaeftigt=1, nicht_arbeitslos=1, by=controlling)
    return massnahme


def url(massnahme) -> str:
    return f"/intern/massnahmen/{massnahme.pk}/meldungen/"


def rows(page: Page) -> list[str]:
    return [" ".join(tr.text.split()) for tr in page.all("tr")][1:]


def test_for_staff_only(signed_in, client, presse, fremd, mitglied, massnahme):
    assert client.get(url(massnahme))["Location"].startswith(reverse("account_login"))
    assert signed_in(fremd).get(url(massnahme)).status_code == 403
    assert signed_in(mitglied.konto).get(url(massnahme)).status_code == 403
    assert signed_in(presse).get("/intern/massnahmen/999999/meldungen/").status_code == 404


def test_every_month_of_the_term_newest_first_with_what_is_missing(signed_in, controlling, massnahme):
    page = Page(signed_in(controlling).get(url(massnahme)).content)
    found = rows(page)
    assert len(found) == 12  # January to November, and the total
    assert found[0] == "November\xa02026 noch nicht fällig melden (November\xa02026)".replace("\xa0", " ")
    assert found[1] == "Oktober 2026 fehlt melden (Oktober 2026)"
    assert found[2].startswith("September 2026 80,0 % 240 von 300")
    assert "noch nicht reif ab Juni 2027" in found[2]
    assert found[9].startswith("Februar 2026 50,0 % 140 von 280")
    assert "Verbleib melden für Februar 2026" in found[9]
    assert "1 von 1 beschäftigt" in found[10]
    assert found[11].startswith("Summe 77,5 % 690 14 12 8 0 15.000 €")  # 690 of 890 Platztage
    assert "7 Meldungen fehlen" in page.one("main").text.replace("\xa0", " ")
    assert f"{url(massnahme)}neu/?monat=2026-10" in page.links()
    assert reverse("massnahmen:verbleib-anlegen", args=[massnahme.pk, 2026, 2]) in page.links()


def test_planung_and_leitung_read_without_buttons(signed_in, planung, leitung, massnahme):
    for user in (planung, leitung):
        page = Page(signed_in(user).get(url(massnahme)).content)
        assert "Abbruchquote" in page.one("main").text
        assert not [link for link in page.links() if link.startswith(url(massnahme)) and link != url(massnahme)]
        assert "/verbleib/" not in " ".join(page.links())


def test_outside_the_circle_no_month_tells_of_people(signed_in, presse, massnahme):
    page = Page(signed_in(presse).get(url(massnahme)).content)
    assert [th.text for th in page.all("th", scope="col")] == ["Monat", "Auslastung", "Teilnahmetage", "Kosten"]
    text = page.one("main").text
    for word in ("Abbr", "Eintritte", "Austritte", "beschäftigt", "angetreten", "Integration"):
        assert word not in text
    assert "bleiben deshalb bei Controlling, Planung und Leitung" in text


def test_after_settlement_only_the_verbleib_is_open(signed_in, controlling, massnahme):
    Massnahme.objects.update(stand=Massnahmestand.ABGERECHNET)
    links = Page(signed_in(controlling).get(url(massnahme)).content).links()
    assert not any("neu/?monat" in link for link in links)
    assert reverse("massnahmen:verbleib-anlegen", args=[massnahme.pk, 2026, 2]) in links


def test_before_it_begins_it_says_why_it_is_empty(signed_in, controlling, run):
    page = Page(signed_in(controlling).get(url(run("Später", beginn=date(2027, 3, 1)))).content)
    assert "Noch kein Monat zu melden" in page.one("main").text


@pytest.mark.parametrize("months", [3, 30])
def test_the_number_of_queries_does_not_grow(signed_in, controlling, run, report, at, months, django_assert_num_queries):
    at(datetime(2029, 1, 20, 9))
    massnahme = run(ende=date(2029, 12, 31))
    for number in range(months):
        report(massnahme, 2026 + number // 12, number % 12 + 1, eintritte=1)
    browser = signed_in(controlling)
    browser.get(url(massnahme))
    with django_assert_num_queries(8):  # session, person, measure, whom for, months, Verbleib, contract, planned quota
        browser.get(url(massnahme))
