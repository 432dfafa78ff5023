"""Projects of the region over several years, and who gives money for them. Planung."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange

from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from massnahmen.enums import Finanzquelle
from massnahmen.models import Projektmittel, Regionalprojekt


@dataclass(frozen=True)
class Projektangaben:
    name: str
    beginn: date
    ende: date
    beschreibung: str = ""
    erreichte: int | None = None
    quelle: str = ""


@dataclass(frozen=True)
class Mittelangaben:
    """One source's money in the years `von` to `bis`, both counted; `ist_ungefaehr` where only „knapp“ or „rund“ is known."""

    quelle: Finanzquelle
    von: int
    bis: int
    betrag_cent: int
    ist_ungefaehr: bool = False


@action
def create_regionalprojekt(*, angaben: Projektangaben, by: User) -> Regionalprojekt:
    """Enter a project of the region. Planung."""
    require(by, "massnahmen.change_regionalprojekt")
    return _save(Regionalprojekt(version=0), angaben)


@action
def update_regionalprojekt(*, projekt: Regionalprojekt, version: int, angaben: Projektangaben, by: User) -> Regionalprojekt:
    """Change a project on top of the version that the writer saw; its money stays within its years. Planung; VersionConflict."""
    require(by, "massnahmen.change_regionalprojekt", projekt)
    current = lock(projekt)
    check_version(current, version)
    for mittel in current.mittel.all():
        if mittel.jahre.lower < angaben.beginn.year or mittel.jahre.upper - 1 > angaben.ende.year:
            raise TransitionError(
                f"Mittel der Quelle „{mittel.get_quelle_display()}“ liegen dann außerhalb der Laufzeit. Entfernen Sie sie zuerst."
            )
    return _save(current, angaben)


@action
def add_projektmittel(*, projekt: Regionalprojekt, angaben: Mittelangaben, by: User) -> Projektmittel:
    """Add one source's money for one or several years of the project; no year of a source twice. Planung."""
    require(by, "massnahmen.change_regionalprojekt", projekt)
    current = lock(projekt)
    if angaben.von < current.beginn.year or angaben.bis > current.ende.year:
        raise TransitionError(f"Das Projekt läuft von {current.beginn.year} bis {current.ende.year}. Wählen Sie Jahre aus dieser Zeit.")
    jahre = NumericRange(angaben.von, angaben.bis + 1)
    if current.mittel.filter(quelle=angaben.quelle, jahre__overlap=jahre).exists():
        raise TransitionError(
            f"Für „{angaben.quelle.label}“ steht in diesen Jahren schon ein Betrag. Entfernen Sie ihn, oder wählen Sie andere Jahre."
        )
    return Projektmittel.objects.create(
        projekt=current, quelle=angaben.quelle, jahre=jahre, betrag_cent=angaben.betrag_cent, ist_ungefaehr=angaben.ist_ungefaehr
    )


@action
def remove_projektmittel(*, mittel: Projektmittel, by: User) -> None:
    """Take one source's money out of a project. Planung."""
    require(by, "massnahmen.change_regionalprojekt", mittel)
    lock(mittel.projekt)
    lock(mittel).delete()


def _save(row: Regionalprojekt, angaben: Projektangaben) -> Regionalprojekt:
    for name, value in asdict(angaben).items():
        setattr(row, name, value)
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise TransitionError(f"Ein Regionalprojekt „{angaben.name}“ gibt es schon.") from None
    return row
