"""What was agreed for a year (§ 48b SGB II), and the warning when it will be missed."""

from datetime import date
from decimal import Decimal

from django.conf import settings

from jobcenter.common import clock
from jobcenter.common.actions import action, check_version, lock, quiet_action, require
from jobcenter.common.events import publish
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from kennzahlen.enums import Geschlecht, Richtung, Zielart, Zielrichtung, Zielstand
from kennzahlen.models import Jobcenter, Kennzahl, Zielwarnung, Zielwert
from kennzahlen.queries.formeln import gerundet
from kennzahlen.queries.ziele import read_ziele

STORED_PLACES = 4  # of a forecast


@action
def set_zielwert(
    *,
    jobcenter: Jobcenter,
    kennzahl: Kennzahl,
    jahr: int,
    wert: Decimal,
    art: Zielart = Zielart.WERT,
    richtung: Zielrichtung | None = None,
    toleranz: Decimal = Decimal(0),
    geschlecht: Geschlecht = Geschlecht.INSGESAMT,
    nur_beobachtung: bool = False,
    by: User,
) -> Zielwert:
    """Write down what was agreed with the Land for a year, or correct it whatever it said before. Controlling.

    `wert` and `toleranz` are in the unit of the Kennzahl (per cent, cents, a count), or counts with `art=Zielart.ANZAHL`.
    Without `richtung` the Kennzahl decides: at most where lower is better.
    """
    require(by, "kennzahlen.set_zielwert", jobcenter)
    _check_angaben(kennzahl, art, toleranz)
    if richtung is None:
        richtung = Zielrichtung.HOECHSTENS if kennzahl.richtung == Richtung.NIEDRIGER else Zielrichtung.MINDESTENS
    agreed = {"wert": wert, "richtung": richtung, "toleranz": toleranz, "nur_beobachtung": nur_beobachtung}
    key = {"jobcenter": jobcenter, "kennzahl": kennzahl, "jahr": jahr, "geschlecht": geschlecht, "art": art}
    zielwert, created = Zielwert.objects.select_for_update(of=("self",)).get_or_create(**key, defaults=agreed)
    if not created:
        _write(zielwert, agreed)
    return zielwert


@action
def update_zielwert(
    *,
    zielwert: Zielwert,
    version: int,
    wert: Decimal,
    richtung: Zielrichtung,
    toleranz: Decimal,
    nur_beobachtung: bool,
    by: User,
) -> Zielwert:
    """Change what was agreed. Controlling; VersionConflict when somebody saved since `version` was read."""
    require(by, "kennzahlen.set_zielwert", zielwert.jobcenter)
    current = lock(zielwert)
    check_version(current, version)
    _check_angaben(current.kennzahl, Zielart(current.art), toleranz)
    _write(current, {"wert": wert, "richtung": richtung, "toleranz": toleranz, "nur_beobachtung": nur_beobachtung})
    return current


def _check_angaben(kennzahl: Kennzahl, art: Zielart, toleranz: Decimal) -> None:
    if toleranz < 0:
        raise TransitionError("Die Toleranz kann nicht kleiner als 0 sein.")
    if art is Zielart.ANZAHL and kennzahl.einheit in {"cent", "anzahl"}:
        raise TransitionError(f"„{kennzahl}“ wird selbst gezählt. Wählen Sie als Art des Ziels den Wert der Kennzahl.")


def _write(zielwert: Zielwert, agreed: dict[str, object]) -> None:
    if all(getattr(zielwert, name) == value for name, value in agreed.items()):
        return
    for name, value in agreed.items():
        setattr(zielwert, name, value)
    zielwert.version += 1
    zielwert.save()


@quiet_action
def warn_ziele(*, by: User) -> list[Zielwarnung]:
    """Note which of our goals of this and the last year are in danger, once per goal and month, and tell later listeners.

    Only the background service. What is only watched is never warned of, and a year whose December is known is over.
    """
    require(by, "kennzahlen.warn_ziel")
    eigenes = Jobcenter.objects.filter(traegernummer=settings.INSTANZ.jobcenter.traegernummer).first()
    if eigenes is None:
        return []
    this_year = clock.today().year
    return [warnung for jahr in (this_year - 1, this_year) for warnung in _warn(eigenes, jahr)]


def _warn(jobcenter: Jobcenter, jahr: int) -> list[Zielwarnung]:
    new = []
    for zeile in read_ziele(jobcenter, jahr):
        if zeile.stand is not Zielstand.GEFAEHRDET or zeile.ziel.nur_beobachtung or zeile.prognose.wert is None:
            continue
        assert isinstance(zeile.prognose.monat, date)
        forecast = gerundet(zeile.prognose.wert, STORED_PLACES)
        warnung, created = Zielwarnung.objects.get_or_create(
            zielwert=zeile.ziel, monat=zeile.prognose.monat, defaults={"prognose": forecast}
        )
        if created:
            publish("kennzahlen.ziel_gefaehrdet", warnung.pk)
            new.append(warnung)
    return new
