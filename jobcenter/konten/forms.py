"""allauth's forms in the house's words: no placeholders, a label and a sentence for every fault."""

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
from allauth.mfa.totp.forms import ActivateTOTPForm

from jobcenter.common.forms import KernFormMixin

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
