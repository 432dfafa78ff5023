"""The three steps of every background job: claim · work outside any transaction · finish, if the attempt still holds it.

Rooms call these inside their actions, which ask who may. A late first worker changes nothing: its number is old.
"""

from datetime import timedelta
from typing import Any, TypeVar

from jobcenter.common import clock
from jobcenter.common.actions import lock
from jobcenter.common.enums import AUFTRAG_TRANSITIONS, Auftragsstatus
from jobcenter.common.models import Auftrag, LangerAuftrag
from jobcenter.common.transitions import check_transition

A = TypeVar("A", bound=Auftrag)
TOOK_ITS_WORKER = "Der Hintergrunddienst wurde bei jedem Versuch beendet, zum Beispiel weil der Speicher nicht reichte."


def claim(row: Auftrag) -> int | None:
    """Take a job that is due, for the time of a lease, and return the number of this attempt.

    None when it is done, not due, or another worker has it. A job that took its worker down with it on every attempt is
    given up here.
    """
    rows: Any = type(row)._default_manager
    current = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=row.pk).due().first()
    if current is None:
        return None
    if current.status == Auftragsstatus.IN_ARBEIT and current.is_last_attempt:
        _move(current, Auftragsstatus.GESCHEITERT)
        current.fehler = current.fehler or TOOK_ITS_WORKER
        current.save()
        return None
    _move(current, Auftragsstatus.IN_ARBEIT)
    current.versuch += 1
    if isinstance(current, LangerAuftrag):
        current.fortschritt, current.schritt = 0, "Begonnen"
    current.save()
    return current.versuch


def extend(row: Auftrag, versuch: int, **felder: Any) -> bool:
    """Hold the job for another lease and write how far it is; False when the attempt has lost it."""
    mine = type(row)._default_manager.filter(pk=row.pk, versuch=versuch, status=Auftragsstatus.IN_ARBEIT)
    return bool(mine.update(lease_bis=clock.now() + row.LEASE, **felder))


def hold(row: A, versuch: int) -> A | None:
    """The row, locked, while this attempt has it; None when another has taken over or it was closed."""
    current = lock(row)
    return current if (current.status, current.versuch) == (Auftragsstatus.IN_ARBEIT, versuch) else None


def finish(current: Auftrag) -> None:
    """Close a job that is held. The caller writes its results in the same transaction."""
    _move(current, Auftragsstatus.FERTIG)
    current.fertig_am, current.fehler = clock.now(), ""
    if isinstance(current, LangerAuftrag):
        current.fortschritt, current.schritt = 100, "Fertig"
    current.save()


def fail(current: Auftrag, fehler: str) -> None:
    """Note why a held attempt failed; due again after a growing pause, given up after MAX_VERSUCHE."""
    _move(current, Auftragsstatus.GESCHEITERT if current.is_last_attempt else Auftragsstatus.WARTET)
    current.naechster_versuch = clock.now() + pause(current)
    current.fehler = fehler[:1000]
    if isinstance(current, LangerAuftrag):
        current.schritt = ""
    current.save()


def retry(row: A) -> A:
    """Begin the next attempts at a job that was given up; TransitionError when it was not."""
    current = lock(row)
    if current.status != Auftragsstatus.GESCHEITERT:  # waiting → waiting is no answer to a person's click
        check_transition({}, current.status, Auftragsstatus.WARTET, noun=f"„{current}“")
    _move(current, Auftragsstatus.WARTET)
    current.naechster_versuch, current.fehler = clock.now(), ""
    if isinstance(current, LangerAuftrag):
        current.fortschritt, current.schritt = 0, ""
    current.save()
    return current


def pause(row: Auftrag) -> timedelta:
    """How long to wait after the attempt that has just failed."""
    return min(row.FIRST_PAUSE * 2 ** ((row.versuch - 1) % row.MAX_VERSUCHE), row.LONGEST_PAUSE)


def _move(current: Auftrag, target: Auftragsstatus) -> None:
    check_transition(AUFTRAG_TRANSITIONS, current.status, target, noun=f"„{current}“")
    current.status = target
    current.lease_bis = clock.now() + current.LEASE if target == Auftragsstatus.IN_ARBEIT else None
