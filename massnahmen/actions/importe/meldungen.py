"""Monthly reports of a file: checked together with what is stored, so that only the outcome has to be right; and back again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from jobcenter.common.actions import require
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import monat
from jobcenter.konten.models import User
from massnahmen.actions.importe.ergebnis import CHECK_AGAIN, Geworden, Zeile, refuse_changed, refuse_undo
from massnahmen.models import Import, Massnahme, Monatsmeldung
from massnahmen.queries.meldungen import (
    Meldungsangaben,
    Meldungsstand,
    as_fields,
    check_meldung,
    check_removal,
    read_meldungsstaende,
    to_angaben,
)

ROWS_AT_ONCE = 2_000


def to_meldung(werte: dict[str, Any]) -> Meldungsangaben:
    """A line as it was understood."""
    counts = {one.name: werte[one.name] for one in fields(Meldungsangaben) if one.name != "monat" and one.name in werte}
    return Meldungsangaben(monat=date.fromisoformat(werte["monat"]), **counts)


def take_over(quelle: Import, lines: Sequence[Zeile], by: User) -> list[Geworden]:
    """New months are added, known ones corrected, equal ones left alone. All measures of the file are locked first."""
    require(by, "massnahmen.write_meldung")
    lines = [line for line in lines if line.werte["aendert"]]
    massnahmen = _lock({line.werte["massnahme"] for line in lines})
    stored = _stored(massnahmen)
    staende = read_meldungsstaende(massnahmen)
    for line in lines:
        pk = line.werte["massnahme"]
        if pk not in staende or (quelle.traeger_id and massnahmen[pk].traeger_id != quelle.traeger_id):
            raise refuse_changed(f"eine Maßnahme (Zeile {line.nummer})")
        staende[pk] = staende[pk].with_meldung(to_meldung(line.werte))
    new: list[tuple[int, Monatsmeldung]] = []
    done: list[Geworden] = []
    for line in lines:
        angaben = to_meldung(line.werte)
        stand = staende[line.werte["massnahme"]]
        _check_again(line, stand, angaben, stored.get((line.werte["massnahme"], angaben.monat)))
        platztage = stand.rahmen.count_platztage(angaben.monat) or 0
        known = stored.get((line.werte["massnahme"], angaben.monat))
        if known is None:
            row = Monatsmeldung(massnahme_id=line.werte["massnahme"], platztage=platztage, gemeldet_von=by, **as_fields(angaben))
            new.append((line.nummer, row))
        else:
            vorher = _remember(known)
            _write(known, as_fields(angaben) | {"platztage": platztage})
            done.append(Geworden(line.nummer, known.pk, known.version, vorher))
    Monatsmeldung.objects.bulk_create([row for _, row in new], batch_size=ROWS_AT_ONCE)
    return done + [Geworden(nummer, row.pk, row.version) for nummer, row in new]


def _check_again(line: Zeile, stand: Meldungsstand, angaben: Meldungsangaben, known: Monatsmeldung | None) -> None:
    if (known.version if known else None) != line.werte.get("version"):
        raise refuse_changed(f"die Meldung für {monat(angaben.monat)} von „{stand.titel}“")
    if problems := check_meldung(stand, angaben, neu=False):
        raise TransitionError(f"Seit der Prüfung passt Zeile {line.nummer} nicht mehr: {problems[0][1]} {CHECK_AGAIN}")


def _lock(pks: Iterable[int]) -> dict[int, Massnahme]:
    rows = Massnahme.objects.select_for_update(of=("self",)).filter(pk__in=list(pks)).order_by("pk")
    return {row.pk: row for row in rows}


def _stored(massnahmen: Iterable[int]) -> dict[tuple[int, date], Monatsmeldung]:
    return {(row.massnahme_id, row.monat): row for row in Monatsmeldung.objects.filter(massnahme__in=list(massnahmen))}


def _remember(row: Monatsmeldung) -> dict[str, Any]:
    kept = as_fields(to_angaben(row)) | {"platztage": row.platztage}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}


def _write(row: Monatsmeldung, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()


# --- and back ---------------------------------------------------------------------------------------------------
def undo(quelle: Import, lines: Sequence[Zeile], by: User) -> None:
    """Months that were new go, corrected ones get back what they said."""
    require(by, "massnahmen.write_meldung")
    _lock({line.werte["massnahme"] for line in lines})
    rows = {row.pk: row for row in Monatsmeldung.objects.filter(pk__in=[line.objekt_id for line in lines])}
    staende = read_meldungsstaende({line.werte["massnahme"] for line in lines})
    for line in lines:
        pk = line.werte["massnahme"]
        back = (
            staende[pk].without(date.fromisoformat(line.werte["monat"])) if line.vorher is None else staende[pk].with_meldung(_before(line))
        )
        staende[pk] = back
    refuse_undo(list(_in_the_way(lines, rows, staende)))
    Monatsmeldung.objects.filter(pk__in=[line.objekt_id for line in lines if line.vorher is None]).delete()
    for line in lines:
        if line.vorher is not None and line.objekt_id:
            _write(rows[line.objekt_id], as_fields(_before(line)) | {"platztage": line.vorher["platztage"]})


def _before(line: Zeile) -> Meldungsangaben:
    assert line.vorher is not None
    return to_meldung(dict(line.vorher))


def _in_the_way(lines: Sequence[Zeile], rows: dict[int, Monatsmeldung], staende: dict[int, Meldungsstand]) -> Iterator[str]:
    for line in lines:
        stand, month = staende[line.werte["massnahme"]], date.fromisoformat(line.werte["monat"])
        what = f"„{stand.titel}“, {monat(month)}"
        row = rows.get(line.objekt_id or 0)
        if row is None or row.version != line.objekt_version:
            yield f"{what}, wurde seitdem geändert"
            continue
        problems = check_removal(stand, month) if line.vorher is None else check_meldung(stand, _before(line), neu=False)
        if problems:
            yield f"{what}: {problems[0][1].rstrip('.')}"
