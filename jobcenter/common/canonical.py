"""One spelling of a content, so that one fingerprint stands for it."""

import hashlib
import json
from typing import Any


def canonical_json(content: Any) -> str:
    """Sorted keys, no spaces, UTF-8 as is. Money in it is whole cents, dates are ISO strings; floats are refused."""
    _refuse_floats(content)
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def fingerprint(text: str) -> str:
    """SHA-256 of the UTF-8 text as 64 hexadecimal digits, the same that PostgreSQL computes in the CHECK."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _refuse_floats(content: Any) -> None:
    if isinstance(content, float):
        raise TypeError("A float has no canonical spelling: use cents or a string.")
    if isinstance(content, dict):
        for value in content.values():
            _refuse_floats(value)
    elif isinstance(content, list | tuple):
        for value in content:
            _refuse_floats(value)
