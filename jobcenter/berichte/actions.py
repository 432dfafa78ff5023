"""A report is asked for, claimed by one worker for a limited time, and finished by that worker or by nobody."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from jobcenter.berichte.enums import BERICHT_TRANSITIONS, Berichtsart, Berichtsstatus
from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.common.actions import action, lock, require
from jobcenter.common.events import publish
from jobcenter.common.queue import enqueue
from jobcenter.common.transitions import check_transition
from jobcenter.konten.models import User
from massnahmen.models import Fassung

MAX_VERSUCHE = 5
FIRST_PAUSE = timedelta(seconds=20)


@action
def request_bericht(*, art: Berichtsart, fassung: Fassung, by: User) -> Bericht:
    """Ask for the report on a Fassung; a second request finds the first. Leitung, Presse, or the background service."""
    require(by, "berichte.request_bericht", fassung)
    bericht, created = Bericht.objects.get_or_create(art=art, fassung=fassung, defaults={"angefordert_von": by})
    if created:
        enqueue("berichte.render_bericht", bericht_id=bericht.pk)
    return bericht


@action
def retry_bericht(*, bericht: Bericht, by: User) -> Bericht:
    """Try a failed report again from the first attempt. Leitung or Presse."""
    require(by, "berichte.request_bericht", bericht.fassung)
    current = lock(bericht)
    check_transition(BERICHT_TRANSITIONS, current.status, Berichtsstatus.ANGEFORDERT, noun="Der Bericht")
    current.status, current.naechster_versuch = Berichtsstatus.ANGEFORDERT, clock.now()
    current.versuch, current.fortschritt, current.fehler = 0, 0, ""
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
    if current.versuch >= MAX_VERSUCHE:  # every attempt so far took its worker down with it
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
    current.status = Berichtsstatus.GESCHEITERT if versuch >= MAX_VERSUCHE else Berichtsstatus.ANGEFORDERT
    current.naechster_versuch = clock.now() + FIRST_PAUSE * 2 ** (versuch - 1)
    current.lease_bis, current.fehler, current.schritt = None, fehler[:1000], ""
    current.save()


def _give_up(current: Bericht) -> None:
    current.status, current.lease_bis, current.schritt = Berichtsstatus.GESCHEITERT, None, ""
    current.fehler = current.fehler or "Der Hintergrunddienst wurde bei jedem Versuch beendet, zum Beispiel weil der Speicher nicht reichte."
    current.save()


def _store(name: str, pdf: bytes) -> str:
    """The name says the content, so the same bytes are kept once."""
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(pdf))
