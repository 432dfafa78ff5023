"""Fields and forms that speak German: money, whole numbers and dates as people write them, faults as sentences."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jobcenter.common import typography
from jobcenter.common.text import clean_text

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
            raise ValidationError(self.error_messages[error.code], code=error.code) from error
        _check_year(self, moment)
        return moment


# What a form says when a field gives no text of its own: the first class that fits, then the code of the fault.
_CHOICE = {
    "required": "„{label}“ fehlt. Wählen Sie etwas aus.",
    "invalid_choice": "„{label}“: Diese Auswahl gibt es nicht. Wählen Sie etwas aus der Liste.",
}
_SENTENCES: list[tuple[type[forms.Field], dict[str, str]]] = [
    (CentField, {}),
    (ZahlField, {}),
    (DatumField, {}),
    (ZeitpunktField, {}),
    (
        forms.EmailField,
        {
            "required": "Die E-Mail-Adresse fehlt. Sie sieht zum Beispiel so aus: name@beispiel.de.",
            "invalid": "Die E-Mail-Adresse ist nicht vollständig. Sie sieht zum Beispiel so aus: name@beispiel.de.",
        },
    ),
    (
        forms.URLField,
        {
            "required": "„{label}“ fehlt. Eine Adresse beginnt mit https://.",
            "invalid": "Das ist keine Internetadresse. Sie beginnt mit https://.",
        },
    ),
    (forms.ModelMultipleChoiceField, {"required": "„{label}“ fehlt. Wählen Sie mindestens einen Eintrag aus."}),
    (forms.MultipleChoiceField, {"required": "„{label}“ fehlt. Wählen Sie mindestens einen Eintrag aus."}),
    (forms.ModelChoiceField, _CHOICE),
    (forms.ChoiceField, _CHOICE),
    (forms.BooleanField, {"required": "Setzen Sie den Haken bei „{label}“, wenn Sie weitermachen möchten."}),
    (
        forms.FileField,
        {"required": "„{label}“ fehlt. Wählen Sie eine Datei aus.", "empty": "Die Datei ist leer. Wählen Sie eine andere aus."},
    ),
    (forms.DecimalField, {"invalid": "Das ist keine Zahl. Schreiben Sie zum Beispiel 12,5."}),
    (forms.IntegerField, {"invalid": "Das ist keine ganze Zahl. Schreiben Sie zum Beispiel 12."}),
    (
        forms.DateField,
        {
            "required": "„{label}“ fehlt. Schreiben Sie das Datum so: 31.12.2026.",
            "invalid": "„{label}“: Dieses Datum gibt es nicht. Schreiben Sie es so: 31.12.2026.",
        },
    ),
    (forms.DateTimeField, {"invalid": "„{label}“: Diesen Zeitpunkt gibt es nicht. Schreiben Sie ihn so: 31.12.2026 14:05."}),
]
_FOR_ALL = {
    "required": "„{label}“ fehlt. Füllen Sie das Feld aus.",
    "max_length": "„{label}“ ist zu lang. Erlaubt sind %(limit_value)d Zeichen, es sind %(show_value)d.",
    "min_length": "„{label}“ ist zu kurz. Nötig sind mindestens %(limit_value)d Zeichen, es sind %(show_value)d.",
    "min_value": "„{label}“ ist zu klein. Mindestens %(limit_value)s.",
    "max_value": "„{label}“ ist zu groß. Höchstens %(limit_value)s.",
    "null_characters_not_allowed": "„{label}“ enthält ein unsichtbares Zeichen, das nicht gespeichert werden kann.",
}


class KernFormMixin:
    """Clean text, house sentences for every fault that a field does not word itself, and the browser's own calendars."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _clean_text_first(field)
            _speak(field, str(field.label or name.replace("_", " ").capitalize()))
            _use_native_calendar(field)


class KernForm(KernFormMixin, forms.Form):
    """A form of the house."""


class KernModelForm(KernFormMixin, forms.ModelForm):
    """A model form of the house. It validates; saving is an action's work."""


def _speak(field: forms.Field, label: str) -> None:
    own = next((sentences for kind, sentences in _SENTENCES if isinstance(field, kind)), {})
    silent = _default_messages(field)
    # those that word everything themselves keep their own sentence
    speaks = isinstance(field, (CentField, ZahlField, DatumField, ZeitpunktField))
    for code, sentence in (_FOR_ALL | own).items():
        if speaks and code in field.error_messages:
            continue
        if code not in field.error_messages or field.error_messages[code] == silent.get(code):
            field.error_messages[code] = sentence.replace("{label}", label.replace("%", "%%") if "%(" in sentence else label)


def _default_messages(field: forms.Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        found.update(getattr(kind, "default_error_messages", {}))
    return found


def _clean_text_first(field: forms.Field) -> None:
    """Let the field see clean text only, so that lengths are counted as the browser counts them. Passwords stay as typed."""
    if not isinstance(field, forms.CharField) or isinstance(field.widget, forms.PasswordInput):
        return
    lines = isinstance(field.widget, (forms.Textarea, forms.HiddenInput))
    read = field.to_python

    def to_python(value: Any) -> Any:
        return read(clean_text(value, lines=lines) if isinstance(value, str) else value)

    field.to_python = to_python  # type: ignore[method-assign]  # of this form's own copy of the field


def _use_native_calendar(field: forms.Field) -> None:
    if type(field.widget) is forms.DateInput:
        field.widget = DatumInput(field.widget.attrs)
    elif isinstance(field, forms.DateTimeField) and type(field.widget) is forms.DateTimeInput:
        field.widget = ZeitpunktInput(field.widget.attrs)
        field.input_formats = [*ZeitpunktField.input_formats]
