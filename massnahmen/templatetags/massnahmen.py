"""Words and marks that pages about the programme need."""

import re
from collections.abc import Iterable, Mapping

from django import template

from massnahmen.models import Beratung
from massnahmen.queries import Betrag

register = template.Library()
LAW = re.compile(r"(§§?|Abs\.|Nr\.|SGB) ")


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
    abstentions = "1\u00a0Enthaltung" if beratung.enthaltung == 1 else f"{beratung.enthaltung}\u00a0Enthaltungen"
    return f"{beratung.ja}\u00a0Ja, {beratung.nein}\u00a0Nein, {abstentions}"


@register.filter
def wert(zahlen: Mapping[int, int], schluessel: int) -> int:
    """The number that stands under a key; 0 where there is none."""
    return zahlen.get(schluessel, 0)


@register.filter
def recht(paragraph: str) -> str:
    """A reference to the law that no line break takes apart: § 16 Abs. 1 SGB II."""
    return LAW.sub("\\1\u00a0", paragraph)
