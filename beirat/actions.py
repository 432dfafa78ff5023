"""Every change in the Beirat's room: agenda, attendance, named votes and the Beschluss that follows from them."""

from collections.abc import Collection
from datetime import datetime
from math import ceil

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from beirat.enums import (
    ABSTIMMUNG_TRANSITIONS,
    SITZUNG_TRANSITIONS,
    Abstimmungsstatus,
    Ergebnis,
    Sitzungsstatus,
    Topart,
    Wahl,
)
from beirat.models import Abstimmung, Anwesenheit, Beschluss, Mitglied, Sitzung, Stimme, Tagesordnungspunkt, Vorlage
from jobcenter.common import clock
from jobcenter.common.actions import action, lock, require
from jobcenter.common.events import publish
from jobcenter.common.nummern import next_nummer
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from massnahmen.actions import record_beratung
from massnahmen.enums import Beratungsergebnis, Programmstatus
from massnahmen.models import Fassung

AENDERBAR = {Sitzungsstatus.GEPLANT, Sitzungsstatus.EINGELADEN}


@action
def plan_sitzung(*, nummer: int, beginn: datetime, ort: str, by: User) -> Sitzung:
    """Set up a session under its running number. Geschäftsstelle."""
    require(by, "beirat.plan_sitzung")
    if Sitzung.objects.filter(nummer=nummer).exists():
        raise TransitionError(f"Die {nummer}. Sitzung gibt es schon.")
    return Sitzung.objects.create(nummer=nummer, beginn=beginn, ort=ort)


@action
def invite_sitzung(*, sitzung: Sitzung, by: User) -> Sitzung:
    """Call the members together; from now on visitors see date and public items. Geschäftsstelle."""
    require(by, "beirat.plan_sitzung", sitzung)
    return _move_sitzung(lock(sitzung), Sitzungsstatus.EINGELADEN)


@action
def add_top(*, sitzung: Sitzung, titel: str, art: Topart, oeffentlich: bool, by: User) -> Tagesordnungspunkt:
    """Put an item at the end of the agenda. Geschäftsstelle, before the session opens."""
    require(by, "beirat.change_tagesordnung", sitzung)
    return _append_top(_lock_agenda(sitzung), titel=titel, art=art, oeffentlich=oeffentlich)


@action
def add_fassung_to_agenda(*, sitzung: Sitzung, fassung: Fassung, by: User) -> Tagesordnungspunkt:
    """Bring a Fassung before the Beirat as a Vorlage of its own. Geschäftsstelle; once per Fassung, while it waits for advice."""
    require(by, "beirat.change_tagesordnung", sitzung)
    current = _lock_agenda(sitzung)
    if lock(fassung.programm).status != Programmstatus.BEIM_BEIRAT:
        raise TransitionError(f"Das {fassung.programm} liegt gerade nicht beim Beirat.")
    if Vorlage.objects.filter(fassung=fassung).exists():
        raise TransitionError(f"{fassung} steht schon auf einer Tagesordnung.")
    jahr = clock.today().year
    vorlage = Vorlage.objects.create(
        nummer=f"V {next_nummer('vorlage', jahr):02d}/{jahr}",
        titel=str(fassung),
        text="Der Beirat berät über Auswahl und Gestaltung der Maßnahmen. Abgestimmt wird über genau diese Fassung.",
        fassung=fassung,
    )
    return _append_top(current, titel=f"{fassung.programm}: Beratung und Abstimmung", art=Topart.BESCHLUSS, oeffentlich=True, vorlage=vorlage)


@action
def record_anwesenheit(*, sitzung: Sitzung, mitglieder: Collection[Mitglied], by: User) -> None:
    """Set who is in the room, and only them. Geschäftsstelle; not while a ballot is open, since its base would move."""
    require(by, "beirat.record_anwesenheit", sitzung)
    current = lock(sitzung)
    if current.status not in {Sitzungsstatus.EINGELADEN, Sitzungsstatus.EROEFFNET}:
        raise TransitionError(f"Die {current} ist im Stand „{current.get_status_display()}“. Anwesenheit wird zur Sitzung erfasst.")
    if Abstimmung.objects.filter(top__sitzung=current, status=Abstimmungsstatus.OFFEN).exists():
        raise TransitionError("Eine Abstimmung läuft. Die Anwesenheit ändert sich erst nach ihrem Schluss.")
    current.anwesenheiten.exclude(mitglied__in=mitglieder).delete()
    Anwesenheit.objects.bulk_create([Anwesenheit(sitzung=current, mitglied=mitglied) for mitglied in mitglieder], ignore_conflicts=True)


