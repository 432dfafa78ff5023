"""Accounts: invited, changed, closed and opened again by administration; the little that people change themselves."""

from collections.abc import Collection
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.common.actions import TransitionError, action, check_version, lock, require
from jobcenter.konten.enums import Kontostand, Posttakt, Rolle
from jobcenter.konten.models import User
from jobcenter.konten.queries import EINLADUNG_GILT, read_einladung, read_mailwechsel, sign_einladung, sign_mailwechsel

ADRESSE_VERGEBEN = "Zu dieser E-Mail-Adresse gibt es schon ein Konto."
LINK_GILT_NICHT = "Dieser Link gilt nicht mehr."


# --- administration ---------------------------------------------------------------------------------------------
@action
def invite_user(*, name: str, email: str, rollen: Collection[Rolle], gueltig_bis: date | None, by: User) -> User:
    """Open an account and mail its person a link that lets them choose a password; TransitionError when the address is taken."""
    require(by, "konten.administer_konten")
    _refuse_service(rollen)
    konto = User(email=email.strip().lower(), name=name, rollen=list(rollen), gueltig_bis=gueltig_bis, eingeladen_am=clock.now())
    konto.set_unusable_password()
    try:
        with transaction.atomic():
            konto.save()
    except IntegrityError:  # whoever was first has it, also when two administrators invite at the same moment
        raise TransitionError(ADRESSE_VERGEBEN) from None
    _send_einladung(konto, by)
    return konto


@action
def resend_einladung(*, konto: User, by: User) -> User:
    """Mail a new link; the one sent before opens nothing any more."""
    require(by, "konten.change_konto", konto)
    current = lock(konto)
    if current.stand is not Kontostand.EINGELADEN:
        raise TransitionError(f"Das Konto von {current} ist nicht im Stand „eingeladen“. Eine Einladung ist nicht nötig.")
    current.eingeladen_am = clock.now()
    current.save(update_fields=["eingeladen_am"])
    _send_einladung(current, by)
    return current


@action
def change_konto(*, konto: User, version: int, name: str, rollen: Collection[Rolle], gueltig_bis: date | None, by: User) -> User:
    """Name, roles and last day of somebody else's account; VersionConflict when it was changed since `version`."""
    require(by, "konten.change_konto", konto)
    _refuse_service(rollen)
    current = _lock_with_author(konto, by)
    check_version(current, version)
    changed = {"name": name, "rollen": list(rollen), "gueltig_bis": gueltig_bis}
    for field, value in changed.items():
        setattr(current, field, value)
    current.version += 1
    current.save(update_fields=[*changed, "version"])
    if not current.ist_offen:
        _end_sessions(current)
    return current


@action
def close_konto(*, konto: User, by: User) -> User:
    """From now on nobody signs in with it, and who is signed in is out. What was done with it stays."""
    require(by, "konten.change_konto", konto)
    current = _lock_with_author(konto, by)
    if not current.is_active:
        raise TransitionError(f"Das Konto von {current} ist schon geschlossen.")
    current.is_active, current.version = False, current.version + 1
    current.save(update_fields=["is_active", "version"])
    _end_sessions(current)
    return current


@action
def reopen_konto(*, konto: User, by: User) -> User:
    require(by, "konten.change_konto", konto)
    current = lock(konto)
    if current.is_active:
        raise TransitionError(f"Das Konto von {current} ist nicht geschlossen.")
    current.is_active, current.version = True, current.version + 1
    current.save(update_fields=["is_active", "version"])
    return current


@action
def reset_zweiter_faktor(*, konto: User, by: User) -> User:
    """For somebody who lost telephone and recovery codes: the password alone signs in, then a new factor is set up."""
    require(by, "konten.change_konto", konto)
    current = lock(konto)
    deleted, _ = Authenticator.objects.filter(user=current).delete()
    if not deleted:
        raise TransitionError(f"Das Konto von {current} hat keinen zweiten Faktor.")
    _end_sessions(current)
    _send("konten/email/faktor_zurueckgesetzt.txt", "Ihr zweiter Faktor wurde zurückgesetzt", current.email, konto=current, wer=by)
    return current


