"""Every change of figures: whose they are, and the values themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from jobcenter.common.actions import action, require
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from kennzahlen.enums import Einheit, Genauigkeit, Geschlecht, Kennzahlart, Quellenart, Richtung, Traegerform
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Messwert, Quelle, Zielwert

QUOTEN = {Einheit.PROZENT, Einheit.VERAENDERUNG}


@dataclass(frozen=True)
class Jobcenterzeile:
    """One Jobcenter as the official list names it."""

    traegernummer: str
    form: Traegerform
    name: str


@dataclass(frozen=True)
class Messwertzeile:
    """One figure of a delivery. A rate is Zähler and Nenner; counts, and money in cents, are a Zähler alone."""

    jobcenter: Jobcenter
    kennzahl: Kennzahl
    von: date
    bis: date
    zaehler: int
    nenner: int | None = None
    geschlecht: Geschlecht = Geschlecht.INSGESAMT


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
    _check_period(von, bis)
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


@action
def record_messwerte(*, zeilen: Iterable[Messwertzeile], quelle: Quelle, stand: date, by: User) -> int:
    """Write down many figures that a source stated on one day, all or none, and return how many. Controlling or the background service.

    The same checks as for one figure; when one of them is already there under this day, none is written.
    """
    require(by, "kennzahlen.record_messwert")
    datenstand, _ = Datenstand.objects.get_or_create(quelle=quelle, tag=stand)
    werte = []
    for zeile in zeilen:
        _check_shape(zeile.kennzahl, zaehler=zeile.zaehler, nenner=zeile.nenner, zitat=None)
        _check_period(zeile.von, zeile.bis)
        werte.append(Messwert(datenstand=datenstand, **vars(zeile)))
    try:
        with transaction.atomic():
            return len(Messwert.objects.bulk_create(werte, batch_size=2000))
    except IntegrityError:
        raise TransitionError(
            f"Mindestens einer dieser Werte ist mit Stand {stand:%d.%m.%Y} schon da. Es wurde keiner übernommen. "
            "Eine Korrektur erhält einen neuen Stand."
        ) from None


@action
def define_kennzahl(*, code: str, name: str, einheit: Einheit, richtung: Richtung, definition: str, by: User) -> Kennzahl:
    """Define a Kennzahl of the house's own; those of the law come with the product. Controlling."""
    require(by, "kennzahlen.define_kennzahl")
    try:
        with transaction.atomic():
            return Kennzahl.objects.create(
                code=code, name=name, art=Kennzahlart.EIGENE, einheit=einheit, richtung=richtung, definition=definition
            )
    except IntegrityError:
        raise TransitionError(f"Eine Kennzahl mit dem Kürzel „{code}“ gibt es schon. Wählen Sie ein anderes.") from None


@action
def register_quelle(*, art: Quellenart, herausgeber: str, titel: str, by: User) -> Quelle:
    """Name a source of figures; one that is known is found again. Controlling or the background service."""
    require(by, "kennzahlen.record_messwert")
    quelle, _ = Quelle.objects.get_or_create(herausgeber=herausgeber, titel=titel, defaults={"art": art})
    return quelle


@action
def set_zielwert(
    *, jobcenter: Jobcenter, kennzahl: Kennzahl, jahr: int, wert: Decimal, nur_beobachtung: bool = False, by: User
) -> Zielwert:
    """Write down what was agreed with the Land for a year (§ 48b SGB II), or correct it. Controlling."""
    require(by, "kennzahlen.set_zielwert", jobcenter)
    agreed = {"wert": wert, "nur_beobachtung": nur_beobachtung}
    zielwert, _ = Zielwert.objects.update_or_create(
        jobcenter=jobcenter, kennzahl=kennzahl, jahr=jahr, geschlecht=Geschlecht.INSGESAMT, defaults=agreed
    )
    return zielwert


def _check_period(von: date, bis: date) -> None:
    if von > bis:
        raise TransitionError("Der Zeitraum endet, bevor er beginnt. Prüfen Sie „von“ und „bis“.")


def _check_shape(kennzahl: Kennzahl, *, zaehler: int | None, nenner: int | None, zitat: Decimal | None) -> None:
    if (zaehler is None) == (zitat is None):
        raise TransitionError("Geben Sie entweder einen gezählten oder einen zitierten Wert an.")
    if kennzahl.einheit in QUOTEN:
        if zitat is None and (nenner is None or nenner <= 0):
            raise TransitionError(f"„{kennzahl}“ ist eine Quote. Geben Sie zum Zähler auch einen Nenner größer als 0 an.")
    elif zitat is not None or nenner is not None:
        raise TransitionError(f"„{kennzahl}“ ist keine Quote. Geben Sie nur eine Zahl an.")
