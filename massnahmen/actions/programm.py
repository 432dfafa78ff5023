"""The programme of a year: begun empty or from last year's, written on again, closed."""

from django.db import IntegrityError, transaction

from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.text import is_blank
from jobcenter.common.transitions import TransitionError, check_transition
from jobcenter.konten.models import User
from kennzahlen.models import Zielwert
from massnahmen.actions.stand import check_never_shown, find_draft_status, lock_draft, move, note_step
from massnahmen.enums import PROGRAMM_TRANSITIONS, Kapitelart, Kapitelstand, Programmstatus
from massnahmen.models import Arbeitsmarktprogramm, Finanzierung, Kapitel, Programmposition, Programmziel
from massnahmen.queries import list_fortlaufende, mark_draft


@action
def open_programm(*, jahr: int, by: User) -> Arbeitsmarktprogramm:
    """Begin the programme of a year with its usual chapters, all empty. Planung; one programme a year."""
    require(by, "massnahmen.open_programm")
    programm = _create(jahr, by)
    Kapitel.objects.bulk_create(Kapitel(programm=programm, nummer=n, art=art, titel=art.label) for n, art in enumerate(Kapitelart, start=1))
    return programm


@action
def copy_programm(*, vorlage: Arbeitsmarktprogramm, jahr: int, by: User) -> Arbeitsmarktprogramm:
    """Begin the programme of a year from an earlier one. Planung; one programme a year.

    Texts come along as drafts. Measures that run on come with last year's places, entries and money, each marked as not checked
    yet. Goals come without their Zielwert, unless the new year has one of the same kind.
    """
    require(by, "massnahmen.open_programm")
    if jahr <= vorlage.jahr:
        raise TransitionError(f"Das {vorlage} kann nur Vorlage für ein späteres Jahr sein.")
    programm = _create(jahr, by)
    Kapitel.objects.bulk_create(
        Kapitel(
            programm=programm,
            nummer=kapitel.nummer,
            art=kapitel.art,
            titel=kapitel.titel,
            text=kapitel.text,
            stand=Kapitelstand.IN_ARBEIT if kapitel.text else Kapitelstand.OFFEN,
            verantwortlich=kapitel.verantwortlich if kapitel.verantwortlich and kapitel.verantwortlich.is_active else None,
        )
        for kapitel in vorlage.kapitel.select_related("verantwortlich")
    )
    _copy_ziele(vorlage, programm)
    _copy_positionen(vorlage, programm)
    return programm


@action
def discard_programm(*, programm: Arbeitsmarktprogramm, marke: str, by: User) -> None:
    """Throw a draft away of which no Fassung was ever frozen, with texts, goals and plans. Planung.

    `marke` is that of the draft which the person saw (`mark_draft`): what somebody has written since does not go unseen.
    Measures stay and can be planned again; the history of rows keeps what was written.
    """
    require(by, "massnahmen.open_programm")
    current = lock_draft(programm)
    check_never_shown(current)
    if mark_draft(current) != marke:
        raise TransitionError(f"Inzwischen hat jemand am {current} geschrieben. Sehen Sie es sich noch einmal an.")
    current.schritte.all().delete()
    current.delete()


@action
def update_zusammenfassung(
    *, programm: Arbeitsmarktprogramm, version: int, zusammenfassung: str, grund: str = "", by: User
) -> Arbeitsmarktprogramm:
    """Save the programme's summary. Planung; drafts only; VersionConflict. `grund` stands in the history."""
    require(by, "massnahmen.change_kapitel", programm)
    current = lock_draft(programm)
    check_version(current, version)
    current.zusammenfassung = zusammenfassung
    current.version += 1
    current.save(update_fields=["zusammenfassung", "version"])
    return current


@action
def reopen_programm(*, programm: Arbeitsmarktprogramm, grund: str, by: User) -> Arbeitsmarktprogramm:
    """Take a programme back to writing before it is published; its Fassungen stay as they are. Leitung, with the reason."""
    require(by, "massnahmen.reopen_programm", programm)
    current = lock(programm)
    zurueck = find_draft_status(current)
    check_transition(PROGRAMM_TRANSITIONS, current.status, zurueck, noun=f"Das {current}")
    _check_grund(grund, "wieder geöffnet wird")
    return move(current, zurueck, by=by, grund=grund.strip())


