"""Whose figures they are and of which day: what a delivery and a single value ask alike."""

from typing import Any

from django import forms

from jobcenter.common import clock
from jobcenter.common.forms import DatumField, KernForm
from kennzahlen.enums import Lizenz, Quellenart
from kennzahlen.models import Quelle

NEU = ("herausgeber", "titel", "art", "lizenz")


class QuelleForm(KernForm):
    """The source is one that is known or a new one, described below it."""

    use_required_attribute = False  # of source and new source only one is
    EINES_VON: tuple[str, ...] = ("quelle", *NEU)  # each may stay empty beside another; `clean` says which is missing

    quelle = forms.ModelChoiceField(
        label="Quelle",
        queryset=Quelle.objects.order_by("herausgeber", "titel"),
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
    art = forms.ChoiceField(label="Welche Art Zahlen sind das?", choices=[("", "Bitte wählen"), *Quellenart.choices], required=False)
    lizenz = forms.ChoiceField(label="Unter welchen Bedingungen?", choices=[("", "Bitte wählen"), *Lizenz.choices], required=False)
    url = forms.URLField(
        label="Wo steht sie im Internet?",
        required=False,
        assume_scheme="https",
        help_text="Wenn es eine Seite gibt, auf der man die Zahl nachlesen kann.",
    )
    stand = DatumField(
        label="Stand",
        help_text="Der Tag, an dem die Quelle die Zahl veröffentlicht hat.",
        error_messages={"required": "Der Stand fehlt. Tragen Sie den Tag ein, an dem die Zahl veröffentlicht wurde."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask_for_quelle(not self.is_bound)

    def _ask_for_quelle(self, ask: bool) -> None:
        """Neither part is called optional, though each may stay empty beside the other."""
        for name in self.fields.keys() & set(self.EINES_VON):
            self.fields[name].required = ask

    @property
    def has_new_quelle(self) -> bool:
        """The part for a new source stands open: there is none to choose, or somebody has begun to describe one."""
        return not self.fields["quelle"].queryset.exists() or any(self.data.get(name) or self.errors.get(name) for name in NEU)

    def clean_stand(self) -> Any:
        stand = self.cleaned_data["stand"]
        if stand > clock.today():
            raise forms.ValidationError("Der Stand liegt in der Zukunft. Tragen Sie den Tag ein, an dem die Zahl veröffentlicht wurde.")
        return stand

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        self._ask_for_quelle(True)
        if given.get("quelle") is not None or "quelle" in self.errors:
            return given
        for name, sentence in _MISSING.items():
            if name not in self.errors and not given.get(name):
                self.add_error(name, sentence)
        if Quelle.objects.filter(herausgeber=given.get("herausgeber"), titel=given.get("titel")).exists():
            self.add_error("titel", "Diese Quelle gibt es schon. Wählen Sie sie oben aus.")
        return given


_MISSING = {
    "herausgeber": "Die Quelle fehlt. Wählen Sie eine aus, oder schreiben Sie, wer die Zahlen herausgibt.",
    "titel": "Der Titel der neuen Quelle fehlt. Schreiben Sie, wie die Veröffentlichung heißt.",
    "art": "Die Art der Zahlen fehlt. Wählen Sie eine aus.",
    "lizenz": "Die Bedingungen fehlen. Wählen Sie, wie die Zahlen genutzt werden dürfen.",
}
