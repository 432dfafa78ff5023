"""Two at the same moment: real threads, real connections, real locks."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, transaction

from beirat.actions import cast_stimme, close_abstimmung, open_abstimmung, open_sitzung
from beirat.enums import Wahl
from beirat.models import Abstimmung, Beschluss, Stimme
from jobcenter.common.transitions import TransitionError

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 10  # seconds; longer is a deadlock
MOMENT = 0.4  # seconds in which the other thread would have come through without a lock


def own_connection(run: Callable[[], object]) -> object:
    """The outcome of an action in a thread of its own: its value, or the sentence of its refusal."""
    try:
        return run()
    except TransitionError as error:
        return str(error)
    finally:
        connection.close()


@pytest.fixture
def pool():
    with ThreadPoolExecutor(4) as executor:
        yield executor


def test_of_two_votes_of_one_member_one_counts(ballot, mitglied, pool):
    barrier = Barrier(4)
    wahlen = [Wahl.JA, Wahl.NEIN, Wahl.ENTHALTUNG, Wahl.JA]

    def vote(wahl: Wahl) -> Stimme:
        barrier.wait(WAIT)
        return cast_stimme(abstimmung=ballot, wahl=wahl, by=mitglied.konto)

    outcomes = list(pool.map(lambda wahl: own_connection(lambda: vote(wahl)), wahlen))
    counted = [outcome for outcome in outcomes if isinstance(outcome, Stimme)]
    assert len(counted) == 1
    assert [o for o in outcomes if o is not counted[0]] == ["Sie haben schon abgestimmt. Ihre erste Stimme zählt."] * 3
    assert list(ballot.stimmen.values_list("pk", flat=True)) == [counted[0].pk]


def meanwhile(pool: ThreadPoolExecutor, run: Callable[[], object]) -> Future:
    """Start an action that has to wait for the transaction around this call."""
    future = pool.submit(own_connection, run)
    sleep(MOMENT)
    assert not future.done(), "it did not wait for the lock"
    return future


def test_a_vote_under_way_is_counted_by_the_closing(ballot, vorsitz, mitglied, pool):
    with transaction.atomic():
        cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=mitglied.konto)
        closing = meanwhile(pool, lambda: close_abstimmung(abstimmung=ballot, by=vorsitz.konto))
    assert isinstance(closing.result(WAIT), Beschluss)
    ballot.refresh_from_db()
    assert (ballot.ja, ballot.nicht_abgegeben, ballot.stimmen.count()) == (1, 2, 1)


def test_a_vote_that_meets_the_closing_is_refused(ballot, vorsitz, mitglied, pool):
    with transaction.atomic():
        close_abstimmung(abstimmung=ballot, by=vorsitz.konto)
        late = meanwhile(pool, lambda: cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=mitglied.konto))
    assert late.result(WAIT) == "Die Abstimmung ist schon geschlossen. Ihre Stimme wurde nicht gezählt."
    ballot.refresh_from_db()
    assert (ballot.ja, ballot.nicht_abgegeben, ballot.stimmen.count()) == (0, 3, 0)


def test_raw_sql_waits_for_the_closing_too(ballot, vorsitz, mitglied, pool):
    def insert() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO beirat_stimme (abstimmung_id, mitglied_id, wahl, am) VALUES (%s, %s, 'ja', now())", [ballot.pk, mitglied.pk]
            )

    with transaction.atomic():
        close_abstimmung(abstimmung=ballot, by=vorsitz.konto)
        late = meanwhile(pool, insert)
    assert "Die Abstimmung ist nicht offen" in str(late.exception(WAIT))
    assert not ballot.stimmen.exists()


def test_votes_and_closing_at_once_always_add_up(ballot, vorsitz, mitglied, mitglied2, pool):
    barrier = Barrier(4)

    def at_once(run: Callable[[], object]) -> object:
        barrier.wait(WAIT)
        return run()

    votes = [lambda seat=seat: cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=seat.konto) for seat in (vorsitz, mitglied, mitglied2)]
    changes = [*votes, lambda: close_abstimmung(abstimmung=ballot, by=vorsitz.konto)]
    outcomes = list(pool.map(lambda run: own_connection(lambda: at_once(run)), changes))
    ballot.refresh_from_db()
    counted = sum(isinstance(outcome, Stimme) for outcome in outcomes)
    assert isinstance(outcomes[-1], Beschluss)
    assert (ballot.ja, ballot.ja + ballot.nicht_abgegeben) == (counted, 3)
    assert ballot.stimmen.count() == counted


def test_the_chair_opens_one_ballot_with_two_clicks(punkt, eroeffnet, vorsitz, pool):
    top = punkt()
    eroeffnet()
    barrier = Barrier(2)

    def click() -> Abstimmung:
        barrier.wait(WAIT)
        return open_abstimmung(top=top, by=vorsitz.konto)

    outcomes = list(pool.map(own_connection, [click, click]))
    assert sum(isinstance(outcome, Abstimmung) for outcome in outcomes) == 1
    assert Abstimmung.objects.count() == 1


def test_of_two_sessions_one_opens(sitzung, vorsitz, geschaeftsstelle, pool):
    from datetime import timedelta

    from beirat.actions import add_top, invite_sitzung, plan_sitzung
    from beirat.enums import Topart
    from beirat.models import Sitzung
    from jobcenter.common import clock

    other = plan_sitzung(nummer=23, beginn=clock.now() + timedelta(days=8), ort="Kreishaus", by=geschaeftsstelle)
    add_top(sitzung=other, titel="Begrüßung", art=Topart.KENNTNISNAHME, oeffentlich=True, by=geschaeftsstelle)
    invite_sitzung(sitzung=other, by=geschaeftsstelle)
    barrier = Barrier(2)

    def click(one: Sitzung) -> Sitzung:
        barrier.wait(WAIT)
        return open_sitzung(sitzung=one, by=vorsitz.konto)

    outcomes = list(pool.map(lambda one: own_connection(lambda: click(one)), [sitzung, other]))
    assert sum(isinstance(outcome, Sitzung) for outcome in outcomes) == 1
    assert "Eine andere Sitzung ist noch eröffnet. Schließen Sie diese zuerst." in outcomes
