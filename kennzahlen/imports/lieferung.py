"""The work between the upload of a delivery and a person's decision: read, load beside the published values, check, compare."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from jobcenter.common import clock
from jobcenter.common.tabellendateien import Fehler, TabellenFehler, local_file
from kennzahlen.actions import Pruefergebnis
from kennzahlen.enums import Einheit
from kennzahlen.imports.block import Block
from kennzahlen.imports.pruefung import Befund, Kennzahlplan, Stammdaten, StructureError, read_bloecke
from kennzahlen.imports.spalten import STANDARD, Spaltenplan
from kennzahlen.imports.tabellen import explain, open_tabelle
from kennzahlen.models import Datenlieferung, Jobcenter, Kennzahl
from kennzahlen.queries.datenstand import earlier_datenstaende
from kennzahlen.queries.lieferung import new_zuordnungen

ANTEIL = {"K2E3", "K3E2"}  # the Zähler counts some of those that the Nenner counts


class Progress(Protocol):
    """How the work says how far it is: common.jobs.Attempt."""

    def note(self, fortschritt: int, schritt: str) -> None: ...
    def mention(self, fortschritt: int, schritt: str) -> None: ...


def check_lieferung(lieferung: Datenlieferung, nummer: int, progress: Progress) -> Pruefergebnis:
    """Read and check a delivery as a whole; its values stay beside the published ones under the reserved Datenstand `nummer`.

    Called again after a worker has died, it begins anew. With a fault no value is kept.
    """
    block = Block(lieferung, nummer)
    with block.patience(), local_file(lieferung.datei, "lieferung-") as path:
        return _check(lieferung, block, _load(lieferung, path, block, progress), progress)


def _check(lieferung: Datenlieferung, block: Block, befund: Befund, progress: Progress) -> Pruefergebnis:
    fehler = list(befund.fehler)
    if not befund.zahl and lieferung.quelle.ist_eigene:
        progress.note(50, "Kleine Zahlen werden geheim gehalten")
        fehler = block.hide_small()
    if not befund.zahl and not fehler:
        progress.note(55, "Schlüssel werden geprüft")
        fehler = block.duplicates() if not block.add_key() else []
    if not befund.zahl and not fehler:
        progress.note(75, "Summen werden geprüft")
        fehler = block.wrong_totals()
    if fehler:
        block.drop()
        shown = [asdict(one) for one in fehler]
        return Pruefergebnis(fehler=shown, fehlerzahl=max(befund.zahl, len(fehler)), zeilen=befund.zeilen)
    hinweise = [asdict(one) for one in [*befund.hinweise, *block.jumps()]]
    progress.note(85, "Änderungen werden gezählt")
    vergleich = block.compare(earlier_datenstaende(lieferung))
    monat_von, monat_bis = block.months
    vorschau = asdict(vergleich) | {"zuordnungen": new_zuordnungen(befund.zuordnungen, bis=monat_bis)}
    return Pruefergebnis(zeilen=befund.zeilen, monat_von=monat_von, monat_bis=monat_bis, hinweise=hinweise, vorschau=vorschau)


def _load(lieferung: Datenlieferung, path: Path, block: Block, progress: Progress) -> Befund:
    plan, befund = read_plan(lieferung), Befund()
    try:
        tabelle = open_tabelle(path, lieferung.dateiart, plan)
        stamm = read_stammdaten()
        block.create()

        def watched() -> Iterator[bytes]:
            for part in read_bloecke(tabelle, stamm, befund):
                yield part
                progress.mention(5 + 45 * tabelle.gelesen // max(tabelle.groesse, 1), f"{befund.zeilen:,} Zeilen gelesen".replace(",", "."))

        block.load(watched())
        if not befund.zeilen:
            befund.add("Datei", "Unter den Spaltennamen steht keine Zeile mit Werten.")
    except TabellenFehler as error:
        for one in error.fehler:
            befund.add(one.stelle, one.satz)
    except StructureError as error:
        for one in explain(path, lieferung.dateiart, plan) or (Fehler("Datei", f"Die Datei ist nicht lesbar: {error}"),):
            befund.add(one.stelle, one.satz)
    return befund


def read_plan(lieferung: Datenlieferung) -> Spaltenplan:
    plan = lieferung.spaltenplan
    return Spaltenplan(blatt=plan.blatt, kopfzeile=plan.kopfzeile, spalten=plan.spalten, fest=plan.fest) if plan else STANDARD


def read_stammdaten() -> Stammdaten:
    return Stammdaten(
        jobcenter=dict(Jobcenter.objects.values_list("traegernummer", "pk")),
        kennzahlen={kennzahl.code: _plan(kennzahl) for kennzahl in Kennzahl.objects.all()},
        heute=clock.today(),
    )


def _plan(kennzahl: Kennzahl) -> Kennzahlplan:
    return Kennzahlplan(
        id=kennzahl.pk,
        faktor_zaehler=100 if kennzahl.ist_geld else 1,
        faktor_nenner=100 if kennzahl.ist_geld else kennzahl.nenner_teiler,
        mit_nenner=kennzahl.ist_quote,
        anteil=kennzahl.code in ANTEIL,
        veraenderung=kennzahl.einheit == Einheit.VERAENDERUNG,
        ist_k2=kennzahl.code == "K2",
    )
