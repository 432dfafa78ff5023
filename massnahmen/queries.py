"""Reading a programme: as a draft out of its rows, as a Fassung out of its frozen text alone."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import F, Func, JSONField, Max, Model, Prefetch, QuerySet, Value
from django.db.models.functions import Cast

from jobcenter.konten.models import User, UserLike
from massnahmen.enums import Finanzquelle, Instrumentgruppe
from massnahmen.models import (
    Arbeitsmarktprogramm,
    Beratung,
    Fassung,
    Kapitel,
    Massnahme,
    Programmposition,
    Veroeffentlichung,
)

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


def published_veroeffentlichungen() -> list[Veroeffentlichung]:
    """The newest publication of every year that is public, newest year first. One query."""
    return list(
        Veroeffentlichung.objects.filter(beratung__fassung__in=Fassung.objects.veroeffentlicht())
        .select_related("beratung__fassung__programm")
        .order_by("-beratung__fassung__programm__jahr", "-beratung__fassung__nummer")
        .distinct("beratung__fassung__programm__jahr")
    )


def running_veroeffentlichungen(day: date) -> list[Veroeffentlichung]:
    """The newest publication of the day's year and of every later one, soonest year first; else the newest there is."""
    published = published_veroeffentlichungen()
    return [v for v in reversed(published) if v.fassung.programm.jahr >= day.year] or published[:1]


def offered_massnahmen(veroeffentlichungen: Iterable[Veroeffentlichung], day: date) -> list[Massnahmezeile]:
    """What runs on the day or later, each measure once and as the latest of the programmes words it."""
    offered: dict[int, Massnahmezeile] = {}
    for veroeffentlichung in veroeffentlichungen:
        offered |= {m.id: m for m in read_fassung(veroeffentlichung.fassung).massnahmen if m.ende >= day}
    return list(offered.values())


class _MassnahmenJson(Func):
    """Every measure of a frozen text that meets a JSON path, one row each."""

    function = "jsonb_path_query"
    set_returning = True
    output_field = JSONField()


def published_massnahmen(
    *, jahr: int | None = None, gruppe: str = "", zielgruppe: str = "", instrument: str = ""
) -> QuerySet[Fassung, dict[str, Any]]:
    """One row per measure of the newest published Fassung of each year, out of its frozen text: nothing later shows through.

    Rows are dicts with programm__jahr, nummer, pruefsumme and massnahme, newest year first, in the order of the text.
    """
    newest = Fassung.objects.veroeffentlicht().order_by("programm_id", "-nummer").distinct("programm_id")
    fassungen = Fassung.objects.filter(pk__in=newest.values("pk"))
    if jahr is not None:
        fassungen = fassungen.filter(programm__jahr=jahr)
    paths = {"gruppe": "@.instrument.gruppe", "zielgruppe": "@.zielgruppen[*]", "instrument": "@.instrument.kurz"}
    wanted = {name: value for name, value in (("gruppe", gruppe), ("zielgruppe", zielgruppe), ("instrument", instrument)) if value}
    condition = " && ".join(f"{paths[name]} == ${name}" for name in wanted) or "1 == 1"
    path = Func(Value(f"$.massnahmen[*] ? ({condition})"), template="%(expressions)s::jsonpath")
    massnahme = _MassnahmenJson(Cast("inhalt", JSONField()), path, Value(wanted, JSONField()))
    return fassungen.order_by("-programm__jahr").annotate(massnahme=massnahme).values("programm__jahr", "nummer", "pruefsumme", "massnahme")


def cost_per_place(position: Programmposition) -> int | None:
    """Cents per place, rounded half up; None without places."""
    return (2 * position.kosten_cent + position.plaetze) // (2 * position.plaetze) if position.plaetze else None


@dataclass(frozen=True)
class Fassungsstand:
    """How far a Fassung has come."""

    fassung: Fassung
    beratung: Beratung | None
    veroeffentlichung: Veroeffentlichung | None


