"""When PostgreSQL is away, visitors get a page with a telephone number instead of an error."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from jobcenter.common.fehler import DATABASE_AWAY, render_fehler

log = logging.getLogger(__name__)


class StoerungMiddleware:
    """Put it last: it answers with 503 what a view could not, and needs no database for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DATABASE_AWAY):
            log.error("PostgreSQL failed at %s", request.path, exc_info=exception)
            return render_fehler(request, HTTPStatus.SERVICE_UNAVAILABLE)
        return None
