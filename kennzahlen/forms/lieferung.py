"""What belongs to a delivery of figures, and to the decision about it."""

from pathlib import PurePosixPath
from typing import Any

from django import forms

from jobcenter.common import clock
from jobcenter.common.forms import DateiField, DatumField, KernForm
from jobcenter.common.typography import NBSP
from jobcenter.common.uploads import MB
from kennzahlen.enums import Lizenz, Quellenart
from kennzahlen.models import Quelle, Spaltenplan

MOST_CSV_MB, MOST_XLSX_MB = 250, 50
ARTEN = [(art.value, art.label) for art in Quellenart if art != Quellenart.PRESSE]  # what the press writes is quoted, not delivered
NEU = ("herausgeber", "titel", "art", "lizenz")


class LieferungForm(KernForm):
    """A file, whose figures they are, and of which day. The source is one that is known or a new one."""

    use_required_attribute = False  # of source and new source only one is

    datei = DateiField(
        label="Datei",
        kinds=("csv", "xlsx"),
        max_mb=MOST_CSV_MB,
        help_text=f"CSV bis {MOST_CSV_MB}{NBSP}MB oder Excel (.xlsx) bis {MOST_XLSX_MB}{NBSP}MB.",
        error_messages={"required": "Die Datei fehlt. Wählen Sie eine CSV- oder Excel-Datei aus."},
    )
    quelle = forms.ModelChoiceField(
        label="Quelle",
        queryset=Quelle.objects.exclude(art=Quellenart.PRESSE).order_by("herausgeber", "titel"),
        required=False,
        empty_label="Neue Quelle, unten beschrieben",
        help_text="Wer hat die Zahlen veröffentlicht?",
    )
    herausgeber = forms.CharField(
        label="Wer gibt die Zahlen heraus?",
        max_length=160,
        required=False,
        help_text="Zum Beispiel: Statistik der Bundesagentur für Arbeit",
    )
    titel = forms.CharField(
        label="Wie heißt die Veröffentlichung?", max_length=200, required=False, help_text="Zum Beispiel: Kennzahlen nach § 48a SGB II"
    )
    art = forms.ChoiceField(label="Welche Art Zahlen sind das?", choices=[("", "Bitte wählen"), *ARTEN], required=False)
    lizenz = forms.ChoiceField(label="Unter welchen Bedingungen?", choices=[("", "Bitte wählen"), *Lizenz.choices], required=False)
    stand = DatumField(
        label="Stand der Zahlen",
        help_text="Der Tag, an dem die Quelle die Zahlen veröffentlicht hat.",
        error_messages={"required": "Der Stand fehlt. Tragen Sie den Tag ein, an dem die Zahlen veröffentlicht wurden."},
    )
    spaltenplan = forms.ModelChoiceField(
        label="Spaltenplan",
        queryset=Spaltenplan.objects.all(),
        required=False,
        empty_label="Keiner: Die Spalten heißen wie in der Musterdatei",
        help_text="Nur nötig, wenn die Spalten anders heißen als in der Musterdatei.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask_for_quelle(not self.is_bound)

    def _ask_for_quelle(self, ask: bool) -> None:
        """Neither part is called optional, though each may stay empty beside the other."""
        for name in ("quelle", *NEU):
            self.fields[name].required = ask

    @property
    def has_new_quelle(self) -> bool:
        """The part for a new source stands open: there is none to choose, or somebody has begun to describe one."""
        return not self.fields["quelle"].queryset.exists() or any(self.data.get(name) or self.errors.get(name) for name in NEU)

    @property
    def dateiart(self) -> str:
        """csv or xlsx, by content."""
        return PurePosixPath(self.cleaned_data["datei"].name).suffix[1:]

    def clean_datei(self) -> Any:
        datei = self.cleaned_data["datei"]
        if datei.name.endswith(".xlsx") and datei.size > MOST_XLSX_MB * MB:
            raise forms.ValidationError(
                f"Eine Excel-Datei darf höchstens {MOST_XLSX_MB}{NBSP}MB groß sein. "
                f"Speichern Sie die Tabelle als CSV: Das geht bis {MOST_CSV_MB}{NBSP}MB."
            )
        return datei

    def clean_stand(self) -> Any:
        stand = self.cleaned_data["stand"]
        if stand > clock.today():
            raise forms.ValidationError("Der Stand liegt in der Zukunft. Tragen Sie den Tag ein, an dem die Zahlen veröffentlicht wurden.")
        return stand

    def clean(self) -> None:
        given = self.cleaned_data
        self._ask_for_quelle(True)
        if given.get("quelle") is not None or "quelle" in self.errors:
            return
        for name, sentence in _MISSING.items():
            if name not in self.errors and not given.get(name):
                self.add_error(name, sentence)
        if Quelle.objects.filter(herausgeber=given.get("herausgeber"), titel=given.get("titel")).exists():
            self.add_error("titel", "Diese Quelle gibt es schon. Wählen Sie sie oben aus.")


_MISSING = {
    "herausgeber": "Die Quelle fehlt. Wählen Sie eine aus, oder schreiben Sie, wer die Zahlen herausgibt.",
    "titel": "Der Titel der neuen Quelle fehlt. Schreiben Sie, wie die Veröffentlichung heißt.",
    "art": "Die Art der Zahlen fehlt. Wählen Sie eine aus.",
    "lizenz": "Die Bedingungen fehlen. Wählen Sie, wie die Zahlen genutzt werden dürfen.",
}


class UebernehmenForm(KernForm):
    mit_zuordnungen = forms.BooleanField(label="Länder und Vergleichstypen aus der Datei übernehmen", required=False)


class ZurueckziehenForm(KernForm):
    grund = forms.CharField(
        label="Warum ziehen Sie die Zahlen zurück?",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Der Grund bleibt bei der Lieferung stehen. Beispiel: Die Quelle hat die Zahlen für Juli widerrufen.",
        error_messages={"required": "Der Grund fehlt. Schreiben Sie, warum die Zahlen nicht mehr gelten."},
    )
