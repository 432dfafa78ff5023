"""Nobody solves for a hidden cell: an attacker of its own (integer linear programming, scipy) tries it on every table."""

import random
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from kennzahlen.queries.geheimhaltung import (
    GESAMT,
    Gleichung,
    NichtGeheimzuhalten,
    disclosed,
    folge,
    kreuztabelle,
    quote_verborgen,
    summe,
    suppress,
)

MONATE = [date(2025, m, 1) for m in range(1, 13)]


# --- the attacker -----------------------------------------------------------------------------------------------
def interval(
    werte: Mapping[Hashable, int | None], gleichungen: Iterable[Gleichung], verborgen: Iterable[Hashable], ziel: Hashable
) -> tuple[int, int | None]:
    """Least and greatest whole number that the published cells leave to a hidden one (None: no upper end)."""
    cells = {key: i for i, key in enumerate(verborgen)}
    rows, rights = [], []
    for gleichung in gleichungen:
        row, right = np.zeros(len(cells)), 0
        for side, factor in ((gleichung.links, 1), (gleichung.rechts, -1)):
            for key in side:
                if key in cells:
                    row[cells[key]] += factor
                else:
                    right -= factor * werte[key]
        if row.any():
            rows.append(row)
            rights.append(right)
    ends = []
    for sign in (1, -1):
        aim = np.zeros(len(cells))
        aim[cells[ziel]] = sign
        limits = [LinearConstraint(np.array(rows), rights, rights)] if rows else []
        found = milp(aim, constraints=limits, integrality=np.ones(len(cells)), bounds=Bounds(0, np.inf))
        assert found.status in {0, 3, 4}, found.message  # solved, or no end in this direction
        ends.append(None if found.x is None else round(found.x[cells[ziel]]))
    least, greatest = ends
    assert least is not None
    return least, greatest


def solved(werte, gleichungen, verborgen) -> set[Hashable]:
    """What the attacker knows in the end though it is hidden."""
    keys = list(verborgen)
    return {key for key in keys if len(set(interval(werte, gleichungen, keys, key))) == 1}


def fill(teile: dict[Hashable, int], gleichungen: list[Gleichung]) -> dict[Hashable, int]:
    """The totals to the parts."""
    werte = dict(teile)
    while missing := [g for g in gleichungen if g.links[0] not in werte]:
        for g in missing:
            if all(key in werte for key in g.rechts):
                werte[g.links[0]] = sum(werte[key] for key in g.rechts)
    return werte


def table(zeilen: int, spalten: int, zahl: Callable[[int], int], geschlechter: tuple[str, ...] = ("M", "F")):
    z = [f"z{i:02}" for i in range(zeilen)]
    s = [f"s{i:02}" for i in range(spalten)]
    gleichungen = kreuztabelle(z, s, geschlechter)
    teile = {(a, b, g): zahl(i) for i, a in enumerate(z) for b in s for g in (geschlechter or ("I",))}
    return fill(teile, gleichungen), gleichungen


@st.composite
def tables(draw):
    zeilen, spalten = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    geschlechter = draw(st.sampled_from([(), ("M", "F")]))
    top = draw(st.sampled_from([2, 4, 9, 40]))
    return table(zeilen, spalten, lambda _: draw(st.integers(0, top)), geschlechter)


def large(mean: int):
    """40 rows of very different size × 12 months × 3 sexes, always the same."""
    rnd = random.Random(1)
    scale = [2 * mean * rnd.random() for _ in range(40)]
    return table(40, 12, lambda i: max(0, round(rnd.gauss(scale[i], scale[i] ** 0.5))))


# --- the example of the rules -----------------------------------------------------------------------------------
EINTRITTE = {
    ("AGH", "Eintritte", "M"): 14,
    ("AGH", "Eintritte", "F"): 2,
    ("EvL", "Eintritte", "M"): 3,
    ("EvL", "Eintritte", "F"): 3,
    ("EGZ", "Eintritte", "M"): 9,
    ("EGZ", "Eintritte", "F"): 7,
}
SUMMEN = kreuztabelle(["AGH", "EvL", "EGZ"], ["Eintritte"])


