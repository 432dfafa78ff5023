"""The columns of a file that is imported, and what is found wrong with it."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from jobcenter.common.tabellendateien import Fehler, fold, quote

MOST_FEHLER = 200
_NEAR = 0.75


@dataclass(frozen=True)
class Spalte:
    """A column: the field it fills, its name, other names that are understood, and how a cell of it is read.

    `lesen` gets what the cell holds (text, number, day) and returns the value, or raises Zellfehler.
    """

    feld: str
    name: str
    lesen: Callable[[Any], Any]
    auch: Sequence[str] = ()
    pflicht: bool = False
    hilfe: str = ""
    beispiel: Any = None


class Befund:
    """What a check has found: faults refuse the file, hints are worth a look. Counted all, kept the first."""

    def __init__(self) -> None:
        self.fehler: list[Fehler] = []
        self.hinweise: list[Fehler] = []
        self.zahl = 0

    def add(self, stelle: str, satz: str) -> None:
        self.zahl += 1
        if len(self.fehler) < MOST_FEHLER:
            self.fehler.append(Fehler(stelle, satz))

    def hint(self, stelle: str, satz: str) -> None:
        if len(self.hinweise) < MOST_FEHLER:
            self.hinweise.append(Fehler(stelle, satz))

    def as_lists(self) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        return [asdict(one) for one in self.fehler], [asdict(one) for one in self.hinweise]


@dataclass
class Woerterbuch:
    """Words that stand for a row of master data. A word that several rows share stands for none of them."""

    was: str  # as a sentence names it: „Das Instrument“
    zeilen: dict[str, set[int]] = field(default_factory=dict)
    namen: dict[str, str] = field(default_factory=dict)  # folded → as it is offered

    def add(self, wort: str, pk: int) -> None:
        if key := fold(wort):
            self.zeilen.setdefault(key, set()).add(pk)
            self.namen.setdefault(key, wort)

    def find(self, wort: str) -> tuple[int | None, str]:
        """The key of the row, or a sentence that says why there is none and which word is near."""
        found = self.zeilen.get(fold(wort), set())
        if len(found) == 1:
            return next(iter(found)), ""
        if found:
            return None, f"{quote(wort)} ist mehrdeutig. Schreiben Sie das Kürzel oder den ganzen Namen."
        near = self.nearest(wort)
        return None, f"{self.was} {quote(wort)} kennt das Portal nicht.{near}"

    def nearest(self, wort: str) -> str:
        near = difflib.get_close_matches(fold(wort), self.zeilen, 1, 0.6)
        return f" Meinten Sie {quote(self.namen[near[0]], 80)}?" if near else ""


def known_names(spalten: Sequence[Spalte]) -> dict[str, str]:
    """Folded spelling → field."""
    return {fold(name): spalte.feld for spalte in spalten for name in (spalte.feld, spalte.name, *spalte.auch)}


def nearest_column(text: str, spalten: Sequence[Spalte]) -> str:
    """The name of a known column that somebody has probably meant, or nothing."""
    names = {fold(name): spalte.name for spalte in spalten for name in (spalte.name, *spalte.auch)}
    near = difflib.get_close_matches(fold(text), names, 1, _NEAR)
    return names[near[0]] if near else ""
