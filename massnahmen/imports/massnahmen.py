"""A file of measures for the draft of a programme: every cell understood, every row checked as the form checks it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jobcenter.common.tabellendateien import Fehler, TabellenFehler, fold, quote
from jobcenter.common.typography import NBSP, datum, datum_kurz, euro
from massnahmen.actions.importe import Importergebnis, Importwerte, massnahme_key
from massnahmen.enums import Finanzquelle, Vergabestand
from massnahmen.imports.lesen import Rohdatei, read_rows
from massnahmen.imports.spalten import Befund, Spalte
from massnahmen.imports.stammworte import Stammworte, read_stammworte
from massnahmen.imports.zellen import SUMMEN, choice, day, money, text, whole, yes_or_no
from massnahmen.models import Arbeitsmarktprogramm, Import, Massnahme, Vergabe, Vertrag

MOST_MONEY = 1_000_000_000_00
MOST_FORTGEFUEHRT = 2_000
MOST_SHOWN = 10
KOSTEN = {  # short word of a source for the header
    Finanzquelle.EGT: ("EGT", "Eingliederungstitel"),
    Finanzquelle.VWK: ("VWK", "Verwaltungskosten"),
    Finanzquelle.PAT: ("PAT", "Passiv-Aktiv-Transfer"),
    Finanzquelle.ESF: ("ESF", "ESF Plus", "Europäischer Sozialfonds Plus"),
    Finanzquelle.LAND: ("Land", "Landesmittel"),
    Finanzquelle.KOMMUNE: ("Kommune", "Landkreis", "kommunal"),
}


def _kosten(quelle: Finanzquelle) -> Spalte:
    short, *others = KOSTEN[quelle]
    auch = [short, *others, *(f"Kosten {word}" for word in others), *(f"Kosten {word} in Euro" for word in (short, *others)), quelle.label]
    return Spalte(
        f"kosten_{quelle}",
        f"Kosten {short}",
        money(MOST_MONEY),
        auch,
        hilfe=f"{quelle.label}, in Euro, für dieses Programmjahr",
        beispiel={Finanzquelle.EGT: 420000, Finanzquelle.KOMMUNE: 15000.5}.get(quelle),
    )


VERGABEWORTE = {stand.label: stand.value for stand in Vergabestand} | {stand.value: stand.value for stand in Vergabestand}
SPALTEN = (
    Spalte(
        "titel",
        "Titel",
        text(160),
        ("Name der Maßnahme", "Maßnahme", "Bezeichnung"),
        pflicht=True,
        hilfe="höchstens 160 Zeichen",
        beispiel="Neuer Start im Betrieb",
    ),
    Spalte(
        "beschreibung",
        "Beschreibung",
        text(10_000, lines=True),
        ("Inhalt", "Was geschieht in der Maßnahme?"),
        hilfe="für Menschen, die Hilfe suchen",
        beispiel="Ein Coach begleitet Sie in den Betrieb.",
    ),
    Spalte(
        "instrument",
        "Instrument",
        text(160),
        ("Rechtsgrundlage", "Paragraph", "Instrument (Kürzel)"),
        hilfe="Kürzel, Name, Name im Haus oder Paragraph",
        beispiel="16i",
    ),
    Spalte("zielgruppen", "Zielgruppen", text(500), ("Zielgruppe",), hilfe="mehrere mit Komma oder Semikolon", beispiel="langzeit; u25"),
    Spalte("handlungsfeld", "Handlungsfeld", text(80), hilfe="Kürzel oder Name", beispiel="langzeit"),
    Spalte("traeger", "Träger", text(160), ("Bildungsträger", "Anbieter"), hilfe="Name; erst nach dem Zuschlag"),
    Spalte(
        "vergabestand",
        "Vergabe",
        choice(VERGABEWORTE),
        ("Vergabestand", "Stand der Vergabe"),
        hilfe=", ".join(Vergabestand.labels),
        beispiel="ohne Vergabe",
    ),
    Spalte(
        "beginn", "Beginn", day, ("Start", "Laufzeit von", "Laufzeit Beginn", "von"), hilfe="31.12.2026 oder 2026-12-31", beispiel="beginn"
    ),
    Spalte("ende", "Ende", day, ("Laufzeit bis", "Laufzeit Ende", "bis"), hilfe="31.12.2026 oder 2026-12-31", beispiel="ende"),
    Spalte("plaetze", "Plätze", whole(0, 10_000), ("Platzzahl", "Teilnehmerplätze"), hilfe="Plätze im Programmjahr", beispiel=12),
    Spalte(
        "geplante_eintritte",
        "Geplante Eintritte",
        whole(0, 50_000),
        ("Eintritte", "Eintritte geplant"),
        hilfe="im Programmjahr",
        beispiel=20,
    ),
    *(_kosten(quelle) for quelle in Finanzquelle),
    Spalte(
        "verpflichtung_cent",
        "Verpflichtung Folgejahre",
        money(MOST_MONEY),
        ("Verpflichtung für die Folgejahre", "Verpflichtungen"),
        hilfe="in Euro",
    ),
    Spalte(
        "erfolgskriterium",
        "Erfolg",
        text(1_000, lines=True),
        ("Erfolgskriterium", "Woran erkennen wir den Erfolg?"),
        hilfe="am besten mit einer Zahl",
    ),
    Spalte(
        "eingliederung_prozent",
        "Eingliederungsquote in Prozent",
        whole(0, 100),
        ("Geplante Eingliederungsquote", "Geplante Eingliederungsquote in Prozent", "Eingliederungsquote"),
        hilfe="geplant, ohne Komma",
        beispiel=40,
    ),
    Spalte("dauer_wochen", "Dauer in Wochen", whole(1, 520), ("Dauer je Person in Wochen", "Wochen"), hilfe="je Person"),
    Spalte("wochenstunden", "Wochenstunden", whole(1, 48), ("Stunden in der Woche", "Stunden je Woche"), hilfe="je Person"),
    Spalte(
        "jederzeit",
        "Einstieg jederzeit",
        yes_or_no,
        ("Der Einstieg ist jederzeit möglich", "laufender Einstieg"),
        hilfe="ja oder nein",
        beispiel="ja",
    ),
    Spalte("naechster_start", "Nächster Start", day, ("nächster Beginn",), hilfe="Tag in der Laufzeit"),
    Spalte("ort", "Ort", text(120), hilfe="so, wie man dort hinfindet"),
    Spalte("zugang", "Zugang", text(2_000, lines=True), ("Wie kommt man hinein?",), hilfe="was jemand als Erstes tut"),
    Spalte("ansprechstelle", "Ansprechstelle", text(160), ("Wen kann man fragen?", "Ansprechpartner"), hilfe="Team oder Stelle"),
    Spalte("telefon", "Telefon", text(40), hilfe="zum Beispiel 09999 100-0"),
    Spalte("bemerkung", "Bemerkung", text(500), ("Bemerkungen",), hilfe="steht im Programm bei der Maßnahme"),
)


_TERMIN = ("beginn", "ende", "naechster_start", "jederzeit", "instrument")


@dataclass
class _Lage:
    """What the draft and the other years know already."""

    programm: Arbeitsmarktprogramm
    worte: Stammworte
    im_programm: set[tuple[str, str]]
    anderswo: dict[tuple[str, str], list[tuple[int, int]]]  # key → (pk, version)
    gebunden: set[int]  # measures whose award is conducted here
    bekannt: dict[int, tuple[str, int | None]]  # pk → Vergabe, Träger
    termine: dict[int, dict[str, Any]]  # pk → what is stored of its term
    gelesen: dict[str, tuple[Any, str]] = field(default_factory=dict)
    zeilen: dict[tuple[str, str], int] = field(default_factory=dict)


def check_massnahmen(import_: Import, datei: Rohdatei, befund: Befund, note: Callable[[int], None]) -> Importergebnis:
    """Every row understood and checked; the preview says what is new and what goes on from other years."""
    if import_.programm is None:
        raise TabellenFehler(Fehler("Datei", "Den Entwurf, in den die Maßnahmen sollten, gibt es nicht mehr. Verwerfen Sie den Import."))
    lage = _read_lage(import_.programm)
    zeilen: list[Importwerte] = []
    for nummer, werte in read_rows(datei, SPALTEN, befund):
        before = befund.zahl
        for feld, satz in _check_row(lage, nummer, werte):
            befund.add(datei.stelle(nummer, feld), satz)
        if befund.zahl == before:
            if "fortfuehren" in werte:
                befund.hint(
                    datei.stelle(nummer, "titel"),
                    f"{quote(werte['titel'])} gibt es schon und wird fortgeführt. Leere Zellen ändern nichts.",
                )
            zeilen.append((nummer, _as_json(werte)))
        if not nummer % 500:
            note(nummer)
    fortgefuehrt = sum("fortfuehren" in werte for _, werte in zeilen)
    if fortgefuehrt > MOST_FORTGEFUEHRT:
        befund.add(
            "Datei", f"Die Datei führt {fortgefuehrt} Maßnahmen fort. Möglich sind {MOST_FORTGEFUEHRT} auf einmal. Teilen Sie sie auf."
        )
    return Importergebnis(zeilenliste=zeilen, vorschau=_vorschau(zeilen, fortgefuehrt, lage.worte))


def _read_lage(programm: Arbeitsmarktprogramm) -> _Lage:
    """Eight queries."""
    im_programm = {massnahme_key(*row) for row in programm.positionen.values_list("massnahme__titel", "massnahme__beginn")}
    anderswo: dict[tuple[str, str], list[tuple[int, int]]] = {}
    bekannt: dict[int, tuple[str, int | None]] = {}
    termine: dict[int, dict[str, Any]] = {}
    others = Massnahme.objects.filter(archiviert_am=None).exclude(positionen__programm=programm)
    for row in others.values("pk", "version", "titel", "vergabestand", "traeger_id", *_TERMIN):
        anderswo.setdefault(massnahme_key(row["titel"], row["beginn"]), []).append((row["pk"], row["version"]))
        bekannt[row["pk"]] = (row["vergabestand"], row["traeger_id"])
        termine[row["pk"]] = {name: row[name] for name in _TERMIN}
    gebunden = {*Vergabe.objects.values_list("massnahme_id", flat=True), *Vertrag.objects.values_list("massnahme_id", flat=True)}
    return _Lage(programm, read_stammworte(), im_programm, anderswo, gebunden, bekannt, termine)


def _check_row(lage: _Lage, nummer: int, werte: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every problem of a row as (field, sentence). Turns the words of master data into their keys."""
    titel = werte.get("titel")
    if not titel:
        if "titel" not in werte:
            yield "titel", "Der Titel fehlt."
        return
    if fold(titel) in SUMMEN:
        yield "titel", "Das sieht nach einer Summenzeile aus. Löschen Sie sie."
        return
    for feld, book in (
        ("instrument", lage.worte.instrumente),
        ("handlungsfeld", lage.worte.handlungsfelder),
        ("traeger", lage.worte.traeger),
    ):
        if wort := werte.get(feld):
            werte[feld], satz = _look_up(lage, feld, wort, book.find)
            if satz:
                yield feld, satz + (" Sonst legen Sie ihn zuerst an." if feld == "traeger" and "kennt" in satz else "")
    if worte := werte.get("zielgruppen"):
        werte["zielgruppen"], sentences = _look_up(lage, "zielgruppen", worte, lambda one: _split(one, lage.worte))
        for satz in sentences:
            yield "zielgruppen", satz
    yield from _check_term(lage, werte)
    yield from _check_known(lage, nummer, werte)


