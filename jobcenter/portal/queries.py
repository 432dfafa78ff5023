"""What the portal's own pages gather from all rooms."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q, QuerySet
from django.urls import reverse
from redis.exceptions import RedisError

from beirat.enums import Abstimmungsstatus, Sitzungsstatus
from beirat.models import Abstimmung, Sitzung
from beirat.queries import Sitzungszeile, next_sitzung, waiting_fassungen
from jobcenter.berichte.models import Bericht
from jobcenter.common import clock, typography
from jobcenter.common.enums import Auftragsstatus
from jobcenter.konten.models import User
from jobcenter.presse.enums import Pressestatus
from jobcenter.presse.models import Pressemitteilung
from kennzahlen.enums import Einheit
from kennzahlen.models import Messwert
from massnahmen.enums import Instrumentgruppe, Programmstatus
from massnahmen.models import Arbeitsmarktprogramm, Beratung, Instrument
from massnahmen.queries import Programminhalt, current_veroeffentlichung, last_aenderungen, read_fassung

NEUESTE = 3  # releases and figures on the start page


# --- start page -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Zahl:
    """One figure as a tile words it."""

    titel: str
    wert: str
    satz: str
    stand: str


@dataclass(frozen=True)
class Startseite:
    pressemitteilungen: list[Pressemitteilung]
    zahlen: list[Zahl]
    zahlen_sind_eigene: bool
    sitzung: Sitzungszeile | None
    programm: Programminhalt | None


def read_startseite() -> Startseite:
    """Everything that a visitor meets first; nothing that is not public at this moment."""
    veroeffentlichung = current_veroeffentlichung()
    eigene = newest_zahlen(own=True)
    return Startseite(
        pressemitteilungen=list(Pressemitteilung.objects.veroeffentlicht().newest_first()[:NEUESTE]),
        zahlen=eigene or newest_zahlen(own=False),
        zahlen_sind_eigene=bool(eigene),
        sitzung=next_sitzung(),
        programm=read_fassung(veroeffentlichung.fassung) if veroeffentlichung else None,
    )


def newest_zahlen(*, own: bool) -> list[Zahl]:
    """The newest figures of this Jobcenter, or those of others under their names; one per Kennzahl."""
    whose = Q(jobcenter__traegernummer=settings.INSTANZ.jobcenter.traegernummer)
    newest = (
        Messwert.objects.filter(whose if own else ~whose)
        .order_by("kennzahl_id", "-bis", "-datenstand__tag", "jobcenter_id", "pk")
        .distinct("kennzahl_id")
    )
    shown = Messwert.objects.filter(pk__in=newest.values("pk")).with_source().order_by("-bis", "-datenstand__tag", "pk")
    return [_word_messwert(messwert, own=own) for messwert in shown[:NEUESTE]]


def _word_messwert(messwert: Messwert, *, own: bool) -> Zahl:
    zeit = typography.datum(messwert.bis) if messwert.ist_zeitpunkt else typography.zeitraum(messwert.von, messwert.bis)
    return Zahl(
        titel=messwert.kennzahl.name,
        wert=f"{messwert.get_genauigkeit_display()} {_word_value(messwert)}".strip(),
        satz=zeit if own else f"{messwert.jobcenter}, {zeit}",
        stand=f"Stand: {typography.datum(messwert.datenstand.tag)}",
    )


def _word_value(messwert: Messwert) -> str:
    value = messwert.wert
    match messwert.kennzahl.einheit:
        case Einheit.PROZENT | Einheit.VERAENDERUNG:
            return typography.prozent(value)
        case Einheit.CENT:
            return typography.euro_kurz(None if value is None else int(value))
        case _:
            return typography.zahl(value)


# --- for companies ----------------------------------------------------------------------------------------------
def list_lohnzuschuesse() -> list[Instrument]:
    """Instruments valid today that pay companies for employing somebody. The plain words say for whom an instrument is."""
    return list(_valid_today().filter(gruppe__in=[Instrumentgruppe.D, Instrumentgruppe.F], klartext__icontains="für Betriebe"))


def list_kennenlernen() -> list[Instrument]:
    """Instruments valid today by which a company gets to know somebody first."""
    return list(_valid_today().filter(kurz__in=["mag", "eq", "bop"]))


def _valid_today() -> QuerySet[Instrument]:
    today = clock.today()
    begun = Q(gueltig_von=None) | Q(gueltig_von__lte=today)
    return Instrument.objects.filter(begun & (Q(gueltig_bis=None) | Q(gueltig_bis__gte=today)))


# --- my tasks ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Aufgabe:
    """Something due for one person. The verb is what the page behind `url` offers."""

    titel: str
    verb: str
    url: str
    seit: datetime
    satz: str
    wort: str
    art: str = "info"


def list_aufgaben(user: User) -> list[Aufgabe]:
    """What is due for a person by role and seat, oldest first. A bounded number of queries, whatever is due."""
    found = [*_votes(user), *_sessions(user), *_programmes(user), *_agenda(user), *_releases(user), *_reports(user)]
    return sorted(found, key=lambda aufgabe: aufgabe.seit)


def _votes(user: User) -> Iterator[Aufgabe]:
    if not user.has_perm("beirat.cast_stimme"):
        return
    present = Abstimmung.objects.filter(status=Abstimmungsstatus.OFFEN, top__sitzung__anwesenheiten__mitglied__konto=user)
    for ballot in present.exclude(stimmen__mitglied__konto=user).select_related("top__sitzung"):
        yield Aufgabe(
            titel=f"TOP {ballot.top.nummer}, {ballot.top.sitzung}",
            verb="Abstimmen",
            url=reverse("beirat:abstimmung-detail", args=[ballot.pk]),
            seit=ballot.eroeffnet_am,
            satz=f"Die Abstimmung läuft seit {typography.uhrzeit(ballot.eroeffnet_am)}.",
            wort="läuft",
            art="warning",
        )


def _sessions(user: User) -> Iterator[Aufgabe]:
    """The chair leads, the Geschäftsstelle invites, members read. One query."""
    leads, plans, votes = (user.has_perm(f"beirat.{name}") for name in ("lead_sitzung", "plan_sitzung", "cast_stimme"))
    if not (leads or plans or votes):
        return
    for sitzung in Sitzung.objects.visible_to(user).filter(
        status__in=[Sitzungsstatus.GEPLANT, Sitzungsstatus.EINGELADEN, Sitzungsstatus.EROEFFNET]
    ):
        step = _session_step(sitzung, leads=leads, plans=plans, votes=votes)
        if step:
            verb, wort = step
            yield Aufgabe(
                titel=str(sitzung),
                verb=verb,
                url=reverse("beirat:sitzung-intern-detail", args=[sitzung.nummer]),
                seit=sitzung.beginn,
                satz=f"{typography.zeitpunkt(sitzung.beginn)}, {sitzung.ort}",
                wort=wort,
            )


def _session_step(sitzung: Sitzung, *, leads: bool, plans: bool, votes: bool) -> tuple[str, str] | None:
    match sitzung.status:
        case Sitzungsstatus.EROEFFNET:
            return ("Weiterleiten", "läuft") if leads else ("Teilnehmen", "läuft") if votes else ("Begleiten", "läuft")
        case Sitzungsstatus.GEPLANT if plans:
            return "Mitglieder einladen", "geplant"
        case Sitzungsstatus.EINGELADEN if leads and sitzung.beginn <= clock.now():
            return "Eröffnen", "beginnt"
        case Sitzungsstatus.EINGELADEN if votes and sitzung.beginn > clock.now():
            return "Unterlagen lesen", "eingeladen"
    return None


def _programmes(user: User) -> Iterator[Aufgabe]:
    submits, writes, publishes = (
        user.has_perm(f"massnahmen.{name}") for name in ("submit_programm", "change_massnahme", "publish_programm")
    )
    if submits or writes:
        drafts = list(Arbeitsmarktprogramm.objects.visible_to(user).filter(status=Programmstatus.ENTWURF))
        changes = last_aenderungen(drafts)
        for programm in drafts:
            change = changes.get(programm.pk)
            yield Aufgabe(
                titel=str(programm),
                verb="Prüfen und dem Beirat vorlegen" if submits else "Weiter bearbeiten",
                url=reverse("massnahmen:programm-intern-detail", args=[programm.jahr]),
                seit=change.am if change else clock.now(),
                satz=f"Zuletzt am {typography.datum(change.am)} von {change.wer}: {change.was}" if change else "",
                wort=programm.get_status_display(),
                art="neutral",
            )
    if publishes:
        advised = Beratung.objects.filter(fassung__programm__status=Programmstatus.BERATEN, veroeffentlichung=None)
        for beratung in advised.select_related("fassung__programm").defer("fassung__inhalt"):
            programm = beratung.fassung.programm
            yield Aufgabe(
                titel=str(beratung.fassung),
                verb="Dem Beirat antworten und veröffentlichen" if beratung.braucht_antwort else "Veröffentlichen",
                url=reverse("massnahmen:programm-veroeffentlichen", args=[programm.jahr]),
                seit=beratung.am,
                satz=f"Der Beirat hat am {typography.datum(beratung.am)} {beratung.get_ergebnis_display()}.",
                wort=programm.get_status_display(),
            )


def _agenda(user: User) -> Iterator[Aufgabe]:
    if not user.has_perm("beirat.change_tagesordnung"):
        return
    for fassung in waiting_fassungen():
        yield Aufgabe(
            titel=str(fassung),
            verb="Auf die Tagesordnung setzen",
            url=reverse("beirat:sitzung-intern-liste"),
            seit=fassung.vorgelegt_am,
            satz=f"Vorgelegt am {typography.datum(fassung.vorgelegt_am)}",
            wort="wartet",
        )


def _releases(user: User) -> Iterator[Aufgabe]:
    waiting = Pressemitteilung.objects.visible_to(user).exclude(status=Pressestatus.FREIGEGEBEN).select_related("geaendert_von")
    writes = user.has_perm("presse.change_pressemitteilung")
    for mitteilung in waiting:
        if mitteilung.status == Pressestatus.ZUR_FREIGABE and user.has_perm("presse.release_pressemitteilung", mitteilung):
            verb, page = "Lesen und freigeben", "presse:pressemitteilung-freigeben"
        elif mitteilung.status == Pressestatus.ENTWURF and writes:
            verb, page = "Weiter schreiben", "presse:pressemitteilung-bearbeiten"
        else:
            continue
        yield Aufgabe(
            titel=mitteilung.titel,
            verb=verb,
            url=reverse(page, args=[mitteilung.pk]),
            seit=mitteilung.geaendert_am,
            satz=f"Zuletzt geändert am {typography.datum(mitteilung.geaendert_am)} von {mitteilung.geaendert_von}",
            wort=mitteilung.get_status_display(),
            art="neutral" if mitteilung.status == Pressestatus.ENTWURF else "info",
        )


def _reports(user: User) -> Iterator[Aufgabe]:
    if not user.has_perm("berichte.request_bericht"):
        return
    failed = Bericht.objects.visible_to(user).filter(status=Auftragsstatus.GESCHEITERT)
    for bericht in failed.select_related("fassung__programm").defer("fassung__inhalt"):
        yield Aufgabe(
            titel=str(bericht),
            verb="Noch einmal erstellen",
            url=reverse("berichte:bericht-detail", args=[bericht.pk]),
            seit=bericht.angelegt_am,
            satz=f"Angefordert am {typography.datum(bericht.angelegt_am)}",
            wort=bericht.get_status_display(),
            art="danger",
        )


# --- health -----------------------------------------------------------------------------------------------------
def find_outages() -> dict[str, str]:
    """What keeps this process from answering, by part; empty when all is well. Says no addresses: the page is public."""
    outages = {}
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            outages["migrationen"] = "Nicht alle Migrationen sind angewendet."
    except DatabaseError:
        outages["datenbank"] = "Die Datenbank antwortet nicht."
    try:
        cache.get("bereit")
    except (RedisError, OSError):
        outages["redis"] = "Redis antwortet nicht."
    return outages


def erklaerung_stand() -> date:
    """The day on which the accessibility statement was last checked against the portal."""
    return date(2026, 11, 22)
