"""What everybody may read: published Fassungen, out of their frozen text alone. No account, session or cookie is touched."""

import csv
import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.views.generic import TemplateView, View

from jobcenter.common import clock
from jobcenter.common.export import decimal_euro, guard
from massnahmen.enums import Finanzquelle
from massnahmen.models import Veroeffentlichung
from massnahmen.queries import (
    Angebot,
    Massnahmezeile,
    Programminhalt,
    check_unverfaelscht,
    find_former,
    list_angebote,
    list_erschienen,
    noted_fingerprint,
    published_veroeffentlichung,
    published_veroeffentlichungen,
    read_aenderungen,
    read_fassung,
    read_lebenslagen,
    read_umsetzung_oeffentlich,
    read_werdegang,
    running_veroeffentlichungen,
)
from massnahmen.queries.balken import chart_jahre

log = logging.getLogger(__name__)
SOON = timedelta(days=92)  # what „in den nächsten drei Monaten“ means
MOST_SIMILAR = 3


def find_published(jahr: int, nummer: int | None = None) -> Veroeffentlichung:
    """404 for a draft as for a year that never was."""
    found = published_veroeffentlichung(jahr, nummer)
    if found is None:
        raise Http404
    return found


def read_nummer(request: HttpRequest) -> int | None:
    """Which Fassung `?fassung=` asks for; 404 for what is no number."""
    wanted = request.GET.get("fassung", "")
    if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 4):
        raise Http404
    return int(wanted) if wanted else None


@method_decorator(login_not_required, name="dispatch")
class ProgrammListeView(TemplateView):
    template_name = "massnahmen/programm_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        published = [(veroeffentlichung, read_fassung(veroeffentlichung.fassung)) for veroeffentlichung in published_veroeffentlichungen()]
        jahre = chart_jahre(inhalt for _, inhalt in published) if len(published) > 1 else None
        return super().get_context_data(**kwargs) | {"programme": published, "jahre": jahre}


@method_decorator(login_not_required, name="dispatch")
class ProgrammDetailView(TemplateView):
    """The newest public Fassung of a year; with ?fassung=1 an older one that was public before."""

    template_name = "massnahmen/programm_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        veroeffentlichung = find_published(kwargs["jahr"], read_nummer(request))
        context = self.get_context_data(**kwargs, veroeffentlichung=veroeffentlichung)
        if satz := check_unverfaelscht(veroeffentlichung.fassung):
            return self._refuse(context, satz)
        return self.render_to_response(context | {"inhalt": read_fassung(veroeffentlichung.fassung)})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        veroeffentlichung: Veroeffentlichung = kwargs["veroeffentlichung"]
        fassung = veroeffentlichung.fassung
        erschienen, jahr = list_erschienen(), fassung.programm.jahr
        return super().get_context_data(**kwargs) | {
            "fassung": fassung,
            "beratung": veroeffentlichung.beratung,
            "werdegang": read_werdegang(fassung),
            "hat_vorgaenger": any(e.jahr == jahr - 1 or (e.jahr == jahr and e.nummer < fassung.nummer) for e in erschienen),
            "erschienen": [e for e in erschienen if e.jahr == jahr],
            "andere_jahre": sorted({e.jahr for e in erschienen if e.jahr != jahr}, reverse=True),
        }

    def _refuse(self, context: dict[str, Any], satz: str) -> HttpResponse:
        """Readers have done nothing wrong, so this is no error page: it says what happened, and search engines stay out."""
        fassung = context["fassung"]
        log.error("%s: text changed in the database, not shown. %s", fassung, satz)
        self.template_name = "massnahmen/programm_verfaelscht.html"
        response = self.render_to_response(context | {"satz": satz, "pruefsumme": noted_fingerprint(fassung)})
        response["Cache-Control"] = "no-store"  # each visitor's page looks again
        return response


@method_decorator(login_not_required, name="dispatch")
class ProgrammAenderungenView(TemplateView):
    """What a public Fassung says differently from the one before it; with ?fassung=2 of an older one."""

    template_name = "massnahmen/programm_aenderungen.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fassung = find_published(kwargs["jahr"], read_nummer(self.request)).fassung
        aenderungen = read_aenderungen(fassung)
        if aenderungen is None:
            raise Http404
        return super().get_context_data(**kwargs) | {"fassung": fassung, "aenderungen": aenderungen}


