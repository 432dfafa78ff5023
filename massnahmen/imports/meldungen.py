"""A file of monthly reports: which measure each line is about, and whether all lines together can be true."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jobcenter.common.tabellendateien import fold, quote
from jobcenter.common.typography import euro, monat, zahl
from massnahmen.actions.importe import Importergebnis, Importwerte
from massnahmen.actions.importe.meldungen import to_meldung
from massnahmen.imports.lesen import Rohdatei, read_rows
from massnahmen.imports.massnahmen import MOST_SHOWN
from massnahmen.imports.spalten import Befund, Spalte, Woerterbuch
from massnahmen.imports.stammworte import read_traeger
from massnahmen.imports.zellen import money, month, text, whole
from massnahmen.models import Import, Massnahme, Monatsmeldung
from massnahmen.queries.meldungen import MOST_CENT, MOST_TAGE, Meldungsstand, check_meldung, read_meldungsstaende, to_angaben

MOST = 100_000
_ZAHLEN = ("teilnahmetage", "zuweisungen", "nichtantritte", "eintritte", "austritte_regulaer", "austritte_arbeit", "austritte_abbruch")
ZAHLEN = (*_ZAHLEN, "austritte_sonstige", "integrationen", "kosten_cent")
SPALTEN = (
    Spalte(
        "nummer",
        "Nr.",
        whole(1, 2**31),
        ("Nummer", "Nummer der Maßnahme", "Maßnahmenummer"),
        hilfe="Nummer der Maßnahme im Portal",
        beispiel=0,
    ),
    Spalte("massnahme", "Maßnahme", text(160), ("Titel", "Name der Maßnahme"), hilfe="Titel, wenn die Nummer fehlt", beispiel=""),
    Spalte("traeger", "Träger", text(160), ("Bildungsträger", "Anbieter"), hilfe="unterscheidet Maßnahmen mit gleichem Titel", beispiel=""),
    Spalte(
        "monat", "Monat", month, ("Berichtsmonat", "Meldemonat"), pflicht=True, hilfe="10/2026, 2026-10 oder Okt 2026", beispiel="monat"
    ),
    Spalte(
        "teilnahmetage", "Teilnahmetage", whole(0, MOST_TAGE), ("Teilnehmertage",), beispiel=300, hilfe="Tage, an denen jemand teilnahm"
    ),
    Spalte("zuweisungen", "Zuweisungen", whole(0, MOST), ("Zugewiesene",), beispiel=3, hilfe="in diesem Monat"),
    Spalte("nichtantritte", "Nicht angetreten", whole(0, MOST), ("Nichtantritte",), beispiel=1, hilfe="zugewiesen, aber nicht gekommen"),
    Spalte("eintritte", "Eintritte", whole(0, MOST), beispiel=2, hilfe="in diesem Monat"),
    Spalte(
        "austritte_regulaer",
        "Austritte zum geplanten Ende",
        whole(0, MOST),
        ("reguläre Austritte", "Austritte regulär"),
        beispiel=0,
        hilfe="in diesem Monat",
    ),
    Spalte(
        "austritte_arbeit",
        "Austritte in Arbeit oder Ausbildung",
        whole(0, MOST),
        ("Austritte in Arbeit",),
        beispiel=1,
        hilfe="in diesem Monat",
    ),
    Spalte("austritte_abbruch", "Abbrüche", whole(0, MOST), ("Austritte durch Abbruch", "Abbruch"), beispiel=0, hilfe="in diesem Monat"),
    Spalte(
        "austritte_sonstige", "Austritte aus anderem Grund", whole(0, MOST), ("sonstige Austritte",), beispiel=0, hilfe="in diesem Monat"
    ),
    Spalte("integrationen", "Integrationen", whole(0, MOST), beispiel=1, hilfe="in diesem Monat"),
    Spalte("kosten_cent", "Ist-Kosten", money(MOST_CENT), ("Kosten", "Kosten in Euro", "Istkosten"), hilfe="in Euro", beispiel=12500.5),
)


@dataclass
class _Lage:
    import_: Import
    traeger: Woerterbuch
    massnahmen: dict[int, tuple[str, int | None]]  # pk → title, provider
    nach_titel: dict[str, list[int]]
    namen: Woerterbuch  # titles that this file may name
    gelesen: dict[tuple[int, date], int] = field(default_factory=dict)


def check_meldungen(import_: Import, datei: Rohdatei, befund: Befund, note: Callable[[int], None]) -> Importergebnis:
    """First every line for itself, then each measure's months together with those that are stored."""
    lage = _read_lage(import_)
    rows: list[tuple[int, dict[str, Any]]] = []
    for nummer, werte in read_rows(datei, SPALTEN, befund):
        before = befund.zahl
        pk = None
        for feld, satz in _check_row(lage, nummer, werte):
            befund.add(datei.stelle(nummer, feld), satz)
        pk = werte.pop("pk", None)
        if befund.zahl == before and pk and None not in werte.values():
            counts = {name: werte[name] for name in ZAHLEN if name in werte}
            rows.append((nummer, {"massnahme": pk, "monat": werte["monat"].isoformat()} | counts))
        if not nummer % 500:
            note(nummer)
    zeilen = _compare(rows)
    for nummer, feld, satz in _check_together(zeilen):
        befund.add(datei.stelle(nummer, feld), satz)
    return Importergebnis(zeilenliste=zeilen, vorschau=_vorschau(zeilen, lage))


