"""A CSV as it comes: its bytes go on to PostgreSQL almost untouched, so every check here is one that costs next to nothing.

What COPY refuses by itself (the number of columns) is looked into afterwards by `explain`. Checked here is what COPY would
accept and get wrong: a line „\\.“ ends its input without a word, and two stray quotes swallow the rows between them.
"""

import re
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from jobcenter.common.tabellendateien import FREMDE_DATEIEN, SPEICHERN, TRENNZEICHEN, Fehler, TabellenFehler, quote, split_line
from kennzahlen.imports.spalten import (
    MOST_ZEILEN,
    SUCHE_KOPF,
    Spaltenplan,
    Tabelle,
    add_hint,
    count_matches,
    find_header,
    fixed_values,
    match_header,
)

BLOCK = 1 << 20
LONGEST_LINE = 64 * 1024
_FREMDE_TRENNER = "|:~^"
_NO_MARKS = bytes(set(range(256)) - set(b'"\n'))
_ENDE = b"\\."  # ends the input of COPY before PostgreSQL 18
_WINDOWS = re.compile(rb"[\xe4\xf6\xfc\xc4\xd6\xdc\xdf\x80\x84\x93\x96\xa7\xe9\xe8]")  # äöüÄÖÜ߀„“–§éè in cp1252


class CsvTabelle(Tabelle):
    def __init__(self, path: Path, plan: Spaltenplan) -> None:
        self.path = path
        self.groesse = path.stat().st_size
        kopf = _Kopf(path, plan)
        felder = {index: feld for feld, index in kopf.felder.items()}
        dummies = (f"_{number}" for number in range(1, len(kopf.zellen) + 1))
        self.trennzeichen = kopf.trennzeichen
        self.kopfzeilen = kopf.zeilen
        self._kopfbytes = kopf.bytes
        self.spalten = tuple(felder[index] if index in felder else next(dummies) for index in range(len(kopf.zellen)))
        self.fest = fixed_values(plan, self.spalten)
        self._umbrueche = array("l")  # lines that end inside a quoted cell

    def copy_bloecke(self) -> Iterator[bytes]:
        self.gelesen, self.zeilen = 0, 0
        self._umbrueche = array("l")
        quotes = _Quotes(self.trennzeichen, len(self.spalten), self._umbrueche)
        empty = b"\n \t" + self.trennzeichen.encode()
        held = b""  # empty lines, which count only when another follows
        lines = 0
        for block, read in lines_in_blocks(self.path):
            self.gelesen = read
            check_block(block, lines)
            if lines == 0:
                block, lines = block[self._kopfbytes :], self.kopfzeilen  # noqa: PLW2901
            if b'"' in block or quotes.open:
                quotes.check(block, lines + 1)
            if used := len(block.rstrip(empty)):
                end = block.find(b"\n", used) + 1 or len(block)
                yield held + block[:end]
                held = block[end:]
            else:
                held += block
            if len(held) > BLOCK:
                raise TabellenFehler(Fehler(f"Zeile {lines + 1}", "Hier stehen sehr viele leere Zeilen. Löschen Sie sie."))
            lines += _count_lines(block)
            self.zeilen = lines - self.kopfzeilen - _count_lines(held) - len(self._umbrueche)
            if self.zeilen > MOST_ZEILEN:
                raise TabellenFehler(Fehler(f"Zeile {lines}", f"Möglich sind höchstens {MOST_ZEILEN:,} Zeilen.".replace(",", ".")))
        quotes.finish()
        if not self.zeilen:
            raise TabellenFehler(Fehler(f"Zeile {self.kopfzeilen}", "Unter den Spaltennamen steht keine Zeile mit Werten."))

    def stelle(self, nummer: int, feld: str = "") -> str:
        line = first = self.kopfzeilen + nummer
        while (later := first + bisect_left(self._umbrueche, line)) != line:
            line = later
        return f"Zeile {line}, Spalte {feld}" if feld else f"Zeile {line}"