@method_decorator(login_not_required, name="dispatch")
class ProgrammCsvView(View):
    """The measures of the published Fassung as a table for German spreadsheet programs: UTF-8 with BOM, semicolons."""

    def get(self, request: HttpRequest, jahr: int) -> HttpResponse:
        fassung = find_published(jahr).fassung
        if satz := check_unverfaelscht(fassung):
            log.error("%s: text changed in the database, not given out. %s", fassung, satz)
            raise Http404
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="arbeitsmarktprogramm-{jahr}-fassung-{fassung.nummer}.csv"'
        response.write("\ufeff")
        writer = csv.writer(response, delimiter=";")
        writer.writerows([guard(cell) for cell in row] for row in _rows(read_fassung(fassung), fassung.nummer))
        return response


def _rows(inhalt: Programminhalt, fassung: int) -> Iterator[list[str]]:
    yield [
        *("Jahr", "Fassung", "Nummer", "Titel", "Gruppe", "Instrument", "Rechtsgrundlage", "Handlungsfeld", "Zielgruppen", "Träger"),
        *("Vergabe", "Ort", "Beginn", "Ende", "Wochen je Person", "Stunden je Woche", "Einstieg jederzeit", "Nächster Start"),
        *("Plätze", "Geplante Eintritte", "Kosten in Euro", *(f"davon {quelle.label}" for quelle in Finanzquelle)),
        *("Kosten je Platz in Euro", "Verpflichtung Folgejahre in Euro"),
        *("Erfolgskriterium", "Geplante Eingliederungsquote in Prozent", "Bemerkung"),
    ]
    for massnahme in inhalt.massnahmen:
        yield [str(inhalt.jahr), str(fassung), *_row(massnahme)]


