"""How a cell is read: text, whole numbers, money, days, months, yes and no, words. German and ISO spellings, nothing guessed."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from jobcenter.common.tabellendateien import Zellfehler, day_in_text, fold, month_in_text, number_in_text, plain_number, quote
from jobcenter.common.typography import euro, zahl

# A line whose name is one of these is a total and no row.
SUMMEN = frozenset({"summe", "summen", "gesamt", "gesamtsumme", "insgesamt", "zwischensumme", "total"})
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_GAPS = re.compile(r"[\s\u00a0\u202f]+")
_CURRENCY = re.compile(r"(?i)^(€|eur)\s*|\s*(€|eur|euro)$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
Lesen = Callable[[Any], Any]


def as_text(value: Any) -> str:
    """What a cell says, whatever Excel takes it for."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, int | float):
        return plain_number(value)
    if isinstance(value, datetime) and value.time() == time():
        return f"{value:%d.%m.%Y}"
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value).strip()


def text(longest: int, *, lines: bool = False) -> Lesen:
    def read(value: Any) -> str:
        found = as_text(value)
        if _CONTROL.search(found):
            raise Zellfehler("Der Text enthält ein unsichtbares Zeichen. Tippen Sie ihn neu.")
        found = found.replace("\r\n", "\n").replace("\r", "\n") if lines else " ".join(found.split())
        if len(found) > longest:
            raise Zellfehler(f"Der Text hat {zahl(len(found))} Zeichen. Möglich sind höchstens {zahl(longest)}.")
        return found

    return read


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Zellfehler("Hier steht ein Datum oder ein Wahrheitswert statt einer Zahl. Formatieren Sie die Zelle als Zahl.")
    if isinstance(value, int | float):
        return Decimal(plain_number(value))
    written = value.strip()
    plain = _GAPS.sub(" ", _CURRENCY.sub("", written))
    try:
        found = number_in_text(plain)
    except Zellfehler:
        without = plain.replace(".", "")
        raise Zellfehler(
            f"{quote(written)} kann {without} oder {plain.replace('.', ',')} heißen. Schreiben Sie die Zahl ohne Punkt."
        ) from None
    if not _PLAIN.fullmatch(found):
        raise Zellfehler(f"{quote(written)} ist keine Zahl. Schreiben Sie sie zum Beispiel so: 1234,50.")
    return Decimal(found)


def whole(least: int, most: int) -> Lesen:
    def read(value: Any) -> int:
        number = _number(value)
        if number != number.to_integral_value():
            raise Zellfehler(f"{quote(as_text(value))} ist keine ganze Zahl.")
        if number < least:
            raise Zellfehler(f"Die Zahl kann nicht kleiner als {zahl(least)} sein.")
        if number > most:
            raise Zellfehler(f"Das sind zu viele. Möglich sind höchstens {zahl(most)}.")
        return int(number)

    return read


def money(most: int, *, least: int = 0) -> Lesen:
    """Cents."""

    def read(value: Any) -> int:
        cent = _number(value) * 100
        if cent != cent.to_integral_value():
            raise Zellfehler(f"{quote(as_text(value))} hat mehr als zwei Stellen nach dem Komma. Runden Sie auf Cent.")
        if cent < least:
            raise Zellfehler("Ein Betrag kann nicht kleiner als 0 sein." if least == 0 else f"Möglich sind mindestens {euro(least)}.")
        if cent > most:
            raise Zellfehler(f"Der Betrag ist zu groß. Möglich sind höchstens {euro(most)}.")
        return int(cent)

    return read


def day(value: Any) -> date:
    if isinstance(value, datetime):
        found: date | None = value.date() if value.time() == time() else None
    elif isinstance(value, date):
        found = value
    else:
        found = day_in_text(" ".join(value.split())) if isinstance(value, str) else None
    if found is None:
        raise Zellfehler(f"{quote(as_text(value))} ist kein Datum. Schreiben Sie es zum Beispiel so: 31.12.2026.")
    if not date(2000, 1, 1) <= found <= date(2100, 12, 31):
        raise Zellfehler(f"Das Jahr {found.year} kann nicht stimmen.")
    return found


def month(value: Any) -> date:
    """Its first day."""
    if isinstance(value, datetime | date):
        return date(value.year, value.month, 1)
    written = " ".join(as_text(value).split())
    found = re.fullmatch(r"(20[0-9]{2})-([0-9]{2})", month_in_text(written))
    if found is None:
        raise Zellfehler(f"{quote(written)} ist kein Monat. Schreiben Sie ihn zum Beispiel so: 10/2026 oder 2026-10.")
    return date(int(found[1]), int(found[2]), 1)


_YES = {
    "ja": True,
    "j": True,
    "x": True,
    "1": True,
    "wahr": True,
    "true": True,
    "nein": False,
    "n": False,
    "0": False,
    "falsch": False,
    "false": False,
}


def yes_or_no(value: Any) -> bool:
    if (found := _YES.get(fold(as_text(value)))) is None:
        raise Zellfehler(f"{quote(as_text(value))} ist weder ja noch nein.")
    return found


def choice(woerter: Mapping[str, str]) -> Lesen:
    """One of some words; `woerter` is spelling → value."""
    folded = {fold(wort): value for wort, value in woerter.items()}
    offered = ", ".join(dict.fromkeys(woerter))

    def read(value: Any) -> str:
        if (found := folded.get(fold(as_text(value)))) is None:
            raise Zellfehler(f"{quote(as_text(value))} gibt es nicht. Möglich sind: {offered}.")
        return found

    return read
