from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from kennzahlen.enums import Einheit, Geschlecht, Kennzahlart, Quellenart, Richtung, Traegerform, Zielart
from kennzahlen.models import Jobcenter, Kennzahl, Quelle, Zielwert

URL = "/kennzahlen/"
NB = "\u00a0"


@pytest.fixture
def page(client, db):
    def get() -> str:
        answer = client.get(reverse("kennzahlen:uebersicht"))
        assert answer.status_code == 200
        assert "Cookie" not in answer.headers.get("Vary", "")
        return answer.content.decode()

    return get


@pytest.fixture
def k2(kennzahl) -> Kennzahl:
    return kennzahl("K2", Einheit.PROZENT, Kennzahlart.KENNZAHL, name="Integrationsquote", richtung=Richtung.HOEHER)


@pytest.fixture
def eigener_wert(eigenes, messwert):
    """A month of our own: eigener_wert(k2, 2600, 9825, date(2024, 12, 31), stand=…)."""
    quelle = Quelle.objects.create(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter", titel="Eigene Zählung")

    def record(kennzahl, zaehler, nenner, bis, **fields):
        fields = {"stand": date(2025, 4, 20), "quelle": quelle} | fields
        return messwert(
            kennzahl.code, zaehler, nenner=nenner, kennzahl=kennzahl, jobcenter=eigenes, von=bis.replace(day=1), bis=bis, **fields
        )

    return record


def test_address_is_fixed():
    assert reverse("kennzahlen:uebersicht") == URL


def test_without_any_figure_the_page_says_why(page):
    html = page()
    assert "Noch keine Zahlen" in html
    assert "Noch keine Zahlen anderer Jobcenter" in html
    assert "erfunden" not in html.partition("<main")[2]


def test_own_figure_with_change_goal_and_stand(page, eigener_wert, k2, eigenes):
    eigener_wert(k2, 2521, 9825, date(2023, 12, 31), stand=date(2024, 4, 20))  # 25.66
    eigener_wert(k2, 2600, 9825, date(2024, 12, 31))  # 26.46
    Zielwert.objects.create(jobcenter=eigenes, kennzahl=k2, jahr=2024, wert=Decimal("27.0"))
    Zielwert.objects.create(jobcenter=eigenes, kennzahl=k2, jahr=2024, art=Zielart.ANZAHL, wert=Decimal(612))
    html = page()
    assert f"Die Integrationsquote liegt bei 26,5{NB}%, 0,8{NB}Prozentpunkte mehr als vor einem Jahr." in html
    assert f"26,5{NB}%" in html
    assert f"plus{NB}0,8 Prozentpunkte gegenüber Dezember{NB}2023" in html
    assert f"Ziel 2024: mindestens 27,0{NB}%" in html
    assert f"Integrationsquote (K2), Dezember{NB}2024, Stand: 20.{NB}April{NB}2025" in html
    assert 'href="/kennzahlen/K2/"' in html
    assert f"25,7{NB}%" not in html
    assert "612" not in html


def test_a_correction_replaces_the_figure_and_an_older_month_does_not(page, eigener_wert, k2):
    eigener_wert(k2, 2600, 10000, date(2024, 12, 31))
    eigener_wert(k2, 2700, 10000, date(2024, 12, 31), stand=date(2025, 6, 1))
    eigener_wert(k2, 2000, 10000, date(2024, 11, 30), stand=date(2025, 7, 1))
    html = page()
    assert f"27,0{NB}%" in html
    assert f"26,0{NB}%" not in html
    assert f"20,0{NB}%" not in html


def test_year_before_counts_with_its_newest_stand(page, eigener_wert, k2):
    eigener_wert(k2, 2500, 10000, date(2024, 2, 29), stand=date(2024, 6, 20))
    eigener_wert(k2, 2550, 10000, date(2024, 2, 29), stand=date(2024, 9, 1))
    eigener_wert(k2, 2600, 10000, date(2025, 2, 28), stand=date(2025, 6, 20))
    assert f"plus{NB}0,5 Prozentpunkte gegenüber Februar{NB}2024" in page()


def test_a_change_is_not_compared_once_more(page, eigener_wert, kennzahl):
    k3 = kennzahl("K3", Einheit.VERAENDERUNG, Kennzahlart.KENNZAHL, richtung=Richtung.NIEDRIGER)
    eigener_wert(k3, 9800, 10000, date(2023, 12, 31), stand=date(2024, 4, 20))
    eigener_wert(k3, 9680, 10000, date(2024, 12, 31))
    html = page()
    assert f"−3,2{NB}%" in html
    assert f"Die Zahl der Langzeitleistungsbeziehenden ist in einem Jahr um 3,2{NB}% gesunken." in html
    assert f"weniger als im Dezember{NB}2023" in html
    assert "Prozentpunkte" not in html


def test_what_explains_a_figure_stands_beside_it(page, eigener_wert, k2, kennzahl):
    alone = kennzahl(
        "K2E4", Einheit.PROZENT, Kennzahlart.ERGAENZUNG, name="Alleinerziehende in Arbeit", frage="Wie viele Alleinerziehende?"
    )
    later = kennzahl("K2E3", Einheit.PROZENT, Kennzahlart.ERGAENZUNG, name="Anhaltende Beschäftigung")
    eigener_wert(k2, 2600, 10000, date(2024, 12, 31))
    eigener_wert(alone, 191, 1000, date(2024, 12, 31))
    eigener_wert(later, 640, 1000, date(2024, 6, 30))
    html = page()
    assert "Wie viele Alleinerziehende?" in html
    assert f"19,1{NB}%" in html
    assert f"Juni{NB}2024: " in html  # another month than that of the question


def test_own_figures_stand_apart_from_those_of_the_law(page, eigener_wert, k2, kennzahl):
    own = kennzahl("auslastung", Einheit.PROZENT, name="Auslastung")
    eigener_wert(k2, 2600, 10000, date(2024, 12, 31))
    eigener_wert(own, 887, 1000, date(2024, 12, 31))
    html = page()
    law, _, house = html.partition("Was wir außerdem zählen")
    assert "Auslastung" in house
    assert "Auslastung" not in law
    assert f"26,0{NB}%" in law


def test_places_of_the_newest_month(read, land):
    land(3)
    assert f"Platz{NB}3 von{NB}3 · Platz{NB}2 von{NB}2 im Vergleichstyp" in read(URL)


def test_figures_by_sex_stay_out_of_the_overview(page, eigener_wert, k2):
    eigener_wert(k2, 3000, 10000, date(2024, 12, 31), geschlecht=Geschlecht.MAENNER)
    assert f"30,0{NB}%" not in page()


def test_others_stand_under_their_names_with_source_and_stand(page, messwert):
    messwert("quote", zitat=Decimal("36.1"), einheit=Einheit.PROZENT)
    html = page()
    assert "Jobcenter Saalekreis" in html
    assert "Trägernummer 04412" in html
    assert f"36,1{NB}%" in html
    assert f"Quelle: Landkreis: Pressemitteilung, Stand: 1.{NB}Februar{NB}2019 (zitierte Quote)" in html
    assert "Definition von quote" in html


def test_a_count_is_not_called_a_quotation(page, messwert):
    messwert("elb", 15654)
    assert "zitierte Quote" not in page()


def test_delivered_figures_of_others_wait_for_their_own_page(page, messwert):
    statistik = Quelle.objects.create(art=Quellenart.BA_ENDGUELTIG, herausgeber="Statistik", titel="Kennzahlen")
    messwert("elb", 4711, quelle=statistik)
    assert "4.711" not in page()


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_number_of_queries_does_not_grow(page, messwert, eigener_wert, kennzahl, django_assert_num_queries, rows):
    for n in range(rows):
        other = Jobcenter.objects.create(traegernummer=f"{10000 + n}", name=f"Kreis {n}", form=Traegerform.GEMEINSAME_EINRICHTUNG)
        messwert("elb", n, jobcenter=other)
        own = kennzahl(f"own{n}", Einheit.PROZENT)
        eigener_wert(own, n + 4, 100, date(2024, 12, 31))  # 1 and 2 would be hidden
        eigener_wert(own, n + 3, 100, date(2023, 12, 31))
    with django_assert_num_queries(12):
        html = page()
    assert html.count("Jobcenter Kreis ") >= rows
    assert html.count('class="erklaerung"') == rows


@pytest.mark.parametrize("count", [1, 40])
def test_number_of_queries_does_not_grow_with_the_country(read, land, django_assert_num_queries, count):
    land(count)
    with django_assert_num_queries(13):
        read(URL)
