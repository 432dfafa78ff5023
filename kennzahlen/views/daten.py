"""One Kennzahl as a file for programs: CSV, JSON, and what the columns mean (CSVW). No account, session or cookie is touched."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.http import http_date
from django.utils.timezone import make_aware
from django.views.generic import View

from jobcenter.common.export import guard
from kennzahlen.enums import Einheit, Geschlecht, Kennzeichen, Lizenz, Reife
from kennzahlen.models import Kennzahl
from kennzahlen.queries.offene_daten import (
    LIZENZ_URL,
    STELLEN,
    Datenzeile,
    Fingerabdruck,
    OffeneReihe,
    Tabelle,
    find_kennzahl,
)

FORM = 1  # raise it when the files look different: every ETag changes with it
CSV = "text/csv; charset=utf-8; header=present"
CSVW = "application/csvm+json"
SCHLUESSEL = ["traegernummer", "gruppe", "von", "bis", "kennzahl", "geschlecht"]
EINHEITEN = {
    Einheit.ANZAHL: "Anzahl",
    Einheit.CENT: "Cent",
    Einheit.PROZENT: "Prozent",
    Einheit.VERAENDERUNG: "Veränderung gegenüber dem Vorjahresmonat in Prozent",
}


class _Echo:
    """A file for csv.writer that hands every line back."""

    @staticmethod
    def write(line: str) -> str:
        return line


class DatenView(View):
    """Answers 304 after two queries where nothing has changed; only then are values read."""

    tabelle = Tabelle.REIHE
    content_type = CSV

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        kennzahl = find_kennzahl(code)
        if kennzahl is None:
            raise Http404
        reihe = OffeneReihe(kennzahl)
        abdruck = reihe.read_fingerabdruck(self.tabelle)
        headers = self._headers(kennzahl, abdruck)
        unchanged = get_conditional_response(request, etag=headers["ETag"], response=HttpResponse(headers=headers))
        if unchanged is not None and unchanged.status_code != HTTPStatus.OK:
            return unchanged
        response = self.respond(reihe, abdruck)
        for name, value in headers.items():
            response.headers[name] = value
        return response

    def respond(self, reihe: OffeneReihe, abdruck: Fingerabdruck) -> HttpResponseBase:
        raise NotImplementedError

    def _headers(self, kennzahl: Kennzahl, abdruck: Fingerabdruck) -> dict[str, str]:
        """Last-Modified is for people: a correction may carry an older day, so that only the ETag answers a question."""
        basis = (FORM, type(self).__name__, kennzahl.code, kennzahl.name, kennzahl.definition, kennzahl.einheit, abdruck.teile)
        headers = {
            "ETag": f'"{blake2b(repr(basis).encode(), digest_size=16).hexdigest()}"',
            "Cache-Control": "public, no-cache",  # may be kept, and is asked for each time
            "Access-Control-Allow-Origin": "*",
            "Content-Type": self.content_type,
            "Link": f'<{_url("reihe-csvw", kennzahl)}>; rel="describedby"; type="{CSVW}"',
        }
        if abdruck.geaendert:
            headers["Last-Modified"] = http_date(_moment(abdruck.geaendert).timestamp())
        return headers


@method_decorator(login_not_required, name="dispatch")
class ReiheCsvView(DatenView):
    """The current values. Some hundred lines, so that the page cache keeps them."""

    def respond(self, reihe: OffeneReihe, abdruck: Fingerabdruck) -> HttpResponseBase:
        return HttpResponse("".join(write_csv(reihe.read_zeilen(self.tabelle))))


@method_decorator(login_not_required, name="dispatch")
class ReiheEigeneCsvView(ReiheCsvView):
    tabelle = Tabelle.EIGENE


@method_decorator(login_not_required, name="dispatch")
class ReiheRevisionenCsvView(DatenView):
    """What was ever said and not taken back; line by line, however long it is."""

    tabelle = Tabelle.REVISIONEN

    def respond(self, reihe: OffeneReihe, abdruck: Fingerabdruck) -> HttpResponseBase:
        return StreamingHttpResponse(write_csv(reihe.read_zeilen(self.tabelle)))


@method_decorator(login_not_required, name="dispatch")
class ReiheJsonView(DatenView):
    """The same lines as the CSV; decimals are texts, so that no program rounds them."""

    content_type = "application/json"

    def respond(self, reihe: OffeneReihe, abdruck: Fingerabdruck) -> HttpResponseBase:
        kennzahl = reihe.kennzahl
        werte = [{name: _json(value) for name, value in zeile._asdict().items()} for zeile in reihe.read_zeilen(self.tabelle)]
        content = {
            "kennzahl": _beschreibung(kennzahl),
            "adresse": _url("reihe-json" if self.tabelle is Tabelle.REIHE else "reihe-eigene-json", kennzahl),
            "spalten": _url("reihe-csvw", kennzahl),
            "werte": werte,
        }
        return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


@method_decorator(login_not_required, name="dispatch")
class ReiheEigeneJsonView(ReiheJsonView):
    tabelle = Tabelle.EIGENE


@method_decorator(login_not_required, name="dispatch")
class ReiheCsvwView(DatenView):
    """Metadata by „Metadata Vocabulary for Tabular Data“ (W3C): what the columns of the three CSV files mean."""

    content_type = CSVW

    def respond(self, reihe: OffeneReihe, abdruck: Fingerabdruck) -> HttpResponseBase:
        return JsonResponse(describe_csv(reihe.kennzahl), json_dumps_params={"ensure_ascii": False, "indent": 2})


# --- CSV --------------------------------------------------------------------------------------------------------
def write_csv(zeilen: Iterable[Datenzeile]) -> Iterator[str]:
    """RFC 4180: commas, CRLF, decimal points, UTF-8 without BOM; one piece a line."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield writer.writerow(Datenzeile._fields)
    for zeile in zeilen:
        yield writer.writerow([_text(value) for value in zeile])


