"""Forms of the house: text is cleaned before it is looked at, and every fault is a sentence that says what to do."""

from typing import Any

from django import forms

from jobcenter.common.forms.felder import (
    CentField,
    DatumField,
    DatumInput,
    MonatField,
    ZahlField,
    ZeitpunktField,
    ZeitpunktInput,
    ZeitraumField,
)
from jobcenter.common.text import clean_text

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
    (MonatField, {}),
    (ZeitraumField, {}),
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
    speaks = isinstance(field, (CentField, ZahlField, DatumField, ZeitpunktField, MonatField, ZeitraumField))
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
