"""What the room of measures does in the background."""

import logging
from datetime import time

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.common.dienste import every_beat, regeldienst
from jobcenter.common.events import subscribe
from jobcenter.common.jobs import Attempt, JobLost
from jobcenter.common.kommentare import whom_to_tell
from jobcenter.common.models import Kommentar
from jobcenter.common.typography import datum
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from jobcenter.post.actions import write_versand
from massnahmen.actions import advance_massnahmen
from massnahmen.actions.importe import claim_import, fail_import, finish_import, note_import
from massnahmen.enums import Fristlage, Programmstatus
from massnahmen.models import BcaStellungnahme, Fassung, Gremienbeschluss, Import, Kapitel, Massnahme
from massnahmen.queries import ending_zulassungen

log = logging.getLogger(__name__)
LONGEST_MINUTES = 10


# --- files that are imported ------------------------------------------------------------------------------------
@shared_task(name="massnahmen.check_import", soft_time_limit=LONGEST_MINUTES * 60, time_limit=LONGEST_MINUTES * 60 + 30)
def check_import(import_id: int) -> None:
    """Check one file. Called twice, or too late, it does nothing."""
    quelle = Import.objects.select_related("programm", "traeger").filter(pk=import_id).first()
    system = User.objects.system()
    if quelle is None or (versuch := claim_import(quelle=quelle, by=system)) is None:
        return
    try:
        _check(quelle, versuch, system)
    except JobLost:
        log.warning("%s: attempt %s has lost the job", quelle, versuch)
    except Exception as error:
        log.exception("%s: attempt %s failed", quelle, versuch)
        fail_import(quelle=quelle, versuch=versuch, fehler=explain_error(error), by=system)


def _check(quelle: Import, versuch: int, system: User) -> None:
    from massnahmen.imports.pruefung import check_import as read_and_check  # noqa: PLC0415  # no web process carries the reading

    def write(fortschritt: int, schritt: str) -> bool:
        return note_import(quelle=quelle, versuch=versuch, fortschritt=fortschritt, schritt=schritt, by=system)

    with Attempt(quelle, write) as attempt:
        ergebnis = read_and_check(quelle, attempt)
        if finish_import(quelle=quelle, versuch=versuch, ergebnis=ergebnis, by=system) is None:
            raise JobLost


def explain_error(error: Exception) -> str:
    """Why a check failed, for people who wait for it; the whole error stands in the log."""
    if isinstance(error, SoftTimeLimitExceeded):
        return f"Die Prüfung war nach {LONGEST_MINUTES} Minuten noch nicht fertig. Der Versuch wurde beendet."
    if isinstance(error, FileNotFoundError):
        return "Die Datei ist im Speicher nicht mehr da. Bitte laden Sie sie noch einmal hoch."
    return f"Die Datei konnte nicht geprüft werden ({type(error).__name__}). Einzelheiten stehen im Protokoll der Technik."


@every_beat
def check_due() -> None:
    """Files whose message was lost, whose attempt failed, or whose worker died."""
    for pk in Import.objects.due().values_list("pk", flat=True)[:20]:
        check_import.delay(import_id=pk)


# --- mails ------------------------------------------------------------------------------------------------------


@subscribe("common.kommentar_geschrieben")
def tell_of_kommentar(objekt_id: int) -> None:
    """A mail to those concerned by a remark on a measure or a chapter. Its words stay in the house."""
    kommentar = Kommentar.objects.filter(pk=objekt_id).first()
    if kommentar is None:  # it went with a draft that was thrown away
        return
    objekt = kommentar.objekt
    if not isinstance(objekt, Massnahme | Kapitel):
        return
    wozu = f"der Maßnahme „{objekt}“" if isinstance(objekt, Massnahme) else f"dem Kapitel „{objekt}“ im {objekt.programm}"
    adresse = reverse("common:kommentar-anlegen", args=[objekt._meta.label_lower, objekt.pk])
    for person in whom_to_tell(kommentar):
        write_versand(
            an=person,
            anlass=f"kommentar:{kommentar.pk}",
            betreff=f"Neuer Kommentar: {objekt}",
            text=f"{kommentar.von} hat einen Kommentar zu {wozu} geschrieben.\n\n"
            f"Lesen und antworten: {settings.BASE_URL}{adresse}#kommentar-{kommentar.pk}",
            grund="Sie haben diesen Text zuletzt geändert oder schon etwas dazu geschrieben.",
            sammelbar=True,
            by=User.objects.system(),
        )


@subscribe("massnahmen.bca_beteiligt")
def ask_bca(objekt_id: int) -> None:
    """A mail to those who speak for equal opportunities: a Fassung waits for their Stellungnahme."""
    fassung = Fassung.objects.select_related("programm", "vorgelegt_von").defer("inhalt").get(pk=objekt_id)
    _tell(
        Rolle.BCA,
        anlass=f"bca-beteiligt:{fassung.pk}",
        betreff=f"Bitte nehmen Sie Stellung: {fassung}",
        satz=f"{fassung.vorgelegt_von} hat Ihnen {fassung} vorgelegt. Lesen Sie die Fassung und nehmen Sie dazu Stellung.",
        verb="Lesen und Stellung nehmen",
        adresse=reverse("massnahmen:stellungnahme-schreiben", args=[fassung.programm.jahr, fassung.nummer]),
    )


