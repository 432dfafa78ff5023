"""Input of a year's money: budget, lines of the finance plan, moves between the titles, what was paid in each month."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from jobcenter.common import clock
from jobcenter.common.forms import CentField, DatumField, KernForm, ZahlField
from jobcenter.common.typography import MINUS, MONATE, NBSP, euro
from kennzahlen.forms.ziele import DezimalField
from massnahmen.actions import Budgetangaben, Teilbudgetangaben
from massnahmen.enums import Umschichtungsrichtung
from massnahmen.forms.massnahme import InstrumentField
from massnahmen.models import Budget, Instrument, Teilbudget
from massnahmen.queries import estimate_egt, find_toepfe

MOST_MONEY = 10_000_000_000_00  # cents, as the database has it
FIRST_YEAR, LAST_YEAR = 2005, 2100
LEAST_PLAN, MOST_PLAN = Decimal(100), Decimal(130)
TOPF_MOST = 100_000_000_000_00
MONATSNUMMERN = range(1, 13)
_SHARE = re.compile(r"\d{1,3}(?:,\d{1,4})?", re.ASCII)


def _money(label: str, help_text: str = "", *, required: bool = False, **kwargs: Any) -> CentField:
    return CentField(
        label=label,
        required=required,
        help_text=help_text,
        max_cent=MOST_MONEY,
        error_messages={
            "required": f"„{label}“ fehlt. Tragen Sie eine Summe in Euro ein, zum Beispiel 455.000.",
            "too_large": f"„{label}“ ist zu groß. Möglich sind höchstens {euro(MOST_MONEY)}.",
            "zero": f"„{label}“ muss größer als 0 sein.",
        },
        **kwargs,
    )


class AnteilField(DezimalField):
    """A share in per cent with up to four places, as the Verordnung prints it: 0,2086."""

    default_error_messages = {"invalid": "Das ist kein Anteil in Prozent. Schreiben Sie ihn wie in der Verordnung, zum Beispiel 0,2086."}

    def to_python(self, value: object) -> Decimal | None:
        if value in self.empty_values or isinstance(value, Decimal):
            return value or None  # type: ignore[return-value]
        text = re.sub(r"\s", "", str(value)).removesuffix("%")
        if not _SHARE.fullmatch(text) or (share := Decimal(text.replace(",", "."))) > 100:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return share


class SaldoField(CentField):
    """Money that may come back: „-1.200“ is more returned than paid."""

    def to_python(self, value: object) -> int | None:
        text = str(value).strip() if isinstance(value, str) else ""
        if text.startswith(("-", MINUS, "–")):
            cent = super().to_python(text[1:])
            return None if cent is None else -cent
        return super().to_python(value)

    def validate(self, value: int | None) -> None:
        super().validate(None if value is None else abs(value))


class BudgetForm(KernForm):
    """What a year is allotted and what its administration costs; beside it the means of an estimate, which are not kept."""

    jahr = ZahlField(
        label="Jahr",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={
            "required": "Das Jahr fehlt. Tragen Sie es mit vier Ziffern ein.",
            "min_value": f"Das Jahr kann nicht stimmen. Möglich sind {FIRST_YEAR} bis {LAST_YEAR}.",
            "max_value": f"Das Jahr kann nicht stimmen. Möglich sind {FIRST_YEAR} bis {LAST_YEAR}.",
        },
    )
    zuteilung_egt_cent = _money("Zuteilung Eingliederungstitel", "Was der Bund für Maßnahmen zuteilt.", required=True)
    zuteilung_vwk_cent = _money("Zuteilung Verwaltungskosten", "Was der Bund für Personal, Sachkosten und Gemeinkosten zuteilt.")
    ist_schaetzung = forms.BooleanField(
        label="Die Zuteilung ist geschätzt", required=False, help_text="Bis der Bund endgültig zuteilt, meist im Januar."
    )
    quelle = forms.CharField(
        label="Quelle", required=False, max_length=160, help_text="Woher die Zahlen kommen, zum Beispiel: Bescheid des BMAS vom 12. Januar."
    )
    ueberplanung_prozent = DezimalField(
        label="Geplant werden dürfen (in Prozent)",
        initial=Decimal(100),
        help_text="100 heißt: nicht mehr, als verfügbar ist. 110 heißt: ein Zehntel mehr, weil nicht jeder geplante Platz besetzt wird.",
        error_messages={"required": "Der Prozentwert fehlt. Ohne Überplanung tragen Sie 100 ein."},
    )
    personal_cent = _money("Personalkosten")
    sach_cent = _money("Sachkosten")
    gemein_cent = _money("Gemeinkosten")
    zeilen_vom_vorjahr = forms.BooleanField(
        label="Teilbudgets vom Vorjahr übernehmen",
        required=False,
        initial=True,
        help_text="Mit ihrem Plan, aber ohne Vorbindungen und Ausgaben. Sie ändern danach, was anders wird.",
    )
    anteil1 = AnteilField(label="Anteil Anlage 1 (in Prozent)", required=False)
    anteil2 = AnteilField(label="Anteil Anlage 2 (in Prozent)", required=False)
    topf_cent = CentField(label="Gesamtbetrag aller Jobcenter", required=False, max_cent=TOPF_MOST)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, jahr: int | None = None, budget: Budget | None = None, hat_vorjahr: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        toepfe = find_toepfe(jahr or clock.today().year + 1)
        self.fields["topf_cent"].initial = toepfe.egt_cent if toepfe else None
        self.fields["jahr"].prepare_value = lambda value: value  # type: ignore[method-assign]  # a year has no thousands point
        if budget is None:
            del self.fields["version"]
        else:
            del self.fields["jahr"]
        if not hat_vorjahr:
            del self.fields["zeilen_vom_vorjahr"]

    def clean_ueberplanung_prozent(self) -> Decimal:
        value: Decimal = self.cleaned_data["ueberplanung_prozent"]
        if not LEAST_PLAN <= value <= MOST_PLAN or value * 10 != (value * 10).to_integral_value():
            raise ValidationError("Möglich sind 100 bis 130 Prozent mit höchstens einer Stelle nach dem Komma.")
        return value

    def estimate(self) -> int | None:
        """The estimate from the shares typed; None where one of them is missing or wrong, which its field then says."""
        self.is_valid()
        for name, words in (("anteil1", "Der Anteil aus Anlage 1 fehlt."), ("anteil2", "Der Anteil aus Anlage 2 fehlt.")):
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, f"{words} Er steht in der Eingliederungsmittel-Verordnung, zum Beispiel 0,2086.")
        if "topf_cent" not in self.errors and not self.cleaned_data.get("topf_cent"):
            self.add_error("topf_cent", "Der Gesamtbetrag fehlt. Er steht im Bundeshaushalt, zum Beispiel 4.683.000.000.")
        if {"anteil1", "anteil2", "topf_cent"} & set(self.errors):
            return None
        given = self.cleaned_data
        cent = estimate_egt(given["topf_cent"], given["anteil1"], given["anteil2"])
        if cent > MOST_MONEY:
            self.add_error("topf_cent", f"Das ergibt mehr als {euro(MOST_MONEY)}. Prüfen Sie Gesamtbetrag und Anteile.")
            return None
        return cent

    def to_angaben(self) -> Budgetangaben:
        """What the person stated; after is_valid()."""
        given = self.cleaned_data
        money = ("zuteilung_egt_cent", "zuteilung_vwk_cent", "personal_cent", "sach_cent", "gemein_cent")
        return Budgetangaben(
            **{name: given[name] or 0 for name in money},
            ist_schaetzung=given["ist_schaetzung"],
            quelle=given["quelle"],
            ueberplanung_prozent=given["ueberplanung_prozent"],
        )


def stored_budget(budget: Budget) -> dict[str, Any]:
    """A budget as the form's initial values; no money is an empty field, except the Zuteilung itself."""
    values = {name: getattr(budget, name) for name in BudgetForm.base_fields if hasattr(budget, name)}
    empty = ("zuteilung_vwk_cent", "personal_cent", "sach_cent", "gemein_cent")
    return {name: (value or None) if name in empty else value for name, value in values.items()}


