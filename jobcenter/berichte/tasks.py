"""Rendering in three steps: claim · work outside any transaction · finish only while the attempt still holds the job."""

import errno
import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from jobcenter.berichte.actions import (
    claim_bericht,
    claim_entwurf,
    drop_entwuerfe,
    fail_bericht,
    fail_entwurf,
    finish_bericht,
    finish_entwurf,
    note_entwurf,
    note_progress,
    request_bericht,
)
from jobcenter.berichte.enums import Berichtsart
from jobcenter.berichte.models import Bericht, Entwurfsdruck
from jobcenter.berichte.queries import collect_entwurf, collect_programmbericht
from jobcenter.common.dienste import every_beat
from jobcenter.common.events import subscribe
from jobcenter.common.jobs import Attempt, JobLost
from jobcenter.konten.models import User
from massnahmen.models import Fassung

log = logging.getLogger(__name__)
LONGEST_MINUTES = 10


@subscribe("massnahmen.programm_veroeffentlicht")
def order_programm_pdf(objekt_id: int) -> None:
    """A publication makes a report."""
    fassung = Fassung.objects.select_related("programm").get(beratung__veroeffentlichung=objekt_id)
    request_bericht(art=Berichtsart.PROGRAMM, fassung=fassung, by=User.objects.system())


@every_beat
def render_due() -> None:
    """What was lost on the way, failed before, or died with its worker."""
    for pk in Bericht.objects.due().values_list("pk", flat=True)[:200]:
        render_bericht.delay(bericht_id=pk)
    drop_entwuerfe(by=User.objects.system())
    for pk in Entwurfsdruck.objects.due().values_list("pk", flat=True)[:200]:
        print_entwurf.delay(entwurf_id=pk)


@shared_task(name="berichte.render_bericht", soft_time_limit=LONGEST_MINUTES * 60, time_limit=LONGEST_MINUTES * 60 + 30)
def render_bericht(bericht_id: int) -> None:
    """Render one report. Called twice, or too late, it does nothing."""
    bericht = Bericht.objects.select_related("fassung").filter(pk=bericht_id).first()
    system = User.objects.system()
    if bericht is None or (versuch := claim_bericht(bericht=bericht, by=system)) is None:
        return
    try:
        _render(bericht, versuch, system)
    except JobLost:
        log.warning("%s: attempt %s has lost the job", bericht, versuch)
    except Exception as error:
        log.exception("%s: attempt %s failed", bericht, versuch)
        fail_bericht(bericht=bericht, versuch=versuch, fehler=explain(error), by=system)


def _render(bericht: Bericht, versuch: int, system: User) -> None:
    from jobcenter.berichte.pdf import render_programm  # noqa: PLC0415  # no other process carries WeasyPrint

    def write(fortschritt: int, schritt: str) -> bool:
        return note_progress(bericht=bericht, versuch=versuch, fortschritt=fortschritt, schritt=schritt, by=system)

    with Attempt(bericht, write) as attempt:
        attempt.note(5, "Inhalt wird gelesen")
        pdf = render_programm(collect_programmbericht(bericht.fassung), note=attempt.note)
        attempt.note(95, "Datei wird abgelegt")
        finished = finish_bericht(bericht=bericht, versuch=versuch, pdf=pdf.inhalt, seiten=pdf.seiten, by=system)
    if finished is None:
        raise JobLost


@shared_task(name="berichte.print_entwurf", soft_time_limit=LONGEST_MINUTES * 60, time_limit=LONGEST_MINUTES * 60 + 30)
def print_entwurf(entwurf_id: int) -> None:
    """Set one draft. Called twice, or too late, it does nothing."""
    from jobcenter.berichte.pdf import render_programm  # noqa: PLC0415  # no other process carries WeasyPrint

    entwurf = Entwurfsdruck.objects.filter(pk=entwurf_id).first()
    system = User.objects.system()
    if entwurf is None or (versuch := claim_entwurf(entwurf=entwurf, by=system)) is None:
        return

    def write(fortschritt: int, schritt: str) -> bool:
        return note_entwurf(entwurf=entwurf, versuch=versuch, fortschritt=fortschritt, schritt=schritt, by=system)

    try:
        with Attempt(entwurf, write) as attempt:
            attempt.note(5, "Inhalt wird gelesen")
            pdf = render_programm(collect_entwurf(entwurf), note=attempt.note)
            finish_entwurf(entwurf=entwurf, versuch=versuch, pdf=pdf.inhalt, seiten=pdf.seiten, by=system)
    except JobLost:
        log.warning("%s: attempt %s has lost the job", entwurf, versuch)
    except Exception as error:
        log.exception("%s: attempt %s failed", entwurf, versuch)
        fail_entwurf(entwurf=entwurf, versuch=versuch, fehler=explain(error), by=system)


def explain(error: Exception) -> str:
    """Why it failed, for people who wait for the report; the whole error stands in the log."""
    if isinstance(error, SoftTimeLimitExceeded):
        return f"Das PDF war nach {LONGEST_MINUTES} Minuten noch nicht fertig. Der Versuch wurde beendet."
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "Der Speicher für Dateien ist voll. Bitte sagen Sie der Technik Bescheid."
    if isinstance(error, OSError):
        return f"Eine Datei konnte nicht gelesen oder geschrieben werden ({type(error).__name__}). Bitte sagen Sie der Technik Bescheid."
    return f"Das PDF konnte nicht gesetzt werden ({type(error).__name__}). Einzelheiten stehen im Protokoll der Technik."
