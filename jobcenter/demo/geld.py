"""The demo's money: budgets of three years with lines, a move between the titles, spending by month, and one real project."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jobcenter.demo.kalender import Kalender, at, load, moment, typeset
from jobcenter.demo.konten import Personen
from jobcenter.konten.models import User
from massnahmen.actions import (
    Budgetangaben,
    Mittelangaben,
    Projektangaben,
    Teilbudgetangaben,
    add_projektmittel,
    add_teilbudget,
    add_umschichtung,
    create_budget,
    create_regionalprojekt,
    record_ausgaben,
    update_budget,
)
from massnahmen.enums import Finanzquelle, Umschichtungsrichtung
from massnahmen.models import Budget, Instrument
from massnahmen.queries import distribute

YEARS = {"davor": -1, "laufend": 0, "kommend": 1}
# What of a year is paid in each month: little at first, most before it ends.
MONTHS = (5, 7, 8, 8, 8, 9, 8, 8, 9, 9, 10, 11)


def seed_geld(kalender: Kalender, personen: Personen) -> None:
    """Budgets are estimated in October, allotted in January, moved in June; what was paid is known a month later."""
    data, by = load("geld"), personen["controlling"]
    for stage, years in YEARS.items():
        jahr = kalender.jahr + years
        first = min(date(jahr - 1, 10, 12), kalender.before_start(30))
        with at(moment(first, 9)):
            budget = create_budget(jahr=jahr, angaben=_angaben(data[stage], ist_schaetzung=True), by=by)
            _plan_lines(budget, stage, data["zeilen"], by)
        january, june = date(jahr, 1, 20), date(jahr, 6, 15)
        if january < kalender.heute:
            with at(moment(january, 10)):
                update_budget(budget=budget, version=1, angaben=_angaben(data[stage], ist_schaetzung=False), by=by)
        if june < kalender.heute:
            with at(moment(june, 11)):
                grund = "Die Tarife sind stärker gestiegen, als der Bund für Personal zuteilt."
                cent = data[stage]["umschichtung"] * 100
                add_umschichtung(budget=budget, richtung=Umschichtungsrichtung.ZU_VWK, betrag_cent=cent, am=june, grund=grund, by=by)
        _pay(budget, data["zeilen"], kalender.heute, by)
    _enter_projekt(data["projekt"], kalender, personen["planung"])


def _angaben(row: dict[str, Any], *, ist_schaetzung: bool) -> Budgetangaben:
    return Budgetangaben(
        zuteilung_egt_cent=row["egt"] * 100,
        zuteilung_vwk_cent=row["vwk"] * 100,
        ist_schaetzung=ist_schaetzung,
        quelle="Schätzung des Controllings, der Bescheid kommt im Januar" if ist_schaetzung else row["quelle"],
        ueberplanung_prozent=Decimal(row["ueberplanung"]),
        personal_cent=row["personal"] * 100,
        sach_cent=row["sach"] * 100,
        gemein_cent=row["gemein"] * 100,
    )


def _plan_lines(budget: Budget, stage: str, rows: list[dict[str, Any]], by: User) -> None:
    instrumente = Instrument.objects.in_bulk(field_name="kurz")
    for row in rows:
        angaben = Teilbudgetangaben(
            name=row["name"],
            plan_cent=row[stage] * 100,
            vorbindung_cent=row.get("vorbindung", 0) * 100,
            instrument=instrumente[row["instrument"]] if "instrument" in row else None,
        )
        add_teilbudget(budget=budget, angaben=angaben, by=by)


def _pay(budget: Budget, rows: list[dict[str, Any]], heute: date, by: User) -> None:
    """Enter the months that are over: those of a whole year in the January after it, else those before this one."""
    known = min(heute, date(budget.jahr + 1, 1, 15)) - timedelta(days=heute.day if heute.year == budget.jahr else 0)
    last = 12 if known.year > budget.jahr else known.month if known.year == budget.jahr else 0
    if not last:
        return
    abfluss = {row["name"]: row["abfluss"] for row in rows}
    with at(moment(min(heute, date(budget.jahr + 1, 1, 15)), 8)):
        for line in budget.teilbudgets.all():
            paid = distribute(line.plan_cent // 10_000 * abfluss[line.name], MONTHS)
            months = {month: cent * 100 for month, cent in enumerate(paid[:last], start=1)}
            record_ausgaben(teilbudget=line, version=line.version, betraege_cent=dict(months), by=by)


def _enter_projekt(row: dict[str, Any], kalender: Kalender, by: User) -> None:
    angaben = Projektangaben(
        name=row["name"],
        beginn=date(2015, 1, 1),
        ende=date(2022, 12, 31),
        beschreibung=typeset(row["beschreibung"]),
        erreichte=row["erreichte"],
        quelle=row["quelle"],
    )
    with at(moment(kalender.before_start(60), 14)):
        projekt = create_regionalprojekt(angaben=angaben, by=by)
        for mittel in row["mittel"]:
            given = Mittelangaben(Finanzquelle(mittel["quelle"]), 2015, 2022, mittel["betrag"] * 100, mittel.get("ungefaehr", False))
            add_projektmittel(projekt=projekt, angaben=given, by=by)
