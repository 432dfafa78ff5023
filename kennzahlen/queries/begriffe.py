"""The words of the figures, explained in plain German. Text of the product, so it lies in a file beside the code."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

DATEI = Path(__file__).resolve().parents[1] / "daten" / "begriffe.toml"
_UMLAUTE = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


@dataclass(frozen=True)
class Begriff:
    anker: str
    wort: str
    text: str
    recht: str = ""
    seiten: tuple[str, ...] = ()  # codes of the Kennzahlen that use it

    @property
    def buchstabe(self) -> str:
        return _sorting(self.wort)[0].upper()


@cache
def list_begriffe() -> tuple[Begriff, ...]:
    """All of them, as a dictionary sorts them."""
    rows = tomllib.loads(DATEI.read_text(encoding="utf-8"))["begriff"]
    found = (Begriff(**{**row, "seiten": tuple(row["seiten"])}) for row in rows)
    return tuple(sorted(found, key=lambda begriff: _sorting(begriff.wort)))


def group_begriffe() -> list[tuple[str, list[Begriff]]]:
    return [(letter, list(rows)) for letter, rows in groupby(list_begriffe(), key=lambda begriff: begriff.buchstabe)]


def find_begriffe(codes: Iterable[str]) -> list[Begriff]:
    """The words that belong to certain Kennzahlen."""
    wanted = set(codes)
    return [begriff for begriff in list_begriffe() if wanted & set(begriff.seiten)]


def _sorting(wort: str) -> str:
    return wort.lower().translate(_UMLAUTE)
