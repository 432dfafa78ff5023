"""Every change of programme and measures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.common.events import publish
from jobcenter.common.text import is_blank
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from massnahmen.enums import PROGRAMM_TRANSITIONS, Beratungsergebnis, Finanzquelle, Programmstatus
from massnahmen.models import (
    Arbeitsmarktprogramm,
    Beratung,
    Fassung,
    Finanzierung,
    Instrument,
    Kapitel,
    Massnahme,
    Programmposition,
    Traeger,
    Veroeffentlichung,
    Zielgruppe,
)
from massnahmen.queries import collect_inhalt

# The table of contents that programmes of zugelassene kommunale Träger share.
KAPITEL = (
    "Vorwort",
    "Rückblick auf das Vorjahr",
    "Rahmenbedingungen",
    "Wen wir beraten",
    "Ziele",
    "Strategie und Handlungsfelder",
    "Zielgruppen",
    "Instrumente und Maßnahmen",
    "Finanzen",
    "Gleichstellung",
    "Netzwerk und Beirat",
    "Steuerung und Auswertung",
)


@dataclass(frozen=True)
class Positionsangaben:
    """What an editor states about a measure in a programme year. Money in cents by source; only sources with money."""

    titel: str
    beschreibung: str
    instrument: Instrument
    zielgruppen: Sequence[Zielgruppe]
    traeger: Traeger | None
    beginn: date
    ende: date
    plaetze: int
    geplante_eintritte: int
    kosten_cent: Mapping[Finanzquelle, int]


@action
def open_programm(*, jahr: int, by: User) -> Arbeitsmarktprogramm:
    """Begin the programme of a year with its usual chapters, all empty. Planung; one programme a year."""
    require(by, "massnahmen.open_programm")
    try:
        with transaction.atomic():
            programm = Arbeitsmarktprogramm.objects.create(jahr=jahr, titel=f"Arbeitsmarktprogramm {jahr}")
    except IntegrityError:
        raise TransitionError(f"Das Arbeitsmarktprogramm {jahr} gibt es schon.") from None
    Kapitel.objects.bulk_create(Kapitel(programm=programm, nummer=n, titel=titel) for n, titel in enumerate(KAPITEL, start=1))
    return programm


@action
def update_kapitel(*, kapitel: Kapitel, version: int, text: str, grund: str = "", by: User) -> Kapitel:
    """Save a chapter's text on top of the version that the writer saw. Planung; drafts only; VersionConflict.

    `grund` stands in the history.
    """
    require(by, "massnahmen.change_kapitel", kapitel)
    _lock_draft(kapitel.programm)
    current = lock(kapitel)
    check_version(current, version)
    current.text = text
    current.version += 1
    current.save(update_fields=["text", "version"])
    return current


@action
def update_zusammenfassung(
    *, programm: Arbeitsmarktprogramm, version: int, zusammenfassung: str, grund: str = "", by: User
) -> Arbeitsmarktprogramm:
    """Save the programme's summary. Planung; drafts only; VersionConflict. `grund` stands in the history."""
    require(by, "massnahmen.change_kapitel", programm)
    current = _lock_draft(programm)
    check_version(current, version)
    current.zusammenfassung = zusammenfassung
    current.version += 1
    current.save(update_fields=["zusammenfassung", "version"])
    return current


@action
def add_position(*, programm: Arbeitsmarktprogramm, angaben: Positionsangaben, by: User) -> Programmposition:
    """Plan a new measure in a draft. Planung; the instrument has to be valid for the whole term."""
    require(by, "massnahmen.change_massnahme", programm)
    current = _lock_draft(programm)
    _check_instrument(angaben)
    massnahme = Massnahme(**_massnahme_fields(angaben))
    massnahme.save()
    massnahme.zielgruppen.set(angaben.zielgruppen)
    return _plan(current, massnahme, angaben)


@action
def continue_massnahme(
    *, programm: Arbeitsmarktprogramm, massnahme: Massnahme, version: int, angaben: Positionsangaben, by: User
) -> Programmposition:
    """Plan a measure that another year's programme knows in this draft as well, once, and save what changes with it.

    Planung; drafts only; VersionConflict. Frozen Fassungen keep the measure as it was.
    """
    require(by, "massnahmen.change_massnahme", programm)
    current = _lock_draft(programm)
    if current.positionen.filter(massnahme=massnahme).exists():
        raise TransitionError(f"„{massnahme}“ steht schon im {current}.")
    _save_massnahme(massnahme, version, angaben)
    return _plan(current, massnahme, angaben)


