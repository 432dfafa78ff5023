"""Input of a measure: German numbers and money in, checked values out."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.functional import cached_property

from jobcenter.common.forms import CentField, DatumField, KernForm, ZahlField
from jobcenter.common.typography import datum, euro, prozent, zahl
from massnahmen.actions import Positionsangaben
from massnahmen.enums import Finanzquelle, Instrumentgruppe, Vergabestand
from massnahmen.models import Arbeitsmarktprogramm, Handlungsfeld, Instrument, Massnahme, Programmposition, Traeger, Zielgruppe
from massnahmen.queries import Massnahmenspielraum, is_conducted, is_settled_by_stand, read_massnahmenspielraum

MOST_MONEY = 1_000_000_000_00  # cents; a slip of three digits is more


class _GroupedInstruments(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        for gruppe, instruments in groupby(self.queryset, key=lambda instrument: instrument.gruppe):
            yield (Instrumentgruppe(gruppe).label, [self.choice(instrument) for instrument in instruments])


class InstrumentField(forms.ModelChoiceField):
    """By group, each as the law and as the house calls it."""

    iterator = _GroupedInstruments

    def label_from_instance(self, instrument: Instrument) -> str:
        return f"{instrument} – „{instrument.praxisname}“" if instrument.praxisname else str(instrument)


def _zahl_field(label: str, most: int, *, least: int = 0, help_text: str = "", too_many: str = "") -> ZahlField:
    return ZahlField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        help_text=help_text,
        error_messages={
            "invalid": f"{label}: Das ist keine ganze Zahl. Tragen Sie eine Zahl ein, zum Beispiel 12.",
            "min_value": f"{label}: Die Zahl kann nicht kleiner als {least} sein.",
            "max_value": f"{label}: {too_many or f'Das sind zu viele. Erlaubt sind höchstens {zahl(most)}.'}",
        },
    )


def _money_field(label: str, help_text: str = "") -> CentField:
    return CentField(
        label=label,
        required=False,
        help_text=help_text,
        max_cent=MOST_MONEY,
        error_messages={"too_large": f"„{label}“ ist zu groß. Möglich sind höchstens {euro(MOST_MONEY)}."},
    )


class MassnahmeForm(KernForm):
    """A measure and what one programme year plans with it. `version` is the one that the person saw.

    Only the title is wanted: a draft may have gaps, `queries.check_programm` names them. What is wrong is refused at once.
    """

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
    zielgruppen = forms.ModelMultipleChoiceField(
        label="Für wen ist die Maßnahme?",
        queryset=Zielgruppe.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Diese Zielgruppe gibt es nicht mehr. Wählen Sie eine aus der Liste.",
            "invalid_pk_value": "Diese Zielgruppe gibt es nicht. Wählen Sie eine aus der Liste.",
        },
    )
    zugang = forms.CharField(
        label="Wie kommt man hinein?",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Was jemand als Erstes tut: anrufen, beim nächsten Termin fragen, einen Antrag stellen.",
    )
    ansprechstelle = forms.CharField(label="Wen kann man fragen?", required=False, max_length=160, help_text="Ein Team oder eine Stelle.")
    telefon = forms.CharField(label="Telefon", required=False, max_length=40, help_text="Zum Beispiel 09999 100-0.")
    ort = forms.CharField(label="Ort", required=False, max_length=120, help_text="So, wie man dort hinfindet.")
    instrument = InstrumentField(
        label="Instrument",
        queryset=Instrument.objects.none(),
        required=False,
        empty_label="Noch offen",
        help_text="Worauf sich die Maßnahme im Gesetz stützt. Zur Wahl steht, was in diesem Jahr gilt.",
        error_messages={"invalid_choice": "Dieses Instrument gilt in diesem Programm nicht. Wählen Sie eines aus der Liste."},
    )
    handlungsfeld = forms.ModelChoiceField(
        label="Handlungsfeld",
        queryset=Handlungsfeld.objects.all(),
        required=False,
        empty_label="Noch offen",
        error_messages={"invalid_choice": "Dieses Handlungsfeld gibt es nicht mehr. Wählen Sie eines aus der Liste."},
    )
    vergabestand = forms.ChoiceField(
        label="Vergabe",
        choices=Vergabestand.choices,
        initial=Vergabestand.OFFEN,
        help_text="Wie weit es ist, bis jemand die Maßnahme durchführt.",
        error_messages={"invalid_choice": "Diesen Stand gibt es nicht. Wählen Sie einen aus der Liste."},
    )
    traeger = forms.ModelChoiceField(
        label="Träger",
        queryset=Traeger.objects.all(),
        required=False,
        empty_label="Noch keiner",
        help_text="Erst nach dem Zuschlag: Bis dahin ist geheim, wer geboten hat.",
        error_messages={"invalid_choice": "Diesen Träger gibt es nicht mehr. Wählen Sie einen aus der Liste."},
    )
    beginn = DatumField(label="Beginn", required=False)
    ende = DatumField(label="Ende", required=False)
    jederzeit = forms.BooleanField(label="Der Einstieg ist jederzeit möglich", required=False)
    naechster_start = DatumField(label="Nächster Start", required=False)
    dauer_wochen = _zahl_field("Dauer je Person in Wochen", 520, least=1)
    wochenstunden = _zahl_field("Stunden in der Woche", 48, least=1)
    plaetze = _zahl_field("Plätze", 10_000)
    geplante_eintritte = _zahl_field("Geplante Eintritte", 50_000)
    erfolgskriterium = forms.CharField(
        label="Woran erkennen wir den Erfolg?",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Am besten mit einer Zahl, die wir am Jahresende nachrechnen können.",
    )
    eingliederung_prozent = _zahl_field(
        "Geplante Eingliederungsquote in Prozent",
        100,
        help_text="Wie viele von hundert, die die Maßnahme verlassen, sechs Monate später sozialversicherungspflichtig arbeiten sollen. "
        "Damit vergleicht das Controlling.",
        too_many="Möglich sind 0 bis 100.",
    )
    verpflichtung_cent = _money_field("Verpflichtung für die Folgejahre", "Was schon jetzt für spätere Jahre zugesagt wird.")
    bemerkung = forms.CharField(label="Bemerkung", required=False, max_length=500, help_text="Steht im Programm bei der Maßnahme.")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args: Any,
        programm: Arbeitsmarktprogramm,
        position: Programmposition | None = None,
        vorjahr: Programmposition | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.jahr = programm.jahr
        self.massnahme_id = position.massnahme_id if position else None
        begun = Q(gueltig_von=None) | Q(gueltig_von__lte=date(self.jahr, 12, 31))
        not_ended = Q(gueltig_bis=None) | Q(gueltig_bis__gte=date(self.jahr, 1, 1))
        stored = Q(pk=position.massnahme.instrument_id if position else None)
        self.fields["instrument"].queryset = Instrument.objects.filter((begun & not_ended) | stored)
        if position and position.massnahme.pk:
            self._leave_award_alone(position.massnahme)
        for quelle in Finanzquelle:
            self.fields[f"kosten_{quelle}"] = _money_field(quelle.label)
        self.order_fields([name for name in self.fields if name != "version"])
        if position is None:
            del self.fields["version"]  # a new measure has none yet
        if vorjahr:
            self._set_beside(vorjahr)

    def _leave_award_alone(self, massnahme: Massnahme) -> None:
        """What award and contract that are kept here say is shown, and no longer asked; so is what the way has left behind."""
        conducted = is_conducted(massnahme)
        if not (conducted or is_settled_by_stand(massnahme)):
            return
        self.fields["vergabestand"].disabled = True
        self.fields["traeger"].disabled = conducted
        self.fields["vergabestand"].help_text = f"Folgt aus der Umsetzung der Maßnahme: {massnahme.get_stand_display()}."

    def _set_beside(self, vorjahr: Programmposition) -> None:
        """Say at every figure of the year what the year before planned."""
        before = {name: zahl(getattr(vorjahr, name)) for name in ("plaetze", "geplante_eintritte")}
        if vorjahr.eingliederung_prozent is not None:
            before["eingliederung_prozent"] = prozent(vorjahr.eingliederung_prozent, 0)
        before |= {f"kosten_{finanzierung.quelle}": euro(finanzierung.betrag_cent) for finanzierung in vorjahr.finanzierungen.all()}
        if vorjahr.verpflichtung_cent:
            before["verpflichtung_cent"] = euro(vorjahr.verpflichtung_cent)
        for name, text in before.items():
            field = self.fields[name]
            field.help_text = f"Vorjahr: {text}. {field.help_text}" if field.help_text else f"Vorjahr: {text}"

    @cached_property
    def spielraum(self) -> Massnahmenspielraum | None:
        """What remains for measures with this one as it is stored; None without a budget for the year."""
        instrument = self.initial.get("instrument")
        cost = self.initial.get("kosten_egt")
        return read_massnahmenspielraum(
            self.jahr,
            instrument=instrument.pk if isinstance(instrument, Instrument) else None,
            kosten_cent=cost if isinstance(cost, int) else 0,
            ohne=self.massnahme_id,
        )

    @property
    def kostenfelder(self) -> list[forms.BoundField]:
        return [self[f"kosten_{quelle}"] for quelle in Finanzquelle]

    def clean_beschreibung(self) -> str:
        return self.cleaned_data["beschreibung"].replace("\r\n", "\n")

    def clean(self) -> None:
        self._check_term()
        self._check_start()
        self._check_award()

    def _check_term(self) -> None:
        beginn, ende = self.cleaned_data.get("beginn"), self.cleaned_data.get("ende")
        instrument = self.cleaned_data.get("instrument")
        if beginn and ende and ende < beginn:
            self.add_error("ende", "Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage.")
        elif (ende and ende.year < self.jahr) or (beginn and beginn.year > self.jahr):
            self.add_error("beginn" if beginn else "ende", f"Die Maßnahme läuft nicht im Jahr {self.jahr}. Ändern Sie Beginn oder Ende.")
        elif instrument and not instrument.is_valid_for(beginn, ende):
            self.add_error("instrument", f"{_validity_sentence(instrument)} Wählen Sie ein anderes Instrument oder eine andere Laufzeit.")

    def _check_start(self) -> None:
        start, beginn, ende = (self.cleaned_data.get(name) for name in ("naechster_start", "beginn", "ende"))
        if start and ((beginn and start < beginn) or (ende and start > ende)):
            self.add_error("naechster_start", "Der nächste Start liegt nicht in der Laufzeit. Prüfen Sie den Tag.")
        elif start and self.cleaned_data.get("jederzeit"):
            self.add_error(
                "naechster_start", "Entweder ist der Einstieg jederzeit möglich, oder es gibt einen nächsten Start. Beides geht nicht."
            )

    def _check_award(self) -> None:
        stand, traeger = self.cleaned_data.get("vergabestand"), self.cleaned_data.get("traeger")
        if traeger and stand in {Vergabestand.OFFEN, Vergabestand.LAEUFT}:
            self.add_error("traeger", "Die Vergabe ist noch nicht entschieden. Nennen Sie den Träger erst nach dem Zuschlag.")

    def to_angaben(self) -> Positionsangaben:
        """What the person stated; after is_valid()."""
        given = self.cleaned_data
        names = [field.name for field in fields(Positionsangaben) if field.name != "kosten_cent"]
        return Positionsangaben(
            **{name: given[name] for name in names}
            | {
                "zielgruppen": list(given["zielgruppen"]),
                "vergabestand": Vergabestand(given["vergabestand"]),
                "verpflichtung_cent": given["verpflichtung_cent"] or 0,
                "kosten_cent": {quelle: given[f"kosten_{quelle}"] for quelle in Finanzquelle if given[f"kosten_{quelle}"]},
            }
        )


def stored_values(position: Programmposition) -> dict[str, Any]:
    """A position as the form's initial values; one that is not stored yet has no money."""
    massnahme = position.massnahme
    rows = {name: position if hasattr(position, name) else massnahme for name in MassnahmeForm.base_fields}
    return (
        {name: getattr(row, name) for name, row in rows.items()}
        | {"zielgruppen": list(massnahme.zielgruppen.all()), "verpflichtung_cent": position.verpflichtung_cent or None}
        | {f"kosten_{share.quelle}": share.betrag_cent for share in (position.finanzierungen.all() if position.pk else ())}
    )


def _validity_sentence(instrument: Instrument) -> str:
    von, bis = instrument.gueltig_von, instrument.gueltig_bis
    if von and bis:
        return f"„{instrument.name}“ gilt nur vom {datum(von)} bis zum {datum(bis)}."
    return f"„{instrument.name}“ gilt erst ab dem {datum(von)}." if von else f"„{instrument.name}“ gilt nur bis zum {datum(bis)}."
