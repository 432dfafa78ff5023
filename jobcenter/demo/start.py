"""`make run` and `make dev`: the whole portal with one command, and nothing left of it afterwards.

    python -m jobcenter.demo.start [--dev] [--end-with-parent]

Environment: PORT (8000), HOST (127.0.0.1), JOBCENTER_VAR (data folder), DATABASE_URL and REDIS_URL (given servers
instead of the embedded ones); everything else is read by the settings.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import http.client
import os
import secrets
import shlex
import socket
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from jobcenter.demo.children import (
    Child,
    Program,
    StartError,
    end_leftovers,
    end_with_own_parent,
    identity,
    start_watchman,
)
from jobcenter.demo.embedded import Postgres, Redis, make_folder
from jobcenter.demo.supervisor import StopRequested, Supervisor, say

CHECKOUT = Path(__file__).resolve().parents[2]
ROOMS = ["jobcenter", "kennzahlen", "massnahmen", "beirat"]
ROOT_FOLDER = Path("/var/lib/jobcenter-demo")


def main() -> int:
    options = _options()
    if options.end_with_parent:
        end_with_own_parent()
    try:
        folder, port = _data_folder(), _port()
        with _lock(folder) as lock:
            _run(folder, port, lock.fileno(), dev=options.dev)
    except StartError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(_explain(error))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", action="store_true", help="DEBUG, and every change of a file restarts what uses it")
    parser.add_argument("--end-with-parent", action="store_true", help="end when the calling process (make) is killed")
    return parser.parse_args()


def _run(folder: Path, port: int, lock: int, *, dev: bool) -> None:
    supervisor = Supervisor(folder)
    supervisor.listen_to_signals()
    if end_leftovers(folder):
        say("Reste eines abgebrochenen Starts beendet.")
    _check_port(port)
    watchman, hold = start_watchman(folder, lock)
    try:
        _start_everything(supervisor, port, dev=dev)
        supervisor.watch()
    except StopRequested:
        say("\nWird beendet …")
    finally:
        supervisor.stop()
        os.close(hold)  # the watchman finds nothing to do and ends
        watchman.wait()
    say("Beendet. Die Daten bleiben in " + str(folder))


def _start_everything(supervisor: Supervisor, port: int, *, dev: bool) -> None:
    began = time.monotonic()
    servers = _start_servers(supervisor)
    env = _environment(supervisor.folder, port, servers, dev=dev)

    def begin(title: str, name: str, *options: str) -> Child:
        say(f"{title} …")
        return supervisor.begin(Program(name, title, [sys.executable, "manage.py", name, *options], env, CHECKOUT))

    supervisor.finish(begin("Datenbank auf den Stand des Programms bringen", "migrate", "--no-input", "--verbosity", "0"))
    supervisor.finish(begin("Demodaten prüfen, beim ersten Mal anlegen", "demo_daten"), show=True)
    table = begin("Web-Server, Hintergrunddienst und Zeitgeber starten", "demo_konten")
    programs = _programs(supervisor.folder, port, dev=dev)
    portal = [supervisor.start(replace(program, env=env, cwd=CHECKOUT)) for program in programs]
    accounts = supervisor.finish(table)
    supervisor.wait_until(lambda: _answers(port), *portal)
    say(f"\nBereit nach {time.monotonic() - began:.0f} s: http://localhost:{port}\n")
    say(f"{accounts}\n\nBeenden mit Strg-C." if accounts else "Beenden mit Strg-C.")


# --- what runs ---------------------------------------------------------------------------------------------


def _start_servers(supervisor: Supervisor) -> dict[str, str]:
    """Start those servers that the environment does not name, side by side; return the addresses of both."""
    folder = supervisor.folder
    servers: dict[str, Postgres | Redis] = {}
    if not _is_given("DATABASE_URL"):
        servers["DATABASE_URL"] = Postgres(folder)
    if not _is_given("REDIS_URL"):
        servers["REDIS_URL"] = Redis(folder)
    started: list[tuple[Postgres | Redis, Child]] = []
    if servers:
        say("PostgreSQL und Redis starten …")
    for server in servers.values():
        server.prepare()
        started.append((server, supervisor.start(server.program())))
    for server, child in started:
        supervisor.wait_until(server.is_ready, child)
    return {name: server.url for name, server in servers.items()}


def _is_given(name: str) -> bool:
    # The settings read every NAME from the file in NAME_FILE as well.
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def _environment(folder: Path, port: int, servers: dict[str, str], *, dev: bool) -> dict[str, str]:
    env = {
        **servers,
        "JOBCENTER_VAR": str(folder),
        "PORT": str(port),
        "DEMO": os.environ.get("DEMO", "1"),
        "PYTHONUNBUFFERED": "1",
    }
    if dev:
        env["DEBUG"] = "1"
    if not os.access(Path("~").expanduser(), os.W_OK):
        env["XDG_CACHE_HOME"] = str(make_folder(folder, "cache"))  # fontconfig wants to write somewhere
    return env


def _programs(folder: Path, port: int, *, dev: bool) -> list[Program]:
    """The portal's own processes, the web server first."""
    schedule = str(make_folder(folder, "beat") / "schedule")
    beat = f"-m celery -A jobcenter beat --pidfile= --loglevel INFO --schedule {shlex.quote(schedule)}"
    commands = {
        ("web", "Web-Server"): "-m granian --interface wsgi --workers 2 --blocking-threads 2 "
        f"--host {_host()} --port {port} jobcenter.wsgi:application",
        ("worker", "Hintergrunddienst"): _worker("celery", "allgemein", 2),
        ("berichte", "Berichtsdienst"): _worker("berichte", "berichte", 1),
        ("diagramme", "Zeichendienst"): _worker("diagramme", "diagramme", 1),
        ("beat", "Zeitgeber"): beat,
    }
    if dev:
        worker = shlex.quote(f"{shlex.quote(sys.executable)} {_worker('celery,berichte,diagramme', 'alles', 2)}")
        commands = {
            ("web", "Web-Server"): f"manage.py runserver {_host()}:{port}",
            ("worker", "Hintergrunddienst"): f"-m watchfiles --filter python {worker} {' '.join(ROOMS)}",
            ("beat", "Zeitgeber"): beat,
        }
    # People wait for the web server, nobody for the rest: it gets the processor first, at the start and ever after.
    first: dict[str, list[str]] = {"web": []}
    return [
        Program(name, title, [*first.get(name, ["nice", "-n", "5"]), sys.executable, *shlex.split(command)])
        for (name, title), command in commands.items()
    ]


