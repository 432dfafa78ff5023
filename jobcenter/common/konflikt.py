"""Two people saved the same thing: what the second one typed and what is stored, field by field and word by word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django import forms

from jobcenter.common.forms import CentField, MonatField, RichTextField, ZahlField
from jobcenter.common.richtext import sanitise, to_plain
from jobcenter.common.typography import datum, euro, monat, zahl, zeitpunkt
from jobcenter.common.vergleich import Stueck, compare_text


@dataclass(frozen=True)
class Feldvergleich:
    """One field of a conflict: what the person wants to save and what stands there now, both as text."""

    name: str
    meine: str
    gespeicherte: str
    umgestaltet: bool = False  # the words are the same, headings, lists or links are not

    @property
    def verschieden(self) -> bool:
        return self.umgestaltet or self.meine != self.gespeicherte

    @cached_property
    def meine_stuecke(self) -> list[Stueck]:
        """My text with the words marked (neu) that the other one does not have."""
        return [stueck for stueck in self._stuecke if stueck.art != "weg"]

    @cached_property
    def gespeicherte_stuecke(self) -> list[Stueck]:
        return [stueck for stueck in self._stuecke if stueck.art != "neu"]

    @cached_property
    def _stuecke(self) -> Iterable[Stueck]:
        return compare_text(self.gespeicherte, self.meine).stuecke


def compare_values(form: forms.BaseForm, stored: Mapping[str, Any]) -> list[Feldvergleich]:
    """A valid form against stored values under the same names; fields that are empty on both sides are left out."""
    return [
        _compare(field, form.cleaned_data[field.name], stored.get(field.name))
        for field in form.visible_fields()
        if form.cleaned_data[field.name] or stored.get(field.name)
    ]


def _compare(field: forms.BoundField, mine: Any, stored: Any) -> Feldvergleich:
    texts = as_text(field.field, mine), as_text(field.field, stored)
    restyled = isinstance(field.field, RichTextField) and texts[0] == texts[1] and mine != sanitise(stored or "")
    return Feldvergleich(str(field.label), *texts, umgestaltet=restyled)


def as_text(field: forms.Field, value: Any) -> str:  # noqa: C901, PLR0911  # one line per kind of field
    """A value as people read it."""
    if isinstance(field, CentField):
        return euro(value or 0)
    if isinstance(field, ZahlField):
        return zahl(value)
    if isinstance(field, MonatField):
        return monat(value)
    if isinstance(field, RichTextField):
        return to_plain(value or "")
    if isinstance(value, datetime):
        return zeitpunkt(value)
    if isinstance(value, date):
        return datum(value)
    if isinstance(value, bool):
        return "Ja" if value else "Nein"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(str(item) for item in value or [])
    if isinstance(field, forms.ModelChoiceField):
        return str(value or field.empty_label)
    if isinstance(field, forms.ChoiceField):
        words: dict[Any, Any] = dict(field.choices)  # type: ignore[arg-type]  # our choices are in no groups
        return ", ".join(str(words.get(item, item)) for item in (value if isinstance(value, list) else [value]) if item)
    if isinstance(value, list | tuple):
        return " – ".join(as_text(forms.Field(), item) for item in value)
    return "" if value is None else str(value)