@action
def create_traeger(*, name: str, ort: str, by: User) -> Traeger:
    """Add an organisation that carries out measures. Planung; a name once."""
    require(by, "massnahmen.create_traeger")
    try:
        with transaction.atomic():
            return Traeger.objects.create(name=name, ort=ort)
    except IntegrityError:
        raise TransitionError(f"Den Träger „{name}“ gibt es schon.") from None


@action
def update_position(*, position: Programmposition, version: int, angaben: Positionsangaben, grund: str = "", by: User) -> Programmposition:
    """Save a measure and what the year plans with it, on top of the version of the measure that the writer saw.

    Planung; drafts only; VersionConflict carries the measure as it is stored now. `grund` stands in the history.
    """
    require(by, "massnahmen.change_massnahme", position)
    _lock_draft(position.programm)
    _save_massnahme(position.massnahme, version, angaben)
    current = lock(position)
    current.plaetze = angaben.plaetze
    current.geplante_eintritte = angaben.geplante_eintritte
    current.save(update_fields=["plaetze", "geplante_eintritte"])
    _write_finanzierung(current, angaben.kosten_cent)
    return current


@action
def remove_position(*, position: Programmposition, by: User) -> None:
    """Take a measure out of a draft, with the places and the money planned for it. Planung; drafts only.

    The measure itself stays, as do other years and every Fassung; the history of rows keeps what was planned.
    """
    require(by, "massnahmen.change_massnahme", position)
    _lock_draft(position.programm)
    if not Programmposition.objects.filter(pk=position.pk).exists():
        raise TransitionError(f"„{position.massnahme}“ steht nicht mehr im {position.programm}.")
    lock(position).delete()


@action
def submit_programm(*, programm: Arbeitsmarktprogramm, pruefsumme: str, by: User) -> Fassung:
    """Freeze the draft as the next Fassung and hand it to the Beirat. Leitung; a programme without measures is refused.

    `pruefsumme` is the fingerprint of the content that the person read and confirmed: a draft that has changed since
    is not frozen unread.
    """
    require(by, "massnahmen.submit_programm", programm)
    current = lock(programm)
    check_transition(PROGRAMM_TRANSITIONS, current.status, Programmstatus.BEIM_BEIRAT, noun=f"Das {current}")
    inhalt = collect_inhalt(current)
    if not inhalt["massnahmen"]:
        raise TransitionError(f"Das {current} hat noch keine Maßnahme. Planen Sie mindestens eine, bevor Sie es vorlegen.")
    text = canonical_json(inhalt)
    if fingerprint(text) != pruefsumme:
        raise TransitionError(
            f"Das {current} wurde geändert, seit Sie es geprüft haben. Prüfen Sie es noch einmal und legen Sie es dann vor."
        )
    if current.fassungen.filter(pruefsumme=pruefsumme, beratung__isnull=False).exists():
        raise TransitionError(
            "Über genau diesen Text hat der Beirat schon beraten. Ändern Sie das Programm, bevor Sie es noch einmal vorlegen."
        )
    fassung = Fassung.objects.create(
        programm=current, nummer=current.fassungen.count() + 1, inhalt=text, pruefsumme=pruefsumme, vorgelegt_von=by
    )
    _set_status(current, Programmstatus.BEIM_BEIRAT)
    publish("massnahmen.fassung_vorgelegt", fassung.pk)
    return fassung


@action
def reopen_programm(*, programm: Arbeitsmarktprogramm, by: User) -> Arbeitsmarktprogramm:
    """Turn the programme back into a draft; its Fassungen stay as they are. Leitung."""
    require(by, "massnahmen.reopen_programm", programm)
    current = lock(programm)
    check_transition(PROGRAMM_TRANSITIONS, current.status, Programmstatus.ENTWURF, noun=f"Das {current}")
    _set_status(current, Programmstatus.ENTWURF)
    return current


@action
def begin_abstimmung(*, fassung: Fassung, by: User) -> None:
    """Hold the programme while the Beirat votes on its newest Fassung. Whoever opens the ballot."""
    require(by, "massnahmen.record_beratung", fassung)
    current = _lock_newest(fassung)
    if current.status != Programmstatus.BEIM_BEIRAT:
        raise TransitionError(f"Das {current} liegt gerade nicht beim Beirat. Über {fassung} kann er nicht beraten.")
    _set_status(current, Programmstatus.ABSTIMMUNG)


