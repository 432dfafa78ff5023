"""What the programs write down about themselves: enough to find a fault, nothing about a person.

In production every line is one JSON object. Names of fields: time, level, logger, message; in a request request_id,
with its last line method, path (never the query), status, duration_ms; in a job task and task_id; exception.
Nobody's account, address or IP is a field, and what slips into a message or traceback is masked here, at the last door.
"""

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

log = logging.getLogger("jobcenter.request")

REQUEST_ID = "X-Request-ID"
_GIVEN_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_request_id: ContextVar[str] = ContextVar("request_id", default="")
_task: ContextVar[tuple[str, str]] = ContextVar("task", default=("", ""))
_SAID_BY_EXTRA = ("method", "path", "status", "duration_ms")

_MASKS = [
    # name@example.org, also as %40 in an address
    (re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"), "[E-Mail]"),
    # PostgreSQL repeats the row that it refuses: in it stand names and texts of people
    (re.compile(r"DETAIL:.*?(?=\nCONTEXT:|\n\n(?:The above|During)|\Z)", re.DOTALL), "DETAIL: [entfernt]"),
    # what opens a door: keys of password links, signatures, random keys. A slug has neither the form nor the mixture.
    (re.compile(r"[0-9A-Za-z]+-[0-9a-z]{6,7}-[0-9a-f]{32,64}\b"), "[Schlüssel]"),
    (re.compile(r"[\w.=-]+:[0-9A-Za-z]{6}:[\w-]{27,}"), "[Schlüssel]"),
    (re.compile(r"\b(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{32,}\b"), "[Schlüssel]"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[0-9A-Za-z_-]{20,}(?![\w-])"), "[Schlüssel]"),
]


def mask(text: str) -> str:
    """The text without mail addresses, keys out of links and rows out of PostgreSQL's complaints."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


def current_request_id() -> str:
    """The reference number of the request that this thread answers; empty outside of one."""
    return _request_id.get()


def begin_task(name: str, task_id: str) -> None:
    """From now on the lines of this thread belong to a job; two empty strings end that."""
    _task.set((name, task_id))


class TextFormatter(logging.Formatter):
    """For people who watch a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class JsonFormatter(logging.Formatter):
    """For machines: one object per line, and of what a record carries only the fields named here."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        if request_id := current_request_id():
            line["request_id"] = request_id
        task, task_id = _task.get()
        if task:
            line |= {"task": task, "task_id": task_id}
        for name in _SAID_BY_EXTRA:
            if name in record.__dict__:
                line[name] = record.__dict__[name]
        if "runtime" in (said_by_celery := record.__dict__.get("data") or {}):
            line["duration_ms"] = round(said_by_celery["runtime"] * 1000, 1)
        if record.exc_info:
            line["exception"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class RequestLogMiddleware:
    """Put it first: gives every request a number, answers with it, and writes one line when it is over.

    A proxy that we trust may bring the number, so that its lines and ours can be joined.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUST_PROXY else ""
        request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        began = time.perf_counter()
        outer = _request_id.set(request_id)
        try:
            response = self.get_response(request)
            response.headers[REQUEST_ID] = request_id
            if log.isEnabledFor(logging.INFO) and not request.path.startswith(("/-/", settings.STATIC_URL)):
                _write_line(request, response, time.perf_counter() - began)
            return response
        finally:
            _request_id.reset(outer)


@lru_cache(maxsize=1024)
def _mask_path(path: str) -> str:
    """Most requests are for few addresses, and masking costs more than the rest of the line."""
    return mask(path)


def _write_line(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    log.info(
        "%s %s",
        request.method,
        response.status_code,
        extra={
            "method": request.method,
            "path": _mask_path(request.path),
            "status": response.status_code,
            "duration_ms": round(seconds * 1000, 1),
        },
    )
