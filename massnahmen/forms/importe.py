"""A file to import, what it belongs to, and why an import is taken back."""

from pathlib import PurePosixPath
from typing import Any

from django import forms

from jobcenter.common.forms import DateiField, KernForm
from jobcenter.common.typography import NBSP
from massnahmen.enums import BEARBEITBAR, Importart
from massnahmen.models import Arbeitsmarktprogramm, Budget, Traeger

MOST_MB = 20


class ImportForm(KernForm):
    """A file of one kind. Measures go into a draft, a budget belongs to a year, reports may be of one provider alone."""

    datei = DateiField(
        label="Datei",
        kinds=("csv", "xlsx"),
        max_mb=MOST_MB,
        help_text=f"CSV oder Excel (.xlsx), höchstens {MOST_MB}{NBSP}MB und 20.000 Zeilen.",
        error_messages={"required": "Die Datei fehlt. Wählen Sie eine CSV- oder Excel-Datei aus."},
    )
    programm = forms.ModelChoiceField(
        label="Programm",
        queryset=Arbeitsmarktprogramm.objects.filter(status__in=BEARBEITBAR),
        empty_label="Bitte wählen",
        help_text="Zur Wahl stehen Programme, die gerade geschrieben werden.",
        error_messages={
            "required": "Das Programm fehlt. Wählen Sie, in welches die Maßnahmen kommen.",
            "invalid_choice": "Dieses Programm wird nicht mehr geschrieben. Wählen Sie ein anderes.",
        },
    )
    budget = forms.ModelChoiceField(
        label="Budget",
        queryset=Budget.objects.all(),
        empty_label="Bitte wählen",
        error_messages={"required": "Das Budget fehlt. Wählen Sie, zu welchem Jahr die Datei gehört."},
    )
    traeger = forms.ModelChoiceField(
        label="Nur Maßnahmen dieses Trägers",
        queryset=Traeger.objects.all(),
        required=False,
        empty_label="Alle Träger",
        help_text="Kommt die Datei von einem Träger? Dann prüft das Portal, dass keine fremde Maßnahme darin steht.",
    )

    def __init__(self, *args: Any, art: Importart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = {Importart.MASSNAHMEN: "programm", Importart.BUDGET: "budget", Importart.MELDUNGEN: "traeger"}[art]
        for name in {"programm", "budget", "traeger"} - {needed}:
            del self.fields[name]

    @property
    def ziel(self) -> dict[str, Any]:
        """What the file belongs to, as submit_import wants it."""
        given = self.cleaned_data
        budget = given.get("budget")
        return {"programm": given.get("programm"), "jahr": budget.jahr if budget else None, "traeger": given.get("traeger")}

    @property
    def dateiart(self) -> str:
        """csv or xlsx, by content."""
        return PurePosixPath(self.cleaned_data["datei"].name).suffix[1:]


class ImportZuruecknehmenForm(KernForm):
    grund = forms.CharField(
        label="Warum nehmen Sie den Import zurück?",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Der Grund bleibt beim Import stehen. Beispiel: Es war die Datei vom Vorjahr.",
        error_messages={"required": "Der Grund fehlt. Schreiben Sie, warum der Import zurückgenommen wird."},
    )
