"""Chapters: their text, who is in charge of them, how far they are."""

from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.richtext import sanitise
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from massnahmen.actions.stand import lock_draft
from massnahmen.enums import Kapitelstand
from massnahmen.models import Kapitel


@action
def update_kapitel(
    *, kapitel: Kapitel, version: int, text: str, stand: Kapitelstand, verantwortlich: User | None, grund: str = "", by: User
) -> Kapitel:
    """Save a chapter on top of the version that the writer saw. Planung; drafts only; VersionConflict. `text` is HTML.

    A chapter without text cannot be finished. `grund` stands in the history.
    """
    require(by, "massnahmen.change_kapitel", kapitel)
    lock_draft(kapitel.programm)
    current = lock(kapitel)
    check_version(current, version)
    current.text = sanitise(text)
    if not current.text and stand == Kapitelstand.FERTIG:
        raise TransitionError(f"Das Kapitel „{kapitel}“ hat noch keinen Text. Schreiben Sie ihn, bevor Sie es als fertig melden.")
    current.stand = stand
    current.verantwortlich = verantwortlich
    current.version += 1
    current.save(update_fields=["text", "stand", "verantwortlich", "version"])
    return current
