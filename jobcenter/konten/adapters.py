"""Where allauth asks the house: who may come in, where to next, and in which words."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User

log = logging.getLogger(__name__)


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
        if not may_enter(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away must not turn a change that is already made into an error page.

        Whoever asked for a mail gets the same answer as ever, which says what to do when nothing comes: a different
        one would tell strangers which addresses have an account.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            log.exception("Mail server not reachable, mail %s is lost", template_prefix)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        if may_enter(user):
            super().send_password_reset_mail(user, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """An account has one address, its own; allauth would look for verified ones."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        words = {"reauthenticate": "Mit dem Passwort bestätigen", "mfa_reauthenticate": "Mit einem Code der App bestätigen"}
        return [method | {"description": words[method["id"]]} for method in super().get_reauthentication_methods(user)]


class ZweiterFaktorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Der Code stimmt nicht oder ist abgelaufen. Tragen Sie den Code ein, den die App gerade zeigt.",
        "cannot_generate_recovery_codes": "Notfallcodes gibt es erst, wenn der zweite Faktor eingeschaltet ist.",
    }


def may_enter(user: User) -> bool:
    return user.ist_offen and Rolle.SYSTEM not in user.rollen
