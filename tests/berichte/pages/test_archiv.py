import pytest
from django.urls import reverse

from jobcenter.berichte.models import Bericht

pytestmark = pytest.mark.django_db
URL = reverse("berichte:archiv")


def test_finished_reports_of_published_programmes_newest_year_first(bericht, finish, publish_year, system, client):
    finish(Bericht.objects.create(art="programm", fassung=publish_year(2026), angefordert_von=system), b"x" * 90_000, seiten=15)
    page = client.get(URL).content.decode()
    assert "Arbeitsmarktprogramm 2027" not in page  # still being made
    assert "15&nbsp;Seiten, 90\u00a0KB" in page
    finish(bericht)
    page = client.get(URL).content.decode()
    assert page.index("Arbeitsmarktprogramm 2027") < page.index("Arbeitsmarktprogramm 2026")
    assert reverse("berichte:programm-pdf", args=[2027]) in page


def test_an_empty_archive_says_why(client, db):
    response = client.get(URL)
    assert "Noch kein Bericht" in response.content.decode()
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, publish_year, finish, system, client, django_assert_num_queries):
    for jahr in range(2020, 2020 + rows):
        finish(Bericht.objects.create(art="programm", fassung=publish_year(jahr), angefordert_von=system), str(jahr).encode())
    with django_assert_num_queries(2):  # number of reports, reports
        page = client.get(URL).content.decode()
    assert page.count('<h2 class="liste__titel"') == min(rows, 20)
