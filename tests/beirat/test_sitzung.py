"""Sessions: who plans, invites, opens and closes, and when each is possible."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from beirat.actions import (
    add_fassung_to_agenda,
    add_top,
    cancel_abstimmung,
    close_sitzung,
    invite_sitzung,
    open_abstimmung,
    open_sitzung,
    plan_sitzung,
    record_anwesenheit,
)
from beirat.enums import Sitzungsstatus, Topart
from beirat.models import Sitzung
from beirat.queries import list_sitzungen, quorum, read_beschlussfaehigkeit, waiting_fassungen
from jobcenter.common import clock
from jobcenter.common.transitions import TransitionError
from jobcenter.post.models import Versand
from jobcenter.post.tasks import deliver_versand
from massnahmen.actions import reopen_programm

pytestmark = pytest.mark.django_db


def plan(by, nummer=5, tage=7):
    return plan_sitzung(nummer=nummer, beginn=clock.now() + timedelta(days=tage), ort="Kreishaus", by=by)


def test_a_session_lies_ahead(geschaeftsstelle):
    with pytest.raises(TransitionError, match="Vergangenheit"):
        plan(geschaeftsstelle, tage=-1)


def test_a_running_number_is_given_once(geschaeftsstelle):
    plan(geschaeftsstelle)
    with pytest.raises(TransitionError, match=r"Die 5\. Sitzung gibt es schon"):
        plan(geschaeftsstelle, tage=9)
    assert Sitzung.objects.count() == 1


@pytest.mark.parametrize("wer", ["planung", "leitung", "administration", "fremd"])
def test_only_the_geschaeftsstelle_plans(request, wer):
    with pytest.raises(PermissionDenied):
        plan(request.getfixturevalue(wer))


def test_the_chair_does_not_plan_and_the_geschaeftsstelle_does_not_lead(sitzung, vorsitz, geschaeftsstelle):
    with pytest.raises(PermissionDenied):
        plan(vorsitz.konto)
    with pytest.raises(PermissionDenied):
        open_sitzung(sitzung=sitzung, by=geschaeftsstelle)


def test_a_session_is_invited_once(sitzung, geschaeftsstelle):
    with pytest.raises(TransitionError, match="eingeladen"):
        invite_sitzung(sitzung=sitzung, by=geschaeftsstelle)


def test_the_invitation_reaches_every_member_once(geschaeftsstelle, mitglied, vorsitz, beratend, ehemalig, system):
    other = plan(geschaeftsstelle, nummer=5)
    with pytest.raises(TransitionError, match="Tagesordnung ist noch leer"):
        invite_sitzung(sitzung=other, by=geschaeftsstelle)
    assert not Versand.objects.exists()
    add_top(sitzung=other, titel="Fahrdienste", art=Topart.BERATUNG, oeffentlich=False, by=geschaeftsstelle)
    invite_sitzung(sitzung=other, by=geschaeftsstelle)
    assert {v.an for v in Versand.objects.all()} == {mitglied.konto, vorsitz.konto, beratend.konto}
    for versand in Versand.objects.all():
        deliver_versand(versand.pk)
    assert sorted(m.to[0] for m in mail.outbox) == [
        "bea.beratend@musterburg.example",
        "karl.kammer@musterburg.example",
        "vera.vorsitz@musterburg.example",
    ]
    letter = mail.outbox[0]
    assert letter.subject.startswith("Einladung zur 5. Sitzung des Beirats am ")
    assert "1. Fahrdienste" in letter.body
    assert "/intern/beirat/sitzungen/5/" in letter.body


def test_whose_account_has_ended_is_not_told_the_agenda(geschaeftsstelle, mitglied, vorsitz):
    type(mitglied.konto).objects.filter(pk=mitglied.konto_id).update(gueltig_bis=clock.today() - timedelta(days=1))
    other = plan(geschaeftsstelle, nummer=5)
    add_top(sitzung=other, titel="Fahrdienste", art=Topart.BERATUNG, oeffentlich=False, by=geschaeftsstelle)
    invite_sitzung(sitzung=other, by=geschaeftsstelle)
    assert {versand.an for versand in Versand.objects.all()} == {vorsitz.konto}


def test_only_an_invited_session_opens(geschaeftsstelle, vorsitz):
    with pytest.raises(TransitionError, match="geplant"):
        open_sitzung(sitzung=plan(geschaeftsstelle), by=vorsitz.konto)


def test_the_deputy_stands_in_for_the_chair(sitzung, stellvertretung):
    assert open_sitzung(sitzung=sitzung, by=stellvertretung.konto).status == Sitzungsstatus.EROEFFNET


def test_an_ordinary_member_does_not_lead(sitzung, mitglied):
    with pytest.raises(PermissionDenied):
        open_sitzung(sitzung=sitzung, by=mitglied.konto)


def test_one_session_at_a_time_is_open(sitzung, vorsitz, geschaeftsstelle):
    other = plan(geschaeftsstelle)
    add_top(sitzung=other, titel="Begrüßung", art=Topart.KENNTNISNAHME, oeffentlich=True, by=geschaeftsstelle)
    invite_sitzung(sitzung=other, by=geschaeftsstelle)
    open_sitzung(sitzung=sitzung, by=vorsitz.konto)
    with pytest.raises(TransitionError, match="andere Sitzung ist noch eröffnet"):
        open_sitzung(sitzung=other, by=vorsitz.konto)
    other.refresh_from_db()
    assert (other.status, other.eroeffnet_am) == (Sitzungsstatus.EINGELADEN, None)


def test_the_agenda_is_numbered_and_closes_with_the_opening(sitzung, punkt, vorsitz):
    assert [punkt(titel).nummer for titel in ("Eins", "Zwei")] == [2, 3]
    open_sitzung(sitzung=sitzung, by=vorsitz.konto)
    with pytest.raises(TransitionError, match="steht fest"):
        punkt("Drei")


def test_a_session_with_an_open_ballot_does_not_close(ballot, vorsitz):
    with pytest.raises(TransitionError, match="Abstimmung läuft noch"):
        close_sitzung(sitzung=ballot.top.sitzung, by=vorsitz.konto)


def test_a_closed_session_stays_closed(eroeffnet, vorsitz):
    closed = close_sitzung(sitzung=eroeffnet(), by=vorsitz.konto)
    for change in (open_sitzung, close_sitzung):
        with pytest.raises(TransitionError, match="geschlossen"):
            change(sitzung=closed, by=vorsitz.konto)


# --- attendance and quorum
@pytest.mark.parametrize(("members", "needed"), [(1, 1), (2, 1), (3, 2), (13, 7), (14, 7), (15, 8)])
def test_half_of_the_voting_members_make_a_quorum(members, needed):
    assert quorum(members) == needed


def test_attendance_counts_voting_members_only(sitzung, vorsitz, mitglied, mitglied2, beratend, geschaeftsstelle):
    record_anwesenheit(sitzung=sitzung, mitglieder=[mitglied, beratend], by=geschaeftsstelle)
    lage = read_beschlussfaehigkeit(sitzung)
    assert (lage.anwesend, lage.stimmberechtigte, lage.noetig, lage.ist_erreicht) == (1, 3, 2, False)
    assert lage.satz == "nicht beschlussfähig, 1\u00a0von\u00a03"


def test_attendance_is_replaced_and_keeps_who_stayed(sitzung, vorsitz, mitglied, mitglied2, geschaeftsstelle):
    record_anwesenheit(sitzung=sitzung, mitglieder=[vorsitz, mitglied], by=geschaeftsstelle)
    stayed = sitzung.anwesenheiten.get(mitglied=mitglied)
    record_anwesenheit(sitzung=sitzung, mitglieder=[mitglied, mitglied2], by=geschaeftsstelle)
    assert set(sitzung.anwesenheiten.values_list("mitglied", flat=True)) == {mitglied.pk, mitglied2.pk}
    assert sitzung.anwesenheiten.get(mitglied=mitglied).pk == stayed.pk


def test_whose_term_is_over_is_not_present(sitzung, mitglied, ehemalig, geschaeftsstelle):
    with pytest.raises(TransitionError, match="Edgar Ehemalig hat zurzeit keinen Sitz"):
        record_anwesenheit(sitzung=sitzung, mitglieder=[mitglied, ehemalig], by=geschaeftsstelle)
    assert not sitzung.anwesenheiten.exists()


def test_attendance_stands_still_during_a_ballot(ballot, geschaeftsstelle, vorsitz):
    with pytest.raises(TransitionError, match="nach ihrem Schluss"):
        record_anwesenheit(sitzung=ballot.top.sitzung, mitglieder=[vorsitz], by=geschaeftsstelle)
    assert ballot.top.sitzung.anwesenheiten.count() == 3
    cancel_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    record_anwesenheit(sitzung=ballot.top.sitzung, mitglieder=[vorsitz], by=geschaeftsstelle)
    assert ballot.top.sitzung.anwesenheiten.count() == 1


def test_members_do_not_record_attendance(sitzung, vorsitz):
    with pytest.raises(PermissionDenied):
        record_anwesenheit(sitzung=sitzung, mitglieder=[vorsitz], by=vorsitz.konto)


# --- a Fassung before the Beirat
def test_a_fassung_stands_on_one_agenda_only(top, fassung, geschaeftsstelle):
    with pytest.raises(TransitionError, match="steht schon auf einer Tagesordnung"):
        add_fassung_to_agenda(sitzung=plan(geschaeftsstelle), fassung=fassung, by=geschaeftsstelle)


def test_what_a_session_left_undone_waits_for_the_next(top, fassung, eroeffnet, vorsitz, geschaeftsstelle):
    assert not waiting_fassungen()
    close_sitzung(sitzung=eroeffnet(), by=vorsitz.konto)
    assert list(waiting_fassungen()) == [fassung]
    again = add_fassung_to_agenda(sitzung=plan(geschaeftsstelle), fassung=fassung, by=geschaeftsstelle)
    assert again.vorlage.nummer != top.vorlage.nummer


def test_a_fassung_that_was_withdrawn_does_not_come_before_the_beirat(fassung, sitzung, leitung, geschaeftsstelle):
    reopen_programm(programm=fassung.programm, grund="Noch eine Änderung", by=leitung)
    assert not waiting_fassungen()
    with pytest.raises(TransitionError, match="liegt gerade nicht beim Beirat"):
        add_fassung_to_agenda(sitzung=sitzung, fassung=fassung, by=geschaeftsstelle)


def test_only_the_newest_fassung_comes_before_the_beirat(fassung, sitzung, submit, leitung, geschaeftsstelle):
    programm = reopen_programm(programm=fassung.programm, grund="Noch eine Änderung", by=leitung)
    newer = submit(programm)
    assert list(waiting_fassungen()) == [newer]
    with pytest.raises(TransitionError, match="neuere Fassung"):
        add_fassung_to_agenda(sitzung=sitzung, fassung=fassung, by=geschaeftsstelle)


def test_no_ballot_on_a_fassung_that_was_withdrawn(top, fassung, eroeffnet, leitung, vorsitz):
    eroeffnet()
    reopen_programm(programm=fassung.programm, grund="Noch eine Änderung", by=leitung)
    with pytest.raises(TransitionError, match="liegt gerade nicht beim Beirat"):
        open_abstimmung(top=top, by=vorsitz.konto)


# --- who sees what
def test_a_planned_session_is_for_insiders(geschaeftsstelle, mitglied, ehemalig, fremd):
    planned = plan(geschaeftsstelle)
    seen = {
        who: Sitzung.objects.visible_to(who).filter(pk=planned.pk).exists()
        for who in (geschaeftsstelle, mitglied.konto, ehemalig.konto, fremd)
    }
    assert list(seen.values()) == [True, True, False, False]


def test_sessions_in_their_order(sitzung, geschaeftsstelle, vorsitz):
    plan(geschaeftsstelle, nummer=30, tage=30)
    plan(geschaeftsstelle, nummer=25, tage=3)
    lists = list_sitzungen(geschaeftsstelle)
    assert (lists.naechste.nummer, [line.nummer for line in lists.weitere]) == (25, [22, 30])
    open_sitzung(sitzung=sitzung, by=vorsitz.konto)
    assert list_sitzungen(geschaeftsstelle).naechste.nummer == 22, "the session in progress comes first"
    close_sitzung(sitzung=sitzung, by=vorsitz.konto)
    lists = list_sitzungen(geschaeftsstelle)
    assert (lists.naechste.nummer, [line.nummer for line in lists.vergangene]) == (25, [22])


def test_a_session_counts_its_days_in_german_time(geschaeftsstelle, at):
    from datetime import datetime

    from django.utils import timezone

    at(datetime(2026, 11, 20, 23, 30))  # in UTC already the same day, 22:30
    plan_sitzung(nummer=1, beginn=timezone.make_aware(datetime(2026, 11, 21, 0, 30)), ort="Kreishaus", by=geschaeftsstelle)
    assert list_sitzungen(geschaeftsstelle).naechste.wann == "morgen"


def test_an_item_of_the_agenda_is_public_only_when_it_says_so(sitzung, punkt, fremd):
    punkt("Öffentlich")
    punkt("Vertraulich", oeffentlich=False)
    assert [top.titel for top in sitzung.tops.visible_to(fremd)] == ["Begrüßung", "Öffentlich"]


def test_add_top_asks_for_the_right(sitzung, vorsitz):
    with pytest.raises(PermissionDenied):
        add_top(sitzung=sitzung, titel="Eigener Punkt", art=Topart.BERATUNG, oeffentlich=True, by=vorsitz.konto)
