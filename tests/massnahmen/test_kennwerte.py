"""The figures of domain.md 5.2 by vectors computed by hand, and what holds for all numbers."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massnahmen.queries.kennwerte import (
    Kennwert,
    Meldungssummen,
    Verbleibssummen,
    abbruchquote,
    auslastung,
    besetzungsquote,
    eingliederungsquote,
    is_reif,
    kosten_je_integration,
    kosten_je_teilnehmermonat,
    last_reif,
    nichtantrittsquote,
    reif_ab,
    teilnehmermonate,
    verbleibsquote,
    window_of,
)

# A month of 30 days with 20 places: 600 Platztage. 15 people were there on every day, that is 450 Teilnahmetage.
# 10 were assigned, 8 came, 2 did not. 12 left: 4 at the planned end, 3 for work, 3 broke off, 2 moved away.
# 2 began a job. The month cost 13.500,00 €.
MONAT = Meldungssummen(600, 450, 450, 10, 2, 8, 4, 3, 3, 2, 2, 1_350_000)


def test_a_month_computed_by_hand():
    assert auslastung(MONAT) == Kennwert(450, 600, Fraction(3, 4))  # 450 ÷ 600 = 75 %
    assert besetzungsquote(MONAT, 16) == Kennwert(8, 16, Fraction(1, 2))  # 8 of 16 planned
    assert nichtantrittsquote(MONAT) == Kennwert(2, 10, Fraction(1, 5))  # 2 of 10 assigned
    assert abbruchquote(MONAT) == Kennwert(3, 12, Fraction(1, 4))  # 3 of 12; the 3 who left for work are none
    assert teilnehmermonate(MONAT) == 15  # 450 ÷ 30
    assert kosten_je_teilnehmermonat(MONAT) == Kennwert(1_350_000, Fraction(15), Fraction(90_000))  # 900 € each
    assert kosten_je_integration(MONAT) == Kennwert(1_350_000, 2, Fraction(675_000))  # 6.750 € each


def test_two_months_are_added_up_before_they_are_divided():
    # Second month: 600 Platztage, 600 Teilnahmetage. Together 1.050 of 1.200 = 87,5 %, and so is the mean here; with a
    # third of 200 Platztage and none taken 1.050 of 1.400 = 75 %, while the mean of 75, 100 and 0 % would be 58,3 %.
    second, third = Meldungssummen(platztage=600, belegte_tage=600, teilnahmetage=600), Meldungssummen(platztage=200)
    assert auslastung(MONAT + second).wert == Fraction(7, 8)
    assert auslastung(MONAT + second + third).wert == Fraction(3, 4)


def test_days_of_months_without_places_do_not_fill_the_places_of_others():
    voucher = Meldungssummen(teilnahmetage=900, kosten_cent=100)
    assert auslastung(voucher).wert is None
    assert auslastung(MONAT + voucher).wert == Fraction(3, 4)
    assert teilnehmermonate(MONAT + voucher) == 45


def test_more_than_the_places_is_more_than_hundred_per_cent():
    assert auslastung(Meldungssummen(platztage=300, belegte_tage=330, teilnahmetage=330)).wert == Fraction(11, 10)


@pytest.mark.parametrize("figure", [auslastung, nichtantrittsquote, abbruchquote, kosten_je_teilnehmermonat, kosten_je_integration])
def test_without_a_denominator_there_is_no_figure(figure):
    assert figure(Meldungssummen()).wert is None


def test_few_exits_are_said():
    assert abbruchquote(Meldungssummen(austritte_abbruch=9)).hinweis == "wenige Austritte"
    assert abbruchquote(Meldungssummen(austritte_abbruch=1, austritte_arbeit=9)).hinweis == ""


def test_the_verbleib_is_known_nine_months_later():
    # Who leaves in January is looked at in July (6 months); the employment data of July is there 3 months later, in October.
    assert reif_ab(date(2026, 1, 1)) == date(2026, 10, 1)
    assert not is_reif(date(2026, 1, 1), date(2026, 9, 30))
    assert is_reif(date(2026, 1, 1), date(2026, 10, 1))
    assert reif_ab(date(2025, 5, 1)) == date(2026, 2, 1)
    assert last_reif(date(2026, 11, 20)) == date(2026, 2, 1)
    assert window_of(date(2026, 2, 1)) == (date(2025, 3, 1), date(2026, 2, 1))


def test_the_quota_of_twelve_months():
    # 25 left in the twelve months, 9 of them had a job with social insurance half a year later, 14 were not unemployed.
    known = Verbleibssummen(25, 9, 14, 25)
    ripe = date(2026, 11, 20)
    assert eingliederungsquote(known, date(2026, 2, 1), ripe) == Kennwert(9, 25, Fraction(9, 25))  # 36 %
    assert verbleibsquote(known, date(2026, 2, 1), ripe) == Kennwert(14, 25, Fraction(14, 25))  # 56 %
    assert eingliederungsquote(known, date(2026, 3, 1), ripe) == Kennwert(9, 25, None, date(2026, 12, 1), "noch nicht reif")
    some = eingliederungsquote(Verbleibssummen(8, 4, 4, 10), date(2026, 2, 1), ripe)
    assert some == Kennwert(4, 8, Fraction(1, 2), None, "Verbleib bekannt von 8 der 10 Austritte, wenige Austritte")


counts = st.integers(0, 500)
monthly = st.builds(Meldungssummen, *[counts] * 12)
exits = st.tuples(counts, counts, counts).map(lambda t: Verbleibssummen(sum(t), t[0], t[0] + t[1], sum(t)))
months = st.dates(date(2005, 1, 1), date(2060, 12, 31)).map(lambda day: day.replace(day=1))


@given(st.lists(monthly, max_size=8))
def test_an_aggregate_is_the_sum_of_numerators_by_the_sum_of_denominators(parts):
    total = sum(parts, Meldungssummen())
    for figure in (auslastung, nichtantrittsquote, abbruchquote, kosten_je_teilnehmermonat, kosten_je_integration):
        kennwerte = [figure(part) for part in parts]
        assert figure(total).zaehler == sum(k.zaehler for k in kennwerte)
        assert figure(total).nenner == sum(k.nenner for k in kennwerte)


@given(monthly, exits)
def test_shares_of_people_never_pass_a_hundred_per_cent(month, known):
    for kennwert in (abbruchquote(month), eingliederungsquote(known, date(2000, 1, 1)), verbleibsquote(known, date(2000, 1, 1))):
        assert kennwert.wert is None or 0 <= kennwert.wert <= 1


@given(months, months, st.dates(date(2005, 1, 1), date(2062, 1, 1)))
def test_who_left_earlier_is_ripe_earlier(one, other, today):
    first, second = sorted((one, other))
    assert reif_ab(first) <= reif_ab(second)
    assert is_reif(first, today) or not is_reif(second, today)
    assert is_reif(last_reif(today), today)
    assert not is_reif(window_of(reif_ab(last_reif(today)))[1], today)
