"""What the form templates ask about a field. Used by django/forms/ and components/ only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django import template
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

register = template.Library()


@dataclass(frozen=True)
class Fehler:
    text: str
    ziel: str  # id of the control; empty where the fault belongs to the whole form


@register.filter
def feldart(field: BoundField) -> str:
    """Which of KERN's shapes a field takes: haken (one checkbox), gruppe (fieldset), auswahl (select) or feld."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "")
    if kind == "checkbox" and not field.use_fieldset:
        return "haken"
    if field.use_fieldset and kind != "file":
        return "gruppe"
    return "auswahl" if kind == "select" and not getattr(widget, "allow_multiple_selected", False) else "feld"


@register.filter
def mit_hinweis(field: BoundField) -> SafeString:
    """The control, tied to its hint and error. Django leaves that out where it expects a fieldset (files)."""
    description = "" if feldart(field) == "gruppe" else field.aria_describedby
    return field.as_widget(attrs={"aria-describedby": description} if description else None)


@register.filter
def klasse(widget: Mapping, base: str) -> str:
    """Class attribute of a control: KERN's class, its error variant where the value is refused, and the field's own."""
    attrs = widget["attrs"]
    names = [base]
    if attrs.get("aria-invalid") == "true":
        names.append(f"{base}--error")
    if own := attrs.get("class"):
        names.append(own)
    return " ".join(names)


@register.filter
def fehlerhaft(forms: Iterable[BaseForm] | None) -> bool:
    """Whether any of several forms was refused; None (no such variable) is no."""
    return any(_errors_of(form) for form in forms or [])


@register.filter
def fehlerliste(form: BaseForm) -> Iterator[Fehler]:
    """Every fault of a form in the order of its fields, each with the id to jump to."""
    for text in form.non_field_errors():
        yield Fehler(text, "")
    for field in form:
        for text in field.errors:
            yield Fehler(text, "" if field.is_hidden else first_id(field))


@register.filter
def fehlerliste_aller(forms: Iterable[BaseForm]) -> Iterator[Fehler]:
    """The same for several forms; a formset's own faults come first."""
    if hasattr(forms, "non_form_errors"):
        for text in forms.non_form_errors():
            yield Fehler(text, "")
    for form in forms:
        yield from fehlerliste(form)


def first_id(field: BoundField) -> str:
    """The id that a link can jump to: the control, or the first one of a group."""
    return f"{field.auto_id}_0" if feldart(field) == "gruppe" else field.auto_id


def _errors_of(form: BaseForm) -> bool:
    return form.is_bound and bool(form.errors)