@action
def open_sitzung(*, sitzung: Sitzung, by: User) -> Sitzung:
    """Open the session. Chair or deputy; one session at a time."""
    require(by, "beirat.lead_sitzung", sitzung)
    current = lock(sitzung)
    if Sitzung.objects.filter(status=Sitzungsstatus.EROEFFNET).exclude(pk=current.pk).exists():
        raise TransitionError("Eine andere Sitzung ist noch eröffnet. Schließen Sie diese zuerst.")
    current.eroeffnet_am = clock.now()
    return _move_sitzung(current, Sitzungsstatus.EROEFFNET)


@action
def close_sitzung(*, sitzung: Sitzung, by: User) -> Sitzung:
    """Close the session. Chair or deputy; every ballot has to be closed."""
    require(by, "beirat.lead_sitzung", sitzung)
    current = lock(sitzung)
    if Abstimmung.objects.filter(top__sitzung=current, status=Abstimmungsstatus.OFFEN).exists():
        raise TransitionError("Eine Abstimmung läuft noch. Schließen Sie sie, bevor Sie die Sitzung schließen.")
    current.geschlossen_am = clock.now()
    return _move_sitzung(current, Sitzungsstatus.GESCHLOSSEN)


@action
def open_abstimmung(*, top: Tagesordnungspunkt, by: User) -> Abstimmung:
    """Open the named vote on an item of the open session. Chair or deputy; the Beirat has to be beschlussfähig."""
    require(by, "beirat.open_abstimmung", top)
    sitzung = lock(top.sitzung)
    if sitzung.status != Sitzungsstatus.EROEFFNET:
        raise TransitionError(f"Die {sitzung} ist nicht eröffnet. Eröffnen Sie zuerst die Sitzung.")
    if top.art != Topart.BESCHLUSS:
        raise TransitionError(f"{top} ist kein Beschlusspunkt.")
    if top.abstimmungen.exclude(status=Abstimmungsstatus.ABGEBROCHEN).exists():
        raise TransitionError(f"Über {top} wird oder wurde schon abgestimmt.")
    stimmberechtigte = Mitglied.objects.active().voting().count()
    present = sitzung.anwesenheiten.filter(mitglied__stimmberechtigt=True).count()
    if present < quorum(stimmberechtigte):
        raise TransitionError(
            f"Der Beirat ist nicht beschlussfähig: {present} von {stimmberechtigte} Stimmberechtigten sind anwesend, "
            f"nötig sind {quorum(stimmberechtigte)}."
        )
    return Abstimmung.objects.create(
        top=top,
        frage=f"Stimmen Sie zu: {top.titel}?",
        eroeffnet_von=_seat(by),
        stimmberechtigte=stimmberechtigte,
    )


@action
def cast_stimme(*, abstimmung: Abstimmung, wahl: Wahl, by: User) -> Stimme:
    """Cast the one vote of a member who is present. Voting members; two at the same moment: one counts."""
    require(by, "beirat.cast_stimme", abstimmung)
    current = lock(abstimmung)
    if current.status != Abstimmungsstatus.OFFEN:
        raise TransitionError("Die Abstimmung ist schon geschlossen. Ihre Stimme wurde nicht gezählt.")
    mitglied = _seat(by)
    if not current.top.sitzung.anwesenheiten.filter(mitglied=mitglied).exists():
        raise TransitionError("Sie sind nicht als anwesend eingetragen. Melden Sie sich bei der Geschäftsstelle.")
    try:
        with transaction.atomic():
            return Stimme.objects.create(abstimmung=current, mitglied=mitglied, wahl=wahl)
    except IntegrityError:
        raise TransitionError("Sie haben schon abgestimmt. Ihre erste Stimme zählt.") from None


