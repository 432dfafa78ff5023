"""All months of one measure on one page: what was reported, what is missing, what became of those who left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from jobcenter.common import clock
from kennzahlen.queries.formeln import month_end
from massnahmen.models import Massnahme, Monatsmeldung, Verbleib
from massnahmen.queries.controlling import Gliederung, Zeitraum, read_controlling
from massnahmen.queries.kennwerte import (
    Kennwert,
    Meldungssummen,
    Verbleibssummen,
    abbruchquote,
    auslastung,
    eingliederungsquote,
    is_reif,
    kosten_je_integration,
    kosten_je_teilnehmermonat,
    last_reif,
    nichtantrittsquote,
    reif_ab,
    sum_meldungen,
    verbleibsquote,
    window_of,
)
from massnahmen.queries.platztage import read_rahmen
from massnahmen.queries.warnungen import last_due

MOST_MONTHS = 60  # without a report; older gaps are not asked for any more


@dataclass(frozen=True)
class Meldungszeile:
    """One month of the term. Without a report `fehlt` says whether it is due."""

    monat: date
    meldung: Monatsmeldung | None
    auslastung: Kennwert | None
    fehlt: bool
    verbleib: Verbleib | None
    verbleib_ab: date | None  # from when the Verbleib of its exits is known; None where nobody left
    verbleib_reif: bool


@dataclass(frozen=True)
class Meldungsblatt:
    """Newest month first, with the totals of all months and the figures of the newest ripe twelve months of exits."""

    zeilen: tuple[Meldungszeile, ...]
    summe: Meldungssummen
    auslastung: Kennwert
    nichtantrittsquote: Kennwert
    abbruchquote: Kennwert
    je_monat: Kennwert
    je_integration: Kennwert
    eingliederung: Kennwert
    eingliederung_plan: Fraction | None
    verbleib: Kennwert
    fenster: tuple[date, date]  # first and last day of its months of exits
    fehlende: int

    @property
    def gemeldete(self) -> int:
        return sum(1 for zeile in self.zeilen if zeile.meldung)


def read_meldungsblatt(massnahme: Massnahme) -> Meldungsblatt:
    """Six queries, however many months there are."""
    meldungen = {meldung.monat: meldung for meldung in massnahme.meldungen.select_related("gemeldet_von")}
    verbleibe = {verbleib.monat: verbleib for verbleib in massnahme.verbleibe.all()}
    heute, due = clock.today(), last_due()
    term = read_rahmen([massnahme.pk])[massnahme.pk].list_monate(heute)[-MOST_MONTHS:]
    monate = sorted({*term, *meldungen}, reverse=True)
    zeilen = tuple(_compose(monat, meldungen.get(monat), verbleibe.get(monat), heute=heute, due=due) for monat in monate)
    window = window_of(last_reif())
    known = _sum_verbleib(window, meldungen.values(), verbleibe.values())
    summe = sum_meldungen(meldungen.values())
    return Meldungsblatt(
        zeilen,
        summe,
        auslastung(summe),
        nichtantrittsquote(summe),
        abbruchquote(summe),
        kosten_je_teilnehmermonat(summe),
        kosten_je_integration(summe),
        eingliederungsquote(known, window[1]),
        read_controlling(Massnahme.objects.filter(pk=massnahme.pk), Gliederung.MASSNAHME, Zeitraum(*window)).summe.plan.eingliederung,
        verbleibsquote(known, window[1]),
        (window[0], month_end(window[1])),
        sum(1 for zeile in zeilen if zeile.fehlt),
    )


def _compose(monat: date, meldung: Monatsmeldung | None, verbleib: Verbleib | None, *, heute: date, due: date) -> Meldungszeile:
    left = bool(meldung and meldung.austritte)
    return Meldungszeile(
        monat,
        meldung,
        auslastung(sum_meldungen([meldung])) if meldung else None,
        meldung is None and monat <= due,
        verbleib,
        reif_ab(monat) if left else None,
        is_reif(monat, heute),
    )


def _sum_verbleib(window: tuple[date, date], meldungen: Iterable[Monatsmeldung], verbleibe: Iterable[Verbleib]) -> Verbleibssummen:
    von, bis = window
    known = [row for row in verbleibe if von <= row.monat <= bis]
    return Verbleibssummen(
        sum(row.austritte for row in known),
        sum(row.beschaeftigt for row in known),
        sum(row.nicht_arbeitslos for row in known),
        sum(row.austritte for row in meldungen if von <= row.monat <= bis),
    )


def last_meldung(massnahme: Massnahme) -> Meldungszeile | None:
    """The newest report. One query."""
    meldung = massnahme.meldungen.order_by("monat").last()
    return _compose(meldung.monat, meldung, None, heute=clock.today(), due=last_due()) if meldung else None
