"""Places times days of the month in the term: of the contract, else of what the programme of the year plans."""

from datetime import date

import pytest

from massnahmen.models import Massnahme, Vertrag
from massnahmen.queries import platztage, platztage_many

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("monat", "tage"),
    [
        (date(2025, 12, 1), 0),
        (date(2026, 1, 1), 170),  # from the 15th: 17 days × 10
        (date(2026, 2, 1), 280),
        (date(2028, 2, 1), 290),  # a leap year
        (date(2028, 3, 1), 100),  # up to the 10th
        (date(2028, 4, 1), 0),
    ],
)
def test_days_of_the_month_inside_the_term_of_the_contract(run, monat, tage):
    assert platztage(run(beginn=date(2026, 1, 15), ende=date(2028, 3, 10)), monat) == tage


def test_a_notice_ends_the_term(run):
    massnahme = run()
    Vertrag.objects.update(gekuendigt_zum=date(2026, 5, 20), kuendigungsgrund="Zu wenige kommen.")
    assert [platztage(massnahme, date(2026, m, 1)) for m in (4, 5, 6)] == [300, 200, 0]


def test_without_a_contract_the_programme_of_the_year_says_it(programm, plan):
    [position] = plan(programm, 1, plaetze=12)  # 2027
    assert platztage(position.massnahme, date(2027, 4, 1)) == 12 * 30
    assert platztage(position.massnahme, date(2028, 4, 1)) is None  # no programme plans it yet
    [gap] = plan(programm, 1, plaetze=None, titel="Ohne Plätze")
    assert platztage(gap.massnahme, date(2027, 4, 1)) is None


def test_without_a_beginning_nothing_is_known():
    assert platztage(Massnahme.objects.create(titel="Nur ein Titel"), date(2026, 4, 1)) is None


def test_many_at_once_take_three_queries(run, programm, plan, django_assert_num_queries):
    running = [run(f"Maßnahme {n}", plaetze=n + 1) for n in range(10)]
    planned = [position.massnahme for position in plan(programm, 10)]
    monate = [date(2027, 1, 1), date(2027, 2, 1)]
    with django_assert_num_queries(3):
        found = platztage_many([m.pk for m in running + planned], monate)
    assert len(found) == 40
    assert found[running[4].pk, monate[1]] == 5 * 28
    assert all(found[m.pk, monat] == platztage(m, monat) for m in running + planned for monat in monate)
