"""Where a year will end, by the simplest method that is honest, and what that means for what was agreed (§ 48b SGB II)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from jobcenter.common import typography
from kennzahlen.enums import Einheit, Prognosemethode, Zielrichtung, Zielstand
from kennzahlen.queries.formeln import gerundet

Zahl = Fraction | Decimal | int

DEZEMBER = 12
LOWEST = {Einheit.VERAENDERUNG: -100}  # nothing can shrink by more; counts, money and rates end at 0


@dataclass(frozen=True)
class Prognose:
    """The December of a year: known, forecast, or neither. `monat` is the newest month it rests on."""

    wert: Fraction | None
    monat: date | None
    methode: Prognosemethode
    satz: str  # for visitors: by which method, from which month

    @property
    def ist_ergebnis(self) -> bool:
        return self.methode is Prognosemethode.ERGEBNIS


def forecast_year_end(jahr: int, werte: Mapping[date, Zahl | None], einheit: Einheit, *, fest_ab: date | None = None) -> Prognose:
    """From the months of this and the last year, in the unit of the Kennzahl: rates, stocks, or sums of twelve months.

    Rates change in percentage points, never by per cent of themselves. Months of other years do not count. `fest_ab` is the
    day on which December can be endgültig (`reif_am`); the sentence names it for whoever waits. A December that is given
    is the result: leave it out as long as it is only hochgerechnet and shall not decide.
    """
    known = {monat: Fraction(wert) for monat, wert in werte.items() if wert is not None}
    newest = max((monat for monat in known if monat.year == jahr), default=None)
    if newest is None:
        return Prognose(None, None, Prognosemethode.KEINE, f"Keine Prognose: Für {jahr} liegt noch kein Wert vor.")
    wert, dezember = known[newest], typography.monat(date(jahr, DEZEMBER, 1))
    if newest.month == DEZEMBER:
        return Prognose(wert, newest, Prognosemethode.ERGEBNIS, f"Ergebnis des Jahres: der Wert von {dezember}.")
    waiting = f" Der Wert für {dezember} kann ab {typography.datum(fest_ab)} endgültig sein." if fest_ab else ""
    base = f"Prognose für {dezember}: Der Wert von {typography.monat(newest)} ({_amount(wert, einheit)})"
    before, end_before = known.get(newest.replace(year=jahr - 1)), known.get(date(jahr - 1, DEZEMBER, 1))
    if before is None or end_before is None:
        satz = f"{base} bleibt stehen, weil Werte aus dem Jahr {jahr - 1} fehlen.{waiting}"
        return Prognose(wert, newest, Prognosemethode.FORTSCHREIBUNG, satz)
    course = end_before - before
    months = f"von {typography.MONATE[newest.month - 1]} bis Dezember {jahr - 1}"
    satz = f"{base} verändert sich weiter wie {months} ({_change(course, einheit)}).{waiting}"
    return Prognose(max(wert + course, Fraction(LOWEST.get(einheit, 0))), newest, Prognosemethode.VORJAHRESVERLAUF, satz)


def bewerte_ziel(
    *,
    richtung: Zielrichtung | Literal["mindestens", "hoechstens"],
    ziel: Zahl,
    toleranz: Zahl,
    ist: Zahl | None,
    prognose: Prognose | None,
) -> Zielstand:
    """Met when the year ends within the tolerance (in the unit of the goal, its edge included), compared unrounded.

    Only a known December decides; until then the forecast tells, and where there is none the newest value `ist`. A goal is
    not reached in July: sums and means of twelve months may still fall.
    """
    if toleranz < 0:
        raise ValueError("Die Toleranz darf nicht negativ sein.")
    erwartet = prognose.wert if prognose and prognose.wert is not None else ist
    if erwartet is None:
        return Zielstand.OFFEN
    slack = Fraction(erwartet) - Fraction(ziel)
    if Zielrichtung(richtung) is Zielrichtung.HOECHSTENS:
        slack = -slack
    met = slack >= -Fraction(toleranz)
    if prognose and prognose.ist_ergebnis:
        return Zielstand.ERREICHT if met else Zielstand.VERFEHLT
    return Zielstand.AUF_KURS if met else Zielstand.GEFAEHRDET


def _amount(wert: Fraction, einheit: Einheit) -> str:
    match einheit:
        case Einheit.PROZENT | Einheit.VERAENDERUNG:
            return typography.prozent(gerundet(wert))
        case Einheit.CENT:
            return typography.euro_kurz(int(gerundet(wert, 0)))
    return typography.zahl(gerundet(wert, 0))


def _change(course: Fraction, einheit: Einheit) -> str:
    if einheit in {Einheit.PROZENT, Einheit.VERAENDERUNG}:
        points = typography.zahl(gerundet(abs(course)), 1)
        text = "" if points == "0,0" else f"{points}{typography.NBSP}Prozentpunkte"
    else:
        text = _amount(abs(course), einheit) if course else ""
    return f"{'minus' if course < 0 else 'plus'}{typography.NBSP}{text}" if text else "unverändert"
