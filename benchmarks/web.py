"""The web server as production starts it: two workers, public pages, memory afterwards."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.bars import Bar

PAGES = ["/", "/arbeitsmarktprogramm/", "/massnahmen/", "/beirat/", "/kennzahlen/", "/presse/", "/konto/login/"]
ROUNDS = 30


def measure() -> list[Bar]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    granian = Path(sys.executable).parent / "granian"
    command = [granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "2"]
    web = subprocess.Popen([*map(str, command), "benchmarks.wsgi:application"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _fetch(f"http://127.0.0.1:{port}/-/live", patience=30)
        for _ in range(ROUNDS):
            for page in PAGES:
                _fetch(f"http://127.0.0.1:{port}{page}")
        memory = sum(_pss_mib(pid) for pid in _family(web.pid))
    finally:
        web.terminate()
        web.wait()
    return [Bar("web: memory (PSS) of two workers and their parent", memory, "MiB", at_most=200)]


def _fetch(address: str, patience: float = 0) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                answer.read()
            return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _family(pid: int) -> list[int]:
    """The process and all its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(grandchild for child in children for grandchild in _family(int(child)))]


def _pss_mib(pid: int) -> float:
    """Proportional set size: shared pages counted once over all who share them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0
