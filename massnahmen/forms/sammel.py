"""What is asked when something happens to several measures at once."""

from django import forms

from jobcenter.common.forms import KernForm
from massnahmen.models import Handlungsfeld


class HandlungsfeldForm(KernForm):
    handlungsfeld = forms.ModelChoiceField(label="Handlungsfeld", queryset=Handlungsfeld.objects.all(), empty_label="Bitte wählen")


class ArchivForm(KernForm):
    grund = forms.CharField(
        label="Warum?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ein Satz genügt, zum Beispiel: Der Träger bietet die Maßnahme nicht mehr an. Er steht im Verlauf.",
        error_messages={"required": "Der Grund fehlt. Schreiben Sie in einem Satz, warum die Maßnahme ins Archiv kommt."},
    )
