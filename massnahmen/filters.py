"""Filters of the public interface, and of the tables for staff."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from jobcenter.common import clock
from jobcenter.common.forms import MonatField
from jobcenter.common.tabellen import AktiverFilter, HakenFilter, KernFilterSet
from massnahmen.enums import (
    Fachbereich,
    Importart,
    Importzustand,
    Instrumentgruppe,
    Massnahmestand,
    Programmstatus,
    Vergabestand,
    Zulassungslage,
)
from massnahmen.models import (
    Arbeitsmarktprogramm,
    Fassung,
    Handlungsfeld,
    Import,
    Instrument,
    Massnahme,
    Programmposition,
    Traeger,
    Traegerzulassung,
    Zielgruppe,
)
from massnahmen.queries import Gliederung, Zeitraum, find_meldeluecke, find_verbleibsluecke, in_lage, is_incomplete, published_massnahmen


class MassnahmeFilter(django_filters.FilterSet):
    """Conditions on measures in published Fassungen. PostgreSQL applies them to the frozen text itself."""

    jahr = django_filters.NumberFilter(
        field_name="programm__jahr", label="Jahr des Programms", min_value=2005, max_value=2100, decimal_places=0
    )
    gruppe = django_filters.ChoiceFilter(label="Gruppe von Instrumenten (A bis H)", choices=Instrumentgruppe.choices)
    handlungsfeld = django_filters.CharFilter(label="Name des Handlungsfelds, genau so geschrieben")
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


_SEARCHED = ("titel", "ort", "beschreibung")  # of a measure, short ones first: PostgreSQL stops at the first that has the word
_MOST_WORDS = 8


def _search(rows: QuerySet[Any], text: str, prefix: str = "") -> QuerySet[Any]:
    """Every word has to stand somewhere in the measure, or in the name of its provider."""
    for word in text.split()[:_MOST_WORDS]:
        of_provider = Q((f"{prefix}traeger__in", Traeger.objects.filter(name__icontains=word).values("pk")))
        rows = rows.filter(reduce(or_, (Q((f"{prefix}{field}__icontains", word)) for field in _SEARCHED)) | of_provider)
    return rows


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
    umsetzung = django_filters.ChoiceFilter(
        label="Stand der Maßnahme", field_name="massnahme__stand", choices=Massnahmestand.choices, empty_label="Jeder Stand der Maßnahme"
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
        return _search(rows, value, "massnahme__")

    def filter_archiv(self, rows: QuerySet[Programmposition], name: str, value: str) -> QuerySet[Programmposition]:
        return rows if value == "alle" else rows.exclude(massnahme__archiviert_am=None)

    def filter_offen(self, rows: QuerySet[Programmposition], name: str, value: bool) -> QuerySet[Programmposition]:
        return rows.filter(is_incomplete())


class TraegerFilter(KernFilterSet):
    """Conditions on providers, of whom the rows say how their certificates stand (`list_traeger`)."""

    text = django_filters.CharFilter(label="Suchwort", help_text="In Name und Ort", method="filter_text")
    fachbereich = django_filters.ChoiceFilter(
        label="Heute zugelassen für", choices=Fachbereich.choices, empty_label="Alle Fachbereiche", method="filter_fachbereich"
    )
    zulassung = django_filters.ChoiceFilter(
        label="Zulassung", choices=Zulassungslage.choices, empty_label="Jeder Stand der Zulassung", method="filter_lage"
    )

    class Meta(KernFilterSet.Meta):
        model = Traeger
        fields: list[str] = []

    def filter_text(self, rows: QuerySet[Traeger], name: str, value: str) -> QuerySet[Traeger]:
        for word in value.split()[:_MOST_WORDS]:
            rows = rows.filter(Q(name__icontains=word) | Q(ort__icontains=word))
        return rows

    def filter_fachbereich(self, rows: QuerySet[Traeger], name: str, value: str) -> QuerySet[Traeger]:
        valid = Traegerzulassung.objects.valid_on(clock.today()).filter(fachbereiche__contains=[int(value)])
        return rows.filter(pk__in=valid.values("traeger"))

    def filter_lage(self, rows: QuerySet[Traeger], name: str, value: str) -> QuerySet[Traeger]:
        return rows.filter(in_lage(Zulassungslage(value), clock.today()))


class AufnehmbareFilter(KernFilterSet):
    """Finds a measure that goes into a draft."""

    text = django_filters.CharFilter(label="Suchwort", help_text="In Titel, Text, Träger, Ort", method="filter_text")
    archiv = django_filters.ChoiceFilter(label="Archiv", choices=_ARCHIV, empty_label="Ohne Archiv", method="filter_archiv")

    class Meta(KernFilterSet.Meta):
        model = Massnahme
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Massnahme]) -> QuerySet[Massnahme]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["archiv"] else rows.filter(archiviert_am=None)

    def filter_archiv(self, rows: QuerySet[Massnahme], name: str, value: str) -> QuerySet[Massnahme]:
        return rows if value == "alle" else rows.exclude(archiviert_am=None)

    def filter_text(self, rows: QuerySet[Massnahme], name: str, value: str) -> QuerySet[Massnahme]:
        return _search(rows, value)


class ImportFilter(KernFilterSet):
    """Conditions on imports."""

    art = django_filters.ChoiceFilter(label="Was", choices=Importart.choices, empty_label="Alles")
    zustand = django_filters.ChoiceFilter(label="Zustand", choices=Importzustand.choices, empty_label="Alle Zustände")

    class Meta(KernFilterSet.Meta):
        model = Import
        fields: list[str] = []


class _MonatFilter(django_filters.Filter):
    field_class = MonatField


class _GliederungFilterSet(KernFilterSet):
    """How the controlling page is cut. What is not said has a default, which is no filter that one could take away."""

    schnitt = ("nach", "von", "bis", "jahr")

    class Meta(KernFilterSet.Meta):
        model = Massnahme
        fields: list[str] = []

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        defaults = self.get_defaults()
        given = data.copy()
        for name, value in defaults.items():
            if not given.get(name):
                given[name] = value.strftime("%Y-%m") if isinstance(value, date) else str(value)
        super().__init__(given, *args, **kwargs)
        for name, value in defaults.items():
            self.form.fields[name].initial = value

    def get_defaults(self) -> dict[str, Any]:
        raise NotImplementedError

    def read_gliederung(self) -> Gliederung:
        return Gliederung(self._clean("nach"))

    def _clean(self, name: str) -> Any:
        """What the address says, or the default where that is nonsense."""
        valid = self.form.is_valid() or name not in self.form.errors
        return (self.form.cleaned_data.get(name) if valid else None) or self.get_defaults()[name]

    @property
    def aktive(self) -> list[AktiverFilter]:  # type: ignore[override]  # what cuts the table is no condition
        labels = {str(self.form.fields[name].label) for name in self.schnitt if name in self.form.fields}
        return [filter_ for filter_ in super().aktive if filter_.name not in labels]

    def ignore(self, rows: QuerySet[Massnahme], name: str, value: Any) -> QuerySet[Massnahme]:
        return rows


class ControllingFilter(_GliederungFilterSet):
    """For the circle that steers the measures: any period up to MOST_MONTHS, any provider or instrument."""

    MOST_MONTHS = 36
    haeufig = ("nach", "von", "bis")

    nach = django_filters.ChoiceFilter(label="Nach", choices=Gliederung.choices, empty_label=None, method="ignore")
    von = _MonatFilter(label="Von", method="ignore")
    bis = _MonatFilter(label="Bis", method="ignore")
    traeger = django_filters.ModelChoiceFilter(
        label="Träger", queryset=Traeger.objects.all(), empty_label="Alle Träger", null_label="Ohne Träger"
    )
    instrument = django_filters.ModelChoiceFilter(
        label="Instrument", queryset=Instrument.objects.all(), empty_label="Alle Instrumente", null_label="Noch keines"
    )
    fehlend = HakenFilter(label="Eine Meldung fehlt", method="filter_fehlend")
    verbleib = HakenFilter(label="Ein Verbleib ist zu melden", method="filter_verbleib")

    def get_defaults(self) -> dict[str, Any]:
        jahr = clock.today().year
        return {"nach": Gliederung.MASSNAHME.value, "von": date(jahr, 1, 1), "bis": date(jahr, 12, 1)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.form.is_valid():
            von, bis = self.form.cleaned_data["von"], self.form.cleaned_data["bis"]
            if von > bis:
                self.form.add_error("bis", "Das Ende liegt vor dem Anfang. Wählen Sie einen späteren Monat.")
            elif (bis.year - von.year) * 12 + bis.month - von.month >= self.MOST_MONTHS:
                self.form.add_error("bis", f"Der Zeitraum ist zu lang. Möglich sind höchstens {self.MOST_MONTHS} Monate.")

    def read_zeitraum(self) -> Zeitraum:
        if not self.form.is_valid():
            defaults = self.get_defaults()
            return Zeitraum(defaults["von"], defaults["bis"])
        return Zeitraum(self._clean("von"), self._clean("bis"))

    def filter_fehlend(self, rows: QuerySet[Massnahme], name: str, value: bool) -> QuerySet[Massnahme]:
        luecke = find_meldeluecke()
        return rows.filter(pk__in=luecke.massnahmen) if luecke else rows.none()

    def filter_verbleib(self, rows: QuerySet[Massnahme], name: str, value: bool) -> QuerySet[Massnahme]:
        luecke = find_verbleibsluecke()
        return rows.filter(pk__in=luecke.massnahmen) if luecke else rows.none()

    @property
    def asks_for_missing(self) -> bool:
        """Then a measure that has reported nothing at all must not be missing in the table."""
        return bool(self.form.is_valid() and (self.form.cleaned_data["fehlend"] or self.form.cleaned_data["verbleib"]))


def _last_closed_year() -> int:
    """A year's reports come in and are corrected until spring; before that two looks at it would show what changed between them."""
    today = clock.today()
    return today.year - (1 if today.month >= 4 else 2)


def _years_over() -> list[tuple[int, str]]:
    last = _last_closed_year()
    return [(jahr, str(jahr)) for jahr in range(last, last - 5, -1)]


class JahrFilter(_GliederungFilterSet):
    """For the others: a year that is over, as a whole."""

    nach = django_filters.ChoiceFilter(label="Nach", choices=Gliederung.choices, empty_label=None, method="ignore")
    jahr = django_filters.ChoiceFilter(label="Jahr", choices=_years_over, empty_label=None, method="ignore")

    def get_defaults(self) -> dict[str, Any]:
        return {"nach": Gliederung.MASSNAHME.value, "jahr": _last_closed_year()}

    def read_zeitraum(self) -> Zeitraum:
        jahr = int(self._clean("jahr"))
        return Zeitraum(date(jahr, 1, 1), date(jahr, 12, 1))
