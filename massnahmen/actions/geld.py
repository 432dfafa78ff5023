"""The money of a year: what is allotted, how it is planned by line, moved between the titles, and paid. Controlling.

Every action locks the year's Budget first, so that two who change it take turns.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum

from jobcenter.common import clock
from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import MONATE, NBSP, euro
from jobcenter.konten.models import User
from massnahmen.enums import Umschichtungsrichtung
from massnahmen.models import Ausgabe, Budget, Instrument, Teilbudget, Umschichtung

STEP = 10  # between the places of two lines


@dataclass(frozen=True)
class Budgetangaben:
    """What the Bund allots and what administration costs, in cents; 100 % is no Überplanung."""

    zuteilung_egt_cent: int
    zuteilung_vwk_cent: int = 0
    ist_schaetzung: bool = False
    quelle: str = ""
    ueberplanung_prozent: Decimal = Decimal(100)
    personal_cent: int = 0
    sach_cent: int = 0
    gemein_cent: int = 0


@dataclass(frozen=True)
class Teilbudgetangaben:
    name: str
    plan_cent: int
    vorbindung_cent: int = 0
    instrument: Instrument | None = None
    bemerkung: str = ""


@action
def create_budget(*, jahr: int, angaben: Budgetangaben, by: User, zeilen_vom_vorjahr: bool = False) -> Budget:
    """Begin a year's budget, if wanted with the lines and plans of the year before. Controlling.

    Not copied is what was bound or paid then, and the line of an instrument that has ended since.
    """
    require(by, "massnahmen.change_budget")
    try:
        with transaction.atomic():
            budget = Budget.objects.create(jahr=jahr, **asdict(angaben))
    except IntegrityError:
        raise TransitionError(f"Für {jahr} gibt es schon ein Budget.") from None
    if zeilen_vom_vorjahr:
        for row in Teilbudget.objects.filter(budget__jahr=jahr - 1).exclude(instrument__gueltig_bis__lt=date(jahr, 1, 1)):
            kept = {name: getattr(row, name) for name in ("name", "instrument", "reihenfolge", "plan_cent", "bemerkung")}
            Teilbudget.objects.create(budget=budget, **kept)
    return budget


@action
def update_budget(*, budget: Budget, version: int, angaben: Budgetangaben, by: User) -> Budget:
    """Change what is allotted; never below what was moved out of the title. Controlling; VersionConflict."""
    require(by, "massnahmen.change_budget", budget)
    current = lock(budget)
    check_version(current, version)
    for name, value in asdict(angaben).items():
        setattr(current, name, value)
    _check_covered(current)
    current.version += 1
    current.save()
    return current


@action
def add_teilbudget(*, budget: Budget, angaben: Teilbudgetangaben, by: User) -> Teilbudget:
    """Plan a line of the finance plan; more than is there may be planned until the programme goes to the Beirat. Controlling."""
    require(by, "massnahmen.change_budget", budget)
    current = lock(budget)
    last = current.teilbudgets.aggregate(last=Max("reihenfolge"))["last"] or 0
    return _save_line(Teilbudget(budget=current, reihenfolge=last + STEP, version=0), angaben)


@action
def update_teilbudget(*, teilbudget: Teilbudget, version: int, angaben: Teilbudgetangaben, by: User) -> Teilbudget:
    """Change a line on top of the version that the writer saw. Controlling; VersionConflict."""
    require(by, "massnahmen.change_budget", teilbudget)
    current = _lock_line(teilbudget)
    check_version(current, version)
    return _save_line(current, angaben)


@action
def remove_teilbudget(*, teilbudget: Teilbudget, by: User) -> None:
    """Take a line out of the plan; one that money was paid from stays. Controlling."""
    require(by, "massnahmen.change_budget", teilbudget)
    current = _lock_line(teilbudget)
    if current.ausgaben.exists():
        raise TransitionError(
            f"Aus „{current.name}“ ist schon Geld ausgegeben. Das Teilbudget bleibt, damit die Ausgaben stimmen. Setzen Sie den Plan auf 0."
        )
    current.delete()


@action
def add_umschichtung(*, budget: Budget, richtung: Umschichtungsrichtung, betrag_cent: int, am: date, grund: str, by: User) -> Umschichtung:
    """Move money between the titles, which cover each other; never more than a title holds. Controlling."""
    require(by, "massnahmen.change_budget", budget)
    current = lock(budget)
    before = read_titel(current)
    spent = Ausgabe.objects.filter(teilbudget__budget=current).aggregate(cent=Sum("betrag_cent"))["cent"] or 0
    if richtung == Umschichtungsrichtung.ZU_VWK and 0 <= before[0] - betrag_cent < spent:
        raise TransitionError(
            f"Im Eingliederungstitel sind {euro(before[0])}, davon sind {euro(spent)} schon ausgegeben. "
            f"Umschichten lassen sich höchstens {euro(max(before[0] - spent, 0))}."
        )
    moved = Umschichtung.objects.create(budget=current, richtung=richtung, betrag_cent=betrag_cent, am=am, grund=grund, durch=by)
    _check_covered(current, before)
    return moved


@action
def withdraw_umschichtung(*, umschichtung: Umschichtung, by: User) -> None:
    """Take a move back, unless a later one lives on it. Controlling."""
    require(by, "massnahmen.change_budget", umschichtung)
    budget = lock(umschichtung.budget)
    current = lock(umschichtung)
    before = read_titel(budget)
    current.delete()
    _check_covered(budget, before)


@action
def record_ausgaben(*, teilbudget: Teilbudget, version: int, betraege_cent: Mapping[int, int | None], by: User) -> Teilbudget:
    """Set what was paid out of a line in each month of the year; None: nothing is known.

    Controlling; VersionConflict.
    """
    require(by, "massnahmen.change_budget", teilbudget)
    current = _lock_line(teilbudget)
    check_version(current, version)
    today = clock.today()
    for monat, cent in betraege_cent.items():
        if cent is not None and (current.budget.jahr, monat) > (today.year, today.month):
            raise TransitionError(f"Der {MONATE[monat - 1]}{NBSP}{current.budget.jahr} liegt noch vor uns. Ausgaben gibt es erst danach.")
        if cent is None:
            current.ausgaben.filter(monat=monat).delete()
            continue
        row = current.ausgaben.filter(monat=monat).first() or Ausgabe(teilbudget=current, monat=monat, version=0)
        if row.pk is None or row.betrag_cent != cent:
            row.betrag_cent, row.version = cent, row.version + 1
            row.save()
    current.version += 1
    current.save(update_fields=["version"])
    return current


def read_titel(budget: Budget) -> tuple[int, int]:
    """What both titles hold after every Umschichtung, in cents: Eingliederungstitel, Verwaltungskosten. One query."""
    moved = 0
    for richtung, cent in budget.umschichtungen.values_list("richtung", "betrag_cent"):
        moved += cent if richtung == Umschichtungsrichtung.ZU_VWK else -cent
    return budget.zuteilung_egt_cent - moved, budget.zuteilung_vwk_cent + moved


def _check_covered(budget: Budget, before: tuple[int, int] | None = None) -> None:
    """TransitionError with the figures where a title of the locked budget would hold less than nothing."""
    after = read_titel(budget)
    for title, held, left in zip(("Im Eingliederungstitel", "In den Verwaltungskosten"), before or (None, None), after, strict=True):
        if left >= 0:
            continue
        if held is None:
            raise TransitionError(
                f"{title} fehlen dann {euro(-left)}: So viel mehr ist schon umgeschichtet. Nehmen Sie zuerst eine Umschichtung zurück."
            )
        raise TransitionError(
            f"{title} stehen noch {euro(held)} zur Verfügung, weggehen sollen {euro(held - left)}. Es fehlen {euro(-left)}."
        )


def _lock_line(teilbudget: Teilbudget) -> Teilbudget:
    """The budget first, as everywhere, then the line."""
    budget = lock(teilbudget.budget)
    current = lock(teilbudget)
    current.budget = budget
    return current


def _save_line(row: Teilbudget, angaben: Teilbudgetangaben) -> Teilbudget:
    row.name, row.plan_cent, row.vorbindung_cent = angaben.name, angaben.plan_cent, angaben.vorbindung_cent
    row.instrument, row.bemerkung = angaben.instrument, angaben.bemerkung
    row.version += 1
    others = Teilbudget.objects.filter(budget=row.budget).exclude(pk=row.pk)
    if others.filter(name=row.name).exists():
        raise TransitionError(f"„{row.name}“ steht für {row.budget.jahr} schon im Plan. Geben Sie dem Teilbudget einen anderen Namen.")
    if row.instrument and (other := others.filter(instrument=row.instrument).first()):
        raise TransitionError(
            f"Das Instrument gehört {row.budget.jahr} schon zu „{other.name}“. Jedes Instrument hat höchstens ein Teilbudget."
        )
    row.save()
    return row
