"""An empty database beside the one of the tests, for migrations with rows of an earlier version in it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]


def url_of(name: str) -> str:
    return re.sub(r"/[^/?]*($|\?)", rf"/{name}\1", os.environ["DATABASE_URL"])


def migrate(*target: str) -> None:
    """As a deployment does it, in a process of its own."""
    environment = os.environ | {"DATABASE_URL": url_of("umzug")}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0", *target], cwd=ROOT, check=True, env=environment)


@contextmanager
def fresh_database() -> Iterator[psycopg.Connection]:
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(710)")  # one of these tests at a time
        server.execute("DROP DATABASE IF EXISTS umzug WITH (FORCE)")
        server.execute("CREATE DATABASE umzug")
        with psycopg.connect(url_of("umzug"), autocommit=True) as database:
            yield database
        server.execute("DROP DATABASE umzug WITH (FORCE)")
