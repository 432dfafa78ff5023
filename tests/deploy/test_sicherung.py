"""Backup and restore with the scripts of deploy/ and real pg_dump; only `docker compose exec` is played by a few lines of shell."""

import os
import subprocess

import psycopg
import pytest

from tests.deploy.conftest import OWNER, PORTAL, ROOT, Server

DOCKER = """#!/bin/sh
shift
case "$1" in
  exec) shift 3 ;;
  run) while [ "$1" != web ]; do shift; done; shift; set -- tar "$@" ;;
esac
[ "$2" = /docker-entrypoint-initdb.d/10-rollen.sh ] && exec true
exec "$@"
"""
CONTENT = """
    SELECT (SELECT string_agg(pruefsumme, ',' ORDER BY id) FROM massnahmen_fassung),
           (SELECT count(*) FROM beirat_stimme), (SELECT count(*) FROM konten_user), (SELECT count(*) FROM pghistory_context)
"""


def _content(server: Server) -> tuple:
    with server.connect(PORTAL) as connection:
        return connection.execute(CONTENT).fetchone()


@pytest.fixture
def run(server, tmp_path):
    """A script of deploy/ beside the server of the test."""
    bin_folder, checkout, var = tmp_path / "bin", tmp_path / "checkout" / "deploy", tmp_path / "var"
    for folder in (bin_folder, checkout, var / "media"):
        folder.mkdir(parents=True)
    (bin_folder / "docker").write_text(DOCKER)
    (bin_folder / "docker").chmod(0o755)

    def call(name: str, folder: str) -> str:
        script = (ROOT / "deploy" / name).read_text()
        assert "/var/lib/jobcenter" in script
        (checkout / name).write_text(script.replace("/var/lib/jobcenter", str(var)))
        env = {**os.environ, "PATH": f"{bin_folder}:{server.binaries}:{os.environ['PATH']}", "PGHOST": str(server.sockets)}
        done = subprocess.run(["sh", str(checkout / name), folder], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    call.media = var / "media"
    return call


def test_what_was_backed_up_comes_back_as_it_was(server, run, tmp_path):
    (run.media / "programm.pdf").write_bytes(b"%PDF-1")
    before = _content(server)
    assert before[0]
    saved = run("sichern.sh", str(tmp_path / "sicherung")).removeprefix("Gesichert: ").strip()

    # A disaster: rows and files are gone, and what a row was worth is another.
    with server.connect("postgres") as connection:
        connection.execute("TRUNCATE beirat_stimme CASCADE")
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM konten_user")
    (run.media / "programm.pdf").unlink()
    assert _content(server) != before

    run("zurueckholen.sh", saved)
    assert _content(server) == before
    assert (run.media / "programm.pdf").read_bytes() == b"%PDF-1"

    # The protection has come back with the rows.
    with server.connect(PORTAL) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("TRUNCATE beirat_stimme CASCADE")
        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute("DELETE FROM massnahmen_fassung")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE fremd (id int)")
    with server.connect(OWNER) as connection:
        connection.execute("CREATE TABLE spaeter (id int)")
        connection.execute("DROP TABLE spaeter")


def test_a_backup_that_failed_does_not_look_like_one(server, run, tmp_path):
    """The folder gets its name when both files are there and readable."""
    run.media.rmdir()
    with pytest.raises(AssertionError):
        run("sichern.sh", str(tmp_path / "sicherung"))
    assert [path.suffix for path in (tmp_path / "sicherung").iterdir()] == [".unfertig"]
