"""Input of regional projects and of who gives money for them."""

from typing import Any

from django import forms

from jobcenter.common.forms import CentField, DatumField, KernForm, ZahlField
from jobcenter.common.typography import euro, zahl
from massnahmen.actions import Mittelangaben, Projektangaben
from massnahmen.enums import Finanzquelle
from massnahmen.models import Regionalprojekt

MOST_MONEY = 10_000_000_000_00
MOST_PEOPLE = 1_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2100


class RegionalprojektForm(KernForm):
    name = forms.CharField(
        label="Name", max_length=160, error_messages={"required": "Der Name fehlt. Schreiben Sie, wie das Projekt heißt."}
    )
    beginn = DatumField(label="Beginn")
    ende = DatumField(label="Ende")
    beschreibung = forms.CharField(
        label="Worum geht es?",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Wem hilft das Projekt, und wie? In kurzen Sätzen.",
    )
    erreichte = ZahlField(
        label="Wie viele Menschen soll es erreichen?",
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        error_messages={
            "min_value": "Das sind zu wenige. Ist die Zahl noch offen, lassen Sie das Feld leer.",
            "max_value": f"Das sind zu viele. Erlaubt sind höchstens {zahl(MOST_PEOPLE)}.",
        },
    )
    quelle = forms.CharField(
        label="Quelle der Angaben", required=False, max_length=200, help_text="Zum Beispiel eine Pressemitteilung mit Datum."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, projekt: Regionalprojekt | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if projekt is None:
            del self.fields["version"]

    def clean(self) -> None:
        beginn, ende = self.cleaned_data.get("beginn"), self.cleaned_data.get("ende")
        for name, day in (("beginn", beginn), ("ende", ende)):
            if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, f"Das Jahr kann nicht stimmen. Möglich sind {FIRST_YEAR} bis {LAST_YEAR}.")
        if beginn and ende and ende < beginn:
            self.add_error("ende", "Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage.")

    def to_angaben(self) -> Projektangaben:
        """What the person stated; after is_valid()."""
        return Projektangaben(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


def stored_projekt(projekt: Regionalprojekt) -> dict[str, Any]:
    """A project as the form's initial values."""
    return {name: getattr(projekt, name) for name in RegionalprojektForm.base_fields}


def _year(label: str, help_text: str = "", *, required: bool = True) -> ZahlField:
    words = f"Das Jahr kann nicht stimmen. Möglich sind {FIRST_YEAR} bis {LAST_YEAR}."
    return ZahlField(
        label=label,
        required=required,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text=help_text,
        error_messages={"required": f"„{label}“ fehlt. Tragen Sie das Jahr mit vier Ziffern ein.", "min_value": words, "max_value": words},
    )


class ProjektmittelForm(KernForm):
    """One source's money in one year, or in several of which only the sum is known."""

    quelle = forms.ChoiceField(
        label="Wer gibt das Geld?",
        choices=[("", "Bitte wählen"), *Finanzquelle.choices],
        error_messages={"required": "Die Quelle fehlt. Wählen Sie, wer das Geld gibt."},
    )
    von = _year("Erstes Jahr")
    bis = _year("Letztes Jahr", "Leer, wenn der Betrag für ein einziges Jahr ist.", required=False)
    betrag_cent = CentField(
        label="Betrag",
        max_cent=MOST_MONEY,
        allow_zero=False,
        help_text="In Euro, zum Beispiel 13.900.000.",
        error_messages={
            "too_large": f"Der Betrag ist zu groß. Möglich sind höchstens {euro(MOST_MONEY)}.",
            "zero": "Der Betrag muss größer als 0 sein.",
        },
    )
    ist_ungefaehr = forms.BooleanField(
        label="Der Betrag ist ungefähr", required=False, help_text="Zum Beispiel, wenn die Quelle „knapp“ oder „rund“ schreibt."
    )

    def __init__(self, *args: Any, projekt: Regionalprojekt, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projekt = projekt
        for name in ("von", "bis"):
            self.fields[name].prepare_value = lambda value: value  # type: ignore[method-assign]  # a year has no thousands point

    def clean(self) -> None:
        von, bis = self.cleaned_data.get("von"), self.cleaned_data.get("bis")
        first, last = self.projekt.beginn.year, self.projekt.ende.year
        if von and bis and bis < von:
            self.add_error("bis", "Das letzte Jahr liegt vor dem ersten. Prüfen Sie beide.")
            return
        for name, jahr in (("von", von), ("bis", bis)):
            if jahr and not first <= jahr <= last:
                self.add_error(name, f"Das Projekt läuft von {first} bis {last}. Wählen Sie ein Jahr aus dieser Zeit.")

    def to_angaben(self) -> Mittelangaben:
        """What the person stated; after is_valid()."""
        given = self.cleaned_data
        return Mittelangaben(
            quelle=Finanzquelle(given["quelle"]),
            von=given["von"],
            bis=given["bis"] or given["von"],
            betrag_cent=given["betrag_cent"],
            ist_ungefaehr=given["ist_ungefaehr"],
        )
