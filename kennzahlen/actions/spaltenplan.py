"""How the columns of a file are read, kept for the next delivery."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from jobcenter.common.actions import check_version, lock, quiet_action, require
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from kennzahlen.models import Spaltenplan


@quiet_action
def keep_spaltenplan(
    *,
    name: str,
    blatt: str = "",
    kopfzeile: int = 1,
    spalten: Mapping[str, str],
    fest: Mapping[str, str],
    spaltenplan: Spaltenplan | None = None,
    version: int = 0,
    by: User,
) -> Spaltenplan:
    """Create a plan, or change one on top of the version that the writer saw. Controlling; VersionConflict.

    Deliveries that are checked already stay as they are; one that waits is read with the plan as it then is.
    """
    require(by, "kennzahlen.keep_spaltenplan")
    if spaltenplan is None:
        current = Spaltenplan()
    else:
        current = lock(spaltenplan)
        check_version(current, version)
        current.version += 1
    current.name, current.blatt, current.kopfzeile = name, blatt, kopfzeile
    current.spalten, current.fest = dict(spalten), dict(fest)
    try:
        with transaction.atomic():
            current.save()
    except IntegrityError:
        raise TransitionError(f"Einen Spaltenplan „{name}“ gibt es schon. Wählen Sie einen anderen Namen.") from None
    return current
