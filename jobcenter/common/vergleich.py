"""What is different between two states: texts word by word, numbers with their difference, records field by field.

Templates show all of it through components/vergleich.html.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby
from typing import Any, Literal

from jobcenter.common.typography import DASH, MINUS, NBSP, euro, prozent, zahl

Art = Literal["gleich", "weg", "neu"]
Einheit = Literal["euro", "prozent", "anzahl"]  # cents; a rate in per cent; a count

# A text is taken apart in three steps, and only what differs in one is looked at in the next. No character is lost.
_PARAGRAPHS = re.compile(r".*?(?:\n\s*\n|\Z)", re.DOTALL)
_SENTENCES = re.compile(r".*?(?:[.!?:;][“\"')]*\s+|\n|\Z)", re.DOTALL)
_WORDS = re.compile(r"[^\S\n]*[\w§€%]+(?:[-–.,’'/:*]\w+)*|[^\S\n]*[^\w\s]|\s+")  # „Integrations-“, „1.234,5 %“, „Teilnehmer:innen“
_STEPS = (_PARAGRAPHS, _SENTENCES, _WORDS)
_LETTER = re.compile(r"\w")
_BREAK = re.compile(r"(\n\s*\n)")
MOST_PAIRS = 30_000_000  # of pieces weighed against each other in one comparison; beyond that a passage is exchanged as a whole
SHORTEST_ANCHOR = 4  # letters; what is shorter holds no sentence together


# --- texts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stueck:
    """Some words that both texts have, only the old one (weg) or only the new one (neu)."""

    art: Art
    text: str

    @property
    def anzeige(self) -> str:
        """What the eye gets: a paragraph that was joined or split has to be seen as well."""
        return "¶" if self.art != "gleich" and self.text and not self.text.strip() and "\n" in self.text else self.text.rstrip("\n")


@dataclass(frozen=True)
class Absatz:
    stuecke: tuple[Stueck, ...]

    @property
    def ist_gleich(self) -> bool:
        return all(stueck.art == "gleich" for stueck in self.stuecke)


@dataclass(frozen=True)
class Abschnitt:
    """Paragraphs in a row that are all unchanged (to be folded) or all changed."""

    absaetze: tuple[Absatz, ...]
    ist_gleich: bool


@dataclass(frozen=True)
class Textvergleich:
    """An old and a new text in one: gleich + weg is the old one, gleich + neu the new one, to the last character."""

    stuecke: tuple[Stueck, ...]

    @property
    def ist_gleich(self) -> bool:
        return all(stueck.art == "gleich" for stueck in self.stuecke)

    @cached_property
    def absaetze(self) -> tuple[Absatz, ...]:
        return tuple(_into_paragraphs(self.stuecke))

    @cached_property
    def abschnitte(self) -> tuple[Abschnitt, ...]:
        return tuple(Abschnitt(tuple(run), same) for same, run in groupby(self.absaetze, key=lambda absatz: absatz.ist_gleich))

    @property
    def woerter_weg(self) -> int:
        return _count_words(self.stuecke, "weg")

    @property
    def woerter_neu(self) -> int:
        return _count_words(self.stuecke, "neu")


def compare_text(alt: str, neu: str) -> Textvergleich:
    """Word by word inside sentences. Fast for 50,000 words: the work is bounded, at worst a passage is exchanged whole."""
    return Textvergleich(tuple(_join(_bridge(_join(_align(alt, neu, _STEPS, _Budget(MOST_PAIRS)))))))


@dataclass
class _Budget:
    pairs: int

    def allows(self, pairs: int) -> bool:
        if pairs > self.pairs:
            return False
        self.pairs -= pairs
        return True


def _align(alt: str, neu: str, steps: tuple[re.Pattern[str], ...], budget: _Budget) -> Iterator[Stueck]:
    if alt == neu:
        yield Stueck("gleich", alt)
        return
    if not steps or not alt or not neu:
        yield from (Stueck("weg", alt), Stueck("neu", neu))
        return
    a, b = steps[0].findall(alt), steps[0].findall(neu)
    head = _same_at_start(a, b)
    tail = _same_at_start(a[head:][::-1], b[head:][::-1])
    yield Stueck("gleich", "".join(a[:head]))
    yield from _align_middle(a[head : len(a) - tail], b[head : len(b) - tail], steps[1:], budget)
    yield Stueck("gleich", "".join(a[len(a) - tail :]))


def _align_middle(a: list[str], b: list[str], steps: tuple[re.Pattern[str], ...], budget: _Budget) -> Iterator[Stueck]:
    if not budget.allows(len(a) * len(b)):
        yield from _align("".join(a), "".join(b), (), budget)
        return
    for operation, a1, a2, b1, b2 in SequenceMatcher(None, a, b).get_opcodes():
        if operation == "equal":
            yield Stueck("gleich", "".join(a[a1:a2]))
        else:
            yield from _align("".join(a[a1:a2]), "".join(b[b1:b2]), steps, budget)


def _same_at_start(a: list[str], b: list[str]) -> int:
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count


def _join(stuecke: Iterable[Stueck]) -> Iterator[Stueck]:
    """Neighbours of one kind become one; between two anchors the deleted words stand before the new ones."""
    for same, run in groupby((stueck for stueck in stuecke if stueck.text), key=lambda stueck: stueck.art == "gleich"):
        group = list(run)
        kinds: tuple[Art, ...] = ("gleich",) if same else ("weg", "neu")
        for art in kinds:
            if text := "".join(stueck.text for stueck in group if stueck.art == art):
                yield Stueck(art, text)


def _bridge(stuecke: Iterable[Stueck]) -> Iterator[Stueck]:
    """A comma or a „der“ between two changes belongs to both: one change is easier to read than two."""
    row = list(stuecke)
    for index, stueck in enumerate(row):
        inside = 0 < index < len(row) - 1
        if inside and stueck.art == "gleich" and "\n" not in stueck.text and len(_LETTER.findall(stueck.text)) < SHORTEST_ANCHOR:
            yield from (Stueck("weg", stueck.text), Stueck("neu", stueck.text))
        else:
            yield stueck


def _into_paragraphs(stuecke: Iterable[Stueck]) -> Iterator[Absatz]:
    current: list[Stueck] = []
    for stueck in stuecke:
        parts = _BREAK.split(stueck.text)  # text, break, text, break, …, text
        for text, gap in zip(parts[::2], [*parts[1::2], ""], strict=True):
            if text + gap:
                current.append(Stueck(stueck.art, text + gap))
            if gap:
                yield Absatz(tuple(current))
                current = []
    if current:
        yield Absatz(tuple(current))


def _count_words(stuecke: Iterable[Stueck], art: Art) -> int:
    return sum(len(stueck.text.split()) for stueck in stuecke if stueck.art == art)


# --- numbers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Zahlvergleich:
    """„420.000 €“, „455.000 €“ and „+8,3 %“; no difference where a side is missing or nothing changed."""

    alt: str
    neu: str
    unterschied: str

    @property
    def ist_gleich(self) -> bool:
        return self.alt == self.neu and not self.unterschied

    def __str__(self) -> str:
        return f"{self.alt} → {self.neu} ({self.unterschied})" if self.unterschied else f"{self.alt} → {self.neu}"


_AS_TEXT: dict[Einheit, Callable[[Any], str]] = {"euro": euro, "prozent": prozent, "anzahl": zahl}


def compare_zahl(alt: int | Decimal | None, neu: int | Decimal | None, einheit: Einheit) -> Zahlvergleich:
    """Money grows in per cent, a rate in percentage points, a count by so many. From nothing, or too little to be seen in
    per cent, money grows by the sum itself."""
    as_text = _AS_TEXT[einheit]
    return Zahlvergleich(as_text(alt), as_text(neu), _difference(alt, neu, einheit))


def _difference(alt: int | Decimal | None, neu: int | Decimal | None, einheit: Einheit) -> str:
    if alt is None or neu is None or alt == neu:
        return ""
    if einheit == "prozent":
        points = zahl(abs(Decimal(neu) - Decimal(alt)), 1)
        return f"weniger als 0,1{NBSP}Prozentpunkte" if points == "0,0" else f"{_sign(alt, neu)}{points}{NBSP}Prozentpunkte"
    if einheit == "anzahl":
        return f"{_sign(alt, neu)}{zahl(abs(Decimal(neu) - Decimal(alt)))}"
    growth = zahl(abs(Decimal(neu) - Decimal(alt)) * 100 / abs(Decimal(alt)), 1) if alt else "0,0"
    return f"{_sign(alt, neu)}{euro(abs(int(neu) - int(alt))) if growth == '0,0' else f'{growth}{NBSP}%'}"


def _sign(alt: int | Decimal, neu: int | Decimal) -> str:
    return "+" if neu > alt else MINUS


# --- records ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Feld:
    """How a field is compared: its label, and its unit (a number) or how a value reads (a choice, a date, a name).

    With neither it is running text, word by word; `klartext` makes text with structure readable first (richtext.to_plain).
    """

    wort: str
    einheit: Einheit | None = None
    lesen: Callable[[Any], str] | None = None
    klartext: Callable[[str], str] = str


@dataclass(frozen=True)
class Wertvergleich:
    """One value in the place of another: a date, a name, a choice."""

    alt: str
    neu: str

    @property
    def ist_gleich(self) -> bool:
        return self.alt == self.neu


@dataclass(frozen=True)
class Feldvergleich:
    """A field and its comparison; `art` tells the template which of the three it is."""

    name: str
    wort: str
    art: Literal["text", "zahl", "wert"]
    inhalt: Textvergleich | Zahlvergleich | Wertvergleich


@dataclass(frozen=True)
class Feldervergleich:
    geaendert: tuple[Feldvergleich, ...]
    unveraendert: int

    @property
    def ist_gleich(self) -> bool:
        return not self.geaendert


def compare_felder(alt: Mapping[str, Any], neu: Mapping[str, Any], felder: Mapping[str, Feld | str]) -> Feldervergleich:
    """Only the fields that changed, in the order of `felder` (name → label or Feld); a missing value is None."""
    compared = [
        compare_feld(name, Feld(feld) if isinstance(feld, str) else feld, alt.get(name), neu.get(name)) for name, feld in felder.items()
    ]
    changed = tuple(vergleich for vergleich in compared if not vergleich.inhalt.ist_gleich)
    return Feldervergleich(changed, len(compared) - len(changed))


def compare_feld(name: str, feld: Feld, alt: Any, neu: Any) -> Feldvergleich:
    if feld.einheit:
        return Feldvergleich(name, feld.wort, "zahl", compare_zahl(alt, neu, feld.einheit))
    if feld.lesen:
        return Feldvergleich(name, feld.wort, "wert", Wertvergleich(_read(feld.lesen, alt), _read(feld.lesen, neu)))
    return Feldvergleich(name, feld.wort, "text", compare_text(feld.klartext(alt or ""), feld.klartext(neu or "")))


def _read(lesen: Callable[[Any], str], value: Any) -> str:
    return DASH if value is None else lesen(value) or DASH
