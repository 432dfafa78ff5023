"""Every change in the Beirat's room: agenda, attendance, named votes and the Beschluss that follows from them."""

from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from beirat.enums import (
    ABSTIMMUNG_TRANSITIONS,
    SITZUNG_TRANSITIONS,
    Abstimmungsstatus,
    Bank,
    Ergebnis,
    Funktion,
    Sitzungsstatus,
    Topart,
    Wahl,
)
from beirat.models import Abstimmung, Anwesenheit, Beschluss, Mitglied, Organisation, Sitzung, Stimme, Tagesordnungspunkt, Vorlage
from beirat.queries import read_beschlussfaehigkeit, seat_of, waiting_fassungen
from jobcenter.common import clock, typography
from jobcenter.common.actions import action, lock, quiet_action, require
from jobcenter.common.events import publish
from jobcenter.common.nummern import next_nummer
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from jobcenter.post.actions import write_versand
from massnahmen.actions import begin_abstimmung, break_off_abstimmung, record_beratung
from massnahmen.enums import Beratungsergebnis, Programmstatus
from massnahmen.models import Fassung

AENDERBAR = {Sitzungsstatus.GEPLANT, Sitzungsstatus.EINGELADEN}


@action
def add_organisation(*, name: str, bank: Bank, by: User) -> Organisation:
    """Note an organisation that proposes members. Geschäftsstelle; a name once."""
    require(by, "beirat.appoint_mitglied")
    try:
        with transaction.atomic():
            return Organisation.objects.create(name=name, bank=bank)
    except IntegrityError:
        raise TransitionError(f"Die Organisation „{name}“ gibt es schon.") from None


@action
def appoint_mitglied(
    *,
    organisation: Organisation,
    konto: User,
    von: date,
    bis: date,
    funktion: Funktion = Funktion.MITGLIED,
    stimmberechtigt: bool = True,
    by: User,
) -> Mitglied:
    """Note a seat that the Landkreis has given on the proposal of an organisation; `bis` is the last day of its term.

    Geschäftsstelle. One seat per person and one chair at a time.
    """
    require(by, "beirat.appoint_mitglied", organisation)
    if von > bis:
        raise TransitionError("Die Amtszeit endet, bevor sie beginnt. Prüfen Sie „von“ und „bis“.")
    try:
        with transaction.atomic():
            return Mitglied.objects.create(
                organisation=organisation,
                konto=konto,
                name=konto.name,
                funktion=funktion,
                stimmberechtigt=stimmberechtigt,
                amtszeit=DateRange(von, date.fromordinal(bis.toordinal() + 1)),
            )
    except IntegrityError as error:
        if "mitglied_ein_vorsitz" in str(error):
            raise TransitionError("In dieser Amtszeit führt schon jemand den Vorsitz. Beenden Sie erst diese Amtszeit.") from None
        raise TransitionError(f"{konto} hat in dieser Amtszeit schon einen Sitz im Beirat.") from None


@action
def plan_sitzung(*, nummer: int, beginn: datetime, ort: str, by: User) -> Sitzung:
    """Set up a session under its running number. Geschäftsstelle; it has to lie ahead."""
    require(by, "beirat.plan_sitzung")
    if beginn <= clock.now():
        raise TransitionError("Der Beginn liegt in der Vergangenheit. Wählen Sie einen späteren Zeitpunkt.")
    try:
        with transaction.atomic():
            return Sitzung.objects.create(nummer=nummer, beginn=beginn, ort=ort)
    except IntegrityError:
        raise TransitionError(f"Die {nummer}. Sitzung gibt es schon. Wählen Sie eine andere Nummer.") from None


@action
def invite_sitzung(*, sitzung: Sitzung, by: User) -> Sitzung:
    """Call the members together by mail; from now on visitors see date and public items. Geschäftsstelle; needs an agenda."""
    require(by, "beirat.plan_sitzung", sitzung)
    current = lock(sitzung)
    if current.beginn <= clock.now():
        raise TransitionError("Der Termin ist schon vorbei. Zu ihm können Sie nicht mehr einladen.")
    if not current.tops.exists():
        raise TransitionError("Die Tagesordnung ist noch leer. Fügen Sie mindestens einen Punkt hinzu, dann können Sie einladen.")
    _move_sitzung(current, Sitzungsstatus.EINGELADEN)
    text = _invitation(current)
    for mitglied in Mitglied.objects.active().filter(konto__in=User.objects.open()).select_related("konto"):
        write_versand(
            an=mitglied.konto,
            anlass=f"beirat.einladung:{current.pk}",
            betreff=f"Einladung zur {current.nummer}. Sitzung des Beirats am {typography.datum(current.beginn)}",
            text=text,
            grund="Sie bekommen diese E-Mail, weil Sie Mitglied des Beirats sind.",
            by=by,
        )
    return current


