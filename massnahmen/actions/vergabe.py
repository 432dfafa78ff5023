"""A procurement, from the need to the award or to its end without one. What is confidential stays with those who conduct it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from jobcenter.common import clock
from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.events import publish
from jobcenter.common.text import is_blank
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import datum, euro, zeitpunkt
from jobcenter.konten.models import User
from massnahmen.actions.massnahmen import check_not_archived
from massnahmen.actions.umsetzung import note_step, take_step
from massnahmen.actions.vertrag import Vertragsangaben, write_vertrag
from massnahmen.enums import EU_WEIT, Leistungsart, Massnahmestand, Vergabeart, Weg
from massnahmen.models import Bieterangebot, Massnahme, Traeger, Vergabe, Vertrag
from massnahmen.queries.umsetzung import is_unterjaehrig
from massnahmen.queries.wertgrenzen import list_erlaubt


@dataclass(frozen=True)
class Vergabeangaben:
    """How a provider is looked for. `wert_cent` is the estimate before it begins, net, with every option (§ 3 VgV)."""

    vergabeart: Vergabeart
    wert_cent: int
    leistungsart: Leistungsart = Leistungsart.SOZIAL
    aktenzeichen: str = ""


@action
def prepare_vergabe(*, massnahme: Massnahme, version: int, angaben: Vergabeangaben, grund: str = "", by: User) -> Vergabe:
    """Begin to look for a provider. Planung; not out of the archive.

    What is needed has to be known: whom it is for, how many places, what it may cost. The kind of procurement has to be allowed
    for the estimate on this day. A measure that the Beirat never got in a Fassung needs the reason why it begins during the year.
    """
    require(by, "massnahmen.conduct_vergabe", massnahme)
    current = lock(massnahme)
    check_version(current, version)
    check_not_archived(current)
    check_bedarf(current)
    _check_allowed(angaben, clock.today())
    if is_unterjaehrig(current) and is_blank(grund):
        raise TransitionError(
            "Kein Programm, das dem Beirat vorlag, enthält diese Maßnahme. Schreiben Sie, warum sie während des Jahres dazukommt."
        )
    if current.weg != Weg.VERGABE:
        raise TransitionError(f"„{current}“ kommt nicht durch eine Vergabe zustande, sondern so: {current.get_weg_display()}.")
    if current.stand == Massnahmestand.VORBEREITET and not current.vergaben.filter(aufgehoben_am=None).exists():
        current.version += 1  # a programme said that it had begun
        current.save(update_fields=["version"])
        note_step(current, current.stand, by=by, grund=f"Vergabe nachgetragen. {grund.strip()}".strip())
    else:
        take_step(current, Massnahmestand.VORBEREITET, by=by, grund=grund.strip())
    return Vergabe.objects.create(massnahme=current, **vars(angaben))


def check_bedarf(massnahme: Massnahme) -> None:
    """Raise TransitionError while a need is not described: target group, places, costs. Three queries at most."""
    gaps = []
    if not massnahme.zielgruppen.exists():
        gaps.append("für wen sie ist")
    planned = massnahme.positionen.exclude(plaetze=None)
    if not planned.exists():
        gaps.append("wie viele Plätze sie hat")
    if not massnahme.positionen.filter(finanzierungen__isnull=False).exists():
        gaps.append("was sie kosten darf")
    if gaps:
        raise TransitionError(f"Bei „{massnahme}“ fehlt noch: {', '.join(gaps)}. Tragen Sie es zuerst im Programm ein.")


def _check_allowed(angaben: Vergabeangaben | Vergabe, day: date) -> None:
    """Whether the procedure is allowed for the estimate; what counts is the day on which it begins in public (§ 3 Abs. 3 VgV)."""
    allowed = {one.vergabeart: one for one in list_erlaubt(Leistungsart(angaben.leistungsart), day)}
    wanted = allowed.get(Vergabeart(angaben.vergabeart))
    name = Vergabeart(angaben.vergabeart).label
    if wanted is None:
        raise TransitionError(f"Für „{name}“ ist am {datum(day)} keine Wertgrenze hinterlegt. Wählen Sie ein anderes Verfahren.")
    if not wanted.covers(angaben.wert_cent):
        possible = ", ".join(one.vergabeart.label for one in allowed.values() if one.covers(angaben.wert_cent))
        raise TransitionError(
            f"„{name}“ ist nur bis {euro(wanted.bis_cent)} erlaubt ({wanted.quelle}). "
            f"Bei {euro(angaben.wert_cent)} sind möglich: {possible}."
        )


@action
def update_vergabe(*, vergabe: Vergabe, version: int, angaben: Vergabeangaben, by: User) -> Vergabe:
    """Change how a provider is looked for, before anything is made public. Planung; VersionConflict."""
    require(by, "massnahmen.conduct_vergabe", vergabe)
    massnahme, current = _lock_running(vergabe)
    check_version(current, version)
    if massnahme.stand != Massnahmestand.VORBEREITET:
        raise TransitionError("Das Verfahren ist schon bekannt gemacht. Wer es ändern will, hebt es auf und beginnt neu.")
    _check_allowed(angaben, clock.today())
    for name, value in vars(angaben).items():
        setattr(current, name, value)
    return _save(current)


@action
def announce_vergabe(*, vergabe: Vergabe, version: int, am: date, url: str, angebotsfrist: datetime, by: User) -> Vergabe:
    """Write down that the procurement is public, where, and until when offers are taken. Planung; from now on visitors see the link."""
    require(by, "massnahmen.conduct_vergabe", vergabe)
    massnahme, current = _lock_running(vergabe)
    check_version(current, version)
    if current.vergabeart == Vergabeart.DIREKTAUFTRAG:
        raise TransitionError("Ein Direktauftrag wird nicht bekannt gemacht. Erteilen Sie gleich den Zuschlag.")
    if not current.begonnen_am <= am <= clock.today():
        raise TransitionError(f"Die Bekanntmachung liegt zwischen dem {datum(current.begonnen_am)} und heute. Prüfen Sie den Tag.")
    if timezone.localdate(angebotsfrist) <= am:
        raise TransitionError("Die Angebotsfrist endet vor der Bekanntmachung. Prüfen Sie beide Tage.")
    _check_allowed(current, am)
    current.bekanntmachung_am, current.bekanntmachung_url, current.angebotsfrist = am, url, angebotsfrist
    take_step(massnahme, Massnahmestand.AUSGESCHRIEBEN, by=by)
    return _save(current)


@action
def record_angebot(*, vergabe: Vergabe, traeger: Traeger, preis_cent: int, bewertung: str = "", by: User) -> Bieterangebot:
    """Write down an offer and how it was judged. Planung; offers are opened when their time is over (§ 55 VgV, § 40 UVgO)."""
    require(by, "massnahmen.conduct_vergabe", vergabe)
    _, current = _lock_running(vergabe)
    if current.angebotsfrist and current.angebotsfrist > clock.now():
        raise TransitionError(f"Die Angebotsfrist läuft bis {zeitpunkt(current.angebotsfrist)}. Vorher wird kein Angebot geöffnet.")
    try:
        with transaction.atomic():
            return Bieterangebot.objects.create(vergabe=current, traeger=traeger, preis_cent=preis_cent, bewertung=bewertung)
    except IntegrityError:
        raise TransitionError(f"Das Angebot von {traeger} steht schon da. Entfernen Sie es zuerst, wenn es falsch ist.") from None


@action
def remove_angebot(*, angebot: Bieterangebot, by: User) -> None:
    """Take away an offer that was written down by mistake. Planung; not after the award; the history of rows keeps it."""
    require(by, "massnahmen.conduct_vergabe", angebot.vergabe)
    _lock_running(angebot.vergabe)
    lock(angebot).delete()


@action
def inform_bieter(*, vergabe: Vergabe, version: int, am: date, by: User) -> Vergabe:
    """Write down on which day the bidders who lose were told (§ 134 GWB). Planung; EU-wide procedures only."""
    require(by, "massnahmen.conduct_vergabe", vergabe)
    massnahme, current = _lock_running(vergabe)
    check_version(current, version)
    if current.vergabeart not in EU_WEIT or massnahme.stand != Massnahmestand.AUSGESCHRIEBEN:
        raise TransitionError("Die Informationsfrist gilt nur für ausgeschriebene EU-weite Verfahren.")
    frist = current.angebotsfrist
    if frist is None or frist > clock.now() or not timezone.localdate(frist) <= am <= clock.today():
        raise TransitionError("Bieter werden nach dem Ende der Angebotsfrist informiert, spätestens heute. Prüfen Sie den Tag.")
    current.information_am = am
    return _save(current)


@action
def cancel_vergabe(*, vergabe: Vergabe, version: int, warum: str, by: User) -> Vergabe:
    """Call a procurement off; the measure is a need again. Leitung; the reason stays with those who may see the procurement."""
    require(by, "massnahmen.award_vergabe", vergabe)
    massnahme, current = _lock_running(vergabe)
    check_version(current, version)
    if is_blank(warum):
        raise TransitionError("Der Grund fehlt. Schreiben Sie in einem Satz, warum das Verfahren aufgehoben wird.")
    current.aufgehoben_am, current.aufhebungsgrund = clock.today(), warum.strip()
    take_step(massnahme, Massnahmestand.BEDARF, by=by, grund="Vergabe aufgehoben")
    return _save(current)


@action
def award_vergabe(*, vergabe: Vergabe, version: int, angaben: Vertragsangaben, by: User) -> Vertrag:
    """Give the order to a bidder (Zuschlag). Leitung; from now on the provider, the term and the places are public.

    The time for offers is over, the bidders were told in time where the law wants it, the provider has made an offer (except
    for a Direktauftrag) and is certified for the whole term.
    """
    require(by, "massnahmen.award_vergabe", vergabe)
    massnahme, current = _lock_running(vergabe)
    check_version(current, version)
    _check_award(current, angaben)
    vertrag = write_vertrag(massnahme, angaben, vergabe=current)
    take_step(massnahme, Massnahmestand.ZUSCHLAG, by=by)
    publish("massnahmen.zuschlag_erteilt", vertrag.pk)
    return vertrag


def _check_award(vergabe: Vergabe, angaben: Vertragsangaben) -> None:
    if vergabe.vergabeart != Vergabeart.DIREKTAUFTRAG:
        if vergabe.angebotsfrist and vergabe.angebotsfrist > clock.now():
            raise TransitionError(f"Die Angebotsfrist läuft bis {zeitpunkt(vergabe.angebotsfrist)}. Vorher gibt es keinen Zuschlag.")
        if vergabe.vergabeart in {*EU_WEIT, Vergabeart.OEFFENTLICH} and vergabe.bekanntmachung_am is None:
            raise TransitionError(f"„{vergabe.get_vergabeart_display()}“ heißt: Das Verfahren wird zuerst bekannt gemacht.")
        if not vergabe.angebote.filter(traeger=angaben.traeger).exists():
            raise TransitionError(f"{angaben.traeger} hat kein Angebot abgegeben. Tragen Sie es zuerst ein.")
    else:
        agreed = Vergabeangaben(Vergabeart.DIREKTAUFTRAG, angaben.preis_cent, Leistungsart(vergabe.leistungsart))
        _check_allowed(agreed, vergabe.begonnen_am)
    first = vergabe.first_day_of_award
    if first is None and vergabe.angebotsfrist and vergabe.angebote.count() == 1:  # nobody loses, so nobody has to be told
        first = timezone.localdate(vergabe.angebotsfrist)
    if first is None:
        raise TransitionError("Die Bieter, die nicht zum Zuge kommen, sind noch nicht informiert (§ 134 GWB).")
    if angaben.geschlossen_am < first:
        raise TransitionError(f"Der Zuschlag ist erst ab dem {datum(first)} möglich. Bis dahin läuft das Verfahren.")


def _lock_running(vergabe: Vergabe) -> tuple[Massnahme, Vergabe]:
    """Measure and procurement, locked in this order; TransitionError unless it is still open."""
    massnahme = lock(vergabe.massnahme)
    current = lock(vergabe)
    if current.aufgehoben_am:
        raise TransitionError(f"Diese Vergabe ist seit dem {datum(current.aufgehoben_am)} aufgehoben.")
    if massnahme.stand not in {Massnahmestand.VORBEREITET, Massnahmestand.AUSGESCHRIEBEN}:
        raise TransitionError(f"Die Vergabe ist abgeschlossen: „{massnahme}“ ist im Stand „{massnahme.get_stand_display()}“.")
    return massnahme, current


def _save(vergabe: Vergabe) -> Vergabe:
    vergabe.version += 1
    vergabe.save()
    return vergabe
