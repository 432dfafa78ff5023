"""Where a measure stands on its way: for staff with everything, for visitors what its state makes public."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import JSONField, Q
from django.db.models.functions import Cast

from jobcenter.common import clock
from jobcenter.common.verlauf import name_aktionen
from kennzahlen.queries.formeln import add_months
from massnahmen.enums import VERGEBEN, VORBEI, Massnahmestand
from massnahmen.models import Fassung, Massnahme, Vergabe, Vertrag, Vertragsoption
from massnahmen.queries.kennwerte import reif_ab
from massnahmen.queries.meldungen import list_without_verbleib

name_aktionen(
    {
        "massnahmen.choose_weg": "Weg gewählt",
        "massnahmen.prepare_vergabe": "Vergabe vorbereitet",
        "massnahmen.announce_vergabe": "Vergabe bekannt gemacht",
        "massnahmen.cancel_vergabe": "Vergabe aufgehoben",
        "massnahmen.award_vergabe": "Zuschlag erteilt",
        "massnahmen.record_vertrag": "Vertrag nachgetragen",
        "massnahmen.request_zuwendung": "Zuwendung beantragt",
        "massnahmen.grant_zuwendung": "Zuwendung bewilligt",
        "massnahmen.refuse_zuwendung": "Zuwendung abgelehnt",
        "massnahmen.start_massnahme": "Maßnahme begonnen",
        "massnahmen.draw_option": "Option gezogen",
        "massnahmen.correct_vertrag": "Vertrag berichtigt",
        "massnahmen.withdraw_kuendigung": "Kündigung zurückgenommen",
        "massnahmen.end_massnahme": "vorzeitig beendet",
        "massnahmen.settle_massnahme": "abgerechnet",
        "massnahmen.evaluate_massnahme": "Verbleib ausgewertet",
        "massnahmen.advance_massnahmen": "von selbst weitergegangen",
    }
)


@dataclass(frozen=True)
class UmsetzungOeffentlich:
    """What everybody may know of a measure's way: the call for offers, after the award provider, term and places. Never a price."""

    stand: Massnahmestand
    bekanntmachung_url: str = ""
    angebotsfrist: datetime | None = None
    traeger: str = ""
    beginn: date | None = None
    ende: date | None = None
    plaetze: int | None = None


@dataclass(frozen=True)
class Umsetzungslage:
    """A measure with what is being done for it now, and what was tried before."""

    massnahme: Massnahme
    vergabe: Vergabe | None
    aufgehoben: tuple[Vergabe, ...]
    vertrag: Vertrag | None
    optionen: tuple[Vertragsoption, ...]

    @property
    def stand(self) -> Massnahmestand:
        return Massnahmestand(self.massnahme.stand)

    @property
    def naechste_option(self) -> Vertragsoption | None:
        return next((option for option in self.optionen if option.gezogen_am is None), None)


def read_umsetzung(massnahme: Massnahme) -> Umsetzungslage:
    """Three queries."""
    vergaben = list(massnahme.vergaben.all())
    vertrag = massnahme.vertraege.select_related("traeger").first()
    return Umsetzungslage(
        massnahme,
        next((vergabe for vergabe in vergaben if vergabe.aufgehoben_am is None), None),
        tuple(vergabe for vergabe in vergaben if vergabe.aufgehoben_am),
        vertrag,
        tuple(vertrag.optionen.all()) if vertrag else (),
    )


def is_conducted(massnahme: Massnahme) -> bool:
    """Whether its procurement or contract is kept here, so that a programme can no longer say something else. One query."""
    kept = Q(vergaben__isnull=False) | Q(vertraege__isnull=False)
    return Massnahme.objects.filter(kept, pk=massnahme.pk).exists()


def is_unterjaehrig(massnahme: Massnahme) -> bool:
    """Whether no Fassung that the Beirat got contains it. One query, which looks into the frozen texts."""
    handed_in = Fassung.objects.vorgelegt().filter(programm__positionen__massnahme=massnahme)
    read = handed_in.annotate(gelesen=Cast("inhalt", JSONField()))
    return not read.filter(gelesen__massnahmen__contains=[{"id": massnahme.pk}]).exists()


def is_settled_by_stand(massnahme: Massnahme) -> bool:
    """Whether its way has led further than a programme can tell, so that the programme can no longer move it. One query at most."""
    told = {Massnahmestand.BEDARF, Massnahmestand.VORBEREITET, Massnahmestand.ZUSCHLAG}
    return massnahme.stand not in told or massnahme.meldungen.exists()


def read_laufzeit(massnahme: Massnahme) -> tuple[date, date] | None:
    """From when to when it really runs: by its contract, with drawn options and a notice; without one by the measure itself.

    None where that is open, or where a notice came before the first day. One query.
    """
    vertrag = massnahme.vertraege.first()
    beginn, ende = (vertrag.beginn, vertrag.gekuendigt_zum or vertrag.ende) if vertrag else (massnahme.beginn, massnahme.ende)
    return (beginn, ende) if beginn and ende and beginn <= ende else None


def read_umsetzung_oeffentlich(massnahme_id: int) -> UmsetzungOeffentlich | None:
    """None where there is nothing to tell yet. Two queries."""
    massnahme = Massnahme.objects.filter(pk=massnahme_id, archiviert_am=None).first()
    if massnahme is None:
        return None
    stand = Massnahmestand(massnahme.stand)
    if stand == Massnahmestand.AUSGESCHRIEBEN:
        call = Vergabe.objects.filter(massnahme=massnahme, aufgehoben_am=None).exclude(bekanntmachung_am=None).first()
        return UmsetzungOeffentlich(stand, call.bekanntmachung_url, call.angebotsfrist) if call else None
    if stand not in VERGEBEN:
        return None
    vertrag = Vertrag.objects.filter(massnahme=massnahme).select_related("traeger").first()
    if vertrag is None or (vertrag.gekuendigt_zum and vertrag.gekuendigt_zum < vertrag.beginn):
        return None
    return UmsetzungOeffentlich(
        stand, traeger=vertrag.traeger.name, beginn=vertrag.beginn, ende=vertrag.gekuendigt_zum or vertrag.ende, plaetze=vertrag.plaetze
    )


def months_between(von: date, bis: date) -> list[date]:
    """Every month that a term touches, as its first day."""
    count = (bis.year - von.year) * 12 + bis.month - von.month + 1
    return [add_months(von.replace(day=1), number) for number in range(count)]


def missing_meldungen(massnahme: Massnahme) -> list[date]:
    """Months of the term, up to the last one that is over, without a report. Two queries."""
    laufzeit = read_laufzeit(massnahme)
    if laufzeit is None:
        return []
    beginn, ende = laufzeit
    last = ende if massnahme.stand in VORBEI else min(ende, add_months(clock.today().replace(day=1), -1))
    told = set(massnahme.meldungen.values_list("monat", flat=True))
    return [month for month in months_between(beginn, last) if month not in told] if beginn <= last else []


def missing_verbleib(massnahme: Massnahme) -> list[date]:
    """Months in which somebody left and of which nobody knows yet what became of them. One query."""
    return list(list_without_verbleib().filter(massnahme=massnahme).order_by("monat").values_list("monat", flat=True))


def first_day_of_auswertung(massnahme: Massnahme) -> date | None:
    """From when on it can be known what became of the last who left; None without an end. One query."""
    laufzeit = read_laufzeit(massnahme)
    return reif_ab(laufzeit[1].replace(day=1)) if laufzeit else None
