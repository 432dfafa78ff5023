"""Figures in German running text: what a text states as a quantity, and how exactly. Pure.

Dates, years, times, terms, paragraphs, numbers of things and telephone numbers are no figures; numbers in words are not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from kennzahlen.enums import Genauigkeit, Zahleinheit

LONGEST = 200_000  # characters that are read


@dataclass(frozen=True)
class Zahlstelle:
    """A figure with its words: „fast 8 %“. `wert` is in per cent, percentage points, cents or a count, with its sign.

    `schritt` is one unit of its last place: 0,1 Mio. € are 10.000.000 cents. `von` and `bis` are offsets in the text.
    """

    text: str
    wert: Fraction
    einheit: Zahleinheit
    genauigkeit: Genauigkeit
    stellen: int
    schritt: Fraction
    hat_vorzeichen: bool
    von: int
    bis: int


_MONTHS = "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_EXACTNESS = {
    **dict.fromkeys(["rund", "etwa", "circa", "ca.", "ungefähr"], Genauigkeit.RUND),
    **dict.fromkeys(["knapp", "fast", "beinahe", "nicht ganz"], Genauigkeit.KNAPP),
    **dict.fromkeys(["über", "mehr als", "gut"], Genauigkeit.UEBER),
}
_SCALES = {"Tsd.": 10**3, "Tausend": 10**3, "Mio.": 10**6, "Million": 10**6, "Mrd.": 10**9, "Milliarde": 10**9}
_FIGURE = re.compile(
    rf"""
    (?:(?<!\w)(?P<wort>{"|".join(re.escape(word).replace(chr(92) + " ", chr(92) + "s+") for word in _EXACTNESS)})\s+)?
    (?:(?<!\w)(?P<vorzeichen>minus\s+|plus\s+|(?<![\w.,)%])[−–+-])|(?<![\w.,:/§-]))
    (?P<zahl>(?:[1-9]\d{{0,2}}(?:[.\u202f\u2009]\d{{3}})+|\d+)(?:,\d+)?)
    (?![\w§]|[.,:/]\d|[-+]|\.\s?[–-]|\s?–\s?\d)
    (?:\s?(?P<prozentpunkte>Prozentpunkten?\b)
      |\s?(?P<prozent>%|Prozent\b)
      |\s?(?P<groesse>Tsd\.|Tausend\b|Mio\.|Million(?:en)?\b|Mrd\.|Milliarden?\b)
    )?
    (?:\s?(?P<geld>€|EUR\b|Euro\b))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# what stands before a number that only names something
