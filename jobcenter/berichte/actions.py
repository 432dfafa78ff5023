"""A report is asked for, claimed by one worker for a limited time, and finished by that worker or by nobody."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from jobcenter.berichte.enums import BERICHT_TRANSITIONS, Berichtsart, Berichtsstatus
from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.common.actions import action, lock, require
from jobcenter.common.events import publish
from jobcenter.common.queue import enqueue
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from massnahmen.models import Fassung

MAX_VERSUCHE = 5  # in a row; asking again by hand begins the next five
FIRST_PAUSE = timedelta(seconds=20)


@action
def request_bericht(*, art: Berichtsart, fassung: Fassung, by: User) -> Bericht:
    """Ask for the report on a published Fassung; a second request finds the first.

    Leitung, Presse, or the background service. Before the publication there is nothing to keep: the report carries the
    Beirat's advice and the day of publication.
    """
    require(by, "berichte.request_bericht", fassung)
    if not Fassung.objects.veroeffentlicht().filter(pk=fassung.pk).exists():
        raise TransitionError(f"{fassung} ist noch nicht veröffentlicht. Das PDF entsteht mit der Veröffentlichung.")
    bericht, created = Bericht.objects.get_or_create(art=art, fassung=fassung, defaults={"angefordert_von": by})
    if created:
        enqueue("berichte.render_bericht", bericht_id=bericht.pk)
    return bericht


@action
def retry_bericht(*, bericht: Bericht, by: User) -> Bericht:
    """Try a report again that was given up. Leitung or Presse.

    Attempts are counted on, so that a worker left over from before can never be taken for the new one.
    """
    require(by, "berichte.request_bericht", bericht.fassung)
    current = lock(bericht)
    check_transition(BERICHT_TRANSITIONS, current.status, Berichtsstatus.ANGEFORDERT, noun="Der Bericht")
    current.status, current.naechster_versuch = Berichtsstatus.ANGEFORDERT, clock.now()
    current.fortschritt, current.fehler = 0, ""
    current.save()
    enqueue("berichte.render_bericht", bericht_id=current.pk)
    return current


@action
def claim_bericht(*, bericht: Bericht, by: User) -> int | None:
    """Take the job for a limited time and return the attempt number; None when it is done or another worker has it."""
    require(by, "berichte.render_bericht", bericht)
    current = Bericht.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=bericht.pk).first()
    if current is None or not Bericht.objects.due().filter(pk=current.pk).exists():
        return None
    if current.status == Berichtsstatus.IN_ARBEIT and _is_last(current.versuch):  # it took its worker down with it
        _give_up(current)
        return None
    check_transition(BERICHT_TRANSITIONS, current.status, Berichtsstatus.IN_ARBEIT, noun="Der Bericht")
    current.versuch += 1
    current.status = Berichtsstatus.IN_ARBEIT
    current.lease_bis = clock.now() + timedelta(seconds=settings.BERICHT_LEASE_SECONDS)
    current.fortschritt, current.schritt = 0, "Begonnen"
    current.save()
    return current.versuch


@action
def note_progress(*, bericht: Bericht, versuch: int, fortschritt: int, schritt: str, by: User) -> bool:
    """Say how far the attempt is, and extend its lease; False when the attempt has lost the job."""
    require(by, "berichte.render_bericht", bericht)
    rows = Bericht.objects.filter(pk=bericht.pk, versuch=versuch, status=Berichtsstatus.IN_ARBEIT)
    lease = clock.now() + timedelta(seconds=settings.BERICHT_LEASE_SECONDS)
    return bool(rows.update(fortschritt=fortschritt, schritt=schritt, lease_bis=lease))


@action
def finish_bericht(*, bericht: Bericht, versuch: int, pdf: bytes, seiten: int, by: User) -> Bericht | None:
    """Keep the file and close the job; None, and nothing changed, when another attempt has taken over."""
    require(by, "berichte.render_bericht", bericht)
    current = lock(bericht)
    if (current.status, current.versuch) != (Berichtsstatus.IN_ARBEIT, versuch):
        return None
    current.pruefsumme = hashlib.sha256(pdf).hexdigest()
    current.datei = _store(f"berichte/{current.pruefsumme}.pdf", pdf)
    current.groesse, current.seiten = len(pdf), seiten
    current.status, current.fertig_am, current.lease_bis = Berichtsstatus.FERTIG, clock.now(), None
    current.fortschritt, current.schritt, current.fehler = 100, "Fertig", ""
    current.save()
    publish("berichte.bericht_fertig", current.pk)
    return current


@action
def fail_bericht(*, bericht: Bericht, versuch: int, fehler: str, by: User) -> None:
    """Note why an attempt failed; it is due again after a growing pause, and gives up after five."""
    require(by, "berichte.render_bericht", bericht)
    current = lock(bericht)
    if (current.status, current.versuch) != (Berichtsstatus.IN_ARBEIT, versuch):
        return
    current.status = Berichtsstatus.GESCHEITERT if _is_last(versuch) else Berichtsstatus.ANGEFORDERT
    current.naechster_versuch = clock.now() + FIRST_PAUSE * 2 ** ((versuch - 1) % MAX_VERSUCHE)
    current.lease_bis, current.fehler, current.schritt = None, fehler[:1000], ""
    current.save()


def _give_up(current: Bericht) -> None:
    current.status, current.lease_bis, current.schritt = Berichtsstatus.GESCHEITERT, None, ""
    current.fehler = (
        current.fehler or "Der Hintergrunddienst wurde bei jedem Versuch beendet, zum Beispiel weil der Speicher nicht reichte."
    )
    current.save()


def _is_last(versuch: int) -> bool:
    return versuch % MAX_VERSUCHE == 0


class _WholeFile(File):
    """A finished file beside the store: Django moves it under its name in one step, or reads it where the store is remote."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def _store(name: str, pdf: bytes) -> str:
    """The name says the content, so the same bytes are kept once; a half written file never bears it."""
    if default_storage.exists(name):
        if default_storage.size(name) == len(pdf):
            return name
        default_storage.delete(name)
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=settings.MEDIA_ROOT, prefix="bericht-", suffix=".pdf", delete=False) as file:
        try:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            return default_storage.save(name, _WholeFile(file))
        finally:
            Path(file.name).unlink(missing_ok=True)
