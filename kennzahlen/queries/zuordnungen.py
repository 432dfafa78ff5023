"""Which Jobcenter belongs to which Land and Vergleichstyp, and what a list would change. Nothing is guessed."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from jobcenter.common import typography
from jobcenter.common.canonical import canonical_json, fingerprint
from kennzahlen.enums import Gruppenart
from kennzahlen.models import Jobcenter, Vergleichsgruppe, Zugehoerigkeit

BUND = (Gruppenart.BUND, "de")  # all real Jobcenter, and no other


@dataclass(frozen=True)
class Zuordnungszeile:
    """One line of a list: from that month on the Jobcenter belongs to the group. Without a name the group keeps the one it has."""

    zeile: int
    traegernummer: str
    art: Gruppenart
    code: str
    name: str
    ab: date


@dataclass(frozen=True)
class Aenderung:
    """What a line would change: `von` is the group that the Jobcenter is in until then; empty when it was in none."""

    zeile: Zuordnungszeile
    jobcenter: str
    von: str
    nach: str


@dataclass(frozen=True)
class Umbenennung:
    art: Gruppenart
    code: str
    von: str
    nach: str


@dataclass(frozen=True)
class Zuordnungsplan:
    """What a list would do to what is stored now, or why it cannot be taken: then nothing is changed at all."""

    aenderungen: tuple[Aenderung, ...] = ()
    umbenennungen: tuple[Umbenennung, ...] = ()
    neue_gruppen: tuple[str, ...] = ()
    unveraendert: int = 0
    fehler: tuple[str, ...] = ()

    @property
    def ist_leer(self) -> bool:
        return not (self.aenderungen or self.umbenennungen)

    @property
    def pruefsumme(self) -> str:
        """The same for the same changes: whoever confirms them says with it which ones were seen."""
        seen = [[one.zeile.traegernummer, one.zeile.art, one.zeile.code, one.zeile.ab.isoformat(), one.von] for one in self.aenderungen]
        return fingerprint(canonical_json({"aenderungen": seen, "namen": [[one.art, one.code, one.nach] for one in self.umbenennungen]}))


@dataclass
class _Verlauf:
    """The groups of one Jobcenter and kind one after the other, while lines are laid over them."""

    beginne: list[date] = field(default_factory=list)
    gruppen: list[str] = field(default_factory=list)
    enden: list[date | None] = field(default_factory=list)

    def at(self, day: date) -> str:
        index = bisect_right(self.beginne, day) - 1
        if index < 0 or ((ende := self.enden[index]) is not None and ende <= day):
            return ""
        return self.gruppen[index]

    def assign(self, day: date, code: str) -> None:
        index = bisect_right(self.beginne, day)
        ende = self.beginne[index] if index < len(self.beginne) else None
        if index and self.beginne[index - 1] == day:
            self.gruppen[index - 1], self.enden[index - 1] = code, ende
            return
        self.beginne.insert(index, day)
        self.gruppen.insert(index, code)
        self.enden.insert(index, ende)


def plan_zuordnungen(zeilen: Sequence[Zuordnungszeile]) -> Zuordnungsplan:
    """Lay a list over what is stored. Three queries, however long it is."""
    jobcenter = {row.traegernummer: row for row in Jobcenter.objects.select_related("nachfolger")}
    if fehler := tuple(_faults(zeilen, jobcenter)):
        return Zuordnungsplan(fehler=fehler)
    gruppen = {(gruppe.art, gruppe.code): gruppe.name for gruppe in Vergleichsgruppe.objects.all()}
    verlaeufe = _read_verlaeufe({zeile.traegernummer for zeile in zeilen})
    namen = gruppen | {(zeile.art, zeile.code): zeile.name for zeile in zeilen if zeile.name}
    aenderungen, unveraendert = [], 0
    for zeile in sorted(zeilen, key=lambda zeile: (zeile.ab, zeile.zeile)):
        verlauf = verlaeufe[zeile.traegernummer, zeile.art]
        von = verlauf.at(zeile.ab)
        if von == zeile.code:
            unveraendert += 1
            continue
        verlauf.assign(zeile.ab, zeile.code)
        nach = namen.get((zeile.art, zeile.code), zeile.code)
        aenderungen.append(Aenderung(zeile, str(jobcenter[zeile.traegernummer]), namen.get((zeile.art, von), von), nach))
    return Zuordnungsplan(
        aenderungen=tuple(aenderungen),
        umbenennungen=tuple(
            Umbenennung(Gruppenart(art), code, gruppen[art, code], name)
            for (art, code), name in namen.items()
            if (art, code) in gruppen and gruppen[art, code] != name
        ),
        neue_gruppen=tuple(dict.fromkeys(one.nach for one in aenderungen if (one.zeile.art, one.zeile.code) not in gruppen)),
        unveraendert=unveraendert,
    )


def _read_verlaeufe(nummern: Iterable[str]) -> dict[tuple[str, str], _Verlauf]:
    found: dict[tuple[str, str], _Verlauf] = defaultdict(_Verlauf)
    rows = Zugehoerigkeit.objects.filter(jobcenter__traegernummer__in=nummern).order_by("zeitraum")
    for nummer, art, code, zeitraum in rows.values_list("jobcenter__traegernummer", "art", "gruppe__code", "zeitraum"):
        verlauf = found[nummer, art]
        verlauf.beginne.append(zeitraum.lower or date.min)
        verlauf.gruppen.append(code)
        verlauf.enden.append(zeitraum.upper)
    return found


def _faults(zeilen: Sequence[Zuordnungszeile], jobcenter: dict[str, Jobcenter]) -> Iterable[str]:
    for zeile in zeilen:
        row = jobcenter.get(zeile.traegernummer)
        if row is None:
            yield f"Zeile {zeile.zeile}: Ein Jobcenter mit der Trägernummer {zeile.traegernummer} gibt es nicht."
        elif row.aufgegangen_am and zeile.ab >= row.aufgegangen_am:
            when = typography.datum(row.aufgegangen_am)
            yield f"Zeile {zeile.zeile}: {row} gibt es seit dem {when} nicht mehr. Es ist in {row.nachfolger} aufgegangen."
        elif row.ist_fiktiv and (zeile.art, zeile.code) == BUND:
            yield f"Zeile {zeile.zeile}: {row} ist erfunden und gehört nicht zum Bund."


# --- the page ---------------------------------------------------------------------------------------------------
def list_gruppen(day: date) -> list[Vergleichsgruppe]:
    """Bund, Länder and Vergleichstypen with `mitgliederzahl` on that day. One query."""
    now = Count("mitglieder", filter=Q(mitglieder__zeitraum__contains=day))
    order = list(Gruppenart)
    rows = Vergleichsgruppe.objects.annotate(mitgliederzahl=now)
    return sorted(rows, key=lambda gruppe: (order.index(Gruppenart(gruppe.art)), gruppe.name))


@dataclass(frozen=True)
class Mitglied:
    jobcenter: Jobcenter
    von: date | None
    bis: date | None  # the last day; None is open

    def ist_heute(self, day: date) -> bool:
        return (self.von is None or self.von <= day) and (self.bis is None or day <= self.bis)


def list_mitglieder(gruppe: Vergleichsgruppe) -> list[Mitglied]:
    """Everybody who is, was or will be in a group, by name. One query."""
    rows = gruppe.mitglieder.select_related("jobcenter").order_by("jobcenter__name", "jobcenter__traegernummer", "zeitraum")
    return [Mitglied(row.jobcenter, row.zeitraum.lower, row.zeitraum.upper and row.zeitraum.upper - timedelta(days=1)) for row in rows]


def list_aufgegangene() -> QuerySet[Jobcenter]:
    """Jobcenter that became part of another, the latest first."""
    return Jobcenter.objects.filter(nachfolger__isnull=False).select_related("nachfolger").order_by("-aufgegangen_am", "name")
