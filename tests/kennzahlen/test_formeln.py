"""The vectors of the law's formulas, every gap, and what must hold for any numbers."""

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kennzahlen
from kennzahlen.enums import Grundgroesse, Lesart
from kennzahlen.queries.formeln import (
    FORMELN,
    NENNER_TEILER,
    REIFE,
    Bruch,
    add_months,
    aggregate,
    benoetigt,
    compute,
    erklaere,
    from_stored,
    gerundet,
    month_end,
    quote,
    reif_am,
    to_stored,
    veraenderung,
    wert,
)

DEZEMBER = date(2024, 12, 1)
JAHR = [date(2024, monat, 1) for monat in range(1, 13)]
ELB = [10000, 10040, 10060, 9980, 9900, 9850, 9800, 9700, 9650, 9600, 9620, 9700]
INTEGRATIONEN = [180, 190, 240, 230, 220, 205, 210, 230, 300, 260, 190, 145]
ZUGAENGE = [520, 500, 480, 470, 460, 455, 470, 450, 440, 445, 470, 500]
ABGAENGE = [480, 470, 500, 560, 545, 520, 500, 560, 510, 495, 450, 410]
REIHEN = {
    Grundgroesse.ELB: {date(2023, 12, 1): 10020, **dict(zip(JAHR, ELB, strict=True))},
    Grundgroesse.INTEGRATIONEN: dict(zip(JAHR, INTEGRATIONEN, strict=True)),
    Grundgroesse.ELB_ZUGANG: dict(zip(JAHR, ZUGAENGE, strict=True)),
    Grundgroesse.ELB_ABGANG: dict(zip(JAHR, ABGAENGE, strict=True)),
}

codes = st.sampled_from(sorted(FORMELN))
monate = st.dates(date(2005, 1, 1), date(2099, 12, 31)).map(lambda day: day.replace(day=1))


def plain(lines: tuple[str, ...]) -> list[str]:
    return [line.replace("\u00a0", " ") for line in lines]


def full(code: str, monat: date, value: int = 7) -> dict[Grundgroesse, dict[date, int | None]]:
    """Three years around the month for every Grundgröße, all different."""
    months = [add_months(monat, n) for n in range(-24, 13)]
    return {g: {m: value + 40 * i + n for n, m in enumerate(months)} for i, g in enumerate(Grundgroesse)}


class Watched(dict):
    """A series that remembers which months were read."""

    def __init__(self, values, seen):
        super().__init__(values)
        self.seen = seen

    def get(self, key, default=None):
        self.seen.add(key)
        return super().get(key, default)

    def __getitem__(self, key):
        self.seen.add(key)
        return super().__getitem__(key)


# --- vectors ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "zaehler", "nenner", "exact", "shown"),
    [
        ("K2", 2600, 9825, "26.4631", "26.5"),
        ("K1E2", 9700, 10020, "-3.1936", "-3.2"),
        ("K1E3", 5660, 117900, "4.8007", "4.8"),
        ("K1E4", 6000, 118220, "5.0753", "5.1"),
    ],
)
def test_vectors_of_december_2024(code, zaehler, nenner, exact, shown):
    bruch = compute(code, REIHEN, DEZEMBER)
    assert bruch == Bruch(zaehler, Fraction(nenner))
    assert (gerundet(wert(code, bruch), 4), gerundet(wert(code, bruch))) == (Decimal(exact), Decimal(shown))


def test_both_readings_of_a_change():
    bruch = compute("K1E2", REIHEN, DEZEMBER)
    assert (gerundet(quote(bruch)), gerundet(veraenderung(bruch))) == (Decimal("96.8"), Decimal("-3.2"))
    assert veraenderung(bruch) == quote(bruch) - 100
    assert {code for code, formel in FORMELN.items() if formel.lesart is Lesart.VERAENDERUNG} == {"K1", "K1E1", "K1E2", "K3"}


@pytest.mark.parametrize(
    ("code", "stocks", "flows", "weighted", "mean"),
    [
        ("K1E3", ELB, ZUGAENGE, "4.80068", "4.79975"),
        ("K1E4", [10020, *ELB[:-1]], ABGAENGE, "5.07528", "5.07314"),
    ],
)
def test_average_rates_are_weighted_with_the_stock(code, stocks, flows, weighted, mean):
    rates = [Fraction(flow * 100, stock) for flow, stock in zip(flows, stocks, strict=True)]
    assert gerundet(sum(rates, Fraction()) / 12, 5) == Decimal(mean)
    assert gerundet(quote(compute(code, REIHEN, DEZEMBER)), 5) == Decimal(weighted)


