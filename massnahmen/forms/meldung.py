"""Input of monthly reports and of the Verbleib. What an empty field means is said at it; every doubt stands at its field."""

from typing import Any

from django import forms

from jobcenter.common.forms import CentField, KernForm, MonatField, ZahlField
from massnahmen.models import Monatsmeldung, Verbleib
from massnahmen.queries import Meldungsangaben, Meldungsstand, check_meldung, check_verbleib
from massnahmen.queries.meldungen import ANZAHLEN, Problem

_HELP = {
    "zuweisungen": "Wen das Jobcenter in diesem Monat zugewiesen hat.",
    "nichtantritte": "Zugewiesen, aber nie begonnen.",
    "austritte_arbeit": "Auch vor dem geplanten Ende: Das ist kein Abbruch.",
    "austritte_sonstige": "Zum Beispiel Umzug, Rente, Mutterschutz.",
    "integrationen": "Wer eine Arbeit oder Ausbildung begonnen hat.",
}


class _GeprueftForm(KernForm):
    """A form whose sentences come from the same check as the action's."""

    def show(self, probleme: list[Problem]) -> None:
        for name, sentence in probleme:
            self.add_error(name if name in self.fields else None, sentence)


class MeldungForm(_GeprueftForm):
    """One month. Counts that stay empty are 0; the month of a stored report stays as it is."""

    monat = MonatField(label="Monat", help_text="Zum Beispiel 10/2026.")
    teilnahmetage = ZahlField(
        label="Teilnahmetage",
        help_text="Jeder Tag zählt, an dem jemand in der Maßnahme war, von Eintritt bis Austritt. Auch Wochenenden.",
        error_messages={"required": "Die Teilnahmetage fehlen. Tragen Sie eine Zahl ein. War niemand da, tragen Sie 0 ein."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, stand: Meldungsstand, meldung: Monatsmeldung | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stand, self.meldung = stand, meldung
        del self.fields["monat" if meldung else "version"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.errors:
            self.show(check_meldung(self.stand, self.to_angaben(), neu=self.meldung is None))
        return given

    def to_angaben(self) -> Meldungsangaben:
        """What the person stated; after is_valid()."""
        given = self.cleaned_data
        numbers = {name: given[name] or 0 for name in (*ANZAHLEN, "teilnahmetage", "kosten_cent")}
        return Meldungsangaben(monat=self.meldung.monat if self.meldung else given["monat"], **numbers)

    @property
    def zugaenge(self) -> list[forms.BoundField]:
        return [self[name] for name in ("zuweisungen", "nichtantritte", "eintritte")]

    @property
    def abgaenge(self) -> list[forms.BoundField]:
        return [self[name] for name in ANZAHLEN if name.startswith("austritte")]


for _name, _label in ANZAHLEN.items():
    MeldungForm.base_fields[_name] = ZahlField(label=_label, required=False, help_text=_HELP.get(_name, ""))
MeldungForm.base_fields["kosten_cent"] = CentField(
    label="Kosten", required=False, help_text="Was die Maßnahme in diesem Monat gekostet hat, in Euro. Zum Beispiel 18.450,20."
)


def stored_meldung(meldung: Monatsmeldung) -> dict[str, Any]:
    """A report as the form's initial values."""
    return {name: getattr(meldung, name) for name in MeldungForm.base_fields if name != "monat"}


class VerbleibForm(_GeprueftForm):
    """What became of those who left in one month, six months later."""

    austritte = ZahlField(label="Austritte", help_text="So viele, wie für den Monat gemeldet sind.")
    beschaeftigt = ZahlField(
        label="Davon sozialversicherungspflichtig beschäftigt",
        help_text="Sechs Monate nach dem Austritt.",
        error_messages={"required": "Die Zahl der Beschäftigten fehlt. War niemand beschäftigt, tragen Sie 0 ein."},
    )
    nicht_arbeitslos = ZahlField(
        label="Davon nicht arbeitslos",
        help_text="Sechs Monate nach dem Austritt. Beschäftigte zählen mit.",
        error_messages={"required": "Die Zahl fehlt. Waren alle arbeitslos, tragen Sie 0 ein."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, stand: Meldungsstand, monat: Any, verbleib: Verbleib | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stand, self.monat = stand, monat
        if verbleib is None:
            del self.fields["version"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.errors:
            self.show(check_verbleib(self.stand, self.monat, tuple(self.to_werte().values())))
        return given

    def to_werte(self) -> dict[str, int]:
        """austritte, beschaeftigt, nicht_arbeitslos; after is_valid()."""
        return {name: self.cleaned_data[name] for name in ("austritte", "beschaeftigt", "nicht_arbeitslos")}
