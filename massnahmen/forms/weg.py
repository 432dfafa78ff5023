"""Input on the way of a programme: how it begins, what is handed on, said and decided."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from jobcenter.common import clock
from jobcenter.common.forms import DatumField, KernForm, ZahlField
from jobcenter.common.typography import datum
from massnahmen.enums import Gremienergebnis, Umgang
from massnahmen.models import Arbeitsmarktprogramm

ERSTES_JAHR = 2015  # earlier programmes are not entered afterwards
MOST_VOTES = 999


def _grund_field(label: str, missing: str, *, most: int = 1000, help_text: str = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
        error_messages={"required": missing},
    )


class AnlegenForm(KernForm):
    """Which year begins, and out of what. Offered are the running and the coming year, and what is missing since 2015."""

    jahr = forms.TypedChoiceField(
        label="Jahr",
        coerce=int,
        error_messages={
            "required": "Das Jahr fehlt. Wählen Sie eines aus der Liste.",
            "invalid_choice": "Für dieses Jahr beginnt hier kein Programm. Wählen Sie eines aus der Liste.",
        },
    )
    vorlage = forms.ModelChoiceField(
        label="Vorlage",
        queryset=Arbeitsmarktprogramm.objects.none(),
        required=False,
        empty_label="Keine: alle Kapitel beginnen leer",
        to_field_name="jahr",
        help_text="Aus einem früheren Programm kommen Texte, Ziele und laufende Maßnahmen mit.",
        error_messages={"invalid_choice": "Dieses Programm gibt es nicht. Wählen Sie eines aus der Liste."},
    )

    def __init__(self, *args: Any, programme: list[Arbeitsmarktprogramm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = list_missing_years(programme)
        every_year = range(clock.today().year + 1, ERSTES_JAHR - 1, -1)
        # who comes too late hears it from the action
        self.fields["jahr"].choices = [(jahr, jahr) for jahr in every_year]
        self.fields["jahr"].widget.choices = [(jahr, _name_year(jahr)) for jahr in self.missing]
        self.fields["vorlage"].queryset = Arbeitsmarktprogramm.objects.filter(pk__in=[programm.pk for programm in programme])

    def clean(self) -> None:
        jahr, vorlage = self.cleaned_data.get("jahr"), self.cleaned_data.get("vorlage")
        if jahr and vorlage and vorlage.jahr >= jahr:
            self.add_error("vorlage", f"Eine Vorlage für {jahr} muss aus einem früheren Jahr sein. Wählen Sie eine andere oder keine.")


def list_missing_years(programme: list[Arbeitsmarktprogramm]) -> list[int]:
    """The coming year, the running one and every year since 2015 that has no programme, newest first."""
    known = {programm.jahr for programm in programme}
    return [jahr for jahr in range(clock.today().year + 1, ERSTES_JAHR - 1, -1) if jahr not in known]


def _name_year(jahr: int) -> str:
    return f"{jahr} (nachtragen)" if jahr < clock.today().year else str(jahr)


class VorlageForm(KernForm):
    """Carries the fingerprint of what the person has read, and why it goes on without the BCA where she is missing."""

    pruefsumme = forms.RegexField(
        regex=r"^[0-9a-f]{64}$",
        widget=forms.HiddenInput,
        error_messages={
            "required": "Der Fingerabdruck fehlt oder ist unvollständig. Prüfen Sie die Angaben noch einmal.",
            "invalid": "Der Fingerabdruck fehlt oder ist unvollständig. Prüfen Sie die Angaben noch einmal.",
        },
    )
    grund = _grund_field(
        "Warum geht es ohne die BCA weiter?",
        "Der Grund fehlt. Schreiben Sie in einem Satz, warum es ohne die BCA weitergeht.",
        help_text="Der Satz steht später bei den Schritten des Programms.",
    )

    def __init__(self, *args: Any, bca_fehlt: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not bca_fehlt:
            del self.fields["grund"]


class StellungnahmeForm(KernForm):
    """What the BCA says about a Fassung."""

    text = forms.CharField(
        label="Ihre Stellungnahme",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Schreiben Sie auch dann einen Satz, wenn Sie nichts zu beanstanden haben. Abgegeben lässt sie sich nicht mehr ändern.",
        error_messages={"required": "Die Stellungnahme ist leer. Schreiben Sie mindestens einen Satz."},
    )


class UmgangForm(KernForm):
    """How the Jobcenter deals with the BCA's Stellungnahme."""

    umgang = forms.ChoiceField(
        label="Folgen Sie der Stellungnahme?",
        choices=[
            (Umgang.GEFOLGT, "Ja, ihr wird gefolgt"),
            (Umgang.TEILWEISE, "Ihr wird teilweise gefolgt"),
            (Umgang.NICHT, "Nein, ihr wird nicht gefolgt"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Wählen Sie, ob Sie der Stellungnahme folgen.",
            "invalid_choice": "Diese Auswahl gibt es nicht. Wählen Sie eine aus der Liste.",
        },
    )
    begruendung = forms.CharField(
        label="Ihre Antwort",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Was aus den Hinweisen wird, und warum.",
        error_messages={"required": "Die Antwort fehlt. Schreiben Sie der BCA, was daraus wird."},
    )


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
        if not braucht_antwort:
            del self.fields["antwort"]


def _votes_field(label: str) -> ZahlField:
    return ZahlField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_VOTES,
        error_messages={
            "invalid": f"{label}: Das ist keine ganze Zahl. Tragen Sie eine Zahl ein, zum Beispiel 12.",
            "min_value": f"{label}: Die Zahl kann nicht kleiner als 0 sein.",
            "max_value": f"{label}: Das sind zu viele. Erlaubt sind höchstens {MOST_VOTES}.",
        },
    )