def _look_up(lage: _Lage, feld: str, wort: str, find: Callable[[str], tuple[Any, Any]]) -> tuple[Any, Any]:
    """The same word stands in thousands of rows."""
    key = f"{feld}\0{wort}"
    if key not in lage.gelesen:
        lage.gelesen[key] = find(wort)
    return lage.gelesen[key]


def _split(worte: str, stamm: Stammworte) -> tuple[list[int], list[str]]:
    """Names may hold a comma themselves, so the whole is tried first, then at semicolons, then at commas."""
    pks: list[int] = []
    sentences = []
    for part in (one.strip() for one in worte.split(";")):
        if not part:
            continue
        whole_pk, _ = stamm.zielgruppen.find(part)
        for word in [part] if whole_pk else [one.strip() for one in part.split(",") if one.strip()]:
            pk, satz = stamm.zielgruppen.find(word)
            if pk is None:
                sentences.append(satz)
            elif pk not in pks:
                pks.append(pk)
    return pks, sentences


def _check_term(lage: _Lage, werte: dict[str, Any]) -> Iterator[tuple[str, str]]:
    beginn, ende, start = werte.get("beginn"), werte.get("ende"), werte.get("naechster_start")
    jahr = lage.programm.jahr
    if beginn and ende and ende < beginn:
        yield "ende", f"Das Ende liegt vor dem Beginn ({datum(beginn)})."
    elif ende and ende.year < jahr:
        yield "ende", f"Die Maßnahme läuft nicht im Jahr {jahr}."
    elif beginn and beginn.year > jahr:
        yield "beginn", f"Die Maßnahme läuft nicht im Jahr {jahr}."
    elif (pk := werte.get("instrument")) and not lage.worte.instrument_nach_pk[pk].is_valid_for(beginn, ende):
        row = lage.worte.instrument_nach_pk[pk]
        von = f" ab dem {datum(row.gueltig_von)}" if row.gueltig_von else ""
        bis = f" bis zum {datum(row.gueltig_bis)}" if row.gueltig_bis else ""
        yield "instrument", f"{quote(row.name)} gilt nur{von}{bis}."
    if start and ((beginn and start < beginn) or (ende and start > ende)):
        yield "naechster_start", "Der nächste Start liegt nicht in der Laufzeit."
    elif start and werte.get("jederzeit"):
        yield "naechster_start", "Entweder ist der Einstieg jederzeit möglich, oder es gibt einen nächsten Start. Beides geht nicht."


