from datetime import date
from decimal import Decimal

import pytest

from kennzahlen.enums import Einheit, Genauigkeit
from kennzahlen.queries import change_in_words, format_wert, read_uebersicht

NB = "\u00a0"


@pytest.mark.parametrize(
    ("einheit", "new", "old", "words"),
    [
        (Einheit.PROZENT, "26.46", "25.66", f"plus{NB}0,8 Prozentpunkte"),
        (Einheit.PROZENT, "25.66", "26.46", f"minus{NB}0,8 Prozentpunkte"),
        (Einheit.PROZENT, "26.46", "26.43", "unverändert"),
        (Einheit.VERAENDERUNG, "-3.2", "-1.0", f"minus{NB}2,2 Prozentpunkte"),
        (Einheit.ANZAHL, "10309", "15654", f"minus{NB}5.345 (minus{NB}34,1{NB}%)"),
        (Einheit.ANZAHL, "466", "432", f"plus{NB}34 (plus{NB}7,9{NB}%)"),
        (Einheit.ANZAHL, "5", "0", f"plus{NB}5"),
        (Einheit.ANZAHL, "5", "5", "unverändert"),
        (Einheit.CENT, "150000000", "100000000", f"plus{NB}500.000{NB}€ (plus{NB}50,0{NB}%)"),
    ],
)
def test_change_in_points_for_rates_and_in_per_cent_for_counts(einheit, new, old, words):
    assert change_in_words(einheit, Decimal(new), Decimal(old)) == words


def test_values_are_worded_by_unit():
    assert format_wert(Einheit.ANZAHL, Decimal(15654)) == "15.654"
    assert format_wert(Einheit.CENT, Decimal(1_390_000_000)) == f"13,9{NB}Mio.{NB}€"
    assert format_wert(Einheit.PROZENT, None) == "–"


def periods(*spans):
    return [{"von": date.fromisoformat(von), "bis": date.fromisoformat(bis)} for von, bis in spans]


def comparisons() -> list[str]:
    (gruppe,) = read_uebersicht().andere
    return [wert.vergleich for zeile in gruppe.kennzahlen for wert in zeile.werte]


def test_a_year_is_compared_with_the_year_before_and_nothing_else(messwert):
    spans = periods(("2016-01-01", "2016-12-31"), ("2017-01-01", "2017-12-31"), ("2018-01-01", "2018-06-30"))
    for zaehler, span in zip((4133, 4236, 2169), spans, strict=True):
        messwert("vermittlungen", zaehler, **span)
    assert comparisons() == ["", f"plus{NB}103 (plus{NB}2,5{NB}%) gegenüber 2016", ""]


def test_days_and_months_are_compared_with_each_other(messwert):
    for zaehler, span in zip((15654, 10309), periods(("2014-07-01", "2014-07-31"), ("2019-08-14", "2019-08-14")), strict=True):
        messwert("elb", zaehler, **span)
    assert comparisons()[1] == f"minus{NB}5.345 (minus{NB}34,1{NB}%) gegenüber Juli{NB}2014"


def test_inexact_figures_are_never_computed_with(messwert):
    spans = periods(("2016-01-01", "2016-12-31"), ("2017-01-01", "2017-12-31"))
    messwert("vermittlungen", 4133, **spans[0], genauigkeit=Genauigkeit.UEBER)
    messwert("vermittlungen", 4236, **spans[1])
    assert comparisons() == ["", ""]


def test_words_of_the_source_stay(messwert):
    messwert("vermittlungen", 27600, genauigkeit=Genauigkeit.UEBER)
    (gruppe,) = read_uebersicht().andere
    assert gruppe.kennzahlen[0].werte[0].text == "über 27.600"


def test_a_sum_and_a_monthly_mean_that_contradict_each_other_are_said(messwert):
    half = {"von": date(2018, 1, 1), "bis": date(2018, 6, 30)}
    messwert("vermittlungen", 2169, **half)
    messwert("vermittlungen-monat", 310, **half)
    (gruppe,) = read_uebersicht().andere
    assert gruppe.kennzahlen[0].hinweis == (
        f"Die Quelle nennt 2.169 für 6{NB}Monate und 310 je Monat. Beides passt nicht zusammen: 2.169 geteilt durch 6 ergibt 361,5. "
        f"Zu 310 je Monat passen 7{NB}Monate (309,9)."
    )
    assert gruppe.kennzahlen[1].hinweis == ""


def test_a_monthly_mean_that_fits_is_silent(messwert):
    half = {"von": date(2018, 1, 1), "bis": date(2018, 6, 30)}
    messwert("vermittlungen", 2169, **half)
    messwert("vermittlungen-monat", 362, **half)  # 361,5
    assert read_uebersicht().andere[0].kennzahlen[0].hinweis == ""


@pytest.fixture
def projekte(messwert):
    span = {"von": date(2015, 1, 1), "bis": date(2022, 12, 31), "einheit": Einheit.CENT}
    messwert("projekte-esf", 1_390_000_000, **span, genauigkeit=Genauigkeit.KNAPP)
    messwert("projekte-kreis", 57_000_000, **span)
    messwert("projekte-jobcenter", 150_000_000, **span, genauigkeit=Genauigkeit.KNAPP)
    messwert("projekte-menschen", 2100, **span | {"einheit": Einheit.ANZAHL}, genauigkeit=Genauigkeit.UEBER)


def test_money_from_several_sources_is_added_up_and_said_to_be_our_own_computing(projekte):
    (gruppe,) = read_uebersicht().andere
    (finanzierung,) = gruppe.finanzierungen
    assert gruppe.kennzahlen == ()
    assert [geld.text for geld in finanzierung.geldgeber] == [f"knapp 13,9{NB}Mio.{NB}€", f"knapp 1,5{NB}Mio.{NB}€", f"570.000{NB}€"]
    assert finanzierung.summe == f"rund 15,97{NB}Mio.{NB}€"
    assert finanzierung.menschen == "über 2.100"
    assert finanzierung.je_mensch == f"rund 7.600{NB}€"
    assert sum(geld.anteil for geld in finanzierung.geldgeber) == pytest.approx(100)
    assert finanzierung.zeitraum == "2015–2022"


def test_money_from_one_source_is_an_ordinary_figure(messwert):
    messwert("projekte-esf", 1_390_000_000, einheit=Einheit.CENT)
    (gruppe,) = read_uebersicht().andere
    assert gruppe.finanzierungen == ()
    assert gruppe.kennzahlen[0].werte[0].text == f"13,9{NB}Mio.{NB}€"
