"""Keeps the portal's programs running and ends them in order; a plain loop in one thread."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from jobcenter.demo.children import STOP_SIGNALS, Child, Program, StartError

LOGS_KEPT = 3
LONGEST_PAUSE = 60.0
# Whoever ran this long was healthy: the next failure starts again with the shortest pause.
HEALTHY_AFTER = 60.0


class StopRequested(Exception):
    """Somebody pressed Ctrl-C, sent SIGTERM or closed the terminal."""


def say(text: str) -> None:
    with suppress(OSError):  # the terminal is gone, and that is no reason to leave processes behind
        print(text, flush=True)


class Supervisor:
    """Starts programs in the order of calls and stops them in the reverse order."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.children: list[Child] = []
        self._stop_requested = False
        self._failures: dict[str, int] = {}
        self._due: dict[str, float] = {}

    def listen_to_signals(self) -> None:
        # The handler only notes the wish; `pause` acts on it, so that no half-started child gets lost.
        # It also makes a second Ctrl-C harmless: `stop` does not pause.
        for number in STOP_SIGNALS:
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # started by nohup: the terminal may close
            signal.signal(number, lambda *_: setattr(self, "_stop_requested", True))

    def pause(self, seconds: float) -> None:
        """Sleep in small pieces; raise StopRequested as soon as somebody wants the end."""
        deadline = time.monotonic() + seconds
        while True:
            if self._stop_requested:
                raise StopRequested
            left = deadline - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.1))

    def start(self, program: Program) -> Child:
        self._rotate_log(program.name)
        child = Child(program, self.folder)
        self.children.append(child)
        return child

    def begin(self, program: Program) -> Child:
        """Start a program that comes to an end by itself; `finish` waits for that."""
        program.output = self.folder / "log" / f"{program.name}.out"
        program.output.write_text("")
        return self.start(program)

    def finish(self, child: Child, *, show: bool = False) -> str:
        """Return what the program printed (and show it as it comes); StartError with its last lines if it fails."""
        assert child.program.output
        with child.program.output.open(errors="replace") as output:
            text = ""
            while True:
                running = child.is_running()  # asked before reading, so that nothing printed last gets lost
                text += (new := output.read())
                if show and new:
                    say(new.rstrip("\n"))
                if not running:
                    break
                self.pause(0.05)
        child.end_session()
        self.children.remove(child)
        if child.popen.returncode:
            raise StartError(_failed(child, "Dieser Schritt ist gescheitert"))
        return text.strip()

    def wait_until(self, ready: Callable[[], bool], *needed: Child, seconds: float = 90) -> None:
        """Wait for the portal as a whole; a needed child that dies meanwhile ends the start."""
        deadline = time.monotonic() + seconds
        while True:
            for child in needed:
                if not child.is_running():
                    raise StartError(_failed(child, "Beim Start ausgefallen"))
            if ready():
                return
            if time.monotonic() > deadline:
                raise StartError(_failed(needed[0], f"Nach {seconds:.0f} s noch nicht bereit"))
            self.pause(0.05)

    def watch(self) -> None:
        """Restart whatever dies, until StopRequested."""
        while True:
            for index, child in enumerate(self.children):
                if not child.is_running() and self._is_due(child):
                    self.children[index] = Child(child.program, self.folder)
                    self._due.pop(child.program.name)
            self.pause(0.3)

    def _is_due(self, child: Child) -> bool:
        """Announce a death once and say when the time to restart has come."""
        name = child.program.name
        if name not in self._due:
            child.end_session()
            lived = time.monotonic() - child.started
            failures = 0 if lived > HEALTHY_AFTER else self._failures.get(name, 0)
            self._failures[name] = failures + 1
            wait = min(2.0**failures, LONGEST_PAUSE)
            self._due[name] = time.monotonic() + wait
            say(f"{child.program.title} unerwartet beendet ({_reason(child)}), Neustart in {wait:.0f} s; {child.log}")
        return time.monotonic() >= self._due[name]

    def stop(self) -> None:
        """End everything, last started first; what shares a rank (the portal's own processes) ends side by side."""
        for servers in (False, True):
            children = [child for child in reversed(self.children) if child.program.is_server is servers]
            if not servers:
                for child in children:
                    child.ask_to_end()
            for child in children:
                child.stop()
        self.children.clear()

    def _rotate_log(self, name: str) -> None:
        log = self.folder / "log" / f"{name}.log"
        names = [log, *(log.with_name(f"{log.name}.{number}") for number in range(1, LOGS_KEPT))]
        for newer, older in reversed(list(pairwise(names))):
            if newer.exists():
                newer.replace(older)


def _reason(child: Child) -> str:
    code = child.popen.returncode
    return f"Signal {-code}" if code < 0 else f"Ergebnis {code}"


def _failed(child: Child, what: str) -> str:
    return f"{child.program.title}: {what}. Die letzten Zeilen aus {child.log}:\n{child.last_lines()}"
