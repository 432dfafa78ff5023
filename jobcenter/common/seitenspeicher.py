"""The page cache: what a visitor without an account opens is kept as bytes in Redis while its generation lasts.

Every change through an action ends the generation, so that nothing stale is shown; so do the moments at which
something becomes public by itself, such as the end of an embargo. A generation lasts at most a minute: the bound for
changes that no action made, and for the rare end that Redis did not hear of.
"""

import json
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from jobcenter.common import clock

log = logging.getLogger(__name__)

GENERATION = "jobcenter:seiten:generation"
COUNT = "jobcenter:seiten:anzahl:"
LONGEST = timedelta(minutes=1)
LARGEST = 1_000_000  # bytes of a page; larger ones are files
MOST = 2000  # pages in a generation; who asks for ever new ones fills no memory
MOST_AT_HAND = 64  # pages in each process, some megabytes
PAUSE = 1.0  # seconds without asking a Redis that has just failed

Wechsel = Callable[[], datetime | None]
_wechsel: list[Wechsel] = []
_silent_until = 0.0
_at_hand: dict[str, tuple[str, "Seite"]] = {}  # key → generation and page


@dataclass(frozen=True)
class Seite:
    """A kept answer: always 200, its headers, and the ETag among them."""

    headers: dict[str, str]
    body: bytes


@cache
def _redis() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.2)


def changes_at(function: Wechsel) -> Wechsel:
    """Register a query that says when something will next become public, or cease to be, without an action."""
    _wechsel.append(function)
    return function


def read(key: str) -> tuple[str | None, Seite | None]:
    """The current generation, and the page under the key if it belongs to it. One round trip.

    The pages asked for most lie in the process as well; Redis then says only whether their generation still holds.
    """
    at_hand = _at_hand.get(key)
    found = _ask(lambda redis: redis.mget(*([GENERATION] if at_hand else [GENERATION, key]))) or [None]
    if found[0] is None:
        return None, None
    generation = found[0].decode()
    if at_hand and at_hand[0] == generation:
        return generation, at_hand[1]
    stored = found[1] if len(found) > 1 else _ask(lambda redis: redis.get(key))
    if stored is None or not stored.startswith(found[0]):
        return generation, None
    headers, _, body = stored[len(generation) :].partition(b"\n")
    return generation, _lay_at_hand(key, generation, Seite(json.loads(headers), body))


def _lay_at_hand(key: str, generation: str, seite: Seite) -> Seite:
    if len(_at_hand) >= MOST_AT_HAND:
        _at_hand.clear()
    _at_hand[key] = (generation, seite)
    return seite


def begin_generation() -> str | None:
    """Begin a generation unless another process has; None while Redis or the database is away, and nothing is kept."""
    try:
        lifetime = _lifetime()
    except DatabaseError:
        return None
    _ask(lambda redis: redis.set(GENERATION, uuid.uuid4().hex, nx=True, px=lifetime))
    found = _ask(lambda redis: redis.get(GENERATION))
    return found.decode() if found else None


def write(key: str, generation: str, seite: Seite) -> None:
    """Keep a page for the generation in which its making began: if that has ended meanwhile, it is never shown."""
    if len(seite.body) > LARGEST:
        return
    stored = generation.encode() + json.dumps(seite.headers).encode() + b"\n" + seite.body

    def keep(redis: Redis) -> None:
        count = f"{COUNT}{generation}"
        if redis.incr(count) <= MOST:
            redis.set(key, stored, ex=LONGEST)
        redis.expire(count, LONGEST)

    _ask(keep)


def clear() -> None:
    """End the generation: from now on every page is made anew."""
    try:
        _redis().delete(GENERATION)
    except RedisError as error:
        log.warning("Page cache not reachable; pages may be up to a minute old: %s", error)


def clear_after_commit() -> None:
    """End the generation once the change is committed; a change that is undone leaves it."""
    transaction.on_commit(clear, robust=True)


def etag(body: bytes) -> str:
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def _lifetime() -> int:
    """Milliseconds until the generation has to end by itself: a minute, midnight, or the next moment on the calendar."""
    now = clock.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    moments = [now + LONGEST, midnight, *filter(None, (wechsel() for wechsel in _wechsel))]
    return max(1, int((min(moments) - now).total_seconds() * 1000))


def _ask(question: Callable[[Redis], Any]) -> Any:
    """Ask Redis; None when it is away, and then it is left alone for a second so that no visitor waits for it."""
    global _silent_until  # noqa: PLW0603  # one breaker per process
    if time.monotonic() < _silent_until:
        return None
    try:
        return question(_redis())
    except RedisError as error:
        _silent_until = time.monotonic() + PAUSE
        log.warning("Page cache not reachable: %s", error)
        return None
