"""A programme's complete content: as a draft out of its rows, as a Fassung out of its frozen text alone."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings

from jobcenter.common.canonical import fingerprint
from jobcenter.common.richtext import from_plain, to_plain
from massnahmen.enums import Abschlussart, Finanzquelle, Instrumentgruppe, Kapitelart, Massnahmestand, Vergabestand
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Instrument, Programmposition
from massnahmen.queries.ziele import Programmzielzeile, collect_ziele, read_ziel

SCHEMA = 2  # of the frozen content; older ones are read by `_raise_schema`


class VerfaelschteFassung(Exception):
    """The text of a Fassung no longer fits its fingerprint: somebody changed it in the database."""

    def __init__(self, fassung: Fassung) -> None:
        super().__init__(f"{fassung} passt nicht mehr zu ihrem Fingerabdruck.")
        self.fassung = fassung


def collect_inhalt(programm: Arbeitsmarktprogramm) -> dict[str, Any]:
    """The complete content of a programme as it stands now, ready for canonical JSON: cents as integers, ISO dates, numbers as text.

    A fixed number of queries, whatever its size.
    """
    return {
        "schema": SCHEMA,
        "jobcenter": settings.INSTANZ.jobcenter.name,
        "jahr": programm.jahr,
        "titel": programm.titel,
        "zusammenfassung": programm.zusammenfassung,
        "kapitel": [{"nummer": k.nummer, "art": k.art, "titel": k.titel, "text": k.text} for k in programm.kapitel.all()],
        "ziele": collect_ziele(programm),
        "massnahmen": [_position_inhalt(p) for p in programm.positionen.with_details()],
        "bildungsziele": [{name: getattr(b, name) for name in _BILDUNGSZIEL} for b in programm.bildungsziele.all()],
        "vorjahr": collect_vorjahr(programm.jahr - 1),
    }


_BILDUNGSZIEL = (
    *("berufsfeld", "bildungsziel", "abschlussart"),
    *("gutscheine_q1", "gutscheine_q2", "gutscheine_q3", "gutscheine_q4"),
    *("dauer_monate", "budget_cent", "hinweis"),
)


def collect_vorjahr(jahr: int) -> dict[str, Any] | None:
    """The sums of what was last made public for a year, to be set against; None where nothing was, or where it was tampered with.

    Two queries.
    """
    fassung = Fassung.objects.veroeffentlicht().filter(programm__jahr=jahr).order_by("-nummer").first()
    if fassung is None or fassung.schritte.exclude(pruefsumme=fassung.pruefsumme).exists():
        return None
    try:
        inhalt = read_fassung(fassung)
    except VerfaelschteFassung:
        return None
    return {
        "jahr": jahr,
        "fassung": fassung.nummer,
        "pruefsumme": fassung.pruefsumme,
        "massnahmen": len(inhalt.massnahmen),
        "plaetze": inhalt.plaetze,
        "geplante_eintritte": inhalt.geplante_eintritte,
        "nach_gruppe": {betrag.schluessel: betrag.cent for betrag in inhalt.nach_gruppe},
        "nach_quelle": {betrag.schluessel: betrag.cent for betrag in inhalt.nach_quelle},
    }


def _position_inhalt(position: Programmposition) -> dict[str, Any]:
    massnahme = position.massnahme
    return {
        "id": massnahme.pk,
        "titel": massnahme.titel,
        "beschreibung": massnahme.beschreibung,
        "instrument": _instrument_inhalt(massnahme.instrument) if massnahme.instrument else None,
        "handlungsfeld": position.handlungsfeld.name if position.handlungsfeld else None,
        "zielgruppen": [z.name for z in massnahme.zielgruppen.all()],
        # who has asked for a grant is nobody's business before it is granted
        "traeger": massnahme.traeger.name if massnahme.traeger and massnahme.stand != Massnahmestand.BEANTRAGT else None,
        "vergabestand": massnahme.vergabestand,
        "ort": massnahme.ort,
        "beginn": _iso(massnahme.beginn),
        "ende": _iso(massnahme.ende),
        "dauer_wochen": massnahme.dauer_wochen,
        "wochenstunden": massnahme.wochenstunden,
        "jederzeit": massnahme.jederzeit,
        "naechster_start": _iso(massnahme.naechster_start),
        "zugang": massnahme.zugang,
        "ansprechstelle": massnahme.ansprechstelle,
        "telefon": massnahme.telefon,
        "plaetze": position.plaetze,
        "geplante_eintritte": position.geplante_eintritte,
        "erfolgskriterium": position.erfolgskriterium,
        "eingliederung_prozent": position.eingliederung_prozent,
        "verpflichtung_cent": position.verpflichtung_cent,
        "bemerkung": position.bemerkung,
        "finanzierung": [{"quelle": f.quelle, "betrag_cent": f.betrag_cent} for f in position.finanzierungen.all()],
    }


def _instrument_inhalt(instrument: Instrument) -> dict[str, str]:
    return {name: getattr(instrument, name) for name in ("kurz", "name", "klartext", "paragraph", "gruppe")}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True)
class Betrag:
    """A labelled sum of money in cents and its share of the whole in per mille (for bars)."""

    schluessel: str
    name: str
    cent: int
    promille: int


@dataclass(frozen=True)
class Instrumentzeile:
    kurz: str
    name: str
    klartext: str
    paragraph: str
    gruppe: Instrumentgruppe


@dataclass(frozen=True)
class Massnahmezeile:
    """One measure as it stands in a programme. Only a draft has gaps (None) in what a Fassung for the Beirat must say."""

    nummer: int  # in this programme, from 1
    id: int
    titel: str
    beschreibung: str
    instrument: Instrumentzeile | None
    handlungsfeld: str | None
    zielgruppen: tuple[str, ...]
    traeger: str | None
    vergabestand: Vergabestand
    ort: str
    beginn: date | None
    ende: date | None
    dauer_wochen: int | None
    wochenstunden: int | None
    jederzeit: bool
    naechster_start: date | None
    zugang: str
    ansprechstelle: str
    telefon: str
    plaetze: int | None
    geplante_eintritte: int | None
    erfolgskriterium: str
    eingliederung_prozent: int | None
    verpflichtung_cent: int
    bemerkung: str
    finanzierung: tuple[Betrag, ...]

    @cached_property
    def kosten_cent(self) -> int:
        return sum(betrag.cent for betrag in self.finanzierung)

    @property
    def kosten_je_platz_cent(self) -> int | None:
        """Of one place in the year, rounded half up; None without places."""
        return (2 * self.kosten_cent + self.plaetze) // (2 * self.plaetze) if self.plaetze else None

    @property
    def gruppe(self) -> Instrumentgruppe | None:
        return self.instrument.gruppe if self.instrument else None


@dataclass(frozen=True)
class Kapitelzeile:
    """A chapter; `text` is clean HTML (common.richtext)."""

    nummer: int
    titel: str
    text: str
    art: str = ""

    @cached_property
    def klartext(self) -> str:
        return to_plain(self.text)

    @property
    def woerter(self) -> int:
        return len(self.klartext.split())


@dataclass(frozen=True)
class Bildungszielzeile:
    berufsfeld: str
    bildungsziel: str
    abschlussart: Abschlussart
    gutscheine_q1: int
    gutscheine_q2: int
    gutscheine_q3: int
    gutscheine_q4: int
    dauer_monate: int | None
    budget_cent: int
    hinweis: str

    @property
    def gutscheine(self) -> int:
        return self.gutscheine_q1 + self.gutscheine_q2 + self.gutscheine_q3 + self.gutscheine_q4


@dataclass(frozen=True)
class Vorjahr:
    """The sums of the year before, as its Fassung made them public; money in cents by key."""

    jahr: int
    fassung: int
    pruefsumme: str
    massnahmen: int
    plaetze: int
    geplante_eintritte: int
    nach_gruppe: Mapping[str, int]
    nach_quelle: Mapping[str, int]

    @property
    def kosten_cent(self) -> int:
        return sum(self.nach_quelle.values())


@dataclass(frozen=True)
class Massnahmengruppe:
    """The measures of one group of instruments, with their sums. Without a group: no instrument is chosen yet."""

    gruppe: Instrumentgruppe | None
    massnahmen: tuple[Massnahmezeile, ...]

    @property
    def name(self) -> str:
        return str(self.gruppe.label) if self.gruppe else "Noch ohne Instrument"

    @property
    def plaetze(self) -> int:
        return sum(m.plaetze or 0 for m in self.massnahmen)

    @property
    def geplante_eintritte(self) -> int:
        return sum(m.geplante_eintritte or 0 for m in self.massnahmen)

    @property
    def kosten_cent(self) -> int:
        return sum(m.kosten_cent for m in self.massnahmen)


@dataclass(frozen=True)
class Anteil:
    """A name with a count and its length in per mille of the longest (for bars)."""

    name: str
    anzahl: int
    promille: int


@dataclass(frozen=True)
class Programminhalt:
    """A whole programme, read out of one frozen text. Page, PDF and press draft know nothing else of it."""

    jobcenter: str
    jahr: int
    titel: str
    zusammenfassung: str
    kapitel: tuple[Kapitelzeile, ...]
    massnahmen: tuple[Massnahmezeile, ...]
    ziele: tuple[Programmzielzeile, ...] = ()
    bildungsziele: tuple[Bildungszielzeile, ...] = ()
    vorjahr: Vorjahr | None = None

    @cached_property
    def kosten_cent(self) -> int:
        return sum(m.kosten_cent for m in self.massnahmen)

    @cached_property
    def plaetze(self) -> int:
        return sum(m.plaetze or 0 for m in self.massnahmen)

    @cached_property
    def geplante_eintritte(self) -> int:
        return sum(m.geplante_eintritte or 0 for m in self.massnahmen)

    @cached_property
    def verpflichtung_cent(self) -> int:
        """What the measures already commit of later years' money."""
        return sum(m.verpflichtung_cent for m in self.massnahmen)

    @cached_property
    def kapitel_mit_text(self) -> tuple[Kapitelzeile, ...]:
        return tuple(k for k in self.kapitel if k.klartext)

    @cached_property
    def kapitel_ohne_text(self) -> tuple[Kapitelzeile, ...]:
        return tuple(k for k in self.kapitel if not k.klartext)

    @cached_property
    def gruppen(self) -> tuple[Massnahmengruppe, ...]:
        """The measures by group of instruments, in the order of the law's groups; groups without measures are left out."""
        return tuple(
            Massnahmengruppe(gruppe, found)
            for gruppe in (*Instrumentgruppe, None)
            if (found := tuple(m for m in self.massnahmen if m.gruppe == gruppe))
        )

    @cached_property
    def nach_gruppe(self) -> tuple[Betrag, ...]:
        """Money by group of instruments, largest first."""
        return sum_up((m.gruppe, m.gruppe.label, m.kosten_cent) for m in self.massnahmen if m.gruppe)

    @cached_property
    def nach_quelle(self) -> tuple[Betrag, ...]:
        """Money by source of finance, largest first."""
        return sum_up((b.schluessel, b.name, b.cent) for m in self.massnahmen for b in m.finanzierung)

    @cached_property
    def plaetze_nach_zielgruppe(self) -> tuple[Anteil, ...]:
        """Places by target group, most first. A place that is for two groups counts in both, so they do not add up to all places."""
        return _count_places((name, m.plaetze or 0) for m in self.massnahmen for name in m.zielgruppen)

    @cached_property
    def plaetze_nach_handlungsfeld(self) -> tuple[Anteil, ...]:
        """Places by Handlungsfeld, most first; each place once."""
        return _count_places((m.handlungsfeld or "Noch ohne Handlungsfeld", m.plaetze or 0) for m in self.massnahmen)

    @cached_property
    def gegen_vorjahr(self) -> tuple["Jahresvergleich", ...]:
        """Money by group of instruments in this and in the last year; empty where last year's programme is not public."""
        if self.vorjahr is None:
            return ()
        now, before = {b.schluessel: b.cent for b in self.nach_gruppe}, self.vorjahr.nach_gruppe
        longest = max([1, *now.values(), *before.values()])
        return tuple(
            Jahresvergleich(g.label, before.get(g, 0), now.get(g, 0), before.get(g, 0) * 1000 // longest, now.get(g, 0) * 1000 // longest)
            for g in Instrumentgruppe
            if g in now or g in before
        )


@dataclass(frozen=True)
class Jahresvergleich:
    """Cents of a group last year and this year, with their lengths in per mille of the longest (for bars)."""

    name: str
    vorher: int
    jetzt: int
    vorher_promille: int
    jetzt_promille: int


def _count_places(lines: Iterable[tuple[str, int]]) -> tuple[Anteil, ...]:
    sums: dict[str, int] = {}
    for name, places in lines:
        sums[name] = sums.get(name, 0) + places
    longest = max(sums.values(), default=0) or 1
    return tuple(Anteil(name, n, n * 1000 // longest) for name, n in sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def sum_up(lines: Iterable[tuple[str, str, int]]) -> tuple[Betrag, ...]:
    """Add (key, name, cents) by key; largest first, then by key. Shares are floored per mille of the whole."""
    sums: dict[str, tuple[str, int]] = {}
    for key, name, cent in lines:
        sums[key] = (name, sums.get(key, (name, 0))[1] + cent)
    whole = sum(cent for _, cent in sums.values()) or 1
    ordered = sorted(sums.items(), key=lambda item: (-item[1][1], item[0]))
    return tuple(Betrag(str(key), name, cent, cent * 1000 // whole) for key, (name, cent) in ordered)


def read_fassung(fassung: Fassung) -> Programminhalt:
    """The programme as the Fassung froze it, from its text alone. VerfaelschteFassung if that text was tampered with."""
    if fingerprint(fassung.inhalt) != fassung.pruefsumme:
        raise VerfaelschteFassung(fassung)
    return read_inhalt(json.loads(fassung.inhalt))


def read_draft(programm: Arbeitsmarktprogramm) -> Programminhalt:
    """The programme as it would be frozen now."""
    return read_inhalt(collect_inhalt(programm))


def read_inhalt(inhalt: Mapping[str, Any]) -> Programminhalt:
    """Collected or frozen content as what pages show."""
    if inhalt["schema"] == 1:
        inhalt = _raise_schema(inhalt)
    return Programminhalt(
        jobcenter=inhalt["jobcenter"],
        jahr=inhalt["jahr"],
        titel=inhalt["titel"],
        zusammenfassung=inhalt["zusammenfassung"],
        kapitel=tuple(Kapitelzeile(**k) for k in inhalt["kapitel"]),
        massnahmen=tuple(_read_massnahme(nummer, m) for nummer, m in enumerate(inhalt["massnahmen"], start=1)),
        ziele=tuple(read_ziel(z) for z in inhalt["ziele"]),
        bildungsziele=tuple(Bildungszielzeile(**b | {"abschlussart": Abschlussart(b["abschlussart"])}) for b in inhalt["bildungsziele"]),
        vorjahr=Vorjahr(**inhalt["vorjahr"]) if inhalt["vorjahr"] else None,
    )


def _read_massnahme(nummer: int, m: dict[str, Any]) -> Massnahmezeile:
    instrument = m["instrument"]
    return Massnahmezeile(
        **m
        | {
            "nummer": nummer,
            "instrument": Instrumentzeile(**instrument | {"gruppe": Instrumentgruppe(instrument["gruppe"])}) if instrument else None,
            "zielgruppen": tuple(m["zielgruppen"]),
            "vergabestand": Vergabestand(m["vergabestand"]),
            "beginn": _day(m["beginn"]),
            "ende": _day(m["ende"]),
            "naechster_start": _day(m["naechster_start"]),
            "finanzierung": sum_up((f["quelle"], Finanzquelle(f["quelle"]).label, f["betrag_cent"]) for f in m["finanzierung"]),
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# What measures of schema 1 did not say.
_NOT_SAID = {
    "handlungsfeld": None,
    "ort": "",
    "dauer_wochen": None,
    "wochenstunden": None,
    "jederzeit": False,
    "naechster_start": None,
    "zugang": "",
    "ansprechstelle": "",
    "telefon": "",
    "erfolgskriterium": "",
    "eingliederung_prozent": None,
    "verpflichtung_cent": 0,
    "bemerkung": "",
}


def _raise_schema(inhalt: Mapping[str, Any]) -> dict[str, Any]:
    """Content of schema 1, with chapters in plain paragraphs, as if it had been frozen today."""
    arten = dict(zip(range(1, len(Kapitelart) + 1), Kapitelart, strict=True))
    return {
        **inhalt,
        "schema": SCHEMA,
        "kapitel": [k | {"art": arten.get(k["nummer"], ""), "text": from_plain(k["text"])} for k in inhalt["kapitel"]],
        "massnahmen": [_NOT_SAID | {"vergabestand": _guess_vergabe(m)} | m for m in inhalt["massnahmen"]],
        "ziele": [],
        "bildungsziele": [],
        "vorjahr": None,
    }


def _guess_vergabe(massnahme: Mapping[str, Any]) -> Vergabestand:
    """Measures of schema 1 without a Träger were still to be awarded."""
    return Vergabestand.VERGEBEN if massnahme["traeger"] else Vergabestand.OFFEN
