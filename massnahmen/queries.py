"""Reading a programme: as a draft out of its rows, as a Fassung out of its frozen text alone."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Max

from massnahmen.enums import Finanzquelle, Instrumentgruppe
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Programmposition, Veroeffentlichung

SCHEMA = 1  # of the frozen content; a Fassung of an older schema stays readable by its own reader


def collect_inhalt(programm: Arbeitsmarktprogramm) -> dict[str, Any]:
    """The complete content of a programme as it stands now, ready for canonical JSON: cents as integers, ISO dates."""
    return {
        "schema": SCHEMA,
        "jobcenter": settings.INSTANZ.jobcenter.name,
        "jahr": programm.jahr,
        "titel": programm.titel,
        "zusammenfassung": programm.zusammenfassung,
        "kapitel": [{"nummer": k.nummer, "titel": k.titel, "text": k.text} for k in programm.kapitel.all()],
        "massnahmen": [_position_inhalt(p) for p in programm.positionen.with_details()],
    }


def _position_inhalt(position: Programmposition) -> dict[str, Any]:
    massnahme = position.massnahme
    return {
        "id": massnahme.pk,
        "titel": massnahme.titel,
        "beschreibung": massnahme.beschreibung,
        "instrument": {
            "kurz": massnahme.instrument.kurz,
            "name": massnahme.instrument.name,
            "klartext": massnahme.instrument.klartext,
            "paragraph": massnahme.instrument.paragraph,
            "gruppe": massnahme.instrument.gruppe,
        },
        "zielgruppen": [z.name for z in massnahme.zielgruppen.all()],
        "traeger": massnahme.traeger.name if massnahme.traeger else None,
        "beginn": massnahme.beginn.isoformat(),
        "ende": massnahme.ende.isoformat(),
        "plaetze": position.plaetze,
        "geplante_eintritte": position.geplante_eintritte,
        "finanzierung": [{"quelle": f.quelle, "betrag_cent": f.betrag_cent} for f in position.finanzierungen.all()],
    }


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
    """One measure as it stands in a Fassung."""

    id: int
    titel: str
    beschreibung: str
    instrument: Instrumentzeile
    zielgruppen: tuple[str, ...]
    traeger: str | None
    beginn: date
    ende: date
    plaetze: int
    geplante_eintritte: int
    finanzierung: tuple[Betrag, ...]

    @property
    def kosten_cent(self) -> int:
        return sum(betrag.cent for betrag in self.finanzierung)


@dataclass(frozen=True)
class Kapitelzeile:
    nummer: int
    titel: str
    text: str


@dataclass(frozen=True)
class Programminhalt:
    """A whole programme, read out of one frozen text. Page, PDF and press draft know nothing else of it."""

    jobcenter: str
    jahr: int
    titel: str
    zusammenfassung: str
    kapitel: tuple[Kapitelzeile, ...]
    massnahmen: tuple[Massnahmezeile, ...]

    @cached_property
    def kosten_cent(self) -> int:
        return sum(m.kosten_cent for m in self.massnahmen)

    @cached_property
    def plaetze(self) -> int:
        return sum(m.plaetze for m in self.massnahmen)

    @cached_property
    def geplante_eintritte(self) -> int:
        return sum(m.geplante_eintritte for m in self.massnahmen)

    @cached_property
    def nach_gruppe(self) -> tuple[Betrag, ...]:
        """Money by group of instruments, largest first."""
        return sum_up((m.instrument.gruppe, m.instrument.gruppe.label, m.kosten_cent) for m in self.massnahmen)

    @cached_property
    def nach_quelle(self) -> tuple[Betrag, ...]:
        """Money by source of finance, largest first."""
        return sum_up((b.schluessel, b.name, b.cent) for m in self.massnahmen for b in m.finanzierung)


def sum_up(lines: Iterable[tuple[str, str, int]]) -> tuple[Betrag, ...]:
    """Add (key, name, cents) by key; largest first, then by key. Shares are floored per mille of the whole."""
    sums: dict[str, tuple[str, int]] = {}
    for key, name, cent in lines:
        sums[key] = (name, sums.get(key, (name, 0))[1] + cent)
    whole = sum(cent for _, cent in sums.values()) or 1
    ordered = sorted(sums.items(), key=lambda item: (-item[1][1], item[0]))
    return tuple(Betrag(str(key), name, cent, cent * 1000 // whole) for key, (name, cent) in ordered)


def read_fassung(fassung: Fassung) -> Programminhalt:
    """The programme as the Fassung froze it, from its text alone."""
    inhalt = json.loads(fassung.inhalt)
    return Programminhalt(
        jobcenter=inhalt["jobcenter"],
        jahr=inhalt["jahr"],
        titel=inhalt["titel"],
        zusammenfassung=inhalt["zusammenfassung"],
        kapitel=tuple(Kapitelzeile(**k) for k in inhalt["kapitel"]),
        massnahmen=tuple(_read_massnahme(m) for m in inhalt["massnahmen"]),
    )


def _read_massnahme(m: dict[str, Any]) -> Massnahmezeile:
    return Massnahmezeile(
        id=m["id"],
        titel=m["titel"],
        beschreibung=m["beschreibung"],
        instrument=Instrumentzeile(**{**m["instrument"], "gruppe": Instrumentgruppe(m["instrument"]["gruppe"])}),
        zielgruppen=tuple(m["zielgruppen"]),
        traeger=m["traeger"],
        beginn=date.fromisoformat(m["beginn"]),
        ende=date.fromisoformat(m["ende"]),
        plaetze=m["plaetze"],
        geplante_eintritte=m["geplante_eintritte"],
        finanzierung=sum_up((f["quelle"], Finanzquelle(f["quelle"]).label, f["betrag_cent"]) for f in m["finanzierung"]),
    )


def published_veroeffentlichung(jahr: int) -> Veroeffentlichung | None:
    """The newest publication of a year's programme, with the Fassung it made public; None before the first."""
    published = Fassung.objects.veroeffentlicht().filter(programm__jahr=jahr)
    return (
        Veroeffentlichung.objects.filter(beratung__fassung__in=published)
        .select_related("beratung__fassung__programm")
        .order_by("-beratung__fassung__nummer")
        .first()
    )


def published_years() -> list[int]:
    """Years whose programme is public, newest first."""
    return list(Fassung.objects.veroeffentlicht().order_by("-programm__jahr").values_list("programm__jahr", flat=True).distinct())


def current_veroeffentlichung() -> Veroeffentlichung | None:
    """The publication of the newest year that is public."""
    newest = Fassung.objects.veroeffentlicht().aggregate(jahr=Max("programm__jahr"))["jahr"]
    return None if newest is None else published_veroeffentlichung(newest)
