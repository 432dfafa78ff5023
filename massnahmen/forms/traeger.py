"""Input of providers, their contacts and certificates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from jobcenter.common.forms import DatumField, KernForm
from massnahmen.actions import Kontaktangaben, Zulassungsangaben, find_term_fault
from massnahmen.enums import Fachbereich
from massnahmen.models import Massnahmezulassung, Traeger, Traegerkontakt, Traegerzulassung


def _one_line(text: str) -> str:
    """As it would be written once more: without blanks around it, and with one where several stand."""
    return " ".join(text.split())


class _VersionForm(KernForm):
    """What edits a row carries the version it was opened with; what creates one has none."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, andere: QuerySet[Any], ist_neu: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.andere = andere  # rows beside this one, for what may be there only once
        if ist_neu:
            del self.fields["version"]


class TraegerForm(_VersionForm):
    name = forms.CharField(
        label="Name",
        max_length=160,
        help_text="So, wie er im Programm stehen soll, zum Beispiel: Bildungswerk Musterburg gGmbH.",
        error_messages={"required": "Der Name fehlt. Schreiben Sie zum Beispiel: Bildungswerk Musterburg gGmbH."},
    )
    ort = forms.CharField(
        label="Ort",
        max_length=80,
        error_messages={"required": "Der Ort fehlt. Schreiben Sie, wo der Träger seinen Sitz hat."},
    )

    def clean_name(self) -> str:
        name = _one_line(self.cleaned_data["name"])
        if same := self.andere.filter(name__iexact=name).first():
            raise ValidationError(f"Den Träger „{same.name}“ gibt es schon. Öffnen Sie ihn in der Liste.")
        return name

    def clean_ort(self) -> str:
        return _one_line(self.cleaned_data["ort"])


class MassnahmezulassungForm(_VersionForm):
    """What stands on a certificate of a fachkundige Stelle."""

    nummer = forms.CharField(
        label="Nummer des Zertifikats",
        max_length=60,
        error_messages={"required": "Die Nummer fehlt. Sie steht auf dem Zertifikat."},
    )
    stelle = forms.CharField(
        label="Fachkundige Stelle",
        max_length=120,
        help_text="Wer das Zertifikat ausgestellt hat.",
        error_messages={"required": "Die fachkundige Stelle fehlt. Schreiben Sie, wer das Zertifikat ausgestellt hat."},
    )
    gueltig_von = DatumField(
        label="Gültig von", error_messages={"required": "Der Beginn fehlt. Tragen Sie den ersten Tag ein, an dem das Zertifikat gilt."}
    )
    gueltig_bis = DatumField(
        label="Gültig bis", error_messages={"required": "Das Ende fehlt. Tragen Sie den letzten Tag ein, an dem das Zertifikat gilt."}
    )

    def clean_nummer(self) -> str:
        nummer = _one_line(self.cleaned_data["nummer"])
        if self.andere.filter(nummer__iexact=nummer).exists():
            raise ValidationError(f"Eine Zulassung mit der Nummer „{nummer}“ ist hier schon eingetragen. Prüfen Sie die Nummer.")
        return nummer

    def clean_stelle(self) -> str:
        return _one_line(self.cleaned_data["stelle"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        von, bis = given.get("gueltig_von"), given.get("gueltig_bis")
        if von and bis and (fault := find_term_fault(von, bis)):
            self.add_error("gueltig_bis", fault)
        return given

    def to_angaben(self) -> Zulassungsangaben:
        """What the person stated; after is_valid()."""
        return Zulassungsangaben(**{name: self.cleaned_data[name] for name in Zulassungsangaben.__dataclass_fields__})


class ZulassungForm(MassnahmezulassungForm):
    """A provider's certificate also says for what it is."""

    field_order = ("nummer", "stelle", "fachbereiche", "gueltig_von", "gueltig_bis", "version")

    fachbereiche = forms.TypedMultipleChoiceField(
        label="Fachbereiche",
        choices=Fachbereich.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Wofür der Träger zugelassen ist (§\u00a05 Abs.\u00a01 AZAV).",
        error_messages={
            "required": "Der Fachbereich fehlt. Wählen Sie mindestens einen aus, er steht auf dem Zertifikat.",
            "invalid_choice": "Diesen Fachbereich gibt es nicht. Wählen Sie aus der Liste.",
        },
    )


class KontaktForm(_VersionForm):
    """One way to reach the person is enough."""

    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Der Name fehlt. Schreiben Sie, wen man fragen kann."})
    funktion = forms.CharField(label="Funktion", max_length=120, required=False, help_text="Zum Beispiel: Leitung, Anmeldung, Abrechnung.")
    mail = forms.EmailField(label="E-Mail-Adresse", required=False, max_length=254)
    telefon = forms.CharField(label="Telefon", required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        unreachable = not given.get("mail") and not given.get("telefon")
        if unreachable and not {"mail", "telefon"} & set(self.errors):
            self.add_error("mail", "Wie ist die Person zu erreichen? Tragen Sie eine E-Mail-Adresse oder eine Telefonnummer ein.")
        return given

    def to_angaben(self) -> Kontaktangaben:
        """What the person stated; after is_valid()."""
        return Kontaktangaben(**{name: _one_line(self.cleaned_data[name]) for name in Kontaktangaben.__dataclass_fields__})


def stored_traeger(traeger: Traeger) -> dict[str, Any]:
    return {name: getattr(traeger, name) for name in TraegerForm.base_fields}


def stored_zulassung(zulassung: Traegerzulassung | Massnahmezulassung) -> dict[str, Any]:
    """A certificate as the form's initial values."""
    form = ZulassungForm if isinstance(zulassung, Traegerzulassung) else MassnahmezulassungForm
    return {name: getattr(zulassung, name) for name in form.base_fields}


def stored_kontakt(kontakt: Traegerkontakt) -> dict[str, Any]:
    return {name: getattr(kontakt, name) for name in KontaktForm.base_fields}
