"""Which measure that exists already goes into a draft."""

from typing import Any

from django.db.models import QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView

from jobcenter.common.tabellen import DatumSpalte, JahrSpalte, LinkSpalte, Tabelle, TabelleMixin, TextSpalte
from massnahmen.actions import check_draft
from massnahmen.filters import AufnehmbareFilter
from massnahmen.models import Massnahme
from massnahmen.queries import list_aufnehmbare
from massnahmen.views.intern import ProgrammMixin
from massnahmen.views.liste import LaufzeitSpalte


def _address(record: Massnahme, table: Tabelle) -> str:
    """The form that takes it up; out of the archive it comes on its own page."""
    if record.archiviert_am:
        return reverse("massnahmen:massnahme-intern-detail", args=[record.pk])
    return reverse("massnahmen:massnahme-aufnehmen", args=[record.fuer, record.pk])  # type: ignore[attr-defined]  # annotated below


def _below_title(record: Massnahme) -> str:
    words = record.instrument.klartext if record.instrument else "Noch kein Instrument"
    return f"{words} · im Archiv" if record.archiviert_am else words


class AufnehmbareTabelle(Tabelle):
    titel = "Maßnahmen zum Aufnehmen"
    woerter = ("Maßnahme", "Maßnahmen")

    massnahme = LinkSpalte("Maßnahme", accessor="titel", url=_address, zusatz=_below_title)
    zuletzt = JahrSpalte("Zuletzt geplant", initial_sort_descending=True)
    traeger = TextSpalte("Träger", accessor="traeger__name")
    laufzeit = LaufzeitSpalte("Laufzeit", accessor="pk", order_by=("beginn", "ende"), nur_seite=True)
    beginn = DatumSpalte("Beginn", nur_datei=True)
    ende = DatumSpalte("Ende", nur_datei=True)


class MassnahmeAuswaehlenView(ProgrammMixin, TabelleMixin, TemplateView):
    permission = "massnahmen.change_massnahme"
    template_name = "massnahmen/massnahme_auswaehlen.html"
    tabelle_class, filter_class = AufnehmbareTabelle, AufnehmbareFilter

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_draft(self.programm)
        return super().get(request, *args, **kwargs)

    def get_rows(self) -> QuerySet[Massnahme]:
        return list_aufnehmbare(self.programm).annotate(fuer=Value(self.programm.jahr))

    def get_leer(self) -> dict[str, str]:
        url = reverse("massnahmen:massnahme-anlegen", args=[self.programm.jahr])
        text = f"Jede Maßnahme, die es gibt, steht schon im {self.programm} oder liegt im Archiv."
        return {"titel": "Nichts mehr aufzunehmen", "text": text, "url": url, "verb": "Neue Maßnahme planen"}