@action
def add_top(*, sitzung: Sitzung, titel: str, art: Topart, oeffentlich: bool, by: User) -> Tagesordnungspunkt:
    """Put an item at the end of the agenda. Geschäftsstelle, before the session opens."""
    require(by, "beirat.change_tagesordnung", sitzung)
    return _append_top(_lock_agenda(sitzung), titel=titel, art=art, oeffentlich=oeffentlich)


@action
def add_fassung_to_agenda(*, sitzung: Sitzung, fassung: Fassung, by: User) -> Tagesordnungspunkt:
    """Bring a Fassung before the Beirat as a Vorlage of its own. Geschäftsstelle; while it waits for advice.

    It stands on one agenda at a time. What a session closed without a Beschluss may come before the next one.
    """
    require(by, "beirat.change_tagesordnung", sitzung)
    current = _lock_agenda(sitzung)
    _check_waiting(fassung)
    if not waiting_fassungen().filter(pk=fassung.pk).exists():
        raise TransitionError(f"{fassung} steht schon auf einer Tagesordnung.")
    vorlage = _write_vorlage(
        titel=str(fassung),
        text="Der Beirat berät über Auswahl und Gestaltung der Maßnahmen. Abgestimmt wird über genau diese Fassung.",
        fassung=fassung,
    )
    return _append_top(
        current, titel=f"{fassung.programm}: Beratung und Abstimmung", art=Topart.BESCHLUSS, oeffentlich=True, vorlage=vorlage
    )


@action
def add_vorlage_to_agenda(*, sitzung: Sitzung, titel: str, text: str, art: Topart, oeffentlich: bool, by: User) -> Tagesordnungspunkt:
    """Put an item with a paper of its own at the end of the agenda. Geschäftsstelle, before the session opens; the paper is final."""
    require(by, "beirat.change_tagesordnung", sitzung)
    current = _lock_agenda(sitzung)
    return _append_top(current, titel=titel, art=art, oeffentlich=oeffentlich, vorlage=_write_vorlage(titel=titel, text=text))


@action
def record_anwesenheit(*, sitzung: Sitzung, mitglieder: Collection[Mitglied], by: User) -> None:
    """Set who is in the room, and only them. Geschäftsstelle; members with a running term.

    Not while a ballot is open, since its base would move.
    """
    require(by, "beirat.record_anwesenheit", sitzung)
    current = lock(sitzung)
    if current.status not in {Sitzungsstatus.EINGELADEN, Sitzungsstatus.EROEFFNET}:
        raise TransitionError(f"Die {current} ist im Stand „{current.get_status_display()}“. Anwesenheit wird zur Sitzung erfasst.")
    if Abstimmung.objects.filter(top__sitzung=current, status=Abstimmungsstatus.OFFEN).exists():
        raise TransitionError("Eine Abstimmung läuft. Die Anwesenheit ändert sich erst nach ihrem Schluss.")
    active = set(Mitglied.objects.active().values_list("pk", flat=True))
    for mitglied in mitglieder:
        if mitglied.pk not in active:
            raise TransitionError(f"{mitglied} hat zurzeit keinen Sitz im Beirat und kann nicht als anwesend eingetragen werden.")
    current.anwesenheiten.exclude(mitglied__in=mitglieder).delete()
    Anwesenheit.objects.bulk_create([Anwesenheit(sitzung=current, mitglied=mitglied) for mitglied in mitglieder], ignore_conflicts=True)


