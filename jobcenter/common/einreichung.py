"""A form that creates something creates it once, however often it is sent: a double click, the back button, a lost answer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from jobcenter.common.models import Einreichung

FELD = "einmal"  # name of the hidden field with the form's key


@dataclass(frozen=True)
class Anspruch:
    """A form's claim to be the first of its key; `ziel` is where the first one led."""

    schluessel: UUID
    is_first: bool
    ziel: str = ""


def new_key() -> str:
    return str(uuid4())


def claim(konto: Any, seite: str, given: str) -> Anspruch | None:
    """Take the key of a form; inside a transaction. A second one at the same time waits here until the first has ended.

    None without a key: whoever sends a form by hand is answered as before. A key counts for one person and page only.
    """
    schluessel = _own_key(konto, seite, given)
    if schluessel is None:
        return None
    Einreichung.objects.bulk_create([Einreichung(schluessel=schluessel, konto=konto)], ignore_conflicts=True)
    row = Einreichung.objects.select_for_update().get(pk=schluessel)
    return Anspruch(schluessel, is_first=not row.ziel, ziel=row.ziel)


def is_used(konto: Any, seite: str, given: str) -> bool:
    schluessel = _own_key(konto, seite, given)
    return schluessel is not None and Einreichung.objects.filter(pk=schluessel).exclude(ziel="").exists()


def fulfil(anspruch: Anspruch, ziel: str) -> None:
    """It has created something, to be seen at `ziel`."""
    Einreichung.objects.filter(pk=anspruch.schluessel).update(ziel=ziel)


def release(anspruch: Anspruch) -> None:
    """It has created nothing; the same form may be sent again."""
    Einreichung.objects.filter(pk=anspruch.schluessel).delete()


def _own_key(konto: Any, seite: str, given: str) -> UUID | None:
    try:
        return uuid5(UUID(given), f"{konto.pk} {seite}")
    except ValueError:
        return None
