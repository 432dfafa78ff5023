"""The first set-up as an administrator meets it: real process, real database with two roles, a mail server that listens."""

import re
import socket
import socketserver
import subprocess
import sys
import threading
import tomllib

import pytest

from jobcenter.common.instanz import load_instanz
from jobcenter.portal.management.fragen import FRAGEN, find_traegernummer
from tests.deploy.conftest import OWNER, PORTAL, ROOT

ANTWORTEN = {
    "jobcenter.name": "Jobcenter Kreis Beispielland",
    "jobcenter.landkreis": "Kreis Beispielland",
    "jobcenter.land": "NI",
    "jobcenter.traegernummer": "99002",
    "kontakt.strasse": "Lindenweg 3",
    "kontakt.plz": "29999",
    "kontakt.ort": "Beispielow",
    "kontakt.telefon": "05999 20-0",
    "kontakt.mail": "jobcenter@beispielland.de",
    "kontakt.servicezeiten": "Montag bis Freitag 8 bis 12 Uhr",
    "verantwortlich.name": 'Dr. "Anna" Probe',
    "verantwortlich.funktion": "Leiterin",
    "verantwortlich.vertretung": "Landrätin Ida Probe",
    "impressum.aufsicht": "Niedersächsisches Ministerium",
    "impressum.aufsicht_web": "https://www.niedersachsen.de/",
    "datenschutz.beauftragt": "Datenschutzbeauftragte des Kreises",
    "datenschutz.mail": "datenschutz@beispielland.de",
    "presse.kontakt": "Pia Presse",
}


class _Smtp(socketserver.StreamRequestHandler):
    """Takes every mail; enough of SMTP for one client."""

    def handle(self) -> None:
        self.wfile.write(b"220 da\r\n")
        data = None
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if data is not None:
                if line == ".":
                    self.server.mails.append("\n".join(data))
                    data = None
                    self.wfile.write(b"250 ok\r\n")
                else:
                    data.append(line)
            elif line.upper() == "DATA":
                data = []
                self.wfile.write(b"354 los\r\n")
            elif line.upper() == "QUIT":
                self.wfile.write(b"221 aus\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def mailserver():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.mails = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def instance(start_server, tmp_path, mailserver):
    """A server without tables, and the command as docker-compose.yml calls it."""
    server = start_server()

    def call(*arguments: str, answers: str = "", **env: str) -> subprocess.CompletedProcess:
        owner = server.environment(OWNER)
        environment = {
            **server.environment(PORTAL),
            "DATABASE_OWNER_URL": owner["DATABASE_URL"],
            "DATABASE_OWNER_PASSWORD_FILE": owner["DATABASE_PASSWORD_FILE"],
            "JOBCENTER_TOML": str(tmp_path / "jobcenter.toml"),
            "JOBCENTER_VAR": str(tmp_path / "var"),
            "SECRET_KEY": "k" * 64,
            "BASE_URL": "https://portal.beispielland.de",
            "EMAIL_URL": f"smtp://127.0.0.1:{mailserver.server_address[1]}",
            "HTTPS": "1",
            "TRUST_PROXY": "1",
            **env,
        }
        command = [sys.executable, "manage.py", "einrichten", "--no-color", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, input=answers, capture_output=True, text=True, check=False)

    call.server = server
    call.file = tmp_path / "jobcenter.toml"
    return call


def test_one_command_makes_an_instance_and_a_second_one_changes_nothing(instance, mailserver):
    given = [f"--setze={ort}={text}" for ort, text in ANTWORTEN.items()]
    first = instance("--ohne-rueckfrage", *given, "--admin-name=Ada Admin", "--admin-mail=ada@beispielland.de")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "FEHLER" not in first.stdout

    written = load_instanz(instance.file)
    assert (written.jobcenter.name, written.jobcenter.fiktiv) == ("Jobcenter Kreis Beispielland", False)
    assert written.verantwortlich.name == 'Dr. "Anna" Probe'
    assert "Musterburg" not in instance.file.read_text()
    assert "# ISO 3166-2:DE" in instance.file.read_text()  # the comments help whoever opens it later

    # one account, invited by a link under the public address; the test mail has really gone out
    assert re.search(r"https://portal\.beispielland\.de/konto/einladung/\S{20,}/", first.stdout)
    assert len(mailserver.mails) == 1
    assert "ada@beispielland.de" in mailserver.mails[0]
    with instance.server.connect(PORTAL) as connection:
        count = (
            "SELECT (SELECT count(*) FROM konten_user), (SELECT count(*) FROM kennzahlen_jobcenter),"
            " (SELECT max(xmin::text::bigint) FROM konten_user)"
        )
        before = connection.execute(count).fetchone()
        assert before[1] > 300

        content = instance.file.read_bytes()
        again = instance("--ohne-rueckfrage", "--admin-name=Eva Zweit", "--admin-mail=eva@beispielland.de")
        assert again.returncode == 0, again.stdout + again.stderr
        assert connection.execute(count).fetchone() == before
    assert instance.file.read_bytes() == content
    assert "einladung/" not in again.stdout


def test_somebody_answers_question_by_question(instance):
    """What does not fit is asked again, what is offered is taken with the return key."""
    lines = []
    for frage in FRAGEN:
        if frage.ort == "jobcenter.land":
            lines.append("Niedersachsen")  # not an abbreviation
        lines.append(ANTWORTEN.get(frage.ort, ""))
    lines += ["Ada Admin", "ada", "ada@beispielland.de"]
    done = instance(answers="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "„Niedersachsen“ passt nicht" in done.stdout
    assert "„ada“ passt nicht" in done.stdout
    written = load_instanz(instance.file)
    assert written.jobcenter.kurzname == "Jobcenter Kreis Beispielland"
    assert written.datenschutz.ort == "Beispielow"
    assert written.sicherheit.kontakt == "mailto:jobcenter@beispielland.de"


def test_what_is_missing_is_said_and_nothing_is_written(instance):
    done = instance("--ohne-rueckfrage", "--setze=jobcenter.name=Jobcenter X")
    assert done.returncode == 1
    assert "jobcenter.land, " in done.stderr
    assert not instance.file.exists()


def test_checks_alone_name_every_fault_and_end_with_one(server, tmp_path):
    """As the owner of the tables, without HTTPS, with a closed port as mail server."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    env = {**server.environment(OWNER), "SECRET_KEY": "kurz", "EMAIL_URL": f"smtp://127.0.0.1:{port}", "REDIS_URL": "redis://127.0.0.1:1/0"}
    command = [sys.executable, "manage.py", "einrichten", "--nur-pruefen", "--testmail=ada@beispielland.de", "--no-color"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    found = dict(re.findall(r"^  (\S.*?): +FEHLER – (.*)$", done.stdout, re.MULTILINE))
    assert set(found) == {"jobcenter.toml", "HTTPS", "SECRET_KEY", "Redis", "Rechte in der Datenbank", "Mail"}
    assert "rollen.sql" in found["Rechte in der Datenbank"]
    assert "Der Mailserver antwortet nicht" in found["Mail"]
    assert "Traceback" not in done.stdout + done.stderr


def test_every_question_fits_the_file():
    template = tomllib.loads((ROOT / "jobcenter.toml").read_text(encoding="utf-8"))
    for frage in FRAGEN:
        section, key = frage.ort.split(".")
        assert isinstance(template[section][key], str), frage.ort


def test_the_number_is_offered_where_the_list_knows_the_district():
    assert find_traegernummer("Landkreis Uckermark") == "03604"
    assert find_traegernummer("Kreis Beispielland") == ""
    assert find_traegernummer("") == ""
