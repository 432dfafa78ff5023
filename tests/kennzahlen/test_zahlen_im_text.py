"""Figures in running text: found, read exactly, and compared at the precision at which they are printed."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.common import typography
from kennzahlen.enums import Genauigkeit, Zahleinheit
from kennzahlen.queries.zahlen_im_text import find_zahlen, fits, mark, read_zahl, round_to

A, P, PUNKTE, EURO = Zahleinheit.ANZAHL, Zahleinheit.PROZENT, Zahleinheit.PUNKTE, Zahleinheit.EURO


def texts(text: str) -> list[str]:
    return [one.text for one in find_zahlen(text)]


@pytest.mark.parametrize(
    ("text", "wert", "einheit", "genauigkeit", "stellen"),
    [
        ("1.234", "1234", A, "genau", 0),
        ("26,5\u00a0%", "26.5", P, "genau", 1),
        ("−4,7 %", "-4.7", P, "genau", 1),
        ("–4,7 %", "-4.7", P, "genau", 1),
        ("-4,7 Prozent", "-4.7", P, "genau", 1),
        ("minus 28", "-28", A, "genau", 0),
        ("plus 0,8 Prozentpunkte", "0.8", PUNKTE, "genau", 1),
        ("0,8 Prozentpunkten", "0.8", PUNKTE, "genau", 1),
        ("13,9 Mio. €", "1390000000", EURO, "genau", 1),
        ("1,5 Milliarden Euro", "150000000000", EURO, "genau", 1),
        ("570.000 €", "57000000", EURO, "genau", 0),
        ("12.345,67 EUR", "1234567", EURO, "genau", 2),
        ("2 Millionen", "2000000", A, "genau", 0),
        ("rund 4.200", "4200", A, "rund", 0),
        ("etwa 4.200", "4200", A, "rund", 0),
        ("über 5.300", "5300", A, "ueber", 0),
        ("mehr als 250.000", "250000", A, "ueber", 0),
        ("knapp 500", "500", A, "knapp", 0),
        ("fast 8 %", "8", P, "knapp", 0),
        ("Fast 8 %", "8", P, "knapp", 0),
        ("0,1 %", "0.1", P, "genau", 1),
        ("0", "0", A, "genau", 0),
    ],
)
def test_a_figure_is_read_exactly(text, wert, einheit, genauigkeit, stellen):
    found = read_zahl(text)
    assert (found.wert, found.einheit, found.genauigkeit, found.stellen) == (Fraction(wert), einheit, genauigkeit, stellen)


@pytest.mark.parametrize(
    "text",
    [
        "am 22. November 2026",
        "vom 14.08.2019",
        "Stand 31.7. und 01.07.26",
        "am 2026-11-22",
        "26.–30. August 2019",
        "im Jahr 2018, 2015–2022, 2015/16",
        "§ 16i SGB II, §§ 16, 18 und 20 SGB II, § 48a",
        "Telefon 09999 100-0",
        "unter 03461 4010",
        "die 22. Sitzung",
        "TOP 5",
        "Pressemitteilung Nr. 021/2019",
        "Kapitel 4, Fassung 3, Seite 12",
        "um 9 Uhr, von 9 bis 12 Uhr, 14:05 Uhr",
        "24 Monate, unter 25 Jahren, 4 Wochen",
        "am Marktplatz 1",
        "K2, U25, B1",
        "25-Jährige und 50+",
        "am 3. Oktober, zum 1. Mal",
        "26.5 %",
    ],
)
def test_what_only_names_or_dates_is_no_figure(text):
    assert texts(text) == []


def test_figures_among_everything_else():
    text = (
        "Im Juli 2018 waren 9.096 Menschen im Langzeitbezug, 4,7\u00a0% weniger als am 31. Juli 2017 (9.549). "
        "In der 22. Sitzung (TOP 5) hieß es: „Es waren 2.169.“ Das sind im Schnitt 310/Monat, fast\n8 % mehr."
    )
    assert texts(text) == ["9.096", "4,7 %", "9.549", "2.169", "310", "fast 8 %"]


def test_the_text_stays_whole_in_its_pieces():
    text = "Erst 12,5 %, dann rund 4.200 und Schluss."
    pieces = list(mark(text, find_zahlen(text)))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, stelle in pieces if stelle] == ["12,5 %", "rund 4.200"]


def test_two_figures_are_not_one():
    assert read_zahl("von 25,9 % auf 26,7 %") is None
    assert read_zahl("ohne Zahl") is None


# --- precision --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "wert", "passt"),
    [
        ("26,5 %", "26.4631", True),
        ("26,5 %", "26.45", True),  # half up
        ("26,5 %", "26.4499", False),
        ("26,5 %", "26.55", False),
        ("−3,2 %", "-3.15", True),  # away from zero
        ("−3,2 %", "-3.1499", False),
        ("27 %", "26.5", True),
        ("13,9 Mio. €", "1394999999", True),
        ("13,9 Mio. €", "1395000000", False),
        ("rund 4.200", "4150", True),
        ("rund 4.200", "4250", True),
        ("rund 4.200", "4149", False),
        ("rund 1.000", "1049", True),  # never more than a twentieth, however round
        ("rund 1.000", "1051", False),
        ("über 5.300", "5345", True),
        ("über 5.300", "5400", True),
        ("über 5.300", "5300", False),
        ("über 5.300", "5401", False),
        ("knapp 500", "466", True),
        ("knapp 500", "449", False),
        ("knapp 500", "500", False),
        ("fast 8 %", "7.87", True),
        ("fast 8 %", "8.01", False),
        ("fast 8 %", "7.1", False),
        ("knapp minus 4 %", "-3.9", True),
    ],
)
def test_a_value_fits_at_the_printed_precision(text, wert, passt):
    stelle = read_zahl(text)
    assert fits(stelle, Fraction(wert), stelle.genauigkeit) is passt


@given(st.integers(-(10**9), 10**9), st.integers(0, 2))
def test_what_the_portal_prints_is_read_as_what_it_printed(number, places):
    printed = typography.zahl(Decimal(number).scaleb(-places), places)
    found = read_zahl(f"Es sind {printed} %.")
    assert found is not None
    assert (found.wert, found.stellen) == (Fraction(number, 10**places), places)


@given(st.fractions(-1000, 1000), st.integers(0, 3))
def test_rounding_is_the_same_as_on_the_page(wert, places):
    printed = typography.prozent(Decimal(wert.numerator) / Decimal(wert.denominator), places)
    step = Fraction(1, 10**places)
    if (abs(wert) / step + Fraction(1, 2)).denominator != 1:  # not on the edge, where a decimal of 28 digits cannot say it
        found = read_zahl(printed)
        assert found.wert == round_to(wert, step)
        assert fits(found, wert, Genauigkeit.GENAU)


@given(st.text(alphabet="0123456789.,%€-–−§ abMüPT\n\u00a0", max_size=80))
def test_any_text_is_read_without_a_fault_and_in_order(text):
    found = find_zahlen(text)
    assert all(one.von < one.bis for one in found)
    assert all(one.bis <= other.von for one, other in pairwise(found))
    assert "".join(piece for piece, _ in mark(text, found)) == text
