from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from jobcenter.common import typography as t


@pytest.mark.parametrize(
    ("value", "stellen", "expected"),
    [
        (0, 0, "0"),
        (10309, 0, "10.309"),
        (-5345, 0, "−5.345"),
        (Decimal("1234.55"), 1, "1.234,6"),
        (Decimal("-0.04"), 1, "0,0"),
        (None, 0, "–"),
    ],
)
def test_zahl(value, stellen, expected):
    assert t.zahl(value, stellen) == expected


def test_prozent_rounds_half_up():
    assert t.prozent(Decimal("26.45")) == "26,5\u00a0%"
    assert t.prozent(Decimal("-4.74")) == "−4,7\u00a0%"


@pytest.mark.parametrize(
    ("cent", "expected"),
    [(45_500_000, "455.000\u00a0€"), (123_450, "1.234,50\u00a0€"), (0, "0\u00a0€"), (-5, "−0,05\u00a0€"), (None, "–")],
)
def test_euro(cent, expected):
    assert t.euro(cent) == expected


def test_euro_kurz():
    assert t.euro_kurz(1_390_000_000) == "13,9\u00a0Mio.\u00a0€"
    assert t.euro_kurz(57_000_000) == "570.000\u00a0€"


def test_a_moment_is_taken_in_german_time():
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert t.datum(late) == "1.\u00a0Januar\u00a02027"
    assert t.zeitpunkt(late) == "1.\u00a0Januar\u00a02027, 00:30\u00a0Uhr"


@pytest.mark.parametrize(
    ("von", "bis", "expected"),
    [
        (date(2019, 8, 26), date(2019, 8, 30), "26.–30.\u00a0August\u00a02019"),
        (date(2014, 7, 1), date(2014, 7, 31), "Juli\u00a02014"),
        (date(2017, 1, 1), date(2017, 12, 31), "2017"),
        (date(2015, 1, 1), date(2022, 12, 31), "2015–2022"),
        (date(2018, 1, 1), date(2018, 10, 31), "Januar–Oktober\u00a02018"),
        (date(2018, 7, 31), date(2018, 7, 31), "31.\u00a0Juli\u00a02018"),
        (date(2024, 2, 1), date(2024, 2, 29), "Februar\u00a02024"),
        (date(2026, 11, 26), date(2027, 1, 3), "26.\u00a0November\u00a02026 bis 3.\u00a0Januar\u00a02027"),
        (date(2027, 1, 1), None, "ab 1.\u00a0Januar\u00a02027"),
    ],
)
def test_zeitraum(von, bis, expected):
    assert t.zeitraum(von, bis) == expected


def test_fingerabdruck_shows_sixteen_digits():
    assert t.fingerabdruck("0123456789abcdef" + "f" * 48) == "0123\u00a04567\u00a089ab\u00a0cdef"