@action
def begin_fortschreibung(*, programm: Arbeitsmarktprogramm, grund: str, by: User) -> Arbeitsmarktprogramm:
    """Write on a published programme during its year; the published Fassung stays public meanwhile. Leitung, with the reason."""
    require(by, "massnahmen.begin_fortschreibung", programm)
    current = lock(programm)
    if current.status != Programmstatus.VEROEFFENTLICHT:  # from elsewhere it is reopened
        raise TransitionError(
            f"Das {current} ist im Stand „{current.get_status_display()}“. Fortschreiben lässt sich nur, was veröffentlicht ist."
        )
    _check_grund(grund, "fortgeschrieben wird")
    return move(current, Programmstatus.FORTSCHREIBUNG, by=by, grund=grund.strip())


@action
def end_fortschreibung(*, programm: Arbeitsmarktprogramm, grund: str, by: User) -> Arbeitsmarktprogramm:
    """Give a Fortschreibung up: the published Fassung goes on, what was changed waits for the next one. Leitung, with the reason."""
    require(by, "massnahmen.begin_fortschreibung", programm)
    current = lock(programm)
    if current.status != Programmstatus.FORTSCHREIBUNG:
        raise TransitionError(f"Das {current} wird gerade nicht fortgeschrieben.")
    _check_grund(grund, "nicht weiter fortgeschrieben wird")
    return move(current, Programmstatus.VEROEFFENTLICHT, by=by, grund=grund.strip())


@action
def close_programm(*, programm: Arbeitsmarktprogramm, grund: str = "", by: User) -> Arbeitsmarktprogramm:
    """End a published programme for good when its year is over. Leitung; `grund` may say where the review is found."""
    require(by, "massnahmen.close_programm", programm)
    current = lock(programm)
    check_transition(PROGRAMM_TRANSITIONS, current.status, Programmstatus.ABGESCHLOSSEN, noun=f"Das {current}")
    if not current.ist_vorbei:
        raise TransitionError(f"Das Jahr {current.jahr} ist noch nicht zu Ende. Abschließen können Sie das Programm ab dem 1. Januar.")
    return move(current, Programmstatus.ABGESCHLOSSEN, by=by, grund=grund.strip())


def _create(jahr: int, by: User) -> Arbeitsmarktprogramm:
    try:
        with transaction.atomic():
            programm = Arbeitsmarktprogramm.objects.create(jahr=jahr, titel=f"Arbeitsmarktprogramm {jahr}")
    except IntegrityError:
        raise TransitionError(f"Das Arbeitsmarktprogramm {jahr} gibt es schon.") from None
    note_step(programm, "", Programmstatus.ENTWURF, by=by)
    return programm


def _copy_ziele(vorlage: Arbeitsmarktprogramm, programm: Arbeitsmarktprogramm) -> None:
    def key(zielwert: Zielwert) -> tuple[int, int, str, str]:
        return zielwert.jobcenter_id, zielwert.kennzahl_id, zielwert.geschlecht, zielwert.art

    agreed = {key(zielwert): zielwert for zielwert in Zielwert.objects.filter(jahr=programm.jahr)}
    Programmziel.objects.bulk_create(
        Programmziel(
            programm=programm,
            nummer=ziel.nummer,
            text=ziel.text,
            handlungsfeld_id=ziel.handlungsfeld_id,
            zielwert=agreed.get(key(ziel.zielwert)) if ziel.zielwert else None,
        )
        for ziel in vorlage.ziele.select_related("zielwert")
    )


def _copy_positionen(vorlage: Arbeitsmarktprogramm, programm: Arbeitsmarktprogramm) -> None:
    before = list_fortlaufende(vorlage, programm.jahr).laufen_weiter
    after = Programmposition.objects.bulk_create(
        Programmposition(
            programm=programm,
            massnahme=position.massnahme,
            handlungsfeld_id=position.handlungsfeld_id,
            plaetze=position.plaetze,
            geplante_eintritte=position.geplante_eintritte,
            erfolgskriterium=position.erfolgskriterium,
            eingliederung_prozent=position.eingliederung_prozent,
            bemerkung=position.bemerkung,
            uebernommen=True,
        )
        for position in before
    )
    Finanzierung.objects.bulk_create(
        Finanzierung(position=new, quelle=share.quelle, betrag_cent=share.betrag_cent)
        for old, new in zip(before, after, strict=True)
        for share in old.finanzierungen.all()
    )


def _check_grund(grund: str, wozu: str) -> None:
    if is_blank(grund):
        raise TransitionError(f"Der Grund fehlt. Schreiben Sie in einem Satz, warum das Programm {wozu}.")
