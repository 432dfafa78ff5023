"""Kennzahlen of the house's own, and single values of them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from jobcenter.common.forms import CentField, KernForm, MonatField, ZahlField, ZeitraumField
from kennzahlen.enums import Einheit, Genauigkeit, Geschlecht, Kennzahlart, Richtung, Zeitbezug
from kennzahlen.forms.quelle import QuelleForm
from kennzahlen.forms.ziele import DezimalField
from kennzahlen.forms.zitate import GENAUIGKEITEN
from kennzahlen.models import Jobcenter, Kennzahl, Messwert, month_bounds

MOST = 10**12  # people, events or euros: more is a slip
MOST_QUOTE = Decimal(100_000)  # per cent, what the database holds


ADRESSEN = frozenset({"vergleich", "begriffe"})  # pages beside those of the Kennzahlen


class EigeneForm(KernForm):
    """What a new Kennzahl counts. Once defined it stays as it is, because values hang on it."""

    name = forms.CharField(label="Name", max_length=160, help_text="So steht sie auf der Seite der Kennzahlen. Zum Beispiel: Beratungen.")
    code = forms.CharField(
        label="Kürzel",
        max_length=20,
        help_text="Steht in der Adresse der Seite und bleibt. Kleine Buchstaben, Ziffern und Bindestriche, zum Beispiel: beratungen.",
        validators=[
            RegexValidator(
                r"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\Z",
                "Das Kürzel beginnt mit einem kleinen Buchstaben. Erlaubt sind a bis z, 0 bis 9 und Bindestriche.",
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    frage = forms.CharField(
        label="Welche Frage beantwortet sie?",
        max_length=160,
        required=False,
        help_text="In einfachen Worten, zum Beispiel: Wie oft beraten wir?",
    )
    definition = forms.CharField(
        label="Was wird gezählt?",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="So genau, dass zwei Menschen auf dieselbe Zahl kommen: wer oder was, wann, und was nicht dazugehört.",
        error_messages={"required": "Die Definition fehlt. Schreiben Sie, was gezählt wird und was nicht dazugehört."},
    )
    einheit = forms.ChoiceField(label="Einheit", choices=Einheit.choices, widget=forms.RadioSelect, initial=Einheit.ANZAHL)
    zeitbezug = forms.ChoiceField(
        label="Wann wird gezählt?",
        choices=Zeitbezug.choices,
        widget=forms.RadioSelect,
        initial=Zeitbezug.STROM,
        help_text="Ereignisse mehrerer Monate lassen sich zusammenzählen, Bestände nicht.",
    )
    richtung = forms.ChoiceField(label="Was ist gut?", choices=Richtung.choices, widget=forms.RadioSelect, initial=Richtung.NEUTRAL)
    teil_von = forms.ModelChoiceField(
        label="Teil von",
        queryset=Kennzahl.objects.filter(art=Kennzahlart.EIGENE, einheit=Einheit.ANZAHL).order_by("name"),
        required=False,
        empty_label="Kein Teil einer anderen Kennzahl",
        help_text="Nur wenn alle Teile zusammen diese Kennzahl ergeben. Die Geheimhaltung kleiner Zahlen rechnet damit.",
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code.lower() in ADRESSEN or code.lower().endswith(("-eigene", "-revisionen")):
            raise forms.ValidationError(f"Das Kürzel „{code}“ braucht das Portal für eine Adresse. Wählen Sie ein anderes.")
        if Kennzahl.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(f"Eine Kennzahl mit dem Kürzel „{code}“ gibt es schon. Wählen Sie ein anderes.")
        return code

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        whole = given.get("teil_von")
        if whole and (whole.einheit, whole.zeitbezug) != (given.get("einheit"), given.get("zeitbezug")):
            self.add_error(
                "teil_von", f"„{whole}“ wird anders gezählt. Ein Teil hat dieselbe Einheit und denselben Zeitbezug wie das Ganze."
            )
        return given

    def to_angaben(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        kinds = {"einheit": Einheit(given["einheit"]), "zeitbezug": Zeitbezug(given["zeitbezug"]), "richtung": Richtung(given["richtung"])}
        return given | kinds


class MesswertForm(QuelleForm):
    """One value as a source states it: whose, of when, for whom, how much. A rate is counted or quoted."""

    jobcenter = forms.ModelChoiceField(label="Jobcenter", queryset=Jobcenter.objects.order_by("name", "traegernummer"), empty_label=None)
    monat = MonatField(label="Monat", required=False, help_text="Für einen ganzen Monat.")
    zeitraum = ZeitraumField(
        label="Oder ein anderer Zeitraum", required=False, help_text="Vom ersten bis zum letzten Tag. Für einen Stichtag zweimal denselben."
    )
    geschlecht = forms.ChoiceField(label="Für wen?", choices=Geschlecht.choices, widget=forms.RadioSelect, initial=Geschlecht.INSGESAMT)
    zaehler = ZahlField(label="Anzahl", min_value=0, max_value=MOST)
    nenner = ZahlField(label="Nenner", min_value=1, max_value=MOST, required=False, help_text="Wovon ist das ein Teil?")
    zitat = DezimalField(
        label="Oder die Quote, wie die Quelle sie nennt",
        required=False,
        help_text="Nur wenn die Quelle Zähler und Nenner nicht nennt. Mit einer solchen Quote rechnet das Portal nicht.",
    )
    genauigkeit = forms.ChoiceField(label="Wie genau nennt die Quelle die Zahl?", choices=GENAUIGKEITEN, initial=Genauigkeit.GENAU)

    EINES_VON = (*QuelleForm.EINES_VON, "monat", "zeitraum")
    EINES_VON_QUOTE = ("zaehler", "nenner", "zitat")
    field_order = ["jobcenter", "monat", "zeitraum", "geschlecht", "zaehler", "nenner", "zitat", "genauigkeit"]

    def __init__(self, *args: Any, kennzahl: Kennzahl, **kwargs: Any) -> None:
        self.kennzahl = kennzahl
        if kennzahl.ist_quote:
            self.EINES_VON += self.EINES_VON_QUOTE
        super().__init__(*args, **kwargs)
        if kennzahl.ist_quote:
            self.fields["zaehler"].label = "Zähler"
        else:
            del self.fields["nenner"], self.fields["zitat"]
        if kennzahl.einheit == Einheit.CENT:
            self.fields["zaehler"] = CentField(label="Betrag in Euro", help_text="Zum Beispiel 455.000 oder 455.000,50.")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self._clean_period(given)
        if self.kennzahl.ist_quote:
            self._clean_quote(given)
        key = {name: given.get(name) for name in ("jobcenter", "geschlecht", "von", "bis")}
        if all(key.values()) and given.get("quelle") and given.get("stand"):
            same = Messwert.objects.filter(
                kennzahl=self.kennzahl, datenstand__quelle=given["quelle"], datenstand__tag=given["stand"], **key
            )
            if same.exists():
                self.add_error(
                    "stand", "Mit diesem Stand gibt es den Wert schon. Eine Korrektur erhält den Tag, an dem sie veröffentlicht wurde."
                )
        return given

    def _clean_period(self, given: dict[str, Any]) -> None:
        if self.errors.keys() & {"monat", "zeitraum"}:
            return
        monat, zeitraum = given.get("monat"), given.get("zeitraum")
        if monat and zeitraum:
            self.add_error("monat", "Nennen Sie entweder einen Monat oder einen anderen Zeitraum, nicht beides.")
        elif not monat and not zeitraum:
            self.add_error("monat", "Der Zeitraum fehlt. Wählen Sie einen Monat, oder tragen Sie den ersten und den letzten Tag ein.")
        else:
            given["von"], given["bis"] = month_bounds(monat) if monat else zeitraum

    def _clean_quote(self, given: dict[str, Any]) -> None:
        if self.errors.keys() & {"zaehler", "nenner", "zitat"}:
            return
        zaehler, nenner, zitat = (given.get(name) for name in ("zaehler", "nenner", "zitat"))
        if zitat is not None:
            if zaehler is not None or nenner is not None:
                self.add_error("zitat", "Nennen Sie entweder Zähler und Nenner oder die Quote, nicht beides.")
            elif abs(zitat) >= MOST_QUOTE:
                self.add_error("zitat", "Die Quote ist zu groß. Prüfen Sie, ob ein Komma fehlt.")
        elif zaehler is None:
            self.add_error("zaehler", "Der Zähler fehlt. Tragen Sie Zähler und Nenner ein, oder die Quote, wie die Quelle sie nennt.")
        elif nenner is None:
            self.add_error("nenner", "Zum Zähler fehlt der Nenner. Tragen Sie ein, wovon das ein Teil ist.")

    def to_angaben(self) -> dict[str, Any]:
        """For the action; without the source."""
        given = self.cleaned_data
        names = ("jobcenter", "von", "bis", "stand", "zaehler", "nenner", "zitat")
        return {name: given.get(name) for name in names} | {
            "kennzahl": self.kennzahl,
            "geschlecht": Geschlecht(given["geschlecht"]),
            "genauigkeit": Genauigkeit(given["genauigkeit"]),
        }

    def to_quelle(self) -> dict[str, Any]:
        """A new source, for the action that names it."""
        return {name: self.cleaned_data[name] for name in ("art", "herausgeber", "titel", "lizenz", "url")}
