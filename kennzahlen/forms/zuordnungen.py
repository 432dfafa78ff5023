"""A list of Zuordnungen, and Jobcenter that became one."""

from datetime import date
from typing import Any

from django import forms

from jobcenter.common.forms import DateiField, DatumField, KernForm
from kennzahlen.models import Jobcenter

MOST_MB = 1


class ZuordnungenForm(KernForm):
    """The file. What is in it is read by the page."""

    datei = DateiField(
        label="Liste",
        kinds=("csv",),
        max_mb=MOST_MB,
        help_text=f"CSV bis {MOST_MB}\u00a0MB mit den Spalten traegernummer; art; code; name; gueltig_ab.",
        error_messages={"required": "Die Liste fehlt. Wählen Sie eine CSV-Datei aus."},
    )


class ZuordnungenBestaetigenForm(KernForm):
    """The text of the list as it was looked at, and which changes were seen."""

    liste = forms.CharField(widget=forms.HiddenInput, strip=False, max_length=MOST_MB * 1_000_000)
    pruefsumme = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ZusammenlegenForm(KernForm):
    """Which Jobcenter became part of which, and on which day."""

    jobcenter = forms.ModelChoiceField(
        label="Welches Jobcenter ist aufgegangen?",
        queryset=Jobcenter.objects.filter(nachfolger__isnull=True).order_by("name", "traegernummer"),
        empty_label="Bitte wählen",
        error_messages={"required": "Das Jobcenter fehlt. Wählen Sie das Jobcenter, das es nicht mehr gibt."},
    )
    nachfolger = forms.ModelChoiceField(
        label="Zu welchem gehört es jetzt?",
        queryset=Jobcenter.objects.filter(nachfolger__isnull=True).order_by("name", "traegernummer"),
        empty_label="Bitte wählen",
        error_messages={"required": "Das aufnehmende Jobcenter fehlt. Wählen Sie es aus."},
    )
    am = DatumField(
        label="Seit wann?",
        help_text="Der erste Tag, an dem es nur noch das aufnehmende Jobcenter gibt.",
        error_messages={"required": "Der Tag fehlt. Schreiben Sie ihn so: 01.07.2026."},
    )

    def clean_am(self) -> date:
        am = self.cleaned_data["am"]
        if am.day != 1:
            raise forms.ValidationError("Jobcenter gehen am Ersten eines Monats ineinander auf, weil Kennzahlen Monate zählen.")
        return am

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("jobcenter") and given.get("jobcenter") == given.get("nachfolger"):
            self.add_error("nachfolger", "Ein Jobcenter kann nicht in sich selbst aufgehen. Wählen Sie ein anderes.")
        return given
