from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from jobcenter.common.transitions import TransitionError


class ClosedByDefaultMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless its view is marked public.

    Django's own class asks for request.user first, which would put `Vary: Cookie` on every public page.
    """

    def process_view(self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        request.is_closed = True  # type: ignore[attr-defined]  # for process_response
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What only some may see stays in nobody's cache, not even in the browser's after the sign-out."""
        if getattr(request, "is_closed", False) and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def handle_no_permission(self, request: Any, view_func: Callable) -> Any:
        """A fragment asked for after the session ended sends the whole page to the sign-in, and back afterwards."""
        if request.htmx:
            back = request.htmx.current_url_abs_path or request.get_full_path()
            return HttpResponseClientRedirect(f"{reverse(self.get_login_url(view_func))}?{urlencode({'next': back})}")
        return super().handle_no_permission(request, view_func)


class TransitionErrorMiddleware:
    """An action that came too late or too early is answered with its own sentence and 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TransitionError):
            return render(request, "409.html", {"satz": str(exception)}, status=409)
        return None
