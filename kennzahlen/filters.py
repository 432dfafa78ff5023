"""Conditions of the tables for staff, and of the public interface."""

import re
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from jobcenter.common import clock
from jobcenter.common.tabellen import KernFilterSet
from kennzahlen.enums import Geschlecht, Gruppenart, Kennzahlart, Lieferzustand, Quellenart, Traegerform
from kennzahlen.models import Datenlieferung, Jobcenter, Kennzahl, Messwert, Quelle, Vergleichsgruppe, Zugehoerigkeit, month_bounds


class LieferungFilter(KernFilterSet):
    quelle = django_filters.ModelChoiceFilter(
        label="Quelle",
        queryset=Quelle.objects.exclude(lieferungen=None).distinct().order_by("herausgeber", "titel"),
        empty_label="Alle Quellen",
    )
    zustand = django_filters.ChoiceFilter(label="Zustand", choices=Lieferzustand.choices, empty_label="Alle Zustände")

    class Meta(KernFilterSet.Meta):
        model = Datenlieferung
        fields: list[str] = []


# --- the public interface ---------------------------------------------------------------------------------------
class SchluesselField(forms.CharField):
    """A row by its public key. What cannot be a key never reaches the database."""

    def __init__(self, *, queryset: QuerySet[Any], key: str, pattern: str, unknown: str, missing: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.queryset, self.key, self.pattern, self.unknown = queryset, key, pattern, unknown
        if missing:
            self.error_messages["required"] = missing

    def find(self, value: str) -> Any:
        return self.queryset.filter(**{self.key: value}).first()

    def clean(self, value: Any) -> Any:
        text = self.to_python(value)
        self.validate(text)
        if text in self.empty_values:
            return None
        found = self.find(text) if re.fullmatch(self.pattern, text) else None
        if found is None:
            raise ValidationError(self.unknown)
        return found


class GruppeField(SchluesselField):
    """A group as "land:HE": the kind of the group, and its Kürzel."""

    def __init__(self, **kwargs: Any) -> None:
        kinds = "|".join(Gruppenart.values)
        super().__init__(
            queryset=Vergleichsgruppe.objects.all(),
            key="",
            pattern=rf"({kinds}):[^\x00-\x1f\x7f\ud800-\udfff]{{1,20}}",
            unknown="Diese Vergleichsgruppe gibt es nicht. Welche es gibt, steht bei jedem Jobcenter unter „gruppen“.",
            **kwargs,
        )

    def find(self, value: str) -> Any:
        art, _, code = value.partition(":")
        return self.queryset.filter(art=art, code=code).first()


class MonatField(forms.CharField):
    """2026-07, read as its first day."""

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
            raise ValidationError("Schreiben Sie den Monat so: 2026-07.")
        return date(int(text[:4]), int(text[5:]), 1)


class SchluesselFilter(django_filters.Filter):
    field_class = SchluesselField


@extend_schema_field(OpenApiTypes.STR)
class GruppeFilter(django_filters.Filter):
    field_class = GruppeField


class MonatFilter(django_filters.Filter):
    field_class = MonatField


class AuswahlFilter(django_filters.ChoiceFilter):
    """One of a few words; what is none of them is answered with all of them."""

    def __init__(self, **kwargs: Any) -> None:
        words = ", ".join(value for value, _ in kwargs["choices"])
        super().__init__(error_messages={"invalid_choice": f"Erlaubt sind: {words}."}, **kwargs)


class KennzahlFilter(django_filters.FilterSet):
    art = AuswahlFilter(choices=Kennzahlart.choices)

    class Meta:
        model = Kennzahl
        fields: list[str] = []


class JobcenterFilter(django_filters.FilterSet):
    form = AuswahlFilter(choices=Traegerform.choices)
    gruppe = GruppeFilter(method="filter_gruppe")

    class Meta:
        model = Jobcenter
        fields: list[str] = []

    def filter_gruppe(self, rows: QuerySet[Jobcenter], name: str, gruppe: Vergleichsgruppe) -> QuerySet[Jobcenter]:
        members = Zugehoerigkeit.objects.filter(gruppe=gruppe, jobcenter=OuterRef("pk"), zeitraum__contains=clock.today())
        return rows.filter(Exists(members))


class MesswertFilter(django_filters.FilterSet):
    """A Kennzahl has to be named: the key of the table begins with it, and no answer searches the whole country."""

    kennzahl = SchluesselFilter(
        queryset=Kennzahl.objects.all(),
        key="code",
        pattern="[-a-zA-Z0-9_]{1,20}",
        unknown="Diese Kennzahl gibt es nicht. Alle Kürzel stehen unter /api/v1/kennzahlen/.",
        missing="Nennen Sie eine Kennzahl, zum Beispiel kennzahl=K2. Alle Kürzel stehen unter /api/v1/kennzahlen/.",
        required=True,
    )
    jobcenter = SchluesselFilter(
        queryset=Jobcenter.objects.all(),
        key="traegernummer",
        pattern="[0-9]{5}",
        unknown="Dieses Jobcenter gibt es nicht. Alle Trägernummern stehen unter /api/v1/jobcenter/.",
        required=False,
    )
    geschlecht = AuswahlFilter(choices=Geschlecht.choices)
    von = MonatFilter(field_name="von", lookup_expr="gte", required=False)
    bis = MonatFilter(method="filter_bis", required=False)
    quellenart = AuswahlFilter(field_name="datenstand__quelle__art", choices=Quellenart.choices)
    gruppe = GruppeFilter(method="filter_gruppe", required=False)

    class Meta:
        model = Messwert
        fields: list[str] = []

    def filter_bis(self, rows: QuerySet[Messwert], name: str, month: date) -> QuerySet[Messwert]:
        return rows.filter(bis__lte=month_bounds(month)[1])

    def filter_gruppe(self, rows: QuerySet[Messwert], name: str, gruppe: Vergleichsgruppe) -> QuerySet[Messwert]:
        members = Zugehoerigkeit.objects.filter(gruppe=gruppe, jobcenter=OuterRef("jobcenter"), zeitraum__contains=OuterRef("bis"))
        return rows.filter(Exists(members))
