"""The whole demo in the database: seeded once for all tests of a file that only read it."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.management import call_command
from django.test.utils import override_settings
from django.utils import timezone

from jobcenter.common import clock
from jobcenter.demo.kalender import Kalender
from jobcenter.demo.vorfuehrung import seed_demo
from tests.conftest import drop_blocks

START = datetime.fromisoformat("2026-11-22T10:00")  # German time


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Committed, and taken away after the last test of the file."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), quick, clock.moved_to(timezone.make_aware(START)):
        list(seed_demo())
    yield
    with django_db_blocker.unblock():
        drop_blocks()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def demo(seeded, db, at) -> Kalender:
    """What the demo holds on its first day."""
    at(START)
    return Kalender(START.date())
