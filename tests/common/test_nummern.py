from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from jobcenter.common.nummern import next_nummer


@pytest.mark.django_db
def test_numbers_count_per_series_and_year():
    assert [next_nummer("a", 2026), next_nummer("a", 2026), next_nummer("b", 2026), next_nummer("a", 2027)] == [1, 2, 1, 1]


@pytest.mark.django_db
def test_a_rolled_back_transaction_gives_its_number_back():
    next_nummer("a", 2026)
    with pytest.raises(RuntimeError, match="stop"), transaction.atomic():
        assert next_nummer("a", 2026) == 2
        raise RuntimeError("stop")
    assert next_nummer("a", 2026) == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        next_nummer("a", 2026)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_no_gap():
    def take(_: int) -> int:
        try:
            with transaction.atomic():
                return next_nummer("gleichzeitig", 2026)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(take, range(24))) == list(range(1, 25))