def _text(value: Any) -> str:
    if value is None:
        return ""
    return guard(value) if isinstance(value, str) else _plain(value)


def _json(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else _plain(value)


def _plain(value: int | Decimal | date) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else str(value)


# --- CSVW -------------------------------------------------------------------------------------------------------
def describe_csv(kennzahl: Kennzahl) -> dict[str, Any]:
    """One table group: current values, our own figures, all Datenstände. They share their columns and differ in their key."""
    tables = [
        ("reihe-csv", "Geltende Werte: unser Jobcenter und seine Vergleichsgruppen", SCHLUESSEL, None),
        ("reihe-eigene-csv", "Unsere eigene Erhebung", SCHLUESSEL, LIZENZ_URL[Lizenz.DL_DE_BY]),
        ("reihe-revisionen-csv", "Alle Datenstände unseres Jobcenters", [*SCHLUESSEL, "datenstand", "quelle"], None),
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
        "dc:title": f"{kennzahl.code}: {kennzahl.name}",
        "dc:description": kennzahl.definition,
        "dc:publisher": settings.INSTANZ.jobcenter.name,
        "dc:language": "de",
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True, "doubleQuote": True, "quoteChar": '"'},
        "tables": [
            {
                "url": _url(name, kennzahl),
                "dc:title": title,
                "dc:license": {"@id": licence} if licence else "je Zeile, siehe Spalte „lizenz“",
                "dc:source": "je Zeile, siehe Spalte „quelle“",
                "tableSchema": {"columns": describe_columns(kennzahl), "primaryKey": key},
            }
            for name, title, key, licence in tables
        ],
    }