def read_stand(fassung: Fassung) -> Fassungsstand:
    beratung = getattr(fassung, "beratung", None)
    return Fassungsstand(fassung, beratung, getattr(beratung, "veroeffentlichung", None))


def list_fassungen(programm: Arbeitsmarktprogramm) -> list[Fassungsstand]:
    """Newest first, without their texts. One query."""
    fassungen = programm.fassungen.select_related("vorgelegt_von", "beratung__veroeffentlichung__von").defer("inhalt")
    return [read_stand(fassung) for fassung in fassungen.order_by("-nummer")]


@dataclass(frozen=True)
class Aenderung:
    """Who changed something last, out of the history of rows."""

    am: datetime
    wer: str
    was: str


# What an action did, as staff read it behind a name: "Petra Plan hat … geändert".
AKTIONEN = {
    "massnahmen.open_programm": "Programm angelegt",
    "massnahmen.add_position": "Maßnahme geplant",
    "massnahmen.update_position": "Maßnahme geändert",
    "massnahmen.update_kapitel": "Kapitel geändert",
    "massnahmen.update_zusammenfassung": "Zusammenfassung geändert",
    "massnahmen.submit_programm": "dem Beirat vorgelegt",
    "massnahmen.reopen_programm": "wieder zum Entwurf gemacht",
    "massnahmen.record_beratung": "Ergebnis des Beirats eingetragen",
    "massnahmen.publish_programm": "veröffentlicht",
}


def last_aenderung(obj: Model) -> Aenderung | None:
    """The newest row of the history of a tracked object; None when history does not reach back to it."""
    event = obj.events.select_related("pgh_context").order_by("-pgh_id").first()  # type: ignore[attr-defined]  # tracked
    return _name_authors({0: event}).get(0) if event else None


def last_aenderungen(programme: Iterable[Arbeitsmarktprogramm]) -> dict[int, Aenderung]:
    """The newest change per programme id, be it in the programme, in a chapter or in a measure. Four queries."""
    ids = [programm.pk for programm in programme]
    newest: dict[int, Any] = {}
    for model, key in ((Arbeitsmarktprogramm, "pgh_obj_id"), (Kapitel, "programm_id"), (Massnahme, "pgh_obj__positionen__programm_id")):
        events = model.pgh_event_model.objects.filter(**{f"{key}__in": ids})  # type: ignore[union-attr]  # tracked
        for event in (
            events.annotate(programm_pk=F(key)).order_by(key, "-pgh_created_at", "-pgh_id").distinct(key).select_related("pgh_context")
        ):
            known = newest.get(event.programm_pk)
            if known is None or known.pgh_created_at < event.pgh_created_at:
                newest[event.programm_pk] = event
    return _name_authors(newest)


def _name_authors(events: Mapping[int, Any]) -> dict[int, Aenderung]:
    contexts = {key: event.pgh_context.metadata if event.pgh_context else {} for key, event in events.items()}
    names = dict(User.objects.filter(pk__in={c["user"] for c in contexts.values() if c.get("user")}).values_list("pk", "name"))
    return {
        key: Aenderung(
            event.pgh_created_at,
            names.get(contexts[key].get("user"), "Unbekannt"),
            AKTIONEN.get(contexts[key].get("aktion", ""), "geändert"),
        )
        for key, event in events.items()
    }


@dataclass(frozen=True)
class Programmzeile:
    programm: Arbeitsmarktprogramm
    fassungen: tuple[Fassung, ...]
    aenderung: Aenderung | None


def list_programme(user: UserLike) -> list[Programmzeile]:
    """Every programme that the person may see, newest year first. Six queries, whatever their number."""
    fassungen = Prefetch("fassungen", Fassung.objects.defer("inhalt").order_by("nummer"))
    programme = list(Arbeitsmarktprogramm.objects.visible_to(user).prefetch_related(fassungen))
    aenderungen = last_aenderungen(programme)
    return [Programmzeile(p, tuple(p.fassungen.all()), aenderungen.get(p.pk)) for p in programme]
