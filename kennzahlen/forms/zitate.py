"""Which value a figure of a text quotes: one that the portal found, or one chosen by hand."""

from typing import Any

from django import forms

from jobcenter.common.forms import KernForm, MonatField
from jobcenter.common.typography import monat
from kennzahlen.enums import Genauigkeit, Geschlecht, Wiedergabe
from kennzahlen.models import Kennzahl, Messwert
from kennzahlen.queries.zitate import Textzahl, find_kandidat, find_messwert

HAND = "hand"
GENAUIGKEITEN = [
    (Genauigkeit.GENAU, "genau"),
    (Genauigkeit.RUND, "rund, etwa"),
    (Genauigkeit.KNAPP, "knapp, fast"),
    (Genauigkeit.UEBER, "über, mehr als"),
]


class ZitatForm(KernForm):
    use_required_attribute = False  # by hand is only one way

    text = forms.CharField(widget=forms.HiddenInput, max_length=80)
    kandidat = forms.ChoiceField(
        label="Welcher Wert ist gemeint?", widget=forms.RadioSelect, error_messages={"required": "Wählen Sie einen Wert aus."}
    )
    kennzahl = forms.ModelChoiceField(
        label="Kennzahl", queryset=Kennzahl.objects.order_by("art", "code"), required=False, empty_label="Bitte wählen"
    )
    monat = MonatField(label="Monat, mit dem der Zeitraum endet", required=False)
    geschlecht = forms.ChoiceField(label="Für wen?", choices=Geschlecht.choices, required=False)
    wiedergabe = forms.ChoiceField(label="Was wird zitiert?", choices=Wiedergabe.choices, required=False)
    genauigkeit = forms.ChoiceField(label="Wie genau nennt der Text die Zahl?", choices=GENAUIGKEITEN)

    VON_HAND = ("kennzahl", "monat", "geschlecht", "wiedergabe")

    def __init__(self, *args: Any, zahl: Textzahl, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kandidat"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            *((one.schluessel, one.satz) for one in zahl.kandidaten),
            (HAND, "Anderen Wert von Hand wählen"),
        ]
        self.hat_kandidaten = bool(zahl.kandidaten)
        if not self.hat_kandidaten:
            self.fields["kandidat"].widget = forms.HiddenInput()
        self.messwert: Messwert | None = None
        self.gelesen = Wiedergabe.WERT

    @property
    def ist_von_hand(self) -> bool:
        return not self.hat_kandidaten or self["kandidat"].value() == HAND

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        choice = given.get("kandidat")
        if choice == HAND:
            self._clean_by_hand(given)
        elif choice:
            found = find_kandidat(choice)
            if found is None:
                self.add_error("kandidat", "Diesen Wert gibt es nicht mehr. Wählen Sie einen anderen.")
            else:
                self.messwert, self.gelesen = found
        return given

    def _clean_by_hand(self, given: dict[str, Any]) -> None:
        kennzahl, month = given.get("kennzahl"), given.get("monat")
        if kennzahl is None and "kennzahl" not in self.errors:
            self.add_error("kennzahl", "Die Kennzahl fehlt. Wählen Sie eine aus der Liste.")
        if month is None and "monat" not in self.errors:
            self.add_error("monat", "Der Monat fehlt. Schreiben Sie ihn so: 12/2026.")
        if kennzahl is None or month is None:
            return
        self.gelesen = Wiedergabe(given.get("wiedergabe") or Wiedergabe.WERT)
        self.messwert = find_messwert(kennzahl, month, given.get("geschlecht") or Geschlecht.INSGESAMT)
        if self.messwert is None:
            self.add_error("monat", f"Für {monat(month)} haben wir zu „{kennzahl}“ keinen Wert. Prüfen Sie Monat und Geschlecht.")
