import re
from datetime import date

import pytest

from tests.kennzahlen.pages.conftest import NB, VORJAHR

URL = "/kennzahlen/vergleich/"


def row(html: str, code: str) -> list[str]:
    """The cells of the line of a Kennzahl."""
    found = re.search(rf'<tr[^>]*>(?:(?!</tr>).)*class="leise">{code}</span>.*?</tr>', html, re.DOTALL)
    assert found
    cells = re.findall(r"<td[^>]*>(.*?)</td>", found[0], re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).replace(NB, " ").strip() for cell in cells]


@pytest.mark.usefixtures("statistik")
def test_without_figures_it_says_why(read):
    assert "Noch keine Zahlen" in read(URL)


def test_a_line_per_kennzahl_with_year_before_groups_and_places(read, land):
    land(3)
    html = read(URL)
    assert row(html, "K2") == ["26,5 %", "25,7 %", "plus 0,8", "28,1 %", "28,8 %", "28,8 %", "3 von 3", "2 von 2"]
    assert len(re.findall(r'scope="row"', html)) == 15
    assert row(html, "K1E3") == ["– nicht geliefert", "–", "–", "–", "–", "–", "–", "–"]


def test_the_year_is_chosen(read, land):
    land(3)
    html = read(f"{URL}?monat=2025-07")
    assert "Alle Kennzahlen im Vergleich: Juli" in html
    assert row(html, "K2")[:3] == ["25,7 %", "–", "–"]
    assert re.findall(r'href="\?monat=([\d-]+)"', html) == ["2026-07", "2025-07"]


def test_what_comes_later_says_until_when_it_is_known(read, land, record, eigenes):
    land(3)
    record("K2E3", (eigenes, 640, 1000), monat=date(2026, 1, 1))
    assert row(read(URL), "K2E3")[0] == "– bekannt bis Januar 2026"


def test_nobody_else_is_no_comparison(read, land, record, eigenes):
    land(3)
    record("K1E3", (eigenes, 480, 10000))
    assert row(read(URL), "K1E3") == ["4,8 %", "–", "–", "–", "–", "–", "–", "–"]


def test_a_month_nobody_has_shows_the_nearest(read, land):
    land(2)
    assert row(read(f"{URL}?monat=1999-01"), "K2")[0] == "25,7 %"


@pytest.mark.parametrize("count", [2, 40])
def test_number_of_queries(read, land, record, django_assert_num_queries, count):
    found = land(count)
    record("K3", *[(one, 9700, 10000) for one in found], monat=VORJAHR, stand=date(2025, 11, 20))
    with django_assert_num_queries(11):
        read(URL)
