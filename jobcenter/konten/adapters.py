"""Where allauth asks the house: who may come in, where to next, and in which words."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jobcenter.konten.models import User

CONFIDENTIAL = frozenset(["account/email/password_reset_key"])


class KontenAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Dieses Konto ist geschlossen. Bitte wenden Sie sich an die Administration.",
        "email_password_mismatch": "E-Mail-Adresse oder Passwort stimmen nicht. Prüfen Sie beides und versuchen Sie es noch einmal.",
        "enter_current_password": "Das bisherige Passwort stimmt nicht. Tragen Sie es noch einmal ein.",
        "incorrect_password": "Das Passwort stimmt nicht. Tragen Sie es noch einmal ein.",
        "invalid_password_reset": "Dieser Link gilt nicht mehr. Fordern Sie einen neuen an.",
        "rate_limited": "Das waren zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal.",
        "too_many_login_attempts": "Das waren zu viele Versuche. Warten Sie fünf Minuten und versuchen Sie es dann noch einmal.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by administration."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Closed accounts and those of background services stay outside, whatever password they show."""
        if not user.darf_herein:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """A link that opens an account marks its mail: the text is forgotten once it is sent."""
        if template_prefix in CONFIDENTIAL:
            headers = (headers or {}) | {"X-Vertraulich": "ja"}
        return super().render_mail(template_prefix, email, context, headers)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        if user.darf_herein:
            super().send_password_reset_mail(user, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """An account has one address, its own; allauth would look for verified ones."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("konten:mein-konto")

    def set_password(self, user: User, password: str) -> None:
        """Whoever chooses a password has no use for the invitation any more. Writes nothing else that others may have changed."""
        user.set_password(password)
        user.eingeladen_am = None
        user.save(update_fields=["password", "eingeladen_am"])

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A sign-in of the last minutes is proof enough: nobody types the same password twice in a row."""
        moments = [record["at"] for record in get_authentication_records(self.request, self.request.user)]
        if moments and time.time() - moments[-1] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        words = {
            "reauthenticate": "Mit dem Passwort bestätigen",
            "mfa_reauthenticate": "Mit einem Code der App oder einem Notfallcode bestätigen",
            "mfa_reauthenticate:webauthn": "Mit einem Passkey bestätigen",
        }
        return [method | {"description": words[method["id"]]} for method in super().get_reauthentication_methods(user)]


class ZweiterFaktorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Der Code stimmt nicht oder ist abgelaufen. Tragen Sie den Code ein, den die App gerade zeigt.",
        "cannot_generate_recovery_codes": "Notfallcodes gibt es erst, wenn der zweite Faktor eingeschaltet ist.",
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The browser shows the name of the house beside the passkey, not its address."""
        return super().get_public_key_credential_rp_entity() | {"name": settings.INSTANZ.jobcenter.kurzname}
