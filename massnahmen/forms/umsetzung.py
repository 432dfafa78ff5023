"""Input on the way of a measure: how it comes about, the procurement, the contract, its beginning and its end."""

from typing import Any

from django import forms
from django.db.models import F

from jobcenter.common import clock
from jobcenter.common.forms import CentField, DatumField, KernForm, ZahlField, ZeitpunktField
from jobcenter.common.typography import euro
from massnahmen.actions import Optionsangaben, Vergabeangaben, Vertragsangaben
from massnahmen.enums import Leistungsart, Vergabeart, Vertragsart, Weg
from massnahmen.models import Traeger
from massnahmen.queries import Umsetzungslage, is_unterjaehrig

MOST_CENT = 1_000_000_000_00


def _grund_field(label: str, missing: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=300, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": missing}, **kwargs
    )


def _preis_field(label: str, help_text: str = "") -> CentField:
    return CentField(label=label, max_cent=MOST_CENT, help_text=help_text)


class LageForm(KernForm):
    """A step of a measure. `version` is that of the measure or, in its steps, of the procurement that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, lage: Umsetzungslage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lage = lage
        self.order_fields([name for name in self.fields if name != "version"])


class BestaetigungForm(LageForm):
    """Nothing to state: the button says it."""


class WegForm(LageForm):
    weg = forms.ChoiceField(label="Wie kommt die Maßnahme zustande?", choices=Weg.choices, widget=forms.RadioSelect)


class VergabeForm(LageForm):
    vergabeart = forms.ChoiceField(
        label="Vergabeart",
        choices=Vergabeart.choices,
        help_text="Was erlaubt ist, hängt vom geschätzten Wert ab. Wir prüfen es, wenn Sie speichern.",
    )
    leistungsart = forms.ChoiceField(
        label="Art der Leistung",
        choices=Leistungsart.choices,
        initial=Leistungsart.SOZIAL,
        help_text="Arbeitsmarktdienstleistungen sind soziale Dienstleistungen.",
    )
    wert_cent = _preis_field(
        "Geschätzter Auftragswert ohne Umsatzsteuer",
        "Für die ganze Laufzeit mit allen Optionen. Ohne Gesamtpreis: 48 mal der Wert eines Monats (§ 3 VgV). Der Wert bleibt vertraulich.",
    )
    aktenzeichen = forms.CharField(label="Aktenzeichen", max_length=60, required=False)
    grund = _grund_field(
        "Warum kommt die Maßnahme während des Jahres dazu?",
        "Der Grund fehlt. Kein Programm, das dem Beirat vorlag, enthält diese Maßnahme.",
        help_text="Sie stand in keinem Programm, das der Beirat beraten hat. Der Satz steht später bei den Schritten.",
    )

    def __init__(self, *args: Any, lage: Umsetzungslage, **kwargs: Any) -> None:
        super().__init__(*args, lage=lage, **kwargs)
        if lage.vergabe or not is_unterjaehrig(lage.massnahme):
            del self.fields["grund"]

    def to_angaben(self) -> Vergabeangaben:
        """What the person stated; after is_valid()."""
        given = self.cleaned_data
        return Vergabeangaben(
            vergabeart=Vergabeart(given["vergabeart"]),
            wert_cent=given["wert_cent"],
            leistungsart=Leistungsart(given["leistungsart"]),
            aktenzeichen=given["aktenzeichen"],
        )

    def clean_wert_cent(self) -> int:
        if not self.cleaned_data["wert_cent"]:
            raise forms.ValidationError("Der geschätzte Wert muss größer als 0 sein.")
        return int(self.cleaned_data["wert_cent"])


class BekanntmachungForm(LageForm):
    am = DatumField(label="Bekannt gemacht am")
    url = forms.URLField(
        label="Adresse der Bekanntmachung",
        max_length=400,
        assume_scheme="https",
        help_text="Besucherinnen und Besucher finden diesen Link bei der Maßnahme.",
        error_messages={
            "required": "Die Adresse fehlt. Fügen Sie den Link zur Bekanntmachung ein.",
            "invalid": "Das ist keine Adresse im Netz. Sie beginnt mit https://",
        },
    )
    angebotsfrist = ZeitpunktField(label="Angebote bis", help_text="Vorher wird kein Angebot geöffnet.")

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        return clock.today() if field_name == "am" else super().get_initial_for_field(field, field_name)


class AngebotForm(LageForm):
    traeger = forms.ModelChoiceField(
        label="Träger",
        queryset=Traeger.objects.all(),
        empty_label="Bitte wählen",
        help_text="Fehlt er in der Liste? Legen Sie ihn zuerst bei den Trägern an.",
        error_messages={
            "required": "Wählen Sie den Träger.",
            "invalid_choice": "Diesen Träger gibt es nicht. Wählen Sie einen aus der Liste.",
        },
    )
    preis_cent = _preis_field("Preis für die ganze Laufzeit")
    bewertung = forms.CharField(label="Wertung", max_length=300, required=False, help_text="Punkte oder ein Satz, warum das Angebot passt.")


class TagForm(LageForm):
    am = DatumField(label="Informiert am", help_text="Nach § 134 GWB beginnt am Tag danach eine Frist von zehn Tagen.")


class GrundForm(LageForm):
    grund = _grund_field(
        "Grund", "Der Grund fehlt. Schreiben Sie einen Satz.", help_text="Er bleibt bei den Schritten der Maßnahme lesbar."
    )


class BieterField(forms.ModelChoiceField):
    """Providers, those who have made an offer with its price."""

    def label_from_instance(self, traeger: Traeger) -> str:
        preis = getattr(traeger, "preis_cent", None)
        return str(traeger) if preis is None else f"{traeger}, {euro(preis)}"


class VertragForm(LageForm):
    """What is agreed. In a procurement only bidders can be chosen, except in a Direktauftrag."""

    traeger = BieterField(
        label="Träger",
        queryset=Traeger.objects.none(),
        empty_label="Bitte wählen",
        error_messages={
            "required": "Wählen Sie den Träger.",
            "invalid_choice": "Dieser Träger steht nicht zur Wahl. Wählen Sie einen aus der Liste.",
        },
    )
    nummer = forms.CharField(label="Nummer des Vertrags", max_length=60, required=False)
    geschlossen_am = DatumField(label="Zuschlag am")
    beginn = DatumField(label="Beginn")
    ende = DatumField(label="Ende", help_text="Ohne Optionen. Die tragen Sie danach ein.")
    plaetze = ZahlField(label="Plätze", min_value=1, max_value=10_000)
    preis_cent = _preis_field("Preis für die ganze Laufzeit", "Ohne Optionen.")
    nachweis_bis = DatumField(label="Verwendungsnachweis bis", required=False)

    def __init__(self, *args: Any, lage: Umsetzungslage, **kwargs: Any) -> None:
        super().__init__(*args, lage=lage, **kwargs)
        field: Any = self.fields["traeger"]
        field.queryset = _list_choosable(lage)
        if lage.massnahme.weg != Weg.ZUWENDUNG:
            del self.fields["nachweis_bis"]
        else:
            self.fields["nummer"].label, self.fields["geschlossen_am"].label = "Nummer des Bescheids", "Bewilligt am"

    def to_angaben(self) -> Vertragsangaben:
        """What the person stated; after is_valid()."""
        return Vertragsangaben(**{name: value for name, value in self.cleaned_data.items() if name != "version"})

    def clean(self) -> None:
        beginn, ende = self.cleaned_data.get("beginn"), self.cleaned_data.get("ende")
        if beginn and ende and ende < beginn:
            self.add_error("ende", "Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage.")
        if (am := self.cleaned_data.get("geschlossen_am")) and am > clock.today():
            self.add_error("geschlossen_am", "Dieser Tag liegt in der Zukunft. Tragen Sie ein, wann es geschehen ist.")


class BerichtigungForm(VertragForm):
    """What was written down wrongly, and why it is changed."""

    grund = _grund_field("Was war falsch eingetragen?", "Der Grund fehlt. Schreiben Sie in einem Satz, was falsch eingetragen war.")

    def __init__(self, *args: Any, lage: Umsetzungslage, **kwargs: Any) -> None:
        super().__init__(*args, lage=lage, **kwargs)
        field: Any = self.fields["traeger"]
        field.queryset = Traeger.objects.filter(vertraege__massnahme=lage.massnahme)

    def to_angaben(self) -> Vertragsangaben:
        """What the person stated; after is_valid()."""
        return Vertragsangaben(**{name: value for name, value in self.cleaned_data.items() if name not in {"version", "grund"}})


def _list_choosable(lage: Umsetzungslage) -> Any:
    if lage.massnahme.weg == Weg.ZUWENDUNG:
        return Traeger.objects.filter(pk=lage.massnahme.traeger_id)
    if lage.vergabe and lage.vergabe.vergabeart != Vergabeart.DIREKTAUFTRAG:
        return (
            Traeger.objects.filter(angebote__vergabe=lage.vergabe)
            .annotate(preis_cent=F("angebote__preis_cent"))
            .order_by("preis_cent", "name")
        )
    return Traeger.objects.all()


class AntragForm(LageForm):
    traeger = forms.ModelChoiceField(
        label="Wer beantragt die Zuwendung?",
        queryset=Traeger.objects.all(),
        empty_label="Bitte wählen",
        error_messages={
            "required": "Wählen Sie den Träger.",
            "invalid_choice": "Diesen Träger gibt es nicht. Wählen Sie einen aus der Liste.",
        },
    )


class OptionForm(LageForm):
    ende = DatumField(label="Die Option verlängert bis")
    preis_cent = _preis_field("Preis für die zusätzliche Zeit")
    ziehbar_bis = DatumField(label="Zu ziehen bis", help_text="An diesem Tag muss der Träger es spätestens wissen.")

    def to_angaben(self) -> Optionsangaben:
        """What the person stated; after is_valid()."""
        given = self.cleaned_data
        return Optionsangaben(ende=given["ende"], preis_cent=given["preis_cent"], ziehbar_bis=given["ziehbar_bis"])


class EndeForm(LageForm):
    zum = DatumField(
        label="Letzter Tag der Maßnahme", help_text="Ein Tag in der Zukunft ist eine Kündigung: Bis dahin läuft die Maßnahme weiter."
    )
    grund = _grund_field("Warum endet sie vorzeitig?", "Der Grund fehlt. Schreiben Sie in einem Satz, warum die Maßnahme vorzeitig endet.")


class AbrechnungForm(LageForm):
    nachweis_am = DatumField(label="Verwendungsnachweis geprüft am")

    def __init__(self, *args: Any, lage: Umsetzungslage, **kwargs: Any) -> None:
        super().__init__(*args, lage=lage, **kwargs)
        if lage.vertrag is None or lage.vertrag.art != Vertragsart.BESCHEID:
            del self.fields["nachweis_am"]
