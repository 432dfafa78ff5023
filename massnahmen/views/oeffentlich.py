"""What everybody may read: published Fassungen, out of their frozen text alone. No account, session or cookie is touched."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.views.generic import TemplateView, View

from jobcenter.common import clock
from jobcenter.common.canonical import fingerprint
from jobcenter.common.export import decimal_euro, guard
from massnahmen.enums import Finanzquelle
from massnahmen.models import Veroeffentlichung
from massnahmen.queries import (
    Massnahmezeile,
    Programminhalt,
    offered_massnahmen,
    published_veroeffentlichung,
    published_veroeffentlichungen,
    read_fassung,
    running_veroeffentlichungen,
)


def find_published(jahr: int) -> Veroeffentlichung:
    """404 for a draft as for a year that never was."""
    found = published_veroeffentlichung(jahr)
    if found is None:
        raise Http404
    return found


@method_decorator(login_not_required, name="dispatch")
class ProgrammListeView(TemplateView):
    template_name = "massnahmen/programm_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        published = [(veroeffentlichung, read_fassung(veroeffentlichung.fassung)) for veroeffentlichung in published_veroeffentlichungen()]
        return super().get_context_data(**kwargs) | {"programme": published}


@method_decorator(login_not_required, name="dispatch")
class ProgrammDetailView(TemplateView):
    template_name = "massnahmen/programm_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        veroeffentlichung = find_published(self.kwargs["jahr"])
        fassung = veroeffentlichung.fassung
        return super().get_context_data(**kwargs) | {
            "veroeffentlichung": veroeffentlichung,
            "fassung": fassung,
            "beratung": veroeffentlichung.beratung,
            "inhalt": read_fassung(fassung),
            "unveraendert": fingerprint(fassung.inhalt) == fassung.pruefsumme,
        }


@method_decorator(login_not_required, name="dispatch")
class ProgrammCsvView(View):
    """The measures of the published Fassung as a table for German spreadsheet programs: UTF-8 with BOM, semicolons."""

    def get(self, request: HttpRequest, jahr: int) -> HttpResponse:
        fassung = find_published(jahr).fassung
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="arbeitsmarktprogramm-{jahr}-fassung-{fassung.nummer}.csv"'
        response.write("\ufeff")
        writer = csv.writer(response, delimiter=";")
        writer.writerows([guard(cell) for cell in row] for row in _rows(read_fassung(fassung), fassung.nummer))
        return response


def _rows(inhalt: Programminhalt, fassung: int) -> Iterator[list[str]]:
    yield [
        *("Jahr", "Fassung", "Nummer", "Titel", "Gruppe", "Instrument", "Rechtsgrundlage", "Zielgruppen", "Träger"),
        *("Beginn", "Ende", "Plätze", "Geplante Eintritte", "Kosten in Euro"),
        *(f"davon {quelle.label}" for quelle in Finanzquelle),
    ]
    for massnahme in inhalt.massnahmen:
        yield [str(inhalt.jahr), str(fassung), *_row(massnahme)]


def _row(massnahme: Massnahmezeile) -> list[str]:
    by_source = {betrag.schluessel: betrag.cent for betrag in massnahme.finanzierung}
    return [
        str(massnahme.id),
        massnahme.titel,
        massnahme.instrument.gruppe.label,
        massnahme.instrument.name,
        massnahme.instrument.paragraph,
        ", ".join(massnahme.zielgruppen),
        massnahme.traeger or "",
        massnahme.beginn.isoformat(),
        massnahme.ende.isoformat(),
        str(massnahme.plaetze),
        str(massnahme.geplante_eintritte),
        decimal_euro(massnahme.kosten_cent),
        *(decimal_euro(by_source.get(quelle, 0)) for quelle in Finanzquelle),
    ]


@method_decorator(login_not_required, name="dispatch")
class MassnahmeListeView(TemplateView):
    """For people who look for help: what runs today or later, out of this year's programme and those to come."""

    template_name = "massnahmen/massnahme_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        veroeffentlichungen = running_veroeffentlichungen(clock.today())
        offered = offered_massnahmen(veroeffentlichungen, clock.today())
        groups = {slugify(name): name for name in sorted({name for m in offered for name in m.zielgruppen})}
        wanted = self.request.GET.get("zielgruppe", "")
        shown = [m for m in offered if not wanted or wanted in map(slugify, m.zielgruppen)]
        return super().get_context_data(**kwargs) | {
            "veroeffentlichungen": veroeffentlichungen,
            "massnahmen": shown,
            "zielgruppen": [(slug, name, sum(name in m.zielgruppen for m in offered)) for slug, name in groups.items()],
            "anzahl": len(offered),
            "gewaehlt": wanted,
            "gewaehlter_name": groups.get(wanted, ""),
        }