def test_the_aggregate_is_not_the_mean_of_the_rates():
    own, other = compute("K2", REIHEN, DEZEMBER), Bruch(300, Fraction(2000))
    assert aggregate([own, other]) == Bruch(2900, Fraction(11825))
    assert gerundet(quote(aggregate([own, other]))) == Decimal("24.5")
    assert gerundet((quote(own) + quote(other)) / 2) == Decimal("20.7")


def test_k2e3_k3_and_money():
    g, before = Grundgroesse, date(2023, 12, 1)
    reihen = {
        g.KONTINUIERLICH: dict.fromkeys(JAHR, 128),
        g.VERSICHERT: dict.fromkeys(JAHR, 200),
        g.LZB: {before: 9549, DEZEMBER: 9096},
        g.LZB_AKTIV: {DEZEMBER: 910},
        g.LLU: {before: 500_000_000, DEZEMBER: 493_000_050},
    }
    assert compute("K2E3", reihen, DEZEMBER) == Bruch(1536, Fraction(2400))
    assert gerundet(wert("K3", compute("K3", reihen, DEZEMBER)), 2) == Decimal("-4.74")  # Kreis Offenbach, July 2018
    assert gerundet(wert("K3E2", compute("K3E2", reihen, DEZEMBER))) == Decimal("10.0")
    assert compute("K1", reihen, DEZEMBER) == Bruch(493_000_050, Fraction(500_000_000))
    assert compute("K1E1", reihen, DEZEMBER) is None


# The Verordnung once more, in words: what is counted · over which months up to December 2024 · divided by what · over which months.
MONATE = {
    "im Monat": [DEZEMBER],
    "im Vorjahresmonat": [date(2023, 12, 1)],
    "in zwölf Monaten": JAHR,
    "in den Vormonaten": [date(2023, 12, 1), *JAHR[:-1]],
    "im Mittel": JAHR,
}
VERORDNUNG = """
K1 llu im Monat / llu im Vorjahresmonat
K1E1 luh im Monat / luh im Vorjahresmonat
K1E2 elb im Monat / elb im Vorjahresmonat
K1E3 elb_zugang in zwölf Monaten / elb in zwölf Monaten
K1E4 elb_abgang in zwölf Monaten / elb in den Vormonaten
K2 integrationen in zwölf Monaten / elb im Mittel
K2E1 geringfuegig in zwölf Monaten / elb im Mittel
K2E2 gefoerdert in zwölf Monaten / elb im Mittel
K2E3 kontinuierlich in zwölf Monaten / versichert in zwölf Monaten
K2E4 integrationen_allein in zwölf Monaten / alleinerziehende im Mittel
K3 lzb im Monat / lzb im Vorjahresmonat
K3E1 integrationen_lzb in zwölf Monaten / lzb im Mittel
K3E2 lzb_aktiv im Monat / lzb im Monat
K3E3 lzb_zugang in zwölf Monaten / lzb in zwölf Monaten
K3E4 lzb_abgang in zwölf Monaten / lzb in den Vormonaten
"""


@pytest.mark.parametrize("zeile", VERORDNUNG.strip().splitlines())
def test_all_fifteen_formulas(zeile):
    code, _, rest = zeile.partition(" ")
    reihen = full(code, DEZEMBER)
    (zaehler, _), (nenner, twelfths) = (
        (sum(reihen[Grundgroesse(name)][m] for m in MONATE[months]), 12 if months == "im Mittel" else 1)
        for name, _, months in (side.partition(" ") for side in rest.split(" / "))
    )
    assert compute(code, reihen, DEZEMBER) == Bruch(zaehler, Fraction(nenner, twelfths))


# --- gaps -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("gone", JAHR)
@pytest.mark.parametrize("groesse", [Grundgroesse.ELB, Grundgroesse.INTEGRATIONEN])
def test_k2_needs_each_of_the_twelve_months(groesse, gone):
    for gap in ({m: v for m, v in REIHEN[groesse].items() if m != gone}, {**REIHEN[groesse], gone: None}):
        assert compute("K2", {**REIHEN, groesse: gap}, DEZEMBER) is None


