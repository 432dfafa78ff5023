"""Accounts as administration keeps them: who may, what never, and two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import ProtectedError
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.common.actions import VersionConflict
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.actions import (
    accept_einladung,
    change_konto,
    change_post_takt,
    close_konto,
    confirm_mailwechsel,
    invite_user,
    reopen_konto,
    request_mailwechsel,
    resend_einladung,
    reset_zweiter_faktor,
)
from jobcenter.konten.enums import Kontostand, Posttakt, Rolle
from jobcenter.konten.models import User
from jobcenter.konten.queries import list_aenderungen, sign_einladung
from jobcenter.post.models import Versand
from massnahmen.models import Fassung
from tests.conftest import PASSWORT


def change(konto: User, by: User, **felder) -> User:
    given = {"name": konto.name, "rollen": konto.rollen, "gueltig_bis": konto.gueltig_bis, "version": konto.version} | felder
    return change_konto(konto=konto, **given, by=by)


@pytest.mark.django_db
@pytest.mark.parametrize("rolle", [None, *[rolle for rolle in Rolle if rolle not in {Rolle.ADMINISTRATION, Rolle.SYSTEM}]])
def test_only_administration_keeps_accounts(person, planung, eingeladen, rolle):
    by = person("Irgend Wer", *([rolle] if rolle else []))
    attempts = [
        lambda: invite_user(name="X", email="x@example.org", rollen=[], gueltig_bis=None, by=by),
        lambda: resend_einladung(konto=eingeladen, by=by),
        lambda: change(planung, by, rollen=[Rolle.LEITUNG]),
        lambda: close_konto(konto=planung, by=by),
        lambda: reopen_konto(konto=planung, by=by),
        lambda: reset_zweiter_faktor(konto=planung, by=by),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied):
            attempt()
    assert not User.objects.filter(email="x@example.org").exists()


@pytest.mark.django_db
def test_nobody_changes_their_own_account_and_nobody_a_service(administration, system):
    for konto in (administration, system):
        for attempt in (
            lambda konto=konto: change(konto, administration, rollen=[Rolle.LEITUNG]),
            lambda konto=konto: close_konto(konto=konto, by=administration),
            lambda konto=konto: reset_zweiter_faktor(konto=konto, by=administration),
        ):
            with pytest.raises(PermissionDenied):
                attempt()


@pytest.mark.django_db
def test_nobody_gets_the_role_of_a_service(administration, planung):
    with pytest.raises(PermissionDenied):
        invite_user(name="X", email="x@example.org", rollen=[Rolle.SYSTEM], gueltig_bis=None, by=administration)
    with pytest.raises(PermissionDenied):
        change(planung, administration, rollen=[Rolle.PLANUNG, Rolle.SYSTEM])


@pytest.mark.django_db
def test_the_first_administrator_is_invited_by_the_system(system, last_link, client):
    first = invite_user(name="Erste Person", email="erste@example.org", rollen=[Rolle.ADMINISTRATION], gueltig_bis=None, by=system)
    assert client.get(last_link()).status_code == 200
    assert first.stand is Kontostand.EINGELADEN


@pytest.mark.django_db
def test_a_closed_account_opens_nothing_and_what_it_did_stays(fassung, leitung, administration, sign_in, is_inside, client):
    browser = sign_in(leitung)
    assert is_inside(browser)
    close_konto(konto=leitung, by=administration)
    assert not is_inside(browser)
    assert not UserSession.objects.filter(user=leitung).exists()
    assert client.post(reverse("account_login"), {"login": leitung.email, "password": PASSWORT})["Location"] == reverse("account_inactive")
    assert not User.objects.get(pk=leitung.pk).has_perm("massnahmen.submit_programm")
    assert Fassung.objects.get().vorgelegt_von == leitung
    with pytest.raises(ProtectedError):
        leitung.delete()
    with pytest.raises(TransitionError, match="schon geschlossen"):
        close_konto(konto=leitung, by=administration)


@pytest.mark.django_db
def test_an_account_opens_again_and_its_old_sessions_do_not(leitung, administration, sign_in, is_inside):
    browser = sign_in(leitung)
    close_konto(konto=leitung, by=administration)
    reopen_konto(konto=leitung, by=administration)
    assert not is_inside(browser)
    assert is_inside(sign_in(leitung))
    with pytest.raises(TransitionError, match="nicht geschlossen"):
        reopen_konto(konto=leitung, by=administration)


@pytest.mark.django_db
def test_a_last_day_in_the_past_ends_the_sessions(leitung, administration, sign_in, is_inside):
    browser = sign_in(leitung)
    change(leitung, administration, gueltig_bis=clock.today())
    assert is_inside(browser)
    leitung.refresh_from_db()
    change(leitung, administration, gueltig_bis=clock.today() - timedelta(days=1))
    assert not is_inside(browser)
    assert not UserSession.objects.filter(user=leitung).exists()


@pytest.mark.django_db
def test_a_save_on_top_of_a_newer_one_is_refused(planung, administration, administration2):
    seen = planung.version
    change(planung, administration, rollen=[Rolle.LEITUNG])
    with pytest.raises(VersionConflict) as conflict:
        change(planung, administration2, rollen=[Rolle.PRESSE], version=seen)
    assert conflict.value.current.rollen == [Rolle.LEITUNG]
    with pytest.raises(VersionConflict):
        change(planung, administration, rollen=[Rolle.PRESSE], version=seen)


@pytest.mark.django_db
def test_the_history_says_who_changed_what(administration, administration2, eingeladen):
    change(eingeladen, administration2, rollen=[Rolle.PLANUNG, Rolle.PRESSE], name="Nina Neuer")
    eingeladen.refresh_from_db()
    close_konto(konto=eingeladen, by=administration)
    newest_first = [(entry.wer, entry.was) for entry in list_aenderungen(eingeladen)]
    assert newest_first == [
        ("Anton Admin", ("Konto geschlossen",)),
        ("Berta Zweitadmin", ("Name: Nina Neu → Nina Neuer", "Rollen: Maßnahmenplanung → Maßnahmenplanung, Pressestelle")),
        ("Anton Admin", ("Konto angelegt",)),
    ]


@pytest.mark.django_db
def test_the_mail_and_the_account_are_one_transaction(administration, monkeypatch):
    monkeypatch.setattr("jobcenter.konten.actions._send", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        invite_user(name="X", email="x@example.org", rollen=[], gueltig_bis=None, by=administration)
    assert not User.objects.filter(email="x@example.org").exists()


@pytest.mark.django_db
def test_what_carries_a_link_is_confidential(eingeladen, planung):
    request_mailwechsel(email="neu@example.org", by=planung)
    assert list(Versand.objects.order_by("pk").values_list("adresse", "vertraulich")) == [
        ("nina.neu@musterburg.example", True),
        ("neu@example.org", True),
    ]


@pytest.mark.django_db
def test_one_s_own_account_is_nobody_else_s(planung, leitung, eingeladen):
    planung.is_active = False
    planung.save()
    for attempt in (
        lambda: change_post_takt(takt=Posttakt.TAEGLICH, by=planung),
        lambda: request_mailwechsel(email="x@example.org", by=planung),
        lambda: confirm_mailwechsel(token="x", by=planung),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    with pytest.raises(TransitionError):
        accept_einladung(token=sign_einladung(eingeladen), passwort="Ein ganz neuer Satz", by=leitung)
    leitung.refresh_from_db()
    assert leitung.check_password(PASSWORT)


# --- two at the same moment -------------------------------------------------------------------------------------
def both(first, second) -> list[object]:
    """The outcomes of two actions that begin at the same moment, each in a thread and a connection of its own."""
    barrier = Barrier(2)

    def run(act) -> object:
        try:
            barrier.wait(10)
            return act()
        except (TransitionError, PermissionDenied) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, [first, second]))


@pytest.mark.django_db(transaction=True)
def test_one_address_invited_twice_at_once_is_one_account_and_one_mail(administration, administration2):
    def invite(by: User, email: str):
        return lambda: invite_user(name="Nina Neu", email=email, rollen=[], gueltig_bis=None, by=by)

    outcomes = both(invite(administration, "nina@example.org"), invite(administration2, "Nina@Example.org "))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["TransitionError", "User"]
    assert User.objects.filter(email="nina@example.org").count() == 1
    assert Versand.objects.filter(adresse="nina@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_take_each_other_s_role_at_once(administration, administration2):
    both(
        lambda: change(administration2, administration, rollen=[Rolle.PLANUNG]),
        lambda: change(administration, administration2, rollen=[Rolle.PLANUNG]),
    )
    assert User.objects.filter(rollen__contains=[Rolle.ADMINISTRATION]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_close_each_other_at_once(administration, administration2):
    both(lambda: close_konto(konto=administration2, by=administration), lambda: close_konto(konto=administration, by=administration2))
    assert User.objects.filter(rollen__contains=[Rolle.ADMINISTRATION], is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_invitation_followed_twice_at_once_opens_the_account_once(eingeladen):
    token = sign_einladung(eingeladen)
    outcomes = both(
        lambda: accept_einladung(token=token, passwort="Der erste lange Satz", by=eingeladen),
        lambda: accept_einladung(token=token, passwort="Der zweite lange Satz", by=eingeladen),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["TransitionError", "User"]
