"""What is public: the newest Fassung of each year, and what it offers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Func, JSONField, Max, QuerySet, Value
from django.db.models.functions import Cast

from massnahmen.models import Fassung, Veroeffentlichung
from massnahmen.queries.inhalt import Massnahmezeile, read_fassung


def published_veroeffentlichung(jahr: int) -> Veroeffentlichung | None:
    """The newest publication of a year's programme, with the Fassung it made public; None before the first."""
    published = Fassung.objects.veroeffentlicht().filter(programm__jahr=jahr)
    return (
        Veroeffentlichung.objects.filter(beratung__fassung__in=published)
        .select_related("beratung__fassung__programm")
        .order_by("-beratung__fassung__nummer")
        .first()
    )


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
