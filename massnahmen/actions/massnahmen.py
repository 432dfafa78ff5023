"""Measures and what a year plans with them: planned, continued, changed, taken out, put into the archive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobcenter.common import clock
from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.mengen import insert_many
from jobcenter.common.text import is_blank
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from massnahmen.actions.stand import lock_draft
from massnahmen.actions.umsetzung import STATED, state_vergabestand
from massnahmen.enums import BEARBEITBAR, VORBEI, Finanzquelle, Vergabestand
from massnahmen.models import (
    Arbeitsmarktprogramm,
    Finanzierung,
    Handlungsfeld,
    Instrument,
    Massnahme,
    Programmposition,
    Traeger,
    Zielgruppe,
)


@dataclass(frozen=True)
class Positionsangaben:
    """What an editor states about a measure in a programme year; a draft may leave everything open but the title.

    Money in cents by source, only sources with money; `verpflichtung_cent` is what the years after will have to pay.
    """

    titel: str
    beschreibung: str
    instrument: Instrument | None
    zielgruppen: Sequence[Zielgruppe]
    traeger: Traeger | None
    beginn: date | None
    ende: date | None
    plaetze: int | None
    geplante_eintritte: int | None
    kosten_cent: Mapping[Finanzquelle, int]
    handlungsfeld: Handlungsfeld | None = None
    vergabestand: Vergabestand = Vergabestand.OFFEN
    ort: str = ""
    dauer_wochen: int | None = None
    wochenstunden: int | None = None
    jederzeit: bool = False
    naechster_start: date | None = None
    zugang: str = ""
    ansprechstelle: str = ""
    telefon: str = ""
    erfolgskriterium: str = ""
    eingliederung_prozent: int | None = None
    verpflichtung_cent: int = 0
    bemerkung: str = ""


_OF_THE_MEASURE = (
    *("titel", "beschreibung", "instrument", "traeger", "ort", "beginn", "ende", "dauer_wochen", "wochenstunden"),
    *("jederzeit", "naechster_start", "zugang", "ansprechstelle", "telefon"),
)
_OF_THE_YEAR = (
    *("handlungsfeld", "plaetze", "geplante_eintritte", "erfolgskriterium", "eingliederung_prozent"),
    *("verpflichtung_cent", "bemerkung"),
)


@action
def add_position(*, programm: Arbeitsmarktprogramm, angaben: Positionsangaben, by: User) -> Programmposition:
    """Plan a new measure in a draft. Planung; the instrument has to be valid for the whole term."""
    require(by, "massnahmen.change_massnahme", programm)
    current = lock_draft(programm)
    massnahme = Massnahme.objects.create(**_begin(angaben))
    massnahme.zielgruppen.set(angaben.zielgruppen)
    return _plan(current, massnahme, angaben)


@action
def add_positionen(*, programm: Arbeitsmarktprogramm, angaben: Sequence[Positionsangaben], by: User) -> list[int]:
    """Plan many new measures in a draft, each as add_position would, in a few statements; gives their keys in order. Planung."""
    require(by, "massnahmen.change_massnahme", programm)
    current = lock_draft(programm)
    massnahmen = insert_many(Massnahme, [_begin(one) for one in angaben])
    pairs = list(zip(massnahmen, angaben, strict=True))
    insert_many(Massnahme.zielgruppen.through, [{"massnahme": pk, "zielgruppe": row} for pk, one in pairs for row in one.zielgruppen])
    positionen = insert_many(Programmposition, [{"programm": current, "massnahme": pk} | _values(one, _OF_THE_YEAR) for pk, one in pairs])
    kosten = zip(positionen, angaben, strict=True)
    insert_many(
        Finanzierung,
        [{"position": pk, "quelle": quelle, "betrag_cent": cent} for pk, one in kosten for quelle, cent in one.kosten_cent.items()],
    )
    return massnahmen


@action
def continue_massnahme(
    *, programm: Arbeitsmarktprogramm, massnahme: Massnahme, version: int, angaben: Positionsangaben, by: User
) -> Programmposition:
    """Plan a measure that exists already in this draft as well, once, and save what changes with it.

    Planung; drafts only; not out of the archive; VersionConflict. Frozen Fassungen keep the measure as it was.
    """
    require(by, "massnahmen.change_massnahme", programm)
    current = lock_draft(programm)
    if current.positionen.filter(massnahme=massnahme).exists():
        raise TransitionError(f"„{massnahme}“ steht schon im {current}.")
    check_not_archived(lock(massnahme))
    _save_massnahme(massnahme, version, angaben, by)
    return _plan(current, massnahme, angaben)


def check_not_archived(massnahme: Massnahme) -> None:
    """Raise TransitionError for a measure in the archive."""
    if massnahme.archiviert_am:
        raise TransitionError(f"„{massnahme}“ liegt im Archiv. Holen Sie die Maßnahme zuerst zurück.")


@action
def update_position(*, position: Programmposition, version: int, angaben: Positionsangaben, grund: str = "", by: User) -> Programmposition:
    """Save a measure and what the year plans with it, on top of the version of the measure that the writer saw.

    Planung; drafts only; VersionConflict carries the measure as it is stored now. `grund` stands in the history. Figures taken
    over from last year count as checked from now on.
    """
    require(by, "massnahmen.change_massnahme", position)
    lock_draft(position.programm)
    _save_massnahme(position.massnahme, version, angaben, by)
    current = lock(position)
    for name, value in _values(angaben, _OF_THE_YEAR).items():
        setattr(current, name, value)
    current.uebernommen = False
    current.save()
    _write_finanzierung(current, angaben.kosten_cent)
    return current


@action
def confirm_position(*, position: Programmposition, by: User) -> Programmposition:
    """Say that last year's figures are right for this year as well. Planung; drafts only."""
    require(by, "massnahmen.change_massnahme", position)
    lock_draft(position.programm)
    current = lock(position)
    if not current.uebernommen:
        raise TransitionError(f"Die Zahlen von „{position.massnahme}“ sind schon geprüft.")
    current.uebernommen = False
    current.save(update_fields=["uebernommen"])
    _raise_version(position.massnahme)
    return current


