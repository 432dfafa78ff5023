"""Rate limits count on while Redis is away."""

import pytest
from django.core.cache import cache

from jobcenter.common.cache import RedisOrMemoryCache


@pytest.fixture
def without_redis() -> RedisOrMemoryCache:
    return RedisOrMemoryCache("redis://127.0.0.1:9/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})


def test_what_is_counted_stays_counted(without_redis):
    assert without_redis.add("versuche", 1, timeout=60)
    assert not without_redis.add("versuche", 1, timeout=60)
    assert without_redis.incr("versuche") == 2
    assert without_redis.get("versuche") == 2
    assert without_redis.get_many(["versuche", "x"]) == {"versuche": 2}
    without_redis.set("versuche", [1, 2])
    without_redis.delete("versuche")
    assert without_redis.get("versuche", "nichts") == "nichts"


def test_with_redis_it_is_redis():
    assert isinstance(cache._connections[cache._alias], RedisOrMemoryCache)
    cache.set("a", 1)
    assert cache._connections[cache._alias]._memory.get("a") is None