@action
def break_off_abstimmung(*, fassung: Fassung, by: User) -> None:
    """Give the programme back to the Beirat's agenda without advice. Whoever breaks off the ballot."""
    require(by, "massnahmen.record_beratung", fassung)
    current = _lock_newest(fassung)
    check_transition(PROGRAMM_TRANSITIONS, current.status, Programmstatus.BEIM_BEIRAT, noun=f"Das {current}")
    _set_status(current, Programmstatus.BEIM_BEIRAT)


@action
def record_beratung(
    *, fassung: Fassung, ergebnis: Beratungsergebnis, ja: int, nein: int, enthaltung: int, beschluss: str, by: User
) -> Beratung:
    """Write down the Beirat's advice on a Fassung. Whoever closes its ballot; once per Fassung, and only on the newest one."""
    require(by, "massnahmen.record_beratung", fassung)
    current = _lock_newest(fassung)
    check_transition(PROGRAMM_TRANSITIONS, current.status, Programmstatus.BERATEN, noun=f"Das {current}")
    beratung = Beratung.objects.create(fassung=fassung, ergebnis=ergebnis, ja=ja, nein=nein, enthaltung=enthaltung, beschluss=beschluss)
    _set_status(current, Programmstatus.BERATEN)
    publish("massnahmen.programm_beraten", beratung.pk)
    return beratung


@action
def publish_programm(*, beratung: Beratung, antwort: str = "", by: User) -> Veroeffentlichung:
    """Make the advised Fassung public. Leitung; a No or a split vote needs the Jobcenter's written answer (§ 18d SGB II)."""
    require(by, "massnahmen.publish_programm", beratung)
    current = lock(beratung.fassung.programm)
    check_transition(PROGRAMM_TRANSITIONS, current.status, Programmstatus.VEROEFFENTLICHT, noun=f"Das {current}")
    if beratung.fassung.nummer != current.fassungen.count():
        raise TransitionError(f"Zu {beratung.fassung} gibt es schon eine neuere Fassung.")
    if beratung.braucht_antwort and is_blank(antwort):
        raise TransitionError("Im Beirat gab es Gegenstimmen. Schreiben Sie dazu eine Antwort, bevor Sie veröffentlichen.")
    veroeffentlichung = Veroeffentlichung.objects.create(beratung=beratung, antwort=antwort.strip(), von=by)
    _set_status(current, Programmstatus.VEROEFFENTLICHT)
    publish("massnahmen.programm_veroeffentlicht", veroeffentlichung.pk)
    return veroeffentlichung


def check_draft(programm: Arbeitsmarktprogramm) -> None:
    """Raise TransitionError unless the programme is a draft."""
    if not programm.ist_entwurf:
        raise TransitionError(f"Das {programm} ist im Stand „{programm.get_status_display()}“ und kann jetzt nicht geändert werden.")


def _lock_draft(programm: Arbeitsmarktprogramm) -> Arbeitsmarktprogramm:
    current = lock(programm)
    check_draft(current)
    return current


def _lock_newest(fassung: Fassung) -> Arbeitsmarktprogramm:
    current = lock(fassung.programm)
    if current.fassungen.filter(nummer__gt=fassung.nummer).exists():
        raise TransitionError(f"Zu {fassung} gibt es schon eine neuere Fassung. Nur über die neueste kann der Beirat beraten.")
    return current


def _set_status(programm: Arbeitsmarktprogramm, status: Programmstatus) -> None:
    programm.status = status
    programm.version += 1
    programm.save(update_fields=["status", "version"])


def _save_massnahme(massnahme: Massnahme, version: int, angaben: Positionsangaben) -> None:
    current = lock(massnahme)
    check_version(current, version)
    _check_instrument(angaben)
    for field, value in _massnahme_fields(angaben).items():
        setattr(current, field, value)
    current.version += 1
    current.save()
    current.zielgruppen.set(angaben.zielgruppen)


def _plan(programm: Arbeitsmarktprogramm, massnahme: Massnahme, angaben: Positionsangaben) -> Programmposition:
    position = Programmposition.objects.create(
        programm=programm, massnahme=massnahme, plaetze=angaben.plaetze, geplante_eintritte=angaben.geplante_eintritte
    )
    _write_finanzierung(position, angaben.kosten_cent)
    return position


def _massnahme_fields(angaben: Positionsangaben) -> dict[str, object]:
    names = ("titel", "beschreibung", "instrument", "traeger", "beginn", "ende")
    return {name: getattr(angaben, name) for name in names}


def _check_instrument(angaben: Positionsangaben) -> None:
    if not angaben.instrument.is_valid_for(angaben.beginn, angaben.ende):
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
