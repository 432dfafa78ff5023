"""A delivery is handed in, checked by a worker, and taken over or thrown away by a person; later it can be withdrawn."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from jobcenter.common import clock, jobs
from jobcenter.common.actions import action, lock, quiet_action, require
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.events import publish
from jobcenter.common.queue import enqueue
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from kennzahlen.actions.messwerte import one_at_a_time
from kennzahlen.actions.stammdaten import assign_zuordnungen
from kennzahlen.enums import LIEFERUNG_TRANSITIONS, Lieferzustand
from kennzahlen.models import Datenlieferung, Datenstand, Messwert, Quelle, Spaltenplan
from kennzahlen.queries.geheimhaltung import NichtGeheimzuhalten
from kennzahlen.queries.sperrung import Schluessel, find_gesperrt

LARGE = {"csv": 5_000_000, "xlsx": 2_000_000}  # bytes of a file whose values become a partition of their own
PIECE = 1 << 20
CHANGED_SINCE = "Seit der Prüfung sind Zahlen veröffentlicht worden,"


@dataclass(frozen=True)
class Pruefergebnis:
    """What the worker found out. With faults the delivery cannot be taken over."""

    fehler: list[dict[str, str]] = field(default_factory=list)
    fehlerzahl: int = 0
    hinweise: list[dict[str, str]] = field(default_factory=list)
    zeilen: int = 0
    monat_von: date | None = None
    monat_bis: date | None = None
    vorschau: dict[str, Any] = field(default_factory=dict)


@action
def submit_lieferung(
    *, quelle: Quelle, stand: date, datei: BinaryIO, dateiname: str, dateiart: str, spaltenplan: Spaltenplan | None = None, by: User
) -> Datenlieferung:
    """Keep a file and have it checked. Controlling.

    TransitionError when this very file was taken over before, or when the source has already said something on that day:
    what is published never changes, a correction has a new Stand.
    """
    require(by, "kennzahlen.submit_lieferung")
    if stand > clock.today():
        raise TransitionError("Der Stand liegt in der Zukunft. Tragen Sie den Tag ein, an dem die Zahlen veröffentlicht wurden.")
    pruefsumme, groesse = _fingerprint(datei)
    _check_new(quelle, stand, pruefsumme)
    name = f"lieferungen/{pruefsumme}.{dateiart}"
    if not default_storage.exists(name):
        datei.seek(0)
        default_storage.save(name, File(datei))
    try:
        with transaction.atomic():
            lieferung = Datenlieferung.objects.create(
                quelle=quelle,
                stand=stand,
                spaltenplan=spaltenplan,
                datei=name,
                dateiname=dateiname,
                dateiart=dateiart,
                pruefsumme=pruefsumme,
                groesse=groesse,
                eingereicht_von=by,
            )
    except IntegrityError:
        raise TransitionError(
            f"Zu dieser Quelle und diesem Stand ({stand:%d.%m.%Y}) ist schon eine Lieferung in Arbeit. Entscheiden Sie zuerst über diese."
        ) from None
    enqueue("kennzahlen.check_lieferung", lieferung_id=lieferung.pk)
    return lieferung


def _check_new(quelle: Quelle, stand: date, pruefsumme: str) -> None:
    if before := Datenlieferung.objects.filter(quelle=quelle, pruefsumme=pruefsumme, zustand=Lieferzustand.UEBERNOMMEN).first():
        raise TransitionError(
            f"Genau diese Datei ist schon übernommen, mit Stand {before.stand:%d.%m.%Y}. Sie noch einmal zu liefern ändert nichts."
        )
    if Datenstand.objects.filter(quelle=quelle, tag=stand).exists():
        raise TransitionError(
            f"Von dieser Quelle gibt es schon Zahlen mit Stand {stand:%d.%m.%Y}. Was veröffentlicht ist, ändert sich nicht mehr: "
            "Eine Korrektur erhält einen neuen Stand."
        )


def _fingerprint(datei: BinaryIO) -> tuple[str, int]:
    digest, groesse = hashlib.sha256(), 0
    datei.seek(0)
    while piece := datei.read(PIECE):
        digest.update(piece)
        groesse += len(piece)
    return digest.hexdigest(), groesse


@action
def claim_lieferung(*, lieferung: Datenlieferung, by: User) -> tuple[int, int] | None:
    """Take the check for a limited time: attempt number, and the Datenstand number that is reserved for the values.

    None when it is done or another worker has it. Only the background service.
    """
    require(by, "kennzahlen.check_lieferung", lieferung)
    if (versuch := jobs.claim(lieferung)) is None:
        return None
    current = lock(lieferung)
    if current.datenstand_nummer is None:
        current.datenstand_nummer = _next_number(large=current.groesse >= LARGE[current.dateiart])
        current.save(update_fields=["datenstand_nummer"])
    return versuch, current.datenstand_nummer


@quiet_action
def note_lieferung(*, lieferung: Datenlieferung, versuch: int, fortschritt: int, schritt: str, by: User) -> bool:
    """Say how far the check is, and extend its lease; False when the attempt has lost the job."""
    require(by, "kennzahlen.check_lieferung", lieferung)
    return jobs.extend(lieferung, versuch, fortschritt=fortschritt, schritt=schritt)


@action
def finish_pruefung(*, lieferung: Datenlieferung, versuch: int, ergebnis: Pruefergebnis, by: User) -> Datenlieferung | None:
    """Write down what the check found; None, and nothing changed, when another attempt has taken over."""
    require(by, "kennzahlen.check_lieferung", lieferung)
    if (current := jobs.hold(lieferung, versuch)) is None:
        return None
    _move(current, Lieferzustand.FEHLERHAFT if ergebnis.fehlerzahl else Lieferzustand.GEPRUEFT)
    current.fehlerliste, current.fehlerzahl, current.hinweise = ergebnis.fehler, ergebnis.fehlerzahl, ergebnis.hinweise
    current.zeilen, current.monat_von, current.monat_bis = ergebnis.zeilen, ergebnis.monat_von, ergebnis.monat_bis
    current.vorschau = ergebnis.vorschau
    jobs.finish(current)
    publish("kennzahlen.lieferung_geprueft", current.pk)
    return current


@action
def fail_lieferung(*, lieferung: Datenlieferung, versuch: int, fehler: str, by: User) -> None:
    """Note why an attempt failed; it is due again after a growing pause."""
    require(by, "kennzahlen.check_lieferung", lieferung)
    if current := jobs.hold(lieferung, versuch):
        jobs.fail(current, fehler)


@action
def retry_lieferung(*, lieferung: Datenlieferung, by: User) -> Datenlieferung:
    """Check a delivery again whose checks were given up. Controlling or administration."""
    require(by, "kennzahlen.retry_lieferung", lieferung)
    current = lock(lieferung)
    if current.zustand != Lieferzustand.EINGEREICHT:
        raise TransitionError(f"Die {current} ist {current.get_zustand_display()}. Sie wird nicht mehr geprüft.")
    current = jobs.retry(current)
    enqueue("kennzahlen.check_lieferung", lieferung_id=current.pk)
    return current


@action
def take_over_lieferung(*, lieferung: Datenlieferung, mit_zuordnungen: bool = False, by: User) -> Datenlieferung:
    """Publish a checked delivery, all of it at once, for good. Controlling.

    With `mit_zuordnungen` the Länder and Vergleichstypen that the file names become master data from its first month on.
    """
    require(by, "kennzahlen.take_over_lieferung", lieferung)
    current = lock(lieferung)
    _move(current, Lieferzustand.UEBERNOMMEN)
    if not (current.vorschau["neu"] or current.vorschau["geaendert"]):
        raise TransitionError("Diese Lieferung ändert keinen Wert. Sie können sie verwerfen.")
    _check_new(current.quelle, current.stand, current.pruefsumme)
    current.datenstand = Datenstand.objects.create(pk=current.datenstand_nummer, quelle=current.quelle, tag=current.stand)
    current.entschieden_von, current.entschieden_am = by, clock.now()
    current.save()
    if mit_zuordnungen and current.monat_von and current.vorschau["zuordnungen"]:
        assign_zuordnungen(zuordnungen=current.vorschau["zuordnungen"], ab=current.monat_von, by=by)
    if current.quelle.ist_eigene:
        _check_still_secret(current)
    _publish_block(current)
    publish("kennzahlen.werte_uebernommen", current.datenstand.pk)
    return current


def _check_still_secret(lieferung: Datenlieferung) -> None:
    """What was published since the check may give a small number of this delivery away: decided again, by one at a time."""
    one_at_a_time()
    keys = ", ".join(Schluessel._fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {keys}, zaehler, nenner, gesperrt FROM kennzahlen_block_{lieferung.pk} WHERE zaehler IS NOT NULL AND kennzeichen = ''"
        )
        rows = cursor.fetchall()
    try:
        needed = find_gesperrt({Schluessel(*row[:5]): (row[5], row[6]) for row in rows})
    except NichtGeheimzuhalten as error:
        raise TransitionError(f"{CHANGED_SINCE} die eine kleine Zahl verraten würden. Verwerfen Sie diese Lieferung.") from error
    if not needed <= {Schluessel(*row[:5]) for row in rows if row[7]}:
        raise TransitionError(f"{CHANGED_SINCE} mit denen mehr geheim bleiben muss. Verwerfen Sie diese Lieferung und liefern Sie sie neu.")


def _publish_block(lieferung: Datenlieferung) -> None:
    """A large block is attached as it is; the values of a small one move into the common partition."""
    with connection.cursor() as cursor:
        if lieferung.ist_gross:
            cursor.execute("SELECT kennzahlen_block_anhaengen(%s, %s)", [lieferung.pk, lieferung.datenstand_nummer])
        else:
            columns = ", ".join(one.column for one in Messwert._meta.concrete_fields if one.column)
            block = f"kennzahlen_block_{lieferung.pk}"
            cursor.execute(f"INSERT INTO kennzahlen_messwert ({columns}) SELECT {columns} FROM {block}")
            cursor.execute("SELECT kennzahlen_block_verwerfen(%s)", [lieferung.pk])


@action
def discard_lieferung(*, lieferung: Datenlieferung, by: User) -> Datenlieferung:
    """Throw a delivery away that was never published; the row stays and says so. Controlling.

    TransitionError while a worker reads it: its table is in use.
    """
    require(by, "kennzahlen.take_over_lieferung", lieferung)
    current = lock(lieferung)
    if current.status == Auftragsstatus.IN_ARBEIT and current.lease_bis and current.lease_bis > clock.now():
        raise TransitionError("Die Datei wird gerade geprüft. Warten Sie, bis die Prüfung fertig ist.")
    _move(current, Lieferzustand.VERWORFEN)
    current.entschieden_von, current.entschieden_am = by, clock.now()
    if current.status in {Auftragsstatus.WARTET, Auftragsstatus.IN_ARBEIT}:
        jobs.finish(current)
    current.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT kennzahlen_block_verwerfen(%s)", [current.pk])
    return current


@action
def withdraw_lieferung(*, lieferung: Datenlieferung, grund: str, by: User) -> Datenlieferung:
    """Take a published delivery out of sight, with a reason that stays. Controlling; its values remain stored, unchanged."""
    require(by, "kennzahlen.withdraw_lieferung", lieferung)
    if not grund.strip():
        raise TransitionError("Schreiben Sie, warum die Lieferung zurückgezogen wird.")
    current = lock(lieferung)
    _move(current, Lieferzustand.ZURUECKGEZOGEN)
    current.grund, current.entschieden_von, current.entschieden_am = grund.strip(), by, clock.now()
    current.save()
    assert current.datenstand_id is not None
    publish("kennzahlen.werte_zurueckgezogen", current.datenstand_id)
    return current


def _move(current: Datenlieferung, target: Lieferzustand) -> None:
    check_transition(LIEFERUNG_TRANSITIONS, current.zustand, target, noun=f"Die {current}")
    current.zustand = target


def _next_number(*, large: bool) -> int:
    sequence = "'kennzahlen_datenstand_gross'" if large else "pg_get_serial_sequence('kennzahlen_datenstand', 'id')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval({sequence})")
        return int(cursor.fetchone()[0])
