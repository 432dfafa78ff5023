"""Providers, whom to talk to there, and the certificates without which nobody may carry out a measure (§ 176 SGB III)."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from jobcenter.common.actions import action, check_version, lock, require
from jobcenter.common.text import is_blank
from jobcenter.common.transitions import TransitionError
from jobcenter.common.typography import NBSP
from jobcenter.konten.models import User
from massnahmen.enums import Fachbereich
from massnahmen.models import Massnahme, Massnahmezulassung, Traeger, Traegerkontakt, Traegerzulassung
from massnahmen.models.traeger import LONGEST

Z = TypeVar("Z", Traegerzulassung, Massnahmezulassung)


@dataclass(frozen=True)
class Zulassungsangaben:
    """What stands on a certificate; both days are within its term."""

    nummer: str
    stelle: str
    gueltig_von: date
    gueltig_bis: date


@dataclass(frozen=True)
class Kontaktangaben:
    """One of `mail` and `telefon` at least."""

    name: str
    funktion: str = ""
    mail: str = ""
    telefon: str = ""


@action
def create_traeger(*, name: str, ort: str, by: User) -> Traeger:
    """Add an organisation that carries out measures. Planung; a name once."""
    require(by, "massnahmen.create_traeger")
    return _save_traeger(Traeger(), name, ort)


@action
def update_traeger(*, traeger: Traeger, version: int, name: str, ort: str, by: User) -> Traeger:
    """Correct name or place on top of the version that the writer saw; frozen Fassungen keep the old name. Planung; VersionConflict."""
    require(by, "massnahmen.change_traeger", traeger)
    current = lock(traeger)
    check_version(current, version)
    current.version += 1
    return _save_traeger(current, name, ort)


@action
def remove_traeger(*, traeger: Traeger, by: User) -> None:
    """Take away a provider that was entered by mistake, with its contacts. Planung; not once anything hangs on it."""
    require(by, "massnahmen.change_traeger", traeger)
    try:
        with transaction.atomic():
            lock(traeger).delete()
    except ProtectedError:
        raise TransitionError(f"„{traeger}“ hat Maßnahmen, Verträge oder Zulassungen und bleibt deshalb.") from None


@action
def add_zulassung(*, traeger: Traeger, fachbereiche: Collection[int], angaben: Zulassungsangaben, by: User) -> Traegerzulassung:
    """Enter a provider's certificate; a renewal is a new one beside the old. Planung; five years at most (§ 5 Abs. 4 AZAV)."""
    require(by, "massnahmen.change_traeger", traeger)
    return _save_zulassung(Traegerzulassung(traeger=lock(traeger), version=0, fachbereiche=_check_fachbereiche(fachbereiche)), angaben)


@action
def update_zulassung(
    *, zulassung: Traegerzulassung, version: int, fachbereiche: Collection[int], angaben: Zulassungsangaben, by: User
) -> Traegerzulassung:
    """Correct what was typed wrong, on top of the version that the writer saw. Planung; VersionConflict."""
    require(by, "massnahmen.change_traeger", zulassung)
    current = lock(zulassung)
    check_version(current, version)
    current.fachbereiche = _check_fachbereiche(fachbereiche)
    return _save_zulassung(current, angaben)


@action
def add_massnahmezulassung(*, massnahme: Massnahme, angaben: Zulassungsangaben, by: User) -> Massnahmezulassung:
    """Enter the certificate with which a measure may be chosen with a voucher (§ 179 SGB III). Planung; five years at most."""
    require(by, "massnahmen.change_traeger", massnahme)
    return _save_zulassung(Massnahmezulassung(massnahme=lock(massnahme), version=0), angaben)


@action
def update_massnahmezulassung(*, zulassung: Massnahmezulassung, version: int, angaben: Zulassungsangaben, by: User) -> Massnahmezulassung:
    """Correct what was typed wrong, on top of the version that the writer saw. Planung; VersionConflict."""
    require(by, "massnahmen.change_traeger", zulassung)
    current = lock(zulassung)
    check_version(current, version)
    return _save_zulassung(current, angaben)


@action
def add_kontakt(*, traeger: Traeger, angaben: Kontaktangaben, by: User) -> Traegerkontakt:
    """Note somebody to talk to at a provider. Planung; with a mail address or a telephone number."""
    require(by, "massnahmen.change_traeger", traeger)
    return _save_kontakt(Traegerkontakt(traeger=lock(traeger), version=0), angaben)


@action
def update_kontakt(*, kontakt: Traegerkontakt, version: int, angaben: Kontaktangaben, by: User) -> Traegerkontakt:
    """Change a contact on top of the version that the writer saw. Planung; VersionConflict."""
    require(by, "massnahmen.change_traeger", kontakt)
    current = lock(kontakt)
    check_version(current, version)
    return _save_kontakt(current, angaben)


@action
def remove_kontakt(*, kontakt: Traegerkontakt, by: User) -> None:
    """Forget somebody who is no longer to be asked. Planung; nothing of the person stays."""
    require(by, "massnahmen.change_traeger", kontakt)
    lock(kontakt).delete()


def _save_traeger(traeger: Traeger, name: str, ort: str) -> Traeger:
    if is_blank(name) or is_blank(ort):
        raise TransitionError("Name und Ort fehlen. Ein Träger braucht beides.")
    traeger.name, traeger.ort = name, ort
    try:
        with transaction.atomic():
            traeger.save()
    except IntegrityError:
        raise TransitionError(f"Den Träger „{name}“ gibt es schon.") from None
    return traeger


def _check_fachbereiche(fachbereiche: Collection[int]) -> list[int]:
    """Each once, in their order."""
    if not fachbereiche:
        raise TransitionError("Der Fachbereich fehlt. Wählen Sie mindestens einen aus, er steht auf dem Zertifikat.")
    return sorted({Fachbereich(number).value for number in fachbereiche})


def _save_zulassung(zulassung: Z, angaben: Zulassungsangaben) -> Z:
    if fault := find_term_fault(angaben.gueltig_von, angaben.gueltig_bis):
        raise TransitionError(fault)
    for name, value in asdict(angaben).items():
        setattr(zulassung, name, value)
    zulassung.version += 1
    try:
        with transaction.atomic():
            zulassung.save()
    except IntegrityError:
        raise TransitionError(f"Eine Zulassung mit der Nummer „{angaben.nummer}“ ist hier schon eingetragen.") from None
    return zulassung


def find_term_fault(von: date, bis: date) -> str:
    """Why no certificate can have this term, or "". The form asks as well, to say it at the field."""
    if bis < von:
        return "Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage."
    if bis - von > LONGEST:
        return f"Eine Zulassung gilt höchstens fünf Jahre (§{NBSP}5 Abs.{NBSP}4 AZAV). Prüfen Sie beide Tage."
    return ""


def _save_kontakt(kontakt: Traegerkontakt, angaben: Kontaktangaben) -> Traegerkontakt:
    if not (angaben.mail or angaben.telefon):
        raise TransitionError("Wie ist die Person zu erreichen? Tragen Sie eine E-Mail-Adresse oder eine Telefonnummer ein.")
    for name, value in asdict(angaben).items():
        setattr(kontakt, name, value)
    kontakt.version += 1
    kontakt.save()
    return kontakt
