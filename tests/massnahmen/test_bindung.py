"""A price over the years of its term: exact to the cent, whatever the days."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massnahmen.actions import add_position
from massnahmen.enums import Finanzquelle, Weg
from massnahmen.models import Instrument, Massnahme, Vertrag, Vertragsoption
from massnahmen.queries import distribute, read_bindungen, split_by_year

DAYS = st.dates(date(2005, 1, 1), date(2060, 12, 31))
TERMS = st.tuples(DAYS, DAYS).map(sorted)
PRICES = st.integers(0, 1_000_000_000_00)


@given(PRICES, TERMS)
def test_the_years_add_up_to_the_price_and_none_is_negative(preis, term):
    parts = split_by_year(preis, *term)
    assert sum(parts.values()) == preis
    assert min(parts.values()) >= 0
    assert list(parts) == list(range(term[0].year, term[1].year + 1))


@given(PRICES, TERMS)
def test_a_year_is_less_than_a_cent_off_its_days(preis, term):
    beginn, ende = term
    whole = (ende - beginn).days + 1
    for jahr, cent in split_by_year(preis, beginn, ende).items():
        days = (min(ende, date(jahr, 12, 31)) - max(beginn, date(jahr, 1, 1))).days + 1
        assert abs(cent - Fraction(preis * days, whole)) < 1


@given(PRICES, st.integers(2005, 2060), st.data())
def test_a_term_within_a_year_is_that_year(preis, jahr, data):
    beginn, ende = sorted(data.draw(st.tuples(*[st.dates(date(jahr, 1, 1), date(jahr, 12, 31))] * 2)))
    assert split_by_year(preis, beginn, ende) == {jahr: preis}


@given(PRICES, st.lists(st.integers(0, 10**9), max_size=40))
def test_parts_add_up_and_are_less_than_one_off(amount, weights):
    parts, whole = distribute(amount, weights), sum(weights)
    assert sum(parts) == (amount if whole else 0)
    assert all(abs(part - Fraction(amount * weight, whole)) < 1 for part, weight in zip(parts, weights, strict=True) if whole)


def test_by_hand():
    """1 September 2026 to 31 August 2028: 122 days, 365, 244 of 731. 100.000 € · 122/731 = 16.689,466… €."""
    assert split_by_year(100_000_00, date(2026, 9, 1), date(2028, 8, 31)) == {2026: 16_689_47, 2027: 49_931_60, 2028: 33_378_93}
    assert split_by_year(1, date(2027, 12, 31), date(2028, 1, 1)) == {2027: 1, 2028: 0}


# --- contracts ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def massnahme(db) -> Massnahme:
    mat = Instrument.objects.create(kurz="mat", name="MAbE", klartext="Kurs", paragraph="§ 45", gruppe="A", finanzquelle=Finanzquelle.EGT)
    return Massnahme.objects.create(titel="Kurs", instrument=mat, weg=Weg.EIGEN, vergabestand="ohne")


@pytest.fixture
def vertrag(massnahme, traeger) -> Vertrag:
    """731.000 € over 731 days: 1.000 € a day."""
    return Vertrag.objects.create(
        massnahme=massnahme,
        traeger=traeger,
        geschlossen_am=date(2026, 6, 1),
        beginn=date(2026, 9, 1),
        ende=date(2028, 8, 31),
        plaetze=12,
        preis_cent=731_000_00,
    )


def test_a_contract_binds_every_year_of_its_term(vertrag):
    found = read_bindungen(2026)
    instrument = vertrag.massnahme.instrument_id
    assert found.jahre == {2026: {instrument: 122_000_00}, 2027: {instrument: 365_000_00}, 2028: {instrument: 244_000_00}}
    assert found.after(2026) == {2027: 365_000_00, 2028: 244_000_00}
    assert read_bindungen(2028).jahre == {2028: {instrument: 244_000_00}}
    assert read_bindungen(2029).jahre == {}


def test_options_follow_one_another_and_only_drawn_ones_bind(vertrag):
    """The contract's end moves with the option that is drawn: its own term is the one before."""
    Vertragsoption.objects.create(
        vertrag=vertrag, nummer=1, ende=date(2029, 8, 31), preis_cent=365_000_00, ziehbar_bis=date(2028, 6, 30), gezogen_am=date(2028, 5, 2)
    )
    Vertragsoption.objects.create(vertrag=vertrag, nummer=2, ende=date(2030, 8, 31), preis_cent=999_999_00, ziehbar_bis=date(2029, 6, 30))
    vertrag.ende_ohne_optionen, vertrag.ende = vertrag.ende, date(2029, 8, 31)
    vertrag.save()
    found = read_bindungen(2026)
    # 2028: 244 days of the contract, and 122 of the option's 365 (1 September 2028 to 31 August 2029)
    assert [found.sum_of(jahr) for jahr in (2026, 2027, 2028, 2029, 2030)] == [122_000_00, 365_000_00, 366_000_00, 243_000_00, 0]
    Vertragsoption.objects.filter(nummer=2).update(gezogen_am=date(2029, 5, 1), preis_cent=365_000_00)
    Vertrag.objects.update(ende=date(2030, 8, 31))
    assert read_bindungen(2030).sum_of(2030) == 243_000_00


