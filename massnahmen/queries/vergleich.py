"""What two versions of a programme differ in: texts, chapters, goals, measures, sums. Knows nothing but their content.

Whatever differs is named: the comparison put upon the old version gives the new one, to the last character
(tests/massnahmen/test_eigenschaften.py). What is equal is not looked into.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

from jobcenter.common.richtext import to_plain
from jobcenter.common.typography import NBSP, datum, monat, zahl
from jobcenter.common.vergleich import (
    Feld,
    Feldervergleich,
    Feldvergleich,
    Textvergleich,
    Wertvergleich,
    Zahlvergleich,
    compare_feld,
    compare_text,
    compare_zahl,
)
from massnahmen.enums import Finanzquelle, Instrumentgruppe, Kapitelart
from massnahmen.queries.inhalt import Bildungszielzeile, Kapitelzeile, Massnahmezeile, Programminhalt, Vorjahr
from massnahmen.queries.ziele import Programmzielzeile

LONG = 200  # characters
MOSTLY_NEW = 3  # a text of which less than a third stayed is easier to read beside the old one than word by word


def _label(choice: Any) -> str:
    return str(choice.label)


def _ja(value: bool) -> str:
    return "ja" if value else "nein"


_MARKS = (
    (re.compile(r"</?strong>"), "**"),
    (re.compile(r"</?em>"), "*"),
    (re.compile(r"<h3>"), "<h3># "),
    (re.compile(r"<h4>"), "<h4>## "),
    (re.compile(r"<blockquote>"), "<blockquote>» "),
    (re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL), r"\2 [\1]"),
)


def _mark_up(html: str) -> str:
    """A chapter in plain words in which headings, emphasis and the addresses of links can be seen. Frozen text is clean already."""
    for pattern, mark in _MARKS:
        html = pattern.sub(mark, html)
    return to_plain(html)


KOPF = {
    "jobcenter": Feld("Jobcenter", lesen=str),
    "jahr": Feld("Jahr", lesen=str),
    "titel": Feld("Titel des Programms"),
    "zusammenfassung": Feld("Zusammenfassung"),
}

KAPITELFELDER = {
    "nummer": Feld("Nummer", lesen=str),
    "titel": Feld("Überschrift"),
    "art": Feld("Tabellen und Diagramme", lesen=lambda art: Kapitelart(art).label if art in Kapitelart else art),
    "text": Feld("Text", klartext=_mark_up),
}

ZIELFELDER = {
    "text": Feld("Was wollen wir erreichen?"),
    "handlungsfeld": Feld("Handlungsfeld", lesen=str),
    "kennzahl": Feld("Kennzahl", lesen="{0[1]} ({0[0]})".format),
    "ziel": Feld("Zielwert", lesen=str),
    "nur_beobachtung": Feld("Nur Beobachtung", lesen=_ja),
    "ist": Feld("Zuletzt gemessen", lesen=str),
    "monat": Feld("Gemessen für", lesen=monat),
    "datenstand": Feld("Datenstand", lesen=datum),
}

FELDER = {
    "titel": Feld("Titel"),
    "beschreibung": Feld("Was geschieht in der Maßnahme?"),
    "instrument": Feld("Instrument", lesen="{0[1]} ({0[2]})".format),
    "klartext": Feld("Instrument in einfachen Worten", lesen=str),
    "gruppe": Feld("Zweck", lesen=_label),
    "handlungsfeld": Feld("Handlungsfeld", lesen=str),
    "zielgruppen": Feld("Für wen", lesen=", ".join),
    "traeger": Feld("Träger", lesen=str),
    "vergabestand": Feld("Vergabe", lesen=_label),
    "ort": Feld("Ort", lesen=str),
    "beginn": Feld("Beginn", lesen=datum),
    "ende": Feld("Ende", lesen=datum),
    "dauer_wochen": Feld("Dauer je Person in Wochen", einheit="anzahl"),
    "wochenstunden": Feld("Stunden in der Woche", einheit="anzahl"),
    "jederzeit": Feld("Einstieg jederzeit", lesen=_ja),
    "naechster_start": Feld("Nächster Start", lesen=datum),
    "zugang": Feld("Wie kommt man hinein?"),
    "ansprechstelle": Feld("Wen kann man fragen?", lesen=str),
    "telefon": Feld("Telefon", lesen=str),
    "plaetze": Feld("Plätze", einheit="anzahl"),
    "geplante_eintritte": Feld("Geplante Eintritte", einheit="anzahl"),
    "erfolgskriterium": Feld("Woran erkennen wir den Erfolg?"),
    "eingliederung_prozent": Feld("Geplante Eingliederungsquote in Prozent", einheit="anzahl"),
    "verpflichtung_cent": Feld("Verpflichtung für die Folgejahre", einheit="euro"),
    "bemerkung": Feld("Bemerkung"),
    "kosten": Feld("Kosten", einheit="euro"),
} | {f"kosten_{quelle}": Feld(f"davon {quelle.label}", einheit="euro") for quelle in Finanzquelle}

BILDUNGSFELDER = {
    "gutscheine_q1": Feld("Gutscheine im 1. Quartal", einheit="anzahl"),
    "gutscheine_q2": Feld("Gutscheine im 2. Quartal", einheit="anzahl"),
    "gutscheine_q3": Feld("Gutscheine im 3. Quartal", einheit="anzahl"),
    "gutscheine_q4": Feld("Gutscheine im 4. Quartal", einheit="anzahl"),
    "dauer_monate": Feld("Dauer in Monaten", einheit="anzahl"),
    "budget_cent": Feld("Budget", einheit="euro"),
    "hinweis": Feld("Hinweis"),
}

VORJAHRSFELDER = (
    {
        "jahr": Feld("Vorjahr", lesen=str),
        "fassung": Feld("Fassung des Vorjahres", lesen=str),
        "pruefsumme": Feld("Fingerabdruck", lesen=str),
        "massnahmen": Feld("Maßnahmen", einheit="anzahl"),
        "plaetze": Feld("Plätze", einheit="anzahl"),
        "geplante_eintritte": Feld("Geplante Eintritte", einheit="anzahl"),
    }
    | {f"gruppe_{gruppe}": Feld(str(gruppe.label), einheit="euro") for gruppe in Instrumentgruppe}
    | {f"quelle_{quelle}": Feld(f"davon {quelle.label}", einheit="euro") for quelle in Finanzquelle}
)

Z = TypeVar("Z")


@dataclass(frozen=True)
class Angabenvergleich(Feldvergleich):
    """A field that changed: beside what people read, the two values themselves."""

    alt: Any
    neu: Any

    @property
    def ist_neu_geschrieben(self) -> bool:
        """Whether hardly anything of the old text is left: last year's chapter beside this year's."""
        text = self.inhalt
        if not isinstance(text, Textvergleich) or not self.alt or not self.neu:
            return False
        kept = sum(len(stueck.text) for stueck in text.stuecke if stueck.art == "gleich")
        return len(self.alt_text) > LONG and kept * MOSTLY_NEW < min(len(self.alt_text), len(self.neu_text))

    @cached_property
    def alt_text(self) -> str:
        return self._read_text("weg")

    @cached_property
    def neu_text(self) -> str:
        return self._read_text("neu")

    def _read_text(self, side: str) -> str:
        assert isinstance(self.inhalt, Textvergleich)
        return "".join(stueck.text for stueck in self.inhalt.stuecke if stueck.art in {"gleich", side})


@dataclass(frozen=True)
class Zeilenvergleich(Generic[Z]):
    """A row that both versions have, as the new one words it, and what changed in it."""

    zeile: Z
    aenderungen: Feldervergleich


@dataclass(frozen=True)
class Listenvergleich(Generic[Z]):
    """Rows that came, went, changed and stayed as they were.

    `reihenfolge` are the keys of the new rows as they stand; where those that stayed have changed places among each other,
    the list is `umgestellt`.
    """

    neue: tuple[Z, ...]
    entfallene: tuple[Z, ...]
    geaenderte: tuple[Zeilenvergleich[Z], ...]
    unveraenderte: tuple[Z, ...]
    umgestellt: bool
    reihenfolge: tuple[Hashable, ...]

    @property
    def ist_gleich(self) -> bool:
        return not (self.neue or self.entfallene or self.geaenderte or self.umgestellt)

    @property
    def wortlaut(self) -> str:
        """2 neu, 1 entfallen, 4 geändert, 17 unverändert"""
        counts = (self.neue, "neu"), (self.entfallene, "entfallen"), (self.geaenderte, "geändert"), (self.unveraenderte, "unverändert")
        said = ", ".join(f"{zahl(len(rows))}{NBSP}{word}" for rows, word in counts if rows)
        return f"{said}, in anderer Reihenfolge" if self.umgestellt else said


@dataclass(frozen=True)
class Summenvergleich:
    """Sums of one group of instruments, or of all."""

    name: str
    massnahmen: Zahlvergleich
    plaetze: Zahlvergleich
    geplante_eintritte: Zahlvergleich
    kosten: Zahlvergleich

    @property
    def zahlen(self) -> tuple[Zahlvergleich, ...]:
        return self.massnahmen, self.plaetze, self.geplante_eintritte, self.kosten


@dataclass(frozen=True)
class Quellenvergleich:
    name: str
    kosten: Zahlvergleich


@dataclass(frozen=True)
class Inhaltsvergleich:
    """Everything that differs; `vorjahr` are last year's sums as the two versions give them."""

    kopf: Feldervergleich
    kapitel: Listenvergleich[Kapitelzeile]
    ziele: Listenvergleich[Programmzielzeile]
    massnahmen: Listenvergleich[Massnahmezeile]
    bildungsziele: Listenvergleich[Bildungszielzeile]
    vorjahr: Feldervergleich
    nach_gruppe: tuple[Summenvergleich, ...]
    zusammen: Summenvergleich
    nach_quelle: tuple[Quellenvergleich, ...]

    @property
    def ist_gleich(self) -> bool:
        parts = (self.kopf, self.kapitel, self.ziele, self.massnahmen, self.bildungsziele, self.vorjahr)
        return all(part.ist_gleich for part in parts)

    @property
    def sind_summen_gleich(self) -> bool:
        sums = [zahl for zeile in (*self.nach_gruppe, self.zusammen) for zahl in zeile.zahlen]
        return all(zahl.ist_gleich for zahl in (*sums, *(zeile.kosten for zeile in self.nach_quelle)))


