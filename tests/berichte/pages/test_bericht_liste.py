import pytest
from django.urls import reverse

from jobcenter.berichte.models import Bericht
from tests.html import Page
from tests.tabellen import read_csv

pytestmark = pytest.mark.django_db
URL = reverse("berichte:bericht-liste")


def test_staff_see_every_report_with_its_state(bericht, finish, publish_year, system, signed_in, planung):
    finish(Bericht.objects.create(art="programm", fassung=publish_year(2026), angefordert_von=system), seiten=15)
    page = signed_in(planung).get(URL).content.decode()
    assert "Arbeitsmarktprogramm 2027, Fassung 1" in page
    assert "wartet" in page
    assert "15" in [cell.text for cell in Page(page).all("td")]


def test_the_files_hold_pages_and_bytes_as_numbers(bericht, finish, signed_in, planung):
    finish(bericht, seiten=15)
    head, row = read_csv(signed_in(planung).get(f"{URL}?format=csv"))
    shown = dict(zip(head, row, strict=True))
    assert (shown["Bericht"], shown["Stand"], shown["Seiten"]) == ("Arbeitsmarktprogramm 2027, Fassung 1", "fertig", "15")
    assert shown["Größe in Byte"].isdigit()


def test_newest_first_or_as_the_address_says(publish_year, system, signed_in, planung):
    for jahr in (2026, 2028, 2027):
        Bericht.objects.create(art="programm", fassung=publish_year(jahr), angefordert_von=system)
    browser = signed_in(planung)

    def years(query: str) -> list[str]:
        return [row[0].split()[1].rstrip(",") for row in read_csv(browser.get(f"{URL}?format=csv{query}"))[1:]]

    assert years("") == ["2027", "2028", "2026"]
    assert years("&sortierung=bericht") == ["2026", "2027", "2028"]


@pytest.mark.parametrize("who", ["fremd", "mitglied"])
def test_the_list_is_for_staff(request, who, signed_in):
    person = request.getfixturevalue(who)
    assert signed_in(getattr(person, "konto", person)).get(URL).status_code == 403


def test_the_list_asks_for_a_sign_in(client, db):
    assert client.get(URL).status_code == 302


def test_an_empty_list_says_why(signed_in, planung):
    page = signed_in(planung).get(URL).content.decode()
    assert "Noch kein Bericht" in page
    assert reverse("massnahmen:programm-intern-liste") in page


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, publish_year, system, signed_in, planung, django_assert_num_queries):
    for jahr in range(2020, 2020 + rows):
        Bericht.objects.create(art="programm", fassung=publish_year(jahr), angefordert_von=system)
    browser = signed_in(planung)
    with django_assert_num_queries(4):  # session, account, number of reports, reports
        page = browser.get(URL).content.decode()
    assert page.count("tabelle__link") == min(rows, 25)
