"""How a measure begins, ends, is settled and looked back on; and the ways that need no procurement."""

from datetime import date

from django.db.models import Q

from jobcenter.common import clock
from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.text import is_blank
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import datum, monat
from jobcenter.konten.models import User
from massnahmen.actions.massnahmen import check_not_archived
from massnahmen.actions.umsetzung import note_step, take_step
from massnahmen.actions.vergabe import check_bedarf
from massnahmen.actions.vertrag import Vertragsangaben, check_zulassung, write_vertrag
from massnahmen.enums import Massnahmestand, Vergabestand, Vertragsart, Weg
from massnahmen.models import Massnahme, Traeger, Vertrag
from massnahmen.queries.umsetzung import first_day_of_auswertung, is_conducted, missing_meldungen, missing_verbleib, read_laufzeit
from massnahmen.queries.zulassung import first_day_without_massnahmezulassung


@action
def choose_weg(*, massnahme: Massnahme, version: int, weg: Weg, by: User) -> Massnahme:
    """Decide how a measure is to come about. Planung; only while it is a need for which nothing was begun."""
    require(by, "massnahmen.run_massnahme", massnahme)
    current = _lock_at(massnahme, version)
    check_not_archived(current)
    if current.stand != Massnahmestand.BEDARF or current.vertraege.exists():
        raise TransitionError(f"„{current}“ ist im Stand „{current.get_stand_display()}“. Der Weg lässt sich nicht mehr ändern.")
    current.weg = weg
    current.vergabestand = Vergabestand.OFFEN if weg == Weg.VERGABE else Vergabestand.OHNE
    if weg == Weg.VERGABE:
        current.traeger = None
    current.version += 1
    current.save()
    note_step(current, current.stand, by=by, grund=f"Weg: {Weg(weg).label}")
    return current


@action
def record_vertrag(*, massnahme: Massnahme, version: int, angaben: Vertragsangaben, by: User) -> Vertrag:
    """Write down the contract of a measure that was awarded outside of the portal. Planung; once, and before it is over."""
    require(by, "massnahmen.conduct_vergabe", massnahme)
    current = _lock_at(massnahme, version)
    check_not_archived(current)
    if current.weg != Weg.VERGABE or current.stand not in {Massnahmestand.ZUSCHLAG, Massnahmestand.LAEUFT}:
        raise TransitionError(f"„{current}“ ist im Stand „{current.get_stand_display()}“. Ein Vertrag lässt sich nicht nachtragen.")
    if current.vertraege.exists():
        raise TransitionError(f"Der Vertrag von „{current}“ steht schon da.")
    vertrag = write_vertrag(current, angaben)
    current.version += 1
    current.save()
    note_step(current, current.stand, by=by, grund="Vertrag nachgetragen")
    return vertrag


@action
def request_zuwendung(*, massnahme: Massnahme, version: int, traeger: Traeger, grund: str = "", by: User) -> Massnahme:
    """Write down who has asked for a grant for the measure (Antrag). Planung."""
    require(by, "massnahmen.run_massnahme", massnahme)
    current = _lock_at(massnahme, version)
    check_not_archived(current)
    check_bedarf(current)
    current.traeger = traeger
    return take_step(current, Massnahmestand.BEANTRAGT, by=by, grund=grund.strip())


@action
def grant_zuwendung(*, massnahme: Massnahme, version: int, angaben: Vertragsangaben, by: User) -> Vertrag:
    """Grant what was asked for (Zuwendungsbescheid, §§ 23, 44 BHO). Leitung; only to who has asked, certified where that is wanted."""
    require(by, "massnahmen.award_vergabe", massnahme)
    current = _lock_at(massnahme, version)
    if current.traeger and angaben.traeger != current.traeger:
        raise TransitionError(f"Beantragt hat die Zuwendung {current.traeger}. Nur dieser Träger kann sie erhalten.")
    vertrag = write_vertrag(current, angaben, art=Vertragsart.BESCHEID)
    take_step(current, Massnahmestand.BEWILLIGT, by=by)
    return vertrag


@action
def refuse_zuwendung(*, massnahme: Massnahme, version: int, grund: str, by: User) -> Massnahme:
    """Refuse what was asked for, with the reason; the measure is a need again. Leitung."""
    require(by, "massnahmen.award_vergabe", massnahme)
    current = _lock_at(massnahme, version)
    if current.stand != Massnahmestand.BEANTRAGT:
        raise TransitionError(f"„{current}“ ist im Stand „{current.get_stand_display()}“. Es gibt keinen Antrag abzulehnen.")
    if is_blank(grund):
        raise TransitionError("Der Grund fehlt. Schreiben Sie in einem Satz, warum die Zuwendung abgelehnt wird.")
    take_step(current, Massnahmestand.BEDARF, by=by, grund=grund.strip())
    current.traeger = None
    current.save(update_fields=["traeger"])
    return current


