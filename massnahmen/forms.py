"""Input of programme and measures: German numbers and money in, checked values out."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator

from jobcenter.common.forms import CentField, DatumField, KernForm, ZahlField
from jobcenter.common.typography import datum, zahl
from massnahmen.actions import Positionsangaben
from massnahmen.enums import Finanzquelle, Instrumentgruppe
from massnahmen.models import Arbeitsmarktprogramm, Instrument, Programmposition, Traeger, Zielgruppe


class _GroupedInstruments(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        for gruppe, instruments in groupby(self.queryset, key=lambda instrument: instrument.gruppe):
            yield (Instrumentgruppe(gruppe).label, [self.choice(instrument) for instrument in instruments])


class InstrumentField(forms.ModelChoiceField):
    iterator = _GroupedInstruments


def _zahl_field(label: str, most: int, missing: str) -> ZahlField:
    return ZahlField(
        label=label,
        min_value=0,
        max_value=most,
        error_messages={
            "required": missing,
            "invalid": f"{label}: Das ist keine ganze Zahl. Tragen Sie eine Zahl ein, zum Beispiel 12.",
            "min_value": f"{label}: Die Zahl kann nicht kleiner als 0 sein.",
            "max_value": f"{label}: Das sind zu viele. Erlaubt sind höchstens {zahl(most)}.",
        },
    )


class MassnahmeForm(KernForm):
    """A measure and what one programme year plans with it. `version` is the one that the person saw."""

    titel = forms.CharField(
        label="Titel",
        max_length=160,
        help_text="Der Titel steht später auch auf der öffentlichen Seite.",
        error_messages={"required": "Der Titel fehlt. Geben Sie der Maßnahme einen kurzen Namen."},
    )
    beschreibung = forms.CharField(
        label="Was geschieht in der Maßnahme?",
        required=False,
        max_length=10_000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Schreiben Sie für Menschen, die Hilfe suchen: kurze Sätze, keine Fachwörter.",
    )
    instrument = InstrumentField(
        label="Instrument",
        queryset=Instrument.objects.none(),
        empty_label="Bitte wählen",
        error_messages={
            "required": "Das Instrument fehlt. Wählen Sie, worauf sich die Maßnahme im Gesetz stützt.",
            "invalid_choice": "Dieses Instrument gilt in diesem Programm nicht. Wählen Sie eines aus der Liste.",
        },
    )
    zielgruppen = forms.ModelMultipleChoiceField(
        label="Für wen ist die Maßnahme?",
        queryset=Zielgruppe.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Die Zielgruppe fehlt. Wählen Sie mindestens eine aus.",
            "invalid_choice": "Diese Zielgruppe gibt es nicht mehr. Wählen Sie eine aus der Liste.",
            "invalid_pk_value": "Diese Zielgruppe gibt es nicht. Wählen Sie eine aus der Liste.",
        },
    )
    traeger = forms.ModelChoiceField(
        label="Träger",
        queryset=Traeger.objects.all(),
        required=False,
        empty_label="Vergabe noch offen",
        error_messages={"invalid_choice": "Diesen Träger gibt es nicht mehr. Wählen Sie einen aus der Liste."},
    )
    beginn = DatumField(label="Beginn", error_messages={"required": "Der Beginn fehlt. Tragen Sie den ersten Tag ein."})
    ende = DatumField(label="Ende", error_messages={"required": "Das Ende fehlt. Tragen Sie den letzten Tag ein."})
    plaetze = _zahl_field("Plätze", 10_000, "Die Plätze fehlen. Tragen Sie eine Zahl ein, zum Beispiel 12.")
    geplante_eintritte = _zahl_field(
        "Geplante Eintritte", 50_000, "Die geplanten Eintritte fehlen. Tragen Sie eine Zahl ein, zum Beispiel 20."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, programm: Arbeitsmarktprogramm, position: Programmposition | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jahr = programm.jahr
        begun = Q(gueltig_von=None) | Q(gueltig_von__lte=date(self.jahr, 12, 31))
        not_ended = Q(gueltig_bis=None) | Q(gueltig_bis__gte=date(self.jahr, 1, 1))
        stored = Q(pk=position.massnahme.instrument_id if position else None)
        self.fields["instrument"].queryset = Instrument.objects.filter((begun & not_ended) | stored)
        for quelle in Finanzquelle:
            self.fields[f"kosten_{quelle}"] = CentField(label=quelle.label, required=False)
        self.order_fields([name for name in self.fields if name != "version"])
        if position is None:
            del self.fields["version"]  # a new measure has none yet

    @property
    def kostenfelder(self) -> list[forms.BoundField]:
        return [self[f"kosten_{quelle}"] for quelle in Finanzquelle]

    def clean_beschreibung(self) -> str:
        return self.cleaned_data["beschreibung"].replace("\r\n", "\n")

    def clean(self) -> None:
        self._check_term()
        self._check_costs()

    def _check_term(self) -> None:
        beginn, ende = self.cleaned_data.get("beginn"), self.cleaned_data.get("ende")
        instrument = self.cleaned_data.get("instrument")
        if not beginn or not ende:
            return
        if ende < beginn:
            self.add_error("ende", "Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage.")
        elif ende.year < self.jahr or beginn.year > self.jahr:
            self.add_error("beginn", f"Die Maßnahme läuft nicht im Jahr {self.jahr}. Ändern Sie Beginn oder Ende.")
        elif instrument and not instrument.is_valid_for(beginn, ende):
            self.add_error("instrument", f"{_validity_sentence(instrument)} Wählen Sie ein anderes Instrument oder eine andere Laufzeit.")

    def _check_costs(self) -> None:
        names = [field.name for field in self.kostenfelder]
        if not any(name in self.errors or self.cleaned_data.get(name) for name in names):
            self.add_error(names[0], "Die Kosten fehlen. Tragen Sie bei mindestens einer Quelle einen Betrag ein, zum Beispiel 420.000.")

    def to_angaben(self) -> Positionsangaben:
        """What the person stated; after is_valid()."""
        given = self.cleaned_data
        return Positionsangaben(
            titel=given["titel"],
            beschreibung=given["beschreibung"],
            instrument=given["instrument"],
            zielgruppen=list(given["zielgruppen"]),
            traeger=given["traeger"],
            beginn=given["beginn"],
            ende=given["ende"],
            plaetze=given["plaetze"],
            geplante_eintritte=given["geplante_eintritte"],
            kosten_cent={quelle: given[f"kosten_{quelle}"] for quelle in Finanzquelle if given[f"kosten_{quelle}"]},
        )


def stored_values(position: Programmposition) -> dict[str, Any]:
    """A position as the form's initial values."""
    massnahme = position.massnahme
    return {
        "titel": massnahme.titel,
        "beschreibung": massnahme.beschreibung,
        "instrument": massnahme.instrument,
        "zielgruppen": list(massnahme.zielgruppen.all()),
        "traeger": massnahme.traeger,
        "beginn": massnahme.beginn,
        "ende": massnahme.ende,
        "plaetze": position.plaetze,
        "geplante_eintritte": position.geplante_eintritte,
        "version": massnahme.version,
    } | {f"kosten_{finanzierung.quelle}": finanzierung.betrag_cent for finanzierung in position.finanzierungen.all()}


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


class VorlageForm(KernForm):
    """Carries the fingerprint of what the person has read."""

    pruefsumme = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class AntwortForm(KernForm):
    """The Jobcenter's written answer to the Beirat; wanted when there were votes against."""

    antwort = forms.CharField(
        label="Antwort des Jobcenters an den Beirat",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Sie steht später öffentlich bei dem Programm.",
        error_messages={"required": "Die Antwort fehlt. Schreiben Sie dem Beirat, wie Sie mit den Gegenstimmen umgehen."},
    )

    def __init__(self, *args: Any, braucht_antwort: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["antwort"].required = braucht_antwort


def _validity_sentence(instrument: Instrument) -> str:
    von, bis = instrument.gueltig_von, instrument.gueltig_bis
    if von and bis:
        return f"„{instrument.name}“ gilt nur vom {datum(von)} bis zum {datum(bis)}."
    return f"„{instrument.name}“ gilt erst ab dem {datum(von)}." if von else f"„{instrument.name}“ gilt nur bis zum {datum(bis)}."
