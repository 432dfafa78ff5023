"""Text of a press release. The form validates, the action writes."""

from django import forms

from jobcenter.common.forms import KernForm, ZeitpunktField


class PressemitteilungForm(KernForm):
    titel = forms.CharField(label="Überschrift", max_length=160, help_text="Ein Satz, der das Neue sagt. Höchstens 160 Zeichen.")
    vorspann = forms.CharField(
        label="Vorspann",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Das Wichtigste in zwei oder drei Sätzen: wer, was, wann, wie viel. Höchstens 600 Zeichen.",
    )
    text = forms.CharField(
        label="Text", widget=forms.Textarea(attrs={"rows": 16}), help_text="Eine leere Zeile beginnt einen neuen Absatz."
    )
    sperrfrist = ZeitpunktField(
        label="Sperrfrist",
        required=False,
        help_text="Bis dahin ist die Mitteilung nirgends zu sehen. Deutsche Zeit. Ohne Sperrfrist bleibt das Feld leer.",
    )


class PressemitteilungAendernForm(PressemitteilungForm):
    """`version` is the one that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
