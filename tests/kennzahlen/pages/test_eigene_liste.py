"""What we count ourselves: the newest value of each, and hidden numbers for controlling alone."""

from datetime import date

import pytest
from django.urls import reverse

from kennzahlen.actions import register_quelle
from kennzahlen.enums import Einheit, Quellenart
from kennzahlen.imports import load_kennzahlen
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = reverse("kennzahlen:eigene-liste")


@pytest.fixture
def zaehle(messwert, eigenes, controlling):
    """Record a count of our own: zaehle("beratungen", 250)."""
    eigene = register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter", titel="Eigene Zählung", by=controlling)

    def record(code: str, zahl: int | None, **fields):
        period = {"von": date(2026, 7, 1), "bis": date(2026, 7, 31)}
        return messwert(code, zahl, **({"jobcenter": eigenes, "quelle": eigene, "stand": date(2026, 9, 1)} | period | fields))

    return record


def row_of(page: Page, code: str) -> str:
    return " ".join(page.by_id(code).text.split())


def test_the_newest_value_stands_there_with_source_and_stand(zaehle, signed_in, controlling):
    zaehle("beratungen", 250)
    zaehle("beratungen", 260, stand=date(2026, 10, 1))
    zaehle("beratungen", 999, von=date(2026, 6, 1), bis=date(2026, 6, 30), stand=date(2026, 11, 1))
    row = row_of(Page(signed_in(controlling).get(URL).content), "beratungen")
    assert "260 Juli 2026 Jobcenter: Eigene ZählungStand 1. Oktober 2026" in row.replace("\u00a0", " ")


def test_a_hidden_number_is_for_controlling_alone(zaehle, signed_in, controlling, leitung, administration):
    zaehle("abbrueche", 2)
    assert "geheim gehalten (intern: 2)" in row_of(Page(signed_in(controlling).get(URL).content), "abbrueche")
    for user in (leitung, administration):
        row = row_of(Page(signed_in(user).get(URL).content), "abbrueche")
        assert "geheim Juli" in row.replace("\u00a0", " ")
        assert "2 " not in row.replace("2026", "").replace("\u00a0", " ")


def test_a_quoted_rate_keeps_its_words(zaehle, signed_in, controlling):
    zaehle("quote", None, einheit=Einheit.PROZENT, zitat="36.1", genauigkeit="rund")
    assert "rund 36,1" in row_of(Page(signed_in(controlling).get(URL).content), "quote")


def test_values_of_others_are_not_ours(zaehle, jobcenter, signed_in, controlling):
    zaehle("beratungen", 250, jobcenter=jobcenter)
    assert "noch kein Wert" in row_of(Page(signed_in(controlling).get(URL).content), "beratungen")


def test_the_counts_behind_the_law_stand_apart_in_their_order(eigenes, signed_in, controlling):
    load_kennzahlen()
    page = Page(signed_in(controlling).get(URL).content)
    ids = [row.attrs["id"] for row in page.all("tr") if "id" in row.attrs]
    assert ids[:3] == ["llu", "luh", "elb"]
    assert len(ids) == 17
    assert "Noch keine eigene Kennzahl" in page.classed("leer")[0].text


def test_only_controlling_is_offered_to_write(zaehle, signed_in, controlling, leitung):
    zaehle("beratungen", 250)
    neu, wert = reverse("kennzahlen:eigene-neu"), reverse("kennzahlen:messwert-neu", args=["beratungen"])
    assert {neu, wert} <= Page(signed_in(controlling).get(URL).content).links()
    assert not {neu, wert} & Page(signed_in(leitung).get(URL).content).links()


@pytest.mark.parametrize("who", ["planung", "presse", "fremd"])
def test_it_is_for_those_who_work_with_figures(request, who, eigenes, signed_in):
    assert signed_in(request.getfixturevalue(who)).get(URL).status_code == 403


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, zaehle, signed_in, controlling, django_assert_num_queries):
    for number in range(rows):
        zaehle(f"k{number}", 100 + number)
    browser = signed_in(controlling)
    with django_assert_num_queries(5):  # session, account, our Jobcenter, Kennzahlen, newest values
        browser.get(URL)
