"""What a cell says: numbers, days and months as people write them, and what is no value at all."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jobcenter.common.tabellendateien.stellen import Zellfehler

_FORMEL = "Die Zelle {zelle} enthält eine Formel. Speichern Sie die Werte: kopieren Sie alles, fügen Sie „nur Werte“ ein."
_GERMAN = re.compile(r"-?[0-9]{1,3}( [0-9]{3})+(,[0-9]+)?|-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|-?[0-9]{1,3}(\.[0-9]{3}){2,}|-?[0-9]+,[0-9]+")
_EITHER = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_DAY = re.compile(
    r"(?P<j>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<t>[0-9]{1,2})(?:[ T]00:00(?::00)?)?|(?P<t2>[0-9]{1,2})\.(?P<m2>[0-9]{1,2})\.(?P<j2>[0-9]{4})"
)
_MONATE = {
    "januar": "01", "jänner": "01", "jan": "01", "februar": "02", "feb": "02", "märz": "03", "mär": "03", "mrz": "03", "maerz": "03",
    "april": "04", "apr": "04", "mai": "05", "juni": "06", "jun": "06", "juli": "07", "jul": "07", "august": "08", "aug": "08",
    "september": "09", "sept": "09", "sep": "09", "oktober": "10", "okt": "10", "november": "11", "nov": "11",
    "dezember": "12", "dez": "12",
}  # fmt: skip


def check_cell(cell: Any) -> None:
    """Raise Zellfehler for a cell of a workbook that holds no value but a formula, or what a formula could not work out."""
    if cell.data_type == "f":
        raise Zellfehler(_FORMEL)
    if cell.data_type == "e":
        shown = str(cell.value).replace("{", "").replace("}", "")
        raise Zellfehler(f"Die Zelle {{zelle}} enthält den Fehlerwert {shown}. Tragen Sie den Wert ein oder leeren Sie die Zelle.")


def plain_number(value: float, times: int = 1) -> str:
    """With the fifteen digits that Excel shows, so that 9824.5799999999999 in the file is 9824.58 here."""
    if isinstance(value, int):
        return str(value * times)
    text = format(Decimal(format(value, ".15g")) * times, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_in_text(text: str) -> str:
    """A German number with a decimal point instead, where no doubt is possible; the rest stays for whoever checks it.

    Zellfehler for 1.234, which may be one thousand or a little more than one.
    """
    number = text.replace("\u2212", "-").removesuffix("%").rstrip()
    if _GERMAN.fullmatch(number):
        return number.replace(" ", "").replace(".", "").replace(",", ".")
    if _EITHER.fullmatch(number):
        raise Zellfehler(
            f"Die Zelle {{zelle}} enthält „{text}“ als Text. Das kann {number.replace('.', '')} oder {number.replace('.', ',')} heißen. "
            "Formatieren Sie die Zelle als Zahl."
        )
    return number


def month_in_text(text: str) -> str:
    """2026-07 for every way to write it; what is no month stays as it is."""
    if found := re.fullmatch(r"(20[0-9]{2})-?(0[1-9]|1[0-2])(?:-[0-9]{2})?(?: 00:00:00)?", text):
        return f"{found[1]}-{found[2]}"
    if found := re.fullmatch(r"(?:[0-9]{1,2}\.)?(0?[1-9]|1[0-2])[./](20[0-9]{2})", text):
        return f"{found[2]}-{found[1].zfill(2)}"
    found = re.fullmatch(r"(\w+)\.? (20[0-9]{2})", text)
    return f"{found[2]}-{_MONATE[found[1].casefold()]}" if found and found[1].casefold() in _MONATE else text


def day_in_text(text: str) -> date | None:
    """31.12.2026 or 2026-12-31; None for anything else, also for the 31st of a month that has none."""
    if (found := _DAY.fullmatch(text)) is None:
        return None
    year, month, day = (int(found[name] or found[f"{name}2"]) for name in "jmt")
    try:
        return datetime(year, month, day).date()  # noqa: DTZ001 - a calendar day has no zone
    except ValueError:
        return None