def test_zero_is_a_number_and_no_gap():
    nobody = {**REIHEN, Grundgroesse.INTEGRATIONEN: dict.fromkeys(JAHR, 0)}
    assert compute("K2", nobody, DEZEMBER) == Bruch(0, Fraction(9825))
    assert compute("K2", {**REIHEN, Grundgroesse.ELB: dict.fromkeys(JAHR, 0)}, DEZEMBER) is None
    with pytest.raises(ValueError):
        Bruch(1, Fraction(0))


def test_a_day_within_a_month_is_refused_instead_of_read_as_a_gap():
    for call in (lambda: compute("K2", REIHEN, date(2024, 12, 31)), lambda: benoetigt("K2", date(2024, 12, 31))):
        with pytest.raises(ValueError):
            call()


@given(codes, monate)
def test_what_is_needed_is_exactly_what_is_read(code, monat):
    reihen, needed = full(code, monat), benoetigt(code, monat)
    bruch, seen = compute(code, reihen, monat), {g: set() for g in Grundgroesse}
    assert compute(code, {g: Watched(reihe, seen[g]) for g, reihe in reihen.items()}, monat) == bruch
    assert {(g, m) for g, months in seen.items() for m in months} == needed
    only_needed = {g: {m: v for m, v in reihe.items() if (g, m) in needed} for g, reihe in reihen.items()}
    assert compute(code, only_needed, monat) == bruch is not None
    for groesse, month in needed:
        gap = {**reihen, groesse: {m: v for m, v in reihen[groesse].items() if m != month}}
        assert compute(code, gap, monat) is None


@given(codes, monate, st.data())
def test_a_month_that_is_not_needed_changes_nothing(code, monat, data):
    reihen, needed = full(code, monat), benoetigt(code, monat)
    others = sorted((g, m) for g, reihe in reihen.items() for m in reihe if (g, m) not in needed)
    groesse, month = data.draw(st.sampled_from(others))
    gap = {**reihen, groesse: {m: v for m, v in reihen[groesse].items() if m != month}}
    assert compute(code, gap, monat) == compute(code, reihen, monat)


def test_the_window_of_twelve_months_crosses_the_year():
    march = date(2024, 3, 1)
    months = {m for groesse, m in benoetigt("K1E4", march) if groesse is Grundgroesse.ELB}
    assert (min(months), max(months), len(months)) == (date(2023, 3, 1), date(2024, 2, 1), 12)
    months = {m for groesse, m in benoetigt("K1E4", march) if groesse is Grundgroesse.ELB_ABGANG}
    assert (min(months), max(months), len(months)) == (date(2023, 4, 1), march, 12)
    assert {m for _, m in benoetigt("K3", date(2024, 2, 1))} == {date(2024, 2, 1), date(2023, 2, 1)}


# --- the table --------------------------------------------------------------------------------------------------
def test_every_official_kennzahl_has_its_formula_and_none_else():
    with (Path(kennzahlen.__file__).parent / "daten" / "kennzahlen.csv").open(encoding="utf-8") as file:
        einheiten = {row["code"]: row["einheit"] for row in csv.DictReader(file, delimiter=";") if row["art"] != "eigene"}
    assert set(einheiten) == set(FORMELN) == set(REIFE) == set(NENNER_TEILER)
    assert len(FORMELN) == 15
    as_lesart = {"prozent": Lesart.QUOTE, "veraenderung": Lesart.VERAENDERUNG}
    assert {code: formel.lesart for code, formel in FORMELN.items()} == {code: as_lesart[e] for code, e in einheiten.items()}
    with pytest.raises(KeyError):
        compute("K3E5", REIHEN, DEZEMBER)


def test_every_grundgroesse_is_used():
    assert {term.groesse for f in FORMELN.values() for term in (f.zaehler, f.nenner)} == set(Grundgroesse)


# --- aggregates -------------------------------------------------------------------------------------------------
zaehler = st.integers(0, 10**6)
brueche = st.lists(st.builds(Bruch, zaehler, st.fractions(min_value=1, max_value=10**6, max_denominator=12)), min_size=1)
bestaende = st.builds(Bruch, zaehler, st.integers(1, 10**6).map(Fraction))


