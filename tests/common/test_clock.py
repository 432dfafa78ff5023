from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from jobcenter.common import clock


def test_today_is_the_german_day():
    with clock.moved_to(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2027, 1, 1)


def test_the_clock_runs_again_afterwards():
    with clock.moved_to(datetime(2020, 1, 1, tzinfo=UTC)):
        assert clock.now().year == 2020
    assert abs((clock.now() - timezone.now()).total_seconds()) < 5


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.moved_to(datetime(2020, 1, 1)):
        pass
