"""All Jobcenter of a month in the order of one Kennzahl."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from jobcenter.common.tabellen import LinkSpalte, Spalte, Tabelle, TabelleMixin, TextSpalte, ZahlSpalte
from kennzahlen.enums import Geschlecht, Traegerform
from kennzahlen.forms import RanglisteForm
from kennzahlen.models import Kennzahl
from kennzahlen.queries.formeln import gerundet
from kennzahlen.queries.kennzahlseite import is_compared
from kennzahlen.queries.ranglistenseite import Ranglistenseite, Ranglistenzeile, read_ranglistenseite
from kennzahlen.queries.woerter import amount_in_words, explain_richtung, value_in_words
from kennzahlen.views.kennzahl import parse_geschlecht, parse_monat

PER_PAGE = 50


class WertSpalte(Spalte):
    numerisch, excel, zusatz_im_kopf = True, "0.0", " in Prozent"

    def render(self, value: Decimal, record: Ranglistenzeile) -> str:
        return value_in_words(record.kennzahl, value)

    def value(self, value: Decimal) -> Decimal:
        return gerundet(Fraction(value), 4)


class MengeSpalte(Spalte):
    """A Zähler or Nenner; what is money stands in the file in euros."""

    numerisch = True

    def render(self, value: Fraction | int, record: Ranglistenzeile) -> str:
        return amount_in_words(record.kennzahl, value)

    def value(self, value: Fraction | int, record: Ranglistenzeile) -> str:  # type: ignore[override]  # called by the names of its arguments
        return amount_in_words(record.kennzahl, value)


class RanglisteTabelle(Tabelle):
    titel = "Rangliste"
    woerter = ("Jobcenter", "Jobcenter")

    rang = ZahlSpalte("Platz")
    name = LinkSpalte("Jobcenter", url=lambda record, table: "", zusatz=lambda record: "unser Jobcenter" if record.ist_eigene else "")
    wert = WertSpalte("Wert", initial_sort_descending=True)
    zaehler = MengeSpalte("Zähler", initial_sort_descending=True)
    nenner = MengeSpalte("Nenner", initial_sort_descending=True)
    rang_im_typ = ZahlSpalte("Platz im Typ")
    typ = TextSpalte("Vergleichstyp")
    land = TextSpalte("Land")
    form = TextSpalte("Form")


class RanglisteFilter:
    """Conditions on rows that are no queryset, with what components/filter.html and TabelleMixin ask of a filter."""

    def __init__(self, data: QueryDict, *, queryset: Ranglistenseite, request: HttpRequest) -> None:
        self.request, self.seite = request, queryset
        shown = data.copy()
        if queryset.liste:
            shown["monat"], shown["geschlecht"] = f"{queryset.liste.bis:%Y-%m}", queryset.liste.geschlecht.value
        rows = queryset.zeilen
        laender, typen = sorted({row.land for row in rows} - {""}), sorted({row.typ for row in rows} - {""})
        usual = {"monat": queryset.auswahl[0][0], "geschlecht": Geschlecht.INSGESAMT.value} if queryset.auswahl else {}
        self.form = RanglisteForm(shown, laender=laender, typen=typen, monate=queryset.auswahl, initial=usual)
        self.filters = dict.fromkeys(("land", "typ", "form"))

    @property
    def qs(self) -> list[Ranglistenzeile]:
        wanted = {name: self.form.cleaned_data.get(name) for name in self.filters}
        wanted["form"] = Traegerform(wanted["form"]).label if wanted["form"] else ""
        return [row for row in self.seite.zeilen if all(not value or getattr(row, name) == value for name, value in wanted.items())]


@method_decorator(login_not_required, name="dispatch")
class RanglisteView(TabelleMixin, TemplateView):
    template_name = "kennzahlen/rangliste.html"
    tabelle_class, filter_class, je_seite = RanglisteTabelle, RanglisteFilter, PER_PAGE  # type: ignore[assignment]
    leer = {
        "titel": "Noch keine Rangliste",
        "text": "Unser Jobcenter hat dazu noch keinen Monat. Endgültig sind Zahlen erst drei Monate nach dem Monatsende.",
    }

    seite: Ranglistenseite

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kennzahl = get_object_or_404(Kennzahl, code=kwargs["code"])
        if not is_compared(kennzahl):
            raise Http404
        self.seite = read_ranglistenseite(
            kennzahl,
            monat=parse_monat(request.GET.get("monat", "")),
            geschlecht=parse_geschlecht(request.GET.get("geschlecht", "")),
        )
        return super().get(request, *args, **kwargs)

    def get_user(self) -> None:
        return None

    def get_rows(self) -> Ranglistenseite:
        return self.seite

    def get_exclude(self) -> tuple[str, ...]:
        """Columns that would be empty."""
        return tuple(
            name
            for name, field in (("typ", "typ"), ("rang_im_typ", "typ"), ("land", "land"))
            if not any(getattr(zeile, field) for zeile in self.seite.zeilen)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seite, stelle = self.seite, self.seite.eigene_stelle
        return super().get_context_data(
            **kwargs,
            seite=seite,
            kennzahl=seite.kennzahl,
            richtung=explain_richtung(seite.kennzahl),
            eigene_seite=stelle // PER_PAGE + 1 if stelle is not None else None,
        )
