"""A file with the lines of a year's finance plan: plan, Vorbindung, and what was paid month by month."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from jobcenter.common import clock
from jobcenter.common.tabellendateien import Fehler, TabellenFehler, fold, quote
from jobcenter.common.typography import MONATE, euro
from massnahmen.actions.importe import Importergebnis, Importwerte
from massnahmen.actions.importe.budget import remember
from massnahmen.imports.lesen import Rohdatei, read_rows
from massnahmen.imports.massnahmen import MOST_SHOWN
from massnahmen.imports.spalten import Befund, Spalte
from massnahmen.imports.stammworte import Stammworte, read_stammworte
from massnahmen.imports.zellen import SUMMEN, money, text
from massnahmen.models import Budget, Import, Teilbudget

MOST_CENT = 1_000_000_000_00


def _month(number: int) -> Spalte:
    name = MONATE[number - 1]
    auch = [name, name[:3], f"Ausgaben {name[:3]}", f"Ist {name}"]
    return Spalte(
        f"monat_{number}",
        f"Ausgaben {name}",
        money(MOST_CENT, least=-MOST_CENT),
        auch,
        hilfe="in Euro, weniger was zurückkam",
        beispiel=1000.5 if number == 1 else None,
    )


SPALTEN = (
    Spalte(
        "name",
        "Teilbudget",
        text(120),
        ("Bezeichnung", "Name", "Titel"),
        pflicht=True,
        hilfe="steht einmal im Plan",
        beispiel="Arbeitsgelegenheiten",
    ),
    Spalte("instrument", "Instrument", text(160), ("Rechtsgrundlage", "Paragraph"), hilfe="Kürzel, Name oder Paragraph", beispiel="16d"),
    Spalte("plan_cent", "Plan", money(MOST_CENT), ("Planansatz", "Ansatz", "Plan in Euro", "Soll"), hilfe="in Euro", beispiel=250000),
    Spalte(
        "vorbindung_cent",
        "Vorbindung",
        money(MOST_CENT),
        ("Vorbindung aus früheren Jahren", "Vorbindungen"),
        hilfe="in Euro",
        beispiel=40000.5,
    ),
    Spalte("bemerkung", "Bemerkung", text(300), ("Bemerkungen",), hilfe="höchstens 300 Zeichen"),
    *(_month(number) for number in range(1, 13)),
)


def check_budget(import_: Import, datei: Rohdatei, befund: Befund, note: Callable[[int], None]) -> Importergebnis:
    """Every line beside the one of the same name that the year has already."""
    budget = Budget.objects.filter(jahr=import_.jahr).first()
    if budget is None:
        raise TabellenFehler(Fehler("Datei", f"Für {import_.jahr} gibt es noch kein Budget. Legen Sie es zuerst an."))
    known = {row.name.casefold(): row for row in budget.teilbudgets.prefetch_related("ausgaben")}
    used = {row.instrument_id: row.name for row in known.values() if row.instrument_id}
    lage = _Lage(budget.jahr, read_stammworte(), used)
    zeilen: list[Importwerte] = []
    for nummer, werte in read_rows(datei, SPALTEN, befund):
        before = befund.zahl
        for feld, satz in _check_row(lage, nummer, werte):
            befund.add(datei.stelle(nummer, feld), satz)
        if befund.zahl == before and None not in werte.values():
            zeilen.append((nummer, _compare(werte, known.get(werte["name"].casefold()))))
        if not nummer % 500:
            note(nummer)
    return Importergebnis(zeilenliste=zeilen, vorschau=_vorschau(zeilen))


@dataclass
class _Lage:
    jahr: int
    stamm: Stammworte
    instrumente: dict[int, str]  # of which instrument a line exists already, and its name
    gelesen: dict[str, int] = field(default_factory=dict)


def _check_row(lage: _Lage, nummer: int, werte: dict[str, Any]) -> Iterator[tuple[str, str]]:
    name = werte.get("name")
    if not name:
        if "name" not in werte:
            yield "name", "Die Bezeichnung des Teilbudgets fehlt."
        return
    if fold(name) in SUMMEN:
        yield "name", "Das sieht nach einer Summenzeile aus. Löschen Sie sie."
        return
    if (first := lage.gelesen.setdefault(name.casefold(), nummer)) != nummer:
        yield "name", f"{quote(name)} steht schon in Zeile {first}."
    if wort := werte.get("instrument"):
        werte["instrument"], satz = lage.stamm.instrumente.find(wort)
        if satz:
            yield "instrument", satz
        elif (other := lage.instrumente.setdefault(werte["instrument"], name)).casefold() != name.casefold():
            yield "instrument", f"Das Instrument gehört {lage.jahr} schon zu {quote(other)}. Jedes hat höchstens ein Teilbudget."
    today = clock.today()
    for number in range(1, 13):
        if f"monat_{number}" in werte and (lage.jahr, number) > (today.year, today.month):
            yield f"monat_{number}", f"Der {MONATE[number - 1]} {lage.jahr} liegt noch vor uns. Ausgaben gibt es erst danach."


def _compare(werte: dict[str, Any], row: Teilbudget | None) -> dict[str, Any]:
    """Beside what is stored: an empty cell keeps it."""
    paid = {str(number): werte.pop(f"monat_{number}") for number in range(1, 13) if f"monat_{number}" in werte}
    line = werte | {"ausgaben": paid, "aendert": True}
    if row is None:
        return line
    before = remember(row)
    fields = {name: value for name, value in werte.items() if name != "name"}
    changed = any(before[name] != value for name, value in fields.items()) or any(
        before["ausgaben"].get(month) != cent for month, cent in paid.items()
    )
    return line | {"version": row.version, "aendert": changed}


def _vorschau(zeilen: list[Importwerte]) -> dict[str, Any]:
    neu = sum("version" not in werte for _, werte in zeilen)
    changed = sum("version" in werte and werte["aendert"] for _, werte in zeilen)
    shown = []
    for nummer, werte in zeilen[:MOST_SHOWN]:
        art = "neu" if "version" not in werte else "wird geändert" if werte["aendert"] else "unverändert"
        money_of = [euro(werte[name]) if name in werte else "" for name in ("plan_cent", "vorbindung_cent")]
        shown.append([str(nummer), werte["name"], *money_of, euro(sum(werte["ausgaben"].values())) if werte["ausgaben"] else "", art])
    plan = sum(werte.get("plan_cent", 0) for _, werte in zeilen)
    return {
        "zahlen": [["neu", neu], ["werden geändert", changed], ["unverändert", len(zeilen) - neu - changed]],
        "summe": f"Die Datei plant zusammen {euro(plan)}.",
        "kopf": ["Zeile", "Teilbudget", "Plan", "Vorbindung", "Ausgaben", "Was geschieht"],
        "rechts": [2, 3, 4],
        "zeilen": shown,
    }
