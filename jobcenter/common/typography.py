"""Numbers, money and dates as German type wants them: 1.234,5 %, 13,9 Mio. €, −4,7 %, 26.–30. August."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "–"
MONATE = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"]


def zahl(value: int | Decimal | None, stellen: int = 0) -> str:
    """A number with thousands points and decimal comma, rounded half up; "–" where there is none."""
    if value is None:
        return DASH
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-stellen), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{stellen}f}".replace(",", "\0").replace(".", ",").replace("\0", ".")
    return f"{MINUS}{text}" if rounded < 0 else text


def prozent(value: Decimal | None, stellen: int = 1) -> str:
    """26,5 %. The value is already in per cent."""
    return DASH if value is None else f"{zahl(value, stellen)}{NBSP}%"


def euro(cent: int | None) -> str:
    """Money from cents: 455.000 €, or 1.234,50 € where there are cents."""
    if cent is None:
        return DASH
    return f"{zahl(Decimal(cent) / 100, 2 if cent % 100 else 0)}{NBSP}€"


def euro_kurz(cent: int | None) -> str:
    """Money for headlines: 13,9 Mio. €, 570.000 €."""
    if cent is None or abs(cent) < 100_000_000:
        return euro(cent)
    return f"{zahl(Decimal(cent) / 100_000_000, 1)}{NBSP}Mio.{NBSP}€"


def datum(value: date | datetime | None) -> str:
    """22. November 2026; a moment is taken in German time."""
    day = _day(value)
    return DASH if day is None else f"{day.day}.{NBSP}{MONATE[day.month - 1]}{NBSP}{day.year}"


def datum_kurz(value: date | datetime | None) -> str:
    """22.11.2026"""
    day = _day(value)
    return DASH if day is None else f"{day:%d.%m.%Y}"


def uhrzeit(value: datetime | None) -> str:
    """14:05 Uhr, in German time."""
    return DASH if value is None else f"{timezone.localtime(value):%H:%M}{NBSP}Uhr"


def zeitpunkt(value: datetime | None) -> str:
    """22. November 2026, 14:05 Uhr"""
    return DASH if value is None else f"{datum(value)}, {uhrzeit(value)}"


def monat(value: date | None) -> str:
    """Juli 2014"""
    return DASH if value is None else f"{MONATE[value.month - 1]}{NBSP}{value.year}"


def zeitraum(von: date, bis: date | None) -> str:
    """The shortest unambiguous wording: Juli 2014, 2017, 2015–2022, Januar–Oktober 2018, 26.–30. August 2019."""
    if bis is None:
        return f"ab {datum(von)}"
    whole_months = von.day == 1 and _is_month_end(bis)
    if not whole_months:
        return _days(von, bis)
    if (von.month, bis.month) == (1, 12):
        return str(von.year) if von.year == bis.year else f"{von.year}–{bis.year}"
    if (von.year, von.month) == (bis.year, bis.month):
        return monat(von)
    if von.year == bis.year:
        return f"{MONATE[von.month - 1]}–{monat(bis)}"
    return f"{monat(von)} bis {monat(bis)}"


def dateigroesse(octets: int) -> str:
    """84 KB, 1,2 MB: thousands of bytes, as file managers count."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))}{NBSP}KB"
    return f"{zahl(Decimal(octets) / 1_000_000, 1)}{NBSP}MB"


def fingerabdruck(pruefsumme: str) -> str:
    """The first 16 of 64 hexadecimal digits in groups of four, enough to compare two papers by eye."""
    return NBSP.join(pruefsumme[i : i + 4] for i in range(0, 16, 4))


def _day(value: date | datetime | None) -> date | None:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def _is_month_end(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).day == 1


def _days(von: date, bis: date) -> str:
    if von == bis:
        return datum(von)
    if (von.year, von.month) == (bis.year, bis.month):
        return f"{von.day}.–{datum(bis)}"
    if von.year == bis.year:
        return f"{von.day}.{NBSP}{MONATE[von.month - 1]} bis {datum(bis)}"
    return f"{datum(von)} bis {datum(bis)}"