def test_the_example_is_published_as_printed():
    werte = fill(EINTRITTE, SUMMEN)
    verborgen = suppress(werte, SUMMEN)
    printed = [
        ["*" if (z, "Eintritte", g) in verborgen else werte[z, "Eintritte", g] for g in ("M", "F", "I")]
        for z in ("AGH", "EvL", "EGZ", GESAMT)
    ]
    assert printed == [["*", "*", 16], ["*", "*", 6], [9, 7, 16], [26, 12, 38]]
    assert interval(werte, SUMMEN, verborgen, ("AGH", "Eintritte", "F")) == (0, 5)
    assert disclosed(werte, SUMMEN, verborgen) == frozenset()


def test_one_star_alone_is_no_secret():
    werte = fill(EINTRITTE, SUMMEN)
    f_agh, m_agh, f_evl = (("AGH", "Eintritte", "F"), ("AGH", "Eintritte", "M"), ("EvL", "Eintritte", "F"))
    for verborgen in ([f_agh], [f_agh, m_agh], [f_agh, m_agh, f_evl]):
        assert disclosed(werte, SUMMEN, verborgen) == solved(werte, SUMMEN, verborgen) == set(verborgen)


def test_stars_in_pairs_can_still_give_a_cell_away():
    """Two hidden cells in every row and column, and yet the middle one follows: two blocks hang together by it alone."""
    blocks = {(0, 0), (0, 1), (1, 0), (1, 1), (3, 3), (3, 4), (4, 3), (4, 4)}
    bridge = {(2, 1), (2, 3)}
    gleichungen = kreuztabelle(range(5), range(5), ())
    werte = fill({(z, s, "I"): 10 + z + s for z in range(5) for s in range(5)}, gleichungen)
    verborgen = [(z, s, "I") for z, s in blocks | bridge]
    assert disclosed(werte, gleichungen, verborgen) == solved(werte, gleichungen, verborgen) == {(2, 1, "I"), (2, 3, "I")}
    whole = suppress(werte, gleichungen, veroeffentlicht=dict.fromkeys(verborgen, False))
    assert whole > set(verborgen)
    assert not solved(werte, gleichungen, whole)


# --- single cases -----------------------------------------------------------------------------------------------
def test_nothing_small_nothing_hidden():
    werte, gleichungen = table(6, 5, lambda i: 0 if i == 2 else 3 + i)
    assert suppress(werte, gleichungen) == frozenset()


def test_a_zero_is_a_partner_only_where_there_is_no_other():
    assert suppress({"Σ": 9, "a": 2, "b": 7, "c": 0}, [summe("Σ", "a", "b", "c")]) == {"a", "b"}
    # between the large number and the total, a zero costs less than the total
    assert suppress({"Σ": 2003, "a": 2, "b": 2001, "c": 0}, [summe("Σ", "a", "b", "c")]) == {"a", "b"}
    open_before = {"Σ": True, "b": True}
    assert suppress({"Σ": 9, "a": 2, "b": 7, "c": 0}, [summe("Σ", "a", "b", "c")], veroeffentlicht=open_before) == {"a", "c"}


@pytest.mark.parametrize("total", [1, 2])
def test_a_small_total_is_hidden_and_its_only_part_too(total):
    gleichungen = [summe("Σ", "a", "b")]
    assert suppress({"Σ": total, "a": total, "b": 0}, gleichungen) == {"Σ", "a"}
    assert suppress({"x": total, "y": 5, "z": 0}, []) == {"x"}


def test_of_two_hidden_zeros_both_are_known():
    """0 + 0 under an open total of zero: no cell can rise, none can fall."""
    assert disclosed({"Σ": 0, "a": 0, "b": 0}, [summe("Σ", "a", "b")], ["a", "b"]) == {"a", "b"}
    assert disclosed({"Σ": 1, "a": 1, "b": 0}, [summe("Σ", "a", "b")], ["a", "b"]) == frozenset()


def test_nested_totals():
    gleichungen = [summe("Land", "Nord", "Süd"), summe("Nord", "n1", "n2"), summe("Süd", "s1", "s2")]
    werte = {"Land": 40, "Nord": 12, "Süd": 28, "n1": 2, "n2": 10, "s1": 8, "s2": 20}
    assert suppress(werte, gleichungen) == {"n1", "n2"}
    werte |= {"n1": 2, "n2": 0, "Nord": 2, "Land": 30}
    verborgen = suppress(werte, gleichungen)
    assert verborgen == {"n1", "Nord", "Land"}  # two more would be needed below Süd
    assert not solved(werte, gleichungen, verborgen)


