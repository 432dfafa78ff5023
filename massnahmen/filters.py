"""Filters of the public interface."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from massnahmen.enums import Instrumentgruppe
from massnahmen.models import Fassung
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
