import re

import pytest

from kennzahlen.enums import Geschlecht, Traegerform
from tests.kennzahlen.pages.conftest import NB

URL = "/kennzahlen/K2/rangliste/"


def names(html: str) -> list[str]:
    return re.findall(r'tabelle__name" scope="row">([^<]+)', html)


@pytest.mark.usefixtures("statistik")
def test_without_a_month_it_says_why(read):
    assert "Noch keine Rangliste" in read(URL)


def test_best_first_with_place_and_ours_marked(read, land):
    land(4)  # 26,46 against 30,00 29,75 29,50
    html = read(URL)
    assert names(html) == ["Kreis 01", "Kreis 02", "Kreis 03", "Landkreis Musterburg"]
    assert f"Landkreis Musterburg: Platz{NB}4 von{NB}4 · Platz{NB}2 von{NB}2 im Vergleichstyp." in html
    assert html.count("unser Jobcenter") == 1


def test_lower_is_better_where_the_kennzahl_says_so(read, nachbarn, record):
    ours, other = nachbarn(2)
    record("K3", (ours, 9680, 10000), (other, 10100, 10000))
    assert names(read("/kennzahlen/K3/rangliste/")) == ["Landkreis Musterburg", "Kreis 01"]


def test_filtered_by_type_and_form(read, land):
    found = land(5)
    found[2].form = Traegerform.ZUGELASSENER_TRAEGER
    found[2].save()
    assert names(read(f"{URL}?typ=IIa")) == ["Kreis 02", "Kreis 04", "Landkreis Musterburg"]
    assert names(read(f"{URL}?form=zkT")) == ["Kreis 02", "Landkreis Musterburg"]
    assert len(names(read(f"{URL}?land=Musterland"))) == 5


@pytest.mark.parametrize("query", ["typ=IX", "form=xx", "land=%00", "monat=Käse", "geschlecht=X", "seite=99", "sortierung=nichts"])
def test_what_nobody_offers_does_not_count(read, land, query):
    land(3)
    assert len(names(read(f"{URL}?{query}"))) == 3


def test_another_month_and_sex(read, land, record, eigenes):
    land(3)
    record("K2", (eigenes, 1100, 5000), geschlecht=Geschlecht.FRAUEN)
    assert "25,7" in read(f"{URL}?monat=2025-07")
    assert names(read(f"{URL}?geschlecht=F")) == ["Landkreis Musterburg"]


def test_sorted_by_name(read, land):
    land(3)
    assert names(read(f"{URL}?sortierung=-name")) == ["Landkreis Musterburg", "Kreis 02", "Kreis 01"]


def test_pages_of_fifty_and_the_way_to_ours(read, land):
    land(60)  # ours lies behind 15 others
    html = read(URL)
    assert len(names(html)) == 50
    html = read(f"{URL}?seite=2")
    assert len(names(html)) == 10
    assert "Zu unserem Jobcenter auf Seite 1" in html


def test_as_a_file(client, land):
    land(3)
    answer = client.get(f"{URL}?format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Platz;Jobcenter;Wert in Prozent;Zähler;Nenner")
    assert lines[3].startswith("3;Landkreis Musterburg;26,4631;2.600;9.825")


def test_numbers_of_people_have_no_ranking(read, kennzahl):
    kennzahl("elb")
    read("/kennzahlen/elb/rangliste/", status=404)


@pytest.mark.parametrize("count", [2, 40])
def test_number_of_queries(read, land, django_assert_num_queries, count):
    land(count)
    with django_assert_num_queries(9):
        read(URL)