def describe_columns(kennzahl: Kennzahl) -> list[dict[str, Any]]:
    """Name, title, type and meaning of every column, in their order."""
    einheit = EINHEITEN[Einheit(kennzahl.einheit)]
    geschlechter = ", ".join(f"{one.value} = {one.label}" for one in Geschlecht)
    zeichen = ", ".join(f"{one.value} = {one.label}" for one in Kennzeichen)
    rest = f"Was nicht aufgeht, ist auf {STELLEN} Stellen gerundet."
    teiler = f" Mal {kennzahl.nenner_teiler} ist er eine ganze Zahl." if kennzahl.nenner_teiler > 1 else ""
    date_ = {"base": "date", "format": "yyyy-MM-dd"}
    meaning: dict[str, tuple[str, Any, str, bool]] = {
        "traegernummer": ("Trägernummer", {"base": "string", "format": "[0-9]{5}"}, "Leer bei einer Vergleichsgruppe.", False),
        "jobcenter": ("Jobcenter", "string", "Leer bei einer Vergleichsgruppe.", False),
        "gruppe": (
            "Vergleichsgruppe",
            {"base": "string", "format": "(bund|land|typ):.+"},
            "Summe über alle Jobcenter der Gruppe, als Summe der Zähler durch Summe der Nenner. Leer bei unserem Jobcenter.",
            False,
        ),
        "berichtsmonat": ("Berichtsmonat", "gYearMonth", "Der Monat, in dem der Zeitraum endet.", True),
        "von": ("Erster Tag", date_, "Erster Tag des Zeitraums.", True),
        "bis": ("Letzter Tag", date_, "Letzter Tag des Zeitraums.", True),
        "kennzahl": ("Kennzahl", "string", kennzahl.name, True),
        "geschlecht": ("Geschlecht", {"base": "string", "format": "[IMF]"}, geschlechter, True),
        "zaehler": (
            "Zähler",
            "integer",
            f"{kennzahl.zaehler_name or 'Die gezählte Zahl'}.{' In Cent.' if kennzahl.ist_geld else ''}",
            False,
        ),
        "nenner": ("Nenner", "decimal", f"{kennzahl.nenner_name or 'Leer, wo nichts geteilt wird'}. {rest}{teiler}", False),
        "wert": ("Wert", "decimal", f"Einheit: {einheit}. Aus Zähler und Nenner gerechnet. {rest}", False),
        "kennzeichen": ("Kennzeichen", {"base": "string", "format": "geheim|sinnlos"}, f"Warum keine Zahl dasteht: {zeichen}.", False),
        "reife": (
            "Reife",
            {"base": "string", "format": "|".join(one.value for one in Reife)},
            "Hochgerechnete Werte ändern sich noch. Revidierte waren schon endgültig und wurden danach berichtigt.",
            False,
        ),
        "datenstand": ("Datenstand", date_, "Der Tag, zu dem die Quelle den Wert nennt.", True),
        "quelle": ("Quelle", "string", "Wer den Wert nennt. Eigene Berechnungen stehen als solche da.", True),
        "lizenz": ("Lizenz", "anyURI", "Die Bedingungen, unter denen dieser Wert weiterverwendet werden darf.", True),
    }
    return [
        {"name": name, "titles": {"de": [name, title] if name != title else [name]}, "datatype": datatype, "dc:description": text}
        | ({"required": True} if required else {})
        for name, (title, datatype, text, required) in ((name, meaning[name]) for name in Datenzeile._fields)
    ]


def _beschreibung(kennzahl: Kennzahl) -> dict[str, str]:
    return {
        "code": kennzahl.code,
        "name": kennzahl.name,
        "definition": kennzahl.definition,
        "einheit": EINHEITEN[Einheit(kennzahl.einheit)],
        "zaehler": kennzahl.zaehler_name,
        "nenner": kennzahl.nenner_name,
    }


def _url(name: str, kennzahl: Kennzahl) -> str:
    return settings.BASE_URL + reverse(f"kennzahlen:{name}", args=[kennzahl.code])


def _moment(value: datetime | date) -> datetime:
    return value if isinstance(value, datetime) else make_aware(datetime.combine(value, time()))
