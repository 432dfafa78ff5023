"""What every action of the room asks of a programme, and how its state moves on."""

from jobcenter.common.actions import lock
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from massnahmen.enums import PROGRAMM_TRANSITIONS, Programmstatus
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Massnahme, Programmschritt


def check_draft(programm: Arbeitsmarktprogramm) -> None:
    """Raise TransitionError unless the programme is a draft."""
    if not programm.ist_entwurf:
        raise TransitionError(f"Das {programm} ist im Stand „{programm.get_status_display()}“ und kann jetzt nicht geändert werden.")


def check_never_shown(programm: Arbeitsmarktprogramm) -> None:
    """Raise TransitionError unless it is a draft of which nobody outside of its writers ever got a Fassung."""
    check_draft(programm)
    if programm.fassungen.exists():
        raise TransitionError(f"Zum {programm} gibt es schon eine Fassung, die andere gelesen haben. Deshalb bleibt es.")


def lock_draft(programm: Arbeitsmarktprogramm) -> Arbeitsmarktprogramm:
    """The programme, locked until the end of the transaction; TransitionError unless it can be written on."""
    current = lock(programm)
    check_draft(current)
    return current


def lock_massnahmen(programm: Arbeitsmarktprogramm) -> None:
    """Nobody changes a measure through another year's draft between the check of a programme and its freezing."""
    list(Massnahme.objects.select_for_update(of=("self",)).filter(positionen__programm=programm).order_by("pk").values_list("pk"))


def lock_newest(fassung: Fassung) -> Arbeitsmarktprogramm:
    """The programme of its newest Fassung, locked; TransitionError for an older one."""
    current = lock(fassung.programm)
    if current.fassungen.filter(nummer__gt=fassung.nummer).exists():
        raise TransitionError(f"Zu {fassung} gibt es schon eine neuere Fassung. Nur die neueste zählt.")
    return current


def move(
    programm: Arbeitsmarktprogramm, nach: Programmstatus, *, by: User, fassung: Fassung | None = None, grund: str = ""
) -> Arbeitsmarktprogramm:
    """Take a locked programme to its next state and note the step: who, when, why, and about which frozen text."""
    check_transition(PROGRAMM_TRANSITIONS, programm.status, nach, noun=f"Das {programm}")
    note_step(programm, programm.status, nach, by=by, fassung=fassung, grund=grund)
    programm.status = nach
    programm.version += 1
    programm.save(update_fields=["status", "version"])
    return programm


def note_step(
    programm: Arbeitsmarktprogramm, von: str, nach: Programmstatus, *, by: User, fassung: Fassung | None = None, grund: str = ""
) -> None:
    Programmschritt.objects.create(
        programm=programm, von=von, nach=nach, durch=by, grund=grund, fassung=fassung, pruefsumme=fassung.pruefsumme if fassung else ""
    )


def find_draft_status(programm: Arbeitsmarktprogramm) -> Programmstatus:
    """As what it is written on: as a Fortschreibung once a Fassung of it is public."""
    return Programmstatus.FORTSCHREIBUNG if programm.fassungen.veroeffentlicht().exists() else Programmstatus.ENTWURF
