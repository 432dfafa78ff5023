from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.massnahmen.verfaelschen import falsify

PAGE = reverse("massnahmen:programm-liste")


def test_only_published_years_are_listed_newest_first(client, make_public, position):
    make_public(2025, anzahl=2)
    make_public(2026)
    page = client.get(PAGE)
    text = page.content.decode()
    assert text.index("Arbeitsmarktprogramm 2026") < text.index("Arbeitsmarktprogramm 2025")
    assertNotContains(page, "2027")
    assertContains(page, "2&nbsp;Maßnahmen, 24&nbsp;Plätze, 1,0\u00a0Mio.\u00a0€. Beirat: einstimmig zugestimmt.")
    assertContains(page, "Die Jahre im Vergleich")
    assertContains(page, "1.040.001\u00a0€")


def test_a_falsified_year_is_left_out_and_breaks_nothing(client, make_public):
    make_public(2025)
    falsify(make_public(2026).fassung, "2026", "2031")
    page = client.get(PAGE)
    assertContains(page, "Arbeitsmarktprogramm 2025")
    assertNotContains(page, "Arbeitsmarktprogramm 2026")
    assertNotContains(page, "2031")


def test_an_empty_list_says_why(client, fassung):
    assertContains(client.get(PAGE), "sobald der Beirat darüber beraten hat")


def test_visitors_leave_no_trace(client, make_public):
    make_public(2026)
    page = client.get(PAGE)
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")
    assertNotContains(page, "csrfmiddlewaretoken")


def test_query_count(client, make_public, django_assert_num_queries):
    years = iter(range(2020, 2099))
    for more in (1, 2, 27):
        for _ in range(more):
            make_public(next(years))
        with django_assert_num_queries(1):
            client.get(PAGE)
