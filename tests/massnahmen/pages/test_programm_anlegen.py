from dataclasses import replace
from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import add_position, open_programm
from massnahmen.models import Arbeitsmarktprogramm
from tests.html import Page
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:programm-anlegen")


@pytest.fixture(autouse=True)
def _autumn(at) -> None:
    at(datetime.fromisoformat("2026-11-20T09:00"))


@pytest.fixture
def vorjahr(planung, angaben) -> Arbeitsmarktprogramm:
    """2026 with one measure that runs on and one that ends."""
    programm = open_programm(jahr=2026, by=planung)
    for titel, ende in (("Läuft lange", date(2027, 6, 30)), ("Hört auf", date(2026, 12, 31))):
        add_position(programm=programm, angaben=replace(angaben, titel=titel, beginn=date(2026, 1, 1), ende=ende), by=planung)
    return programm


def detail(jahr: int) -> str:
    return reverse("massnahmen:programm-intern-detail", args=[jahr])


def test_it_offers_next_this_and_every_missing_year_since_2015(signed_in, planung, vorjahr):
    page = Page(signed_in(planung).get(PAGE).content)
    values = [option.attrs["value"] for option in page.all("option")]
    years = values[: values.index("")]  # then come the Vorlagen
    assert years == ["2027", *(str(jahr) for jahr in range(2025, 2014, -1))]
    assert "2025 (nachtragen)" in page.one("main").text


def test_before_the_button_it_says_what_comes_along(signed_in, planung, vorjahr):
    page = signed_in(planung).get(PAGE)
    assertContains(page, "1&nbsp;Maßnahme läuft weiter, 1&nbsp;endet.")
    assertContains(page, "Hört auf, endet am 31.\xa0Dezember\xa02026")
    assertContains(page, "Programm 2027 aus 2026 anlegen")
    assert sent_by(page, PAGE) == {"jahr": ["2027"], "vorlage": ["2026"]}
    assert not Arbeitsmarktprogramm.objects.filter(jahr=2027).exists()


def test_what_was_shown_is_begun(signed_in, planung, vorjahr):
    browser = signed_in(planung)
    assertRedirects(browser.post(PAGE, sent_by(browser.get(PAGE), PAGE)), detail(2027))
    programm = Arbeitsmarktprogramm.objects.get(jahr=2027)
    assert [(p.massnahme.titel, p.uebernommen) for p in programm.positionen.all()] == [("Läuft lange", True)]


def test_without_a_vorlage_it_begins_empty(signed_in, planung, vorjahr):
    browser = signed_in(planung)
    page = browser.get(PAGE, {"jahr": "2027", "vorlage": ""})
    assertContains(page, "zwölf Kapiteln, alle noch leer")
    assertRedirects(browser.post(PAGE, sent_by(page, PAGE)), detail(2027))
    assert not Arbeitsmarktprogramm.objects.get(jahr=2027).positionen.exists()


def test_an_earlier_year_is_entered_afterwards(signed_in, planung, vorjahr):
    assertRedirects(signed_in(planung).post(PAGE, {"jahr": "2019", "vorlage": ""}), detail(2019))


def test_a_vorlage_has_to_be_earlier(signed_in, planung, vorjahr):
    for answer in (
        signed_in(planung).get(PAGE, {"jahr": "2020", "vorlage": "2026"}),
        signed_in(planung).post(PAGE, {"jahr": "2020", "vorlage": "2026"}),
    ):
        assertContains(answer, "Eine Vorlage für 2020 muss aus einem früheren Jahr sein", status_code=422)
        assertNotContains(answer, "So beginnt das", status_code=422)


@pytest.mark.parametrize("jahr", ["2028", "2014", "", "abc", "20270"])
def test_other_years_are_not_begun_here(signed_in, planung, jahr):
    for answer in (signed_in(planung).get(PAGE, {"jahr": jahr}), signed_in(planung).post(PAGE, {"jahr": jahr})):
        assertContains(answer, "Wählen Sie eines aus der Liste", status_code=422)
    assert not Arbeitsmarktprogramm.objects.exists()


def test_the_second_of_two_people_gets_a_sentence(signed_in, planung, programm):
    assertContains(signed_in(planung).post(PAGE, {"jahr": "2027", "vorlage": ""}), "gibt es schon", status_code=409)
    assert Arbeitsmarktprogramm.objects.count() == 1


def test_sent_twice_it_is_begun_once(signed_in, planung):
    browser = signed_in(planung)
    key = Page(browser.get(PAGE).content).one("input", name="einmal").attrs["value"]
    for _ in range(2):
        assertRedirects(browser.post(PAGE, {"jahr": "2027", "vorlage": "", "einmal": key}), detail(2027))
    assert Arbeitsmarktprogramm.objects.count() == 1


def test_when_every_year_has_one_it_says_so(signed_in, planung):
    for jahr in range(2015, 2028):
        open_programm(jahr=jahr, by=planung)
    assertContains(signed_in(planung).get(PAGE), "Alle Jahre sind angelegt")


def test_closed_to_others(client, signed_in, leitung, bca, fremd, mitglied):
    assertRedirects(client.get(PAGE), f"{reverse('account_login')}?next={PAGE}", fetch_redirect_response=False)
    for account in (leitung, bca, fremd, mitglied.konto):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"jahr": "2027"}).status_code == 403
    assert not Arbeitsmarktprogramm.objects.exists()


def test_query_count(signed_in, planung, angaben, programm, at, plan, django_assert_num_queries):
    at(datetime.fromisoformat("2027-11-20T09:00"))
    browser = signed_in(planung)
    for more in (1, 2, 27):
        plan(programm, more)
        # session, account, programmes; Vorlage twice (its choices, its value); three of the measures, two counts
        with django_assert_num_queries(10):
            browser.get(PAGE)