def explain_csv(path: Path, plan: Spaltenplan, limit: int) -> tuple[Fehler, ...]:
    """Every line for itself, as COPY reads it: a quote opens and closes wherever it stands."""
    try:
        tabelle = CsvTabelle(path, plan)
    except TabellenFehler as error:
        return error.fehler[:limit]
    reader = _Zeilenleser(tabelle)
    faults = list(islice(reader.read(path), limit))
    if reader.foreign:
        faults.insert(0, _encoding_fault(*reader.first_foreign, affected=reader.foreign))
    return tuple(faults[:limit])


def lines_in_blocks(path: Path) -> Iterator[tuple[bytes, int]]:
    """Blocks of whole lines that end with \\n whatever they ended with, without BOM, and the bytes of the file behind them."""
    rest, read, start = b"", 0, True
    with path.open("rb") as file:
        while chunk := file.read(BLOCK):
            if chunk.endswith(b"\r"):
                chunk += file.read(1)  # half of a line end
            read += len(chunk)
            if start:
                chunk, start = chunk.removeprefix(b"\xef\xbb\xbf"), False
            if b"\r" in chunk:
                chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            end = chunk.rfind(b"\n") + 1
            if end or len(rest) > LONGEST_LINE:
                end = end or len(chunk)
                yield rest + chunk[:end], read
                rest = chunk[end:]
            else:
                rest += chunk
    if rest:
        yield rest, read


def _count_lines(block: bytes) -> int:
    return block.count(b"\n") + (block[-1:] not in (b"\n", b""))


def check_block(block: bytes, before: int) -> None:
    """What no line of a table holds; `before` lines came before this block."""
    if b"\0" in block:
        line = before + block.count(b"\n", 0, block.index(b"\0")) + 1
        raise TabellenFehler(Fehler(f"Zeile {line}", f"Hier steht ein Zeichen, das in keine Tabelle gehört (NUL). {SPEICHERN}"))
    try:
        block.decode()
    except UnicodeDecodeError as error:
        start = block.rfind(b"\n", 0, error.start) + 1
        line = before + block.count(b"\n", 0, start) + 1
        raise TabellenFehler(_encoding_fault(line, block[start : block.find(b"\n", error.start) + 1 or None])) from error
    position, last = 0, len(block)
    while last - position > LONGEST_LINE:
        end = block.rfind(b"\n", position, position + LONGEST_LINE + 1)
        if end < 0:
            raise TabellenFehler(_long_line(before + block.count(b"\n", 0, position) + 1))
        position = end + 1
    if b"\\" in block and (found := re.search(rb"^\\\.$", block, re.MULTILINE)):
        raise TabellenFehler(_end_mark(before + block.count(b"\n", 0, found.start()) + 1))


class _Kopf:
    """The header, wherever it stands, and the separator that makes most sense of it."""

    def __init__(self, path: Path, plan: Spaltenplan) -> None:
        block, _ = next(lines_in_blocks(path), (b"", 0))
        for magic, sentence in FREMDE_DATEIEN.items():
            if block.startswith(magic):
                raise TabellenFehler(Fehler("Datei", f"{sentence} {SPEICHERN}"))
        if not block.strip():
            raise TabellenFehler(Fehler("Datei", "Die Datei ist leer. Laden Sie eine Datei mit Spaltennamen und Werten hoch."))
        lines = block.split(b"\n", plan.kopfzeile + SUCHE_KOPF)
        if len(lines) < plan.kopfzeile:
            sentence = f"Die Datei hat nur {len(lines)} Zeilen, die Spaltennamen sollen in Zeile {plan.kopfzeile} stehen."
            raise TabellenFehler(Fehler(f"Zeile {len(lines)}", sentence))
        end = start = plan.kopfzeile - 1
        while b"\n".join(lines[start : end + 1]).count(b'"') % 2 and end + 1 < len(lines):
            end += 1
        raw = b"\n".join(lines[: end + 1])
        check_block(raw, 0)
        header = b"\n".join(lines[start : end + 1]).decode()
        stelle = f"Zeile {plan.kopfzeile}"
        self.trennzeichen = _separator(header, plan)
        self.zellen = split_line(header, self.trennzeichen)
        quotes = _Quotes(self.trennzeichen, len(self.zellen), array("l"))
        quotes.check(header.encode(), plan.kopfzeile)
        quotes.finish()
        self.zeilen, self.bytes = end + 1, len(raw) + 1
        try:
            self.felder = match_header(self.zellen, plan, stelle)
        except TabellenFehler as error:
            top = [split_line(line.decode(errors="replace"), self.trennzeichen) for line in lines[:SUCHE_KOPF]]
            raise add_hint(error, _foreign_separator(header, plan) or find_header(top, plan)) from None


