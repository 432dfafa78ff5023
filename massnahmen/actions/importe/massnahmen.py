"""Measures of a file become positions of a draft, or go on in it; and back again."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from jobcenter.common.mengen import delete_many
from jobcenter.common.models import Kommentar
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from massnahmen.actions.importe.ergebnis import CHECK_AGAIN, Geworden, Zeile, massnahme_key, refuse_changed, refuse_undo
from massnahmen.actions.massnahmen import Positionsangaben, add_positionen, continue_massnahme
from massnahmen.actions.stand import lock_draft
from massnahmen.actions.umsetzung import note_step
from massnahmen.enums import Finanzquelle, Vergabestand
from massnahmen.models import (
    Arbeitsmarktprogramm,
    Finanzierung,
    Handlungsfeld,
    Import,
    Instrument,
    Massnahme,
    Massnahmezulassung,
    Monatsmeldung,
    Programmposition,
    Traeger,
    Verbleib,
    Vergabe,
    Vertrag,
    Zielgruppe,
)

_PLAIN = (
    *("beschreibung", "ort", "dauer_wochen", "wochenstunden", "jederzeit", "zugang", "ansprechstelle", "telefon"),
    *("plaetze", "geplante_eintritte", "erfolgskriterium", "eingliederung_prozent", "verpflichtung_cent", "bemerkung"),
)
_DAYS = ("beginn", "ende", "naechster_start")
_ROWS: dict[str, Any] = {"instrument": Instrument, "handlungsfeld": Handlungsfeld, "traeger": Traeger}
_NOT_OF_THE_MEASURE = (
    *("handlungsfeld", "plaetze", "geplante_eintritte", "erfolgskriterium", "eingliederung_prozent"),
    *("verpflichtung_cent", "bemerkung"),
)
_KEPT = ("titel", *_DAYS, *(name for name in _PLAIN if name not in _NOT_OF_THE_MEASURE), "weg", "stand", "vergabestand")
_BUILDS_ON: dict[Any, str] = {  # what hangs on a measure, and how that is said of it
    Vergabe: "hat eine Vergabe",
    Vertrag: "hat einen Vertrag",
    Monatsmeldung: "hat Monatsmeldungen",
    Verbleib: "hat einen Verbleib",
    Massnahmezulassung: "hat eine Zulassung",
}


class Stammdaten:
    """Rows of master data by their key, as they are now."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[int, Any]] = {name: model.objects.in_bulk() for name, model in _ROWS.items()}
        self._zielgruppen = Zielgruppe.objects.in_bulk()

    def to_angaben(self, werte: dict[str, Any], before: dict[str, Any]) -> Positionsangaben:
        """What a line states; where it says nothing, what was stated before."""
        given: dict[str, Any] = {name: werte[name] for name in _PLAIN if name in werte}
        given |= {name: date.fromisoformat(werte[name]) for name in _DAYS if werte.get(name)}
        try:
            given |= {name: rows[werte[name]] for name, rows in self._rows.items() if werte.get(name)}
            if werte.get("zielgruppen"):
                given["zielgruppen"] = [self._zielgruppen[pk] for pk in werte["zielgruppen"]]
        except KeyError:
            raise refuse_changed("ein Instrument, ein Träger, eine Zielgruppe oder ein Handlungsfeld") from None
        if werte.get("vergabestand"):
            given["vergabestand"] = Vergabestand(werte["vergabestand"])
        kosten = {Finanzquelle(quelle): cent for quelle, cent in werte["kosten"].items()}
        return Positionsangaben(**_OPEN | before | given | {"titel": werte["titel"], "kosten_cent": kosten})


_OPEN: dict[str, Any] = {
    **dict.fromkeys(("instrument", "traeger", "beginn", "ende", "plaetze", "geplante_eintritte")),
    "beschreibung": "",
    "zielgruppen": [],
}


def take_over(quelle: Import, lines: Sequence[Zeile], by: User) -> list[Geworden]:
    """New measures in a few statements, those of other years one by one. The programme is locked, so two imports take turns."""
    if quelle.programm is None:
        raise TransitionError("Das Programm, in das diese Maßnahmen sollten, gibt es nicht mehr. Verwerfen Sie den Import.")
    programm = lock_draft(quelle.programm)
    known = {row.pk: row for row in Massnahme.objects.select_for_update(of=("self",)).filter(pk__in=_continued(lines)).order_by("pk")}
    _check_again(programm, lines, known)
    stamm = Stammdaten()
    new = [line for line in lines if "fortfuehren" not in line.werte]
    created = add_positionen(programm=programm, angaben=[stamm.to_angaben(line.werte, {}) for line in new], by=by)
    done = [Geworden(line.nummer, pk, 1) for line, pk in zip(new, created, strict=True)]
    for line in lines:
        if "fortfuehren" not in line.werte:
            continue
        row = known[line.werte["fortfuehren"]["pk"]]
        vorher = _remember(row)
        angaben = stamm.to_angaben(line.werte, _stated(row))
        continue_massnahme(programm=programm, massnahme=row, version=row.version, angaben=angaben, by=by)
        done.append(Geworden(line.nummer, row.pk, row.version + 1, vorher))
    return done


def _continued(lines: Sequence[Zeile]) -> list[int]:
    return [line.werte["fortfuehren"]["pk"] for line in lines if "fortfuehren" in line.werte]


