"""Child processes that cannot outlive their parent, on Linux, with the standard library only.

Three nets, because each has a hole: the kernel signals a child when its parent dies (not its grandchildren);
a watchman ends what a killed supervisor left behind (unless it is killed as well); the next start looks for
leftovers of the same data folder by pid file and by a mark in their environment.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# Every child carries the data folder under this name; grandchildren inherit it.
MARK = "JOBCENTER_DEMO_ORDNER"

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class StartError(Exception):
    """The start cannot go on; the message is one sentence for the person in front of the terminal."""


@dataclass
class Program:
    """What to run: `name` labels log and pid file, `title` is what people read."""

    name: str
    title: str
    command: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    account: pwd.struct_passwd | None = None
    # PostgreSQL means three different things by INT, TERM and QUIT, so each program names its own.
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    # Servers start before everything else and end after it.
    is_server: bool = False
    # Keeps what the program prints for people apart from its warnings and log lines.
    output: Path | None = None


class Child:
    """A running `Program` in a session of its own."""

    def __init__(self, program: Program, folder: Path):
        self.program = program
        self.folder = folder
        self.log = folder / "log" / f"{program.name}.log"
        account = program.account
        self.started = time.monotonic()
        with self.log.open("ab") as log, (program.output or self.log).open("ab") as output:
            self.popen = subprocess.Popen(
                program.command,
                cwd=program.cwd,
                env={**os.environ, **program.env, MARK: str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
                start_new_session=True,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
                umask=0o077,
                preexec_fn=_end_with_parent(program.stop_signal),  # noqa: PLW1509 (we have no threads)
            )
        self._pid_file.write_text(f"{self.popen.pid} {program.stop_signal:d} {identity(self.popen.pid)}\n")

    @property
    def _pid_file(self) -> Path:
        return self.folder / "pid" / f"{self.program.name}.pid"

    def is_running(self) -> bool:
        return self.popen.poll() is None

    def ask_to_end(self) -> None:
        if self.is_running():
            self.popen.send_signal(self.program.stop_signal)

    def stop(self) -> None:
        """End the child politely, then by force, and then everything left of its session."""
        if self.is_running():
            self.ask_to_end()
            try:
                self.popen.wait(self.program.patience)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
        self.end_session()

    def end_session(self) -> None:
        """Kill grandchildren that stayed when the child died, and forget its pid."""
        for pid in _session_members(self.popen.pid):
            _signal(pid, signal.SIGKILL)
        self._pid_file.unlink(missing_ok=True)

    def last_lines(self, number: int = 15) -> str:
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 20_000))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-number:])


def _end_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    """Return what a child does between fork and exec, after it changed its user (that would undo it)."""
    parent = os.getpid()

    def prepare() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal))
        for number in STOP_SIGNALS:  # a shell starts background jobs with SIGINT ignored, and children inherit that
            signal.signal(number, signal.SIG_DFL)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return prepare


def end_with_own_parent() -> None:
    """Ask the kernel to end this process when the one that started it dies."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


# --- who is who --------------------------------------------------------------------------------------------


def identity(pid: int) -> str | None:
    """Tell apart two processes that have the same pid at different times; None where there is none (any more)."""
    stat = _stat(pid)
    if stat is None or stat[0] == "Z":
        return None
    return f"{_boot_id()}:{stat[19]}"


def _stat(pid: int) -> list[str] | None:
    """Return /proc/<pid>/stat from the state on: [0] state, [3] session, [19] start time."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()  # the name before it may contain blanks and brackets


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _all_pids() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def _session_members(session: int) -> list[int]:
    return [pid for pid in _all_pids() if (stat := _stat(pid)) and stat[3] == str(session) and stat[0] != "Z"]


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


# --- leftovers of a killed start ---------------------------------------------------------------------------


def find_leftovers(folder: Path) -> dict[int, int]:
    """Return {pid: signal that ends it} of processes that an earlier start with this data folder left behind."""
    return {**_marked(folder), **_recorded(folder)}


def _recorded(folder: Path) -> dict[int, int]:
    """Trust a pid file only if its process is still the one that it was written for."""
    found = {}
    for file in (folder / "pid").glob("*.pid"):
        try:
            pid, number, who = file.read_text().split()
        except (OSError, ValueError):
            continue
        if identity(int(pid)) == who:
            found[int(pid)] = int(number)
        else:
            file.unlink(missing_ok=True)
    return found


def _marked(folder: Path) -> dict[int, int]:
    """Find pool processes and the like; PostgreSQL and Redis overwrite their environment, others keep it."""
    wanted = f"{MARK}={folder}".encode()
    found = {}
    for pid in _all_pids():
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            continue
        if pid != os.getpid() and wanted in environment.split(b"\0") and identity(pid):
            found[pid] = int(signal.SIGTERM)
    return found


def end_leftovers(folder: Path, patience: float = 15.0) -> int:
    """End what `find_leftovers` finds, by force after `patience` seconds; return how many there were."""
    found = find_leftovers(folder)
    who = {pid: identity(pid) for pid in found}
    for pid, number in found.items():
        _signal(pid, number)
    deadline = time.monotonic() + patience
    while alive := [pid for pid in who if who[pid] and identity(pid) == who[pid]]:
        if time.monotonic() > deadline + 5:
            raise StartError(f"Prozess {alive[0]} eines früheren Starts endet nicht: bitte selbst beenden.")
        if time.monotonic() > deadline:
            for pid in alive:
                _signal(pid, signal.SIGKILL)
        time.sleep(0.05)
    return len(found)


def start_watchman(folder: Path, lock: int) -> tuple[subprocess.Popen[bytes], int]:
    """Start the process that ends the children if we are killed; return it and the descriptor that it listens to.

    It shares our lock on the data folder, so that the next start waits for it instead of meeting it.
    """
    listen, hold = os.pipe()
    watchman = subprocess.Popen(
        [sys.executable, "-S", __file__, str(folder)],
        stdin=listen,
        pass_fds=[lock],
        start_new_session=True,
        cwd="/",
    )
    os.close(listen)
    return watchman, hold


if __name__ == "__main__":
    # The watchman: nothing ever arrives on standard input, it only ends, and it ends when the supervisor does.
    for _number in STOP_SIGNALS:
        signal.signal(_number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end_leftovers(Path(sys.argv[1]))