class _Quotes:
    """Follows the quotes over blocks: they may hold line ends, but not whole rows."""

    def __init__(self, separator: str, columns: int, umbrueche: "array[int]") -> None:
        self.open = False
        self._separator = separator.encode()
        self._columns = columns
        self._umbrueche = umbrueche
        self._line = self._breaks = self._separators = self._size = 0

    def check(self, block: bytes, line: int) -> None:
        if not self.open and b'"' not in block.translate(None, _NO_MARKS).replace(b'""', b""):
            return  # what opens in a line closes in it
        parts = block.split(b'"')
        first_inside = 0 if self.open else 1
        self.open = self.open != (len(parts) % 2 == 0)
        for index, part in enumerate(parts):
            breaks = part.count(b"\n")
            if index % 2 == first_inside:
                self._inside(part, line, breaks)
            elif breaks or self._separator in part:
                self._breaks = self._separators = self._size = 0
            line += breaks

    def _inside(self, part: bytes, line: int, breaks: int) -> None:
        if not self._size:
            self._line = line
        self._umbrueche.extend(range(line, line + breaks))
        self._breaks += breaks
        self._separators += part.count(self._separator)
        self._size += len(part) or 1
        if self._size > LONGEST_LINE or (self._breaks and self._separators >= self._columns - 1 > 0):
            raise TabellenFehler(_stray_quote(self._line))

    def finish(self) -> None:
        if self.open:
            raise TabellenFehler(_stray_quote(self._line))