@action
def open_sitzung(*, sitzung: Sitzung, by: User) -> Sitzung:
    """Open the session. Chair or deputy; one session at a time."""
    require(by, "beirat.lead_sitzung", sitzung)
    current = lock(sitzung)
    current.eroeffnet_am = clock.now()
    try:
        with transaction.atomic():
            return _move_sitzung(current, Sitzungsstatus.EROEFFNET)
    except IntegrityError:
        raise TransitionError("Eine andere Sitzung ist noch eröffnet. Schließen Sie diese zuerst.") from None


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
        raise TransitionError(f"TOP {top.nummer} ist kein Beschlusspunkt. Über ihn wird nicht abgestimmt.")
    if top.abstimmungen.exclude(status=Abstimmungsstatus.ABGEBROCHEN).exists():
        raise TransitionError(f"Über TOP {top.nummer} wird oder wurde schon abgestimmt.")
    if Abstimmung.objects.filter(top__sitzung=sitzung, status=Abstimmungsstatus.OFFEN).exists():
        raise TransitionError("Eine andere Abstimmung läuft noch. Schließen Sie diese zuerst.")
    lage = read_beschlussfaehigkeit(sitzung)
    if not lage.ist_erreicht:
        raise TransitionError(
            f"Der Beirat ist nicht beschlussfähig: {lage.anwesend} von {lage.stimmberechtigte} Stimmberechtigten sind anwesend, "
            f"nötig sind {lage.noetig}."
        )
    fassung = _fassung_of(top)
    if fassung:
        begin_abstimmung(fassung=fassung, by=by)
    return Abstimmung.objects.create(
        top=top,
        frage=f"Stimmen Sie dem {fassung.programm} in der Fassung {fassung.nummer} zu?" if fassung else f"Stimmen Sie „{top.titel}“ zu?",
        eroeffnet_von=_seat(by),
        stimmberechtigte=lage.stimmberechtigte,
    )


@quiet_action
def cast_stimme(*, abstimmung: Abstimmung, wahl: Wahl, by: User) -> Stimme:
    """Cast the one vote of a member who is present. Voting members; two at the same moment: one counts."""
    require(by, "beirat.cast_stimme", abstimmung)
    current = lock(abstimmung)  # makes simultaneous votes and the closing wait for each other
    mitglied = _seat(by)
    if current.stimmen.filter(mitglied=mitglied).exists():
        raise TransitionError("Sie haben schon abgestimmt. Ihre erste Stimme zählt.")
    if current.status != Abstimmungsstatus.OFFEN:
        raise TransitionError(f"Die Abstimmung ist schon {current.get_status_display()}. Ihre Stimme wurde nicht gezählt.")
    if not current.top.sitzung.anwesenheiten.filter(mitglied=mitglied).exists():
        raise TransitionError("Sie sind nicht als anwesend eingetragen. Melden Sie sich bei der Geschäftsstelle.")
    return Stimme.objects.create(abstimmung=current, mitglied=mitglied, wahl=wahl)