@subscribe("massnahmen.bca_stellungnahme")
def tell_of_stellungnahme(objekt_id: int) -> None:
    """A mail to the Leitung, who answers. The words of the Stellungnahme stay in the house."""
    stellungnahme = BcaStellungnahme.objects.select_related("fassung__programm", "von").defer("fassung__inhalt").get(pk=objekt_id)
    fassung = stellungnahme.fassung
    _tell(
        Rolle.LEITUNG,
        anlass=f"bca-stellungnahme:{stellungnahme.pk}",
        betreff=f"Stellungnahme der BCA: {fassung}",
        satz=f"{stellungnahme.von} hat zu {fassung} Stellung genommen. Antworten Sie, bevor das Programm zum Beirat geht.",
        verb="Lesen und antworten",
        adresse=reverse("massnahmen:stellungnahme-beantworten", args=[fassung.programm.jahr, fassung.nummer]),
    )


@subscribe("massnahmen.programm_beschlossen")
def tell_of_beschluss(objekt_id: int) -> None:
    """A mail to the Leitung: nothing but the publication is left to do. Not where that is no longer so."""
    decided = Gremienbeschluss.objects.filter(zurueckgenommen_am=None, fassung__programm__status=Programmstatus.BESCHLOSSEN)
    standing = decided.select_related("fassung__programm", "eingetragen_von")
    beschluss = standing.defer("fassung__inhalt").filter(pk=objekt_id).first()
    if beschluss is None:
        return
    fassung = beschluss.fassung
    _tell(
        Rolle.LEITUNG,
        anlass=f"programm-beschlossen:{beschluss.pk}",
        betreff=f"Beschlossen: {fassung}",
        satz=f"{beschluss.gremium} hat {fassung} am {datum(beschluss.am)} beschlossen ({beschluss.nummer}). "
        f"Eingetragen hat das {beschluss.eingetragen_von}. Jetzt können Sie das Programm veröffentlichen.",
        verb="Ansehen und veröffentlichen",
        adresse=reverse("massnahmen:programm-veroeffentlichen", args=[fassung.programm.jahr]),
        ausser=beschluss.eingetragen_von,
    )


@regeldienst("massnahmen.vorruecken", um=time(0, 10))
def advance_due() -> None:
    """Measures begin on their first day and end after their last."""
    advance_massnahmen(by=User.objects.system())


@regeldienst("massnahmen.zulassungen", um=time(6))
def remind_of_zulassungen() -> None:
    """A mail to planung 90 and 30 days before a certificate ends that nothing follows, each once for its day.

    What was missed while nobody looked is made up for: a certificate that has ended meanwhile gets the second mail.
    """
    for frist in ending_zulassungen(clock.today()):
        stufe = Fristlage.IN_90_TAGEN if frist.lage == Fristlage.IN_90_TAGEN else Fristlage.IN_30_TAGEN
        art = "massnahmezulassung" if frist.massnahme_id else "traegerzulassung"
        page = (
            ("massnahmen:massnahme-intern-detail", frist.massnahme_id)
            if frist.massnahme_id
            else ("massnahmen:traeger-detail", frist.traeger_id)
        )
        _tell(
            Rolle.PLANUNG,
            anlass=f"{art}:{frist.zulassung_id}:{frist.bis}:{stufe.value}",
            betreff=f"{frist.titel} {frist.wort}",
            satz=frist.satz,
            verb="Ansehen und nach der Verlängerung fragen",
            adresse=reverse(page[0], args=[page[1]]) + "#zulassungen",
            sammelbar=True,
        )


GRUND = {
    Rolle.PLANUNG: "Sie planen Maßnahmen.",
    Rolle.BCA: "Sie sind Beauftragte für Chancengleichheit am Arbeitsmarkt.",
    Rolle.LEITUNG: "Sie leiten das Jobcenter.",
}


def _tell(
    rolle: Rolle, *, anlass: str, betreff: str, satz: str, verb: str, adresse: str, ausser: User | None = None, sammelbar: bool = False
) -> None:
    """A mail to everybody who holds a role, once for each occasion; not to who did it."""
    people = User.objects.people().open().filter(rollen__contains=[rolle])
    for person in people.exclude(pk=ausser.pk) if ausser else people:
        write_versand(
            an=person,
            anlass=anlass,
            betreff=betreff,
            text=f"{satz}\n\n{verb}: {settings.BASE_URL}{adresse}",
            grund=GRUND[rolle],
            sammelbar=sammelbar,
            by=User.objects.system(),
        )