@action
def assign_handlungsfeld(*, position: Programmposition, handlungsfeld: Handlungsfeld, by: User) -> Programmposition:
    """Put a measure into a Handlungsfeld for the year. Planung; drafts only."""
    require(by, "massnahmen.change_massnahme", position)
    lock_draft(position.programm)
    current = lock(position)
    current.handlungsfeld = handlungsfeld
    current.save(update_fields=["handlungsfeld"])
    _raise_version(position.massnahme)
    return current


@action
def remove_position(*, position: Programmposition, by: User) -> None:
    """Take a measure out of a draft, with the places and the money planned for it. Planung; drafts only.

    The measure itself stays, as do other years and every Fassung; the history of rows keeps what was planned.
    """
    require(by, "massnahmen.change_massnahme", position)
    lock_draft(position.programm)
    if not Programmposition.objects.filter(pk=position.pk).exists():
        raise TransitionError(f"„{position.massnahme}“ steht nicht mehr im {position.programm}.")
    lock(position).delete()


@action
def archive_massnahme(*, massnahme: Massnahme, grund: str, by: User) -> Massnahme:
    """Put a measure out of the way of planning, with the reason; everything about it stays. Planung; not while a draft plans it."""
    require(by, "massnahmen.archive_massnahme", massnahme)
    current = lock(massnahme)
    if current.archiviert_am:
        raise TransitionError(f"„{current}“ ist schon im Archiv.")
    if current.vergaben.filter(aufgehoben_am=None).exists() and current.stand not in VORBEI:
        raise TransitionError(f"„{current}“ ist im Stand „{current.get_stand_display()}“. Bringen Sie Vergabe und Vertrag zuerst zu Ende.")
    if is_blank(grund):
        raise TransitionError("Der Grund fehlt. Schreiben Sie in einem Satz, warum die Maßnahme ins Archiv kommt.")
    if draft := Arbeitsmarktprogramm.objects.filter(positionen__massnahme=current, status__in=BEARBEITBAR).first():
        raise TransitionError(f"„{current}“ steht im {draft}, das gerade geschrieben wird. Nehmen Sie die Maßnahme zuerst dort heraus.")
    current.archiviert_am, current.archivgrund = clock.now(), grund.strip()
    current.version += 1
    current.save(update_fields=["archiviert_am", "archivgrund", "version"])
    return current


