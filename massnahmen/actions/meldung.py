"""Monthly reports and the Verbleib: written, corrected, taken back. Each takes its measure's lock, so that the sums hold."""

from datetime import date

from jobcenter.common.actions import check_version, lock, quiet_action, require
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from massnahmen.models import Massnahme, Monatsmeldung, Verbleib
from massnahmen.queries.meldungen import (
    Meldungsangaben,
    Meldungsstand,
    Problem,
    as_fields,
    check_meldung,
    check_offen_fuer_verbleib,
    check_removal,
    check_verbleib,
    read_meldungsstaende,
)


class MeldungAbgelehnt(TransitionError):
    """What was reported cannot be true. `probleme` are its reasons, each with the field it stands at."""

    def __init__(self, probleme: list[Problem]) -> None:
        super().__init__(" ".join(sentence for _, sentence in probleme))
        self.probleme = probleme


@quiet_action
def record_meldung(*, massnahme: Massnahme, angaben: Meldungsangaben, by: User) -> Monatsmeldung:
    """Report a month, once. Controlling; MeldungAbgelehnt with every reason. Its Platztage are kept as they are now."""
    require(by, "massnahmen.write_meldung", massnahme)
    stand = _lock_stand(massnahme)
    _refuse(check_meldung(stand, angaben, neu=True))
    platztage = stand.rahmen.count_platztage(angaben.monat) or 0
    return Monatsmeldung.objects.create(massnahme=massnahme, platztage=platztage, gemeldet_von=by, **as_fields(angaben))


@quiet_action
def update_meldung(*, meldung: Monatsmeldung, version: int, angaben: Meldungsangaben, by: User) -> Monatsmeldung:
    """Correct a month on top of the version that the writer saw; the month itself stays. Controlling; VersionConflict, MeldungAbgelehnt.

    Its Platztage are counted anew: a contract may have changed since.
    """
    require(by, "massnahmen.write_meldung", meldung)
    stand = _lock_stand(meldung.massnahme)
    current = lock(meldung)
    check_version(current, version)
    if angaben.monat != current.monat:
        raise TransitionError("Der Monat einer Meldung bleibt. Nehmen Sie die Meldung zurück und melden Sie den anderen Monat.")
    _refuse(check_meldung(stand, angaben, neu=False))
    for name, value in as_fields(angaben).items():
        setattr(current, name, value)
    current.platztage = stand.rahmen.count_platztage(angaben.monat) or 0
    current.version += 1
    current.save()
    return current


@quiet_action
def remove_meldung(*, meldung: Monatsmeldung, by: User) -> None:
    """Take a report back as if it had never been made; the history of rows keeps it. Controlling; MeldungAbgelehnt."""
    require(by, "massnahmen.write_meldung", meldung)
    stand = _lock_stand(meldung.massnahme)
    current = lock(meldung)
    _refuse(check_removal(stand, current.monat))
    current.delete()


@quiet_action
def record_verbleib(*, massnahme: Massnahme, monat: date, austritte: int, beschaeftigt: int, nicht_arbeitslos: int, by: User) -> Verbleib:
    """What became of those who left in a month, once and not before it is ripe. Controlling; MeldungAbgelehnt."""
    require(by, "massnahmen.write_meldung", massnahme)
    stand = _lock_stand(massnahme)
    if monat in stand.verbleibe:
        _refuse([("monat", "Der Verbleib dieses Monats ist schon gemeldet. Korrigieren Sie die vorhandene Meldung.")])
    _refuse(check_verbleib(stand, monat, (austritte, beschaeftigt, nicht_arbeitslos)))
    return Verbleib.objects.create(
        massnahme=massnahme, monat=monat, austritte=austritte, beschaeftigt=beschaeftigt, nicht_arbeitslos=nicht_arbeitslos
    )


@quiet_action
def update_verbleib(*, verbleib: Verbleib, version: int, austritte: int, beschaeftigt: int, nicht_arbeitslos: int, by: User) -> Verbleib:
    """Correct a Verbleib on top of the version that the writer saw. Controlling; VersionConflict, MeldungAbgelehnt."""
    require(by, "massnahmen.write_meldung", verbleib)
    stand = _lock_stand(verbleib.massnahme)
    current = lock(verbleib)
    check_version(current, version)
    _refuse(check_verbleib(stand, current.monat, (austritte, beschaeftigt, nicht_arbeitslos)))
    current.austritte, current.beschaeftigt, current.nicht_arbeitslos = austritte, beschaeftigt, nicht_arbeitslos
    current.version += 1
    current.save()
    return current


@quiet_action
def remove_verbleib(*, verbleib: Verbleib, by: User) -> None:
    """Take a Verbleib back, so that the exits of its month can be corrected. Controlling."""
    require(by, "massnahmen.write_meldung", verbleib)
    stand = _lock_stand(verbleib.massnahme)
    current = lock(verbleib)
    _refuse(check_offen_fuer_verbleib(stand))
    current.delete()


def _lock_stand(massnahme: Massnahme) -> Meldungsstand:
    """What the measure has reported, which nobody else changes until the end of the transaction."""
    lock(massnahme)
    return read_meldungsstaende([massnahme.pk])[massnahme.pk]


def _refuse(probleme: list[Problem]) -> None:
    if probleme:
        raise MeldungAbgelehnt(probleme)