@given(st.integers(1, 10**6), st.lists(zaehler, min_size=1, max_size=30))
def test_over_equal_stocks_the_aggregate_is_the_mean_of_the_rates(nenner, counts):
    parts = [Bruch(count, Fraction(nenner)) for count in counts]
    assert quote(aggregate(parts)) == sum(map(quote, parts), Fraction()) / len(parts)


@given(bestaende, bestaende)
def test_of_two_parts_it_is_the_mean_only_where_stocks_or_rates_are_equal(one, other):
    is_mean = quote(aggregate([one, other])) == (quote(one) + quote(other)) / 2
    assert is_mean == (one.nenner == other.nenner or quote(one) == quote(other))


@given(brueche, st.data())
def test_an_aggregate_lies_between_its_parts_in_any_order_and_any_grouping(parts, data):
    whole = aggregate(parts)
    assert min(map(quote, parts)) <= quote(whole) <= max(map(quote, parts))
    assert aggregate(data.draw(st.permutations(parts))) == whole
    cut = data.draw(st.integers(0, len(parts)))
    assert aggregate([part for part in (aggregate(parts[:cut]), aggregate(parts[cut:])) if part]) == whole


def test_nothing_has_no_aggregate():
    assert aggregate([]) is None
    assert aggregate(iter([Bruch(1, Fraction(2))])) == Bruch(1, Fraction(2))


# --- the denominator in the database ----------------------------------------------------------------------------
def test_only_means_of_twelve_months_are_counted_in_parts():
    assert {code for code, teiler in NENNER_TEILER.items() if teiler == 1200} == {"K2", "K2E1", "K2E2", "K2E4", "K3E1"}
    assert set(NENNER_TEILER.values()) == {1, 1200}
    assert to_stored("K2", Fraction(9825)) == 11_790_000
    assert to_stored("K2", Fraction(117_901, 12)) == 11_790_100  # a mean that is no decimal
    assert to_stored("K2", Fraction(Decimal("9825.08"))) == 11_790_096  # a delivered mean with two decimals
    assert to_stored("K3", Fraction(9549)) == 9549


@pytest.mark.parametrize(("code", "nenner"), [("K2", Fraction(1, 7)), ("K2", Fraction(Decimal("0.001"))), ("K3", Fraction(1, 2))])
def test_what_would_have_to_be_rounded_is_not_stored(code, nenner):
    with pytest.raises(ValueError, match=code):
        to_stored(code, nenner)


@given(codes, st.integers(1, 10**12))
def test_stored_round_trip(code, stored):
    assert to_stored(code, from_stored(code, stored)) == stored


@given(codes, monate, st.integers(1, 10**9))
def test_every_computed_denominator_can_be_stored(code, monat, value):
    bruch = compute(code, full(code, monat, value), monat)
    assert from_stored(code, to_stored(code, bruch.nenner)) == bruch.nenner


# --- months, waiting time, rounding -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("monat", "anzahl", "then"),
    [
        ((2024, 12), 1, (2025, 1)),
        ((2025, 1), -1, (2024, 12)),
        ((2024, 12), -12, (2023, 12)),
        ((2024, 1), -13, (2022, 12)),
        ((2024, 5), 0, (2024, 5)),
    ],
)
def test_months_over_the_end_of_a_year(monat, anzahl, then):
    assert add_months(date(*monat, 1), anzahl) == date(*then, 1)


@given(monate, st.integers(-200, 200))
def test_months_forth_and_back(monat, anzahl):
    assert add_months(add_months(monat, anzahl), -anzahl) == monat


def test_month_end_knows_leap_years():
    assert (month_end(date(2024, 2, 1)), month_end(date(2025, 2, 1))) == (date(2024, 2, 29), date(2025, 2, 28))


@pytest.mark.parametrize(
    ("code", "monat", "day"),
    [
        ("K2", date(2024, 12, 1), date(2025, 3, 31)),
        ("K2", date(2024, 11, 1), date(2025, 2, 28)),
        ("K3", date(2025, 2, 1), date(2025, 5, 31)),
        ("K2E3", date(2024, 12, 1), date(2025, 9, 30)),
        ("K2E3", date(2024, 5, 1), date(2025, 2, 28)),
    ],
)
def test_a_month_ripens_after_the_waiting_time(code, monat, day):
    assert reif_am(code, monat) == day


