"""Small parts of KERN UX markup that need arguments. Larger ones are templates under components/."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Parser, Token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from jobcenter.common.instanz import Instanz
from jobcenter.common.richtext import sanitise

register = template.Library()

# KERN knows four moods; a state without mood is grey.
STAND_ART = {
    **dict.fromkeys(["beim_beirat", "abstimmung", "beraten", "zur_freigabe", "eingeladen", "eroeffnet", "offen"], "info"),
    **dict.fromkeys(["wartet", "in_arbeit", "eingereicht", "geprueft", "beteiligung", "fortschreibung"], "info"),
    **dict.fromkeys(["uebernommen", "beschlossen", "veroeffentlicht", "freigegeben", "fertig", "zugestimmt", "angenommen"], "success"),
    **dict.fromkeys(["abgelehnt", "gescheitert", "abgesagt", "abgebrochen", "fehlerhaft", "abgelaufen"], "danger"),
    "kuenftig": "info",
    "gueltig": "success",
    "endet": "warning",  # certificates
}
MELDUNGSART = {"debug": "info", "info": "info", "success": "success", "warning": "warning", "error": "danger"}
MOST_PARTS = 5  # more colours are not told apart
BAR_WIDTH = 1000  # units of the viewBox
BAR_GAP = 4


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon; the word beside it says what it means."""
    return format_html('<span class="kern-icon kern-icon--{}" aria-hidden="true"></span>', name)


@register.simple_tag
def menuepunkt(pfad: str, name: str, wort: str, genau: bool = False) -> SafeString:
    """A link of the main menu. Current are the page itself ("page") and, unless `genau`, the pages below it ("true")."""
    url = reverse(name)
    current = "page" if pfad == url else "true" if not genau and pfad.startswith(url) else ""
    mark = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<a class="navigation__link" href="{}"{}>{}</a>', url, mark, wort)


@register.simple_tag(name="instanz")
def load_instanz() -> Instanz:
    """For templates that are rendered without context: `{% instanz as instanz %}`."""
    return settings.INSTANZ


@register.filter
def richtext(html: str) -> SafeString:
    """Text with structure for a page or a PDF, cleaned once more on its way out."""
    return mark_safe(sanitise(html))  # noqa: S308 - sanitise is what makes it safe


@register.filter
def stand_art(status: str) -> str:
    """The KERN mood of a state, for components/badge: info, success, warning, danger or neutral."""
    return STAND_ART.get(status, "neutral")


@register.filter
def meldungsart(level_tag: str) -> str:
    """Django's message levels as KERN alerts."""
    return MELDUNGSART[level_tag]


@register.filter
def tel(number: str) -> str:
    """A German telephone number as address: 09999 100-0 → tel:+4999991000"""
    digits = "".join(character for character in number if character.isdigit())
    if number.strip().startswith("+"):
        return f"tel:+{digits}"
    return f"tel:+49{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"


@dataclass(frozen=True)
class Balkenteil:
    name: str
    cent: int
    anteil: Decimal  # per cent of the whole
    x: str
    breite: str
    reihe: int  # 1 … 5, decides the colour


@register.inclusion_tag("components/geldbalken.html")
def geldbalken(posten: Iterable[tuple[str, int]], *, id: str, titel: str) -> dict[str, object]:
    """One stacked bar of money. `posten` are pairs (name, cents), largest first in the picture; beyond five they become "Weitere"."""
    merged = _merge_small(sorted(((name, cent) for name, cent in posten if cent > 0), key=lambda pair: -pair[1]))
    summe = sum(cent for _, cent in merged)
    return {"teile": list(_place(merged, summe)), "summe": summe, "id": id, "titel": titel, "hoehe": 40, "gesamtbreite": BAR_WIDTH}


def _merge_small(posten: list[tuple[str, int]]) -> list[tuple[str, int]]:
    if len(posten) <= MOST_PARTS:
        return posten
    rest = sum(cent for _, cent in posten[MOST_PARTS - 1 :])
    return [*posten[: MOST_PARTS - 1], ("Weitere", rest)]


def _place(posten: list[tuple[str, int]], summe: int) -> Iterable[Balkenteil]:
    usable = Decimal(BAR_WIDTH - BAR_GAP * max(len(posten) - 1, 0))
    x = Decimal(0)
    for reihe, (name, cent) in enumerate(posten, start=1):
        breite = usable * cent / summe
        yield Balkenteil(name, cent, Decimal(100) * cent / summe, f"{x:.1f}", f"{breite:.1f}", reihe)
        x += breite + BAR_GAP


class _Merken(template.Node):
    """Keeps what it rendered last for a handful of values, in the process."""

    most = 12

    def __init__(self, nodelist: template.NodeList, values: list[FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values
        self._kept: list[tuple[list[object], SafeString]] = []

    def render(self, context: template.Context) -> SafeString:
        values = [value.resolve(context) for value in self.values]
        for seen, html in self._kept:
            if seen == values:
                return html
        html = self.nodelist.render(context)
        self._kept = [*self._kept[1 - self.most :], (values, html)]
        return html


@register.tag
def merken(parser: Parser, token: Token) -> _Merken:
    """`{% merken instanz farbschemata %}…{% endmerken %}`: a part of the frame that depends on these values alone.

    It is rendered once per process and not for every visitor. Never around anything that a person or a request decides.
    """
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse(["endmerken"])
    parser.delete_first_token()
    return _Merken(nodelist, values)
