import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobcenter.portal.actions import answer_barriere
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = reverse("portal:barrieremeldung-liste")


def test_administration_only(signed_in, administration, planung, leitung, presse, mitglied, client):
    assert signed_in(administration).get(URL).status_code == 200
    for user in (planung, leitung, presse, mitglied.konto):
        assert signed_in(user).get(URL).status_code == 403
    assert client.get(URL).status_code == 302


def test_open_ones_first_answered_ones_below(signed_in, administration, meldung):
    old = meldung("Erste Meldung")
    meldung("Zweite Meldung")
    answer_barriere(meldung=old, antwort="Behoben.", by=administration)
    page = Page(signed_in(administration).get(URL).content)
    assert [e.text for e in page.classed("liste__titel")] == ["Zweite Meldung", "Erste Meldung"]
    assert "beantwortet am" in page.one("main").text


def test_an_empty_list_says_why(signed_in, administration):
    assert "Keine offene Meldung" in Page(signed_in(administration).get(URL).content).one("main").text


def test_the_number_of_queries_does_not_grow(signed_in, administration, meldung, django_assert_num_queries):
    def add(count: int) -> None:
        for _ in range(count):
            answer_barriere(meldung=meldung(), antwort="Behoben.", by=administration)
            meldung()

    browser = signed_in(administration)
    add(1)
    with CaptureQueriesContext(connection) as few:
        browser.get(URL)
    for more in (2, 27):
        add(more)
        with django_assert_num_queries(len(few)):
            browser.get(URL)
    assert len(few) <= 6
