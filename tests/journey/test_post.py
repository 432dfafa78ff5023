"""The mail server goes and comes, beat goes and comes: real worker, real beat, a real mail server. Nothing lost, nothing twice."""

import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from jobcenter.common import clock
from jobcenter.common.dienste import TAKT
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Regeldienst
from jobcenter.konten.enums import Posttakt
from jobcenter.konten.models import User
from jobcenter.post.actions import write_versand
from jobcenter.post.models import Versand
from tests.journey.processes import Portal, wait_for

PEOPLE = 4


class _Session(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a mail server needs to take a mail."""

    def handle(self) -> None:
        self._say("220 mail.example ready")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self._say("354 go on")
                lines = []
                while (text := self.rfile.readline()) not in {b".\r\n", b""}:
                    lines.append(text.removeprefix(b"."))
                self.server.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))
            elif verb == b"QUIT":
                return self._say("221 bye")
            self._say("250 ok")
        return None

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int) -> None:
        self.taken: list[EmailMessage] = []
        super().__init__(("127.0.0.1", port), _Session)

    @contextmanager
    def running(self) -> Iterator["MailServer"]:
        threading.Thread(target=self.serve_forever, args=[0.1], daemon=True).start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()


@pytest.fixture
def port(portal: Portal, monkeypatch) -> int:
    """Where the portal's processes look for their mail server; nobody listens there yet."""
    with MailServer(0) as unused:
        number = unused.server_address[1]
    given = portal.environment()
    monkeypatch.setattr(portal, "environment", lambda: given | {"EMAIL_URL": f"smtp://127.0.0.1:{number}"})
    return number


def everybody(takt: Posttakt = Posttakt.SOFORT) -> list[User]:
    people = [User.objects.create_user(f"person{n}@musterburg.example", name=f"Person {n}") for n in range(PEOPLE)]
    User.objects.filter(pk__in=[user.pk for user in people]).update(post_takt=takt)
    return list(User.objects.filter(pk__in=[user.pk for user in people]))


def test_a_mail_server_that_was_away_gets_every_mail_once(portal: Portal, port: int):
    system = User.objects.system()
    portal.start_worker()
    portal.start_beat()
    rows = [write_versand(an=an, anlass="probe:1", betreff=f"Für {an}", text="Grüße", by=system) for an in everybody()]
    wait_for(lambda: Versand.objects.filter(versuch__gte=1, status=Auftragsstatus.WARTET).count() == PEOPLE, "the first attempts to fail")
    assert all("ConnectionRefusedError" in fehler for fehler in Versand.objects.values_list("fehler", flat=True))

    with MailServer(port).running() as server:
        Versand.objects.update(naechster_versuch=clock.now())  # the pause, made shorter
        wait_for(lambda: Versand.objects.filter(status=Auftragsstatus.FERTIG).count() == PEOPLE, "the mails to leave")
        for _ in range(2):
            _next_beat()
        assert Counter(letter["To"] for letter in server.taken) == {row.adresse: 1 for row in rows}
        assert {letter["Message-ID"] for letter in server.taken} == {row.message_id for row in rows}
        assert "Grüße" in server.taken[0].get_content()


def test_a_beat_that_was_off_at_seven_sends_the_digest_when_it_is_back(portal: Portal, port: int):
    system = User.objects.system()
    Regeldienst.objects.create(name="post.sammelmails", zuletzt_am=clock.now() - timedelta(days=3))
    for an in everybody(Posttakt.TAEGLICH):
        for nummer in (1, 2):
            write_versand(an=an, anlass=f"probe:{nummer}", betreff=f"Betreff {nummer}", text="Text", sammelbar=True, by=system)
    with MailServer(port).running() as server:
        portal.start_worker()
        beat = portal.start_beat()
        wait_for(lambda: Versand.objects.filter(status=Auftragsstatus.FERTIG).count() == 3 * PEOPLE, "the digests to leave")
        portal.kill(beat)
        portal.start_beat()
        for _ in range(2):
            _next_beat()
        assert Counter(letter["To"] for letter in server.taken) == {f"person{n}@musterburg.example": 1 for n in range(PEOPLE)}
        assert {letter["Subject"].split(" vom ")[0] for letter in server.taken} == {"2 Nachrichten"}


def _next_beat() -> None:
    last = Regeldienst.objects.get(name=TAKT).zuletzt_am
    wait_for(lambda: Regeldienst.objects.get(name=TAKT).zuletzt_am > last, "the next beat")
