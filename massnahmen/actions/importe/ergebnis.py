"""What the check of a file hands on, and what became of its lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from jobcenter.common.transitions import TransitionError

Importwerte = tuple[int, dict[str, Any]]  # number of the line, and its values as JSON can keep them
MOST_NAMED = 5
CHECK_AGAIN = "Prüfen Sie die Datei neu."


@dataclass(frozen=True)
class Importergebnis:
    """What the worker found out. With faults the file cannot be taken over."""

    fehler: Sequence[dict[str, str]] = ()
    fehlerzahl: int = 0
    hinweise: Sequence[dict[str, str]] = ()
    vorschau: dict[str, Any] = field(default_factory=dict)
    zeilenliste: Sequence[Importwerte] = ()


class Zeile(NamedTuple):
    """A stored line, light enough for ten thousand of them."""

    nummer: int
    werte: dict[str, Any]
    objekt_id: int | None
    objekt_version: int | None
    vorher: dict[str, Any] | None


@dataclass(frozen=True)
class Geworden:
    """What a line became, with the version that the import left behind; `vorher` is what was there before, None for what is new."""

    nummer: int
    objekt_id: int
    version: int
    vorher: dict[str, Any] | None = None


def massnahme_key(titel: str, beginn: date | str | None) -> tuple[str, str]:
    """Two measures with the same title and begin are the same one."""
    return " ".join(titel.split()).casefold(), beginn if isinstance(beginn, str) else beginn.isoformat() if beginn else ""


def refuse_changed(what: str) -> TransitionError:
    """Between check and take-over somebody was faster."""
    return TransitionError(f"Seit der Prüfung wurde {what} geändert. {CHECK_AGAIN}")


def refuse_undo(in_the_way: Sequence[str]) -> None:
    """Raise TransitionError with the first things that build on an import, if any."""
    if in_the_way:
        more = f" und {len(in_the_way) - MOST_NAMED} weitere" if len(in_the_way) > MOST_NAMED else ""
        raise TransitionError(
            f"Der Import lässt sich nicht mehr zurücknehmen. Darauf baut schon etwas auf: {'; '.join(in_the_way[:MOST_NAMED])}{more}."
        )
