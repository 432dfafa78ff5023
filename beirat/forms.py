"""Input of the Beirat's room: a session, an agenda item, who is in the room, one vote."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django import forms

from beirat.enums import Topart, Wahl
from beirat.models import Mitglied, Sitzung
from beirat.queries import Gruppe, Sitz
from jobcenter.common import clock
from jobcenter.common.forms import KernForm, ZahlField, ZeitpunktField
from massnahmen.models import Fassung

HOECHSTE_NUMMER = 9999


class SitzungForm(KernForm):
    nummer = ZahlField(
        label="Laufende Nummer",
        min_value=1,
        max_value=HOECHSTE_NUMMER,
        help_text="Die Sitzungen zählen seit der Gründung des Beirats durch. Vorgeschlagen ist die nächste Nummer.",
    )
    beginn = ZeitpunktField(label="Tag und Uhrzeit", help_text="Deutsche Zeit, zum Beispiel 3. Dezember 2026, 14:00 Uhr.")
    ort = forms.CharField(
        label="Ort",
        max_length=160,
        help_text="Gebäude und Raum, zum Beispiel: Kreishaus, Saal 1.",
        error_messages={"required": "Der Ort fehlt. Schreiben Sie Gebäude und Raum, zum Beispiel: Kreishaus, Saal 1."},
    )

    def clean_nummer(self) -> int:
        nummer: int = self.cleaned_data["nummer"]
        if Sitzung.objects.filter(nummer=nummer).exists():
            raise forms.ValidationError(f"Die {nummer}. Sitzung gibt es schon. Wählen Sie eine andere Nummer.")
        return nummer

    def clean_beginn(self) -> datetime:
        beginn: datetime = self.cleaned_data["beginn"]
        if beginn <= clock.now():
            raise forms.ValidationError("Der Beginn liegt in der Vergangenheit. Wählen Sie einen späteren Zeitpunkt.")
        return beginn


class TopForm(KernForm):
    titel = forms.CharField(
        label="Titel",
        max_length=200,
        help_text="Worum geht es? Zum Beispiel: Bericht der Leitung zum Arbeitsmarkt.",
        error_messages={"required": "Der Titel fehlt. Schreiben Sie in wenigen Worten, worum es geht."},
    )
    art = forms.ChoiceField(
        label="Was soll der Beirat tun?",
        choices=[
            (Topart.KENNTNISNAHME, "Zur Kenntnis nehmen"),
            (Topart.BERATUNG, "Beraten"),
            (Topart.BESCHLUSS, "Beschließen: Die Mitglieder stimmen namentlich ab"),
        ],
        initial=Topart.BERATUNG,
        widget=forms.RadioSelect,
    )
    oeffentlich = forms.BooleanField(
        label="Dieser Punkt ist öffentlich",
        required=False,
        help_text="Titel und Ergebnis stehen dann auf der Website. Ohne Haken sehen sie nur Mitglieder und Beschäftigte.",
    )

    def clean_art(self) -> Topart:
        return Topart(self.cleaned_data["art"])


class FassungForm(KernForm):
    """Which of the waiting Fassungen is put on the agenda; the action says whether it still waits."""

    fassung = forms.ModelChoiceField(Fassung.objects.select_related("programm").defer("inhalt"))


@dataclass(frozen=True)
class Haken:
    """One checkbox of the attendance."""

    sitz: Sitz
    id: str
    gesetzt: bool


class AnwesenheitForm(KernForm):
    """One checkbox per member, grouped by Bank. Nobody ticked is an empty room, which is allowed."""

    mitglieder = forms.MultipleChoiceField(label="Wer ist da?", required=False, widget=forms.CheckboxSelectMultiple)
    alle = forms.BooleanField(required=False, widget=forms.HiddenInput)  # sent by the second button alone

    def __init__(self, *args: Any, gruppen: Iterable[Gruppe], **kwargs: Any) -> None:
        self.gruppen = tuple(gruppen)
        sitze = [sitz for gruppe in self.gruppen for sitz in gruppe.sitze]
        kwargs["initial"] = {"mitglieder": [str(sitz.pk) for sitz in sitze if sitz.anwesend]}
        super().__init__(*args, **kwargs)
        field = self.fields["mitglieder"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(sitz.pk), sitz.name) for sitz in sitze]
        field.error_messages["invalid_choice"] = "Ein Mitglied dieser Liste hat keinen Sitz mehr. Laden Sie die Seite neu."

    def baenke(self) -> Iterator[tuple[Gruppe, list[Haken]]]:
        """The checkboxes by group, for the template."""
        field = self["mitglieder"]
        ticked = {str(value) for value in field.value() or []}
        number = count()
        for gruppe in self.gruppen:
            yield gruppe, [Haken(sitz, f"{field.auto_id}_{next(number)}", str(sitz.pk) in ticked) for sitz in gruppe.sitze]

    def chosen(self) -> list[Mitglied]:
        """The members who are in the room."""
        everybody = [sitz.pk for gruppe in self.gruppen for sitz in gruppe.sitze]
        return list(Mitglied.objects.filter(pk__in=everybody if self.cleaned_data["alle"] else self.cleaned_data["mitglieder"]))


class StimmeForm(forms.Form):
    wahl = forms.ChoiceField(choices=Wahl.choices)

    def clean_wahl(self) -> Wahl:
        return Wahl(self.cleaned_data["wahl"])
