"""What is read about accounts: links that were mailed, the second factor, what changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import signing

from jobcenter.common import clock, typography
from jobcenter.konten.enums import Posttakt, Rolle
from jobcenter.konten.models import User

EINLADUNG_GILT = timedelta(days=14)
MAILWECHSEL_GILT = timedelta(hours=24)
_EINLADUNG, _MAILWECHSEL = "konten.einladung", "konten.mailwechsel"


# --- links that were mailed: signed, not stored -----------------------------------------------------------------
def sign_einladung(konto: User) -> str:
    """The token of the invitation sent last. An older one, or one already used, names another moment."""
    assert konto.eingeladen_am is not None
    return signing.dumps([konto.pk, konto.eingeladen_am.isoformat()], salt=_EINLADUNG)


def read_einladung(token: str) -> User | None:
    """Whom a token invites; None when it is false, too old, replaced or used, or the account is closed."""
    try:
        pk, moment = signing.loads(token, salt=_EINLADUNG)
    except signing.BadSignature:
        return None
    konto = User.objects.people().filter(pk=pk, eingeladen_am=datetime.fromisoformat(moment)).first()
    if konto is None or konto.eingeladen_am is None or not konto.darf_herein:
        return None
    return konto if clock.now() <= konto.eingeladen_am + EINLADUNG_GILT else None


def sign_mailwechsel(konto: User, neu: str) -> str:
    return signing.dumps([konto.pk, konto.email, neu, clock.now().isoformat()], salt=_MAILWECHSEL)


def read_mailwechsel(token: str, konto: User) -> str | None:
    """The new address that a token confirms for this account; None when it is false, too old, or already done."""
    try:
        pk, alt, neu, moment = signing.loads(token, salt=_MAILWECHSEL)
    except signing.BadSignature:
        return None
    in_time = clock.now() <= datetime.fromisoformat(moment) + MAILWECHSEL_GILT
    return neu if (pk, alt) == (konto.pk, konto.email) and in_time else None


# --- how an account is protected --------------------------------------------------------------------------------
def has_zweiter_faktor(user: User) -> bool:
    """Recovery codes alone are none: they stand in for a factor that is missing for the moment."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


@dataclass(frozen=True)
class Sicherheit:
    """How one account is protected, in counts."""

    app: bool
    passkeys: int
    notfallcodes: int | None  # unused ones; None when there are none at all
    sitzungen: int

    @property
    def hat_zweiten_faktor(self) -> bool:
        return self.app or self.passkeys > 0


def read_sicherheit(user: User) -> Sicherheit:
    by_type: dict[str, list[Authenticator]] = {}
    for authenticator in Authenticator.objects.filter(user=user):
        by_type.setdefault(authenticator.type, []).append(authenticator)
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return Sicherheit(
        app=Authenticator.Type.TOTP in by_type,
        passkeys=len(by_type.get(Authenticator.Type.WEBAUTHN, [])),
        notfallcodes=len(codes[0].wrap().get_unused_codes()) if codes else None,
        sitzungen=len(UserSession.objects.purge_and_list(user)),
    )


# --- what changed -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Kontoaenderung:
    """One entry of an account's history."""

    am: datetime
    wer: str
    was: tuple[str, ...]


_SHOWN = {
    "name": lambda value: value,
    "email": lambda value: value,
    "rollen": lambda value: ", ".join(Rolle(rolle).label for rolle in value) or "keine Rolle",
    "gueltig_bis": lambda value: typography.datum(value) if value else "ohne Ende",
    "post_takt": lambda value: Posttakt(value).label,
}


def list_aenderungen(konto: User) -> list[Kontoaenderung]:
    """Who changed what in an account, newest first. Two queries."""
    events = list(konto.events.select_related("pgh_context").order_by("pgh_id"))  # type: ignore[attr-defined]  # tracked
    authors = {_context(event).get("user") for event in events}
    names = dict(User.objects.filter(pk__in=authors - {None}).values_list("pk", "name"))
    found = []
    for before, event in zip([None, *events], events, strict=False):
        if sentences := tuple(_differences(before, event)):
            found.append(Kontoaenderung(event.pgh_created_at, names.get(_context(event).get("user"), ""), sentences))
    return found[::-1]


def _context(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _differences(before: Any, event: Any) -> Iterator[str]:
    if before is None:
        yield "Konto angelegt"
        return
    for field, words in _SHOWN.items():
        old, new = getattr(before, field), getattr(event, field)
        if old != new:
            label = User._meta.get_field(field).verbose_name  # type: ignore[union-attr]  # plain fields
            yield f"{label}: {words(old)} → {words(new)}"
    if before.is_active != event.is_active:
        yield "Konto wieder geöffnet" if event.is_active else "Konto geschlossen"
    if before.eingeladen_am != event.eingeladen_am:
        yield "Einladung geschickt" if event.eingeladen_am else "Einladung angenommen"
