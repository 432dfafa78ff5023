"""Where something is wrong in a table, and how it is said."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.storage import default_storage

UMLAUTE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Fehler:
    stelle: str  # „Zeile 17“, „Blatt K2, Zelle D17“, „Datei“
    satz: str


class TabellenFehler(ValueError):
    """The file cannot be read; every fault says where and what to do."""

    def __init__(self, *fehler: Fehler) -> None:
        super().__init__("; ".join(f"{one.stelle}: {one.satz}" for one in fehler))
        self.fehler = fehler


class Zellfehler(ValueError):
    """What is wrong with one cell. {zelle} in the sentence is its place."""

    def __init__(self, satz: str) -> None:
        super().__init__(satz)
        self.satz = satz


def quote(text: str, longest: int = 40) -> str:
    """A text of a file as a sentence can carry it: one line, visible, not too long."""
    visible = "".join(sign if sign.isprintable() else "·" for sign in " ".join(text.split()))
    return f"„{visible if len(visible) <= longest else visible[: longest - 1] + '…'}“"


def enumerate_words(words: Sequence[str]) -> str:
    """„Ort“, „Plätze“ und „Beginn“."""
    quoted = [quote(word) for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} und {quoted[-1]}"


def fold(text: str) -> str:
    """Two spellings of a word are the same: case, spaces and signs do not count, ä is ae."""
    return "".join(sign for sign in text.casefold().translate(UMLAUTE) if sign.isalnum())


def column_letters(index: int) -> str:
    """0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


@contextmanager
def local_file(name: str, prefix: str) -> Iterator[Path]:
    """A stored file as a path; a remote store is copied first, in pieces."""
    try:
        yield Path(default_storage.path(name))
    except NotImplementedError:
        with NamedTemporaryFile(prefix=prefix) as copy, default_storage.open(name) as stored:
            shutil.copyfileobj(stored, copy)
            copy.flush()
            yield Path(copy.name)
