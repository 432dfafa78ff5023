"""Lines of a year's finance plan and what was paid by month; and back again. Every line goes through the actions of the budget."""

from collections.abc import Iterator, Sequence
from typing import Any

from jobcenter.common.actions import lock, require
from jobcenter.common.transitions import TransitionError
from jobcenter.konten.models import User
from massnahmen.actions.geld import Teilbudgetangaben, add_teilbudget, record_ausgaben, remove_teilbudget, update_teilbudget
from massnahmen.actions.importe.ergebnis import Geworden, Zeile, refuse_changed, refuse_undo
from massnahmen.models import Budget, Import, Instrument, Teilbudget


def take_over(quelle: Import, lines: Sequence[Zeile], by: User) -> list[Geworden]:
    """The budget is locked, so two imports take turns."""
    require(by, "massnahmen.change_budget")
    assert quelle.jahr is not None
    budget = Budget.objects.filter(jahr=quelle.jahr).first()
    if budget is None:
        raise TransitionError(f"Das Budget {quelle.jahr} gibt es nicht mehr.")
    budget = lock(budget)
    known = {row.name.casefold(): row for row in budget.teilbudgets.all()}
    done = []
    for line in lines:
        if not line.werte["aendert"]:
            continue
        row = known.get(line.werte["name"].casefold())
        if (row.version if row else None) != line.werte.get("version"):
            raise refuse_changed(f"das Teilbudget „{line.werte['name']}“")
        vorher = remember(row) if row else None
        angaben = _to_angaben(line.werte, row)
        if row is None:
            row = add_teilbudget(budget=budget, angaben=angaben, by=by)
        elif angaben != _stated(row):
            row = update_teilbudget(teilbudget=row, version=row.version, angaben=angaben, by=by)
        if paid := {int(number): cent for number, cent in line.werte["ausgaben"].items()}:
            row = record_ausgaben(teilbudget=row, version=row.version, betraege_cent=paid, by=by)
        done.append(Geworden(line.nummer, row.pk, row.version, vorher))
    return done


def _to_angaben(werte: dict[str, Any], row: Teilbudget | None) -> Teilbudgetangaben:
    """What a line states; where it says nothing, what was stated before."""
    instrument = row.instrument if row else None
    if werte.get("instrument") and (instrument := Instrument.objects.filter(pk=werte["instrument"]).first()) is None:
        raise refuse_changed("ein Instrument")
    return Teilbudgetangaben(
        name=row.name if row else werte["name"],
        plan_cent=werte.get("plan_cent", row.plan_cent if row else 0),
        vorbindung_cent=werte.get("vorbindung_cent", row.vorbindung_cent if row else 0),
        instrument=instrument,
        bemerkung=werte.get("bemerkung", row.bemerkung if row else ""),
    )


def _stated(row: Teilbudget) -> Teilbudgetangaben:
    return Teilbudgetangaben(row.name, row.plan_cent, row.vorbindung_cent, row.instrument, row.bemerkung)


def remember(row: Teilbudget) -> dict[str, Any]:
    """A line and what was paid out of it, as JSON can keep it."""
    kept = {name: getattr(row, name) for name in ("name", "plan_cent", "vorbindung_cent", "bemerkung")}
    return kept | {"instrument": row.instrument_id, "ausgaben": {str(one.monat): one.betrag_cent for one in row.ausgaben.all()}}


# --- and back ---------------------------------------------------------------------------------------------------
def undo(quelle: Import, lines: Sequence[Zeile], by: User) -> None:
    """New lines go with what was paid out of them, changed ones get back what they said."""
    require(by, "massnahmen.change_budget")
    if budget := Budget.objects.filter(jahr=quelle.jahr or 0).first():
        lock(budget)  # before the lines are read, so that nobody pays out of them meanwhile
    rows = {row.pk: row for row in Teilbudget.objects.select_related("budget").filter(pk__in=[line.objekt_id for line in lines])}
    refuse_undo(list(_in_the_way(lines, rows)))
    for line in lines:
        row = rows[line.objekt_id or 0]
        if line.vorher is None:
            row.ausgaben.all().delete()
            remove_teilbudget(teilbudget=row, by=by)
        else:
            _restore(row, line.vorher, by)


def _in_the_way(lines: Sequence[Zeile], rows: dict[int, Teilbudget]) -> Iterator[str]:
    for line in lines:
        row = rows.get(line.objekt_id or 0)
        if row is None or row.version != line.objekt_version:
            yield f"das Teilbudget „{line.werte['name']}“ wurde seitdem geändert"


def _restore(row: Teilbudget, vorher: dict[str, Any], by: User) -> None:
    instrument = Instrument.objects.filter(pk=vorher["instrument"]).first() if vorher["instrument"] else None
    angaben = Teilbudgetangaben(vorher["name"], vorher["plan_cent"], vorher["vorbindung_cent"], instrument, vorher["bemerkung"])
    row = update_teilbudget(teilbudget=row, version=row.version, angaben=angaben, by=by)
    paid = {number: vorher["ausgaben"].get(str(number)) for number in range(1, 13)}
    record_ausgaben(teilbudget=row, version=row.version, betraege_cent=paid, by=by)
