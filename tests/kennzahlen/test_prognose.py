"""Where a year ends, and what that means for a goal."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kennzahlen.enums import Einheit, Prognosemethode, Zielrichtung, Zielstand
from kennzahlen.queries.formeln import reif_am
from kennzahlen.queries.prognose import Prognose, bewerte_ziel, forecast_year_end


def rates(jahr: int, *werte: str | None) -> dict[date, Fraction | None]:
    """The months of a year from January on."""
    return {date(jahr, n, 1): None if wert is None else Fraction(wert) for n, wert in enumerate(werte, 1)}


VORJAHR = rates(2025, "25.0", "25.1", "25.3", "25.4", "25.5", "25.8", "25.9", "26.0", "26.3", "26.5", "26.6", "26.7")


def plain(prognose: Prognose) -> str:
    return prognose.satz.replace("\u00a0", " ")


def forecast(wert: str | Fraction | int, methode: Prognosemethode = Prognosemethode.VORJAHRESVERLAUF) -> Prognose:
    return Prognose(Fraction(wert), date(2026, 9, 1), methode, "")


# --- the forecast -----------------------------------------------------------------------------------------------
def test_the_course_of_last_year_in_percentage_points():
    prognose = forecast_year_end(2026, {**VORJAHR, **rates(2026, "26.2", "26.4", "26.1")}, Einheit.PROZENT)
    assert prognose.wert == Fraction("27.5")  # 26.1 + (26.7 − 25.3), not 26.1 × 26.7 / 25.3
    assert (prognose.monat, prognose.methode, prognose.ist_ergebnis) == (date(2026, 3, 1), Prognosemethode.VORJAHRESVERLAUF, False)
    assert plain(prognose) == (
        "Prognose für Dezember 2026: Der Wert von März 2026 (26,1 %) verändert sich weiter wie von März bis Dezember 2025 "
        "(plus 1,4 Prozentpunkte)."
    )


def test_the_number_of_a_year_from_sums_of_twelve_months():
    werte = {date(2025, 9, 1): 640, date(2025, 12, 1): 612, date(2026, 9, 1): 655}
    prognose = forecast_year_end(2026, werte, Einheit.ANZAHL)
    assert prognose.wert == 627
    assert plain(prognose).endswith(
        "Der Wert von September 2026 (655) verändert sich weiter wie von September bis Dezember 2025 (minus 28)."
    )


def test_a_change_may_be_negative_and_a_course_flat():
    werte = {date(2025, 6, 1): Fraction(-2), date(2025, 12, 1): Fraction(-2), date(2026, 6, 1): Fraction("-3.14")}
    prognose = forecast_year_end(2026, werte, Einheit.VERAENDERUNG)
    assert prognose.wert == Fraction("-3.14")
    assert plain(prognose).endswith("(−3,1 %) verändert sich weiter wie von Juni bis Dezember 2025 (unverändert).")


def test_money_is_named_in_euros():
    werte = {date(2025, 6, 1): 500_000_000, date(2025, 12, 1): 530_000_000, date(2026, 6, 1): 480_000_000}
    prognose = forecast_year_end(2026, werte, Einheit.CENT)
    assert prognose.wert == 510_000_000
    assert "(4,8 Mio. €)" in plain(prognose)
    assert "(plus 300.000 €)" in plain(prognose)


@pytest.mark.parametrize("gone", [date(2025, 3, 1), date(2025, 12, 1)])
def test_without_last_years_course_the_last_value_stays(gone):
    for vorjahr in ({m: w for m, w in VORJAHR.items() if m != gone}, {**VORJAHR, gone: None}):
        prognose = forecast_year_end(2026, {**vorjahr, **rates(2026, "26.2", "26.4", "26.1")}, Einheit.PROZENT)
        assert (prognose.wert, prognose.monat, prognose.methode) == (Fraction("26.1"), date(2026, 3, 1), Prognosemethode.FORTSCHREIBUNG)
        assert plain(prognose) == (
            "Prognose für Dezember 2026: Der Wert von März 2026 (26,1 %) bleibt stehen, weil Werte aus dem Jahr 2025 fehlen."
        )


def test_a_gap_of_this_year_is_passed_over():
    prognose = forecast_year_end(2026, {**VORJAHR, **rates(2026, "26.2", "26.4", None, None)}, Einheit.PROZENT)
    assert (prognose.monat, prognose.wert) == (date(2026, 2, 1), Fraction("28.0"))


def test_a_year_without_a_value_has_no_forecast_but_a_reason():
    for werte in ({}, VORJAHR, {**VORJAHR, date(2026, 1, 1): None}, {date(2027, 1, 1): Fraction(20)}):
        prognose = forecast_year_end(2026, werte, Einheit.PROZENT)
        assert (prognose.wert, prognose.monat, prognose.methode) == (None, None, Prognosemethode.KEINE)
        assert plain(prognose) == "Keine Prognose: Für 2026 liegt noch kein Wert vor."


def test_a_known_december_is_the_result_and_no_forecast():
    prognose = forecast_year_end(2025, {**VORJAHR, date(2024, 12, 1): Fraction(99)}, Einheit.PROZENT, fest_ab=date(2026, 3, 31))
    assert (prognose.wert, prognose.monat, prognose.ist_ergebnis) == (Fraction("26.7"), date(2025, 12, 1), True)
    assert plain(prognose) == "Ergebnis des Jahres: der Wert von Dezember 2025."


def test_lasting_employment_is_still_forecast_when_the_year_is_long_over():
    """K2E3 in April 2027: the newest month is July 2026, its December is endgültig in September 2027."""
    werte = {date(2025, 7, 1): Fraction(62), date(2025, 12, 1): Fraction(64), date(2026, 7, 1): Fraction(63)}
    prognose = forecast_year_end(2026, werte, Einheit.PROZENT, fest_ab=reif_am("K2E3", date(2026, 12, 1)))
    assert (prognose.wert, prognose.ist_ergebnis) == (Fraction(65), False)
    assert plain(prognose).endswith("(plus 2,0 Prozentpunkte). Der Wert für Dezember 2026 kann ab 30. September 2027 endgültig sein.")
    assert bewerte_ziel(richtung="mindestens", ziel=66, toleranz=0, ist=63, prognose=prognose) is Zielstand.GEFAEHRDET


@pytest.mark.parametrize(("einheit", "lowest"), [(Einheit.ANZAHL, 0), (Einheit.PROZENT, 0), (Einheit.VERAENDERUNG, -100)])
def test_a_forecast_stays_possible(einheit, lowest):
    werte = {date(2025, 6, 1): lowest + 90, date(2025, 12, 1): lowest + 10, date(2026, 6, 1): lowest + 20}
    assert forecast_year_end(2026, werte, einheit).wert == lowest


@given(st.lists(st.fractions(0, 100, max_denominator=1000), min_size=12, max_size=12), st.integers(1, 11))
def test_a_year_like_the_last_one_ends_like_the_last_one(course, newest):
    last = {date(2025, n, 1): wert for n, wert in enumerate(course, 1)}
    this = {date(2026, n, 1): wert for n, wert in enumerate(course[:newest], 1)}
    assert forecast_year_end(2026, {**last, **this}, Einheit.PROZENT).wert == course[-1]


# --- the goal ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("richtung", "wert", "met"),
    [
        ("mindestens", "27.3", True),
        ("mindestens", "27", True),
        ("mindestens", "26.9", True),
        ("mindestens", "26.5", True),  # exactly on the tolerance
        ("mindestens", "26.499", False),
        ("hoechstens", "26", True),
        ("hoechstens", "27", True),
        ("hoechstens", "27.5", True),  # exactly on the tolerance
        ("hoechstens", "27.501", False),
    ],
)
def test_a_goal_with_its_tolerance(richtung, wert, met):
    args = {"richtung": richtung, "ziel": Decimal("27.00"), "toleranz": Decimal("0.50")}
    running = bewerte_ziel(**args, ist=None, prognose=forecast(wert))
    over = bewerte_ziel(**args, ist=Fraction(wert), prognose=forecast(wert, Prognosemethode.ERGEBNIS))
    assert running is (Zielstand.AUF_KURS if met else Zielstand.GEFAEHRDET)
    assert over is (Zielstand.ERREICHT if met else Zielstand.VERFEHLT)


@pytest.mark.parametrize(("wert", "stand"), [("27", Zielstand.ERREICHT), ("26.9999", Zielstand.VERFEHLT)])
def test_without_tolerance_not_even_rounding_helps(wert, stand):
    ergebnis = forecast(wert, Prognosemethode.ERGEBNIS)
    assert bewerte_ziel(richtung="mindestens", ziel=27, toleranz=0, ist=None, prognose=ergebnis) is stand


@pytest.mark.parametrize(
    ("wert", "stand"), [("-3.5", Zielstand.ERREICHT), ("-3", Zielstand.ERREICHT), ("-2.9", Zielstand.VERFEHLT), ("0", Zielstand.VERFEHLT)]
)
def test_a_decline_that_was_agreed(wert, stand):
    """K1 and K3: at most −3 %."""
    ergebnis = forecast(wert, Prognosemethode.ERGEBNIS)
    assert bewerte_ziel(richtung=Zielrichtung.HOECHSTENS, ziel=Decimal("-3.00"), toleranz=0, ist=None, prognose=ergebnis) is stand


def test_a_good_july_is_no_goal_reached():
    """The newest value is above the goal, last year's course leads below it again."""
    args = {"richtung": "mindestens", "ziel": 27, "toleranz": 0, "ist": Fraction(28)}
    assert bewerte_ziel(**args, prognose=forecast("26.5")) is Zielstand.GEFAEHRDET
    assert bewerte_ziel(**args, prognose=forecast("28")) is Zielstand.AUF_KURS


