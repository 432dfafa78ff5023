"""What was agreed for a year."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jobcenter.common import typography
from jobcenter.common.forms import KernForm
from kennzahlen.enums import Einheit, Geschlecht, Zielart, Zielrichtung
from kennzahlen.models import Jobcenter, Kennzahl, Zielwert
from kennzahlen.queries.ziele import einheit_of

FIRST_YEAR, LAST_YEAR = 2005, 2100
MOST = 10**9
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d{1,2})?", re.ASCII)


class DezimalField(forms.Field):
    """A number as people write it: „27,5“, „−3“, „1.234,5“. A point groups thousands and nothing else."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "eingabe--zahl"})
    default_error_messages = {
        "invalid": "Das ist keine Zahl. Schreiben Sie zum Beispiel 27,5.",
        "too_large": "Die Zahl ist zu groß. Prüfen Sie, ob ein Komma fehlt.",
    }

    def to_python(self, value: object) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        text = re.sub(r"\s", "", str(value)).replace(typography.MINUS, "-").replace("–", "-").removesuffix("%").removesuffix("€")
        if len(text) > 20 or not _NUMBER.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        number = Decimal(text.replace(".", "").replace(",", "."))
        if abs(number) >= MOST:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        return number

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, Decimal):
            return value
        places = 0 if value == value.to_integral_value() else 1 if value * 10 == (value * 10).to_integral_value() else 2
        return typography.zahl(value, places).replace(typography.MINUS, "-")

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


class ZielForm(KernForm):
    """A goal of our own Jobcenter: its key, and what was agreed."""

    kennzahl = forms.ModelChoiceField(label="Kennzahl", queryset=Kennzahl.objects.order_by("art", "code"), empty_label="Bitte wählen")
    jahr = forms.IntegerField(
        label="Jahr",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "eingabe--zahl"}),
        error_messages={"invalid": "Das ist kein Jahr. Schreiben Sie zum Beispiel 2027."},
    )
    art = forms.ChoiceField(
        label="Was ist vereinbart?",
        choices=Zielart.choices,
        widget=forms.RadioSelect,
        initial=Zielart.WERT,
        help_text="Bei einer Quote kann auch eine Anzahl im Jahr vereinbart sein, zum Beispiel 612 Integrationen.",
    )
    geschlecht = forms.ChoiceField(label="Für wen?", choices=Geschlecht.choices, widget=forms.RadioSelect, initial=Geschlecht.INSGESAMT)
    richtung = forms.ChoiceField(
        label="Soll der Wert mindestens oder höchstens erreicht werden?",
        choices=Zielrichtung.choices,
        widget=forms.RadioSelect,
        initial=Zielrichtung.MINDESTENS,
    )
    wert = DezimalField(
        label="Zielwert",
        help_text="In Prozent, Euro oder als Anzahl, so wie die Kennzahl gezählt wird. Ein Rückgang hat ein Minus.",
        error_messages={"required": "Der Zielwert fehlt. Tragen Sie eine Zahl ein, zum Beispiel 27,5."},
    )
    toleranz = DezimalField(
        label="Toleranz",
        required=False,
        help_text="So weit darf das Ergebnis danebenliegen: bei Quoten in Prozentpunkten. Ohne Angabe gar nicht.",
    )
    nur_beobachtung = forms.BooleanField(
        label="Nur beobachten",
        required=False,
        help_text="Das Portal zeigt, wo der Wert steht, und warnt nicht.",
    )

    def __init__(self, *args: Any, jobcenter: Jobcenter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jobcenter = jobcenter

    def clean_toleranz(self) -> Decimal:
        toleranz = self.cleaned_data["toleranz"] or Decimal(0)
        if toleranz < 0:
            raise ValidationError("Die Toleranz kann nicht kleiner als 0 sein. Tragen Sie sie ohne Minus ein.")
        return toleranz

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        kennzahl = given.get("kennzahl")
        if kennzahl is None:
            return given
        if given.get("art") == Zielart.ANZAHL and kennzahl.einheit in {Einheit.ANZAHL, Einheit.CENT}:
            self.add_error("art", f"„{kennzahl}“ wird selbst gezählt. Wählen Sie „{Zielart.WERT.label}“.")
        key = {name: given.get(name) for name in ("kennzahl", "jahr", "geschlecht", "art")}
        if all(key.values()) and Zielwert.objects.filter(jobcenter=self.jobcenter, **key).exists():
            self.add_error(
                None, f"Für „{kennzahl}“ gibt es {given['jahr']} schon ein solches Ziel. Ändern Sie das vorhandene in der Liste."
            )
        return given

    def to_angaben(self) -> dict[str, Any]:
        """For the action: money in cents."""
        angaben = dict(self.cleaned_data)
        scale = 100 if _is_money(angaben["kennzahl"], angaben["art"]) else 1
        return angaben | {
            "art": Zielart(angaben["art"]),
            "richtung": Zielrichtung(angaben["richtung"]),
            "geschlecht": Geschlecht(angaben["geschlecht"]),
            "wert": angaben["wert"] * scale,
            "toleranz": angaben["toleranz"] * scale,
        }


class ZielAendernForm(ZielForm):
    """The same without its key: another Kennzahl or year is another goal."""

    kennzahl = jahr = art = geschlecht = None  # type: ignore[assignment]  # so Django takes a field away
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, zielwert: Zielwert, **kwargs: Any) -> None:
        super().__init__(*args, jobcenter=zielwert.jobcenter, **kwargs)
        self.zielwert = zielwert

    def to_angaben(self) -> dict[str, Any]:
        angaben = dict(self.cleaned_data)
        scale = 100 if einheit_of(self.zielwert) is Einheit.CENT else 1
        return angaben | {
            "richtung": Zielrichtung(angaben["richtung"]),
            "wert": angaben["wert"] * scale,
            "toleranz": angaben["toleranz"] * scale,
        }


def stored_ziel(zielwert: Zielwert) -> dict[str, Any]:
    """Under the names of the form's fields: money in euros."""
    scale = 100 if einheit_of(zielwert) is Einheit.CENT else 1
    return {
        "richtung": zielwert.richtung,
        "wert": zielwert.wert / scale,
        "toleranz": zielwert.toleranz / scale,
        "nur_beobachtung": zielwert.nur_beobachtung,
        "version": zielwert.version,
    }


def _is_money(kennzahl: Kennzahl, art: str) -> bool:
    return einheit_of(Zielwert(kennzahl=kennzahl, art=art)) is Einheit.CENT