_NAMED_BEFORE = re.compile(
    r"(?:§{1,2}|\b(?:Absatz|Abs\.|Satz|S\.|Artikel|Art\.|Nummer|Nr\.|Nrn\.|TOP|Ziffer|Ziff\.|Kapitel|Fassung|Seite|Tabelle|Abbildung|Anlage"
    r"|Halbsatz|Buchstabe|BGBl\.|Telefon\w*|Tel\.|Fax|Durchwahl|Raum|Saal|Zimmer|Haus|Jahr|Jahre|Jahrgang|SGB|K)"
    r"|(?:straße|strasse|str\.|platz|allee|gasse|ring|weg))[ \u00a0\u202f]*$",
    re.IGNORECASE,
)
_LIST_BEFORE = re.compile(r"§{1,2}[ \u00a0]*[\da-z, \u00a0]*(?:,|und|bis|–)[ \u00a0]*$")  # §§ 16, 18 und 20
# what stands behind a number that counts time, or orders things
_TERM_BEHIND = re.compile(
    r"[ \u00a0-]*(?:bis[ \u00a0]+\d+[ \u00a0]+)?(?:Uhr|Jahr|Monat|Woche|Tag|Stunde|Minute|Werktag|Lebensjahr)(?:e|en|n|s|es)?\b"
)
_ORDINAL_BEHIND = re.compile(
    rf"\.[ \u00a0](?:{_MONTHS}|Sitzung|Mal|Quartal|Halbjahr|Jahrhundert|Lebensjahr|Jahrestag|Auflage|Fassung|Wahlperiode|Platz|Kapitel|\d)"
)
_ORDINAL = re.compile(r"\.[ \u00a0][A-ZÄÖÜa-zäöü]")
_ARTICLE_BEFORE = re.compile(
    r"\b(?:der|die|das|dem|den|des|am|im|zum|zur|vom|beim|ins|ab|bis|seit|ihrer|seiner|unserer|dieser|jeder|einer)[ \u00a0]+$",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(?<![\w.,])(?:\+49|0)[\d /().–\u00a0-]{4,}\d")
_DATE = re.compile(
    rf"\d{{1,2}}\.(?:\s?(?:–|bis|und)\s?\d{{1,2}}\.)?\s?(?:{_MONTHS})(?:\s\d{{4}})?|\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}}|\d{{2}})?|\d{{4}}-\d{{2}}-\d{{2}}"
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_HALF = Fraction(1, 2)


def find_zahlen(text: str) -> tuple[Zahlstelle, ...]:
    """Every figure of a text, in its order."""
    text = text[:LONGEST]
    taken = [match.span() for pattern in (_DATE, _TELEPHONE) for match in pattern.finditer(text)]
    return tuple(
        _read(match)
        for match in _FIGURE.finditer(text)
        if _is_quantity(text, match) and not any(start < match.end("zahl") and match.start("zahl") < end for start, end in taken)
    )


def read_zahl(text: str) -> Zahlstelle | None:
    """The one figure of a short text, „über 5.300“; None where there is none, or more than one."""
    found = find_zahlen(text)
    return found[0] if len(found) == 1 else None


def normalise(text: str) -> str:
    """White space of any kind is one space: so is a figure written down and found again."""
    return " ".join(text.split())


def tolerance(stelle: Zahlstelle, genauigkeit: Genauigkeit) -> Fraction:
    """How far a value may be from a rounded, „knapp“ or „über“ figure: its last place that is not 0, but never more than a tenth."""
    return min(_last_place(stelle), abs(stelle.wert) / 10) * (_HALF if genauigkeit is Genauigkeit.RUND else 1)


def fits(stelle: Zahlstelle, wert: Fraction, genauigkeit: Genauigkeit) -> bool:
    """Whether the value may be printed like this.

    Without a word rounded half up to the printed place; „rund“ within half a step of its last place that is not 0; „knapp“ and
    „fast“ lie below, „über“ lies above the printed figure, by one such step at most.
    """
    gap, slack = wert - stelle.wert, tolerance(stelle, genauigkeit)
    if stelle.wert < 0:
        gap = -gap  # minus 3,9 is „knapp minus 4“
    match genauigkeit:
        case Genauigkeit.RUND:
            return abs(gap) <= slack
        case Genauigkeit.KNAPP:
            return -slack <= gap < 0
        case Genauigkeit.UEBER:
            return 0 < gap <= slack
    return round_to(wert, stelle.schritt) == stelle.wert


def round_to(wert: Fraction, schritt: Fraction) -> Fraction:
    """Half up, away from zero, to a multiple of the step."""
    steps = floor(abs(wert) / schritt + _HALF) * schritt
    return steps if wert >= 0 else -steps


def _is_quantity(text: str, match: re.Match[str]) -> bool:
    number, before, behind = match["zahl"], text[: match.start("zahl")][-60:], text[match.end() :][:60]
    if match["prozent"] or match["prozentpunkte"] or match["groesse"] or match["geld"]:
        return not (number.startswith("0") and "," not in number and number != "0")
    if len(number) > 1 and number.startswith("0") and not number.startswith("0,"):
        return False
    if match["wort"] is None and number.isdigit() and len(number) == 4 and _FIRST_YEAR <= int(number) <= _LAST_YEAR:
        return False
    if _NAMED_BEFORE.search(before) or _LIST_BEFORE.search(before) or _TERM_BEHIND.match(behind) or _ORDINAL_BEHIND.match(behind):
        return False
    return not (number.isdigit() and _ORDINAL.match(behind) and _ARTICLE_BEFORE.search(before))


def _read(match: re.Match[str]) -> Zahlstelle:
    whole, _, places = match["zahl"].partition(",")
    digits = re.sub(r"\D", "", whole)
    scale = Fraction(_scale(match["groesse"]))
    einheit = Zahleinheit.ANZAHL
    if match["prozentpunkte"]:
        einheit = Zahleinheit.PUNKTE
    elif match["prozent"]:
        einheit = Zahleinheit.PROZENT
    elif match["geld"]:
        einheit, scale = Zahleinheit.EURO, scale * 100
    sign = (match["vorzeichen"] or "").strip().lower()
    wert = Fraction(int(digits + places), 10 ** len(places)) * scale
    word = normalise(match["wort"] or "").lower()
    return Zahlstelle(
        text=normalise(match[0]),
        wert=-wert if sign in {"minus", "−", "–", "-"} else wert,
        einheit=einheit,
        genauigkeit=_EXACTNESS.get(word, Genauigkeit.GENAU),
        stellen=len(places),
        schritt=scale / 10 ** len(places),
        hat_vorzeichen=bool(sign),
        von=match.start(),
        bis=match.start() + len(match[0].rstrip()),
    )


def _scale(word: str | None) -> int:
    return next((factor for name, factor in _SCALES.items() if word and word.lower().startswith(name.lower())), 1)


def _last_place(stelle: Zahlstelle) -> Fraction:
    step = stelle.schritt
    while stelle.wert and stelle.wert % (step * 10) == 0:
        step *= 10
    return step


def mark(text: str, stellen: tuple[Zahlstelle, ...]) -> Iterator[tuple[str, Zahlstelle | None]]:
    """The text in pieces: those between the figures, and the figures."""
    end = 0
    for stelle in stellen:
        if stelle.von > end:
            yield text[end : stelle.von], None
        yield text[stelle.von : stelle.bis], stelle
        end = stelle.bis
    if end < len(text):
        yield text[end:], None