@action
def start_massnahme(*, massnahme: Massnahme, version: int, by: User) -> Massnahme:
    """Let a measure begin. Planung; within its term, with known places.

    Chosen with a voucher, measure and provider have to be certified today: nobody is bound for a term, and the tasks of planung
    say when a certificate ends.
    """
    require(by, "massnahmen.run_massnahme", massnahme)
    current = _lock_at(massnahme, version)
    check_not_archived(current)
    _check_start(current)
    return take_step(current, Massnahmestand.LAEUFT, by=by)


def _check_start(massnahme: Massnahme) -> None:
    beginn, ende, today = massnahme.beginn, massnahme.ende, clock.today()
    if beginn is None or ende is None:
        raise TransitionError(f"Bei „{massnahme}“ ist die Laufzeit noch offen. Tragen Sie Beginn und Ende im Programm ein.")
    if not beginn <= today <= ende:
        raise TransitionError(f"„{massnahme}“ läuft vom {datum(beginn)} bis zum {datum(ende)}. Heute kann sie nicht beginnen.")
    if massnahme.stand == Massnahmestand.BEDARF:
        check_bedarf(massnahme)
    if massnahme.weg != Weg.GUTSCHEIN:
        return
    if first_day_without_massnahmezulassung(massnahme, today, today):
        raise TransitionError(
            f"Mit einem Gutschein sind nur zugelassene Maßnahmen wählbar (§ 179 SGB III). „{massnahme}“ hat heute keine Zulassung."
        )
    if massnahme.traeger:
        check_zulassung(massnahme, massnahme.traeger, today, today)


@action
def end_massnahme(*, massnahme: Massnahme, version: int, zum: date, grund: str, by: User) -> Massnahme:
    """End a measure before its time, with the reason. Leitung.

    A day ahead is a notice (Kündigung) that only a contract can carry: the measure goes on until then.
    """
    require(by, "massnahmen.award_vergabe", massnahme)
    current = _lock_at(massnahme, version)
    if is_blank(grund):
        raise TransitionError("Der Grund fehlt. Schreiben Sie in einem Satz, warum die Maßnahme vorzeitig endet.")
    if current.stand not in {Massnahmestand.LAEUFT, Massnahmestand.ZUSCHLAG, Massnahmestand.BEWILLIGT}:
        raise TransitionError(f"„{current}“ ist im Stand „{current.get_stand_display()}“ und kann nicht vorzeitig enden.")
    vertrag = current.vertraege.first()
    ende = vertrag.ende if vertrag else current.ende
    if ende and zum >= ende:
        raise TransitionError(f"Am {datum(ende)} endet die Maßnahme von selbst. Vorzeitig ist nur ein früherer Tag.")
    if current.beginn and zum < current.beginn and current.stand == Massnahmestand.LAEUFT:
        raise TransitionError(f"Die Maßnahme hat am {datum(current.beginn)} begonnen. Früher kann sie nicht enden.")
    if current.meldungen.filter(monat__gt=zum).exists():
        raise TransitionError(f"Nach dem {datum(zum)} sind schon Monate gemeldet. Entfernen Sie zuerst diese Meldungen.")
    if vertrag:
        vertrag = lock(vertrag)
        vertrag.gekuendigt_zum, vertrag.kuendigungsgrund = zum, grund.strip()
        vertrag.version += 1
        vertrag.save()
    if zum >= clock.today():
        if vertrag is None:
            raise TransitionError("Diese Maßnahme hat keinen Vertrag, der zu kündigen wäre. Beenden Sie sie, wenn es so weit ist.")
        current.version += 1
        current.save(update_fields=["version"])
        note_step(current, current.stand, by=by, grund=f"Zum {datum(zum)} gekündigt: {grund.strip()}")
        return current
    return _end_early(current, zum, by, grund.strip())


def _end_early(massnahme: Massnahme, zum: date, by: User, grund: str) -> Massnahme:
    """The term ends with the notice; of one that never began it stays as it was agreed."""
    if massnahme.beginn is None or zum >= massnahme.beginn:
        massnahme.ende = zum
        if massnahme.naechster_start and massnahme.naechster_start > zum:
            massnahme.naechster_start = None
    return take_step(massnahme, Massnahmestand.VORZEITIG, by=by, grund=grund)


