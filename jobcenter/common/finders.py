"""Static files out of node_modules: exactly those that a page asks for, none of them committed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage


class NpmFinder(BaseFinder):
    """Serves `settings.NPM_FILES`: prefix → (folder below NPM_DIR, file names)."""

    def check(self, **kwargs) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs) -> Any:
        prefix, _, name = path.partition("/")
        folder, names = settings.NPM_FILES.get(prefix, ("", []))
        if name not in names:
            return []
        found = str(Path(settings.NPM_DIR) / folder / name)
        return [found] if find_all else found

    def list(self, ignore_patterns: object) -> Iterator[tuple[str, FileSystemStorage]]:
        for prefix, (folder, names) in settings.NPM_FILES.items():
            storage = FileSystemStorage(location=Path(settings.NPM_DIR) / folder)
            storage.prefix = prefix  # type: ignore[attr-defined]  # how collectstatic learns where files go
            for name in names:
                yield name, storage