def test_stock_and_flow():
    """Bestand + Abgänge = Bestand before + Zugänge gives the only hidden flow away."""
    gleichung = Gleichung(("Bestand2", "Ab"), ("Bestand1", "Zu"))
    werte = {"Bestand1": 50, "Zu": 2, "Ab": 7, "Bestand2": 45}
    assert disclosed(werte, [gleichung], ["Zu"]) == {"Zu"}
    assert suppress(werte, [gleichung]) == {"Zu", "Ab"}


def test_what_its_source_hid_gets_a_partner_too():
    assert suppress({"I": 16, "M": None, "F": None}, [summe("I", "M", "F")]) == {"M", "F"}
    assert suppress({"I": 16, "M": None, "F": 9}, [summe("I", "M", "F")]) == {"M", "F"}
    assert suppress({"I": None, "M": None, "F": None}, [summe("I", "M", "F")]) == {"I", "M", "F"}
    # a total of zero leaves them no choice
    assert disclosed({"I": 0, "M": None, "F": None}, [summe("I", "M", "F")], []) == {"M", "F"}


def test_rates_of_hidden_counts_are_hidden():
    verborgen = frozenset({"Z"})
    assert quote_verborgen("Z", "N", verborgen)
    assert quote_verborgen("N", "Z", verborgen)
    assert not quote_verborgen("N", "M", verborgen)


@pytest.mark.parametrize(
    ("werte", "satz"),
    [
        ({"Σ": 9, "a": 2, "b": 6}, "Die Summe stimmt nicht: a, b, Σ"),
        ({"Σ": 9, "a": 2}, "Ohne Wert: b"),
        ({"Σ": 9, "a": 10, "b": -1}, "nie negativ: b"),
        ({"Σ": 9, "a": 10, "b": None}, "Die Summen stimmen nicht"),
    ],
)
def test_what_cannot_be_a_table_is_refused(werte, satz):
    with pytest.raises(ValueError, match=satz):
        suppress(werte, [summe("Σ", "a", "b")])


def test_many_cells_hidden_at_their_source_are_no_burden():
    werte, gleichungen = large(20)
    known = {key: None if key[0] < "z20" and key[2] in {"M", "F"} and key[1] != GESAMT else wert for key, wert in werte.items()}
    start = time.process_time()
    verborgen = suppress(known, gleichungen)
    assert time.process_time() - start < 4
    assert sum(wert is None for wert in known.values()) < len(verborgen) < 900  # such a crowd may only rise, which hides more than needed
    assert not disclosed(known, gleichungen, verborgen)


# --- what was published before ----------------------------------------------------------------------------------
def test_what_is_out_already_can_leave_nothing_to_hide():
    with pytest.raises(NichtGeheimzuhalten, match="Nicht geheim zu halten: Feb") as error:
        suppress(
            {"Jan": 5, "Feb": 2, "bis Feb": 7},
            [summe("bis Feb", "Jan", "Feb")],
            veroeffentlicht={"Jan": True, "bis Feb": True, "Feb": False},
        )
    assert error.value.schluessel == ("Feb",)
    with pytest.raises(NichtGeheimzuhalten):
        suppress({"a": 2}, [], veroeffentlicht={"a": True})


def test_folge_knows_year_to_date_and_twelve_months():
    monate = [date(2024, 12, 1), *MONATE]
    keys = folge(monate, lambda m: ("x", m), jahr_bisher=lambda m: ("j", m), zwoelf_monate=lambda m: ("r", m))
    jan, feb, nov24, dez24, dez = MONATE[0], MONATE[1], date(2025, 11, 1), date(2024, 12, 1), MONATE[11]
    assert summe(("j", jan), ("x", jan)) in keys
    assert summe(("j", feb), ("j", jan), ("x", feb)) in keys
    assert summe(("r", nov24), *(("x", m) for m in monate[:12])) in keys
    assert not any(("j", dez24) in g.links for g in keys)  # its year is not all here
    short = folge([dez24, *MONATE[1:]], lambda m: m, zwoelf_monate=lambda m: ("r", m))
    assert short == [Gleichung((("r", dez), dez24), (("r", nov24), dez))]
    # the window moves on: what comes in and what falls out
    werte = {("x", m): 5 + m.month for m in monate}
    assert disclosed(fill(werte | {("j", dez24): 99}, keys), keys, [("x", dez)]) == {("x", dez)}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=12, max_size=12))
