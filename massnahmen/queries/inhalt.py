"""A programme's complete content: as a draft out of its rows, as a Fassung out of its frozen text alone."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings

from massnahmen.enums import Finanzquelle, Instrumentgruppe
from massnahmen.models import Arbeitsmarktprogramm, Fassung, Programmposition

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

    @property
    def woerter(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True)
class Massnahmengruppe:
    """The measures of one group of instruments, with their sums."""

    gruppe: Instrumentgruppe
    massnahmen: tuple[Massnahmezeile, ...]

    @property
    def plaetze(self) -> int:
        return sum(m.plaetze for m in self.massnahmen)

    @property
    def geplante_eintritte(self) -> int:
        return sum(m.geplante_eintritte for m in self.massnahmen)

    @property
    def kosten_cent(self) -> int:
        return sum(m.kosten_cent for m in self.massnahmen)


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
    def kapitel_mit_text(self) -> tuple[Kapitelzeile, ...]:
        return tuple(k for k in self.kapitel if k.text.strip())

    @cached_property
    def kapitel_ohne_text(self) -> tuple[Kapitelzeile, ...]:
        return tuple(k for k in self.kapitel if not k.text.strip())

    @cached_property
    def gruppen(self) -> tuple[Massnahmengruppe, ...]:
        """The measures by group of instruments, in the order of the law's groups; groups without measures are left out."""
        return tuple(
            Massnahmengruppe(gruppe, found)
            for gruppe in Instrumentgruppe
            if (found := tuple(m for m in self.massnahmen if m.instrument.gruppe == gruppe))
        )

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
    return read_inhalt(json.loads(fassung.inhalt))


def read_draft(programm: Arbeitsmarktprogramm) -> Programminhalt:
    """The programme as it would be frozen now. In four queries, whatever its size."""
    return read_inhalt(collect_inhalt(programm))


def read_inhalt(inhalt: Mapping[str, Any]) -> Programminhalt:
    """Collected or frozen content as what pages show."""
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
