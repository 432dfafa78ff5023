from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from jobcenter.konten.enums import Rolle
from massnahmen.models import Traeger
from tests.html import Page
from tests.tabellen import read_csv

URL = "/intern/massnahmen/traeger/"
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _today(at) -> None:
    at(datetime(2026, 11, 22, 12))


@pytest.fixture
def many(certify, contract, traeger) -> None:
    """One of each kind."""

    def other(name: str) -> Traeger:
        return Traeger.objects.create(name=name, ort="Oberau")

    certify("Z-1", date(2024, 1, 1), date(2028, 6, 30), [1, 4])  # of the Bildungswerk
    ending, ended, later = other("Endet e. V."), other("Geendet e. V."), other("Später e. V.")
    other("Ohne e. V.")
    certify("Z-1", date(2024, 1, 1), TODAY + timedelta(days=20), [3], whose=ending)
    certify("Z-1", date(2020, 1, 1), date(2024, 1, 1), [1], whose=ended)
    certify("Z-1", date(2027, 1, 1), date(2029, 1, 1), [1], whose=later)
    contract(date(2026, 1, 1), date(2026, 12, 31))
    contract(date(2026, 1, 1), TODAY)
    contract(date(2026, 1, 1), TODAY - timedelta(days=1))
    contract(date(2027, 1, 1), date(2027, 12, 31))
    contract(date(2026, 1, 1), date(2026, 12, 31), gekuendigt_zum=date(2026, 3, 31), kuendigungsgrund="Insolvenz")


def names(response) -> list[str]:
    return [link.text for link in Page(response.content).classed("tabelle__link")]


def test_all_staff_read_and_nobody_else(signed_in, person, fremd, mitglied, client, traeger):
    for rolle in Rolle:
        if rolle != Rolle.SYSTEM:
            assert names(signed_in(person(f"Rolle {rolle}", rolle)).get(URL)) == ["Bildungswerk Musterburg"]
    assert signed_in(fremd).get(URL).status_code == 403
    assert signed_in(mitglied.konto).get(URL).status_code == 403
    assert signed_in(fremd).get(f"{URL}?format=csv").status_code == 403
    assert client.get(URL)["Location"].startswith(reverse("account_login"))


@pytest.mark.usefixtures("many")
def test_each_row_says_how_the_certificates_stand(signed_in, leitung):
    rows = read_csv(signed_in(leitung).get(f"{URL}?format=csv"))
    assert rows == [
        ["Träger", "Ort", "Zulassung", "gültig bis", "Heute zugelassen für", "Laufende Verträge"],
        ["Bildungswerk Musterburg", "Musterburg", "gültig", "30.06.2028", "Aktivierung, Weiterbildung", "2"],
        ["Endet e. V.", "Oberau", "läuft in 20\u00a0Tagen ab", "12.12.2026", "Ausbildung", "0"],
        ["Geendet e. V.", "Oberau", "abgelaufen", "01.01.2024", "", "0"],
        ["Ohne e. V.", "Oberau", "keine", "", "", "0"],
        ["Später e. V.", "Oberau", "gilt noch nicht", "01.01.2029", "", "0"],
    ]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?text=oberau geendet", ["Geendet e. V."]),
        ("?text=Musterburg", ["Bildungswerk Musterburg"]),
        ("?text=%25", []),
        ("?fachbereich=1", ["Bildungswerk Musterburg"]),
        ("?fachbereich=3", ["Endet e. V."]),
        ("?fachbereich=6", []),
        ("?zulassung=gueltig", ["Bildungswerk Musterburg"]),
        ("?zulassung=endet", ["Endet e. V."]),
        ("?zulassung=abgelaufen", ["Geendet e. V."]),
        ("?zulassung=kuenftig", ["Später e. V."]),
        ("?zulassung=keine", ["Ohne e. V."]),
        ("?zulassung=erfunden", []),
        ("?sortierung=-vertraege", ["Bildungswerk Musterburg", "Endet e. V.", "Geendet e. V.", "Ohne e. V.", "Später e. V."]),
        ("?sortierung=zulassung", ["Geendet e. V.", "Endet e. V.", "Bildungswerk Musterburg", "Später e. V.", "Ohne e. V."]),
    ],
)
def test_the_address_filters_and_sorts(signed_in, leitung, query, found):
    assert names(signed_in(leitung).get(URL + query)) == found


def test_a_certificate_that_is_renewed_does_not_look_as_if_it_ended(signed_in, leitung, certify):
    end = TODAY + timedelta(days=10)
    certify("Z-1", date(2024, 1, 1), end, [1, 4])
    certify("Z-2", end + timedelta(days=1), date(2029, 12, 31), [1, 4, 6])
    assertContains(signed_in(leitung).get(URL), "bis 31.12.2029")
    certify("Z-3", date(2025, 1, 1), TODAY + timedelta(days=1), [3])
    page = signed_in(leitung).get(URL)
    assertContains(page, "läuft morgen ab")
    assertContains(page, "Aktivierung, Ausbildung, Weiterbildung")


def test_an_empty_list_offers_the_next_step_to_who_may_take_it(signed_in, planung, leitung, db):
    page = signed_in(planung).get(URL)
    assertContains(page, "Noch kein Träger")
    assert reverse("massnahmen:traeger-anlegen") in Page(page.content).links()
    assertNotContains(signed_in(leitung).get(URL), reverse("massnahmen:traeger-anlegen"))


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_number_of_queries_does_not_grow(signed_in, leitung, certify, contract, django_assert_num_queries, number):
    for n in range(1, number):
        other = Traeger.objects.create(name=f"Träger {n}", ort="Oberau")
        certify("Z-1", date(2024, 1, 1), date(2028, 6, 30), whose=other)
        contract(date(2026, 1, 1), date(2026, 12, 31), whose=other)
    browser = signed_in(leitung)
    with django_assert_num_queries(5):  # session, person, how many, providers, their certificates
        assert len(names(browser.get(URL))) == number
