"""Which month of a Kennzahl is shown, and which Jobcenter of a ranking."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jobcenter.common.forms import KernForm
from kennzahlen.enums import Geschlecht, Traegerform

Auswahl = Sequence[tuple[str, str]]


class MildeAuswahl(forms.ChoiceField):
    """A condition in an address that nobody offers is no fault of the visitor: it does not count."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text if self.valid_value(text) else ""


class MonatForm(KernForm):
    """Which month, and whose figures."""

    monat = MildeAuswahl(label="Monat", required=False)
    geschlecht = MildeAuswahl(
        label="Wer zählt",
        required=False,
        choices=[(Geschlecht.INSGESAMT, "Alle"), (Geschlecht.FRAUEN, "Frauen"), (Geschlecht.MAENNER, "Männer")],
    )

    def __init__(self, *args: Any, monate: Auswahl, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["monat"].choices = monate  # type: ignore[attr-defined]


class RanglisteForm(MonatForm):
    land = MildeAuswahl(label="Land", required=False)
    typ = MildeAuswahl(label="Vergleichstyp", required=False)
    form = MildeAuswahl(label="Form", required=False, choices=[("", "Alle Formen"), *Traegerform.choices])

    def __init__(self, *args: Any, laender: Sequence[str], typen: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, every, values in (("land", "Alle Länder", laender), ("typ", "Alle Vergleichstypen", typen)):
            self.fields[name].choices = [("", every), *((value, value) for value in values)]  # type: ignore[attr-defined]
            if not values:
                del self.fields[name]
