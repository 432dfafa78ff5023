from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.common.templatetags.kern import BAR_WIDTH, geldbalken, menuepunkt, stand_art, tel
from tests.html import Page

POSTEN = st.lists(st.tuples(st.text(min_size=1, max_size=8), st.integers(min_value=0, max_value=10**12)), min_size=1, max_size=12)


@given(POSTEN)
def test_a_money_bar_loses_no_cent_and_stays_inside(posten):
    balken = geldbalken(posten, id="x", titel="y")
    teile = balken["teile"]
    assert sum(teil.cent for teil in teile) == balken["summe"] == sum(cent for _, cent in posten)
    assert len(teile) <= 5
    for teil in teile:
        assert Decimal(teil.x) >= 0
        assert Decimal(teil.x) + Decimal(teil.breite) <= BAR_WIDTH + Decimal("0.1")


def test_small_parts_become_one_and_the_largest_comes_first():
    teile = geldbalken([(name, cent) for cent, name in enumerate("abcdefg", start=1)], id="x", titel="y")["teile"]
    assert [(teil.name, teil.cent) for teil in teile] == [("g", 7), ("f", 6), ("e", 5), ("d", 4), ("Weitere", 6)]


def test_a_money_bar_is_said_in_words():
    html = Template('{% geldbalken posten id="mittel" titel="6.000 € für 2027" %}').render(
        Context({"posten": [("A", 400_000), ("B", 200_000)]})
    )
    shown = Page(html)
    image = shown.one("svg", role="img")
    title = shown.by_id(image.attrs["aria-labelledby"])
    assert title.text == "6.000 € für 2027: A 4.000\u00a0€, B 2.000\u00a0€"
    assert "style=" not in html


def test_no_money_no_division_by_zero():
    assert geldbalken([("A", 0)], id="x", titel="y")["teile"] == []


@pytest.mark.parametrize(
    ("pfad", "genau", "current"),
    [
        ("/beirat/", False, "page"),
        ("/beirat/sitzungen/22/", False, "true"),
        ("/beirat/sitzungen/22/", True, None),
        ("/presse/", False, None),
    ],
)
def test_the_menu_knows_where_you_are(pfad, genau, current):
    link = Page(menuepunkt(pfad, "beirat:beirat", "Beirat", genau)).one("a")
    assert link.attrs.get("aria-current") == current


@pytest.mark.parametrize(
    ("number", "address"), [("09999 100-0", "tel:+4999991000"), ("+49 9999 1000", "tel:+4999991000"), ("115", "tel:115")]
)
def test_telephone_numbers_can_be_dialled(number, address):
    assert tel(number) == address


def test_unknown_states_are_neutral():
    assert [stand_art(state) for state in ("veroeffentlicht", "abgelehnt", "entwurf")] == ["success", "danger", "neutral"]
