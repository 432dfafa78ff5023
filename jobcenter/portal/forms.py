"""What visitors and administration write about barriers."""

import uuid
from typing import Any

from django import forms
from django.core import signing

from jobcenter.common import clock
from jobcenter.common.forms import KernForm

MIN_SECONDS = 3  # nobody reads and fills the form faster
MAX_SECONDS = 24 * 60 * 60
_SALT = "portal.barriere_melden"


class BarriereMeldenForm(KernForm):
    """The public form. It carries no CSRF token, because public pages set no cookie; its `marke` stands in for one.

    The mark is signed and says when the form was given out and under which key: too fast and too old are refused, twice
    is once. `webseite` is for programs that fill in every field; people do not see it. Whoever is refused keeps the text.
    """

    was = forms.CharField(
        label="Was geht nicht?",
        help_text="Zum Beispiel: „Ich kann das Menü mit der Tastatur nicht öffnen.“ Nennen Sie bitte auch Ihr Hilfsmittel, wenn Sie eines "
        "benutzen.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Die Beschreibung fehlt. Schreiben Sie in ein oder zwei Sätzen, was nicht geht."},
    )
    seite = forms.CharField(
        label="Wo ist es Ihnen aufgefallen?",
        help_text="Die Adresse der Seite oder der Name des Dokuments.",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mail = forms.EmailField(
        label="Ihre E-Mail-Adresse",
        help_text="Nur, wenn Sie eine Antwort möchten.",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    webseite = forms.CharField(
        label="Bitte leer lassen", required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )
    marke = forms.CharField(required=False, widget=forms.HiddenInput)

    schluessel: uuid.UUID

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("marke", issue_marke())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        refused = self._read_marke(data.get("marke", ""))
        if data.get("webseite"):
            refused = "Ein Feld, das leer bleiben muss, war ausgefüllt. Wir haben es geleert. Senden Sie die Meldung bitte noch einmal."
            self._replace("webseite", "")
        if refused:
            self.add_error(None, refused)
        return data

    def _read_marke(self, marke: str) -> str:
        """Take the key out of the mark; a sentence when the form has to be sent again."""
        try:
            given = signing.loads(marke, salt=_SALT)
            self.schluessel, age = uuid.UUID(given["schluessel"]), clock.now().timestamp() - given["um"]
        except (signing.BadSignature, KeyError, TypeError, ValueError):
            age = MAX_SECONDS + 1.0
        if not 0 <= age <= MAX_SECONDS:
            self._replace("marke", issue_marke())
            return "Dieses Formular war zu lange offen. Ihr Text steht noch da. Senden Sie ihn bitte noch einmal."
        if age < MIN_SECONDS:
            return "Das ging sehr schnell. Prüfen Sie Ihre Angaben und senden Sie die Meldung bitte noch einmal."
        return ""

    def _replace(self, name: str, value: str) -> None:
        """What the refused form shows instead of what was sent."""
        self.data = self.data.copy()
        self.data[name] = value


class BarriereBeantwortenForm(KernForm):
    antwort = forms.CharField(
        label="Ihre Antwort",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Die Antwort fehlt. Schreiben Sie, was Sie geändert haben oder bis wann Sie es ändern."},
    )


def issue_marke() -> str:
    return signing.dumps({"schluessel": str(uuid.uuid4()), "um": clock.now().timestamp()}, salt=_SALT)
