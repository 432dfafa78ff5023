"""Where each goal of a year stands: the newest value, the forecast of its December, and what both mean."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from jobcenter.common import typography
from jobcenter.common.verlauf import name_aktionen
from kennzahlen.enums import Einheit, Geschlecht, Quellenart, Zeitbezug, Zielart, Zielrichtung, Zielstand
from kennzahlen.models import Datenstand, Jobcenter, Messwert, Zielwarnung, Zielwert
from kennzahlen.queries.datenstand import read_vorrang
from kennzahlen.queries.formeln import FORMELN, JAHR, add_months, gerundet, month_end, reif_am
from kennzahlen.queries.prognose import Prognose, bewerte_ziel, forecast_year_end

SCALE = 1000  # units of the bar's viewBox
NARROWEST_RATE = 4  # percentage points that the bar of a rate shows at least
NARROWEST_SHARE = 5  # of other goals at least a fifth

name_aktionen({"kennzahlen.set_zielwert": "Ziel gespeichert", "kennzahlen.update_zielwert": "Ziel geändert"})


@dataclass(frozen=True)
class Zielzeile:
    """A goal beside its newest published value and its forecast. `wert`, `ziel.wert` and the forecast have one unit: `einheit`."""

    ziel: Zielwert
    einheit: Einheit
    wert: Fraction | None
    monat: date | None
    datenstand: Datenstand | None
    prognose: Prognose
    stand: Zielstand
    gewarnt_am: date | None

    @property
    def ziel_text(self) -> str:
        """„mindestens 27,0 %“, „höchstens −3,0 % (Toleranz 0,5 Prozentpunkte)“"""
        text = f"{self.ziel.get_richtung_display()} {write(Fraction(self.ziel.wert), self.einheit)}"
        if self.ziel.toleranz:
            text += f" (Toleranz {write_unterschied(Fraction(self.ziel.toleranz), self.einheit)})"
        return text

    @property
    def wert_text(self) -> str:
        return write(self.wert, self.einheit)

    @property
    def prognose_text(self) -> str:
        return write(self.prognose.wert, self.einheit)

    @property
    def abstand_text(self) -> str:
        """How far the forecast is from the goal, in words; empty without forecast."""
        if self.prognose.wert is None:
            return ""
        gap = self.prognose.wert - Fraction(self.ziel.wert)
        shown = write_unterschied(abs(gap), self.einheit)
        if not gap:
            return "genau das Ziel"
        return f"{shown} {'über' if gap > 0 else 'unter'} dem Ziel"

    @property
    def name(self) -> str:
        sex = "" if self.ziel.geschlecht == Geschlecht.INSGESAMT else f", {self.ziel.get_geschlecht_display()}"
        kind = ", Anzahl im Jahr" if self.ziel.art == Zielart.ANZAHL else ""
        return f"{self.ziel.kennzahl.name}{sex}{kind}"

    @property
    def balken(self) -> "Zielbalken | None":
        return _bar(self)


@dataclass(frozen=True)
class Zielbalken:
    """Positions of a picture of the goal, in thousandths of its width."""

    wert: int
    prognose: int
    ziel: int

    @property
    def prognose_von(self) -> int:
        return min(self.wert, self.prognose)

    @property
    def prognose_breite(self) -> int:
        return max(abs(self.prognose - self.wert), 2)


def read_ziele(jobcenter: Jobcenter, jahr: int) -> tuple[Zielzeile, ...]:
    """Every goal of a year by the official order of the Kennzahlen. Four queries, however many goals there are.

    Only what may be shown counts: published, not withdrawn, not hidden, and of several Datenstände the one that counts most.
    """
    ziele = list(
        Zielwert.objects.filter(jobcenter=jobcenter, jahr=jahr)
        .select_related("kennzahl", "jobcenter")
        .order_by("kennzahl__art", "kennzahl__code", "art", "geschlecht")
    )
    if not ziele:
        return ()
    von, bis = date(jahr - 2, 1, 1), date(jahr, 12, 31)
    vorrang = read_vorrang(von, bis)
    rows = Messwert.objects.filter(
        jobcenter=jobcenter,
        kennzahl__in={ziel.kennzahl_id for ziel in ziele},
        geschlecht__in={ziel.geschlecht for ziel in ziele},
        bis__range=(von, bis),
        datenstand__in=vorrang.ids,
    )
    order = {pk: place for place, pk in enumerate(vorrang.ids)}
    series: dict[tuple[int, str], list[Messwert]] = {}
    best: dict[tuple[int, str, date, date], Messwert] = {}
    for row in sorted(rows, key=lambda row: order[row.datenstand_id]):
        best.setdefault((row.kennzahl_id, row.geschlecht, row.von, row.bis), row)
    for row in (row for row in best.values() if not row.gesperrt and row.zaehler is not None):
        series.setdefault((row.kennzahl_id, row.geschlecht), []).append(row)
    gewarnt = _warned(ziele)
    return tuple(_zeile(ziel, series.get((ziel.kennzahl_id, ziel.geschlecht), ()), vorrang.staende, gewarnt.get(ziel.pk)) for ziel in ziele)


def years_with_goals(jobcenter: Jobcenter) -> list[int]:
    """Newest first."""
    years = Zielwert.objects.filter(jobcenter=jobcenter).order_by("-jahr")
    return list(years.values_list("jahr", flat=True).distinct())


def einheit_of(ziel: Zielwert) -> Einheit:
    """In what a goal is written: the unit of its Kennzahl, or what its Zähler counts."""
    if ziel.art == Zielart.WERT:
        return Einheit(ziel.kennzahl.einheit)
    return Einheit.CENT if ziel.kennzahl.ist_geld else Einheit.ANZAHL


def write(wert: Fraction | None, einheit: Einheit) -> str:
    if wert is None:
        return typography.DASH
    match einheit:
        case Einheit.PROZENT | Einheit.VERAENDERUNG:
            return typography.prozent(gerundet(wert))
        case Einheit.CENT:
            return typography.euro_kurz(int(gerundet(wert, 0)))
    return typography.zahl(gerundet(wert, 0))


def write_unterschied(wert: Fraction, einheit: Einheit) -> str:
    """A difference is in percentage points; one that rounds to nothing shows one more place."""
    if einheit in {Einheit.PROZENT, Einheit.VERAENDERUNG}:
        places = 1 if gerundet(wert) else 2
        return f"{typography.zahl(gerundet(wert, places), places)}{typography.NBSP}Prozentpunkte"
    if einheit is Einheit.ANZAHL and 0 < wert < 1:
        return "weniger als 1"
    return write(wert, einheit)


def _warned(ziele: Sequence[Zielwert]) -> dict[int, date]:
    warnings = Zielwarnung.objects.filter(zielwert__in=ziele).order_by("erkannt_am").values_list("zielwert_id", "erkannt_am")
    return {pk: am.date() for pk, am in warnings}


def _zeile(ziel: Zielwert, rows: Sequence[Messwert], staende: Mapping[int, Datenstand], gewarnt_am: date | None) -> Zielzeile:
    for row in rows:
        row.kennzahl, row.datenstand = ziel.kennzahl, staende[row.datenstand_id]
    einheit, code = einheit_of(ziel), ziel.kennzahl.code
    dezember = date(ziel.jahr, 12, 1)
    fest_ab = reif_am(code, dezember) if code in FORMELN else None
    best = _by_month(ziel, (row for row in rows if not _is_undecided(row, ziel.jahr, fest_ab)))
    werte = {monat: _exact(row, ziel, best) for monat, row in best.items()}
    prognose = forecast_year_end(ziel.jahr, werte, einheit, fest_ab=fest_ab)
    newest = prognose.monat
    wert = werte[newest] if newest else None
    return Zielzeile(
        ziel=ziel,
        einheit=einheit,
        wert=wert,
        monat=newest,
        datenstand=best[newest].datenstand if newest else None,
        prognose=prognose,
        stand=bewerte_ziel(richtung=Zielrichtung(ziel.richtung), ziel=ziel.wert, toleranz=ziel.toleranz, ist=wert, prognose=prognose),
        gewarnt_am=gewarnt_am,
    )


def _by_month(ziel: Zielwert, rows: Iterable[Messwert]) -> dict[date, Messwert]:
    """One value per month, those that count most first. Of a count since January that one, else the month itself."""
    found: dict[date, Messwert] = {}
    for row in rows:
        month = row.bis.replace(day=1)
        if row.bis != month_end(month) and not row.ist_zeitpunkt:
            continue
        before = found.get(month)
        if before is None or (_is_flow(ziel) and row.von < before.von and row.von.month == 1):
            found[month] = row
    return found


def _is_flow(ziel: Zielwert) -> bool:
    return ziel.kennzahl.zeitbezug == Zeitbezug.STROM and ziel.kennzahl.einheit in {Einheit.ANZAHL, Einheit.CENT}


def _is_undecided(row: Messwert, jahr: int, fest_ab: date | None) -> bool:
    """A December that is only estimated must not decide a year."""
    if row.bis != date(jahr, 12, 31):
        return False
    art = row.datenstand.quelle.art
    early = fest_ab is not None and row.datenstand.tag < fest_ab
    return art == Quellenart.BA_HOCHGERECHNET or (early and art != Quellenart.BA_ENDGUELTIG)


def _exact(row: Messwert, ziel: Zielwert, best: Mapping[date, Messwert]) -> Fraction | None:
    """In the unit of the goal. Months of a flow become the sum of twelve, so that December is the year."""
    assert row.zaehler is not None
    if ziel.art == Zielart.ANZAHL:
        return Fraction(row.zaehler)
    if ziel.kennzahl.einheit in {Einheit.PROZENT, Einheit.VERAENDERUNG}:
        if not row.nenner:
            return None
        quotient = Fraction(row.zaehler * ziel.kennzahl.nenner_teiler * 100, row.nenner)
        return quotient - 100 if ziel.kennzahl.einheit == Einheit.VERAENDERUNG else quotient
    if _is_flow(ziel) and _is_single_month(row):
        months = [best.get(add_months(row.bis.replace(day=1), -back)) for back in range(JAHR)]
        counts = [one.zaehler for one in months if one and _is_single_month(one) and one.zaehler is not None]
        return Fraction(sum(counts)) if len(counts) == JAHR else None
    return Fraction(row.zaehler)


def _is_single_month(row: Messwert) -> bool:
    return (row.von.year, row.von.month) == (row.bis.year, row.bis.month)


def _bar(zeile: Zielzeile) -> Zielbalken | None:
    """Value, forecast and goal as marks on one line around them; wide enough that a hair's breadth does not fill it."""
    if zeile.wert is None or zeile.prognose.wert is None:
        return None
    ziel = Fraction(zeile.ziel.wert)
    marks = [zeile.wert, zeile.prognose.wert, ziel]
    is_rate = zeile.einheit in {Einheit.PROZENT, Einheit.VERAENDERUNG}
    least = Fraction(NARROWEST_RATE) if is_rate else max(abs(ziel) / NARROWEST_SHARE, Fraction(1))
    room = max(max(marks) - min(marks), least) * Fraction(3, 5)
    middle = (max(marks) + min(marks)) / 2
    low, high = middle - room, middle + room

    def place(wert: Fraction) -> int:
        return int((wert - low) * SCALE / (high - low))

    return Zielbalken(place(zeile.wert), place(zeile.prognose.wert), place(ziel))
