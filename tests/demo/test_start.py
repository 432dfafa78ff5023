"""The supervisor of `make run`, with small programs in place of the portal's."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jobcenter.demo import start, supervisor
from jobcenter.demo.children import MARK, Program, StartError, end_leftovers, find_leftovers, identity
from jobcenter.demo.supervisor import StopRequested, Supervisor

CHECKOUT = Path(__file__).resolve().parents[2]
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
# A program with a child of its own in the same session, as Celery and Granian have them.
FAMILY = [sys.executable, "-c", f"import subprocess; subprocess.run({SLEEPER!r})"]

# A whole start in small: lock, watchman, supervised program, end by signal.
SMALL_START = f"""
import signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup children inherit that it is ignored
from jobcenter.demo import start
from jobcenter.demo.children import Program
def start_everything(supervisor, port, *, dev):
    supervisor.start(Program("a", "Programm", {FAMILY!r}))
    print("bereit", flush=True)
start._start_everything = start_everything
sys.argv = ["start"]
sys.exit(start.main())
"""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("JOBCENTER_VAR", str(tmp_path / "var"))
    return start._data_folder()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def descendants(folder: Path) -> list[int]:
    """Return what runs for this data folder, by the mark that every child inherits."""
    return list(find_leftovers(folder))


def wait_for(condition, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


def small_start(folder: Path, port: int) -> subprocess.Popen:
    env = {**os.environ, "JOBCENTER_VAR": str(folder), "PORT": str(port)}
    return subprocess.Popen(
        [sys.executable, "-c", SMALL_START],
        cwd=CHECKOUT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ready(process: subprocess.Popen) -> subprocess.Popen:
    for line in process.stdout:
        if line == "bereit\n":
            return process
    raise AssertionError(process.stderr.read())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_everything(folder, port, number):
    process = ready(small_start(folder, port))
    wait_for(lambda: len(descendants(folder)) == 2)
    process.send_signal(number)
    output, _ = process.communicate(timeout=15)
    assert process.returncode == 0
    assert f"Die Daten bleiben in {folder}" in output
    assert descendants(folder) == []
    assert list((folder / "pid").iterdir()) == []


def test_killed_supervisor_leaves_nothing_and_the_next_start_waits_for_that(folder, port):
    first = ready(small_start(folder, port))
    wait_for(lambda: len(descendants(folder)) == 2)
    old = descendants(folder)
    first.kill()
    second = ready(small_start(folder, port))
    assert not set(old) & set(descendants(folder))
    second.kill()
    wait_for(lambda: descendants(folder) == [])


def test_second_start_with_the_same_folder_is_refused(folder, port):
    first = ready(small_start(folder, port))
    second = small_start(folder, port + 1)
    _, problem = second.communicate(timeout=15)
    assert second.returncode == 1
    assert f"läuft schon ein Portal (Prozess {first.pid})" in problem
    assert "Traceback" not in problem
    first.terminate()
    first.communicate(timeout=15)


def test_busy_port_is_named(folder, port):
    with socket.create_server(("127.0.0.1", port)):
        process = small_start(folder, port)
        _, problem = process.communicate(timeout=15)
    assert process.returncode == 1
    assert problem.strip() == f"FEHLER: Port {port} ist belegt: bitte mit `PORT={port + 1} make run` einen anderen wählen."


def test_pid_file_of_an_innocent_process_kills_nobody(folder):
    innocent = subprocess.Popen(SLEEPER)
    who = identity(innocent.pid)
    boot, _, began = who.partition(":")
    (folder / "pid" / "web.pid").write_text(f"{innocent.pid} 15 {boot}:{int(began) - 1}\n")
    assert end_leftovers(folder) == 0
    assert innocent.poll() is None
    assert not (folder / "pid" / "web.pid").exists()
    (folder / "pid" / "web.pid").write_text(f"{innocent.pid} 15 {who}\n")
    reaper = [
        sys.executable,
        "-c",
        "import sys; from jobcenter.demo.children import *; end_leftovers(Path(sys.argv[1]))",
    ]
    ended = subprocess.Popen([*reaper, str(folder)], cwd=CHECKOUT)
    assert innocent.wait(10) == -signal.SIGTERM
    assert ended.wait(10) == 0


def test_mark_of_another_folder_kills_nobody(folder):
    other = subprocess.Popen(SLEEPER, env={**os.environ, MARK: f"{folder}-2"})
    assert end_leftovers(folder) == 0
    assert other.poll() is None
    other.kill()
    other.wait()


def test_dead_program_is_restarted_with_growing_pauses(folder, capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: now[0])
    keeper = Supervisor(folder)
    keeper.start(Program("a", "Programm", ["false"]))

    def pause(_seconds: float) -> None:
        now[0] += 1
        keeper.children[0].popen.wait()
        if now[0] > 150:
            raise StopRequested

    monkeypatch.setattr(keeper, "pause", pause)
    with pytest.raises(StopRequested):
        keeper.watch()
    pauses = re.findall(r"Programm unerwartet beendet \(Ergebnis 1\), Neustart in (\d+) s", capsys.readouterr().out)
    assert pauses == ["1", "2", "4", "8", "16", "32", "60", "60"]


def test_grandchildren_of_a_killed_program_do_not_stay(folder):
    keeper = Supervisor(folder)
    child = keeper.start(Program("a", "Programm", FAMILY))
    wait_for(lambda: len(descendants(folder)) == 2)
    child.popen.kill()
    child.popen.wait()
    assert not keeper._is_due(child)
    wait_for(lambda: descendants(folder) == [])


def test_failed_step_shows_its_last_lines(folder):
    keeper = Supervisor(folder)
    command = [sys.executable, "-c", "import sys; sys.exit('so geht es nicht')"]
    with pytest.raises(StartError, match=r"Schritt: Dieser Schritt ist gescheitert.*\n.*so geht es nicht"):
        keeper.finish(keeper.begin(Program("a", "Schritt", command)))
    keeper.stop()


def test_output_of_a_step_comes_without_its_warnings(folder, capsys):
    keeper = Supervisor(folder)
    command = [sys.executable, "-c", "import sys; print('Tabelle'); print('Warnung', file=sys.stderr)"]
    assert keeper.finish(keeper.begin(Program("a", "Schritt", command)), show=True) == "Tabelle"
    assert capsys.readouterr().out == "Tabelle\n"
    assert keeper.children == []
