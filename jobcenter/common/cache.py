"""The cache of rate limits and the like: Redis, and while it is away the memory of each process."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import Redis
from redis.exceptions import RedisError


def redis_itself() -> Redis:
    """Redis past the cache, which would hide that it is away: for questions about Redis. It answers at once or fails."""
    return _client(settings.REDIS_URL)


@functools.cache  # one for each process
def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=None)


class RedisOrMemoryCache(RedisCache):
    """Nobody is locked out because Redis is away, and guessing passwords stays slow: each process then counts for itself."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache("redis-away", {**params, "OPTIONS": {}})


def _with_memory(name: str) -> Callable[..., Any]:
    def ask(self: RedisOrMemoryCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except (RedisError, OSError):
            return getattr(self._memory, name)(*args, **kwargs)

    return ask


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear"):
    setattr(RedisOrMemoryCache, _name, _with_memory(_name))
