from datetime import UTC, datetime

import pytest
from django.urls import reverse

from jobcenter.common import clock

pytestmark = pytest.mark.django_db
URL = reverse("presse:pressemitteilung-liste")


def test_newest_first_under_the_year_in_which_they_became_public(released, client):
    with clock.moved_to(datetime(2026, 6, 1, 8, tzinfo=UTC)):
        released(titel="Vom Sommer")
    with clock.moved_to(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)):
        released(titel="Vom Silvesterabend")
        released(titel="Vom Neujahrstag", sperrfrist=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    with clock.moved_to(datetime(2027, 1, 2, 8, tzinfo=UTC)):
        page = client.get(URL).content.decode()
        year = client.get(URL, {"jahr": 2026}).content.decode()
    places = [page.index(said) for said in ('id="jahr-2027"', "Vom Neujahrstag", 'id="jahr-2026"', "Vom Silvesterabend", "Vom Sommer")]
    assert places == sorted(places)
    assert "Vom Neujahrstag" not in year
    assert "Vom Silvesterabend" in year


@pytest.mark.parametrize("jahr", ["", "abcd", "²026", "99999", "-1"])
def test_a_year_that_is_none_shows_all(jahr, released, client):
    released(titel="Immer da")
    assert "Immer da" in client.get(URL, {"jahr": jahr}).content.decode()


def test_a_year_without_releases_leads_on(released, client):
    released()
    page = client.get(URL, {"jahr": "1999"}).content.decode()
    assert "Keine Pressemitteilung in diesem Jahr" in page


def test_an_empty_list_says_why_and_the_page_is_cacheable(client, db):
    response = client.get(URL)
    assert "Noch keine Pressemitteilung" in response.content.decode()
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, released, client, django_assert_num_queries):
    for _ in range(rows):
        released()
    with django_assert_num_queries(2):  # releases per year, releases of this page
        page = client.get(URL).content.decode()
    assert page.count('<h3 class="liste__titel"') == min(rows, 10)
