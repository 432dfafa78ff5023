"""Tables for staff: sorted and filtered by the address, in pages, and as CSV or XLSX of exactly what is shown.

A table in ten lines::

    class TraegerTabelle(Tabelle):                       # beside its view
        titel = "Träger"                                 # caption, and name of the file
        woerter = ("Träger", "Träger")                   # one, many
        name = LinkSpalte("Träger", url=lambda record: reverse("massnahmen:traeger-detail", args=[record.pk]))
        ort = TextSpalte("Ort")
        summe_cent = EuroSpalte("Geplante Kosten")

    class TraegerListeView(PermissionMixin, TabelleMixin, TemplateView):
        permission = "massnahmen.view_programm"
        template_name = "massnahmen/traeger_liste.html"
        tabelle_class, filter_class = TraegerTabelle, TraegerFilter   # the filter is optional

        def get_rows(self): return Traeger.objects.visible_to(self.request.user).with_sums()

and in its template ``{% include "components/tabelle.html" with tabelle=tabelle filter=filter leer=leer only %}``.
Rows are a queryset or a list of dataclasses. Addresses look like ``?gruppe=F&sortierung=-summe_cent&seite=2``.
Gaps come last, however a queryset is sorted. What else a view may give: ``get_summen`` (a row of totals, of all pages),
``get_aktionen`` (what happens to several rows at once, see common/auswahl.py), ``prepare_file`` (what only files need).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar

import django_filters
import django_tables2
from django import forms
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.generic import View
from django.views.generic.base import ContextMixin
from django_tables2.data import TableData
from django_tables2.utils import OrderBy

from jobcenter.common import export, typography
from jobcenter.common.auswahl import Aktion, Auswahlleiste
from jobcenter.common.forms import KernForm
from jobcenter.common.templatetags.kern import stand_art

PER_PAGE = 25
MOST_ROWS = 10_000  # of a file


class Spalte(django_tables2.Column):
    """A column: `render` is for the page, `value` for the file. Empty is an en dash here and an empty cell there."""

    numerisch = False
    zeilenkopf = False
    excel = ""  # number format of a spreadsheet
    zusatz_im_kopf = ""  # behind the head in a file, where no sign stands at the value

    def __init__(self, verbose_name: str, *, nur_datei: bool = False, nur_seite: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("default", typography.DASH)
        super().__init__(verbose_name, exclude_from_export=nur_seite, visible=not nur_datei, **kwargs)

    def value(self, value: Any) -> Any:
        return value


class TextSpalte(Spalte):
    def value(self, value: Any) -> Any:
        return str(value)


class ZahlSpalte(Spalte):
    numerisch, excel = True, "#,##0"

    def render(self, value: int) -> str:
        return typography.zahl(value)


class JahrSpalte(Spalte):
    """A year, which is no quantity: without a thousands point."""

    numerisch, excel = True, "0"


class EuroSpalte(Spalte):
    """Money in cents."""

    numerisch, excel, zusatz_im_kopf = True, '#,##0.00 "€"', " in Euro"

    def render(self, value: int) -> str:
        return typography.euro(value)

    def value(self, value: int) -> Decimal:
        return (Decimal(value) / 100).quantize(Decimal("0.01"))


class DatumSpalte(Spalte):
    excel = "dd.mm.yyyy"

    def render(self, value: Any) -> str:
        return typography.datum_kurz(value)


class ZeitpunktSpalte(Spalte):
    excel = "dd.mm.yyyy hh:mm"

    def render(self, value: Any) -> str:
        return f"{typography.datum_kurz(value)}, {typography.uhrzeit(value)}"


class StandSpalte(Spalte):
    """A state as badge. `choices` is the enum of its field."""

    def __init__(self, verbose_name: str, *, choices: Any, **kwargs: Any) -> None:
        super().__init__(verbose_name, **kwargs)
        self.choices = choices

    def render(self, record: Any, bound_column: Any) -> str:
        state = self._state(record, bound_column)
        return render_to_string("components/badge.html", {"wort": state.label, "art": stand_art(state)})

    def value(self, record: Any, bound_column: Any) -> str:  # type: ignore[override]  # called by the names of its arguments
        return str(self._state(record, bound_column).label)

    def _state(self, record: Any, bound_column: Any) -> Any:
        """The member itself: of a field with choices the table would hand over the label."""
        return self.choices(bound_column.accessor.resolve(record))


class LinkSpalte(TextSpalte):
    """The name of a row, linked where `url(record, table)` gives an address; `zusatz(record)` is a quieter second line."""

    zeilenkopf = True

    def __init__(self, verbose_name: str, *, url: Callable[[Any, Any], str], zusatz: Callable[[Any], str] | None = None, **kwargs: Any):
        super().__init__(verbose_name, **kwargs)
        self.url, self.zusatz = url, zusatz

    def render(self, value: Any, record: Any, table: Any) -> SafeString:
        address = self.url(record, table)
        name = format_html('<a class="tabelle__link" href="{}">{}</a>', address, value) if address else format_html("{}", value)
        return name + format_html('<span class="tabelle__zusatz">{}</span>', self.zusatz(record)) if self.zusatz else name


class AuswahlSpalte(Spalte):
    """A checkbox per row for what happens to several at once; see common/auswahl.py. `wort(record)` names the row."""

    def __init__(self, *, wort: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__("Auswahl", accessor="pk", orderable=False, nur_seite=True, **kwargs)
        self.wort = wort

    def render(self, value: int, record: Any) -> str:
        return render_to_string("components/auswahl_feld.html", {"wert": value, "wort": self.wort(record)})


class NummerSpalte(Spalte):
    """The place of a row in the file, from 1."""

    numerisch, excel = True, "0"

    def __init__(self, verbose_name: str) -> None:
        super().__init__(verbose_name, accessor="pk", orderable=False, nur_datei=True)

    def value(self, bound_row: Any) -> int:
        return bound_row.row_counter + 1


@dataclass(frozen=True)
class Summen:
    """Totals of every row that meets the filters: how many there are, and values by the name of their column.

    `hinweis` follows the number of rows, where a reader could take it for something else.
    """

    anzahl: int
    werte: Mapping[str, Any]
    hinweis: str = ""


class Tabelle(django_tables2.Table):
    """See the top of this file."""

    titel: ClassVar[str]
    woerter: ClassVar[tuple[str, str]] = ("Eintrag", "Einträge")
    iso_daten: ClassVar[bool] = False  # 2026-12-31 in the CSV, for programs; a spreadsheet reads both

    def __init__(self, data: Any, *, user: Any = None, **kwargs: Any) -> None:
        self.user = user  # for columns that link only where the person may go on
        self.summen: Summen | None = None
        super().__init__(data, **kwargs)

    class Meta:
        order_by_field = "sortierung"
        page_field = "seite"
        template_name = "components/tabelle.html"

    @property
    def anzahl(self) -> int:
        return self.paginator.count

    @property
    def wort(self) -> str:
        return self.woerter[self.anzahl != 1]

    @property
    def ist_zu_lang(self) -> bool:
        return self.anzahl > MOST_ROWS

    @property
    def hoechstens(self) -> int:
        return MOST_ROWS

    @property
    def hat_auswahl(self) -> bool:
        return any(isinstance(column.column, AuswahlSpalte) for column in self.columns)

    @property
    def fusszeile(self) -> list[tuple[Any, str]]:
        """A cell per column of the page: its total as text, or nothing. Empty without totals."""
        if self.summen is None:
            return []
        werte = self.summen.werte
        return [(bound, self._in_words(bound, werte[bound.name]) if bound.name in werte else "") for bound in self.columns]

    @property
    def gesamt(self) -> list[tuple[str, str]]:
        """The totals as pairs of words, to be said above the table."""
        return [(str(bound.header), text) for bound, text in self.fusszeile if text]

    def _in_words(self, bound: Any, value: Any) -> str:
        return typography.DASH if value is None else bound.column.render(value)

    def to_ausfuhr(self) -> export.Ausfuhr:
        """What is shown, all pages of it, at most MOST_ROWS."""
        columns = [bound for bound in self.columns.iterall() if not bound.column.exclude_from_export]
        kopf = [export.Kopf(str(bound.header) + bound.column.zusatz_im_kopf, bound.column.excel) for bound in columns]
        return export.Ausfuhr(self.titel, kopf, self._cells([bound.name for bound in columns]), iso_daten=self.iso_daten)

    def _cells(self, names: list[str]) -> Iterable[list[Any]]:
        for row in islice(self.rows, MOST_ROWS):
            cells = (row.get_cell_value(name) for name in names)
            yield [None if cell == typography.DASH else cell for cell in cells]


class _Haken(forms.BooleanField):
    def clean(self, value: Any) -> bool | None:
        return super().clean(value) or None  # not set is no condition


class HakenFilter(django_filters.Filter):
    """A box. Set, it asks for `field_name` being true, or calls its `method`; not set, it asks for nothing."""

    field_class = _Haken


@dataclass(frozen=True)
class AktiverFilter:
    """A condition that holds now, in words, and the address without it. `wert` is empty for a box."""

    name: str
    wert: str
    ohne: str


class KernFilterSet(django_filters.FilterSet):
    """Filters in the address, drawn as the house's form.

    With `haeufig` only these stand there at once; the others wait behind „Weitere Filter“, which is open while one is set.
    """

    haeufig: ClassVar[tuple[str, ...]] = ()

    class Meta:
        form = KernForm

    @cached_property
    def erste_felder(self) -> list[Any]:
        return [feld for feld in self.form if not self.haeufig or feld.name in self.haeufig]

    @cached_property
    def weitere_felder(self) -> list[Any]:
        return [feld for feld in self.form if self.haeufig and feld.name not in self.haeufig]

    @property
    def weitere_offen(self) -> bool:
        return any(feld.name in self.form.changed_data for feld in self.weitere_felder)

    @cached_property
    def aktive(self) -> list[AktiverFilter]:
        """What is filtered now. A value that the address made up is no condition; its field says what is wrong."""
        values = self.form.cleaned_data if self.is_bound and self.form.is_valid() else {}
        return [
            AktiverFilter(str(feld.label), _say(feld.field, values[feld.name]), self._without(feld.name))
            for feld in self.form
            if feld.name in self.form.changed_data and values.get(feld.name)
        ]

    def _without(self, name: str) -> str:
        left = self.data.copy()
        for key in (name, "seite"):
            left.pop(key, None)
        return f"{self.request.path}?{left.urlencode()}" if left else self.request.path


def _say(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return ""
    if getattr(field, "null_label", None) is not None and value == field.null_value:
        return str(field.null_label)
    if isinstance(field, forms.ModelChoiceField):
        return str(value)
    return str(dict(list(field.choices)).get(value, value)) if isinstance(field, forms.ChoiceField) else f"„{value}“"  # type: ignore[arg-type]


class _Seiten(Paginator):
    """An address with a page that does not exist, or no number at all, shows one that does."""

    def validate_number(self, number: Any) -> int:
        try:
            return super().validate_number(number)
        except PageNotAnInteger:
            return 1
        except EmptyPage:
            return self.num_pages


class TabelleMixin(ContextMixin, View):
    """A page around one table: `tabelle_class`, `get_rows()`, perhaps `filter_class` and `leer`. Put it left of TemplateView."""

    tabelle_class: type[Tabelle]
    filter_class: type[KernFilterSet] | None = None
    je_seite = PER_PAGE
    laedt_spaet = False  # for thousands of wide rows: the page's keys first, then only its rows; one query more
    leer: ClassVar[dict[str, str]] = {"titel": "Noch nichts hier", "text": "Sobald es etwas gibt, steht es in dieser Tabelle."}

    request: HttpRequest

    def get_rows(self) -> Any:
        """What the person may see (visible_to), in its usual order."""
        raise NotImplementedError

    def get_user(self) -> Any:
        """Who looks at the table. A public page answers None: it must not ask."""
        return self.request.user

    def get_exclude(self) -> tuple[str, ...]:
        """Columns that this person does not get, such as the checkboxes of somebody who may not change anything."""
        return ()

    def get_leer(self) -> dict[str, str]:
        """titel and text, perhaps url and verb, of a table without any row."""
        return self.leer

    def get_summen(self, rows: Any) -> Summen | None:
        """Totals of all rows that meet the filters, in one query; it spares the table its own counting."""
        return None

    def get_aktionen(self) -> Sequence[Aktion]:
        """What this person may do with several rows at once, where the table has boxes."""
        return ()

    def prepare_file(self, rows: Any) -> Any:
        """The rows with what only the columns of a file need."""
        return rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("format", "")
        if wanted in export.FORMATE:
            tabelle, _, _ = self._load()
            tabelle.data.data = self.prepare_file(tabelle.data.data)[:MOST_ROWS]
            return export.respond(tabelle.to_ausfuhr(), wanted)
        return super().get(request, *args, **kwargs)  # type: ignore[misc]  # of the TemplateView beside it

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tabelle, filterset, rows = self._load()
        if summen := self.get_summen(rows):
            tabelle.summen = summen
            tabelle.data._length = summen.anzahl
        tabelle.paginate(_Seiten, page=self.request.GET.get("seite", "1"), per_page=self.je_seite)
        return super().get_context_data(**kwargs) | {
            "tabelle": tabelle,
            "filter": filterset,
            "leer": self._why_empty(filterset),
            "auswahl": self._bar(tabelle, filterset) if tabelle.hat_auswahl and tabelle.anzahl else None,
        }

    def _bar(self, tabelle: Tabelle, filterset: KernFilterSet | None) -> Auswahlleiste:
        filtered = bool(filterset and filterset.aktive)
        kept = self._kept(filterset)
        return Auswahlleiste(self.get_aktionen(), tabelle.anzahl, tabelle.woerter, kept, tabelle.page.has_other_pages(), filtered)

    def _kept(self, filterset: KernFilterSet | None) -> list[tuple[str, str]]:
        """What of the address makes up the list: its conditions, its order, its page."""
        names = [*(filterset.filters if filterset else ()), "sortierung", "seite"]
        return [(name, value) for name in names for value in self.request.GET.getlist(name) if value]

    def _load(self) -> tuple[Tabelle, KernFilterSet | None, Any]:
        rows, filterset = self.get_rows(), None
        if self.filter_class is not None:
            filterset = self.filter_class(self.request.GET, queryset=rows, request=self.request)
            rows = filterset.qs if filterset.form.is_valid() else rows.none()
        wanted = self.request.GET.get("sortierung", "").split(",")[0]
        data: Any = _StabileZeilen(rows, late=self.laedt_spaet) if isinstance(rows, QuerySet) else rows
        table = self.tabelle_class(data, user=self.get_user(), order_by=wanted or None, exclude=self.get_exclude())
        return table, filterset, rows

    def _why_empty(self, filterset: KernFilterSet | None) -> dict[str, str]:
        if filterset is not None and any(self.request.GET.get(name) for name in filterset.filters):
            text = "Keine Zeile erfüllt alle Bedingungen. Ändern Sie die Filter oder setzen Sie sie zurück."
            return {"titel": "Nichts passt zu diesen Filtern", "text": text, "url": self.request.path, "verb": "Filter zurücksetzen"}
        return {"url": "", "verb": ""} | self.get_leer()


class _StabileZeilen(TableData):
    """A queryset whose rows keep their place from page to page: what sorts them is followed by their usual order."""

    data: QuerySet[Any]

    def __init__(self, rows: QuerySet[Any], *, late: bool = False) -> None:
        super().__init__(rows)
        self.late = late
        self.usual = tuple(rows.query.order_by or rows.model._meta.ordering)

    def __len__(self) -> int:
        if not hasattr(self, "_length"):
            self._length = self.data.count() if hasattr(self.table, "paginator") else len(self.data)
        return self._length

    def __getitem__(self, key: Any) -> Any:
        if not (self.late and isinstance(key, slice) and hasattr(self.table, "paginator")):
            return super().__getitem__(key)
        wanted = list(self.data.values_list("pk", flat=True)[key])
        found = self.data.model._default_manager.none() if not wanted else self.data.filter(pk__in=wanted).order_by()
        rows = {row.pk: row for row in found}
        return [rows[pk] for pk in wanted if pk in rows]

    def order_by(self, aliases: Any) -> None:
        keys: list[str] = []
        for alias in aliases:
            column = self.table.columns[OrderBy(alias).bare]
            keys += column.order_by if alias.startswith("-") == column.order_by_alias.startswith("-") else column.order_by.opposite
        self.data = self.data.order_by(*map(_gaps_last, keys), *self.usual, "pk")


def _gaps_last(key: str) -> Any:
    field = F(key.removeprefix("-"))
    return field.desc(nulls_last=True) if key.startswith("-") else field.asc(nulls_last=True)