def test_where_nothing_is_forecast_the_newest_value_tells():
    keine = forecast_year_end(2026, {}, Einheit.PROZENT)
    for prognose in (None, keine):
        assert bewerte_ziel(richtung="mindestens", ziel=27, toleranz=0, ist=None, prognose=prognose) is Zielstand.OFFEN
        assert bewerte_ziel(richtung="mindestens", ziel=27, toleranz=0, ist=28, prognose=prognose) is Zielstand.AUF_KURS
        assert bewerte_ziel(richtung="mindestens", ziel=27, toleranz=0, ist=26, prognose=prognose) is Zielstand.GEFAEHRDET
    assert bewerte_ziel(richtung="mindestens", ziel=1, toleranz=0, ist=0, prognose=None) is Zielstand.GEFAEHRDET  # 0 is a value


def test_nonsense_is_refused():
    with pytest.raises(ValueError):
        bewerte_ziel(richtung="mindestens", ziel=27, toleranz=-1, ist=28, prognose=None)
    with pytest.raises(ValueError):
        bewerte_ziel(richtung="ungefaehr", ziel=27, toleranz=0, ist=28, prognose=None)


@given(st.fractions(-200, 200), st.fractions(-200, 200), st.fractions(0, 50), st.sampled_from(list(Zielrichtung)))
def test_at_least_and_at_most_mirror_each_other(wert, ziel, toleranz, richtung):
    (other,) = set(Zielrichtung) - {richtung}
    stand = bewerte_ziel(richtung=richtung, ziel=ziel, toleranz=toleranz, ist=None, prognose=forecast(wert))
    assert stand is bewerte_ziel(richtung=other, ziel=-ziel, toleranz=toleranz, ist=None, prognose=forecast(-wert))
