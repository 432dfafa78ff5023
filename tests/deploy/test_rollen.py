"""The database role of the portal reads and writes rows, and that is all."""

import psycopg
import pytest
from psycopg import errors

from tests.deploy.conftest import OWNER, PORTAL

CHANGES_NOTHING = [
    "TRUNCATE beirat_stimme CASCADE",
    "TRUNCATE massnahmen_fassung CASCADE",
    "ALTER TABLE beirat_stimme DISABLE TRIGGER ALL",
    "ALTER TABLE massnahmen_fassung DROP CONSTRAINT fassung_pruefsumme_stimmt",
    "ALTER TABLE massnahmen_fassung OWNER TO jobcenter",
    "DROP TABLE beirat_beschluss CASCADE",
    "CREATE TABLE public.fremd (id int)",
    "CREATE TEMPORARY TABLE beirat_mitglied (id int)",
    "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS 'SELECT TRUE' LANGUAGE SQL",
    "SET session_replication_role = replica",
    "SET ROLE jobcenter_eigentuemer",
    "GRANT jobcenter_eigentuemer TO jobcenter",
    "CREATE ROLE fremd",
    "CREATE DATABASE fremd",
    "COPY beirat_stimme TO PROGRAM 'cat'",
]


def test_the_demo_is_played_as_that_role(server):
    """Every action of the demo (sessions, votes, releases) went through it; conftest.py has run them."""
    with server.connect(PORTAL) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM beirat_beschluss), (SELECT count(*) FROM presse_pressemitteilung)"
        ).fetchone()
        owner = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert min(found) > 0
    assert owner == [(OWNER,)]


@pytest.mark.parametrize("statement", CHANGES_NOTHING)
def test_it_may_neither_truncate_nor_change_the_tables(server, statement):
    with server.connect(PORTAL) as connection, pytest.raises((errors.InsufficientPrivilege, errors.InvalidGrantOperation)):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("switch", "statement"),
    [
        (None, "UPDATE massnahmen_fassung SET nummer = nummer + 1"),
        ("SELECT set_config('pgtrigger.ignore', array_agg(tgname::text)::text, false) FROM pg_trigger", "DELETE FROM massnahmen_fassung"),
        ("SELECT set_config('pgtrigger.ignore', array_agg(tgname::text)::text, false) FROM pg_trigger", "DELETE FROM beirat_beschluss"),
    ],
)
def test_what_is_decided_stays_even_for_a_session_that_asks_the_triggers_to_look_away(server, switch, statement):
    with server.connect(PORTAL) as connection:
        if switch:
            connection.execute(switch)
        with pytest.raises(psycopg.errors.RaiseException, match="pgtrigger|unveränder|Cannot"):
            connection.execute(statement)


def test_the_roles_can_be_set_up_again_and_tables_come_under_the_same_rules(server):
    server.set_up_roles()
    with server.connect(OWNER) as connection:
        connection.execute("CREATE TABLE spaeter (id int)")
    with server.connect(PORTAL) as connection:
        connection.execute("INSERT INTO spaeter VALUES (1)")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("TRUNCATE spaeter")
    with server.connect(OWNER) as connection:
        connection.execute("DROP TABLE spaeter")


def test_it_delivers_a_block_of_figures_and_cannot_touch_it_afterwards(server):
    """The functions of migration 0003 belong to the owner: a large delivery needs no right to alter anything."""
    with server.connect(PORTAL) as connection:
        nummer = connection.execute("SELECT nextval('kennzahlen_datenstand_gross')").fetchone()[0]
        connection.execute("SELECT kennzahlen_block_anlegen(777, %s)", [nummer])
        connection.execute(
            "INSERT INTO kennzahlen_block_777 (zaehler, von, bis, geschlecht, jobcenter_id, kennzahl_id)"
            " SELECT 5, '2001-01-01', '2001-01-31', 'I', min(j.id), min(k.id) FROM kennzahlen_jobcenter j, kennzahlen_kennzahl k"
        )
        connection.execute("SELECT kennzahlen_block_schluesseln(777)")
        connection.execute(
            "INSERT INTO kennzahlen_datenstand (id, quelle_id, tag) SELECT %s, min(id), '2001-02-01' FROM kennzahlen_quelle", [nummer]
        )
        connection.execute("SELECT kennzahlen_block_anhaengen(777, %s)", [nummer])
    seen = "SELECT zaehler FROM kennzahlen_messwert WHERE datenstand_id = %s"
    with server.connect(PORTAL) as connection:
        assert connection.execute(seen, [nummer]).fetchall() == [(5,)]
    for statement in (
        "UPDATE kennzahlen_block_777 SET zaehler = 6",
        "DELETE FROM kennzahlen_block_777",
        "INSERT INTO kennzahlen_block_777 SELECT * FROM kennzahlen_block_777",
        "SELECT kennzahlen_block_verwerfen(777)",
        "TRUNCATE kennzahlen_block_777",
        "DROP TABLE kennzahlen_block_777",
    ):
        with server.connect(PORTAL) as connection, pytest.raises(psycopg.Error):
            connection.execute(statement)


def test_without_the_password_nobody_comes_in(server):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(server.sockets), user=PORTAL, password="falsch", dbname="jobcenter")
