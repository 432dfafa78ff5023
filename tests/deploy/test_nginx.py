"""deploy/nginx.conf before the real web server: what it keeps, what it lets pass, what it answers by itself."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from jobcenter.portal.management.commands.bereitstellen import lay_out
from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, request_release
from tests.journey.processes import ROOT, Portal, wait_for

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")  # einrichten.py installs it
LONGEST_STALE = 1.1  # the portal lets the proxy keep a page until the running second is over


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str


class Proxy:
    """nginx with the project's file; only addresses and folders are those of the test."""

    def __init__(self, folder: Path, portal_port: int) -> None:
        self.folder = folder
        self.http, self.https = _free_port(), _free_port()
        self.config = folder / "nginx.conf"
        self.config.write_text(self._config(portal_port))
        self.access_log = folder / "access.log"
        self.answered: set[str] = set()  # numbers of the requests whose lines have to come

    def _config(self, portal_port: int) -> str:
        text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
        places = {
            "pid /run/nginx.pid;": f"pid {self.folder}/nginx.pid; daemon off;" + ("user root;" if os.geteuid() == 0 else ""),
            "/var/cache/nginx/seiten": f"{self.folder}/seiten",
            "access_log /dev/stdout portal;": f"access_log {self.folder}/access.log portal;" + self._own_folders(),
            "listen 80 default_server;": f"listen 127.0.0.1:{self.http} default_server;",
            "listen [::]:80 default_server;": "",
            "listen 443 ssl http2 default_server;": f"listen 127.0.0.1:{self.https} ssl http2 default_server;",
            "listen [::]:443 ssl http2 default_server;": "",
            "/etc/nginx/zertifikat": str(self.folder),
            "http://web:8000": f"http://127.0.0.1:{portal_port}",
            "/srv/proxy": f"{self.folder}/proxy",
        }
        for theirs, ours in places.items():
            assert theirs in text, theirs
            text = text.replace(theirs, ours)
        return text

    def _own_folders(self) -> str:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        return "".join(f"{kind}_temp_path {self.folder}/tmp-{kind};" for kind in kinds)

    def make_certificate(self) -> None:
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout privkey.pem -out fullchain.pem"
        subprocess.run(command.split(), cwd=self.folder, check=True, capture_output=True)

    def check(self) -> str:
        done = subprocess.run(self.command("-t"), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def command(self, *more: str) -> list[str]:
        return [str(NGINX), "-c", str(self.config), "-e", str(self.folder / "error.log"), *more]

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = HTTPSConnection("127.0.0.1", self.https, timeout=20, context=ssl._create_unverified_context())
        answer = _ask(connection, method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        if number := answer.headers.get("x-request-id"):  # files with a fingerprint have none, and no line
            self.answered.add(number)
        return answer

    def get_plain(self, path: str) -> Answer:
        return _ask(HTTPConnection("127.0.0.1", self.http, timeout=20), "GET", path, None, {})

    def lines(self) -> list[str]:
        """What nginx has written down, once all lines are there: it answers first and writes then."""

        def complete() -> bool:
            text = self.access_log.read_text()
            return text[-1:] in ("", "\n") and all(number in text for number in self.answered)

        wait_for(complete, "nginx's lines")
        return self.access_log.read_text().splitlines()


def _ask(connection: HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    try:
        connection.request(method, path, body=body, headers={"Host": "localhost", **headers})
        response: HTTPResponse = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read().decode())
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def before(
    portal,
    tmp_path,
    monkeypatch,
) -> Iterator[tuple[Proxy, Portal, Callable[[], None]]]:
    """The proxy, the portal behind it as production has it, and a function that takes the portal away."""
    for name, value in {"TRUST_PROXY": "1", "HTTPS": "1"}.items():
        monkeypatch.setenv(name, value)
    lay_out(tmp_path / "proxy")
    web = portal.start_web()
    proxy = Proxy(tmp_path, portal.port)
    proxy.make_certificate()
    proxy.check()
    with _running(proxy):
        yield proxy, portal, lambda: portal.kill(web)


@contextmanager
def _running(proxy: Proxy) -> Iterator[None]:
    with ExitStack() as stack:
        process = subprocess.Popen(proxy.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.send_signal, signal.SIGTERM)
        wait_for(lambda: _is_open(proxy.https), "nginx")
        yield


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _kept(proxy: Proxy, path: str) -> int:
    """How many of the last requests for a path came out of nginx's own cache."""
    return sum(f'"path":"{path}"' in line and '"cache":"HIT"' in line for line in proxy.lines())


def _is_shared(proxy: Proxy, path: str, one: str = "", other: str = "") -> bool:
    """Whether a visitor with the one cookie and the next with the other get the same kept page.

    A page is kept for one second, and a busy machine may take longer than that between two requests: so several tries."""
    for _ in range(20):
        time.sleep(1 - time.time() % 1 + 0.02)
        before = _kept(proxy, path)
        proxy.get(path, Cookie=one)
        proxy.get(path, Cookie=other)
        if _kept(proxy, path) > before:
            return True
    return False


def test_public_pages_are_kept_for_a_moment_and_nothing_else(before, presse, presse2):
    proxy, _, _ = before

    # A public page is asked for once, then kept, in each colour by itself.
    assert _is_shared(proxy, "/impressum/")
    first, second = proxy.get("/impressum/"), proxy.get("/impressum/")
    assert (first.status, second.status) == (200, 200)
    assert first.body == second.body
    dark = proxy.get("/impressum/", Cookie="farbschema=dunkel")
    assert dark.body != first.body
    assert 'data-kern-theme="dark"' in dark.body
    assert _is_shared(proxy, "/impressum/", "farbschema=dunkel", "farbschema=dunkel")
    assert proxy.get("/impressum/", Cookie="farbschema=unsinn").body == first.body
    assert _is_shared(proxy, "/impressum/", "", "farbschema=unsinn")

    # Each request has a number of its own, and the portal's protection stands in it once.
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    for name in ("content-security-policy", "strict-transport-security", "x-frame-options", "x-content-type-options"):
        assert "," not in first.headers[name], name
    assert "x-accel-expires" not in first.headers

    # Who is signed in passes by, and so do fragments and pages with a token in them.
    kept = _kept(proxy, "/impressum/")
    proxy.get("/impressum/", Cookie="sitzung=abc")
    proxy.get("/impressum/", HX_Request="true")
    assert _kept(proxy, "/impressum/") == kept
    for path in ("/konto/login/", "/intern/", "/-/ready"):
        proxy.get(path)
        proxy.get(path)
        assert _kept(proxy, path) == 0, path
    assert "csrftoken" in proxy.get("/konto/login/").headers["set-cookie"]

    # What changed is on the page when the moment is over.
    assert "Ganz neu" not in proxy.get("/presse/").body
    text = create_pressemitteilung(titel="Ganz neu", vorspann="Ein Satz.", text="Noch ein Satz.", by=presse)
    text = request_release(pressemitteilung=text, version=text.version, by=presse)
    release_pressemitteilung(pressemitteilung=text, version=text.version, by=presse2)
    time.sleep(LONGEST_STALE)
    assert "Ganz neu" in proxy.get("/presse/").body


def test_what_the_proxy_answers_by_itself(before):
    proxy, _, take_away = before

    moved = proxy.get_plain("/presse/?seite=2")
    assert (moved.status, moved.headers["location"]) == (301, "https://localhost/presse/?seite=2")

    # Files with a fingerprint come from nginx, compressed, for ever.
    page = proxy.get("/impressum/").body
    css = re.search(r"/static/css/portal\.[0-9a-f]{12}\.css", page)[0]
    static = proxy.get(css, Accept_Encoding="identity")
    assert static.status == 200
    assert static.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert static.headers["content-type"].startswith("text/css")

    # Too much in one request: our page, in our look, with its number.
    large = proxy.ask("POST", "/konto/login/", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert large.status == 413
    assert "Das ist zu groß für uns" in large.body
    assert settings.INSTANZ.kontakt.telefon in large.body
    assert large.headers["x-request-id"]

    # Too often: after a burst the proxy lets nobody through, and only those who send something.
    answers = [proxy.ask("POST", "/konto/login/", b"").status for _ in range(75)]
    assert answers[0] == 403  # of the portal: no CSRF token
    assert answers[-1] == 429
    assert answers.count(403) >= 60
    assert "Das waren zu viele Versuche" in proxy.ask("POST", "/konto/login/", b"").body
    assert proxy.get("/konto/login/").status == 200

    # The portal is gone: kept pages go on, the rest is our page and not that of nginx. Its files are there as well.
    proxy.get("/presse/")
    take_away()
    time.sleep(LONGEST_STALE)
    assert proxy.get("/presse/").status == 200
    gone = proxy.get("/beirat/")
    assert gone.status == 503
    assert "Das Portal ist gerade nicht erreichbar" in gone.body
    assert settings.INSTANZ.kontakt.telefon in gone.body
    assert "nginx" not in gone.body
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', gone.body):
        assert proxy.get(address).status == 200, address
    assert proxy.get("/presse/", Cookie="sitzung=abc").status == 503

    # It writes down neither addresses nor keys nor queries.
    proxy.get("/konto/passwort/neu/3k-cu2p9t-0123456789abcdef0123456789abcdef/?mail=a@b.example")
    text = "\n".join(proxy.lines())
    assert '"net":"127.0.0.0/24"' in text
    assert '"path":"/konto/passwort/…"' in text
    assert not re.search(r"127\.0\.0\.1|cu2p9t|b\.example|seite=2", text)
    assert (proxy.folder / "error.log").read_text() == ""


def test_a_page_that_ran_out_is_never_shown_while_the_new_one_is_fetched(tmp_path):
    """The portal is played here: somebody's request hangs in it, and the next visitor must not get the page of before."""
    asked, go_on = threading.Semaphore(0), threading.Event()
    pages = iter(["alt", "neu", "neu"])

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = next(pages)
            asked.release()
            if text == "neu":
                go_on.wait(20)
            self.send_response(200)
            self.send_header("X-Accel-Expires", "1")
            self.send_header("Content-Length", "3")
            self.end_headers()
            self.wfile.write(text.encode())

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server, ThreadPoolExecutor(3) as pool:
        pool.submit(server.serve_forever)
        proxy = Proxy(tmp_path, server.server_port)
        proxy.make_certificate()
        try:
            with _running(proxy):
                assert proxy.get("/").body == "alt"
                assert asked.acquire(timeout=20)
                time.sleep(2.1)  # it has run out
                first = pool.submit(proxy.get, "/")
                assert asked.acquire(timeout=20)
                second = pool.submit(proxy.get, "/")
                asked.acquire(timeout=2)
                go_on.set()
                assert (first.result().body, second.result().body) == ("neu", "neu")
        finally:
            go_on.set()
            server.shutdown()


def test_limits_of_proxy_and_portal_are_the_same():
    config = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    size = int(re.search(r"client_max_body_size (\d+)m;", config)[1]) * 1024 * 1024
    assert size == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert f"$cookie_{settings.SESSION_COOKIE_NAME} " in config
