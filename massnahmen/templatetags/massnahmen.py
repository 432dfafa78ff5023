"""Words and marks that pages about the programme need."""

import re
from collections.abc import Iterable, Mapping

from django import template

from jobcenter.common.typography import NBSP, zahl
from massnahmen.enums import Massnahmestand, Vergabestand
from massnahmen.models import Beratung, Gremienbeschluss
from massnahmen.queries import Betrag, Massnahmezeile
from massnahmen.queries.balken import chart_handlungsfelder, chart_quellen, chart_vorjahr, chart_zielgruppen
from massnahmen.queries.gliederung import outline

register = template.Library()
LAW = re.compile(r"(§§?|Abs\.|Nr\.|SGB) ")


for name, make in (
    ("gliederung", outline),
    ("handlungsfelder", chart_handlungsfelder),
    ("zielgruppen", chart_zielgruppen),
    ("quellen", chart_quellen),
    ("gegen_vorjahr", chart_vorjahr),
):
    register.filter(name, make)


@register.filter
def posten(betraege: Iterable[Betrag]) -> list[tuple[str, int]]:
    """Sums as the pairs that {% geldbalken %} draws."""
    return [(betrag.name, betrag.cent) for betrag in betraege]


@register.filter
def ergebnis(beratung: Beratung) -> str:
    """What the Beirat advised, with its votes unless all were the same: mehrheitlich zugestimmt (9 Ja, 2 Nein, 1 Enthaltung)."""
    return beratung.wortlaut if beratung.ist_einstimmig else f"{beratung.wortlaut} ({stimmen(beratung)})"


@register.filter
def stimmen(beratung: Beratung) -> str:
    """9 Ja, 2 Nein, 1 Enthaltung"""
    return _count_votes(beratung.ja, beratung.nein, beratung.enthaltung)


def _count_votes(ja: int, nein: int, enthaltung: int) -> str:
    return f"{ja}{NBSP}Ja, {nein}{NBSP}Nein, {enthaltung}{NBSP}{'Enthaltung' if enthaltung == 1 else 'Enthaltungen'}"


@register.filter
def beschluss_stimmen(beschluss: Gremienbeschluss) -> str:
    """The votes of a body of the Landkreis: 31 Ja, 4 Nein, 2 Enthaltungen; empty where it did not publish them."""
    if beschluss.ja is None or beschluss.nein is None or beschluss.enthaltung is None:
        return ""
    return _count_votes(beschluss.ja, beschluss.nein, beschluss.enthaltung)


@register.filter
def massnahmestand_art(stand: str) -> str:
    """The colour of a badge that says where a measure stands."""
    if stand in {Massnahmestand.LAEUFT, Massnahmestand.AUSGEWERTET}:
        return "success"
    if stand == Massnahmestand.VORZEITIG:
        return "warning"
    return "neutral" if stand in {Massnahmestand.BEDARF, Massnahmestand.BEENDET, Massnahmestand.ABGERECHNET} else "info"


@register.filter
def traeger(massnahme: Massnahmezeile) -> str:
    """Who carries a measure out, or how far its award is; before that the name is secret."""
    if massnahme.traeger:
        return massnahme.traeger
    return "das Jobcenter selbst" if massnahme.vergabestand == Vergabestand.OHNE else str(massnahme.vergabestand.label)


@register.filter
def umfang(massnahme: Massnahmezeile) -> str:
    """How long it takes one person: 8 Wochen, 20 Stunden in der Woche; empty where nothing is said."""
    weeks, hours = massnahme.dauer_wochen, massnahme.wochenstunden
    parts = [f"{zahl(weeks)}{NBSP}{'Woche' if weeks == 1 else 'Wochen'}" if weeks else ""]
    parts.append(f"{zahl(hours)}{NBSP}{'Stunde' if hours == 1 else 'Stunden'} in der Woche" if hours else "")
    return ", ".join(filter(None, parts))


@register.filter
def wert(zahlen: Mapping[int, int], schluessel: int) -> int:
    """The number that stands under a key; 0 where there is none."""
    return zahlen.get(schluessel, 0)


@register.filter
def recht(paragraph: str) -> str:
    """A reference to the law that no line break takes apart: § 16 Abs. 1 SGB II."""
    return LAW.sub("\\1\u00a0", paragraph)
