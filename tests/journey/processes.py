"""The portal as real processes: web server, workers and beat, against the test's own database and Redis."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
LEASE_SECONDS = 15  # long enough for a busy machine, short enough to wait for
BEAT_SECONDS = 2
APPLICATION = "portal-under-test"  # how PostgreSQL tells its sessions from those of the test


class Portal:
    """Starts and kills the portal's processes; everything that still runs ends with the test."""

    def __init__(self, stack: ExitStack, log: Path) -> None:
        self.stack = stack
        self.log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "PORT": str(self.port),
            "BASE_URL": self.url,
            "BEAT_SECONDS": str(BEAT_SECONDS),
            "BERICHT_LEASE_SECONDS": str(LEASE_SECONDS),
            "DEMO": "1",
        }

    def start(self, name: str, *command: str) -> subprocess.Popen:
        out = self.stack.enter_context((self.log / f"{name}.log").open("ab"))
        process = subprocess.Popen(
            [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=self.environment(), stdout=out, stderr=out, start_new_session=True
        )
        self.stack.callback(self.kill, process)
        return process

    def start_web(self) -> subprocess.Popen:
        web = self.start(
            "web", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "2",
            "--blocking-threads", "2", "jobcenter.wsgi:application",
        )  # fmt: skip
        wait_for(lambda: self._answers("/-/ready"), f"the web server ({self.log})")
        return web

    def start_worker(self, queue: str = "celery") -> subprocess.Popen:
        return self.start(
            f"worker-{queue}", "celery", "-A", "jobcenter", "worker", "-Q", queue, "-n", f"{queue}-{time.monotonic_ns()}@test",
            "--concurrency", "1", "--without-gossip", "--without-mingle", "-l", "INFO",
        )  # fmt: skip

    def start_beat(self) -> subprocess.Popen:
        return self.start("beat", "celery", "-A", "jobcenter", "beat", "-s", str(self.log / "beat-schedule"), "--pidfile=")

    def kill(self, process: subprocess.Popen) -> None:
        """SIGKILL for the process and all its children, as a power cut would."""
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        process.wait()

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def database_url() -> str:
    """The address of the database that pytest-django made, for other processes."""
    given = connection.settings_dict
    host = given["HOST"] or given["OPTIONS"].get("host", "")
    port = f":{given['PORT']}" if given["PORT"] else ""
    user = f"{given['USER']}:{quote(given['PASSWORD'], safe='')}" if given["PASSWORD"] else given["USER"]
    if host.startswith("/"):
        return f"postgres://{user}@{port}/{given['NAME']}?host={quote(host, safe='')}&application_name={APPLICATION}"
    return f"postgres://{user}@{host}{port}/{given['NAME']}?application_name={APPLICATION}"


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Look again every tenth of a second until it holds; fail with a name."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.1)
