"""When PostgreSQL is away, visitors get a page with a telephone number instead of an error."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


class StoerungMiddleware:
    """Put it last: it answers with 503 what a view could not, and needs no database for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError | InterfaceError):
            log.error("PostgreSQL failed at %s", request.path, exc_info=exception)
            return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})
        return None
