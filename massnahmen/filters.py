"""Filters of the public interface, and of the tables for staff."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from jobcenter.common.tabellen import KernFilterSet
from massnahmen.enums import Instrumentgruppe
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Programmposition, Traeger
from massnahmen.queries import published_massnahmen


class MassnahmeFilter(django_filters.FilterSet):
    """Conditions on measures in published Fassungen. PostgreSQL applies them to the frozen text itself."""

    jahr = django_filters.NumberFilter(
        field_name="programm__jahr", label="Jahr des Programms", min_value=2005, max_value=2100, decimal_places=0
    )
    gruppe = django_filters.ChoiceFilter(label="Gruppe von Instrumenten (A bis H)", choices=Instrumentgruppe.choices)
    zielgruppe = django_filters.CharFilter(label="Name der Zielgruppe, genau so geschrieben")
    instrument = django_filters.CharFilter(label="Kürzel des Instruments, zum Beispiel 16i")

    class Meta:
        model = Fassung
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Fassung]) -> QuerySet[Fassung, dict[str, Any]]:
        wanted = self.form.cleaned_data
        jahr = wanted.pop("jahr")
        return published_massnahmen(jahr=None if jahr is None else int(jahr), **wanted)


def _years() -> list[tuple[int, str]]:
    return [(jahr, str(jahr)) for jahr in Arbeitsmarktprogramm.objects.values_list("jahr", flat=True).order_by("-jahr")]


class PositionFilter(KernFilterSet):
    """Conditions on what the years plan."""

    text = django_filters.CharFilter(label="Suchwort", help_text="Im Titel oder in der Beschreibung", method="filter_text")
    jahr = django_filters.ChoiceFilter(label="Jahr", field_name="programm__jahr", choices=_years, empty_label="Alle Jahre")
    gruppe = django_filters.ChoiceFilter(
        label="Zweck", field_name="massnahme__instrument__gruppe", choices=Instrumentgruppe.choices, empty_label="Alle Zwecke"
    )
    traeger = django_filters.ModelChoiceFilter(
        label="Träger",
        field_name="massnahme__traeger",
        queryset=Traeger.objects.all(),
        empty_label="Alle Träger",
        null_label="Vergabe noch offen",
    )

    class Meta(KernFilterSet.Meta):
        model = Programmposition
        fields: list[str] = []

    def filter_text(self, rows: QuerySet[Programmposition], name: str, value: str) -> QuerySet[Programmposition]:
        return rows.filter(Q(massnahme__titel__icontains=value) | Q(massnahme__beschreibung__icontains=value))
