"""Filters of the table for staff."""

import django_filters

from jobcenter.common.tabellen import KernFilterSet
from jobcenter.presse.enums import Pressestatus
from jobcenter.presse.models import Pressemitteilung


def _years() -> list[tuple[int, str]]:
    released = Pressemitteilung.objects.filter(status=Pressestatus.FREIGEGEBEN)
    return [(jahr, str(jahr)) for jahr in released.values_list("jahr", flat=True).distinct().order_by("-jahr")]


class PressemitteilungFilter(KernFilterSet):
    text = django_filters.CharFilter(label="Suchwort", help_text="In der Überschrift", field_name="titel", lookup_expr="icontains")
    jahr = django_filters.ChoiceFilter(label="Jahr", choices=_years, empty_label="Alle Jahre")

    class Meta(KernFilterSet.Meta):
        model = Pressemitteilung
        fields: list[str] = []
