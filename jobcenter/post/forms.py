"""What somebody looks for among the mails."""

from django import forms

from jobcenter.common.forms import KernForm
from jobcenter.post.enums import Versandstand


class VersandSucheForm(KernForm):
    suche = forms.CharField(label="Name, Adresse oder Betreff", required=False, max_length=100)
    stand = forms.ChoiceField(label="Stand", required=False, choices=[("", "Alle"), *Versandstand.choices])
