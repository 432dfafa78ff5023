"""Filters of the list of accounts, shareable in the address."""

import django_filters
from django.db.models import Q, QuerySet

from jobcenter.common.forms import KernForm
from jobcenter.konten.enums import VERGEBBAR, Kontostand
from jobcenter.konten.models import User


class KontoFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Name oder E-Mail-Adresse", method="search", max_length=100)
    rolle = django_filters.ChoiceFilter(
        label="Rolle",
        field_name="rollen",
        lookup_expr="contains",
        choices=[*((rolle.value, rolle.label) for rolle in VERGEBBAR), ("keine", "keine Rolle")],
        empty_label="alle",
        method="by_rolle",
    )
    stand = django_filters.ChoiceFilter(label="Stand", choices=Kontostand.choices, empty_label="alle", method="by_stand")

    class Meta:
        model = User
        form = KernForm
        fields: list[str] = []

    def search(self, konten: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return konten.filter(Q(name__icontains=value) | Q(email__icontains=value))

    def by_rolle(self, konten: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return konten.filter(rollen=[]) if value == "keine" else konten.filter(rollen__contains=[value])

    def by_stand(self, konten: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return konten.in_stand(Kontostand(value))  # type: ignore[attr-defined]
