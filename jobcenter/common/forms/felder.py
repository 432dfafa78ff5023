"""Fields that speak German: money, whole numbers, days, months and terms as people write them."""

import re
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from jobcenter.common import typography

MOST_CENT = 100_000_000_000_00  # 100 billion euro, more than the whole Bürgergeld
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]")
# 455.000 or 455000, then perhaps ,5 ,50 ,- or ,–
_EURO = re.compile(r"(?P<euro>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<cent>\d{1,2}|-|–))?", re.ASCII)
_WHOLE = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+", re.ASCII)
_LONGEST = 40  # characters; longer is nonsense and would only cost time


class CentField(forms.Field):
    """Euro as written by hand ↔ whole cents as int: „455.000“, „455.000,50 €“, „455000“. Never negative.

    A point groups thousands and nothing else: „12.50“ is refused instead of being read as 1.250 €.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "eingabe--betrag"})
    default_error_messages = {
        "required": "Der Betrag fehlt. Tragen Sie eine Summe in Euro ein, zum Beispiel 455.000.",
        "invalid": "Das ist kein Betrag in Euro. Schreiben Sie ihn so: 455.000 oder 455.000,50.",
        "negative": "Der Betrag kann nicht kleiner als 0 sein. Tragen Sie ihn ohne Minus ein.",
        "too_large": "Der Betrag ist zu groß. Möglich sind höchstens 100.000.000.000 €.",
        "zero": "Der Betrag muss größer als 0 sein. Ohne Kosten lassen Sie die Zeile weg.",
    }

    def __init__(self, *, allow_zero: bool = True, max_cent: int = MOST_CENT, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allow_zero, self.max_cent = allow_zero, max_cent

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        text = _SPACES.sub("", str(value)).removesuffix("€").removesuffix("EUR").removesuffix("Euro")
        if text.startswith(("-", typography.MINUS, "–")):
            raise self._error("negative")
        match = _EURO.fullmatch(text) if len(text) <= _LONGEST else None
        if match is None:
            raise self._error("too_large" if re.fullmatch(r"[\d.]+", text, re.ASCII) and len(text) > _LONGEST else "invalid")
        cents = (match["cent"] or "").strip("-–").ljust(2, "0")
        return int(match["euro"].replace(".", "")) * 100 + int(cents)

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value < 0:
            raise self._error("negative")
        if value > self.max_cent:
            raise self._error("too_large")
        if value == 0 and not self.allow_zero:
            raise self._error("zero")

    def prepare_value(self, value: object) -> object:
        """Stored cents as a person would write them; what was typed stays as typed."""
        if not isinstance(value, int):
            return value
        return typography.euro(value).removesuffix(f"{typography.NBSP}€").replace(typography.MINUS, "-")

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True

    def _error(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code)


class ZahlField(forms.IntegerField):
    """A whole number as people write it: „1.200“ or „1200“. A text field, because number fields change when the wheel turns."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "eingabe--zahl"})
    default_error_messages = {
        "required": "Die Zahl fehlt. Tragen Sie eine Zahl ein, zum Beispiel 12.",
        "invalid": "Das ist keine ganze Zahl. Schreiben Sie nur Ziffern, zum Beispiel 12.",
        "min_value": "Die Zahl ist zu klein. Sie muss mindestens %(limit_value)s sein.",
        "max_value": "Die Zahl ist zu groß. Sie darf höchstens %(limit_value)s sein.",
    }

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        text = _SPACES.sub("", str(value)).replace(typography.MINUS, "-")
        if not _WHOLE.fullmatch(text.removeprefix("-")) or len(text) > _LONGEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text.replace(".", ""))

    def prepare_value(self, value: object) -> object:
        return typography.zahl(value).replace(typography.MINUS, "-") if isinstance(value, int) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        return {}  # min and max belong to number inputs; here the sentence says them


class DatumInput(forms.DateInput):
    """The browser's own calendar; a browser without one shows a text field, and 31.12.2026 is understood."""

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs={"type": "date", "class": "eingabe--datum"} | (attrs or {}), format="%Y-%m-%d")


class ZeitpunktInput(forms.DateTimeInput):
    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs={"type": "datetime-local", "class": "eingabe--zeitpunkt"} | (attrs or {}), format="%Y-%m-%dT%H:%M")


_IMPLAUSIBLE = "Das Jahr kann nicht stimmen. Möglich sind 1900 bis 2100."


def _check_year(field: forms.Field, day: date | None) -> None:
    """Refuse a slip such as 0226, and the edges of the calendar, which break when they are moved between time zones."""
    if day is not None and not 1900 <= day.year <= 2100:
        raise ValidationError(field.error_messages["implausible"], code="implausible")


class DatumField(forms.DateField):
    """A calendar day: 2026-12-31 from the browser's calendar, 31.12.2026 or 1.2.26 from a hand."""

    widget = DatumInput
    input_formats = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
    default_error_messages = {
        "required": "Das Datum fehlt. Schreiben Sie es so: 31.12.2026.",
        "invalid": "Dieses Datum gibt es nicht. Schreiben Sie es so: 31.12.2026.",
        "implausible": _IMPLAUSIBLE,
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=self.input_formats, **kwargs)

    def to_python(self, value: Any) -> Any:
        day = super().to_python(value.replace(" ", "") if isinstance(value, str) else value)
        _check_year(self, day)
        return day