class _Zeilenleser:
    """Puts lines together to rows and says which of them do not fit the header."""

    def __init__(self, tabelle: CsvTabelle) -> None:
        self._header = tabelle.kopfzeilen
        self._separator = tabelle.trennzeichen.encode()
        self._empty = b"\n \t" + self._separator
        sign = re.escape(self._separator)
        self._stray = re.compile(rb'(?:^|%s)"(?:[^"]|"")*"(?!"|%s|$)' % (sign, sign))  # a cell that goes on after its quotes
        self._columns = len(tabelle.spalten)
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._blank: list[int] = []
        self._rows = 0
        self.foreign = 0  # lines that are no UTF-8; one fault names the first
        self.first_foreign = (0, b"")

    def read(self, path: Path) -> Iterator[Fehler]:
        number, ended = 0, True
        for block, _ in lines_in_blocks(path):
            lines = block.split(b"\n")
            if ended := not lines[-1]:
                lines.pop()
            for line in lines:
                number += 1
                if number <= self._header:
                    continue
                if fault := self._line_fault(number, line):
                    yield fault
                else:
                    self._waiting.append((number, line))
            yield from self._row_faults(ended=ended)
        yield from self._row_faults(last=True, ended=ended)
        if not self._rows:
            yield Fehler(f"Zeile {self._header}", "Unter den Spaltennamen steht keine Zeile mit Werten.")

    def _line_fault(self, number: int, line: bytes) -> Fehler | None:
        try:
            line.decode()
        except UnicodeDecodeError:
            self.first_foreign = self.first_foreign if self.foreign else (number, line)
            self.foreign += 1
        if b"\0" in line:
            return Fehler(f"Zeile {number}", "Hier steht ein Zeichen, das in keine Tabelle gehört (NUL).")
        if len(line) > LONGEST_LINE:
            return _long_line(number)
        return _end_mark(number) if line == _ENDE else None

    def _row_faults(self, *, last: bool = False, ended: bool = True) -> Iterator[Fehler]:
        while self._waiting:
            number, row = self._waiting[0]
            taken = 1
            while row.count(b'"') % 2 and len(row) <= LONGEST_LINE and taken < len(self._waiting):
                row += b"\n" + self._waiting[taken][1]
                taken += 1
            is_open = row.count(b'"') % 2 > 0
            if is_open and not last and len(row) <= LONGEST_LINE:
                return  # the rest of the row stands in the next block
            found = b"".join(row.split(b'"')[::2]).count(self._separator) + 1
            swallowed = taken > 1 and row.count(self._separator) >= 2 * (self._columns - 1) > 0
            if not row.strip(self._empty):
                if found != self._columns:
                    self._blank.append(number)
            else:
                yield from (Fehler(f"Zeile {blank}", "Die Zeile ist leer. Löschen Sie sie.") for blank in self._blank)
                self._blank = []
                self._rows += 1
                if is_open or swallowed or (taken > 1 and found != self._columns):
                    yield _stray_quote(number)
                    taken = 1  # the lines that it swallowed are looked at for themselves
                elif found != self._columns:
                    cut = not ended and len(self._waiting) == 1
                    yield Fehler(f"Zeile {number}", self._wrong_number(row, found, cut))
                elif self._stray.search(row):
                    yield Fehler(f"Zeile {number}", "Ein Anführungszeichen steht falsch. Löschen Sie es.")
            for _ in range(taken):
                self._waiting.popleft()

    def _wrong_number(self, line: bytes, found: int, cut: bool) -> str:
        separator = self._separator.decode()
        if cut and found < self._columns:
            return f"Die letzte Zeile bricht nach {found} von {self._columns} Spalten ab. Die Datei ist wohl nicht ganz angekommen."
        for other, name in TRENNZEICHEN.items():
            if other != separator and line.count(other.encode()) + 1 == self._columns:
                return f"Die Zeile ist mit {name} getrennt, die Kopfzeile mit {TRENNZEICHEN[separator]}."
        word = "Spalte" if found == 1 else "Spalten"
        sentence = f"Die Zeile hat {found} {word}, die Kopfzeile {self._columns}."
        if b'"' in line and line.count(self._separator) + 1 == self._columns:
            return f"{sentence} Ein Anführungszeichen steht falsch. Löschen Sie es."
        if separator == "," and found > self._columns:
            return f"{sentence} Die Datei ist mit Kommas getrennt: Schreiben Sie Zahlen mit Punkt, zum Beispiel 9824.58."
        return sentence


def _separator(header: str, plan: Spaltenplan) -> str:
    return max(TRENNZEICHEN, key=lambda sign: (count_matches(split_line(header, sign), plan), header.count(sign)))


def _foreign_separator(header: str, plan: Spaltenplan) -> str:
    best = max(_FREMDE_TRENNER, key=header.count)
    if count_matches(header.split(best), plan) < 2:
        return ""
    return f" Die Spalten sind mit {quote(best)} getrennt. Möglich sind Semikolon, Komma und Tabulator."


def _encoding_fault(number: int, line: bytes, affected: int = 1) -> Fehler:
    sentence = "Die Datei ist nicht in UTF-8 gespeichert"
    text = line.decode("cp1252", errors="replace")
    word = next((word for word in re.split(r"[;,\t\"]", text) if not word.isascii()), "")
    if _WINDOWS.search(line) and not re.search(r"[\x00-\x08\ufffd]", text):
        sentence += f", sondern wohl in der Windows-Kodierung (gemeint ist {quote(word)})"
    elif word:
        sentence += f" oder beschädigt (hier: {quote(word)})"
    if affected > 1:
        sentence += f"; so ist es in {affected} Zeilen"
    return Fehler(f"Zeile {number}", f"{sentence}. {SPEICHERN}")


def _stray_quote(number: int) -> Fehler:
    return Fehler(f"Zeile {number}", "Hier beginnt ein Anführungszeichen, das nicht in der Zeile endet. Löschen oder ergänzen Sie es.")


def _long_line(number: int) -> Fehler:
    return Fehler(f"Zeile {number}", "Die Zeile ist länger als 64.000 Zeichen. So lang ist keine Zeile mit Kennzahlen.")


def _end_mark(number: int) -> Fehler:
    return Fehler(f"Zeile {number}", "In der Zeile steht nur „\\.“. Löschen Sie sie.")