class GremienbeschlussForm(KernForm):
    """What a committee or the Kreistag decided after the Beirat's advice."""

    gremium = forms.ChoiceField(
        label="Wer hat entschieden?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Wählen Sie, wer entschieden hat.",
            "invalid_choice": "Dieses Gremium entscheidet hier nicht. Wählen Sie eines aus der Liste.",
        },
    )
    am = DatumField(label="Tag der Sitzung", error_messages={"required": "Der Tag der Sitzung fehlt. Schreiben Sie ihn so: 31.12.2026."})
    ergebnis = forms.ChoiceField(
        label="Ergebnis",
        choices=Gremienergebnis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie das Ergebnis.", "invalid_choice": "Dieses Ergebnis gibt es nicht."},
    )
    nummer = forms.CharField(
        label="Nummer der Vorlage",
        max_length=60,
        help_text="So, wie sie in der Niederschrift steht, zum Beispiel KT 42/2026.",
        error_messages={"required": "Die Nummer der Vorlage fehlt. Sie steht in der Niederschrift."},
    )
    ja, nein, enthaltung = _votes_field("Ja"), _votes_field("Nein"), _votes_field("Enthaltungen")

    def __init__(self, *args: Any, beraten_am: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beraten_am = beraten_am
        gremien = settings.INSTANZ.programm.gremien
        self.fields["gremium"].choices = [(gremium, gremium) for gremium in gremien]
        if len(gremien) > 1:
            self.fields["gremium"].help_text = f"Erst mit dem Beschluss von „{gremien[-1]}“ darf das Programm veröffentlicht werden."

    @property
    def stimmfelder(self) -> list[forms.BoundField]:
        return [self[name] for name in ("ja", "nein", "enthaltung")]

    @property
    def stimmen(self) -> tuple[int, int, int] | None:
        """After is_valid()."""
        given = tuple(self.cleaned_data[name] for name in ("ja", "nein", "enthaltung"))
        return None if given[0] is None else given

    def clean_am(self) -> date:
        am: date = self.cleaned_data["am"]
        if am > clock.today():
            raise forms.ValidationError("Dieser Tag ist noch nicht gewesen. Tragen Sie das Ergebnis nach der Sitzung ein.")
        if am < self.beraten_am:
            raise forms.ValidationError(f"Der Beirat hat am {datum(self.beraten_am)} beraten. Das Gremium entscheidet danach.")
        return am

    def clean(self) -> None:
        names = ("ja", "nein", "enthaltung")
        if any(name in self.errors for name in names):
            return
        given = {name: self.cleaned_data.get(name) for name in names}
        missing = [name for name, number in given.items() if number is None]
        if missing and len(missing) < len(names):
            self.add_error(missing[0], "Tragen Sie alle drei Stimmenzahlen ein oder keine. Null ist auch eine Zahl.")
        elif not missing and self.cleaned_data.get("ergebnis") == Gremienergebnis.BESCHLOSSEN and given["ja"] <= given["nein"]:
            self.add_error("ergebnis", "Beschlossen ist nur, was mehr Ja- als Nein-Stimmen hat. Prüfen Sie Ergebnis und Stimmen.")


class RuecknahmeForm(KernForm):
    """Why an entry was wrong; it stays beside the entry."""

    grund = _grund_field(
        "Was ist an dem Eintrag falsch?",
        "Der Grund fehlt. Schreiben Sie in einem Satz, was an dem Eintrag falsch ist.",
        most=300,
        help_text="Der Satz bleibt bei dem Eintrag stehen.",
    )


class OeffnenForm(KernForm):
    grund = _grund_field(
        "Warum wird das Programm noch einmal geändert?",
        "Der Grund fehlt. Schreiben Sie in einem Satz, warum das Programm wieder geöffnet wird.",
        help_text="Der Satz steht später bei den Schritten des Programms.",
    )


class FortschreibenForm(KernForm):
    grund = _grund_field(
        "Warum wird das Programm fortgeschrieben?",
        "Der Grund fehlt. Schreiben Sie in einem Satz, warum das Programm fortgeschrieben wird.",
        help_text="Zum Beispiel: Der Bund hat das Budget im Mai gekürzt. Der Satz steht später bei den Schritten des Programms.",
    )


class BeendenForm(KernForm):
    grund = _grund_field(
        "Warum wird das Programm nicht weiter fortgeschrieben?",
        "Der Grund fehlt. Schreiben Sie in einem Satz, warum die Fortschreibung endet.",
        help_text="Der Satz steht später bei den Schritten des Programms.",
    )


class AbschliessenForm(KernForm):
    grund = _grund_field(
        "Bemerkung", "", required=False, help_text="Zum Beispiel, wo die Auswertung des Jahres steht. Der Satz steht bei den Schritten."
    )


class BestaetigenForm(KernForm):
    """A button that asks for nothing more."""
