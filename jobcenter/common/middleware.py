import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.utils.translation import get_language
from django_htmx.http import HttpResponseClientRedirect

from jobcenter.common import seitenspeicher, zwischenstand
from jobcenter.common.farbschema import read_farbschema
from jobcenter.common.fehler import render_fehler
from jobcenter.common.seitenspeicher import Seite
from jobcenter.common.transitions import TransitionError


class SeitenspeicherMiddleware:
    """Answers visitors without an account out of the page cache, before anything else is asked.

    Kept is only what a view marked public has answered with 200 to a plain GET, without a cookie set or asked for.
    Who is signed in, sends something, or asks with parameters that no page knows passes by.
    """

    closed = ("/intern/", "/konto/", "/static/", "/-/")
    per_answer = frozenset({"Set-Cookie", "X-Request-ID", "Date"})  # belong to one answer, not to the page

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._is_plain(request):
            return self.get_response(request)
        key = self._key(request)
        generation, seite = seitenspeicher.read(key)
        if seite is not None:
            return self._send(request, HttpResponse(seite.body, headers=seite.headers))
        generation = generation or seitenspeicher.begin_generation()
        response = self.get_response(request)
        if not self._may_be_kept(request, response):
            return response
        seite = self._to_seite(response)
        if generation:
            seitenspeicher.write(key, generation, seite)
        for name, value in seite.headers.items():
            response.headers[name] = value
        return self._send(request, response)

    def _is_plain(self, request: HttpRequest) -> bool:
        return (
            settings.SEITENSPEICHER
            and request.method in {"GET", "HEAD"}
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not request.path.startswith(self.closed)
            and "HTTP_HX_REQUEST" not in request.META
            and "HTTP_RANGE" not in request.META
            and request.GET.keys() <= settings.SEITENSPEICHER_PARAMETER
        )

    @staticmethod
    def _key(request: HttpRequest) -> str:
        query = urlencode(sorted(request.GET.lists()), doseq=True) if request.GET else ""
        page = (request.scheme, request.get_host(), request.path, query, get_language(), read_farbschema(request))
        return "jobcenter:seiten:" + "|".join(map(str, page))

    @staticmethod
    def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
        return (
            getattr(request, "is_public", False)
            and response.status_code == HTTPStatus.OK
            and request.method == "GET"
            and not response.streaming
            and not response.cookies
            and "no-store" not in response.get("Cache-Control", "")
            and "private" not in response.get("Cache-Control", "")
            and not _varies(response) - {"accept-encoding", "hx-request"}  # the key knows nothing of what else it varies by
        )

    def _to_seite(self, response: HttpResponse) -> Seite:
        headers = {name: value for name, value in response.items() if name not in self.per_answer}
        headers.setdefault("ETag", seitenspeicher.etag(response.content))
        headers.setdefault("Cache-Control", "public, no-cache")  # may be kept, and is asked for each time
        return Seite(headers, response.content)

    @staticmethod
    def _send(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """304 where the visitor already has this very page. Our proxy may keep the answer until this second is over."""
        response.headers["X-Accel-Expires"] = f"@{int(time.time())}"
        if "HTTP_IF_NONE_MATCH" not in request.META:
            return response
        return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


def _varies(response: HttpResponse) -> set[str]:
    return {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}


class ClosedByDefaultMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless its view is marked public.

    Django's own class asks for request.user first, which would put `Vary: Cookie` on every public page.
    """

    def process_view(self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            request.is_public = True  # type: ignore[attr-defined]  # for the page cache
            return None
        request.is_closed = True  # type: ignore[attr-defined]  # for process_response
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What only some may see stays in nobody's cache, not even in the browser's after the sign-out."""
        if getattr(request, "is_closed", False) and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def handle_no_permission(self, request: Any, view_func: Callable) -> Any:
        """A fragment asked for after the session ended sends the whole page to the sign-in, and back afterwards.

        A form that was sent after it keeps its text: it lies in its writer's draft when he has signed in again.
        """
        view_class = getattr(view_func, "view_class", None)
        if getattr(view_class, "answers_401", False):
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        login_url = reverse(self.get_login_url(view_func))
        if request.htmx:
            back = request.htmx.current_url_abs_path or request.get_full_path()
            return HttpResponseClientRedirect(f"{login_url}?{urlencode({'next': back})}")
        if request.method == "POST":
            return redirect(f"{login_url}?{urlencode(self._after_a_sent_form(request))}")
        return super().handle_no_permission(request, view_func)

    @staticmethod
    def _after_a_sent_form(request: HttpRequest) -> dict[str, str]:
        """Where to go on after the sign-in, and whether the text is kept (`gesichert`, read by the sign-in page)."""
        if zwischenstand.rescue(request.POST, request.path):
            return {"next": f"{request.path}?{zwischenstand.FELD}=1", "gesichert": "1"}
        sent_from = urlsplit(request.headers.get("Referer", ""))
        is_ours = sent_from.netloc == request.get_host()
        return {"next": sent_from.path if is_ours else reverse(settings.LOGIN_REDIRECT_URL), "gesichert": "0"}


class TransitionErrorMiddleware:
    """An action that came too late or too early is answered with its own sentence and 409.

    A page that only answers a button says so when it is opened by its address (405), instead of staying empty.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET" and not response.content:
            page = render_fehler(request, HTTPStatus.METHOD_NOT_ALLOWED)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TransitionError):
            return render_fehler(request, HTTPStatus.CONFLICT, satz=str(exception))
        return None