@action
def restore_massnahme(*, massnahme: Massnahme, by: User) -> Massnahme:
    """Take a measure out of the archive. Planung."""
    require(by, "massnahmen.archive_massnahme", massnahme)
    current = lock(massnahme)
    if not current.archiviert_am:
        raise TransitionError(f"„{current}“ ist nicht im Archiv.")
    current.archiviert_am = current.archivgrund = None
    current.version += 1
    current.save(update_fields=["archiviert_am", "archivgrund", "version"])
    return current


def _begin(angaben: Positionsangaben) -> dict[str, object]:
    """The fields of a new measure, checked."""
    _check(angaben)
    weg, stand, vergabestand = STATED[angaben.vergabestand]
    return _values(angaben, _OF_THE_MEASURE) | {"weg": weg, "stand": stand, "vergabestand": vergabestand}


def _raise_version(massnahme: Massnahme) -> None:
    """Whoever has the measure open in the editor shall hear of it."""
    current = lock(massnahme)
    current.version += 1
    current.save(update_fields=["version"])


def _save_massnahme(massnahme: Massnahme, version: int, angaben: Positionsangaben, by: User) -> None:
    current = lock(massnahme)
    check_version(current, version)
    _check(angaben)
    state_vergabestand(current, angaben.vergabestand, angaben.traeger, by)
    for field, value in _values(angaben, _OF_THE_MEASURE).items():
        setattr(current, field, value)
    current.version += 1
    current.save()
    current.zielgruppen.set(angaben.zielgruppen)


def _plan(programm: Arbeitsmarktprogramm, massnahme: Massnahme, angaben: Positionsangaben) -> Programmposition:
    position = Programmposition.objects.create(programm=programm, massnahme=massnahme, **_values(angaben, _OF_THE_YEAR))
    _write_finanzierung(position, angaben.kosten_cent)
    return position


def _values(angaben: Positionsangaben, names: Sequence[str]) -> dict[str, object]:
    return {name: getattr(angaben, name) for name in names}


def _check(angaben: Positionsangaben) -> None:
    """What even a draft does not keep: it would be wrong, not only open."""
    if angaben.beginn and angaben.ende and angaben.ende < angaben.beginn:
        raise TransitionError("Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage.")
    if angaben.instrument and not angaben.instrument.is_valid_for(angaben.beginn, angaben.ende):
        raise TransitionError(
            f"„{angaben.instrument.name}“ gilt nicht während der ganzen Laufzeit. "
            "Wählen Sie ein anderes Instrument oder eine andere Laufzeit."
        )


def _write_finanzierung(position: Programmposition, kosten_cent: Mapping[Finanzquelle, int]) -> None:
    """Change only what differs, so that the history of rows shows what was really changed."""
    stored = {row.quelle: row for row in position.finanzierungen.all()}
    for quelle, row in stored.items():
        if quelle not in kosten_cent:
            row.delete()
        elif row.betrag_cent != kosten_cent[Finanzquelle(quelle)]:
            row.betrag_cent = kosten_cent[Finanzquelle(quelle)]
            row.save(update_fields=["betrag_cent"])
    Finanzierung.objects.bulk_create(
        Finanzierung(position=position, quelle=quelle, betrag_cent=cent) for quelle, cent in kosten_cent.items() if quelle not in stored
    )
