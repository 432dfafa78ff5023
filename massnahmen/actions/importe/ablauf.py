"""The way of an import: uploaded, checked in three steps by the worker, decided by a person, perhaps undone."""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from jobcenter.common import clock, jobs
from jobcenter.common.actions import action, lock, quiet_action, require
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.mengen import many_objects
from jobcenter.common.queue import enqueue
from jobcenter.common.text import is_blank
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from massnahmen.actions.importe import budget, massnahmen, meldungen
from massnahmen.actions.importe.ergebnis import Geworden, Importergebnis, Zeile
from massnahmen.actions.stand import check_draft
from massnahmen.enums import IMPORT_TRANSITIONS, Importart, Importzustand
from massnahmen.models import Arbeitsmarktprogramm, Import, Importzeile, Traeger

PIECE = 1 << 20
TAKE_OVER: dict[str, Callable[[Import, Sequence[Zeile], User], list[Geworden]]] = {
    Importart.MASSNAHMEN: massnahmen.take_over,
    Importart.BUDGET: budget.take_over,
    Importart.MELDUNGEN: meldungen.take_over,
}
UNDO: dict[str, Callable[[Import, Sequence[Zeile], User], None]] = {
    Importart.MASSNAHMEN: massnahmen.undo,
    Importart.BUDGET: budget.undo,
    Importart.MELDUNGEN: meldungen.undo,
}


@quiet_action
def submit_import(
    *,
    art: Importart,
    datei: BinaryIO,
    dateiname: str,
    dateiart: str,
    programm: Arbeitsmarktprogramm | None = None,
    jahr: int | None = None,
    traeger: Traeger | None = None,
    by: User,
) -> Import:
    """Keep a file and have it checked. Measures: Planung, into a draft. A budget and monthly reports: Controlling.

    With `traeger` a file of reports may hold no other provider's measures. TransitionError when this very file is taken over.
    """
    require(by, "massnahmen.submit_import", art)
    if art == Importart.MASSNAHMEN:
        if programm is None:
            raise TransitionError("Wählen Sie das Programm, in das die Maßnahmen kommen.")
        check_draft(programm)
    if art == Importart.BUDGET and jahr is None:
        raise TransitionError("Tragen Sie das Jahr ein, zu dem das Budget gehört.")
    pruefsumme, groesse = _fingerprint(datei)
    target = {"art": art, "programm": programm, "jahr": jahr, "traeger": traeger}
    _check_new(pruefsumme, target)
    name = f"importe/{pruefsumme}.{dateiart}"
    if not default_storage.exists(name):
        datei.seek(0)
        default_storage.save(name, File(datei))
    kept = {"datei": name, "dateiname": dateiname, "dateiart": dateiart, "pruefsumme": pruefsumme, "groesse": groesse}
    return _order(Import(**target, **kept, eingereicht_von=by))


def _order(row: Import) -> Import:
    row.save()
    enqueue("massnahmen.check_import", import_id=row.pk)
    return row


def _check_new(pruefsumme: str, target: dict[str, Any]) -> None:
    before = Import.objects.filter(pruefsumme=pruefsumme, zustand=Importzustand.UEBERNOMMEN, **target).first()
    if before:
        raise TransitionError(
            f"Genau diese Datei ist am {before.entschieden_am:%d.%m.%Y} schon übernommen worden. Nehmen Sie jenen Import zuerst zurück."
        )


def _fingerprint(datei: BinaryIO) -> tuple[str, int]:
    digest, groesse = hashlib.sha256(), 0
    datei.seek(0)
    while piece := datei.read(PIECE):
        digest.update(piece)
        groesse += len(piece)
    return digest.hexdigest(), groesse


@quiet_action
def claim_import(*, quelle: Import, by: User) -> int | None:
    """Take the check for a limited time and return the attempt's number; None when it is done or another worker has it. System."""
    require(by, "massnahmen.check_import", quelle)
    return jobs.claim(quelle)


@quiet_action
def note_import(*, quelle: Import, versuch: int, fortschritt: int, schritt: str, by: User) -> bool:
    """Say how far the check is, and extend its lease; False when the attempt has lost the job."""
    require(by, "massnahmen.check_import", quelle)
    return jobs.extend(quelle, versuch, fortschritt=fortschritt, schritt=schritt)


@quiet_action
def finish_import(*, quelle: Import, versuch: int, ergebnis: Importergebnis, by: User) -> Import | None:
    """Write down what the check found, and its lines; None, and nothing changed, when another attempt has taken over."""
    require(by, "massnahmen.check_import", quelle)
    if (current := jobs.hold(quelle, versuch)) is None:
        return None
    _move(current, Importzustand.FEHLERHAFT if ergebnis.fehlerzahl else Importzustand.GEPRUEFT)
    current.fehlerliste, current.fehlerzahl, current.hinweise = list(ergebnis.fehler), ergebnis.fehlerzahl, list(ergebnis.hinweise)
    current.vorschau, current.zeilen = ergebnis.vorschau, None if ergebnis.fehlerzahl else len(ergebnis.zeilenliste)
    current.zeilenliste.all().delete()
    if not ergebnis.fehlerzahl:
        _store_lines(current, ergebnis)
    jobs.finish(current)
    return current


def _store_lines(current: Import, ergebnis: Importergebnis) -> None:
    """COPY: ten thousand lines one by one would take longer than reading them."""
    statement = f"COPY {Importzeile._meta.db_table} (quelle_id, nummer, werte) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for nummer, werte in ergebnis.zeilenliste:
            copy.write_row((current.pk, nummer, json.dumps(werte, ensure_ascii=False)))