def compare_inhalt(alt: Programminhalt, neu: Programminhalt) -> Inhaltsvergleich:
    """Chapters are matched by what they are about, goals by number, measures by id, Bildungsziele by what they lead to."""
    return Inhaltsvergleich(
        kopf=_compare_values(_read_kopf(alt), _read_kopf(neu), KOPF),
        kapitel=_compare_rows(alt.kapitel, neu.kapitel, key=_match_kapitel(alt, neu), values=vars, felder=KAPITELFELDER),
        ziele=_compare_rows(alt.ziele, neu.ziele, key=lambda z: z.nummer, values=_read_ziel, felder=ZIELFELDER),
        massnahmen=_compare_rows(
            alt.massnahmen, neu.massnahmen, key=lambda m: m.id, values=_read_massnahme, felder=FELDER, whole=_ALL_BUT_PLACE
        ),
        bildungsziele=_compare_rows(
            alt.bildungsziele,
            neu.bildungsziele,
            key=lambda b: (b.berufsfeld, b.bildungsziel, b.abschlussart),
            values=vars,
            felder=BILDUNGSFELDER,
        ),
        vorjahr=_compare_values(_read_vorjahr(alt.vorjahr), _read_vorjahr(neu.vorjahr), VORJAHRSFELDER),
        **_compare_sums(alt.massnahmen, neu.massnahmen),
        nach_quelle=_compare_sources(alt, neu),
    )


