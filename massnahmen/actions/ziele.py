"""The programme's goals in words, each tied to the Zielwert that measures it, and the plan for training of earlier years."""

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max

from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from kennzahlen.models import Zielwert
from massnahmen.actions.stand import lock_draft
from massnahmen.enums import BILDUNGSZIELE_BIS, Abschlussart
from massnahmen.models import Arbeitsmarktprogramm, Bildungsziel, Handlungsfeld, Programmziel


@dataclass(frozen=True)
class Zielangaben:
    text: str
    handlungsfeld: Handlungsfeld | None
    zielwert: Zielwert | None


@action
def add_ziel(*, programm: Arbeitsmarktprogramm, angaben: Zielangaben, by: User) -> Programmziel:
    """Set a goal for the year. Planung; drafts only."""
    require(by, "massnahmen.change_ziel", programm)
    current = lock_draft(programm)
    _check_year(current, angaben)
    last = current.ziele.aggregate(last=Max("nummer"))["last"] or 0
    return Programmziel.objects.create(
        programm=current, nummer=last + 1, text=angaben.text, handlungsfeld=angaben.handlungsfeld, zielwert=angaben.zielwert
    )


@action
def update_ziel(*, ziel: Programmziel, version: int, angaben: Zielangaben, by: User) -> Programmziel:
    """Change a goal on top of the version that the writer saw. Planung; drafts only; VersionConflict."""
    require(by, "massnahmen.change_ziel", ziel)
    programm = lock_draft(ziel.programm)
    current = lock(ziel)
    check_version(current, version)
    _check_year(programm, angaben)
    current.text, current.handlungsfeld, current.zielwert = angaben.text, angaben.handlungsfeld, angaben.zielwert
    current.version += 1
    current.save()
    return current


@action
def remove_ziel(*, ziel: Programmziel, by: User) -> None:
    """Take a goal out of a draft; the others keep their numbers. Planung; drafts only."""
    require(by, "massnahmen.change_ziel", ziel)
    lock_draft(ziel.programm)
    if not Programmziel.objects.filter(pk=ziel.pk).exists():
        raise TransitionError(f"{ziel} steht nicht mehr im {ziel.programm}.")
    lock(ziel).delete()


def _check_year(programm: Arbeitsmarktprogramm, angaben: Zielangaben) -> None:
    if angaben.zielwert and angaben.zielwert.jahr != programm.jahr:
        raise TransitionError(f"Dieser Zielwert gilt für {angaben.zielwert.jahr}. Wählen Sie einen für {programm.jahr}.")


@dataclass(frozen=True)
class Bildungszielangaben:
    """Vouchers by quarter, money in cents."""

    berufsfeld: str
    bildungsziel: str
    abschlussart: Abschlussart
    gutscheine_q1: int = 0
    gutscheine_q2: int = 0
    gutscheine_q3: int = 0
    gutscheine_q4: int = 0
    dauer_monate: int | None = None
    budget_cent: int = 0
    hinweis: str = ""


@action
def add_bildungsziel(*, programm: Arbeitsmarktprogramm, angaben: Bildungszielangaben, by: User) -> Bildungsziel:
    """Plan vouchers for one kind of training. Planung; drafts of years until 2024 only (§ 22 Abs. 4 SGB III)."""
    require(by, "massnahmen.change_ziel", programm)
    current = lock_draft(programm)
    if current.jahr > BILDUNGSZIELE_BIS:
        raise TransitionError(
            f"Seit {BILDUNGSZIELE_BIS + 1} plant die Agentur für Arbeit die Bildungsziele. In diesem Programm gibt es keine."
        )
    return _save(Bildungsziel(programm=current, version=0), angaben)


@action
def update_bildungsziel(*, bildungsziel: Bildungsziel, version: int, angaben: Bildungszielangaben, by: User) -> Bildungsziel:
    """Change a line of the plan on top of the version that the writer saw. Planung; drafts only; VersionConflict."""
    require(by, "massnahmen.change_ziel", bildungsziel)
    lock_draft(bildungsziel.programm)
    current = lock(bildungsziel)
    check_version(current, version)
    return _save(current, angaben)


@action
def remove_bildungsziel(*, bildungsziel: Bildungsziel, by: User) -> None:
    """Take a line out of the plan. Planung; drafts only."""
    require(by, "massnahmen.change_ziel", bildungsziel)
    lock_draft(bildungsziel.programm)
    if not Bildungsziel.objects.filter(pk=bildungsziel.pk).exists():
        raise TransitionError(f"„{bildungsziel}“ steht nicht mehr im {bildungsziel.programm}.")
    lock(bildungsziel).delete()


def _save(row: Bildungsziel, angaben: Bildungszielangaben) -> Bildungsziel:
    for name, value in asdict(angaben).items():
        setattr(row, name, value)
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise TransitionError(f"„{angaben.bildungsziel}“ steht mit dieser Art schon im Plan.") from None
    return row
