"""The three steps of every background job: claim · work outside any transaction · finish, if the attempt still holds it.

Rooms call these inside their actions, which ask who may. A late first worker changes nothing: its number is old.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Any, TypeVar

from django.db import connection

from jobcenter.common import clock
from jobcenter.common.actions import lock
from jobcenter.common.enums import AUFTRAG_TRANSITIONS, Auftragsstatus
from jobcenter.common.models import Auftrag, LangerAuftrag
from jobcenter.common.transitions import check_transition

log = logging.getLogger(__name__)
LONGEST_BEAT = 2.0  # seconds; somebody watches the progress
A = TypeVar("A", bound=Auftrag)
TOOK_ITS_WORKER = "Der Hintergrunddienst wurde bei jedem Versuch beendet, zum Beispiel weil der Speicher nicht reichte."


class JobLost(Exception):
    """Another attempt has taken the job over; this one stops and changes nothing."""


class Attempt:
    """One attempt at a long job: says how far it is, and holds the lease from a thread of its own while a step takes long.

    `write(fortschritt, schritt)` is the room's action that extends the lease; False when the attempt has lost the job.
    """

    def __init__(self, row: LangerAuftrag, write: Callable[[int, str], bool]) -> None:
        self._row, self._write = row, write
        self._last = (0, "Begonnen")
        self._lost = False
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._beat, name=f"{row._meta.model_name}-{row.pk}", daemon=True)

    def __enter__(self) -> "Attempt":
        self._heart.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._heart.join()

    def note(self, fortschritt: int, schritt: str) -> None:
        """Write down the progress and extend the lease; raises JobLost when another attempt has the job."""
        self._last = (fortschritt, schritt)
        if not self._write(*self._last):
            raise JobLost

    def mention(self, fortschritt: int, schritt: str) -> None:
        """As `note`, while the database connection is busy: the heart writes it down with its next beat."""
        self._last = (fortschritt, schritt)
        if self._lost:
            raise JobLost

    def _beat(self) -> None:
        pause = min(self._row.LEASE.total_seconds() / 4, LONGEST_BEAT)
        try:
            while not self._ended.wait(pause):
                if not self._write(*self._last):
                    self._lost = True
                    return
        except Exception:  # without a heartbeat the lease may run out, and then another worker takes over
            log.exception("%s: the lease could not be extended", self._row)
        finally:
            connection.close()


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