def test_month_by_month_with_the_year_to_date(flows):
    """Every month is published on its own and never taken back: the reader of December has kept all eleven before."""
    werte, before = {}, {}
    for number, (monat, (maenner, frauen)) in enumerate(zip(MONATE, flows, strict=True), start=1):
        werte |= {(monat, "M"): maenner, (monat, "F"): frauen}
        gleichungen = [summe((m, "I"), (m, "M"), (m, "F")) for m in MONATE[:number]]
        gleichungen += [summe(("bis", m, "I"), ("bis", m, "M"), ("bis", m, "F")) for m in MONATE[:number]]
        for g in "MFI":
            gleichungen += folge(MONATE[:number], lambda m, g=g: (m, g), jahr_bisher=lambda m, g=g: ("bis", m, g))
        werte = fill(werte, gleichungen)
        verborgen = suppress(werte, gleichungen, veroeffentlicht=before)
        assert {key for key, hidden in before.items() if not hidden} <= verborgen
        assert not verborgen & {key for key, shown in before.items() if shown}
        before = {key: key not in verborgen for key in werte}
    assert not solved(werte, gleichungen, verborgen)


# --- any table --------------------------------------------------------------------------------------------------
@settings(max_examples=120, deadline=None)
@given(tables())
def test_no_table_can_be_solved(given_table):
    werte, gleichungen = given_table
    verborgen = suppress(werte, gleichungen)
    primary = {key for key, wert in werte.items() if wert in {1, 2}}
    assert primary <= verborgen
    assert primary or not verborgen
    assert not solved(werte, gleichungen, verborgen)
    assert not disclosed(werte, gleichungen, verborgen)


@settings(max_examples=100, deadline=None)
@given(tables(), st.data())
def test_the_audit_finds_all_that_the_attacker_finds(given_table, data):
    """Any pattern of stars, not only ours. In two dimensions the audit is exact."""
    werte, gleichungen = given_table
    verborgen = data.draw(st.lists(st.sampled_from(sorted(werte)), min_size=1, max_size=12, unique=True))
    found = solved(werte, gleichungen, verborgen)
    assert found <= disclosed(werte, gleichungen, verborgen)
    if not any("M" in key for key in werte):
        assert found == disclosed(werte, gleichungen, verborgen)


@settings(max_examples=40, deadline=None)
@given(tables(), st.data())
def test_tables_with_cells_that_their_source_hid(given_table, data):
    werte, gleichungen = given_table
    unknown = data.draw(st.lists(st.sampled_from(sorted(werte)), max_size=6, unique=True))
    known = {key: None if key in unknown else wert for key, wert in werte.items()}
    verborgen = suppress(known, gleichungen)
    assert verborgen >= set(unknown)
    assert not solved(werte, gleichungen, verborgen)


@settings(max_examples=40, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_same_table_gives_the_same_stars(given_table, rnd):
    werte, gleichungen = given_table
    items, rows = list(werte.items()), list(gleichungen)
    rnd.shuffle(items)
    assert suppress(dict(items), rows) == suppress(werte, gleichungen)


@pytest.mark.parametrize(("mean", "most"), [(3, 1.6), (20, 1.5), (200, 2.5)])
def test_a_large_table_is_fast_and_mostly_open(mean, most):
    """40 × 12 × 3 with totals. Secondary stars stay in proportion to the primary ones."""
    werte, gleichungen = large(mean)
    primary = sum(wert in {1, 2} for wert in werte.values())
    start = time.process_time()
    verborgen = suppress(werte, gleichungen)
    assert time.process_time() - start < 2
    assert len(werte) == 1599
    assert primary < len(verborgen) <= most * primary
    assert not disclosed(werte, gleichungen, verborgen)
