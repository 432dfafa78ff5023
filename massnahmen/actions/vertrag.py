"""What is agreed with a provider, and longer terms that were agreed as options."""

from dataclasses import dataclass
from datetime import date

from jobcenter.common import clock
from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.text import is_blank
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import datum
from jobcenter.konten.models import User
from massnahmen.actions.umsetzung import note_step
from massnahmen.enums import VORBEI, Fachbereich, Massnahmestand, Vertragsart
from massnahmen.models import Massnahme, Traeger, Vergabe, Vertrag, Vertragsoption
from massnahmen.queries.zulassung import first_day_without_zulassung


@dataclass(frozen=True)
class Vertragsangaben:
    """What is agreed. Money in cents for the whole term, without options; `nachweis_bis` only for a grant (Zuwendung)."""

    traeger: Traeger
    geschlossen_am: date
    beginn: date
    ende: date
    plaetze: int
    preis_cent: int
    nummer: str = ""
    nachweis_bis: date | None = None


@dataclass(frozen=True)
class Optionsangaben:
    """A further term: until when, for how many cents more, and by which day the Jobcenter has to say so."""

    ende: date
    preis_cent: int
    ziehbar_bis: date


def write_vertrag(
    massnahme: Massnahme, angaben: Vertragsangaben, *, vergabe: Vergabe | None = None, art: Vertragsart = Vertragsart.VERTRAG
) -> Vertrag:
    """Note a contract and give the measure its provider and term; whoever calls has locked the measure and saves it.

    TransitionError for a term that is none or a provider without certificate for all of it.
    """
    check_term(angaben)
    check_zulassung(massnahme, angaben.traeger, angaben.beginn, angaben.ende)
    _follow(massnahme, angaben)
    return Vertrag.objects.create(massnahme=massnahme, vergabe=vergabe, art=art, **vars(angaben))


def check_term(angaben: Vertragsangaben) -> None:
    """Raise TransitionError for a term that is none, or an agreement that is still to come."""
    if angaben.ende < angaben.beginn:
        raise TransitionError("Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage.")
    if angaben.geschlossen_am > clock.today():
        raise TransitionError("Der Vertrag kann nicht erst in der Zukunft geschlossen werden. Prüfen Sie den Tag.")


def _follow(massnahme: Massnahme, angaben: Vertragsangaben) -> None:
    """Provider and term of the measure are those of its contract."""
    massnahme.traeger, massnahme.beginn, massnahme.ende = angaben.traeger, angaben.beginn, angaben.ende
    if massnahme.naechster_start and not angaben.beginn <= massnahme.naechster_start <= angaben.ende:
        massnahme.naechster_start = None


def check_zulassung(massnahme: Massnahme, traeger: Traeger, von: date, bis: date) -> None:
    """Raise TransitionError unless the provider is certified for all of the term, where the instrument wants that (§ 176 SGB III)."""
    fachbereich = massnahme.instrument.fachbereich if massnahme.instrument else None
    if fachbereich is None:
        return
    if gap := first_day_without_zulassung(traeger, fachbereich, von, bis):
        raise TransitionError(
            f"{traeger} hat am {datum(gap)} keine Zulassung für den Fachbereich {fachbereich} ({Fachbereich(fachbereich).label}). "
            "Tragen Sie das Zertifikat beim Träger ein oder ändern Sie die Laufzeit."
        )


@action
def correct_vertrag(*, vertrag: Vertrag, version: int, angaben: Vertragsangaben, grund: str, by: User) -> Vertrag:
    """Correct what was written down wrongly, with the reason. Leitung; `version` is that of the measure; not after its settlement.

    The provider stays: another one is another contract. With a drawn option the end of the term stays as well.
    """
    require(by, "massnahmen.award_vergabe", vertrag.massnahme)
    current, massnahme = lock_vertrag(vertrag)
    check_version(massnahme, version)
    if massnahme.stand in {Massnahmestand.ABGERECHNET, Massnahmestand.AUSGEWERTET}:
        raise TransitionError(f"„{massnahme}“ ist abgerechnet. Der Vertrag bleibt, wie er ist.")
    if is_blank(grund):
        raise TransitionError("Der Grund fehlt. Schreiben Sie in einem Satz, was falsch eingetragen war.")
    if angaben.traeger != current.traeger:
        raise TransitionError(f"Der Vertrag besteht mit {current.traeger}. Ein anderer Träger braucht einen anderen Vertrag.")
    if current.ende_ohne_optionen and angaben.ende != current.ende:
        raise TransitionError("Eine Option ist gezogen. Das Ende lässt sich nicht mehr berichtigen.")
    check_term(angaben)
    check_zulassung(massnahme, angaben.traeger, angaben.beginn, angaben.ende)
    for name, value in vars(angaben).items():
        setattr(current, name, value)
    current.version += 1
    current.save()
    _follow(massnahme, angaben)
    massnahme.version += 1
    massnahme.save()
    note_step(massnahme, massnahme.stand, by=by, grund=f"Vertrag berichtigt. {grund.strip()}")
    return current


