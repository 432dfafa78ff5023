"""What two versions of a programme differ in: texts, measures, sums. Knows nothing but their content."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jobcenter.common.typography import datum
from jobcenter.common.vergleich import Feld, Feldervergleich, Feldvergleich, Zahlvergleich, compare_felder, compare_zahl
from massnahmen.enums import Finanzquelle, Instrumentgruppe
from massnahmen.queries.inhalt import Massnahmezeile, Programminhalt

FELDER = {
    "titel": Feld("Titel"),
    "beschreibung": Feld("Was geschieht in der Maßnahme?"),
    "instrument": Feld("Instrument", lesen=str),
    "zielgruppen": Feld("Für wen", lesen=str),
    "traeger": Feld("Träger", lesen=str),
    "beginn": Feld("Beginn", lesen=datum),
    "ende": Feld("Ende", lesen=datum),
    "plaetze": Feld("Plätze", einheit="anzahl"),
    "geplante_eintritte": Feld("Geplante Eintritte", einheit="anzahl"),
    "kosten": Feld("Kosten", einheit="euro"),
} | {f"kosten_{quelle}": Feld(f"davon {quelle.label}", einheit="euro") for quelle in Finanzquelle}


@dataclass(frozen=True)
class Massnahmevergleich:
    """A measure that both versions have, as the new one words it, and what changed in it."""

    massnahme: Massnahmezeile
    aenderungen: Feldervergleich


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
    texte: tuple[Feldvergleich, ...]
    neue: tuple[Massnahmezeile, ...]
    entfallene: tuple[Massnahmezeile, ...]
    geaenderte: tuple[Massnahmevergleich, ...]
    unveraenderte: int
    nach_gruppe: tuple[Summenvergleich, ...]
    zusammen: Summenvergleich
    nach_quelle: tuple[Quellenvergleich, ...]

    @property
    def ist_gleich(self) -> bool:
        return not (self.texte or self.neue or self.entfallene or self.geaenderte)


def compare_inhalt(alt: Programminhalt, neu: Programminhalt) -> Inhaltsvergleich:
    """Chapters are matched by number, measures by id."""
    before = {massnahme.id: massnahme for massnahme in alt.massnahmen}
    after = {massnahme.id: massnahme for massnahme in neu.massnahmen}
    both = [
        Massnahmevergleich(after[key], compare_felder(_values(before[key]), _values(after[key]), FELDER)) for key in after if key in before
    ]
    changed = tuple(vergleich for vergleich in both if not vergleich.aenderungen.ist_gleich)
    return Inhaltsvergleich(
        texte=_compare_texts(alt, neu),
        neue=tuple(massnahme for key, massnahme in after.items() if key not in before),
        entfallene=tuple(massnahme for key, massnahme in before.items() if key not in after),
        geaenderte=changed,
        unveraenderte=len(both) - len(changed),
        nach_gruppe=tuple(
            _compare_sums(gruppe.label, alt.massnahmen, neu.massnahmen, _is_in(gruppe))
            for gruppe in Instrumentgruppe
            if any(m.instrument.gruppe == gruppe for m in (*alt.massnahmen, *neu.massnahmen))
        ),
        zusammen=_compare_sums("Zusammen", alt.massnahmen, neu.massnahmen, lambda _: True),
        nach_quelle=_compare_sources(alt, neu),
    )


def _compare_texts(alt: Programminhalt, neu: Programminhalt) -> tuple[Feldvergleich, ...]:
    felder: dict[str, Feld | str] = {"titel": "Titel des Programms", "zusammenfassung": "Zusammenfassung"}
    old = {"titel": alt.titel, "zusammenfassung": alt.zusammenfassung}
    new = {"titel": neu.titel, "zusammenfassung": neu.zusammenfassung}
    for inhalt, values in ((alt, old), (neu, new)):
        for kapitel in inhalt.kapitel:
            felder[f"kapitel-{kapitel.nummer}"] = f"{kapitel.nummer} {kapitel.titel}"
            values |= {f"kapitel-{kapitel.nummer}": kapitel.text, f"kapitel-{kapitel.nummer}-titel": kapitel.titel}
            felder[f"kapitel-{kapitel.nummer}-titel"] = f"{kapitel.nummer} Überschrift"
    return compare_felder(old, new, felder).geaendert


def _values(massnahme: Massnahmezeile) -> dict[str, object]:
    return {
        "titel": massnahme.titel,
        "beschreibung": massnahme.beschreibung,
        "instrument": f"{massnahme.instrument.name} ({massnahme.instrument.paragraph})",
        "zielgruppen": ", ".join(massnahme.zielgruppen),
        "traeger": massnahme.traeger or "Vergabe noch offen",
        "beginn": massnahme.beginn,
        "ende": massnahme.ende,
        "plaetze": massnahme.plaetze,
        "geplante_eintritte": massnahme.geplante_eintritte,
        "kosten": massnahme.kosten_cent,
    } | {f"kosten_{betrag.schluessel}": betrag.cent for betrag in massnahme.finanzierung}


def _is_in(gruppe: Instrumentgruppe) -> Callable[[Massnahmezeile], bool]:
    return lambda massnahme: massnahme.instrument.gruppe == gruppe


def _compare_sums(
    name: str, alt: Iterable[Massnahmezeile], neu: Iterable[Massnahmezeile], belongs: Callable[[Massnahmezeile], bool]
) -> Summenvergleich:
    old, new = [m for m in alt if belongs(m)], [m for m in neu if belongs(m)]
    return Summenvergleich(
        name=name,
        massnahmen=compare_zahl(len(old), len(new), "anzahl"),
        plaetze=compare_zahl(sum(m.plaetze for m in old), sum(m.plaetze for m in new), "anzahl"),
        geplante_eintritte=compare_zahl(sum(m.geplante_eintritte for m in old), sum(m.geplante_eintritte for m in new), "anzahl"),
        kosten=compare_zahl(sum(m.kosten_cent for m in old), sum(m.kosten_cent for m in new), "euro"),
    )


def _compare_sources(alt: Programminhalt, neu: Programminhalt) -> tuple[Quellenvergleich, ...]:
    """Money by source, in the order of the sources."""
    old = {betrag.schluessel: betrag.cent for betrag in alt.nach_quelle}
    new = {betrag.schluessel: betrag.cent for betrag in neu.nach_quelle}
    used = [quelle for quelle in Finanzquelle if quelle in old or quelle in new]
    return tuple(Quellenvergleich(quelle.label, compare_zahl(old.get(quelle, 0), new.get(quelle, 0), "euro")) for quelle in used)