def test_only_lasting_employment_waits_longer():
    assert {code: months for code, months in REIFE.items() if months != 3} == {"K2E3": 9}


@pytest.mark.parametrize(
    ("value", "stellen", "shown"),
    [
        (Fraction("26.45"), 1, "26.5"),
        (Fraction("-3.25"), 1, "-3.3"),
        (Fraction("26.4499999999999999999999999999999999999"), 1, "26.4"),  # as a decimal of 28 digits it would round twice
        (Fraction(5, 2), 0, "3"),
        (Fraction(-1, 100), 1, "0.0"),
        (7, 2, "7.00"),
    ],
)
def test_rounded_half_up_once(value, stellen, shown):
    assert gerundet(value, stellen) == Decimal(shown)
    assert str(abs(gerundet(value, stellen))) == shown.lstrip("-")


# --- in words ---------------------------------------------------------------------------------------------------
def test_the_calculation_in_words():
    assert plain(erklaere("K2", REIHEN, DEZEMBER)) == [
        "Summe der Integrationen von Januar bis Dezember 2024: 2.600",
        "Durchschnitt der eLb aus zwölf Monaten: 9.825",
        "2.600 geteilt durch 9.825 sind 26,5 %",
    ]
    assert plain(erklaere("K1E2", REIHEN, DEZEMBER)) == [
        "Zahl der eLb im Dezember 2024: 9.700",
        "Zahl der eLb im Dezember 2023: 10.020",
        "9.700 geteilt durch 10.020 sind 96,8 %",
        "Veränderung gegenüber Dezember 2023: −3,2 %",
    ]
    assert plain(erklaere("K1E4", REIHEN, DEZEMBER)) == [
        "Summe der Abgänge von eLb von Januar bis Dezember 2024: 6.000",
        "Summe der Monatsbestände der eLb von Dezember 2023 bis November 2024: 118.220",
        "6.000 geteilt durch 118.220 sind 5,1 %",
    ]


def test_money_and_means_in_words():
    money = {Grundgroesse.LUH: {date(2023, 12, 1): 400_000_000, DEZEMBER: 410_000_050}}
    assert plain(erklaere("K1E1", money, DEZEMBER))[::2] == [
        "Summe der Leistungen für Unterkunft und Heizung im Dezember 2024: 4.100.000,50 €",
        "4.100.000,50 € geteilt durch 4.000.000 € sind 102,5 %",
    ]
    stocks = {**REIHEN, Grundgroesse.ELB: {**REIHEN[Grundgroesse.ELB], DEZEMBER: 9701}}
    assert plain(erklaere("K2", stocks, DEZEMBER))[1] == "Durchschnitt der eLb aus zwölf Monaten: 9.825,1"


def test_a_value_that_is_missing_says_why():
    gap = {
        Grundgroesse.ELB: {**REIHEN[Grundgroesse.ELB], date(2024, 3, 1): None, date(2024, 5, 1): None},
        Grundgroesse.INTEGRATIONEN: {DEZEMBER: 145},
    }
    assert plain(erklaere("K2", gap, DEZEMBER)) == [
        "Nicht berechnet, weil Werte fehlen",
        "Integrationen: 11 Monate",
        "Erwerbsfähige Leistungsberechtigte: März 2024, Mai 2024",
    ]
    nobody = {Grundgroesse.LZB_AKTIV: {DEZEMBER: 0}, Grundgroesse.LZB: {DEZEMBER: 0}}
    assert plain(erklaere("K3E2", nobody, DEZEMBER))[-1] == "Nicht berechnet, weil sich durch null nicht teilen lässt"


@given(codes, monate)
def test_every_formula_can_be_put_into_words(code, monat):
    lines = erklaere(code, full(code, monat), monat)
    assert len(lines) == (4 if FORMELN[code].lesart is Lesart.VERAENDERUNG else 3)
    assert str(gerundet(quote(compute(code, full(code, monat), monat)))).replace(".", ",").split(",")[1] in lines[2]
    assert erklaere(code, {}, monat)[0] == "Nicht berechnet, weil Werte fehlen"
