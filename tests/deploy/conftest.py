"""A PostgreSQL of its own, set up as deploy/postgres/ does it: with an owner of the tables and a role for the portal."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from jobcenter.demo.children import Child
from jobcenter.demo.embedded import Postgres, _throw_away_folder, _wait_until_ready, make_folder

ROOT = Path(__file__).resolve().parents[2]
OWNER, PORTAL = "jobcenter_eigentuemer", "jobcenter"
PASSWORDS = {OWNER: "geheim-eins", PORTAL: "geheim 'zwei"}


class Server:
    """A running PostgreSQL with both roles; `manage` runs a command of the portal as one of them."""

    def __init__(self, postgres: Postgres, folder: Path) -> None:
        self.binaries = postgres.binaries
        self.sockets = postgres.sockets
        self.folder = folder

    def connect(self, role: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self.sockets), user=role, password=PASSWORDS.get(role), dbname="jobcenter", autocommit=True)

    def psql(self, *arguments: str, role: str = "postgres", database: str = "postgres") -> str:
        command = [self.binaries / "psql", "--host", self.sockets, "--username", role, "--dbname", database, "--quiet", *arguments]
        return self.run(*map(str, command), env={"PGPASSWORD": PASSWORDS.get(role, "")})

    def set_up_roles(self) -> None:
        passwords = [f"passwort_eigentuemer={PASSWORDS[OWNER]}", f"passwort_portal={PASSWORDS[PORTAL]}"]
        self.psql("--set", passwords[0], "--set", passwords[1], "--file", str(ROOT / "deploy/postgres/rollen.sql"))

    def environment(self, role: str) -> dict[str, str]:
        secret = self.folder / f"passwort-{role}"
        secret.write_text(PASSWORDS[role] + "\n")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")},
            "DATABASE_URL": f"postgres://{role}@/jobcenter?host={quote(str(self.sockets), safe='')}",
            "DATABASE_PASSWORD_FILE": str(secret),
            "JOBCENTER_VAR": str(self.folder / "var"),
        }

    def manage(self, *arguments: str, role: str, **env: str) -> str:
        return self.run(sys.executable, "manage.py", *arguments, env={**self.environment(role), **env})

    def run(self, *command: str, env: dict[str, str]) -> str:
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def start_server() -> Iterator[Callable[[], Server]]:
    with ExitStack() as stack:

        def start() -> Server:
            folder = stack.enter_context(_throw_away_folder())
            for part in ("log", "pid"):
                make_folder(folder, part)
            postgres = Postgres(folder, durable=False)
            postgres.prepare()
            hba = "local all postgres trust\nlocal all all scram-sha-256\n"
            (postgres.cluster / "pg_hba.conf").write_text(hba)  # the demo's lets no superuser in
            child = Child(postgres.program(), folder)
            stack.callback(child.stop)
            _wait_until_ready(postgres, child)
            server = Server(postgres, folder)
            # the demo's cluster comes with a database of that name
            server.psql("--command", "DROP DATABASE jobcenter")
            server.psql("--command", "DROP ROLE jobcenter")
            server.set_up_roles()
            return server

        yield start


@pytest.fixture(scope="session")
def server(start_server) -> Server:
    """With the tables of this version and the demo's rows in them."""
    server = start_server()
    server.manage("bereitstellen", str(server.folder / "proxy"), role=OWNER)
    server.manage("demo_daten", role=PORTAL, DEMO="1")
    return server