# --- one's own account ------------------------------------------------------------------------------------------
@action
def accept_einladung(*, token: str, passwort: str, by: User) -> User:
    """Choose the first password. The token is the proof of who asks; it opens the account once."""
    require(by, "konten.change_eigenes_konto", by)
    current = _lock_own(by)
    if read_einladung(token) != current:
        raise TransitionError(LINK_GILT_NICHT)
    current.set_password(passwort)
    current.eingeladen_am = None
    current.save(update_fields=["password", "eingeladen_am"])
    return current


@action
def change_post_takt(*, takt: Posttakt, by: User) -> User:
    require(by, "konten.change_eigenes_konto", by)
    current = _lock_own(by)
    current.post_takt = takt
    current.save(update_fields=["post_takt"])
    return current


@action
def request_mailwechsel(*, email: str, by: User) -> None:
    """Mail a link to the new address. Until it is followed nothing changes."""
    require(by, "konten.change_eigenes_konto", by)
    neu = email.strip().lower()
    if neu == by.email:
        raise TransitionError("Das ist schon Ihre E-Mail-Adresse. Tragen Sie eine andere ein.")
    if User.objects.filter(email=neu).exists():
        raise TransitionError(ADRESSE_VERGEBEN)
    url = settings.BASE_URL + reverse("konten:mail-bestaetigen", args=[sign_mailwechsel(by, neu)])
    _send("konten/email/mailwechsel.txt", "Bitte bestätigen Sie Ihre neue E-Mail-Adresse", neu, konto=by, url=url)


@action
def confirm_mailwechsel(*, token: str, by: User) -> User:
    """The new address takes the place of the old one, which is told."""
    require(by, "konten.change_eigenes_konto", by)
    current = _lock_own(by)
    neu, alt = read_mailwechsel(token, current), current.email
    if neu is None:
        raise TransitionError(LINK_GILT_NICHT)
    current.email = neu
    try:
        with transaction.atomic():
            current.save(update_fields=["email"])
    except IntegrityError:
        raise TransitionError(ADRESSE_VERGEBEN) from None
    _send("konten/email/mail_gewechselt.txt", "Ihre E-Mail-Adresse wurde geändert", alt, konto=current)
    return current


# --- small parts ------------------------------------------------------------------------------------------------
def _refuse_service(rollen: Collection[Rolle]) -> None:
    if Rolle.SYSTEM in rollen:
        raise PermissionDenied("Die Rolle des Hintergrunddienstes bekommt niemand.")


def _lock_with_author(konto: User, by: User) -> User:
    """Lock both accounts, so that two administrators cannot take each other's role at the same moment and leave none."""
    rows = {row.pk: row for row in User.objects.select_for_update(of=("self",)).filter(pk__in=[konto.pk, by.pk]).order_by("pk")}
    require(rows[by.pk], "konten.change_konto", rows[konto.pk])
    return rows[konto.pk]


def _lock_own(by: User) -> User:
    """What a view calls request.user is a stand-in that `lock` does not know."""
    return User.objects.select_for_update(of=("self",)).get(pk=by.pk)


def _end_sessions(konto: User) -> None:
    for session in UserSession.objects.filter(user=konto):
        session.end()


def _send_einladung(konto: User, by: User) -> None:
    url = settings.BASE_URL + reverse("konten:einladung-annehmen", args=[sign_einladung(konto)])
    betreff = f"Ihr Konto beim {settings.INSTANZ.jobcenter.kurzname}"
    _send("konten/email/einladung.txt", betreff, konto.email, konto=konto, url=url, wer=by, tage=EINLADUNG_GILT.days)


def _send(template: str, betreff: str, email: str, **context: Any) -> None:
    """A mail to one address. With a link that opens something its text is forgotten once it is sent."""
    text = render_to_string(template, {"instanz": settings.INSTANZ, "base_url": settings.BASE_URL, **context}).strip()
    headers = {"X-Vertraulich": "ja"} if "url" in context else None
    EmailMessage(betreff, text, None, [email], headers=headers).send()
