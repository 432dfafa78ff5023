"""The demo in a database of its own: seeded once in a run, copied for each test. A copy takes a second, seeding half a minute."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from tests.umzug import url_of

TEMPLATE = "demo_vorlage"


@contextmanager
def copied_demo(run: str) -> Iterator[None]:
    """Until the end of the block the tests' connection leads to a copy of the demo as it is on its first day.

    `run` tells this run of the tests from an earlier one, whose template is not to be trusted."""
    given = connection.settings_dict["NAME"]
    copy = f"{given}_demo"
    connections.close_all()
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(711)")  # one process seeds, the others wait for it
        if not _has_template(server, run):
            _make_template(server, given, run)
        _make(server, copy, TEMPLATE)
        server.execute("SELECT pg_advisory_unlock(711)")
        _lead_to(copy)
        try:
            yield
        finally:
            _lead_to(given)
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(copy)))


def _has_template(server: psycopg.Connection, run: str) -> bool:
    query = "SELECT shobj_description(oid, 'pg_database') = %s FROM pg_database WHERE datname = %s"
    return server.execute(query, [run, TEMPLATE]).fetchone() == (True,)


def _make_template(server: psycopg.Connection, empty: str, run: str) -> None:
    """Said to be of this run only when it is complete."""
    _make(server, TEMPLATE, empty)
    _lead_to(TEMPLATE)
    try:
        call_command("demo_daten")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    finally:
        _lead_to(empty)
    server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(TEMPLATE), sql.Literal(run)))


def _make(server: psycopg.Connection, name: str, template: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def _lead_to(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
