"""The web application with the packages of production only: what the lock of the image does not name cannot be imported.

The folder in which this is measured also holds test tools, and some libraries load what they find (requests, Pygments).
"""

import re
import sys
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"


class NotInProduction:
    """Finds nothing; says of the packages outside the lock that they are not there."""

    def __init__(self) -> None:
        locked = set(re.findall(r"^([a-z0-9.-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
        names = packages_distributions().items()
        self._missing = {name for name, packages in names if not locked & {re.sub(r"[-_.]+", "-", p).lower() for p in packages}}

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.partition(".")[0] in self._missing:
            raise ModuleNotFoundError(f"{name} is not in {LOCK.name}", name=name)


sys.meta_path.insert(0, NotInProduction())

from jobcenter.wsgi import application  # noqa: E402, F401
