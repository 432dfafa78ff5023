import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from kennzahlen.enums import Diagrammart, Einheit, Geschlecht, Lieferzustand, Quellenart
from kennzahlen.models import Datenlieferung, Datenstand, Diagramm, Kennzahl, Messwert, Quelle, Zielwert, month_bounds
from tests.kennzahlen.pages.conftest import JULI, NB, STAND, VORJAHR

URL = "/kennzahlen/K2/"


def text_of(html: str) -> str:
    """What a person reads of the main part."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main).replace(NB, " "))


@pytest.mark.usefixtures("statistik")
def test_without_a_value_the_page_says_why(read):
    assert "Noch keine Zahl" in read(URL)


@pytest.mark.usefixtures("statistik")
def test_an_unknown_kennzahl_is_not_found(read):
    read("/kennzahlen/K9/", status=404)


def test_the_finding_the_figure_and_its_change(read, land):
    land(3)
    html = read(URL)
    assert f"Die Integrationsquote liegt bei 26,5{NB}%, 0,8{NB}Prozentpunkte mehr als vor einem Jahr." in html
    assert f"plus{NB}0,8 Prozentpunkte gegenüber Juli{NB}2025" in html
    assert html.count("<h1") == 1
    assert "Wie viele Menschen finden Arbeit?" in html


def test_place_among_all_and_in_the_type_in_words(read, land):
    land(9)  # ours 26,46; others 30,00 29,75 29,50 29,25 29,00 28,75 28,50 28,25
    text = text_of(read(URL))
    assert "Platz 9 von 9 · Platz 5 von 5 im Vergleichstyp" in text
    assert "In der Mitte aller Jobcenter liegt 29,0 %" in text
    assert "Ein Viertel liegt unter 28,5 %, ein Viertel über 29,5 %." in text


def test_groups_are_sums_of_numerators_and_denominators(read, nachbarn, record):
    ours, other, *_ = nachbarn(2)
    record("K2", (ours, 2600, 9825), (other, 300, 2000))
    text = text_of(read(URL))
    assert "Bund 24,5 % plus 1,9 Prozentpunkte 2 von 2" in text  # the mean of the two rates would be 20,7
    assert "20,7" not in text


def test_a_group_says_how_many_of_its_members_are_in_the_sum(read, nachbarn, record):
    ours, second, third = nachbarn(3)
    record("K2", (ours, 2600, 9825), (third, 3000, 10000))
    text = text_of(read(URL))
    assert "2 von 3" in text
    assert second.name not in text


def test_both_readings_of_a_change(read, record, eigenes):
    record("K1", (eigenes, 98_600_000_00, 100_000_000_00))
    text = text_of(read("/kennzahlen/K1/"))
    assert "Die Leistungen zum Lebensunterhalt sind in einem Jahr um 1,4 % gesunken." in text
    assert "98.600.000 € geteilt durch 100.000.000 € sind 98,6 %." in text
    assert "Als Veränderung gelesen sind es −1,4 %." in text
    assert "weniger als im Juli 2025" in text


def test_numerator_and_denominator_stand_in_the_calculation(read, record, eigenes):
    record("K2", (eigenes, 2600, Decimal("9825.5")))
    text = text_of(read(URL))
    assert "2.600 geteilt durch 9.825,5 sind 26,5 %." in text
    assert "Auf 100 erwerbsfähige Leistungsberechtigte kommen 26,5 Integrationen." in text


def test_the_sexes_stand_side_by_side_and_can_be_chosen(read, record, eigenes):
    record("K2", (eigenes, 2600, 10000))
    record("K2", (eigenes, 1100, 5000), geschlecht=Geschlecht.FRAUEN)
    record("K2", (eigenes, 1500, 5000), geschlecht=Geschlecht.MAENNER)
    text = text_of(read(URL))
    assert "Frauen 22,0 % Männer 30,0 % Alle zusammen 26,0 %" in text
    assert "Die Integrationsquote liegt bei 22,0 %." in text_of(read(f"{URL}?geschlecht=F"))


def test_a_sex_without_figures_shows_all_and_says_so(read, land):
    land(1)
    text = text_of(read(f"{URL}?geschlecht=F"))
    assert "Für Frauen gibt es diese Zahl nicht." in text
    assert "26,5 %" in text


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("2025-07", "Juli 2025"),
        ("2026-07", "Juli 2026"),
        ("1999-01", "Juli 2025"),
        ("2031-05", "Juli 2026"),
        ("Käse", "Juli 2026"),
        ("2026-13", "Juli 2026"),
    ],
)
def test_another_month_or_the_nearest_one(read, land, asked, shown):
    land(2)
    text = text_of(read(f"{URL}?monat={asked}"))
    assert f"ergibt für {shown}" in text
    assert ("Sie sehen den nächstgelegenen Monat" in text) == (asked in {"1999-01", "2031-05"})


def test_a_missing_month_is_a_dash_and_no_guess(read, record, eigenes):
    record("K2", (eigenes, 2600, 10000), monat=date(2026, 5, 1))
    record("K2", (eigenes, 2700, 10000), monat=JULI)
    text = text_of(read(URL))
    assert "Juni 2026 – – – nicht geliefert" in text
    assert "26,5" not in text


def test_estimated_final_and_revised(read, record, eigenes):
    schaetzung = Quelle.objects.create(art=Quellenart.BA_HOCHGERECHNET, herausgeber="Statistik der BA", titel="Hochrechnung")
    record("K2", (eigenes, 2500, 10000), monat=JULI, quelle=schaetzung)
    record("K2", (eigenes, 2610, 10000), monat=date(2026, 3, 1), stand=date(2026, 7, 20))
    record("K2", (eigenes, 2650, 10000), monat=date(2026, 3, 1), stand=STAND)
    text = text_of(read(URL))
    assert "Juli 2026 25,0 % 2.500 10.000 hochgerechnet" in text
    assert "März 2026 26,5 % 2.650 10.000 revidiert (vorher 26,1 %)" in text


def test_predecessors_are_added_up_and_it_is_said(read, record, eigenes, jobcenter, nachbarn):
    _, *parts = nachbarn(3)
    for part in parts:
        part.nachfolger, part.aufgegangen_am = eigenes, date(2026, 1, 1)
        part.save()
    record("K2", (parts[0], 100, 1000), (parts[1], 300, 1000), monat=VORJAHR, stand=date(2025, 11, 20))
    record("K2", (eigenes, 500, 2000))
    text = text_of(read(URL))
    assert "Juli 2025 20,0 %" in text
    assert "fiktiver Gebietsstand" in text


def test_goal_of_the_year(read, land, eigenes):
    land(2)
    Zielwert.objects.create(jobcenter=eigenes, kennzahl=Kennzahl.objects.get(code="K2"), jahr=2026, wert=Decimal("27.0"))
    Zielwert.objects.create(jobcenter=eigenes, kennzahl=Kennzahl.objects.get(code="K2"), jahr=2026, art="anzahl", wert=Decimal(612))
    text = text_of(read(URL))
    assert "Ziel 2026: mindestens 27,0 %" in text
    assert "612" not in text
    assert "Ziel 2026" not in text_of(read(f"{URL}?monat=2025-07"))


# --- what nobody may see ----------------------------------------------------------------------------------------
def lay_down(eigenes, datenstand, zaehler, **fields) -> None:
    von, bis = month_bounds(JULI)
    kennzahl = Kennzahl.objects.get(code="K2")
    fields = {"nenner": 10000 * 1200, "geschlecht": Geschlecht.INSGESAMT} | fields
    Messwert.objects.create(datenstand=datenstand, jobcenter=eigenes, kennzahl=kennzahl, von=von, bis=bis, zaehler=zaehler, **fields)


PAGES = [
    "/kennzahlen/",
    URL,
    f"{URL}?monat=2026-07",
    f"{URL}?geschlecht=F",
    f"{URL}rangliste/",
    "/kennzahlen/vergleich/",
    "/kennzahlen/begriffe/",
]


@pytest.mark.parametrize("path", [*PAGES, f"{URL}rangliste/?format=csv"])
def test_a_hidden_value_is_on_no_page(client, land, eigenes, statistik, path):
    found = land(3)
    later = Datenstand.objects.create(quelle=statistik, tag=date(2026, 11, 21))
    lay_down(eigenes, later, 4711, gesperrt=True)
    lay_down(eigenes, later, 4242, gesperrt=True, geschlecht=Geschlecht.FRAUEN)
    lay_down(found[1], later, 4646, gesperrt=True)
    content = client.get(path).content.decode()
    for trace in ("4.711", "4711", "47,1", "4.242", "42,4", "4.646", "46,5"):
        assert trace not in content


def test_a_hidden_month_is_called_hidden(read, land, eigenes, statistik):
    land(3)
    lay_down(eigenes, Datenstand.objects.create(quelle=statistik, tag=date(2026, 11, 21)), 4711, gesperrt=True)
    text = text_of(read(URL))
    assert "Juli 2026 geheim – – geheim gehalten" in text
    assert "ergibt für Juli 2025" in text


@pytest.mark.parametrize("path", PAGES)
def test_a_withdrawn_delivery_is_on_no_page(client, land, eigenes, statistik, controlling, path):
    land(3)
    datenstand = Datenstand.objects.create(quelle=statistik, tag=date(2026, 11, 21))
    lay_down(eigenes, datenstand, 4711)
    Datenlieferung.objects.create(
        quelle=statistik, stand=datenstand.tag, datei="x.csv", dateiname="x.csv", dateiart="csv", pruefsumme="0" * 64, groesse=1,
        eingereicht_von=controlling, zustand=Lieferzustand.ZURUECKGEZOGEN, datenstand=datenstand, entschieden_von=controlling,
        monat_von=JULI, monat_bis=JULI,
        entschieden_am=timezone.now(), grund="Falsche Datei.", status="fertig", fertig_am=timezone.now(),
    )  # fmt: skip
    content = client.get(path).content.decode()
    assert "4.711" not in content
    assert "47,1" not in content


# --- charts -----------------------------------------------------------------------------------------------------
@pytest.fixture
def gezeichnet(statistik) -> Diagramm:
    svg = {key: f"<svg>{key}</svg>" for key in ("hell-breit", "hell-schmal", "dunkel-breit", "dunkel-schmal")}
    return Diagramm.objects.create(
        kennzahl=Kennzahl.objects.get(code="K2"), art=Diagrammart.VERLAUF, svg=svg, grundlage="ab" * 32, beschreibung="Die Linie steigt."
    )


def test_while_nothing_is_drawn_the_table_is_there(read, land):
    land(2)
    html = read(URL)
    assert "Das Schaubild wird gerade gezeichnet." in html
    assert "<picture" not in html


@pytest.mark.parametrize(("chosen", "dark", "light"), [("", 2, 2), ("hell", 0, 2), ("dunkel", 2, 0)])
def test_the_chart_follows_the_colours_of_the_page(client, land, gezeichnet, chosen, dark, light):
    land(2)
    client.cookies["farbschema"] = chosen
    html = client.get(URL).content.decode()
    assert 'alt="Die Linie steigt."' in html
    assert len(re.findall(r"verlauf-dunkel-\w+\.svg\?v=abababababababab", html)) == dark
    assert len(re.findall(r"verlauf-hell-\w+\.svg\?v=abababababababab", html)) == light


# --- own Kennzahlen ---------------------------------------------------------------------------------------------
def test_an_own_kennzahl_shows_periods_and_quotations(read, messwert, eigenes):
    messwert("quote", zitat=Decimal("36.1"), einheit=Einheit.PROZENT)
    messwert("eintritte", 2677, jobcenter=eigenes, von=date(2026, 1, 1), bis=date(2026, 7, 31), stand=STAND)
    text = text_of(read("/kennzahlen/quote/"))
    assert "Saalekreis 2018 36,1 % Landkreis: Pressemitteilung, 1. Februar 2019 (zitierte Quote)" in text
    assert "So wird gerechnet" not in text
    text = text_of(read("/kennzahlen/eintritte/"))
    assert "Januar–Juli 2026 2.677" in text
    assert "Vergleichen Sie" not in text


def test_numbers_of_people_are_not_ranked(read, messwert, eigenes):
    statistik = Quelle.objects.create(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Haus", titel="Zählung")
    messwert("elb", 9548, jobcenter=eigenes, quelle=statistik, von=JULI, bis=date(2026, 7, 31), stand=STAND)
    text = text_of(read("/kennzahlen/elb/"))
    assert "„Name von elb“ liegt bei 9.548." in text
    assert "Platz" not in text


# --- cost -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [2, 40])
def test_number_of_queries(read, land, django_assert_num_queries, count):
    land(count)
    with django_assert_num_queries(14):
        read(URL)
