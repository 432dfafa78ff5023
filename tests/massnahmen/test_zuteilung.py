"""The estimate of a Zuteilung, against what the Verordnung of 2026 gave real Jobcenter, and always called an estimate."""

from decimal import Decimal

import pytest

from massnahmen.queries import estimate_egt, estimate_zuteilung, find_toepfe


@pytest.mark.parametrize(
    ("nummer", "name", "mio", "cent"),
    [
        # 4.683.000.000 € · (0,2086 % + 0,2199 %) / 2 = 10.033.327,50 €, and so on
        ("04412", "Saalekreis", "10.0", 10_033_327_50),
        ("45108", "Offenbach", "17.8", 17_828_181_00),
        ("07146", "Erzgebirgskreis", "11.2", 11_171_296_50),
        ("55522", "Saarlouis", "10.5", 10_506_310_50),
        ("72706", "Kronach", "1.2", 1_226_946_00),
    ],
)
def test_of_five_jobcenter(nummer, name, mio, cent):
    found = estimate_zuteilung(2026, nummer)
    assert (found.jobcenter, found.egt_cent, found.quelle) == (name, cent, "Schätzung nach EinglMV 2026")
    assert round(Decimal(found.egt_cent) / 100_000_000, 1) == Decimal(mio)


def test_administration_by_its_own_share():
    """5.218.818.500 € · 0,2256 % = 11.773.654,536 €."""
    assert estimate_zuteilung(2026, "04412").vwk_cent == 11_773_654_54


def test_a_later_year_says_whose_shares_it_takes_and_an_earlier_one_has_none():
    assert estimate_zuteilung(2027, "04412").quelle == "Schätzung nach EinglMV 2026, mit den Anteilen von 2026"
    assert estimate_zuteilung(2025, "04412") is None
    assert estimate_zuteilung(2026, "99001") is None
    assert find_toepfe(2025) is None


def test_half_a_cent_goes_up():
    """1,00 € · (0,3 % + 0,2 %) / 2 = 0,25 ct → 0; · (1 % + 0 %) / 2 = 0,5 ct → 1."""
    assert (estimate_egt(100, Decimal("0.3"), Decimal("0.2")), estimate_egt(100, Decimal(1), Decimal(0))) == (0, 1)