class ZeitpunktField(forms.DateTimeField):
    """Day and time in German time."""

    widget = ZeitpunktInput
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M"]
    default_error_messages = {
        "required": "Tag und Uhrzeit fehlen. Schreiben Sie sie so: 31.12.2026 14:05.",
        "invalid": "Diesen Zeitpunkt gibt es nicht. Schreiben Sie ihn so: 31.12.2026 14:05.",
        "implausible": _IMPLAUSIBLE,
        "ambiguous_timezone": "In dieser Nacht wird die Uhr umgestellt, die Uhrzeit ist nicht eindeutig. "
        "Wählen Sie eine Zeit vor 2\u00a0Uhr oder ab 3\u00a0Uhr.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=self.input_formats, **kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            moment = super().to_python(value)
        except ValidationError as error:
            # the field's sentence also for what Django words itself: an hour that the clocks skip or repeat
            raise ValidationError(self.error_messages[error.code or "invalid"], code=error.code) from error
        _check_year(self, moment)
        return moment


class MonatInput(forms.DateInput):
    """The browser's own choice of a month; one without it shows a text field, and 12/2026 is understood."""

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs={"type": "month", "class": "eingabe--datum"} | (attrs or {}), format="%Y-%m")


_MONTH = re.compile(r"(?P<monat>\d{1,2})[./](?P<jahr>\d{4})|(?P<jahr_vorn>\d{4})-(?P<monat_hinten>\d{1,2})", re.ASCII)
_MONTH_WORD = re.compile(r"(?P<wort>[a-zäöü]{3,9})\.?(?P<jahr>\d{4})", re.IGNORECASE)


class MonatField(forms.Field):
    """A month: 2026-12 from the browser, 12/2026 or „Dezember 2026“ from a hand. Its value is the first day."""

    widget = MonatInput
    default_error_messages = {
        "required": "Der Monat fehlt. Schreiben Sie ihn so: 12/2026.",
        "invalid": "Diesen Monat gibt es nicht. Schreiben Sie ihn so: 12/2026.",
        "implausible": _IMPLAUSIBLE,
    }

    def to_python(self, value: object) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value.replace(day=1)
        text = _SPACES.sub("", str(value))
        found = self._read(text) if len(text) <= _LONGEST else None
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        _check_year(self, found)
        return found

    @staticmethod
    def _read(text: str) -> date | None:
        if match := _MONTH.fullmatch(text):
            jahr, monat = int(match["jahr"] or match["jahr_vorn"]), int(match["monat"] or match["monat_hinten"])
        elif match := _MONTH_WORD.fullmatch(text):
            word = match["wort"].lower()
            hits = [number for number, name in enumerate(typography.MONATE, start=1) if name.lower().startswith(word)]
            jahr, monat = int(match["jahr"]), hits[0] if len(hits) == 1 else 0
        else:
            return None
        return date(jahr, monat, 1) if 1 <= monat <= 12 and jahr else None


class Zeitraum(NamedTuple):
    """A term in whole days; `ende` None is open."""

    beginn: date
    ende: date | None


class ZeitraumInput(forms.MultiWidget):
    template_name = "django/forms/widgets/zeitraum.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(widgets=[DatumInput, DatumInput], attrs=attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [None, None] if value is None else list(value)


class ZeitraumField(forms.MultiValueField):
    """From a first to a last day. With `open_end` the last one may stay empty."""

    widget = ZeitraumInput
    default_error_messages = {
        "required": "Beginn und Ende fehlen. Tragen Sie den ersten und den letzten Tag ein.",
        "reversed": "Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage.",
    }

    def __init__(self, *, open_end: bool = False, **kwargs: Any) -> None:
        begin = _part("Beginn", "Der Beginn fehlt. Tragen Sie den ersten Tag ein.")
        end = _part("Ende", "Das Ende fehlt. Tragen Sie den letzten Tag ein.")
        end.required = not open_end
        super().__init__(fields=(begin, end), require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> Zeitraum | None:
        if not data_list or data_list[0] is None:
            return None
        beginn, ende = data_list
        if ende is not None and ende < beginn:
            raise ValidationError(self.error_messages["reversed"], code="reversed")
        return Zeitraum(beginn, ende)


def _part(label: str, missing: str) -> DatumField:
    words = {
        "invalid": f"{label}: Dieses Datum gibt es nicht. Schreiben Sie es so: 31.12.2026.",
        "implausible": f"{label}: {_IMPLAUSIBLE}",
    }
    return DatumField(label=label, error_messages={"required": missing, "incomplete": missing} | words)


class MehrfachAuswahl(forms.CheckboxSelectMultiple):
    """Several of many: checkboxes in a fieldset. From a dozen on, portal.js puts a field above them that narrows the list."""

    FROM = 12
    template_name = "django/forms/widgets/mehrfachauswahl.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        options = sum(len(group) for _, group, _ in context["widget"]["optgroups"])
        context["widget"]["ist_lang"] = options >= self.FROM
        return context


class ZaehlText(forms.Textarea):
    """A text with a limit: the hint says it, portal.js counts down beside it, the server decides."""

    template_name = "django/forms/widgets/zaehltext.html"
