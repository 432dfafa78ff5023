"""The field for text with structure: an editor where JavaScript runs, a plain textarea where it does not."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jobcenter.common.richtext import from_plain, sanitise, to_plain
from jobcenter.common.text import is_blank
from jobcenter.common.typography import zahl


class RichTextInput(forms.Textarea):
    """Sends `name_html` from the editor. Without JavaScript it sends both: plain text in `name`, and in `name_html` what it was made of.

    So nobody loses lists and links by saving a text that he did not touch.
    """

    template_name = "django/forms/widgets/richtext.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        html, plain = data.get(f"{name}_html"), data.get(name)
        if plain is None:
            return html
        plain = plain.replace("\r\n", "\n").strip()
        if html is not None and to_plain(html) == plain:
            return html
        return from_plain(plain)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_html" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        html = sanitise(value or "")
        context["widget"] |= {"html": html, "value": to_plain(html)}
        return context


class RichTextField(forms.CharField):
    """Its value is clean HTML (`common.richtext`), "" when nothing is to be seen. `max_length` counts what is to be read."""

    widget = RichTextInput

    def __init__(self, *, max_length: int = 50_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = max_length

    def to_python(self, value: Any) -> str:
        html = sanitise(super().to_python(value) or "")
        return "" if is_blank(to_plain(html)) else html

    def validate(self, value: str) -> None:
        super().validate(value)
        length = len(to_plain(value))
        if length > self.most:
            raise ValidationError(
                f"„{self.label}“ ist zu lang. Erlaubt sind {zahl(self.most)} Zeichen, es sind {zahl(length)}.", code="max_length"
            )