def _check_known(lage: _Lage, nummer: int, werte: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Twice in the file, in the programme already, or known from another year."""
    if "beginn" in werte and werte["beginn"] is None:
        return  # a day that could not be read
    key = massnahme_key(werte["titel"], werte.get("beginn"))
    if (first := lage.zeilen.setdefault(key, nummer)) != nummer:
        yield "titel", f"{quote(werte['titel'])} mit demselben Beginn steht schon in Zeile {first}."
    if key in lage.im_programm:
        yield "titel", f"{quote(werte['titel'])} steht schon im Programm {lage.programm.jahr}. Ändern Sie die Maßnahme dort."
    known = lage.anderswo.get(key, [])
    if len(known) > 1:
        yield "titel", f"{quote(werte['titel'])} gibt es mit diesem Beginn mehrmals. Nehmen Sie die richtige selbst ins Programm auf."
    elif known:
        pk, version = known[0]
        werte["fortfuehren"] = {"pk": pk, "version": version}
        if not any(_check_term(lage, werte)):  # empty cells leave what is stored: both together have to fit
            yield from _check_term(lage, lage.termine[pk] | {name: werte[name] for name in _TERMIN if werte.get(name) is not None})
    stand, traeger = werte.get("vergabestand"), werte.get("traeger")
    if known and len(known) == 1:
        before = lage.bekannt[known[0][0]]
        changed = (stand or before[0], traeger or before[1]) != before
        stand = stand or before[0]
        if changed and known[0][0] in lage.gebunden:
            yield (
                "traeger" if traeger else "vergabestand",
                "Vergabe und Träger folgen aus der Umsetzung dieser Maßnahme. Ändern Sie sie dort.",
            )
    if traeger and (stand or Vergabestand.OFFEN) in {Vergabestand.OFFEN, Vergabestand.LAEUFT}:
        yield (
            "traeger",
            "Die Vergabe ist noch nicht entschieden. Nennen Sie den Träger erst, wenn in der Spalte Vergabe „vergeben“ steht.",
        )


def _as_json(werte: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a row until it is taken over; empty cells are left out."""
    kosten = {quelle.value: cent for quelle in Finanzquelle if (cent := werte.pop(f"kosten_{quelle}", None))}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in werte.items()} | {"kosten": kosten}


