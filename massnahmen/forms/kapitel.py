"""Input of the programme's texts: chapters and summary."""

from typing import Any

from django import forms

from jobcenter.common.forms import KernForm, RichTextField
from jobcenter.konten.models import User
from massnahmen.enums import Kapitelstand
from massnahmen.models import Kapitel
from massnahmen.queries import list_schreibende


class _PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        return str(person) if person.is_active else f"{person} (nicht mehr da)"


class KapitelForm(KernForm):
    """A chapter's text, how far it is, and who is in charge of it; saved on top of the version that the person saw."""

    text = RichTextField(
        label="Text",
        required=False,
        max_length=200_000,
        help_text="Zwischenüberschriften und Listen machen lange Texte lesbar. Tabellen und Diagramme fügt das Portal selbst ein.",
    )
    stand = forms.ChoiceField(
        label="Wie weit ist das Kapitel?",
        choices=Kapitelstand.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie, wie weit das Kapitel ist.", "invalid_choice": "Diesen Stand gibt es nicht."},
    )
    verantwortlich = _PersonField(
        label="Verantwortlich",
        queryset=User.objects.none(),
        required=False,
        empty_label="Noch niemand",
        error_messages={"invalid_choice": "Diese Person gibt es hier nicht mehr. Wählen Sie eine andere."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, kapitel: Kapitel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = User.objects.filter(pk=kapitel.verantwortlich_id)  # who has left stays until somebody else is named
        self.fields["verantwortlich"].queryset = list_schreibende() | stored

    def clean(self) -> None:
        if self.cleaned_data.get("stand") == Kapitelstand.FERTIG and not self.cleaned_data.get("text") and "text" not in self.errors:
            self.add_error("text", "Der Text fehlt. Schreiben Sie ihn, bevor Sie das Kapitel als fertig melden.")


class TextForm(KernForm):
    """One text in plain paragraphs, saved on top of the version that the person saw."""

    text = forms.CharField(
        label="Text",
        required=False,
        max_length=100_000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="Eine leere Zeile beginnt einen neuen Absatz.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")