def _check_again(programm: Arbeitsmarktprogramm, lines: Sequence[Zeile], known: dict[int, Massnahme]) -> None:
    """What may have happened since the check: planned by somebody else, begun elsewhere, changed."""
    planned = {massnahme_key(*row) for row in programm.positionen.values_list("massnahme__titel", "massnahme__beginn")}
    others = Massnahme.objects.filter(archiviert_am=None).exclude(positionen__programm=programm).exclude(pk__in=known)
    elsewhere = {massnahme_key(*row) for row in others.values_list("titel", "beginn")}
    for line in lines:
        titel = line.werte["titel"]
        key = massnahme_key(titel, line.werte.get("beginn"))
        if key in planned:
            raise TransitionError(f"Seit der Prüfung wurde „{titel}“ schon ins {programm} aufgenommen. {CHECK_AGAIN}")
        if "fortfuehren" not in line.werte:
            if key in elsewhere:
                raise TransitionError(f"Seit der Prüfung ist „{titel}“ in einem anderen Jahr dazugekommen. {CHECK_AGAIN}")
            continue
        row = known.get(line.werte["fortfuehren"]["pk"])
        if row is None or row.version != line.werte["fortfuehren"]["version"] or row.archiviert_am:
            raise refuse_changed(f"„{titel}“")


def _stated(row: Massnahme) -> dict[str, Any]:
    """What is known of a measure that goes on; what a year plans begins anew."""
    names = ("beschreibung", "instrument", "traeger", "ort", *_DAYS, "dauer_wochen", "wochenstunden", "jederzeit", "zugang")
    return {name: getattr(row, name) for name in (*names, "ansprechstelle", "telefon")} | {
        "zielgruppen": list(row.zielgruppen.all()),
        "vergabestand": Vergabestand(row.vergabestand),
    }


def _remember(row: Massnahme) -> dict[str, Any]:
    """The measure as JSON can keep it, for undo."""
    values = {name: getattr(row, name) for name in (*_KEPT, "instrument_id", "traeger_id")}
    kept = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return kept | {"zielgruppen": sorted(row.zielgruppen.values_list("pk", flat=True))}


# --- and back ---------------------------------------------------------------------------------------------------
def undo(quelle: Import, lines: Sequence[Zeile], by: User) -> None:
    """New measures go with all that the import planned for them; those that were continued get back what they had."""
    programm = lock_draft(quelle.programm) if quelle.programm else None
    rows = {
        row.pk: row
        for row in Massnahme.objects.select_for_update(of=("self",)).filter(pk__in=[line.objekt_id for line in lines]).order_by("pk")
    }
    refuse_undo([*_fassungen(quelle, programm), *_in_the_way(lines, rows, programm)])
    positions = list(Programmposition.objects.filter(programm=programm, massnahme__in=rows).values_list("pk", flat=True))
    new = [line.objekt_id for line in lines if line.vorher is None and line.objekt_id]
    delete_many(Finanzierung, "position", positions)
    delete_many(Programmposition, "id", positions)
    delete_many(Massnahme.zielgruppen.through, "massnahme", new)
    delete_many(Massnahme, "id", new)
    for line in lines:
        if line.vorher is not None and line.objekt_id:
            _restore(rows[line.objekt_id], dict(line.vorher), by)


def _fassungen(quelle: Import, programm: Arbeitsmarktprogramm | None) -> Iterator[str]:
    """A frozen text that holds these measures has been read by others."""
    if programm is not None:
        for fassung in programm.fassungen.filter(vorgelegt_am__gte=quelle.entschieden_am).defer("inhalt").order_by("nummer"):
            yield f"{fassung} ist seitdem vorgelegt worden"


def _in_the_way(lines: Sequence[Zeile], rows: dict[int, Massnahme], programm: Arbeitsmarktprogramm | None) -> Iterator[str]:
    new = {line.objekt_id for line in lines if line.vorher is None}
    for line in lines:
        row = rows.get(line.objekt_id or 0)
        if row is None:
            yield f"„{line.werte['titel']}“ gibt es nicht mehr"
        elif row.version != line.objekt_version:
            yield f"„{row}“ wurde seitdem geändert"
    elsewhere = Programmposition.objects.filter(massnahme__in=new).exclude(programm=programm).select_related("programm", "massnahme")
    for position in elsewhere.order_by("massnahme__titel"):
        yield f"„{position.massnahme}“ steht auch im {position.programm}"
    for model, wort in _BUILDS_ON.items():
        for titel in (
            model._default_manager.filter(massnahme__in=new)
            .order_by("massnahme__titel")
            .values_list("massnahme__titel", flat=True)
            .distinct()
        ):
            yield f"„{titel}“ {wort}"
    art = ContentType.objects.get_for_model(Massnahme)
    said = Kommentar.objects.filter(Q(objekt_art=art), objekt_id__in=new).values_list("objekt_id", flat=True)
    for pk in sorted(set(said)):
        yield f"zu „{rows[pk]}“ gibt es einen Kommentar" if pk in rows else "es gibt einen Kommentar"


def _restore(row: Massnahme, vorher: dict[str, Any], by: User) -> None:
    zielgruppen, before = vorher.pop("zielgruppen"), row.stand
    for name, value in vorher.items():
        setattr(row, name, date.fromisoformat(value) if name in _DAYS and value else value)
    row.version += 1
    row.save()
    row.zielgruppen.set(zielgruppen)
    if row.stand != before:
        note_step(row, before, by=by, grund="Import zurückgenommen")