@action
def close_abstimmung(*, abstimmung: Abstimmung, by: User) -> Beschluss:
    """Close the ballot, compute its result and write the numbered Beschluss. Chair or deputy.

    Simple majority of the votes cast; abstentions do not count, a tie is a No. When the item carries a Fassung, its
    programme learns the advice in the same transaction.
    """
    require(by, "beirat.close_abstimmung", abstimmung)
    current = lock(abstimmung)
    check_transition(ABSTIMMUNG_TRANSITIONS, current.status, Abstimmungsstatus.GESCHLOSSEN, noun="Die Abstimmung")
    ergebnis = _count(current)
    current.geschlossen_von = _seat(by)
    current.geschlossen_am = clock.now()
    current.status = Abstimmungsstatus.GESCHLOSSEN
    current.save()
    beschluss = _write_beschluss(current, ergebnis)
    if beschluss.fassung:
        record_beratung(
            fassung=beschluss.fassung,
            ergebnis=Beratungsergebnis.ZUGESTIMMT if ergebnis == Ergebnis.ANGENOMMEN else Beratungsergebnis.ABGELEHNT,
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
    if fassung := _fassung_of(current.top):
        break_off_abstimmung(fassung=fassung, by=by)
    return current


def _count(abstimmung: Abstimmung) -> Ergebnis:
    """Write the numbers and the result into the ballot.

    The base is who was in the room, which cannot change while the ballot is open, and whoever voted.
    """
    stimmen = dict(abstimmung.stimmen.values_list("mitglied", "wahl"))
    wahlen = list(stimmen.values())
    present = set(abstimmung.top.sitzung.anwesenheiten.filter(mitglied__stimmberechtigt=True).values_list("mitglied", flat=True))
    abstimmung.anwesende = len(present | stimmen.keys())
    abstimmung.ja = wahlen.count(Wahl.JA)
    abstimmung.nein = wahlen.count(Wahl.NEIN)
    abstimmung.enthaltung = wahlen.count(Wahl.ENTHALTUNG)
    abstimmung.nicht_abgegeben = abstimmung.anwesende - len(wahlen)
    ergebnis = Ergebnis.ANGENOMMEN if abstimmung.ja > abstimmung.nein else Ergebnis.ABGELEHNT
    abstimmung.ergebnis = ergebnis
    return ergebnis


def _write_beschluss(abstimmung: Abstimmung, ergebnis: Ergebnis) -> Beschluss:
    fassung = _fassung_of(abstimmung.top)
    jahr = clock.today().year
    text = abstimmung.top.titel
    if fassung:
        nicht = "" if ergebnis == Ergebnis.ANGENOMMEN else "nicht "
        text = f"Der Beirat stimmt dem {fassung.programm} in der Fassung {fassung.nummer} {nicht}zu."
    return Beschluss.objects.create(
        jahr=jahr,
        nummer=next_nummer("beschluss", jahr),
        abstimmung=abstimmung,
        fassung=fassung,
        text=text,
        ergebnis=ergebnis,
    )


def _fassung_of(top: Tagesordnungspunkt) -> Fassung | None:
    return top.vorlage.fassung if top.vorlage else None


def _check_waiting(fassung: Fassung) -> None:
    """The programme is still with the Beirat, in this Fassung; locked, so that nobody takes it back in between."""
    programm = lock(fassung.programm)
    if programm.status != Programmstatus.BEIM_BEIRAT:
        raise TransitionError(f"Das {programm} liegt gerade nicht beim Beirat. Über {fassung} kann er nicht beraten.")
    if programm.fassungen.filter(nummer__gt=fassung.nummer).exists():
        raise TransitionError(f"Zu {fassung} gibt es eine neuere Fassung. Nur über die neueste kann der Beirat beraten.")


def _seat(by: User) -> Mitglied:
    mitglied = seat_of(by)
    if mitglied is None:
        raise PermissionDenied("Only a member of the Beirat has a seat.")
    return mitglied


def _lock_agenda(sitzung: Sitzung) -> Sitzung:
    current = lock(sitzung)
    if current.status not in AENDERBAR:
        raise TransitionError(f"Die {current} ist im Stand „{current.get_status_display()}“. Ihre Tagesordnung steht fest.")
    return current


def _invitation(sitzung: Sitzung) -> str:
    punkte = "\n".join(f"{top.nummer}. {top.titel}" for top in sitzung.tops.all())
    adresse = settings.BASE_URL + reverse("beirat:sitzung-intern-detail", args=[sitzung.nummer])
    return (
        f"wir laden Sie zur {sitzung.nummer}. Sitzung des Beirats ein.\n\n"
        f"Wann: {typography.zeitpunkt(sitzung.beginn)}\nWo: {sitzung.ort}\n\n"
        f"Tagesordnung:\n{punkte}\n\n"
        f"Die Unterlagen finden Sie hier:\n{adresse}"
    )


def _write_vorlage(**fields) -> Vorlage:
    jahr = clock.today().year
    return Vorlage.objects.create(nummer=f"V {next_nummer('vorlage', jahr):02d}/{jahr}", **fields)


def _append_top(sitzung: Sitzung, **fields) -> Tagesordnungspunkt:
    last = sitzung.tops.order_by("-nummer").values_list("nummer", flat=True).first() or 0
    return Tagesordnungspunkt.objects.create(sitzung=sitzung, nummer=last + 1, **fields)


def _move_sitzung(sitzung: Sitzung, target: Sitzungsstatus) -> Sitzung:
    check_transition(SITZUNG_TRANSITIONS, sitzung.status, target, noun=f"Die {sitzung}")
    sitzung.status = target
    sitzung.version += 1
    sitzung.save()
    return sitzung