@action
def close_abstimmung(*, abstimmung: Abstimmung, by: User) -> Beschluss:
    """Close the ballot, compute its result and write the numbered Beschluss. Chair or deputy.

    Simple majority of the votes cast; abstentions do not count, a tie is a No. When the item carries a Fassung, its
    programme learns the advice in the same transaction.
    """
    require(by, "beirat.close_abstimmung", abstimmung)
    current = lock(abstimmung)
    check_transition(ABSTIMMUNG_TRANSITIONS, current.status, Abstimmungsstatus.GESCHLOSSEN, noun="Die Abstimmung")
    _count(current)
    current.geschlossen_von = _seat(by)
    current.geschlossen_am = clock.now()
    current.status = Abstimmungsstatus.GESCHLOSSEN
    current.save()
    beschluss = _write_beschluss(current)
    if beschluss.fassung:
        record_beratung(
            fassung=beschluss.fassung,
            ergebnis=Beratungsergebnis.ZUGESTIMMT if current.ergebnis == Ergebnis.ANGENOMMEN else Beratungsergebnis.ABGELEHNT,
            ja=current.ja or 0,
            nein=current.nein or 0,
            enthaltung=current.enthaltung or 0,
            beschluss=f"{beschluss}, {current.top.sitzung}",
            by=by,
        )
    publish("beirat.beschluss_gefasst", beschluss.pk)
    return beschluss


@action
def cancel_abstimmung(*, abstimmung: Abstimmung, by: User) -> Abstimmung:
    """Break off a ballot without a result; the votes cast stay as evidence. Chair or deputy."""
    require(by, "beirat.close_abstimmung", abstimmung)
    current = lock(abstimmung)
    check_transition(ABSTIMMUNG_TRANSITIONS, current.status, Abstimmungsstatus.ABGEBROCHEN, noun="Die Abstimmung")
    current.status = Abstimmungsstatus.ABGEBROCHEN
    current.save(update_fields=["status"])
    return current


def quorum(stimmberechtigte: int) -> int:
    """How many voting members must be present (share in jobcenter.toml), at least one."""
    return max(1, ceil(stimmberechtigte * settings.INSTANZ.beirat.quorum))


def _count(abstimmung: Abstimmung) -> None:
    wahlen = list(abstimmung.stimmen.values_list("wahl", flat=True))
    abstimmung.anwesende = abstimmung.top.sitzung.anwesenheiten.filter(mitglied__stimmberechtigt=True).count()
    abstimmung.ja = wahlen.count(Wahl.JA)
    abstimmung.nein = wahlen.count(Wahl.NEIN)
    abstimmung.enthaltung = wahlen.count(Wahl.ENTHALTUNG)
    abstimmung.nicht_abgegeben = abstimmung.anwesende - len(wahlen)
    abstimmung.ergebnis = Ergebnis.ANGENOMMEN if abstimmung.ja > abstimmung.nein else Ergebnis.ABGELEHNT


def _write_beschluss(abstimmung: Abstimmung) -> Beschluss:
    vorlage = abstimmung.top.vorlage
    jahr = clock.today().year
    return Beschluss.objects.create(
        jahr=jahr,
        nummer=next_nummer("beschluss", jahr),
        abstimmung=abstimmung,
        fassung=vorlage.fassung if vorlage else None,
        text=abstimmung.top.titel,
        ergebnis=abstimmung.ergebnis,
    )


def _seat(by: User) -> Mitglied:
    mitglied = Mitglied.objects.active().filter(konto=by).first()
    if mitglied is None:
        raise PermissionDenied("Only a member of the Beirat has a seat.")
    return mitglied


def _lock_agenda(sitzung: Sitzung) -> Sitzung:
    current = lock(sitzung)
    if current.status not in AENDERBAR:
        raise TransitionError(f"Die {current} ist im Stand „{current.get_status_display()}“. Ihre Tagesordnung steht fest.")
    return current


def _append_top(sitzung: Sitzung, **fields) -> Tagesordnungspunkt:
    last = sitzung.tops.order_by("-nummer").values_list("nummer", flat=True).first() or 0
    return Tagesordnungspunkt.objects.create(sitzung=sitzung, nummer=last + 1, **fields)


def _move_sitzung(sitzung: Sitzung, target: Sitzungsstatus) -> Sitzung:
    check_transition(SITZUNG_TRANSITIONS, sitzung.status, target, noun=f"Die {sitzung}")
    sitzung.status = target
    sitzung.version += 1
    sitzung.save()
    return sitzung
