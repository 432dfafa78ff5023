"""The digest: who wants one mail a day gets one; nothing is lost, nothing is told twice."""

from datetime import datetime

import pytest
from django.core import mail

from jobcenter.common import dienste
from jobcenter.common.dienste import run_due
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.models import Regeldienst
from jobcenter.konten.enums import Posttakt
from jobcenter.konten.models import User
from jobcenter.post.actions import send_digest, write_versand
from jobcenter.post.models import Versand
from jobcenter.post.tasks import send_digests

pytestmark = pytest.mark.django_db


@pytest.fixture
def leserin(planung) -> User:
    """Petra Plan, who wants to hear once a day."""
    User.objects.filter(pk=planung.pk).update(post_takt=Posttakt.TAEGLICH)
    planung.refresh_from_db()
    return planung


@pytest.fixture
def tell(leserin, leitung):
    """Write her something that is not urgent: tell(1)."""

    def write(nummer: int, **fields) -> Versand:
        given = {"an": leserin, "anlass": f"probe:{nummer}", "betreff": f"Betreff {nummer}", "text": f"text {nummer}", "sammelbar": True}
        return write_versand(**given | fields, by=leitung)

    return write


@pytest.fixture(autouse=True)
def only_digests(monkeypatch):
    """Other duties are tested elsewhere."""
    monkeypatch.setattr(dienste, "_dienste", {"post.sammelmails": dienste._dienste["post.sammelmails"]})
    monkeypatch.setattr(dienste, "_every_beat", {})
    monkeypatch.setattr(dienste, "_paused", {})


def test_what_is_not_urgent_waits_and_leaves_in_one_mail(tell, deliver_mail, leserin, at):
    at(datetime(2026, 11, 22, 9))
    rows = [tell(nummer) for nummer in (1, 2, 3)]
    assert deliver_mail() == []
    send_digests()
    [letter] = deliver_mail()
    assert letter.subject == "3 Nachrichten vom 22.\u00a0November\u00a02026"
    assert letter.to == [leserin.email]
    positions = [letter.body.index(words) for n in (1, 2, 3) for words in (f"{n}. Betreff {n}", f"text {n}")]
    assert positions == sorted(positions)
    assert letter.body.count("Guten Tag") == 1
    for row in rows:
        row.refresh_from_db()
        assert (row.status, row.sammelbar, row.sammelbrief.an) == (Auftragsstatus.FERTIG, False, leserin)
    send_digests()
    assert len(deliver_mail()) == 1


def test_what_is_urgent_does_not_wait(tell, deliver_mail):
    tell(1, sammelbar=False)
    assert [letter.subject for letter in deliver_mail()] == ["Betreff 1"]


def test_who_wants_each_mail_gets_each(leitung, presse, deliver_mail):
    write_versand(an=presse, anlass="probe:1", betreff="Betreff", text="x", sammelbar=True, by=leitung)
    assert len(deliver_mail()) == 1


def test_a_single_message_is_sent_as_it_is(tell, deliver_mail):
    row = tell(1)
    send_digests()
    assert [letter.subject for letter in deliver_mail()] == ["Betreff 1"]
    row.refresh_from_db()
    assert (row.status, row.sammelbrief) == (Auftragsstatus.FERTIG, None)


def test_everybody_gets_their_own(tell, leserin, presse, leitung, deliver_mail):
    User.objects.filter(pk=presse.pk).update(post_takt=Posttakt.TAEGLICH)
    presse.refresh_from_db()
    for nummer in (1, 2):
        tell(nummer)
        write_versand(an=presse, anlass=f"probe:{nummer}", betreff=f"Für Mira {nummer}", text="y", sammelbar=True, by=leitung)
    send_digests()
    letters = {letter.to[0]: letter.body for letter in deliver_mail()}
    assert "Für Mira" not in letters[leserin.email]
    assert "Für Mira 2" in letters[presse.email]


def test_a_closed_account_gets_nothing_and_nothing_is_left_waiting(tell, leserin, deliver_mail):
    tell(1)
    tell(2)
    User.objects.filter(pk=leserin.pk).update(is_active=False)
    send_digests()
    assert deliver_mail() == []
    assert not Versand.objects.exists()


def test_a_new_address_gets_the_digest(tell, leserin, deliver_mail):
    tell(1)
    User.objects.filter(pk=leserin.pk).update(email="petra.neu@musterburg.example")
    send_digests()
    assert deliver_mail()[0].to == ["petra.neu@musterburg.example"]


def test_beat_sends_at_seven_and_not_before(tell, deliver_mail, at):
    at(datetime(2026, 11, 21, 8))
    run_due()
    tell(1)
    for moment in (datetime(2026, 11, 21, 23), datetime(2026, 11, 22, 6, 59)):
        at(moment)
        run_due()
        assert deliver_mail() == []
    at(datetime(2026, 11, 22, 7, 1))
    run_due()
    assert len(deliver_mail()) == 1


def test_beat_that_was_off_for_days_makes_up_for_it_once(tell, deliver_mail, at):
    at(datetime(2026, 11, 20, 8))
    run_due()
    tell(1)
    tell(2)
    at(datetime(2026, 11, 24, 15, 30))
    run_due()
    assert [letter.subject for letter in deliver_mail()] == ["2 Nachrichten vom 24.\u00a0November\u00a02026"]
    tell(3)
    run_due()
    assert len(deliver_mail()) == 1
    at(datetime(2026, 11, 25, 7))
    run_due()
    assert len(deliver_mail()) == 2


def test_a_digest_that_fails_in_the_middle_is_not_half_sent(tell, deliver_mail, monkeypatch, caplog, leserin, presse, leitung):
    User.objects.filter(pk=presse.pk).update(post_takt=Posttakt.TAEGLICH)
    presse.refresh_from_db()
    write_versand(an=presse, anlass="probe:9", betreff="Für Mira", text="y", sammelbar=True, by=leitung)
    tell(1)
    done: list[User] = []

    def once(*, an: User, by: User) -> None:
        if done:
            raise RuntimeError("Strom weg")
        done.append(an)
        send_digest(an=an, by=by)

    monkeypatch.setattr("jobcenter.post.tasks.actions.send_digest", once)
    run_due()
    assert "post.sammelmails failed" in caplog.text
    assert Versand.objects.filter(sammelbar=True).count() == 2
    assert Regeldienst.objects.get(name="post.sammelmails").zuletzt_am == dienste.NEVER
    monkeypatch.setattr("jobcenter.post.tasks.actions.send_digest", send_digest)
    monkeypatch.setattr(dienste, "_paused", {})
    run_due()
    assert {letter.subject for letter in deliver_mail()} == {"Betreff 1", "Für Mira"}
    assert len(mail.outbox) == 2
