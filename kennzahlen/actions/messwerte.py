"""Values are written down as a source stated them, and never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import IntegrityError, connection, transaction

from jobcenter.common.actions import action, require
from jobcenter.common.events import publish
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from kennzahlen.enums import Genauigkeit, Geschlecht
from kennzahlen.models import Datenlieferung, Datenstand, Jobcenter, Kennzahl, Messwert, Quelle
from kennzahlen.queries.geheimhaltung import NichtGeheimzuhalten
from kennzahlen.queries.sperrung import Schluessel, find_gesperrt


@dataclass(frozen=True)
class Messwertzeile:
    """One figure of a delivery. A rate is Zähler and Nenner; counts, and money in cents, are a Zähler alone."""

    jobcenter: Jobcenter
    kennzahl: Kennzahl
    von: date
    bis: date
    zaehler: int
    nenner: int | Fraction | None = None
    geschlecht: Geschlecht = Geschlecht.INSGESAMT


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
    nenner: int | Fraction | None = None,
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
    datenstand = _open_datenstand(quelle, stand)
    messwert = Messwert(
        jobcenter=jobcenter,
        kennzahl=kennzahl,
        von=von,
        bis=bis,
        geschlecht=geschlecht,
        datenstand=datenstand,
        zaehler=zaehler,
        nenner=_stored(nenner, kennzahl),
        zitat=zitat,
        genauigkeit=genauigkeit,
    )
    _hide_small([messwert], quelle)
    try:
        with transaction.atomic():
            messwert.save(force_insert=True)
    except IntegrityError:
        raise TransitionError(
            f"Zu „{kennzahl}“ von {jobcenter} gibt es für diesen Zeitraum schon einen Wert mit Stand {stand:%d.%m.%Y}. "
            "Eine Korrektur erhält einen neuen Stand."
        ) from None
    publish("kennzahlen.werte_uebernommen", datenstand.pk)
    return messwert


@action
def record_messwerte(*, zeilen: Iterable[Messwertzeile], quelle: Quelle, stand: date, by: User) -> int:
    """Write down many figures that a source stated on one day, all or none, and return how many. Controlling or the background service.

    The same checks as for one figure; when one of them is already there under this day, none is written. Small numbers of
    our own are hidden together, with what is needed so that nobody can compute them.
    """
    require(by, "kennzahlen.record_messwert")
    datenstand = _open_datenstand(quelle, stand)
    werte = []
    for zeile in zeilen:
        _check_shape(zeile.kennzahl, zaehler=zeile.zaehler, nenner=zeile.nenner, zitat=None)
        _check_period(zeile.von, zeile.bis)
        werte.append(Messwert(datenstand=datenstand, **vars(zeile) | {"nenner": _stored(zeile.nenner, zeile.kennzahl)}))
    _hide_small(werte, quelle)
    try:
        with transaction.atomic():
            Messwert.objects.bulk_create(werte, batch_size=2000)
    except IntegrityError:
        raise TransitionError(
            f"Mindestens einer dieser Werte ist mit Stand {stand:%d.%m.%Y} schon da. Es wurde keiner übernommen. "
            "Eine Korrektur erhält einen neuen Stand."
        ) from None
    publish("kennzahlen.werte_uebernommen", datenstand.pk)
    return len(werte)


@action
def record_fehlende(*, werte: Sequence[Messwert], quelle: Quelle, stand: date, by: User) -> int:
    """Write down that there is no number any more where one was: each with its Kennzeichen. Controlling or the background service."""
    require(by, "kennzahlen.record_messwert")
    datenstand = _open_datenstand(quelle, stand)
    for wert in werte:
        wert.datenstand = datenstand
    Messwert.objects.bulk_create(werte, batch_size=2000)
    publish("kennzahlen.werte_uebernommen", datenstand.pk)
    return len(werte)


def _open_datenstand(quelle: Quelle, stand: date) -> Datenstand:
    """The Datenstand of a day, unless a whole delivery has closed it."""
    datenstand, created = Datenstand.objects.get_or_create(quelle=quelle, tag=stand)
    if not created and Datenlieferung.objects.filter(datenstand=datenstand).exists():
        raise TransitionError(
            f"Der Stand {stand:%d.%m.%Y} dieser Quelle ist als Ganzes geliefert und abgeschlossen. Eine Ergänzung erhält einen neuen Stand."
        )
    return datenstand


def _hide_small(werte: Sequence[Messwert], quelle: Quelle) -> None:
    """Values from elsewhere arrive already suppressed; our own are suppressed here, before anybody can read them."""
    if not quelle.ist_eigene:
        return
    one_at_a_time()
    keys = {
        Schluessel(row.kennzahl_id, row.bis, row.jobcenter_id, row.geschlecht, row.von): row for row in werte if row.zaehler is not None
    }
    try:
        for key in find_gesperrt({key: (row.zaehler, row.nenner) for key, row in keys.items()}):
            keys[key].gesperrt = True
    except NichtGeheimzuhalten as error:
        raise TransitionError(
            "Aus diesem Wert und schon veröffentlichten Zahlen ließe sich eine kleine Zahl (1 oder 2) ausrechnen. "
            "Er wurde nicht übernommen."
        ) from error


def one_at_a_time() -> None:
    """Two who publish counts of our own at the same time would each decide about secrecy without the other's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kennzahlen.geheimhaltung'))")


def _key(row: Messwert) -> Schluessel:
    return Schluessel(row.kennzahl_id, row.bis, row.jobcenter_id, row.geschlecht, row.von)


def _stored(nenner: int | Fraction | None, kennzahl: Kennzahl) -> int | None:
    """The Nenner in parts of the Teiler; TransitionError where that would need rounding."""
    if nenner is None:
        return None
    parts = nenner * kennzahl.nenner_teiler
    if parts != int(parts):
        raise TransitionError(
            f"Der Nenner von „{kennzahl}“ ist zu fein. Möglich sind ein Mittel aus zwölf Monaten oder zwei Nachkommastellen."
        )
    return int(parts)


def _check_period(von: date, bis: date) -> None:
    if von > bis:
        raise TransitionError("Der Zeitraum endet, bevor er beginnt. Prüfen Sie „von“ und „bis“.")


def _check_shape(kennzahl: Kennzahl, *, zaehler: int | None, nenner: int | Fraction | None, zitat: Decimal | None) -> None:
    if (zaehler is None) == (zitat is None):
        raise TransitionError("Geben Sie entweder einen gezählten oder einen zitierten Wert an.")
    if kennzahl.ist_quote:
        if zitat is None and (nenner is None or nenner <= 0):
            raise TransitionError(f"„{kennzahl}“ ist eine Quote. Geben Sie zum Zähler auch einen Nenner größer als 0 an.")
    elif zitat is not None or nenner is not None:
        raise TransitionError(f"„{kennzahl}“ ist keine Quote. Geben Sie nur eine Zahl an.")