def _worker(queues: str, name: str, concurrency: int) -> str:
    size = f"--queues {queues} --concurrency {concurrency} --hostname {name}@%h"
    return f"-m celery -A jobcenter worker {size} --without-gossip --without-mingle --loglevel INFO"


def _answers(port: int) -> bool:
    host = _host()
    address = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    with closing(http.client.HTTPConnection(address, port, timeout=5)) as connection:
        try:
            connection.request("GET", "/-/ready", headers={"Host": f"localhost:{port}"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


# --- where, and whether at all -----------------------------------------------------------------------------


def _data_folder() -> Path:
    default = ROOT_FOLDER if os.geteuid() == 0 else CHECKOUT / "var"
    folder = make_folder(Path(os.environ.get("JOBCENTER_VAR") or default).expanduser().absolute())
    for part in ("log", "pid", "media"):
        make_folder(folder, part)
    key = folder / "secret_key"
    if not key.exists():  # before several processes find it missing at the same time
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(50))
    return folder


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StartError(f"PORT={text} ist keine Portnummer: bitte eine Zahl von 1024 bis 65535 wählen.")
    return int(text)


def _host() -> str:
    return os.environ.get("HOST") or "127.0.0.1"


def _check_port(port: int) -> None:
    """Fail before anything starts; browsers try ::1 for "localhost" as well, so nobody else may sit there."""
    for family, address in ((socket.AF_INET, _host()), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise StartError(f"Port {port} ist belegt: bitte mit `PORT={port + 1} make run` einen anderen wählen.") from None
                if error.errno == errno.EACCES:
                    raise StartError(f"Port {port} gehört root: bitte mit PORT einen ab 1024 wählen.") from None
                if family == socket.AF_INET:
                    raise


def _lock(folder: Path) -> TextIO:
    """Return the open lock file of the data folder, ours until it is closed by us and by the watchman."""
    file = (folder / "sperre").open("a+")
    deadline = time.monotonic() + 30
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            pass
        # A live owner stays; of a killed one only the watchman is left, and it is about to end.
        pid, who = _owner(file)
        if (who and identity(pid) == who) or time.monotonic() > deadline:
            file.close()
            raise StartError(
                f"Mit dem Datenordner {folder} läuft schon ein Portal (Prozess {pid}): bitte dort mit Strg-C beenden "
                "oder mit PORT und JOBCENTER_VAR ein zweites daneben starten."
            )
        time.sleep(0.1)
    file.seek(0)
    file.truncate()
    file.write(f"{os.getpid()} {identity(os.getpid())}")
    file.flush()
    return file


def _owner(file: TextIO) -> tuple[int, str]:
    file.seek(0)
    pid, _, who = file.read().strip().partition(" ")
    return (int(pid) if pid.isdecimal() else 0), who


def _explain(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "Die Platte ist voll: bitte Platz schaffen oder mit JOBCENTER_VAR einen anderen Ort wählen."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"Keine Schreibrechte für {error.filename}: bitte mit JOBCENTER_VAR einen eigenen Ordner wählen."
    return f"{error.strerror}: {error.filename or 'ohne Dateinamen'}"


def _fail(sentence: str) -> int:
    print(f"\nFEHLER: {sentence}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
