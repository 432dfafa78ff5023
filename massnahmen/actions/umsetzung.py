"""How every step of a measure's way is taken and noted, whoever takes it."""

from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from massnahmen.enums import MASSNAHME_TRANSITIONS, Massnahmestand, Vergabestand, Weg
from massnahmen.models import Massnahme, Massnahmenschritt, Traeger
from massnahmen.queries.umsetzung import is_conducted, is_settled_by_stand

# Where a measure stands whose award is not conducted here, told by what a programme says of it.
STATED = {
    Vergabestand.OHNE: (Weg.EIGEN, Massnahmestand.BEDARF, Vergabestand.OHNE),
    Vergabestand.OFFEN: (Weg.VERGABE, Massnahmestand.BEDARF, Vergabestand.OFFEN),
    Vergabestand.LAEUFT: (Weg.VERGABE, Massnahmestand.VORBEREITET, Vergabestand.LAEUFT),
    Vergabestand.VERGEBEN: (Weg.VERGABE, Massnahmestand.ZUSCHLAG, Vergabestand.VERGEBEN),
}
_SO_FAR = {Massnahmestand.BEDARF: Vergabestand.OFFEN} | dict.fromkeys(
    (Massnahmestand.VORBEREITET, Massnahmestand.AUSGESCHRIEBEN), Vergabestand.LAEUFT
)


def state_vergabestand(massnahme: Massnahme, vergabestand: Vergabestand, traeger: Traeger | None, by: User) -> None:
    """Take over what a programme says about the award of a locked measure; whoever calls saves it.

    TransitionError where the award or the contract is kept here and says something else, or where the way has led further.
    """
    changed = massnahme.vergabestand != vergabestand
    other = massnahme.traeger_id != (traeger and traeger.pk)
    asked_for = massnahme.stand == Massnahmestand.BEANTRAGT  # by this provider and no other
    if ((changed or other) and is_conducted(massnahme)) or (other and asked_for) or (changed and is_settled_by_stand(massnahme)):
        raise TransitionError(
            f"Vergabe und Träger von „{massnahme}“ folgen aus ihrer Umsetzung („{massnahme.get_stand_display()}“). Ändern Sie sie dort."
        )
    if changed:
        before = massnahme.stand
        massnahme.weg, massnahme.stand, massnahme.vergabestand = STATED[vergabestand]
        note_step(massnahme, before, by=by, grund="So im Programm angegeben")


def take_step(massnahme: Massnahme, nach: Massnahmestand, *, by: User, grund: str = "") -> Massnahme:
    """Take a locked measure to its next state, save it whole and note the step. TransitionError where its way does not lead there."""
    check_transition(MASSNAHME_TRANSITIONS[Weg(massnahme.weg)], massnahme.stand, nach, noun=f"Die Maßnahme „{massnahme}“")
    before, massnahme.stand = massnahme.stand, nach
    massnahme.vergabestand = Vergabestand.OHNE if massnahme.weg != Weg.VERGABE else _SO_FAR.get(nach, Vergabestand.VERGEBEN)
    massnahme.version += 1
    massnahme.save()
    note_step(massnahme, before, by=by, grund=grund)
    return massnahme


def note_step(massnahme: Massnahme, von: str, *, by: User, grund: str = "") -> None:
    Massnahmenschritt.objects.create(massnahme=massnahme, von=von, nach=massnahme.stand, durch=by, grund=grund)
