"""allauth's forms in the house's words: no placeholders, a label and a sentence for every fault."""

from datetime import date
from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from jobcenter.common import clock
from jobcenter.common.forms import DatumField, KernForm, KernFormMixin
from jobcenter.konten.enums import VERGEBBAR, Posttakt, Rolle
from jobcenter.konten.models import User

PASSWORT_HINWEIS = "Mindestens 12 Zeichen. Gut ist ein Satz, den Sie sich leicht merken. Nicht Ihr Name, kein gängiges Wort."
CODE_HINWEIS = "Sechs Ziffern aus Ihrer App, oder einer Ihrer Notfallcodes."


class _HausFormMixin(KernFormMixin):
    """`words` gives label, hint and the sentence for an empty field: name → (label, hint, sentence)."""

    words: dict[str, tuple[str, str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint, missing) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.error_messages["required"] = missing
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


_NEW_PASSWORD = {
    "password1": ("Neues Passwort", PASSWORT_HINWEIS, "Das neue Passwort fehlt. Tragen Sie mindestens 12 Zeichen ein."),
    "password2": ("Neues Passwort noch einmal", "", "Die Wiederholung fehlt. Tragen Sie das neue Passwort noch einmal ein."),
}


class AnmeldungForm(_HausFormMixin, LoginForm):
    words = {
        "login": ("E-Mail-Adresse", "", "Die E-Mail-Adresse fehlt. Tragen Sie die Adresse Ihres Kontos ein."),
        "password": ("Passwort", "", "Das Passwort fehlt. Tragen Sie es ein."),
    }


class PasswortVergessenForm(_HausFormMixin, ResetPasswordForm):
    words = {
        "email": (
            "E-Mail-Adresse",
            "Die Adresse, mit der Sie sich anmelden.",
            "Die E-Mail-Adresse fehlt. Tragen Sie die Adresse Ihres Kontos ein.",
        )
    }


class NeuesPasswortForm(_HausFormMixin, ResetPasswordKeyForm):
    words = _NEW_PASSWORD


class PasswortAendernForm(_HausFormMixin, ChangePasswordForm):
    words = {"oldpassword": ("Bisheriges Passwort", "", "Das bisherige Passwort fehlt. Tragen Sie es ein.")} | _NEW_PASSWORD


class PasswortSetzenForm(_HausFormMixin, SetPasswordForm):
    words = _NEW_PASSWORD


class PasswortBestaetigenForm(_HausFormMixin, ReauthenticateForm):
    words = {"password": ("Passwort", "", "Das Passwort fehlt. Tragen Sie es ein.")}


class _CodeFormMixin(_HausFormMixin):
    words = {"code": ("Code", CODE_HINWEIS, "Der Code fehlt. Tragen Sie die sechs Ziffern aus Ihrer App ein.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"class": "eingabe--code", "inputmode": "text", "autocapitalize": "off", "spellcheck": "false"}


class CodeForm(_CodeFormMixin, mfa_forms.AuthenticateForm):
    pass


class CodeBestaetigenForm(_CodeFormMixin, mfa_forms.ReauthenticateForm):
    pass


class AppEinrichtenForm(_CodeFormMixin, ActivateTOTPForm):
    words = {
        "code": (
            "Code aus der App",
            "Sechs Ziffern. Die App zeigt alle 30 Sekunden neue.",
            "Der Code fehlt. Tragen Sie die sechs Ziffern aus Ihrer App ein.",
        )
    }


# --- passkeys ---------------------------------------------------------------------------------------------------
PASSKEY_PASST_NICHT = "Dieser Passkey passt zu keinem Konto, oder die Anfrage war zu alt. Versuchen Sie es noch einmal."


class PasskeyAnlegenForm(_HausFormMixin, AddWebAuthnForm):
    """Always a passkey: kept on the device and unlocked there, so that it signs in without a password."""

    words = {
        "name": ("Name des Passkeys", "Damit Sie ihn wiedererkennen, zum Beispiel „Diensthandy“.", "Der Name fehlt. Tragen Sie einen ein."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["name"].validators.append(MaxLengthValidator(60))
        self.fields["name"].widget.attrs["maxlength"] = "60"
        self.fields["credential"].error_messages |= {"required": PASSKEY_PASST_NICHT, "invalid": PASSKEY_PASST_NICHT}


class PasskeyUmbenennenForm(_HausFormMixin, EditWebAuthnForm):
    words = {"name": ("Name des Passkeys", "", "Der Name fehlt. Tragen Sie einen ein.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(60))
        self.fields["name"].widget.attrs["maxlength"] = "60"


class _PasskeyPruefenMixin(_HausFormMixin):
    """What the device answers is checked by allauth; a fault gets the house's sentence."""

    words = {"credential": ("Passkey", "", PASSKEY_PASST_NICHT)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages["invalid"] = PASSKEY_PASST_NICHT

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]  # of allauth's form beside it
        except ValidationError as error:
            if getattr(error, "code", "") != "incorrect_code":
                raise
            raise ValidationError(PASSKEY_PASST_NICHT, code="incorrect_code") from error


class PasskeyAnmeldungForm(_PasskeyPruefenMixin, LoginWebAuthnForm):
    pass


class PasskeyCodeForm(_PasskeyPruefenMixin, AuthenticateWebAuthnForm):
    pass


class PasskeyBestaetigenForm(_PasskeyPruefenMixin, ReauthenticateWebAuthnForm):
    pass


# --- one's own account ------------------------------------------------------------------------------------------
class EinladungAnnehmenForm(_HausFormMixin, SetPasswordForm):
    words = {
        "password1": ("Passwort", PASSWORT_HINWEIS, "Das Passwort fehlt. Tragen Sie mindestens 12 Zeichen ein."),
        "password2": ("Passwort noch einmal", "", "Die Wiederholung fehlt. Tragen Sie das Passwort noch einmal ein."),
    }


class MailAendernForm(KernForm):
    email = forms.EmailField(label="Neue E-Mail-Adresse", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class BenachrichtigungenForm(KernForm):
    takt = forms.ChoiceField(label="Wann möchten Sie E-Mails bekommen?", choices=Posttakt.choices, widget=forms.RadioSelect)


# --- administration ---------------------------------------------------------------------------------------------
class KontoForm(KernForm):
    """What administration may change in somebody's account."""

    name = forms.CharField(label="Vor- und Nachname", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    rollen = forms.MultipleChoiceField(
        label="Rollen",
        help_text="Mitglieder des Beirats brauchen keine Rolle. Ihr Sitz gibt ihnen ihre Rechte.",
        choices=[(rolle.value, rolle.label) for rolle in VERGEBBAR],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Diese Rolle gibt es nicht. Wählen Sie Rollen aus der Liste."},
    )
    gueltig_bis = DatumField(label="Letzter Tag", help_text="Am Tag danach ist keine Anmeldung mehr möglich.", required=False)

    def clean_rollen(self) -> list[Rolle]:
        return [Rolle(value) for value in self.cleaned_data["rollen"]]


class KontoBearbeitenForm(KontoForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class KontoEinladenForm(KontoForm):
    email = forms.EmailField(
        label="E-Mail-Adresse",
        help_text="An diese Adresse geht die Einladung.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["name", "email", "rollen", "gueltig_bis"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError("Zu dieser E-Mail-Adresse gibt es schon ein Konto. Suchen Sie es in der Liste der Konten.")
        return email

    def clean_gueltig_bis(self) -> date | None:
        tag = self.cleaned_data["gueltig_bis"]
        if tag is not None and tag < clock.today():
            raise ValidationError("Der letzte Tag liegt in der Vergangenheit. Tragen Sie einen späteren ein oder lassen Sie das Feld leer.")
        return tag
