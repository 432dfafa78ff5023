"""Whether a quoted figure still says what its value says, at the precision at which the text prints it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from jobcenter.common import typography
from kennzahlen.enums import Einheit, Genauigkeit, Kennzeichen, Lieferzustand, Quellenart, Wiedergabe, Zahleinheit, Zitaturteil
from kennzahlen.models import Datenlieferung, Datenstand, Messwert, Zitat
from kennzahlen.queries.datenstand import VORRANG
from kennzahlen.queries.formeln import add_months, month_end
from kennzahlen.queries.stimmigkeit import explain_share, write_wert
from kennzahlen.queries.zahlen_im_text import Zahlstelle, fits, read_zahl

CHANGES = {Wiedergabe.VERAENDERUNG, Wiedergabe.VERAENDERUNG_PROZENT}
UNITS = {
    Einheit.ANZAHL: Zahleinheit.ANZAHL,
    Einheit.CENT: Zahleinheit.EURO,
    Einheit.PROZENT: Zahleinheit.PROZENT,
    Einheit.VERAENDERUNG: Zahleinheit.PROZENT,
}

UNIT_NAMES = {
    Zahleinheit.ANZAHL: "eine Anzahl",
    Zahleinheit.PROZENT: "ein Anteil in Prozent",
    Zahleinheit.PUNKTE: "eine Veränderung in Prozentpunkten",
    Zahleinheit.EURO: "ein Betrag in Euro",
}
HIDDEN = "Dieser Wert wird geheim gehalten, weil er auf sehr kleinen Zahlen beruht (§\u00a016 BStatG). Nehmen Sie ihn aus dem Text."

Schluessel = tuple[int, str, date, date, int]  # Kennzahl, sex, von, bis, Jobcenter


@dataclass(frozen=True)
class Befund:
    """What the check says about a quoted figure, and why, in a sentence that names the value."""

    urteil: Zitaturteil
    satz: str


@dataclass(frozen=True)
class Lesung:
    """What a value says when it is quoted in a certain way."""

    wert: Fraction
    einheit: Zahleinheit
    ist_aenderung: bool


def check_zitat(zitat: Zitat) -> Befund:
    """The verdict on one quoted figure, in the light of the others of its text."""
    siblings = Zitat.objects.filter(content_type=zitat.content_type_id, objekt_id=zitat.objekt_id)
    return check_zitate(list(siblings.select_related("kennzahl")))[zitat.pk]


def check_zitate(zitate: Sequence[Zitat]) -> dict[int, Befund]:
    """The verdict on each, by its key. Two queries, however many there are."""
    return Zitatpruefung(zitate).befunde() if zitate else {}


class Zitatpruefung:
    """The values behind some quoted figures, and what follows from them."""

    def __init__(self, zitate: Sequence[Zitat]) -> None:
        self.zitate = zitate
        days = {zitat.bis for zitat in zitate}
        rows = Messwert.objects.filter(
            kennzahl__in={zitat.kennzahl_id for zitat in zitate},
            jobcenter__in={zitat.jobcenter_id for zitat in zitate},
            bis__in=days | {year_before(day) for day in days},
        )
        withdrawn = Datenlieferung.objects.filter(zustand=Lieferzustand.ZURUECKGEZOGEN, datenstand__isnull=False)
        self.withdrawn = set(withdrawn.values_list("datenstand_id", flat=True))
        self.rows: dict[Schluessel, list[Messwert]] = {}
        for row in sorted(rows.select_related("kennzahl", "datenstand__quelle"), key=lambda row: rank(row.datenstand)):
            self.rows.setdefault(key_of(row), []).append(row)

    def befunde(self) -> dict[int, Befund]:
        return {zitat.pk: self.check(zitat) for zitat in self.zitate}

    def check(self, zitat: Zitat) -> Befund:
        cited = next(row for row in self.rows[key_of(zitat)] if row.datenstand_id == zitat.datenstand_id)
        current, base = self.best(key_of(zitat)), self.find_base(zitat)
        behind = [cited, current, base if zitat.wiedergabe in CHANGES else None]
        if any(row and is_hidden(row) for row in behind):
            return Befund(Zitaturteil.GEHEIM, HIDDEN)
        then = _Vergleich(zitat, cited, base)
        now = _Vergleich(zitat, current, base) if current else None
        if cited.datenstand_id in self.withdrawn:
            still = f" Jetzt gilt {now.write()} ({stand_of(now.row)})." if now and now.lesung else ""
            return Befund(Zitaturteil.ZURUECKGEZOGEN, f"Die Zahlen mit {stand_of(cited)} sind zurückgezogen.{still}")
        if not then.fits:
            return Befund(Zitaturteil.WEICHT_AB, then.explain())
        if now and current != cited and not now.fits:
            if not now.lesung:
                return Befund(Zitaturteil.WEICHT_AB, now.hindernis)
            newer = f"Inzwischen gilt {now.write(apart=True)} ({stand_of(now.row)})."
            return Befund(Zitaturteil.UEBERHOLT, f"Im Text steht „{now.stelle.text}“, richtig nach {stand_of(cited)}. {newer}")
        return Befund(Zitaturteil.STIMMT, (now or then).explain())

    def best(self, key: Schluessel) -> Messwert | None:
        return next((row for row in self.rows.get(key, []) if row.datenstand_id not in self.withdrawn), None)

    def find_base(self, zitat: Zitat) -> Messwert | None:
        """What a change starts from: the same period a year before; where none is known, an earlier value that this text quotes."""
        if found := self.best(key_before(zitat)):
            return found
        others = [
            other
            for other in self.zitate
            if (other.content_type_id, other.objekt_id) == (zitat.content_type_id, zitat.objekt_id)
            and (other.kennzahl_id, other.geschlecht, other.jobcenter_id) == (zitat.kennzahl_id, zitat.geschlecht, zitat.jobcenter_id)
            and other.bis < zitat.bis
        ]
        newest = max(others, key=lambda other: other.bis, default=None)
        return self.best(key_of(newest)) if newest else None


class _Vergleich:
    """A quoted figure beside one value of its key."""

    def __init__(self, zitat: Zitat, row: Messwert, base: Messwert | None) -> None:
        stelle = read_zahl(zitat.text)
        assert stelle is not None  # the action has read it
        self.stelle, self.row, self.base = stelle, row, base
        self.wiedergabe, self.genauigkeit = Wiedergabe(zitat.wiedergabe), Genauigkeit(zitat.genauigkeit)
        read = read_wert(row, self.wiedergabe, base)
        self.lesung: Lesung | None = None if isinstance(read, str) else read
        self.hindernis = read if isinstance(read, str) else ""

    @property
    def fits(self) -> bool:
        """Whether this value may be printed as the text prints it."""
        if self.lesung is None or not same_unit(self.stelle, self.lesung):
            return False
        if self.row.genauigkeit != Genauigkeit.GENAU and self.wiedergabe not in CHANGES:  # the source's own word, repeated
            return self.genauigkeit == self.row.genauigkeit and matches(self.stelle, self.lesung, Genauigkeit.GENAU)
        readings = [self.lesung]
        if self.wiedergabe is Wiedergabe.WERT and self.row.kennzahl.einheit == Einheit.VERAENDERUNG:
            readings.append(replace(self.lesung, wert=self.lesung.wert + 100, ist_aenderung=False))  # as the Verordnung says: 98,6 %
        return any(matches(self.stelle, one, self.genauigkeit) for one in readings)

    def explain(self) -> str:
        """The value beside the printed figure; a change in per cent with the two numbers it comes from."""
        if self.lesung is None:
            return self.hindernis
        if not same_unit(self.stelle, self.lesung):
            return self._explain_unit(self.lesung)
        satz = self._explain_value()
        if self.lesung.ist_aenderung and self.lesung.wert < 0 and not self.stelle.hat_vorzeichen:
            satz += " Es ist ein Rückgang: Der Text muss das mit Worten sagen."
        return satz

    def _explain_value(self) -> str:
        if self.wiedergabe is Wiedergabe.VERAENDERUNG_PROZENT and self.base:
            jetzt, vorher = exact_value(self.row), exact_value(self.base)
            assert jetzt is not None
            assert vorher is not None
            return explain_share(jetzt, vorher, self.stelle, self.genauigkeit)
        where = f"({stand_of(self.row)})"
        if self.row.genauigkeit != Genauigkeit.GENAU:
            return f"Die Quelle selbst nennt den Wert als „{self.row.get_genauigkeit_display()} {self.write()}“ {where}."
        if self.fits:
            return f"Der Wert ist {self.write(apart=self.genauigkeit is not Genauigkeit.GENAU)} {where}."
        return f"Im Text steht „{self.stelle.text}“, der Wert ist {self.write(apart=True)} {where}."

    def _explain_unit(self, lesung: Lesung) -> str:
        satz = f"Im Text steht „{self.stelle.text}“, der Wert ist {self.write()}."
        if {self.stelle.einheit, lesung.einheit} == {Zahleinheit.PROZENT, Zahleinheit.PUNKTE}:
            return f"{satz} Eine Quote verändert sich in Prozentpunkten, eine Anzahl in Prozent."
        return f"{satz} Das eine ist {UNIT_NAMES[self.stelle.einheit]}, das andere {UNIT_NAMES[lesung.einheit]}."

    def write(self, *, apart: bool = False) -> str:
        assert self.lesung is not None
        return write_lesung(self.lesung, self.stelle, apart=apart)


def read_wert(row: Messwert, wiedergabe: Wiedergabe, base: Messwert | None) -> Lesung | str:
    """What a value says when it is quoted in this way; a sentence where it cannot be."""
    einheit = Einheit(row.kennzahl.einheit)
    if wiedergabe in {Wiedergabe.ZAEHLER, Wiedergabe.NENNER}:
        part = row.zaehler if wiedergabe is Wiedergabe.ZAEHLER else row.nennerwert
        if part is None:
            return "Die Quelle nennt diesen Teil des Werts nicht."
        return Lesung(Fraction(part), Zahleinheit.EURO if row.kennzahl.ist_geld else Zahleinheit.ANZAHL, ist_aenderung=False)
    wert = exact_value(row)
    if wert is None:
        return "Dieser Wert lässt sich nicht berechnen: Zähler oder Nenner fehlen."
    if wiedergabe is Wiedergabe.WERT:
        return Lesung(wert, UNITS[einheit], ist_aenderung=einheit is Einheit.VERAENDERUNG)
    return _read_change(wert, exact_value(base) if base else None, einheit, wiedergabe)


def _read_change(wert: Fraction, before: Fraction | None, einheit: Einheit, wiedergabe: Wiedergabe) -> Lesung | str:
    is_rate = UNITS[einheit] is Zahleinheit.PROZENT
    if before is None:
        return "Ein früherer Wert, von dem aus sich die Veränderung rechnen lässt, ist nicht bekannt."
    if wiedergabe is Wiedergabe.VERAENDERUNG:
        return Lesung(wert - before, Zahleinheit.PUNKTE if is_rate else UNITS[einheit], ist_aenderung=True)
    if is_rate:
        return "Eine Quote verändert sich in Prozentpunkten, nicht in Prozent. Schreiben Sie „Prozentpunkte“."
    if not before:
        return "Der frühere Wert ist 0: Davon gibt es keine Prozent."
    return Lesung((wert - before) / before * 100, Zahleinheit.PROZENT, ist_aenderung=True)


def exact_value(row: Messwert) -> Fraction | None:
    """In the unit of the Kennzahl, without the detour over a decimal."""
    if row.zitat is not None:
        return Fraction(row.zitat)
    if row.zaehler is None:
        return None
    if row.kennzahl.einheit in {Einheit.ANZAHL, Einheit.CENT}:
        return Fraction(row.zaehler)
    if not row.nenner:
        return None
    quotient = Fraction(row.zaehler * row.kennzahl.nenner_teiler * 100, row.nenner)
    return quotient - 100 if row.kennzahl.einheit == Einheit.VERAENDERUNG else quotient


def matches(stelle: Zahlstelle, lesung: Lesung, genauigkeit: Genauigkeit) -> bool:
    """A change without sign stands in words („sank um 3,1 %“): its amount counts."""
    unsigned = lesung.ist_aenderung and not stelle.hat_vorzeichen
    return fits(stelle, abs(lesung.wert) if unsigned else lesung.wert, genauigkeit)


def same_unit(stelle: Zahlstelle, lesung: Lesung) -> bool:
    return stelle.einheit is lesung.einheit


def is_hidden(row: Messwert) -> bool:
    return row.gesperrt or row.kennzeichen == Kennzeichen.GEHEIM


def rank(datenstand: Datenstand) -> tuple[int, int, int]:
    """The order of read_vorrang, and what was only published elsewhere last: the first one counts most."""
    art = Quellenart(datenstand.quelle.art)
    return VORRANG.index(art) if art in VORRANG else len(VORRANG), -datenstand.tag.toordinal(), -datenstand.pk


def year_before(day: date) -> date:
    """The same day a year earlier; the end of a month stays its end."""
    first = day.replace(day=1)
    earlier = add_months(first, -12)
    return month_end(earlier) if day == month_end(first) else earlier.replace(day=day.day)


def key_of(row: Messwert | Zitat) -> Schluessel:
    return row.kennzahl_id, row.geschlecht, row.von, row.bis, row.jobcenter_id


def key_before(row: Messwert | Zitat) -> Schluessel:
    von = year_before(row.von) if row.von == row.bis else add_months(row.von.replace(day=1), -12).replace(day=min(row.von.day, 28))
    return row.kennzahl_id, row.geschlecht, von, year_before(row.bis), row.jobcenter_id


def stand_of(row: Messwert) -> str:
    return f"{typography.zeitraum(row.von, row.bis)}, Stand {typography.datum(row.datenstand.tag)}"


def write_lesung(lesung: Lesung, stelle: Zahlstelle, *, apart: bool = False) -> str:
    return write_wert(lesung.wert, lesung.einheit, stelle, apart=apart)