def _vorschau(zeilen: list[Importwerte], fortgefuehrt: int, worte: Stammworte) -> dict[str, Any]:
    total = sum(cent for _, werte in zeilen for cent in werte["kosten"].values())
    shown = []
    for nummer, werte in zeilen[:MOST_SHOWN]:
        instrument = worte.instrument_nach_pk.get(werte.get("instrument") or 0)
        days = [datum_kurz(date.fromisoformat(werte[name])) if werte.get(name) else "offen" for name in ("beginn", "ende")]
        kosten = sum(werte["kosten"].values())
        art = "wird fortgeführt" if "fortfuehren" in werte else "neu"
        shown.append(
            [
                str(nummer),
                werte["titel"],
                instrument.paragraph.replace(" ", NBSP)
                if instrument and len(instrument.paragraph) < 20
                else str(instrument.kurz)
                if instrument
                else "",
                "–".join(days),
                str(werte.get("plaetze", "")),
                euro(kosten) if kosten else "",
                art,
            ]
        )
    return {
        "zahlen": [["neu", len(zeilen) - fortgefuehrt], ["werden fortgeführt", fortgefuehrt]],
        "summe": f"Zusammen kosten sie im Programmjahr {euro(total)}.",
        "kopf": ["Zeile", "Maßnahme", "Instrument", "Laufzeit", "Plätze", "Kosten", "Was geschieht"],
        "rechts": [4, 5],
        "zeilen": shown,
    }