class TeilbudgetForm(KernForm):
    """A line of the finance plan. An instrument is there once in a year; without one the line stands for itself."""

    name = forms.CharField(
        label="Bezeichnung",
        max_length=120,
        help_text="So heißt die Zeile im Finanzplan, zum Beispiel: Vermittlungsbudget.",
        error_messages={"required": "Die Bezeichnung fehlt. Schreiben Sie, wie die Zeile im Finanzplan heißen soll."},
    )
    instrument = InstrumentField(
        label="Instrument",
        queryset=Instrument.objects.none(),
        required=False,
        empty_label="Keines, die Zeile steht für sich",
        help_text="Mit Instrument zählt der Finanzplan Verträge und Maßnahmen dieser Zeile selbst dazu.",
        error_messages={"invalid_choice": "Dieses Instrument gilt in diesem Jahr nicht. Wählen Sie eines aus der Liste."},
    )
    plan_cent = _money("Plan", "In Euro für das ganze Jahr, zum Beispiel 455.000.", required=True)
    vorbindung_cent = _money(
        "Vorbindung", "Was aus früheren Jahren schon zugesagt ist und nicht als Vertrag im Portal steht. Verträge zählen von selbst."
    )
    bemerkung = forms.CharField(label="Bemerkung", required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, budget: Budget, teilbudget: Teilbudget | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = list(budget.teilbudgets.exclude(pk=teilbudget.pk if teilbudget else None))
        begun = Q(gueltig_von=None) | Q(gueltig_von__lte=date(budget.jahr, 12, 31))
        not_ended = Q(gueltig_bis=None) | Q(gueltig_bis__gte=date(budget.jahr, 1, 1))
        stored = Q(pk=teilbudget.instrument_id if teilbudget else None)
        self.fields["instrument"].queryset = Instrument.objects.filter((begun & not_ended) | stored)
        if teilbudget is None:
            del self.fields["version"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if any(other.name == name for other in self.others):
            raise ValidationError(f"„{name}“ steht schon im Plan. Geben Sie dem Teilbudget einen anderen Namen.")
        return name

    def clean_instrument(self) -> Instrument | None:
        instrument = self.cleaned_data["instrument"]
        taken = next((other for other in self.others if instrument and other.instrument_id == instrument.pk), None)
        if taken:
            raise ValidationError(f"Dieses Instrument gehört schon zu „{taken.name}“. Wählen Sie ein anderes.")
        return instrument

    def to_angaben(self) -> Teilbudgetangaben:
        """What the person stated; after is_valid()."""
        given = self.cleaned_data
        return Teilbudgetangaben(
            name=given["name"],
            plan_cent=given["plan_cent"],
            vorbindung_cent=given["vorbindung_cent"] or 0,
            instrument=given["instrument"],
            bemerkung=given["bemerkung"],
        )


def stored_teilbudget(row: Teilbudget) -> dict[str, Any]:
    """A line as the form's initial values."""
    return {name: getattr(row, name) for name in TeilbudgetForm.base_fields} | {"vorbindung_cent": row.vorbindung_cent or None}


class UmschichtungForm(KernForm):
    richtung = forms.ChoiceField(
        label="Wohin geht das Geld?",
        choices=Umschichtungsrichtung.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Die Richtung fehlt. Wählen Sie, aus welchem Titel das Geld kommt.",
            "invalid_choice": "Diese Richtung gibt es nicht. Wählen Sie eine aus der Liste.",
        },
    )
    betrag_cent = _money("Betrag", "In Euro, zum Beispiel 455.000.", required=True, allow_zero=False)
    am = DatumField(label="Umgeschichtet am")
    grund = forms.CharField(
        label="Grund",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ein Satz, den auch jemand versteht, der nicht dabei war.",
        error_messages={"required": "Der Grund fehlt. Schreiben Sie in einem Satz, warum Sie umschichten."},
    )

    def __init__(self, *args: Any, jahr: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jahr = jahr

    def clean_am(self) -> date:
        am: date = self.cleaned_data["am"]
        if am > clock.today():
            raise ValidationError("Der Tag liegt noch vor uns. Tragen Sie die Umschichtung ein, wenn sie gebucht ist.")
        if not self.jahr - 1 <= am.year <= self.jahr + 1:
            raise ValidationError(f"Der Tag passt nicht zum Budget {self.jahr}. Prüfen Sie das Jahr.")
        return am


class AusgabenForm(KernForm):
    """Twelve months of one line; a month left empty is one of which nothing is known yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, jahr: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jahr = jahr
        for monat in MONATSNUMMERN:
            self.fields[f"monat_{monat}"] = SaldoField(
                label=MONATE[monat - 1],
                required=False,
                max_cent=MOST_MONEY,
                error_messages={"too_large": f"{MONATE[monat - 1]}: Der Betrag ist zu groß. Möglich sind höchstens {euro(MOST_MONEY)}."},
            )

    def clean(self) -> None:
        today = clock.today()
        for monat in MONATSNUMMERN:
            name = f"monat_{monat}"
            if self.cleaned_data.get(name) is not None and (self.jahr, monat) > (today.year, today.month):
                self.add_error(name, f"Der {MONATE[monat - 1]}{NBSP}{self.jahr} liegt noch vor uns. Lassen Sie ihn frei.")

    @property
    def monatsfelder(self) -> list[forms.BoundField]:
        return [self[f"monat_{monat}"] for monat in MONATSNUMMERN]

    def to_betraege(self) -> dict[int, int | None]:
        """Cents by month; after is_valid()."""
        return {monat: self.cleaned_data[f"monat_{monat}"] for monat in MONATSNUMMERN}


def stored_ausgaben(row: Teilbudget) -> dict[str, Any]:
    """What was paid out of a line as the form's initial values. One query."""
    return {f"monat_{monat}": cent for monat, cent in row.ausgaben.values_list("monat", "betrag_cent")} | {"version": row.version}