@action
def settle_massnahme(*, massnahme: Massnahme, version: int, nachweis_am: date | None = None, by: User) -> Massnahme:
    """Close a measure's accounts: from now on its months stand. Planung.

    Every month of its term is reported and costs are booked; of a grant the Verwendungsnachweis was looked through.
    """
    require(by, "massnahmen.run_massnahme", massnahme)
    current = _lock_at(massnahme, version)
    if current.stand in {Massnahmestand.BEENDET, Massnahmestand.VORZEITIG}:
        if missing := missing_meldungen(current):
            raise TransitionError(
                f"Von „{current}“ fehlen noch Monatsmeldungen, die erste für {monat(missing[0])}. Abgerechnet wird, wenn alle da sind."
            )
        ran = read_laufzeit(current) is not None  # not where a notice came before the first day
        if ran and not current.meldungen.filter(~Q(kosten_cent=0)).exists() and is_conducted(current):
            raise TransitionError(f"Zu „{current}“ sind keine Ist-Kosten gemeldet. Ohne sie gibt es nichts abzurechnen.")
        _check_nachweis(current, nachweis_am)
    return take_step(current, Massnahmestand.ABGERECHNET, by=by)


def _check_nachweis(massnahme: Massnahme, nachweis_am: date | None) -> None:
    bescheid = massnahme.vertraege.filter(art=Vertragsart.BESCHEID).first()
    if bescheid is None:
        return
    if nachweis_am is None:
        raise TransitionError("Der Verwendungsnachweis fehlt. Tragen Sie ein, wann Sie ihn geprüft haben.")
    if nachweis_am > clock.today():
        raise TransitionError("Der Verwendungsnachweis kann nicht in der Zukunft geprüft worden sein.")
    bescheid = lock(bescheid)
    bescheid.nachweis_am = nachweis_am
    bescheid.version += 1
    bescheid.save()


@action
def evaluate_massnahme(*, massnahme: Massnahme, version: int, by: User) -> Massnahme:
    """Say that what became of the participants is known for all of them. Planung; six months and the Wartezeit after the end."""
    require(by, "massnahmen.run_massnahme", massnahme)
    current = _lock_at(massnahme, version)
    if current.stand == Massnahmestand.ABGERECHNET:
        first = first_day_of_auswertung(current)
        if first and clock.today() < first:
            raise TransitionError(f"Der Verbleib ist noch nicht reif: Er ist frühestens ab {datum(first)} vollständig bekannt.")
        if missing := missing_verbleib(current):
            raise TransitionError(f"Der Verbleib nach den Austritten im {monat(missing[0])} fehlt noch. Tragen Sie ihn zuerst ein.")
    return take_step(current, Massnahmestand.AUSGEWERTET, by=by)


@action
def advance_massnahmen(*, by: User) -> int:
    """Begin and end measures whose day has come. The background service, every night; how many steps were taken.

    An awarded measure begins on its first day; a running one ends after its last, or after the day of its notice. What a
    contract says about the term counts more than what a programme says.
    """
    require(by, "massnahmen.advance_massnahme")
    today = clock.today()
    due = Q(stand__in=[*_AWAITED, Massnahmestand.LAEUFT], archiviert_am=None)
    starts = Q(stand__in=_AWAITED, beginn__lte=today) | Q(stand=Massnahmestand.LAEUFT, ende__lt=today)
    by_contract = Q(vertraege__ende__lt=today) | Q(vertraege__gekuendigt_zum__lt=today)
    found = Massnahme.objects.filter(due & (starts | by_contract)).order_by("pk").distinct().values_list("pk", flat=True)
    return sum(_advance(lock(Massnahme(pk=pk)), today, by) for pk in list(found))


_AWAITED = (Massnahmestand.ZUSCHLAG, Massnahmestand.BEWILLIGT)


def _advance(massnahme: Massnahme, today: date, by: User) -> int:
    """One locked measure, which somebody may have moved meanwhile; how many steps."""
    if massnahme.stand not in {*_AWAITED, Massnahmestand.LAEUFT}:
        return 0
    vertrag = massnahme.vertraege.first()
    if vertrag and vertrag.gekuendigt_zum and vertrag.gekuendigt_zum < today:
        _end_early(massnahme, vertrag.gekuendigt_zum, by, vertrag.kuendigungsgrund or "")
        return 1
    moved = 0
    beginn, ende = (vertrag.beginn, vertrag.ende) if vertrag else (massnahme.beginn, massnahme.ende)
    if massnahme.stand != Massnahmestand.LAEUFT and beginn and ende and beginn <= today:
        take_step(massnahme, Massnahmestand.LAEUFT, by=by)
        moved += 1
    if massnahme.stand == Massnahmestand.LAEUFT and ende and ende < today:
        take_step(massnahme, Massnahmestand.BEENDET, by=by)
        moved += 1
    return moved


def _lock_at(massnahme: Massnahme, version: int) -> Massnahme:
    current = lock(massnahme)
    check_version(current, version)
    return current
