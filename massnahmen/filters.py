"""Filters of the public interface, and of the tables for staff."""

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from jobcenter.common.tabellen import HakenFilter, KernFilterSet
from massnahmen.enums import Instrumentgruppe, Programmstatus, Vergabestand
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Handlungsfeld, Instrument, Programmposition, Traeger, Zielgruppe
from massnahmen.queries import is_incomplete, published_massnahmen


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


_SEARCHED = ("massnahme__titel", "massnahme__beschreibung", "massnahme__traeger__name", "massnahme__ort")
_MOST_WORDS = 8
_ARCHIV = [("nur", "Nur das Archiv"), ("alle", "Mit Archiv")]


class PositionFilter(KernFilterSet):
    """Conditions on what the years plan. What lies in the archive stays away until it is asked for."""

    haeufig = ("text", "jahr", "gruppe", "handlungsfeld")

    text = django_filters.CharFilter(label="Suchwort", help_text="In Titel, Text, Träger, Ort", method="filter_text")
    jahr = django_filters.ChoiceFilter(label="Jahr", field_name="programm__jahr", choices=_years, empty_label="Alle Jahre")
    gruppe = django_filters.ChoiceFilter(
        label="Zweck", field_name="massnahme__instrument__gruppe", choices=Instrumentgruppe.choices, empty_label="Alle Zwecke"
    )
    handlungsfeld = django_filters.ModelChoiceFilter(
        label="Handlungsfeld", queryset=Handlungsfeld.objects.all(), empty_label="Alle Handlungsfelder", null_label="Noch keines"
    )
    instrument = django_filters.ModelChoiceFilter(
        label="Instrument",
        field_name="massnahme__instrument",
        queryset=Instrument.objects.all(),
        empty_label="Alle Instrumente",
        null_label="Noch keines",
    )
    zielgruppe = django_filters.ModelChoiceFilter(
        label="Zielgruppe",
        field_name="massnahme__zielgruppen",
        queryset=Zielgruppe.objects.all(),
        empty_label="Alle Zielgruppen",
        null_label="Noch keine",
    )
    traeger = django_filters.ModelChoiceFilter(
        label="Träger", field_name="massnahme__traeger", queryset=Traeger.objects.all(), empty_label="Alle Träger", null_label="Ohne Träger"
    )
    vergabe = django_filters.ChoiceFilter(
        label="Vergabe", field_name="massnahme__vergabestand", choices=Vergabestand.choices, empty_label="Jeder Stand der Vergabe"
    )
    stand = django_filters.ChoiceFilter(
        label="Stand des Programms", field_name="programm__status", choices=Programmstatus.choices, empty_label="Jeder Stand"
    )
    archiv = django_filters.ChoiceFilter(label="Archiv", choices=_ARCHIV, empty_label="Ohne Archiv", method="filter_archiv")
    offen = HakenFilter(label="Angaben fehlen noch", method="filter_offen")
    uebernommen = HakenFilter(label="Zahlen vom Vorjahr ungeprüft", field_name="uebernommen")

    class Meta(KernFilterSet.Meta):
        model = Programmposition
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Programmposition]) -> QuerySet[Programmposition]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["archiv"] else rows.filter(massnahme__archiviert_am=None)

    def filter_text(self, rows: QuerySet[Programmposition], name: str, value: str) -> QuerySet[Programmposition]:
        """Every word has to stand somewhere."""
        for word in value.split()[:_MOST_WORDS]:
            rows = rows.filter(reduce(or_, (Q((f"{field}__icontains", word)) for field in _SEARCHED)))
        return rows

    def filter_archiv(self, rows: QuerySet[Programmposition], name: str, value: str) -> QuerySet[Programmposition]:
        return rows if value == "alle" else rows.exclude(massnahme__archiviert_am=None)

    def filter_offen(self, rows: QuerySet[Programmposition], name: str, value: bool) -> QuerySet[Programmposition]:
        return rows.filter(is_incomplete())
