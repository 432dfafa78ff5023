"""The work between the upload of a file and a person's decision: read it, check it, say what it would do."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from jobcenter.common.mengen import many_objects
from jobcenter.common.tabellendateien import TabellenFehler, local_file
from massnahmen.actions.importe import Importergebnis
from massnahmen.enums import Importart
from massnahmen.imports import budget, massnahmen, meldungen
from massnahmen.imports.lesen import Rohdatei, open_rohdatei
from massnahmen.imports.spalten import Befund, Spalte
from massnahmen.models import Import

Pruefung = Callable[[Import, Rohdatei, Befund, Callable[[int], None]], Importergebnis]
ARTEN: dict[str, tuple[Sequence[Spalte], Pruefung]] = {
    Importart.MASSNAHMEN: (massnahmen.SPALTEN, massnahmen.check_massnahmen),
    Importart.BUDGET: (budget.SPALTEN, budget.check_budget),
    Importart.MELDUNGEN: (meldungen.SPALTEN, meldungen.check_meldungen),
}


class Progress(Protocol):
    """How the work says how far it is: common.jobs.Attempt."""

    def note(self, fortschritt: int, schritt: str) -> None: ...
    def mention(self, fortschritt: int, schritt: str) -> None: ...


def check_import(import_: Import, progress: Progress) -> Importergebnis:
    """Read and check a file as a whole. Nothing is written; called again after a worker has died, it begins anew."""
    befund = Befund()
    spalten, check = ARTEN[import_.art]

    def note(nummer: int) -> None:
        progress.mention(min(5 + nummer // 250, 90), f"{nummer:,} Zeilen geprüft".replace(",", "."))

    ergebnis = Importergebnis()
    with local_file(import_.datei, "import-") as path, many_objects():
        try:
            progress.note(2, "Datei wird geöffnet")
            with open_rohdatei(path, import_.dateiart, spalten) as datei:
                befund.hinweise += datei.hinweise
                ergebnis = check(import_, datei, befund, note)
        except TabellenFehler as error:
            for one in error.fehler:
                befund.add(one.stelle, one.satz)
    fehler, hinweise = befund.as_lists()
    return replace(ergebnis, fehler=fehler, fehlerzahl=befund.zahl, hinweise=hinweise)
