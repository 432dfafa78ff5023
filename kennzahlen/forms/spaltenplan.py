"""Which column of a file is which, in words that need no manual."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from jobcenter.common.forms import KernForm, ZahlField
from kennzahlen.enums import Geschlecht
from kennzahlen.models import Spaltenplan

ALLE_BLAETTER = "*"
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Spaltenwort:
    """What a column of a delivery holds."""

    wort: str
    hilfe: str
    beispiel: str
    pflicht: bool = False
    fest: bool = False  # may be the same for every line


SPALTEN = {
    "traegernummer": Spaltenwort("Trägernummer", "Die fünf Ziffern des Jobcenters.", "99001", pflicht=True, fest=True),
    "bundesland": Spaltenwort("Land", "In welchem Land das Jobcenter liegt.", "Musterland", fest=True),
    "vergleichstyp": Spaltenwort("Vergleichstyp", "Der SGB-II-Vergleichstyp des Jobcenters.", "IIIb", fest=True),
    "berichtsmonat": Spaltenwort("Monat", "Jahr und Monat, zu dem der Wert gehört.", "2026-07", pflicht=True, fest=True),
    "kennzahl": Spaltenwort("Kennzahl", "Das Kürzel: K1 bis K3E4 oder das einer eigenen Kennzahl.", "K2", pflicht=True, fest=True),
    "geschlecht": Spaltenwort("Geschlecht", "I für insgesamt, M für Männer, F für Frauen. Fehlt die Spalte, gilt I.", "I", fest=True),
    "zaehler": Spaltenwort("Zähler", "Was gezählt wird, ohne Tausenderpunkt.", "2601", pflicht=True),
    "nenner": Spaltenwort("Nenner", "Wodurch geteilt wird. Leer bei Kennzahlen, die eine Anzahl sind.", "9824,58", pflicht=True),
    "wert": Spaltenwort("Wert", "Die fertige Quote. Sie wird nur mit Zähler und Nenner verglichen.", "26,5"),
    "kennzeichen": Spaltenwort("Kennzeichen", "Warum ein Wert fehlt: * oder . für geheim, x für nicht sinnvoll.", "*"),
}


@dataclass(frozen=True)
class Zeile:
    """One column as the form shows it: its words and its one or two fields."""

    spalte: Spaltenwort
    kopf: forms.BoundField
    fest: forms.BoundField | None


class SpaltenplanForm(KernForm):
    """Per column the header in the file, or one value for all lines. `version` is the one that the person saw."""

    name = forms.CharField(label="Name", max_length=80, help_text="Woran erkennen Sie ihn wieder? Zum Beispiel: Kennzahlentool, Blatt K2")
    blatt = forms.CharField(
        label="Tabellenblatt",
        max_length=80,
        required=False,
        help_text="Nur bei Excel. Leer: das erste Blatt. Ein Stern (*): alle Blätter, deren Name Kennzahl und Geschlecht sagt, "
        "zum Beispiel K2, K2_M.",
    )
    kopfzeile = ZahlField(
        label="In welcher Zeile stehen die Spaltennamen?",
        initial=1,
        min_value=1,
        max_value=50,
        error_messages={"required": "Die Zeile fehlt. Meist ist es die 1."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, spaltenplan: Spaltenplan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for feld, wort in SPALTEN.items():
            self.fields[f"spalte_{feld}"] = forms.CharField(label=f"{wort.wort}: Spalte in der Datei", max_length=120, required=False)
            if wort.fest:
                self.fields[f"fest_{feld}"] = forms.CharField(label=f"{wort.wort}: Wert für alle Zeilen", max_length=60, required=False)
        if spaltenplan is None:
            del self.fields["version"]  # a new plan has none yet

    @property
    def zeilen(self) -> Iterator[Zeile]:
        for feld, wort in SPALTEN.items():
            yield Zeile(wort, self[f"spalte_{feld}"], self[f"fest_{feld}"] if wort.fest else None)

    @property
    def spalten(self) -> dict[str, str]:
        return self._given("spalte")

    @property
    def fest(self) -> dict[str, str]:
        return self._given("fest")

    def _given(self, part: str) -> dict[str, str]:
        return {feld: value for feld in SPALTEN if (value := self.cleaned_data.get(f"{part}_{feld}", "").strip())}

    def clean(self) -> None:
        spalten, fest = self.spalten, self.fest
        by_sheet = {"kennzahl", "geschlecht"} if self.cleaned_data.get("blatt") == ALLE_BLAETTER else set()
        for feld, wort in SPALTEN.items():
            if feld in spalten and feld in fest:
                self.add_error(f"fest_{feld}", f"{wort.wort}: Nennen Sie die Spalte oder einen Wert für alle Zeilen, nicht beides.")
            elif wort.pflicht and feld not in {*spalten, *fest, *by_sheet}:
                more = " oder einen Wert für alle Zeilen" if wort.fest else ""
                self.add_error(f"spalte_{feld}", f"{wort.wort}: Nennen Sie die Spalte{more}.")
        self._check_twice(spalten)
        if (sex := fest.get("geschlecht")) and sex not in Geschlecht.values:
            self.add_error("fest_geschlecht", "Geschlecht: Möglich sind I (insgesamt), M und F.")
        if (month := fest.get("berichtsmonat")) and not _MONTH.fullmatch(month):
            self.add_error("fest_berichtsmonat", "Monat: Schreiben Sie Jahr und Monat, zum Beispiel 2026-07.")

    def _check_twice(self, spalten: dict[str, str]) -> None:
        seen: dict[str, str] = {}
        for feld, text in spalten.items():
            plain = " ".join(text.split()).casefold()
            if plain in seen:
                self.add_error(
                    f"spalte_{feld}", f"{SPALTEN[feld].wort}: Die Spalte „{text}“ ist schon für {SPALTEN[seen[plain]].wort} genannt."
                )
            seen.setdefault(plain, feld)


def stored_spaltenplan(plan: Spaltenplan) -> dict[str, Any]:
    """A plan as the form shows it."""
    fields: dict[str, Any] = {"name": plan.name, "blatt": plan.blatt, "kopfzeile": plan.kopfzeile, "version": plan.version}
    for feld, wort in SPALTEN.items():
        fields[f"spalte_{feld}"] = plan.spalten.get(feld, "")
        if wort.fest:
            fields[f"fest_{feld}"] = plan.fest.get(feld, "")
    return fields