@quiet_action
def fail_import(*, quelle: Import, versuch: int, fehler: str, by: User) -> None:
    """Note why an attempt failed; it is due again after a growing pause. System."""
    require(by, "massnahmen.check_import", quelle)
    if current := jobs.hold(quelle, versuch):
        jobs.fail(current, fehler)


@quiet_action
def retry_import(*, quelle: Import, by: User) -> Import:
    """Check a file again whose checks were given up. Who may hand it in, or administration."""
    require(by, "massnahmen.retry_import", quelle)
    current = lock(quelle)
    if current.zustand != Importzustand.EINGEREICHT:
        raise TransitionError(f"Der {current} ist im Stand „{current.get_zustand_display()}“. Er wird nicht mehr geprüft.")
    current = jobs.retry(current)
    enqueue("massnahmen.check_import", import_id=current.pk)
    return current


@quiet_action
def recheck_import(*, quelle: Import, by: User) -> Import:
    """Have the same file checked anew, against what is stored now, as an import of its own. The one before is thrown away."""
    require(by, "massnahmen.decide_import", quelle)
    current = lock(quelle)
    if current.zustand in {Importzustand.GEPRUEFT, Importzustand.FEHLERHAFT}:
        _decide(current, Importzustand.VERWORFEN, by)
    elif current.zustand not in {Importzustand.VERWORFEN, Importzustand.ZURUECKGENOMMEN}:
        raise TransitionError(f"Der {current} ist im Stand „{current.get_zustand_display()}“. Er wird nicht noch einmal geprüft.")
    if current.art == Importart.MASSNAHMEN and current.programm is None:
        raise TransitionError("Den Entwurf, in den die Maßnahmen sollten, gibt es nicht mehr. Laden Sie die Datei für einen anderen hoch.")
    same = ("art", "programm_id", "jahr", "traeger_id", "datei", "dateiname", "dateiart", "pruefsumme", "groesse")
    if current.programm:
        check_draft(current.programm)
    return _order(Import(**{name: getattr(current, name) for name in same}, eingereicht_von=by))


@action
def take_over_import(*, quelle: Import, by: User) -> Import:
    """Make every line of a checked file real, all of them or none. Who may hand it in.

    What has changed since the check is looked at again under locks; then TransitionError asks for a new check.
    """
    require(by, "massnahmen.decide_import", quelle)
    current = lock(quelle)
    _decide(current, Importzustand.UEBERNOMMEN, by)
    try:
        with many_objects(), transaction.atomic():
            done = TAKE_OVER[current.art](current, _read_lines(current), by)
    except IntegrityError:  # what only the database could see; nothing is written
        raise TransitionError("Eine Zeile verträgt sich nicht mit dem, was inzwischen gespeichert ist. Prüfen Sie die Datei neu.") from None
    if not done:
        raise TransitionError("Diese Datei ändert nichts. Sie können sie verwerfen.")
    _note_lines(current, done)
    return current


def _read_lines(current: Import) -> list[Zeile]:
    rows = current.zeilenliste.order_by("nummer").values_list("nummer", "werte", "objekt_id", "objekt_version", "vorher")
    return [Zeile(*row) for row in rows]


def _note_lines(current: Import, done: Sequence[Geworden]) -> None:
    vorher = [json.dumps(one.vorher, ensure_ascii=False) if one.vorher is not None else None for one in done]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE massnahmen_importzeile zeile
                   SET objekt_id = neu.objekt_id, objekt_version = neu.version, vorher = neu.vorher::jsonb
                  FROM unnest(%s::int[], %s::bigint[], %s::int[], %s::text[]) AS neu(nummer, objekt_id, version, vorher)
                 WHERE zeile.quelle_id = %s AND zeile.nummer = neu.nummer""",
            [[one.nummer for one in done], [one.objekt_id for one in done], [one.version for one in done], vorher, current.pk],
        )


@quiet_action
def discard_import(*, quelle: Import, by: User) -> Import:
    """Throw a file away that was never taken over; the row stays and says so. TransitionError while a worker reads it."""
    require(by, "massnahmen.decide_import", quelle)
    current = lock(quelle)
    if current.status == Auftragsstatus.IN_ARBEIT and current.lease_bis and current.lease_bis > clock.now():
        raise TransitionError("Die Datei wird gerade geprüft. Warten Sie, bis die Prüfung fertig ist.")
    _decide(current, Importzustand.VERWORFEN, by)
    if current.status in {Auftragsstatus.WARTET, Auftragsstatus.IN_ARBEIT}:
        jobs.finish(current)
    return current


@action
def undo_import(*, quelle: Import, grund: str, by: User) -> Import:
    """Take a whole import back, with a reason that stays, as long as nothing builds on it. Who may hand it in.

    TransitionError names the first things that are in the way; then nothing is changed.
    """
    require(by, "massnahmen.decide_import", quelle)
    if is_blank(grund):
        raise TransitionError("Der Grund fehlt. Schreiben Sie, warum der Import zurückgenommen wird.")
    current = lock(quelle)
    taken_over_at = current.entschieden_am
    check_transition(IMPORT_TRANSITIONS, current.zustand, Importzustand.ZURUECKGENOMMEN, noun=f"Der {current}")
    assert taken_over_at is not None
    UNDO[current.art](current, [line for line in _read_lines(current) if line.objekt_id is not None], by)
    current.grund = grund.strip()
    _decide(current, Importzustand.ZURUECKGENOMMEN, by)
    return current


def _decide(current: Import, zustand: Importzustand, by: User) -> None:
    _move(current, zustand)
    current.entschieden_von, current.entschieden_am = by, clock.now()
    current.save()


def _move(current: Import, target: Importzustand) -> None:
    check_transition(IMPORT_TRANSITIONS, current.zustand, target, noun=f"Der {current}")
    current.zustand = target