def _compare_rows(
    alt: Iterable[Z],
    neu: Iterable[Z],
    *,
    key: Callable[[Z], Hashable],
    values: Callable[[Z], Mapping[str, Any]],
    felder: Mapping[str, Feld],
    whole: Callable[[Z], object] = lambda row: row,
) -> Listenvergleich[Z]:
    """`key` says which row belongs to which, `whole` is all that counts of one, `values` are its fields as `felder` names them."""
    before, after = {key(row): row for row in alt}, {key(row): row for row in neu}
    both = [(before[k], row) for k, row in after.items() if k in before]
    changed, same = [], []
    for old, new in both:
        if whole(old) == whole(new):
            same.append(new)
        else:
            changed.append(Zeilenvergleich(new, _compare_values(values(old), values(new), felder)))
    return Listenvergleich(
        neue=tuple(row for k, row in after.items() if k not in before),
        entfallene=tuple(row for k, row in before.items() if k not in after),
        geaenderte=tuple(changed),
        unveraenderte=tuple(same),
        umgestellt=[k for k in before if k in after] != [k for k in after if k in before],
        reihenfolge=tuple(after),
    )


def _compare_values(alt: Mapping[str, Any], neu: Mapping[str, Any], felder: Mapping[str, Feld]) -> Feldervergleich:
    """Only what changed; of the rest is counted what says something."""
    changed, same = [], 0
    for name, feld in felder.items():
        old, new = alt.get(name), neu.get(name)
        if old != new:
            changed.append(_compare_value(name, feld, old, new))
        else:
            same += new not in {None, "", ()}
    return Feldervergleich(tuple(changed), same)


def _compare_value(name: str, feld: Feld, alt: Any, neu: Any) -> Angabenvergleich:
    """Two values that read the same and are not are shown as the computer spells them."""
    shown = compare_feld(name, feld, alt, neu)
    inhalt = shown.inhalt
    if inhalt.ist_gleich:
        inhalt = compare_text(alt, neu) if isinstance(inhalt, Textvergleich) else Wertvergleich(repr(alt), repr(neu))
    return Angabenvergleich(name, feld.wort, shown.art, inhalt, alt, neu)