def _read_lage(import_: Import) -> _Lage:
    massnahmen = {pk: (titel, traeger) for pk, titel, traeger in Massnahme.objects.values_list("pk", "titel", "traeger_id")}
    namen = Woerterbuch("Die Maßnahme")
    nach_titel: dict[str, list[int]] = {}
    for pk, (titel, traeger) in massnahmen.items():
        if import_.traeger_id in {None, traeger}:  # a provider's file learns of no other one's measures
            nach_titel.setdefault(fold(titel), []).append(pk)
            namen.add(titel, pk)
    return _Lage(import_, read_traeger(), massnahmen, nach_titel, namen)


def _check_row(lage: _Lage, nummer: int, werte: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every problem of a line; puts the key of its measure into it."""
    pk, feld, satz = _find(lage, werte)
    if satz:
        yield feld, satz
    if "monat" not in werte:
        yield "monat", "Der Monat fehlt."
    if pk is None or not werte.get("monat"):
        return
    werte["pk"] = pk
    if (first := lage.gelesen.setdefault((pk, werte["monat"]), nummer)) != nummer:
        yield "monat", f"{monat(werte['monat'])} steht für diese Maßnahme schon in Zeile {first}."


def _find(lage: _Lage, werte: dict[str, Any]) -> tuple[int | None, str, str]:
    """The measure of a line, or the field and the sentence that say why there is none."""
    own = lage.import_.traeger_id
    traeger = None
    if wort := werte.get("traeger"):
        traeger, satz = lage.traeger.find(wort)
        if traeger is None and own is None:
            return None, "traeger", satz
        if own and traeger != own:
            return None, "traeger", "Diese Datei darf nur Maßnahmen eines Trägers enthalten. Hier steht ein anderer."
    if pk := werte.get("nummer"):
        return _by_number(lage, pk, werte)
    if werte.get("massnahme"):
        return _by_title(lage, werte["massnahme"], traeger)
    return None, "nummer", "" if "nummer" in werte or "massnahme" in werte else "Die Nummer oder der Titel der Maßnahme fehlt."


def _by_title(lage: _Lage, titel: str, traeger: int | None) -> tuple[int | None, str, str]:
    found = [one for one in lage.nach_titel.get(fold(titel), []) if traeger is None or lage.massnahmen[one][1] == traeger]
    if len(found) == 1:
        return found[0], "", ""
    if found:
        return None, "massnahme", f"{quote(titel)} gibt es mehrmals. Schreiben Sie die Nummer der Maßnahme dazu."
    whose = " dieses Trägers" if lage.import_.traeger_id or traeger else ""
    return None, "massnahme", f"Keine Maßnahme{whose} heißt {quote(titel)}.{lage.namen.nearest(titel)}"


def _by_number(lage: _Lage, pk: int, werte: dict[str, Any]) -> tuple[int | None, str, str]:
    if pk not in lage.massnahmen:
        return None, "nummer", f"Eine Maßnahme mit der Nummer {pk} gibt es nicht."
    titel, traeger = lage.massnahmen[pk]
    if lage.import_.traeger_id not in {None, traeger}:
        return None, "nummer", "Diese Maßnahme führt ein anderer Träger durch."
    if werte.get("massnahme") and fold(werte["massnahme"]) != fold(titel):
        return None, "massnahme", f"Die Maßnahme mit der Nummer {pk} heißt {quote(titel, 80)}. Prüfen Sie die Nummer."
    return pk, "", ""


def _compare(rows: list[tuple[int, dict[str, Any]]]) -> list[Importwerte]:
    """Beside what is stored: an empty cell keeps it, and a line that says the same changes nothing. One query."""
    stored = {
        (row.massnahme_id, row.monat.isoformat()): row
        for row in Monatsmeldung.objects.filter(massnahme__in={werte["massnahme"] for _, werte in rows})
    }
    zeilen = []
    for nummer, werte in rows:
        known = stored.get((werte["massnahme"], werte["monat"]))
        if known is None:
            zeilen.append((nummer, werte | {"aendert": True}))
            continue
        before = to_angaben(known)
        after = {name: werte.get(name, getattr(before, name)) for name in ZAHLEN}
        changed = any(after[name] != getattr(before, name) for name in ZAHLEN)
        zeilen.append((nummer, werte | after | {"aendert": changed, "version": known.version}))
    return zeilen


def _check_together(zeilen: list[Importwerte]) -> Iterator[tuple[int, str, str]]:
    staende: dict[int, Meldungsstand] = read_meldungsstaende({werte["massnahme"] for _, werte in zeilen})
    for _, werte in zeilen:
        staende[werte["massnahme"]] = staende[werte["massnahme"]].with_meldung(to_meldung(werte))
    for nummer, werte in zeilen:
        if werte["aendert"]:
            for feld, satz in check_meldung(staende[werte["massnahme"]], to_meldung(werte), neu=False):
                yield nummer, feld, satz


def _vorschau(zeilen: list[Importwerte], lage: _Lage) -> dict[str, Any]:
    neu = sum("version" not in werte for _, werte in zeilen)
    changed = sum("version" in werte and werte["aendert"] for _, werte in zeilen)
    shown = []
    for nummer, werte in zeilen[:MOST_SHOWN]:
        angaben = to_meldung(werte)
        art = "neu" if "version" not in werte else "berichtigt" if werte["aendert"] else "unverändert"
        numbers = [zahl(angaben.teilnahmetage), zahl(angaben.eintritte), zahl(angaben.austritte), euro(angaben.kosten_cent)]
        shown.append([str(nummer), lage.massnahmen[werte["massnahme"]][0], monat(angaben.monat), *numbers, art])
    measures = len({werte["massnahme"] for _, werte in zeilen})
    return {
        "zahlen": [["neu", neu], ["werden berichtigt", changed], ["unverändert", len(zeilen) - neu - changed]],
        "summe": f"Die Datei meldet Zahlen zu {zahl(measures)} {'Maßnahme' if measures == 1 else 'Maßnahmen'}.",
        "kopf": ["Zeile", "Maßnahme", "Monat", "Teilnahmetage", "Eintritte", "Austritte", "Kosten", "Was geschieht"],
        "rechts": [3, 4, 5, 6],
        "zeilen": shown,
    }
