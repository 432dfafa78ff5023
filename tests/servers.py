"""Starts embedded PostgreSQL and Redis and collects the static files before Django reads its settings.

Loaded by `-p tests.servers`, because pytest-django reads the settings before any conftest.py. Workers of pytest-xdist
inherit the environment and start nothing.
"""

import atexit
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _start() -> None:
    stack = ExitStack()
    atexit.register(stack.close)
    folder = Path(tempfile.mkdtemp(prefix="jc-test-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user when the tests run as root
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("JOBCENTER_VAR", str(folder / "var"))
    os.environ["TESTS_RUNNING"] = "1"
    os.environ["MFA_PFLICHT"] = "0"  # the cast signs in by password; tests/konten switches it on
    if "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ:
        from jobcenter.demo.embedded import embedded_servers

        servers = stack.enter_context(embedded_servers(folder / "servers"))
        os.environ.setdefault("DATABASE_URL", servers.database_url)
        os.environ.setdefault("REDIS_URL", servers.redis_url)
    os.environ["STATIC_ROOT"] = str(_collect_static())


def _collect_static() -> Path:
    """Collected and compressed once for each state of the files: that takes longer than most tests."""
    files = [*sorted((ROOT / "static").rglob("*")), ROOT / "package-lock.json", ROOT / "jobcenter/settings.py"]
    state = "".join(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}\n" for path in files)
    target = ROOT / ".cache" / f"static-{hashlib.sha256(state.encode()).hexdigest()[:16]}"
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        begun = tempfile.mkdtemp(prefix="static-neu-", dir=target.parent)
        command = [sys.executable, ROOT / "manage.py", "collectstatic", "--noinput", "-v0"]
        environment = os.environ | {"STATIC_ROOT": begun, "DJANGO_SETTINGS_MODULE": "tests.static_settings"}
        subprocess.run(command, check=True, cwd=ROOT, env=environment)
        with suppress(OSError):  # another run was quicker
            Path(begun).rename(target)
    return target


def _separate(worker: str) -> None:
    """Workers that run at the same time share the servers, but neither a Redis database nor a data folder."""
    number = int(worker.removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = re.sub(r"([?]db=|/)0$", rf"\g<1>{number}", os.environ["REDIS_URL"])
    os.environ["JOBCENTER_VAR"] = str(Path(os.environ["JOBCENTER_VAR"]) / worker)


if "TESTS_RUNNING" not in os.environ:
    _start()
elif worker := os.environ.get("PYTEST_XDIST_WORKER"):
    _separate(worker)
