"""The embedded servers: private, modest, and gone when nobody needs them any more."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import redis

from jobcenter.demo import children, embedded
from jobcenter.demo.embedded import Postgres, Servers, embedded_servers, make_folder

CHECKOUT = Path(__file__).resolve().parents[2]

# Starts servers in the folder given, says so, and waits to be killed.
HOLDER = """
import sys, time
from pathlib import Path
from jobcenter.demo.embedded import embedded_servers
with embedded_servers(Path(sys.argv[1])):
    print("bereit", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with embedded_servers() as started:
        yield started


@pytest.fixture
def folder() -> Iterator[Path]:
    # pytest's own folders are closed to the account that PostgreSQL runs under as root.
    with tempfile.TemporaryDirectory(dir="/tmp") as path:
        Path(path).chmod(0o711)
        yield make_folder(Path(path, "var"))


def connect(servers: Servers, user: str = embedded.ROLE) -> psycopg.Connection:
    host = parse_qs(urlsplit(servers.database_url).query)["host"][0]
    return psycopg.connect(host=host, user=user, dbname=embedded.DATABASE, autocommit=True)


def row(servers: Servers, query: str) -> tuple:
    with connect(servers) as connection:
        return connection.execute(query).fetchone()


def running_in(folder: Path) -> set[str]:
    """Return the names of servers whose command line names the folder, whoever started them."""
    names = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in command and (found := re.search(r"/(postgres|redis-server) ", command)):
            names.add(found[1])
    return names


def wait_until_nothing_runs_in(folder: Path, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while (left := running_in(folder)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == set()


def test_portal_connects_as_ordinary_role_that_owns_its_database(servers):
    query = """
        SELECT current_user, rolsuper, rolcreaterole, rolbypassrls, pg_get_userbyid(datdba)
        FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()
    """
    assert row(servers, query) == ("jobcenter", False, False, False, "jobcenter")


@pytest.mark.parametrize("user", ["postgres", embedded.ACCOUNT])
def test_nobody_else_gets_in(servers, user):
    with pytest.raises(psycopg.OperationalError, match="no pg_hba"):
        connect(servers, user=user)


def test_case_and_search_know_umlauts(servers):
    assert row(servers, "SELECT 'Übergang' ILIKE 'über%', lower('ÄÖÜ')") == (True, "äöü")
    assert row(servers, "SELECT to_tsvector('german', 'Übungen') @@ to_tsquery('german', 'übung')") == (True,)


def test_sorting_is_by_bytes_as_on_every_server(servers):
    assert row(servers, "SELECT 'Z' < 'a', 'z' < 'Ä'") == (True, True)


def test_no_server_listens_on_tcp(servers):
    assert row(servers, "SHOW listen_addresses") == ("",)
    assert redis.Redis.from_url(servers.redis_url).config_get("port") == {"port": "0"}


def test_sockets_are_closed_to_others(servers):
    path = Path(urlsplit(servers.redis_url).path)
    assert path.is_socket()
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_data_stay_and_processes_go(folder):
    with embedded_servers(folder, durable=True) as first:
        with connect(first) as connection:
            connection.execute("CREATE TABLE t AS SELECT 42 AS x")
        redis.Redis.from_url(first.redis_url).set("x", "42")
        assert running_in(folder) == {"postgres", "redis-server"}
    assert running_in(folder) == set()
    with embedded_servers(folder, durable=True) as second:
        assert row(second, "SELECT x FROM t") == (42,)
        assert redis.Redis.from_url(second.redis_url).get("x") == b"42"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_servers_end_with_a_killed_parent(folder, number):
    parent = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout.readline() == "bereit\n"
    assert running_in(folder) == {"postgres", "redis-server"}
    parent.send_signal(number)
    parent.wait()
    wait_until_nothing_runs_in(folder)


def test_throw_away_folder_is_removed_and_so_is_one_of_a_killed_run():
    abandoned = Path(tempfile.mkdtemp(prefix=embedded.TEST_PREFIX, dir="/tmp"))
    with embedded_servers(redis=False) as servers:
        folder = Path(parse_qs(urlsplit(servers.database_url).query)["host"][0]).parent
        assert folder.name.startswith(embedded.TEST_PREFIX)
        assert not abandoned.exists()
        assert servers.redis_url == ""
    assert not folder.exists()


@pytest.mark.parametrize("name", ["x" * 90, "mit Leerzeichen, Komma und Ümlaut"])
def test_awkward_folders_get_sockets_elsewhere(folder, name):
    with embedded_servers(make_folder(folder / name)) as servers:
        assert row(servers, "SELECT 1") == (1,)
        assert redis.Redis.from_url(servers.redis_url).ping()
        assert name not in servers.database_url
        sockets = Path(urlsplit(servers.redis_url).path).parent
    assert not sockets.exists()


def test_cluster_of_another_version_is_refused(folder):
    postgres = Postgres(folder)
    postgres.prepare()
    (postgres.cluster / "PG_VERSION").write_text("99\n")
    with pytest.raises(children.StartError, match="gehört zu PostgreSQL 99, mitgeliefert ist 18"):
        postgres.prepare()


def test_interrupted_first_start_is_begun_anew(folder):
    (folder / "postgres.neu").mkdir()
    (folder / "postgres.neu" / "PG_VERSION").write_text("18")
    with embedded_servers(folder, redis=False) as servers:
        assert row(servers, "SELECT 1") == (1,)


def test_existing_folder_keeps_its_mode(folder):
    folder.chmod(0o750)
    assert make_folder(folder) == folder
    assert folder.stat().st_mode & 0o777 == 0o750
    assert make_folder(folder, "log").stat().st_mode & 0o777 == 0o700


def test_command_runs_beside_servers():
    script = "import os; print(os.environ['DATABASE_URL'][:11], os.environ['REDIS_URL'][:5])"
    command = [sys.executable, "-m", "jobcenter.demo.embedded", sys.executable, "-c", script]
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    done = subprocess.run(command, check=False, cwd=CHECKOUT, env=env, capture_output=True, text=True)
    assert done.stdout == "postgres:// unix:\n"
    assert done.returncode == 0