# --- values -----------------------------------------------------------------------------------------------------
_ALL_BUT_PLACE = attrgetter(*(field.name for field in fields(Massnahmezeile) if field.name != "nummer"))
_PLAIN = [name for name in FELDER if name not in {"instrument", "klartext", "gruppe"} and not name.startswith("kosten")]


def _match_kapitel(alt: Programminhalt, neu: Programminhalt) -> Callable[[Kapitelzeile], Hashable]:
    """By their kind where both versions have exactly one of it, else by number: a chapter may have moved since last year."""
    once = [{art for art, count in Counter(k.art for k in inhalt.kapitel).items() if art and count == 1} for inhalt in (alt, neu)]
    shared = once[0] & once[1]
    return lambda kapitel: kapitel.art if kapitel.art in shared else kapitel.nummer


def _read_kopf(inhalt: Programminhalt) -> dict[str, object]:
    return {name: getattr(inhalt, name) for name in KOPF}


def _read_massnahme(massnahme: Massnahmezeile) -> dict[str, object]:
    """What is compared of a measure. Its place in the list is not: it moves when another one comes or goes."""
    instrument = massnahme.instrument
    values: dict[str, object] = {name: getattr(massnahme, name) for name in _PLAIN}
    if instrument:
        values["instrument"] = (instrument.kurz, instrument.name, instrument.paragraph)
        values |= {"klartext": instrument.klartext, "gruppe": instrument.gruppe}
    values["kosten"] = massnahme.kosten_cent
    return values | {f"kosten_{betrag.schluessel}": betrag.cent for betrag in massnahme.finanzierung}


def _read_ziel(ziel: Programmzielzeile) -> dict[str, object]:
    """A goal without a figure says the same of it as one whose figure is empty, but for its name."""
    values: dict[str, object] = {"text": ziel.text, "handlungsfeld": ziel.handlungsfeld}
    latte = ziel.messlatte
    if latte is None:
        return values | {"ziel": "", "nur_beobachtung": False, "ist": ""}
    return values | vars(latte) | {"kennzahl": (latte.kennzahl, latte.name)}


def _read_vorjahr(vorjahr: Vorjahr | None) -> dict[str, object]:
    if vorjahr is None:
        return {}
    groups = {f"gruppe_{key}": cent for key, cent in vorjahr.nach_gruppe.items()}
    return vars(vorjahr) | groups | {f"quelle_{key}": cent for key, cent in vorjahr.nach_quelle.items()}


# --- sums -------------------------------------------------------------------------------------------------------
_Summe = tuple[int, int, int, int]  # measures, places, entries, cents
_NOTHING: _Summe = (0, 0, 0, 0)


def _compare_sums(alt: Iterable[Massnahmezeile], neu: Iterable[Massnahmezeile]) -> dict[str, Any]:
    before, after = _sum_groups(alt), _sum_groups(neu)
    return {
        "nach_gruppe": tuple(
            _compare_sum(str(gruppe.label) if gruppe else "Noch ohne Instrument", [before.get(gruppe)], [after.get(gruppe)])
            for gruppe in (*Instrumentgruppe, None)
            if gruppe in before or gruppe in after
        ),
        "zusammen": _compare_sum("Zusammen", before.values(), after.values()),
    }


def _sum_groups(massnahmen: Iterable[Massnahmezeile]) -> dict[Instrumentgruppe | None, _Summe]:
    sums: dict[Instrumentgruppe | None, _Summe] = {}
    for m in massnahmen:
        count, plaetze, eintritte, cent = sums.get(m.gruppe, _NOTHING)
        sums[m.gruppe] = (count + 1, plaetze + (m.plaetze or 0), eintritte + (m.geplante_eintritte or 0), cent + m.kosten_cent)
    return sums


def _compare_sum(name: str, alt: Iterable[_Summe | None], neu: Iterable[_Summe | None]) -> Summenvergleich:
    old, new = ([sum(column) for column in zip(_NOTHING, *(row for row in rows if row), strict=True)] for rows in (alt, neu))
    massnahmen, plaetze, eintritte = (compare_zahl(a, b, "anzahl") for a, b in zip(old[:3], new[:3], strict=True))
    return Summenvergleich(name, massnahmen, plaetze, eintritte, compare_zahl(old[3], new[3], "euro"))


def _compare_sources(alt: Programminhalt, neu: Programminhalt) -> tuple[Quellenvergleich, ...]:
    """Money by source, in the order of the sources."""
    old = {betrag.schluessel: betrag.cent for betrag in alt.nach_quelle}
    new = {betrag.schluessel: betrag.cent for betrag in neu.nach_quelle}
    used = [quelle for quelle in Finanzquelle if quelle in old or quelle in new]
    return tuple(Quellenvergleich(str(quelle.label), compare_zahl(old.get(quelle, 0), new.get(quelle, 0), "euro")) for quelle in used)
