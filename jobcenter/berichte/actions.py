"""A report is asked for, claimed by one worker for a limited time, and finished by that worker or by nobody."""

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from jobcenter.berichte.enums import Berichtsart
from jobcenter.berichte.models import Bericht, Entwurfsdruck
from jobcenter.berichte.queries import is_lost
from jobcenter.common import clock, jobs
from jobcenter.common.actions import action, lock, quiet_action, require
from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.events import publish
from jobcenter.common.queue import enqueue
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from massnahmen.models import Arbeitsmarktprogramm, Fassung
from massnahmen.queries import collect_inhalt


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
    """Try a report again that was given up. Leitung, Presse or administration.

    Attempts are counted on, so that a worker left over from before can never be taken for the new one.
    """
    require(by, "berichte.retry_bericht", bericht.fassung)
    current = jobs.retry(bericht)
    enqueue("berichte.render_bericht", bericht_id=current.pk)
    return current


@action
def remake_bericht(*, bericht: Bericht, by: User) -> Bericht:
    """Make a finished report anew whose file the store has lost. Leitung, Presse or administration."""
    require(by, "berichte.retry_bericht", bericht.fassung)
    current = lock(bericht)
    if not is_lost(current):
        raise TransitionError("Das PDF ist da oder schon wieder in Arbeit. Es muss nicht neu erstellt werden.")
    current.status = Auftragsstatus.WARTET
    current.datei = current.pruefsumme = current.groesse = current.seiten = current.fertig_am = None
    current.naechster_versuch, current.fortschritt, current.schritt = clock.now(), 0, ""
    current.save()
    enqueue("berichte.render_bericht", bericht_id=current.pk)
    return current


@action
def claim_bericht(*, bericht: Bericht, by: User) -> int | None:
    """Take the job for a limited time and return the attempt number; None when it is done or another worker has it."""
    require(by, "berichte.render_bericht", bericht)
    return jobs.claim(bericht)


@quiet_action
def note_progress(*, bericht: Bericht, versuch: int, fortschritt: int, schritt: str, by: User) -> bool:
    """Say how far the attempt is, and extend its lease; False when the attempt has lost the job."""
    require(by, "berichte.render_bericht", bericht)
    return jobs.extend(bericht, versuch, fortschritt=fortschritt, schritt=schritt)


@action
def finish_bericht(*, bericht: Bericht, versuch: int, pdf: bytes, seiten: int, by: User) -> Bericht | None:
    """Keep the file and close the job; None, and nothing changed, when another attempt has taken over."""
    require(by, "berichte.render_bericht", bericht)
    if (current := jobs.hold(bericht, versuch)) is None:
        return None
    current.pruefsumme = hashlib.sha256(pdf).hexdigest()
    current.datei = _store(f"berichte/{current.pruefsumme}.pdf", pdf)
    current.groesse, current.seiten = len(pdf), seiten
    jobs.finish(current)
    publish("berichte.bericht_fertig", current.pk)
    return current


@action
def fail_bericht(*, bericht: Bericht, versuch: int, fehler: str, by: User) -> None:
    """Note why an attempt failed; it is due again after a growing pause, and gives up after five."""
    require(by, "berichte.render_bericht", bericht)
    if current := jobs.hold(bericht, versuch):
        jobs.fail(current, fehler)


# --- drafts on paper -------------------------------------------------------------------------------------------------
@quiet_action
def request_entwurf(*, programm: Arbeitsmarktprogramm, by: User) -> Entwurfsdruck:
    """Freeze the draft as it is for a PDF that is gone after a day. Staff; the same content asked for again finds the first."""
    require(by, "berichte.print_entwurf", programm)
    text = canonical_json(collect_inhalt(programm))
    same = Entwurfsdruck.objects.kept().filter(programm=programm, pruefsumme=fingerprint(text)).exclude(status=Auftragsstatus.GESCHEITERT)
    if found := same.first():
        return found
    entwurf = Entwurfsdruck.objects.create(programm=programm, inhalt=text, pruefsumme=fingerprint(text), angefordert_von=by)
    enqueue("berichte.print_entwurf", entwurf_id=entwurf.pk)
    return entwurf


@quiet_action
def claim_entwurf(*, entwurf: Entwurfsdruck, by: User) -> int | None:
    """Take the job for a limited time and return the attempt number; None when it is done or another worker has it."""
    require(by, "berichte.render_bericht", entwurf)
    return jobs.claim(entwurf)


@quiet_action
def note_entwurf(*, entwurf: Entwurfsdruck, versuch: int, fortschritt: int, schritt: str, by: User) -> bool:
    """Say how far the attempt is, and extend its lease; False when the attempt has lost the job."""
    require(by, "berichte.render_bericht", entwurf)
    return jobs.extend(entwurf, versuch, fortschritt=fortschritt, schritt=schritt)


@quiet_action
def finish_entwurf(*, entwurf: Entwurfsdruck, versuch: int, pdf: bytes, seiten: int, by: User) -> Entwurfsdruck | None:
    """Keep the file and close the job; None, and nothing changed, when another attempt has taken over."""
    require(by, "berichte.render_bericht", entwurf)
    if (current := jobs.hold(entwurf, versuch)) is None:
        return None
    current.pdf, current.seiten = pdf, seiten
    jobs.finish(current)
    return current


@quiet_action
def fail_entwurf(*, entwurf: Entwurfsdruck, versuch: int, fehler: str, by: User) -> None:
    """Note why an attempt failed; it is due again after a pause, and gives up after two."""
    require(by, "berichte.render_bericht", entwurf)
    if current := jobs.hold(entwurf, versuch):
        jobs.fail(current, fehler)


@quiet_action
def retry_entwurf(*, entwurf: Entwurfsdruck, by: User) -> Entwurfsdruck:
    """Try a draft again that was given up. Leitung, Presse or administration; whoever wants it may as well ask anew."""
    require(by, "berichte.retry_bericht")
    current = jobs.retry(entwurf)
    enqueue("berichte.print_entwurf", entwurf_id=current.pk)
    return current


@quiet_action
def drop_entwuerfe(*, by: User) -> int:
    """Delete what is older than a day; how many there were."""
    require(by, "berichte.render_bericht")
    kept = Entwurfsdruck.objects.kept().values("pk")
    return Entwurfsdruck.objects.exclude(pk__in=kept).delete()[0]


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