def _row(massnahme: Massnahmezeile) -> list[str]:
    by_source = {betrag.schluessel: betrag.cent for betrag in massnahme.finanzierung}
    instrument, per_place = massnahme.instrument, massnahme.kosten_je_platz_cent
    return [
        str(massnahme.id),
        massnahme.titel,
        *((str(instrument.gruppe.label), instrument.name, instrument.paragraph) if instrument else ("", "", "")),
        massnahme.handlungsfeld or "",
        ", ".join(massnahme.zielgruppen),
        massnahme.traeger or "",
        str(massnahme.vergabestand.label),
        massnahme.ort,
        _iso(massnahme.beginn),
        _iso(massnahme.ende),
        _number(massnahme.dauer_wochen),
        _number(massnahme.wochenstunden),
        "ja" if massnahme.jederzeit else "nein",
        _iso(massnahme.naechster_start),
        _number(massnahme.plaetze),
        _number(massnahme.geplante_eintritte),
        decimal_euro(massnahme.kosten_cent),
        *(decimal_euro(by_source.get(quelle, 0)) for quelle in Finanzquelle),
        "" if per_place is None else decimal_euro(per_place),
        decimal_euro(massnahme.verpflichtung_cent),
        massnahme.erfolgskriterium,
        _number(massnahme.eingliederung_prozent),
        massnahme.bemerkung,
    ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


START = {"": "ganz gleich", "jederzeit": "jederzeit", "bald": "in den nächsten drei Monaten"}


@method_decorator(login_not_required, name="dispatch")
class MassnahmeListeView(TemplateView):
    """For people who look for help: what runs today or later, out of this year's programme and those to come."""

    template_name = "massnahmen/massnahme_liste.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.today()
        veroeffentlichungen = running_veroeffentlichungen(today)
        offered = list_angebote(veroeffentlichungen, today)
        wanted = {name: self.request.GET.get(name, "").strip()[:80] for name in ("zielgruppe", "ort", "start", "q")}
        found = [a for a in offered if _fits(a, wanted, today, skip="zielgruppe")]
        shown = sorted((a for a in found if _fits(a, wanted, today)), key=lambda a: _by_start(a, today))
        names = {slugify(name): name for name in sorted({name for a in offered for name in a.massnahme.zielgruppen})}
        return super().get_context_data(**kwargs) | {
            "veroeffentlichungen": veroeffentlichungen,
            "angebote": [(angebot, angebot.next_start(today)) for angebot in shown],
            "lebenslagen": _list_lebenslagen(names, found, wanted["zielgruppe"]),
            "orte": sorted({place for a in offered if (place := _place(a))}),
            "starts": START.items(),
            "gewaehlt": wanted,
            "ist_gefiltert": any(wanted.values()),
            "anzahl": len(offered),
            "ohne_zielgruppe": len(found),
            "gewaehlter_name": names.get(wanted["zielgruppe"], ""),
            "weitere_wahl": [(name, value) for name, value in wanted.items() if value and name != "zielgruppe"],
        }


def _list_lebenslagen(names: dict[str, str], found: list[Angebot], chosen: str) -> list[tuple[str, str, int]]:
    """For each target group that is offered something: key, how people say it of themselves, and how much there is."""
    words = read_lebenslagen()
    rows = [(slug, words.get(name, name), sum(name in a.massnahme.zielgruppen for a in found)) for slug, name in names.items()]
    return sorted((row for row in rows if row[2] or row[0] == chosen), key=lambda row: row[1].casefold())


def _fits(angebot: Angebot, wanted: dict[str, str], today: date, *, skip: str = "") -> bool:
    massnahme = angebot.massnahme
    start = angebot.next_start(today)
    said = [massnahme.titel, massnahme.beschreibung, massnahme.zugang, massnahme.ort, massnahme.traeger or "", *massnahme.zielgruppen]
    words = " ".join([*said, massnahme.instrument.klartext if massnahme.instrument else ""]).casefold()
    fits = {
        "zielgruppe": wanted["zielgruppe"] in map(slugify, massnahme.zielgruppen),
        "ort": wanted["ort"] == _place(angebot),
        "start": massnahme.jederzeit or (wanted["start"] == "bald" and start is not None and start <= today + SOON),
        "q": all(word in words for word in wanted["q"].casefold().split()),
    }
    return all(fits[name] for name, value in wanted.items() if value and name != skip and (name != "start" or value in START))


def _place(angebot: Angebot) -> str:
    """The town, without street and number."""
    return angebot.massnahme.ort.partition(",")[0].strip()


def _by_start(angebot: Angebot, today: date) -> tuple[date, str]:
    """What one can begin soonest comes first; what names no start comes after what begins soon."""
    massnahme = angebot.massnahme
    begins = massnahme.beginn if massnahme.beginn and massnahme.beginn > today else today
    start = begins if massnahme.jederzeit else angebot.next_start(today) or today + SOON
    return start, massnahme.titel.casefold()


@method_decorator(login_not_required, name="dispatch")
class MassnahmeDetailView(TemplateView):
    """One measure for people who look for help. One that has ended says so kindly and names others; 410 lets search engines forget it."""

    template_name = "massnahmen/massnahme_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        today, pk = clock.today(), kwargs["pk"]
        offered = {a.massnahme.id: a for a in list_angebote(running_veroeffentlichungen(today), today)}
        angebot = offered.pop(pk, None)
        found = angebot or find_former(pk)
        if found is None:
            raise Http404
        context = {
            "angebot": found,
            "massnahme": found.massnahme,
            "laeuft": angebot is not None,
            "naechster_start": found.next_start(today),
            "noch_nicht_begonnen": bool(found.massnahme.beginn and found.massnahme.beginn > today),
            "umsetzung": read_umsetzung_oeffentlich(pk) if angebot else None,
            "aehnliche": _list_similar(found.massnahme, list(offered.values()), today),
        }
        return self.render_to_response(self.get_context_data(**kwargs) | context, status=200 if angebot else 410)


def _list_similar(massnahme: Massnahmezeile, offered: list[Angebot], today: date) -> list[Angebot]:
    """Others for the same people, most in common first."""
    groups = set(massnahme.zielgruppen)
    common = [(len(groups & set(a.massnahme.zielgruppen)), a) for a in offered]
    ordered = sorted(((n, a) for n, a in common if n), key=lambda pair: (-pair[0], _by_start(pair[1], today)))
    return [a for _, a in ordered[:MOST_SIMILAR]]