@action
def withdraw_kuendigung(*, vertrag: Vertrag, version: int, by: User) -> Vertrag:
    """Take a notice back whose day has not come; the contract goes on. Leitung; `version` is that of the measure."""
    require(by, "massnahmen.award_vergabe", vertrag.massnahme)
    current, massnahme = lock_vertrag(vertrag)
    check_version(massnahme, version)
    if current.gekuendigt_zum is None or massnahme.stand in VORBEI:
        raise TransitionError(f"Zu „{massnahme}“ gibt es keine Kündigung, die sich zurücknehmen lässt.")
    current.gekuendigt_zum = current.kuendigungsgrund = None
    current.version += 1
    current.save()
    massnahme.version += 1
    massnahme.save(update_fields=["version"])
    note_step(massnahme, massnahme.stand, by=by, grund="Kündigung zurückgenommen")
    return current


@action
def add_option(*, vertrag: Vertrag, angaben: Optionsangaben, by: User) -> Vertragsoption:
    """Note an option of a contract, each after the one before. Planung; not once the measure is over."""
    require(by, "massnahmen.run_massnahme", vertrag.massnahme)
    current, massnahme = lock_vertrag(vertrag)
    _check_going_on(massnahme, current)
    last = current.optionen.order_by("-nummer").first()
    before = last.ende if last else current.ende
    if angaben.ende <= before:
        raise TransitionError(f"Die Option beginnt, wenn die Laufzeit am {datum(before)} endet. Ihr Ende muss danach liegen.")
    if angaben.ziehbar_bis >= before:
        raise TransitionError(f"Eine Option wird gezogen, bevor die Laufzeit am {datum(before)} endet. Prüfen Sie den Tag.")
    return Vertragsoption.objects.create(vertrag=current, nummer=last.nummer + 1 if last else 1, **vars(angaben))


@action
def draw_option(*, option: Vertragsoption, version: int, by: User) -> Vertragsoption:
    """Use an option: contract and measure go on until its end. Leitung; in time, in order, the provider certified until then.

    `version` is that of the measure: a second click draws no second option.
    """
    require(by, "massnahmen.award_vergabe", option.vertrag.massnahme)
    vertrag, massnahme = lock_vertrag(option.vertrag)
    check_version(massnahme, version)
    current = lock(option)
    _check_going_on(massnahme, vertrag)
    if current.gezogen_am:
        raise TransitionError(f"Die {current} ist seit dem {datum(current.gezogen_am)} gezogen.")
    if vertrag.optionen.filter(nummer__lt=current.nummer, gezogen_am=None).exists():
        raise TransitionError("Optionen werden der Reihe nach gezogen. Eine frühere ist noch offen.")
    if clock.today() > current.ziehbar_bis:
        raise TransitionError(f"Die {current} war nur bis zum {datum(current.ziehbar_bis)} zu ziehen.")
    check_zulassung(massnahme, vertrag.traeger, vertrag.ende, current.ende)
    current.gezogen_am = clock.today()
    current.save(update_fields=["gezogen_am"])
    vertrag.ende_ohne_optionen = vertrag.ende_ohne_optionen or vertrag.ende
    vertrag.ende = massnahme.ende = current.ende
    for row in (vertrag, massnahme):
        row.version += 1
        row.save()
    return current


def lock_vertrag(vertrag: Vertrag) -> tuple[Vertrag, Massnahme]:
    """Contract and measure, locked; the measure first, as everywhere."""
    massnahme = lock(vertrag.massnahme)
    return lock(vertrag), massnahme


def _check_going_on(massnahme: Massnahme, vertrag: Vertrag) -> None:
    if massnahme.stand in VORBEI:
        raise TransitionError(f"„{massnahme}“ ist im Stand „{massnahme.get_stand_display()}“. Es gibt nichts mehr zu verlängern.")
    if vertrag.gekuendigt_zum:
        raise TransitionError(f"Der Vertrag ist zum {datum(vertrag.gekuendigt_zum)} gekündigt.")
