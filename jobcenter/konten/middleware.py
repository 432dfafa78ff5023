"""Behind the sign-in: who may stay, and only with a second factor."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from jobcenter.common import zwischenstand
from jobcenter.konten.queries import has_zweiter_faktor

# What setting up a second factor takes, and nothing else.
WITHOUT_FACTOR = frozenset(
    [
        "konten:zweiter-faktor",
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
    ]
)


class KontenMiddleware:
    """Signs out whose account has ended meanwhile, and leads to the second factor whoever has none.

    Asks nothing on public pages: they belong to everybody and are cached.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: Any, view_func: Callable, view_args: tuple, view_kwargs: dict) -> HttpResponse | None:
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        if not request.user.darf_herein:
            logout(request)
            return _lead(request, "account_inactive")
        if settings.MFA_PFLICHT and request.resolver_match.view_name not in WITHOUT_FACTOR and not has_zweiter_faktor(request.user):
            zwischenstand.rescue(request.POST, request.path)  # what somebody wrote waits as a draft until they come back
            return _lead(request, "konten:zweiter-faktor")
        return None


def _lead(request: Any, name: str) -> HttpResponse:
    """A fragment sends the whole page on."""
    return HttpResponseClientRedirect(reverse(name)) if request.htmx else redirect(name)
