"""Every change of figures: whose they are, and the values themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from jobcenter.common.actions import action, require
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from kennzahlen.enums import Einheit, Genauigkeit, Geschlecht, Traegerform
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Messwert, Quelle

QUOTEN = {Einheit.PROZENT, Einheit.VERAENDERUNG}


@dataclass(frozen=True)
class Jobcenterzeile:
    """One Jobcenter as the official list names it."""

    traegernummer: str
    form: Traegerform
    name: str


@dataclass(frozen=True)
class Importergebnis:
    neu: int
    geaendert: int
    unveraendert: int


@action
def import_jobcenter(*, zeilen: Sequence[Jobcenterzeile], by: User) -> Importergebnis:
    """Bring the Jobcenter to the state of a list: new ones are added, names and forms updated by Trägernummer.

    Administration or the background service. Nothing is deleted, since values hang on a Jobcenter that a reform has
    dissolved; the same list twice writes nothing.
    """
    require(by, "kennzahlen.import_jobcenter")
    stored = {row.traegernummer: row for row in Jobcenter.objects.select_for_update()}
    new, changed = [], []
    for zeile in zeilen:
        row = stored.get(zeile.traegernummer)
        if row is None:
            new.append(Jobcenter(traegernummer=zeile.traegernummer, name=zeile.name, form=zeile.form))
        elif (row.name, row.form) != (zeile.name, zeile.form):
            row.name, row.form = zeile.name, zeile.form
            changed.append(row)
    Jobcenter.objects.bulk_create(new)
    Jobcenter.objects.bulk_update(changed, ["name", "form"])
    return Importergebnis(neu=len(new), geaendert=len(changed), unveraendert=len(zeilen) - len(new) - len(changed))


@action
def record_messwert(
    *,
    jobcenter: Jobcenter,
    kennzahl: Kennzahl,
    von: date,
    bis: date,
    quelle: Quelle,
    stand: date,
    zaehler: int | None = None,
    nenner: int | None = None,
    zitat: Decimal | None = None,
    genauigkeit: Genauigkeit = Genauigkeit.GENAU,
    geschlecht: Geschlecht = Geschlecht.INSGESAMT,
    by: User,
) -> Messwert:
    """Write down one figure as its source stated it on a day. Controlling or the background service; never changed again.

    A rate comes as Zähler and Nenner, or as `zitat` where the source prints only the rate. Counts, and money in
    cents, are a Zähler alone. A corrected figure is recorded once more under the day of the correction.
    """
    require(by, "kennzahlen.record_messwert", jobcenter)
    _check_shape(kennzahl, zaehler=zaehler, nenner=nenner, zitat=zitat)
    if von > bis:
        raise TransitionError("Der Zeitraum endet, bevor er beginnt. Prüfen Sie „von“ und „bis“.")
    datenstand, _ = Datenstand.objects.get_or_create(quelle=quelle, tag=stand)
    try:
        with transaction.atomic():
            return Messwert.objects.create(
                jobcenter=jobcenter,
                kennzahl=kennzahl,
                von=von,
                bis=bis,
                geschlecht=geschlecht,
                datenstand=datenstand,
                zaehler=zaehler,
                nenner=nenner,
                zitat=zitat,
                genauigkeit=genauigkeit,
            )
    except IntegrityError:
        raise TransitionError(
            f"Zu „{kennzahl}“ von {jobcenter} gibt es für diesen Zeitraum schon einen Wert mit Stand {stand:%d.%m.%Y}. "
            "Eine Korrektur erhält einen neuen Stand."
        ) from None


def _check_shape(kennzahl: Kennzahl, *, zaehler: int | None, nenner: int | None, zitat: Decimal | None) -> None:
    if (zaehler is None) == (zitat is None):
        raise TransitionError("Geben Sie entweder einen gezählten oder einen zitierten Wert an.")
    if kennzahl.einheit in QUOTEN:
        if zitat is None and (nenner is None or nenner <= 0):
            raise TransitionError(f"„{kennzahl}“ ist eine Quote. Geben Sie zum Zähler auch einen Nenner größer als 0 an.")
    elif zitat is not None or nenner is not None:
        raise TransitionError(f"„{kennzahl}“ ist keine Quote. Geben Sie nur eine Zahl an.")
