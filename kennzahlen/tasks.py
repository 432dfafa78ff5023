"""Deliveries are checked in three steps: claim · work outside any transaction · finish only while the attempt holds the job."""

import logging
from datetime import date, time

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.common.canonical import fingerprint
from jobcenter.common.dienste import every_beat, regeldienst
from jobcenter.common.events import subscribe
from jobcenter.common.jobs import Attempt, JobLost
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from jobcenter.post.actions import write_versand
from kennzahlen.actions import (
    claim_diagramm,
    claim_lieferung,
    compute_kennzahlen,
    fail_diagramm,
    fail_lieferung,
    finish_diagramm,
    finish_pruefung,
    note_lieferung,
    order_diagramme,
    register_quelle,
    sum_gruppen,
    warn_ziele,
)
from kennzahlen.enums import Diagrammart, Grundgroesse, Lizenz, Quellenart
from kennzahlen.models import Datenlieferung, Datenstand, Diagramm, Jobcenter, Kennzahl, Messwert, Zielwarnung
from kennzahlen.queries.diagrammdaten import Schaubild, beschreibe
from kennzahlen.queries.schaubilder import collect_schaubild, list_drawn_kennzahlen
from kennzahlen.queries.ziele import read_ziele

log = logging.getLogger(__name__)
LONGEST_MINUTES = 20
EIGENE_BERECHNUNG = "Eigene Berechnung nach § 48a SGB II"  # title of the source


@shared_task(name="kennzahlen.check_lieferung", soft_time_limit=LONGEST_MINUTES * 60, time_limit=LONGEST_MINUTES * 60 + 30)
def check_lieferung(lieferung_id: int) -> None:
    """Check one delivery. Called twice, or too late, it does nothing."""
    lieferung = Datenlieferung.objects.select_related("quelle", "spaltenplan").filter(pk=lieferung_id).first()
    system = User.objects.system()
    if lieferung is None or (claimed := claim_lieferung(lieferung=lieferung, by=system)) is None:
        return
    versuch, nummer = claimed
    try:
        _check(lieferung, versuch, nummer, system)
    except JobLost:
        log.warning("%s: attempt %s has lost the job", lieferung, versuch)
    except Exception as error:
        log.exception("%s: attempt %s failed", lieferung, versuch)
        fail_lieferung(lieferung=lieferung, versuch=versuch, fehler=explain_error(error), by=system)


def _check(lieferung: Datenlieferung, versuch: int, nummer: int, system: User) -> None:
    from kennzahlen.imports.lieferung import check_lieferung as read_and_check  # noqa: PLC0415  # no other process carries polars

    def write(fortschritt: int, schritt: str) -> bool:
        return note_lieferung(lieferung=lieferung, versuch=versuch, fortschritt=fortschritt, schritt=schritt, by=system)

    with Attempt(lieferung, write) as attempt:
        ergebnis = read_and_check(lieferung, nummer, attempt)
        if finish_pruefung(lieferung=lieferung, versuch=versuch, ergebnis=ergebnis, by=system) is None:
            raise JobLost


def explain_error(error: Exception) -> str:
    """Why a check failed, for people who wait for it; the whole error stands in the log."""
    if isinstance(error, SoftTimeLimitExceeded):
        return f"Die Prüfung war nach {LONGEST_MINUTES} Minuten noch nicht fertig. Der Versuch wurde beendet."
    if isinstance(error, FileNotFoundError):
        return "Die Datei ist im Speicher nicht mehr da. Bitte liefern Sie sie noch einmal."
    return f"Die Datei konnte nicht geprüft werden ({type(error).__name__}). Einzelheiten stehen im Protokoll der Technik."


@every_beat
def check_due() -> None:
    """Deliveries whose message was lost, whose attempt failed, or whose worker died."""
    for pk in Datenlieferung.objects.due().values_list("pk", flat=True)[:20]:
        check_lieferung.delay(lieferung_id=pk)


# --- what follows when values have changed ----------------------------------------------------------------------
@subscribe("kennzahlen.werte_uebernommen")
def sum_new_values(objekt_id: int) -> None:
    """Groups are added up, so that no page does it."""
    datenstand = Datenstand.objects.select_related("quelle").get(pk=objekt_id)
    if datenstand.quelle.art != Quellenart.PRESSE:
        sum_gruppen(datenstand=datenstand, by=User.objects.system())


@subscribe("kennzahlen.zuordnungen_geaendert")
def sum_anew(objekt_id: int) -> None:
    """Who belongs to which group, or which Jobcenter to another, has changed: sums and charts may be others."""
    for datenstand in Datenstand.objects.exclude(quelle__art=Quellenart.PRESSE).order_by("pk"):
        sum_gruppen(datenstand=datenstand, by=User.objects.system())
    drawn = Kennzahl.objects.filter(pk__in=Diagramm.objects.values("kennzahl"))
    order_diagramme(kennzahlen=drawn, by=User.objects.system())


