"""Input of goals, and of the plan for training that programmes had until 2024."""

from collections.abc import Mapping
from typing import Any

from django import forms

from jobcenter.common.forms import CentField, KernForm, ZahlField
from jobcenter.common.typography import euro, zahl
from kennzahlen.models import Zielwert
from kennzahlen.queries.ziele import Zielzeile
from massnahmen.actions import Bildungszielangaben, Zielangaben
from massnahmen.enums import Abschlussart
from massnahmen.models import Arbeitsmarktprogramm, Bildungsziel, Handlungsfeld, Programmziel
from massnahmen.queries import own_zielwerte
from massnahmen.queries.ziele import read_zielzeilen

MOST_VOUCHERS, MOST_MONTHS, MOST_BUDGET = 10_000, 60, 100_000_000_00
QUARTALE = (1, 2, 3, 4)


class _ZielwertField(forms.ModelChoiceField):
    """Each choice reads „Integrationsquote (K2): mindestens 27,0 %“."""

    zeilen: Mapping[int, Zielzeile]

    def label_from_instance(self, zielwert: Zielwert) -> str:
        zeile = self.zeilen[zielwert.pk]
        watched = ", nur Beobachtung" if zielwert.nur_beobachtung else ""
        return f"{zeile.name} ({zielwert.kennzahl.code}): {zeile.ziel_text}{watched}"


class ProgrammzielForm(KernForm):
    """What the year is to reach, in words, and the number by which it is measured. The number may follow later."""

    text = forms.CharField(
        label="Was wollen wir erreichen?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ein Satz, den auch versteht, wer die Kennzahl nicht kennt.",
        error_messages={"required": "Das Ziel fehlt. Schreiben Sie in einem Satz, was das Jahr bringen soll."},
    )
    handlungsfeld = forms.ModelChoiceField(
        label="Handlungsfeld",
        queryset=Handlungsfeld.objects.all(),
        required=False,
        empty_label="Für alle Handlungsfelder",
        error_messages={"invalid_choice": "Dieses Handlungsfeld gibt es nicht mehr. Wählen Sie eines aus der Liste."},
    )
    zielwert = _ZielwertField(
        label="Zielwert",
        queryset=Zielwert.objects.none(),
        required=False,
        empty_label="Noch keiner",
        help_text="Die Zahl, an der wir das Ziel messen. Der Beirat bekommt das Programm erst, wenn jedes Ziel eine hat.",
        error_messages={"invalid_choice": "Diesen Zielwert gibt es für dieses Jahr nicht. Wählen Sie einen aus der Liste."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, programm: Arbeitsmarktprogramm, ziel: Programmziel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["zielwert"]
        field.zeilen = read_zielzeilen(programm.jahr)
        field.queryset = own_zielwerte(programm.jahr).filter(pk__in=field.zeilen)
        if ziel is None:
            del self.fields["version"]  # a new goal has none yet

    @property
    def zeilen(self) -> Mapping[int, Zielzeile]:
        """The Zielwerte to choose from by their id, each with what was measured last; none where nothing was agreed for the year."""
        return self.fields["zielwert"].zeilen

    def clean_text(self) -> str:
        """One sentence, so one line."""
        return " ".join(self.cleaned_data["text"].split())

    def to_angaben(self) -> Zielangaben:
        """What the person stated; after is_valid()."""
        given = self.cleaned_data
        return Zielangaben(given["text"], given["handlungsfeld"], given["zielwert"])


def stored_programmziel(ziel: Programmziel) -> dict[str, Any]:
    """A goal as the form's initial values."""
    return {name: getattr(ziel, name) for name in ProgrammzielForm.base_fields}


def _voucher_field(quartal: int) -> ZahlField:
    label = f"{quartal}. Quartal"
    return ZahlField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_VOUCHERS,
        error_messages={
            "invalid": f"{label}: Das ist keine ganze Zahl. Tragen Sie eine Zahl ein, zum Beispiel 12.",
            "min_value": f"{label}: Die Zahl kann nicht kleiner als 0 sein.",
            "max_value": f"{label}: Das sind zu viele. Erlaubt sind höchstens {zahl(MOST_VOUCHERS)}.",
        },
    )


class BildungszielForm(KernForm):
    """A kind of training with the vouchers of each quarter; an empty quarter has none."""

    berufsfeld = forms.CharField(
        label="Berufsfeld",
        max_length=120,
        help_text="Zum Beispiel: Pflege und Gesundheit.",
        error_messages={"required": "Das Berufsfeld fehlt. Schreiben Sie zum Beispiel: Pflege und Gesundheit."},
    )
    bildungsziel = forms.CharField(
        label="Bildungsziel",
        max_length=160,
        help_text="Was jemand am Ende kann oder ist.",
        error_messages={"required": "Das Bildungsziel fehlt. Schreiben Sie, was jemand am Ende kann oder ist."},
    )
    abschlussart = forms.ChoiceField(
        label="Art",
        choices=Abschlussart.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Die Art fehlt. Wählen Sie eine aus.",
            "invalid_choice": "Diese Art gibt es nicht. Wählen Sie eine aus der Liste.",
        },
    )
    dauer_monate = ZahlField(
        label="Dauer in Monaten",
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        error_messages={
            "min_value": "Eine Weiterbildung dauert mindestens einen Monat.",
            "max_value": f"Das ist zu lang. Erlaubt sind höchstens {MOST_MONTHS} Monate.",
        },
    )
    gutscheine_q1, gutscheine_q2, gutscheine_q3, gutscheine_q4 = map(_voucher_field, QUARTALE)
    budget_cent = CentField(
        label="Budget",
        required=False,
        max_cent=MOST_BUDGET,
        help_text="In Euro für das ganze Jahr.",
        error_messages={"too_large": f"Das Budget ist zu groß. Möglich sind höchstens {euro(MOST_BUDGET)}."},
    )
    hinweis = forms.CharField(label="Hinweis", required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, bildungsziel: Bildungsziel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if bildungsziel is None:
            del self.fields["version"]  # a new one has none yet

    @property
    def quartalsfelder(self) -> list[forms.BoundField]:
        return [self[f"gutscheine_q{quartal}"] for quartal in QUARTALE]

    def to_angaben(self) -> Bildungszielangaben:
        """What the person stated; after is_valid()."""
        given = self.cleaned_data
        return Bildungszielangaben(
            berufsfeld=given["berufsfeld"],
            bildungsziel=given["bildungsziel"],
            abschlussart=Abschlussart(given["abschlussart"]),
            dauer_monate=given["dauer_monate"],
            budget_cent=given["budget_cent"] or 0,
            hinweis=given["hinweis"],
            **{f"gutscheine_q{quartal}": given[f"gutscheine_q{quartal}"] or 0 for quartal in QUARTALE},
        )


def stored_bildungsziel(row: Bildungsziel) -> dict[str, Any]:
    """A line of the plan as the form's initial values; nothing planned is an empty field."""
    values = {name: getattr(row, name) for name in BildungszielForm.base_fields}
    return {name: value if value != 0 else None for name, value in values.items()}
