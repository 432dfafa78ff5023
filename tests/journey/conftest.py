from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
from django.conf import global_settings
from django.conf import settings as django_settings
from django.db import connection

from tests.journey.processes import APPLICATION, Portal


@pytest.fixture
def portal(transactional_db, settings, tmp_path: Path) -> Iterator[Portal]:
    """The means to start the portal's processes; none of them, and no session of theirs, outlives the test."""
    settings.DEMO = True
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # the processes know no others
    redis.from_url(django_settings.REDIS_URL).flushdb()
    with ExitStack() as stack:
        yield Portal(stack, tmp_path)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()",
            [APPLICATION],
        )