@subscribe("kennzahlen.werte_uebernommen")
@subscribe("kennzahlen.werte_zurueckgezogen")
def compute_own(objekt_id: int) -> None:
    """From our own monthly counts follow the Kennzahlen of the law; they are said under the day of the counts."""
    datenstand = Datenstand.objects.select_related("quelle").get(pk=objekt_id)
    counts = Messwert.objects.filter(datenstand=datenstand, kennzahl__code__in=Grundgroesse.values)
    if datenstand.quelle.ist_eigene and counts.exists():
        _compute(datenstand.tag)


@regeldienst("kennzahlen.berechnung", um=time(4))
def compute_again() -> None:
    """What could not be said yesterday, because that day had said something already."""
    if Messwert.objects.filter(kennzahl__code__in=Grundgroesse.values).exists():
        _compute(clock.today())


def _compute(stand: date) -> None:
    eigenes = Jobcenter.objects.filter(traegernummer=settings.INSTANZ.jobcenter.traegernummer).first()
    if eigenes is None:
        return
    system = User.objects.system()
    quelle = register_quelle(
        art=Quellenart.EIGENE_ERHEBUNG,
        herausgeber=settings.INSTANZ.jobcenter.name,
        titel=EIGENE_BERECHNUNG,
        lizenz=Lizenz.DL_DE_BY,
        by=system,
    )
    compute_kennzahlen(jobcenter=eigenes, quelle=quelle, stand=stand, by=system)


@subscribe("kennzahlen.werte_uebernommen")
@subscribe("kennzahlen.werte_zurueckgezogen")
def redraw(objekt_id: int) -> None:
    """Charts whose figures may look different now; those that would show the same are not drawn again."""
    order_diagramme(kennzahlen=list_drawn_kennzahlen(Datenstand.objects.get(pk=objekt_id)), by=User.objects.system())


@shared_task(name="kennzahlen.draw_diagramm", soft_time_limit=120, time_limit=150)
def draw_diagramm(diagramm_id: int) -> None:
    """Draw one chart in its four shapes, unless it would show what it shows already."""
    diagramm, system = Diagramm.objects.select_related("kennzahl").filter(pk=diagramm_id).first(), User.objects.system()
    if diagramm is None or (versuch := claim_diagramm(diagramm=diagramm, by=system)) is None:
        return
    try:
        schaubild = collect_schaubild(diagramm.kennzahl, Diagrammart(diagramm.art))
        grundlage = fingerprint(repr(schaubild)) if schaubild else ""
        svg = None if grundlage == diagramm.grundlage else _draw(schaubild)
        beschreibung = beschreibe(schaubild) if schaubild else ""
        finish_diagramm(diagramm=diagramm, versuch=versuch, grundlage=grundlage, svg=svg, beschreibung=beschreibung, by=system)
    except Exception as error:
        log.exception("%s: attempt %s failed", diagramm, versuch)
        fail_diagramm(diagramm=diagramm, versuch=versuch, fehler=f"{type(error).__name__}: {error}", by=system)


def _draw(schaubild: Schaubild | None) -> dict[str, str]:
    from kennzahlen.diagramme import render  # noqa: PLC0415  # no other process carries vl-convert

    if schaubild is None:
        return {}
    return {
        f"{schema}-{breite}": render(schaubild, schema, breite).decode() for schema in ("hell", "dunkel") for breite in ("breit", "schmal")
    }


@every_beat
def draw_due() -> None:
    """Charts whose message was lost or whose worker died."""
    for pk in Diagramm.objects.due().values_list("pk", flat=True)[:100]:
        draw_diagramm.delay(diagramm_id=pk)


# --- goals ------------------------------------------------------------------------------------------------------
@subscribe("kennzahlen.werte_uebernommen")
def check_ziele(objekt_id: int) -> None:
    """New values may say that a goal will be missed. Asked again it warns nobody twice."""
    warn_ziele(by=User.objects.system())


@subscribe("kennzahlen.ziel_gefaehrdet")
def tell_of_gefahr(objekt_id: int) -> None:
    """A mail to controlling and Leitung: which goal, what is forecast and by which method."""
    warnung = Zielwarnung.objects.select_related("zielwert__jobcenter", "zielwert__kennzahl").get(pk=objekt_id)
    zeile = next(zeile for zeile in read_ziele(warnung.zielwert.jobcenter, warnung.zielwert.jahr) if zeile.ziel == warnung.zielwert)
    adresse = f"{settings.BASE_URL}{reverse('kennzahlen:ziel-liste')}?jahr={zeile.ziel.jahr}"
    for person in User.objects.people().open().filter(rollen__overlap=[Rolle.CONTROLLING, Rolle.LEITUNG]).order_by("pk"):
        write_versand(
            an=person,
            anlass=f"zielwarnung:{warnung.pk}",
            betreff=f"Ziel gefährdet: {zeile.name} {zeile.ziel.jahr}",
            text=f"Vereinbart ist {zeile.ziel_text}. Nach der Prognose endet das Jahr bei {zeile.prognose_text}, "
            f"{zeile.abstand_text}.\n\n{zeile.prognose.satz}\n\nAlle Ziele: {adresse}",
            grund="Sie sind für Controlling oder Leitung zuständig.",
            sammelbar=True,
            by=User.objects.system(),
        )
