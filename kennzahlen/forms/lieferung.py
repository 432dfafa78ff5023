"""What belongs to a delivery of figures, and to the decision about it."""

from pathlib import PurePosixPath
from typing import Any

from django import forms

from jobcenter.common.forms import DateiField, DatumField, KernForm
from jobcenter.common.typography import NBSP
from jobcenter.common.uploads import MB
from kennzahlen.enums import Quellenart
from kennzahlen.forms.quelle import QuelleForm
from kennzahlen.models import Quelle, Spaltenplan

MOST_CSV_MB, MOST_XLSX_MB = 250, 50
ARTEN = [(art.value, art.label) for art in Quellenart if art != Quellenart.PRESSE]  # what the press writes is quoted, not delivered


class LieferungForm(QuelleForm):
    """A file, whose figures they are, and of which day. The source is one that is known or a new one."""

    url = None
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
    art = forms.ChoiceField(label="Welche Art Zahlen sind das?", choices=[("", "Bitte wählen"), *ARTEN], required=False)
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
