"""All pieces of which pages are made, in all their states, to be looked at in development (`make dev`)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from jobcenter.common.auswahl import Zeile
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.forms import GalerieForm
from jobcenter.common.kommentare import Gespraech, Kommentare
from jobcenter.common.listen import NOCH_NICHT, Antwort, Schritt
from jobcenter.common.models import Kommentar
from jobcenter.common.tabellen import (
    AuswahlSpalte,
    DatumSpalte,
    EuroSpalte,
    LinkSpalte,
    StandSpalte,
    Tabelle,
    ZahlSpalte,
)
from jobcenter.common.vergleich import Feld, compare_felder
from jobcenter.common.verlauf import Eintrag
from jobcenter.konten.models import User
from massnahmen.queries.balken import Balken, Balkentabelle, Balkenzeile

COMPONENTS = settings.BASE_DIR / "templates" / "components"
_COMMENT = re.compile(r"\{#\s?(.*?)\s?#\}")
MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=timezone.get_default_timezone())


@dataclass(frozen=True)
class Beispiel:
    """A row of the tables on this page."""

    pk: int
    name: str
    plaetze: int | None
    cent: int
    beginn: Any
    status: str


ROWS = [
    Beispiel(1, "Werkstatt für den Neuanfang", 24, 41_250_000, MONDAY.date(), Auftragsstatus.FERTIG),
    Beispiel(2, "Lernen im Betrieb", 12, 9_800_050, MONDAY.date() + timedelta(days=90), Auftragsstatus.IN_ARBEIT),
    Beispiel(3, "Brücke in den Beruf für Menschen, die lange nicht gearbeitet haben", None, 0, None, Auftragsstatus.GESCHEITERT),
]


class BeispielTabelle(Tabelle):
    titel = "Beispiele"
    woerter = ("Beispiel", "Beispiele")

    auswahl = AuswahlSpalte(wort=lambda record: record.name)
    name = LinkSpalte("Maßnahme", url=lambda record, table: "#tabelle", zusatz=lambda record: "Lohnzuschuss für Betriebe")
    status = StandSpalte("Stand", choices=Auftragsstatus)
    beginn = DatumSpalte("Beginn")
    plaetze = ZahlSpalte("Plätze")
    cent = EuroSpalte("Kosten")


@method_decorator(login_not_required, name="dispatch")
class GalerieView(TemplateView):
    """404 unless the portal runs in development."""

    template_name = "portal/galerie.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        table = BeispielTabelle(list(ROWS), order_by=self.request.GET.get("sortierung", "-cent"))
        empty = BeispielTabelle([])
        for one in (table, empty):
            one.paginate(page=1, per_page=3)
        return super().get_context_data(**kwargs) | {
            "beleg": {path.stem: _COMMENT.findall(_top(path.read_text(encoding="utf-8"))) for path in COMPONENTS.glob("*.html")},
            "kein_token": "galerie",  # no real one: these forms are sent nowhere
            "leeres": GalerieForm(prefix="leer"),
            "gefuelltes": GalerieForm(prefix="voll", initial=_filled()),
            "fehlerhaftes": GalerieForm({"fehler-betrag": "viel", "fehler-mail": "name@"}, prefix="fehler"),
            "tabelle": table,
            "leere_tabelle": empty,
            "leer": {
                "titel": "Noch keine Maßnahme",
                "text": "Maßnahmen entstehen im Entwurf eines Programms.",
                "url": "#",
                "verb": "Zum Entwurf",
            },
            "balken": Balkentabelle(
                "galerie-balken",
                "Plätze nach Handlungsfeld",
                "2026, jeder Platz zählt einmal.",
                ("Handlungsfeld", "Plätze", "Anteil"),
                (
                    Balkenzeile("Junge Menschen in Ausbildung bringen", (Balken("120", 1000),), "60,0\u00a0%"),
                    Balkenzeile("Berufsabschlüsse nachholen", (Balken("80", 667),), "40,0\u00a0%"),
                ),
                Balkenzeile("Zusammen", (Balken("200", 0),), "100,0\u00a0%"),
            ),
            "posten": [("Beschäftigung schaffen", 41_250_000), ("Aktivieren", 20_000_000), ("Weiterbilden", 9_800_050)],
            "schritte": [
                Schritt("Maßnahmen", "12 geplant", "success", "#", nummer=1),
                Schritt("Texte", "9 von 13 geschrieben", "info", "#", "Das Vorwort fehlt noch.", nummer=2),
                Schritt("Dem Beirat vorlegen", NOCH_NICHT, satz="Zuerst braucht das Programm alle Texte.", nummer=3),
            ],
            "antworten": [Antwort("Titel", "Werkstatt für den Neuanfang"), Antwort("Plätze", "24"), Antwort("Träger", "")],
            "saetze": ["Die Geschäftsstelle lädt zur nächsten Sitzung ein.", "Der Beirat stimmt am 9. Dezember ab."],
            "moegliche": [Zeile(ROWS[0], ""), Zeile(ROWS[1], "")],
            "unmoegliche": [Zeile(ROWS[2], "Das Programm liegt beim Beirat.")],
            "felder": _changes().geaendert,
            "aenderungen": _changes(),
            "eintraege": Paginator(_history(), 20).page(1),
            "kommentare": _comments(),
            "seite": Paginator(range(60), 20).page(2),
            "pruefsumme": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        }


def _top(source: str) -> str:
    """The comments with which a component begins."""
    lines = [line for line in source.splitlines() if not line.startswith("{% load")]
    end = next((n for n, line in enumerate(lines) if not line.startswith("{#")), len(lines))
    return "\n".join(lines[:end])


def _filled() -> dict[str, Any]:
    return {
        "titel": "Werkstatt für den Neuanfang",
        "kurz": "Ein halbes Jahr in einer Werkstatt, mit Beratung.",
        "text": "<p>Zwölf Menschen arbeiten zusammen.</p>",
        "mail": "name@musterburg.example",
        "betrag": 45_500_000,
        "plaetze": 24,
        "tag": MONDAY.date(),
        "zeitpunkt": MONDAY,
        "monat": MONDAY.date().replace(day=1),
        "instrument": "16i",
        "art": "beratung",
        "gruppen": ["u25", "lang"],
        "geprueft": True,
    }


def _changes() -> Any:
    old = {
        "text": "Die Werkstatt nimmt zehn Menschen auf.\n\nSie bleibt offen.",
        "cent": 42_000_000,
        "quote": Decimal("25.7"),
        "traeger": "Werkhof",
    }
    new = {
        "text": "Die Werkstatt nimmt zwölf Menschen auf.\n\nSie bleibt offen.",
        "cent": 45_500_000,
        "quote": Decimal("26.5"),
        "traeger": "Bildungswerk",
    }
    return compare_felder(
        old, new, {"text": "Text", "cent": Feld("Kosten", einheit="euro"), "quote": Feld("Quote", einheit="prozent"), "traeger": "Träger"}
    )


def _history() -> list[Eintrag]:
    first = Eintrag(1, MONDAY, "Petra Plan", "Maßnahme geplant", "", 1, {}, None, ist_heute=False)
    second = Eintrag(
        2, MONDAY + timedelta(hours=3), "Carla Controlling", "Maßnahme geändert", "Mehr Plätze beantragt", 2, {}, _changes(), ist_heute=True
    )
    return [second, first]


def _comments() -> Kommentare:
    petra, hanna = User(pk=1, name="Petra Plan"), User(pk=2, name="Hanna Reuter")
    open_ = Kommentar(pk=1, von=petra, am=MONDAY, text="Reichen 24 Plätze?", feld="plaetze")
    done = Kommentar(pk=2, von=hanna, am=MONDAY, text="Der Titel ist zu lang.", erledigt_am=MONDAY + timedelta(days=1), erledigt_von=petra)
    return Kommentare(SimpleNamespace(pk=1), "massnahmen.massnahme", {"plaetze": "Plätze"}, (Gespraech("Plätze", (open_,)),), (done,))