def test_after_an_early_end_nothing_binds(vertrag):
    Vertrag.objects.update(gekuendigt_zum=date(2027, 1, 31), kuendigungsgrund="Zu wenige Teilnehmende")
    assert read_bindungen(2026).jahre == {
        jahr: {vertrag.massnahme.instrument_id: cent} for jahr, cent in ((2026, 122_000_00), (2027, 31_000_00))
    }
    Vertrag.objects.update(gekuendigt_zum=date(2026, 8, 1))
    assert read_bindungen(2026).jahre == {}


def test_the_plan_of_a_year_says_the_share_of_the_eingliederungstitel(vertrag, programm, angaben, planung, massnahme):
    """In 2027 it pays 42.000.000 of 52.000.050 cents; 365.000 € · 0,8076915… = 294.807,40 €. So it does in 2028, which
    nobody has planned yet; before the first plan it pays what it usually pays for the instrument: all of it."""
    position = add_position(programm=programm, angaben=angaben, by=planung)
    position.massnahme = massnahme
    position.save()
    found = read_bindungen(2026)
    assert found.sum_of(2027) == round(Fraction(365_000_00 * 42_000_000, 52_000_050))
    assert (found.sum_of(2026), found.sum_of(2028)) == (122_000_00, round(Fraction(244_000_00 * 42_000_000, 52_000_050)))


def test_what_others_usually_pay_binds_nothing(vertrag):
    Instrument.objects.update(finanzquelle=Finanzquelle.KOMMUNE)
    assert read_bindungen(2026).jahre == {}
    Massnahme.objects.update(instrument=None)
    assert read_bindungen(2026).jahre == {}


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_it_costs_the_same_however_many_contracts(massnahme, traeger, django_assert_num_queries, anzahl):
    for number in range(anzahl):
        other = Massnahme.objects.create(titel=f"Kurs {number}", instrument=massnahme.instrument, weg=Weg.EIGEN, vergabestand="ohne")
        row = Vertrag.objects.create(
            massnahme=other,
            traeger=traeger,
            geschlossen_am=date(2026, 6, 1),
            beginn=date(2026, 9, 1),
            ende_ohne_optionen=date(2027, 8, 31),
            ende=date(2028, 8, 31),
            plaetze=12,
            preis_cent=5,
        )
        Vertragsoption.objects.create(
            vertrag=row, nummer=1, ende=date(2028, 8, 31), preis_cent=1, ziehbar_bis=date(2028, 1, 1), gezogen_am=date(2027, 1, 1)
        )
    with django_assert_num_queries(3):
        read_bindungen(2026)
