"""The columns of the controlling page: each figure against plan and last year, small counts hidden."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jobcenter.common.tabellen import LinkSpalte, Spalte, Tabelle
from jobcenter.common.typography import DASH, MINUS, NBSP, euro, monat, prozent, zahl
from massnahmen.queries import Ampel, Controllingzeile, Gliederung, read_lage
from massnahmen.queries.kennwerte import (
    TAGE_JE_MONAT,
    Kennwert,
    abbruchquote,
    auslastung,
    besetzungsquote,
    eingliederungsquote,
    kosten_je_teilnehmermonat,
    last_reif,
    teilnehmermonate,
)
from massnahmen.queries.lage import (
    in_percent,
)

WOERTER = {
    Gliederung.MASSNAHME: ("Maßnahme", "Maßnahmen"),
    Gliederung.TRAEGER: ("Träger", "Träger"),
    Gliederung.INSTRUMENT: ("Instrument", "Instrumente"),
    Gliederung.ZIELGRUPPE: ("Zielgruppe", "Zielgruppen"),
}
GEHEIM, STERN = "geheim", "*"  # on a page, in a file


def _below(text: str, notes: Iterable[str]) -> SafeString:
    """Every note is a line of its own: on one they would widen the column."""
    lines = format_html_join("", ' <span class="tabelle__zusatz">{}</span>', ((note,) for note in notes if note))
    return format_html("{}{}", text, lines)


def _signed(wert: Fraction, digits: int) -> str:
    text = zahl(Decimal(wert.numerator) / Decimal(wert.denominator), digits)
    return text if text.startswith(MINUS) else f"+{text}"


def _whole(wert: Fraction) -> int:
    return int((wert + Fraction(1, 2)) // 1)


def _in_euro(cent: int | Fraction) -> str:
    """Whole euro: cents say nothing here."""
    return euro(_whole(Fraction(cent) / 100) * 100)


def _one_digit(quote: Fraction | None) -> Decimal | None:
    """A rate in per cent as a file has it."""
    return None if quote is None else in_percent(quote).quantize(Decimal("0.1"))


class ZeilenSpalte(Spalte):
    """A column that reads the whole row. Without `record` it is asked for the total, which has no second line."""

    numerisch = True

    def __init__(self, verbose_name: str, **kwargs: Any) -> None:
        super().__init__(verbose_name, accessor="selbst", initial_sort_descending=True, **kwargs)

    def render(self, value: Controllingzeile, record: Controllingzeile | None = None) -> Any:
        text, *notes = self.say(value)
        return text if record is None else _below(text, notes)

    def say(self, zeile: Controllingzeile) -> tuple[str, ...]:
        """What stands in the cell, and the quieter lines below it."""
        raise NotImplementedError


class QuoteSpalte(ZeilenSpalte):
    """A rate in per cent with its change on the same months of last year, in Prozentpunkten. `cells` are the counts it is made of."""

    excel, zusatz_im_kopf = "0.0", " in Prozent"

    def __init__(
        self,
        verbose_name: str,
        *,
        now: Callable[..., Kennwert],
        before: Callable[..., Kennwert],
        cells: tuple[set[str], set[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(verbose_name, **kwargs)
        self.now, self.before, self.cells = now, before, cells

    def say(self, zeile: Controllingzeile) -> tuple[str, ...]:
        if zeile.geheim & self.cells[0]:
            return GEHEIM, ""
        now, before = self.now(zeile), self.before(zeile)
        if now.wert is None:
            return DASH, f"{now.hinweis}, ab {monat(now.reif_ab)}" if now.reif_ab else ""
        notes = []
        if before.wert is not None and not zeile.geheim & self.cells[1]:
            notes.append(f"{_signed((now.wert - before.wert) * 100, 1)}{NBSP}Punkte")
        hint = "" if zeile.geheim else now.hinweis  # it may count people
        return prozent(in_percent(now.wert)), *notes, hint

    def value(self, value: Controllingzeile) -> Any:
        if value.geheim & self.cells[0]:
            return STERN
        return _one_digit(self.now(value).wert)


class VorjahrSpalte(QuoteSpalte):
    """Last year's rate, for the file."""

    def value(self, value: Controllingzeile) -> Any:
        if value.geheim & self.cells[1]:
            return STERN
        return _one_digit(self.before(value).wert)


class EingliederungSpalte(QuoteSpalte):
    """The Eingliederungsquote with what was planned, which is no secret."""

    def say(self, zeile: Controllingzeile) -> tuple[str, ...]:
        text, *notes = super().say(zeile)
        planned = zeile.plan.eingliederung
        return (text, *notes) if planned is None else (text, f"Plan {prozent(in_percent(planned))}", *notes)


class JeMonatSpalte(ZeilenSpalte):
    """Cents per Teilnehmermonat, with the change on last year in per cent."""

    excel, zusatz_im_kopf = '#,##0.00 "€"', " in Euro"

    def say(self, zeile: Controllingzeile) -> tuple[str, ...]:
        now, before = kosten_je_teilnehmermonat(zeile.ist).wert, kosten_je_teilnehmermonat(zeile.vor).wert
        if now is None:
            return DASH, ""
        return _in_euro(now), f"{_signed((now / before - 1) * 100, 1)}{NBSP}%" if before else ""

    def value(self, value: Controllingzeile) -> Any:
        wert = kosten_je_teilnehmermonat(value.ist).wert
        return None if wert is None else Decimal(_whole(wert)) / 100


class EintritteSpalte(ZeilenSpalte):
    excel = "#,##0"

    def say(self, zeile: Controllingzeile) -> tuple[str, ...]:
        if "eintritte" in zeile.geheim:
            return GEHEIM, ""
        if not zeile.plan.massnahmen:
            return zahl(zeile.ist.eintritte), ""
        quote, planned = _besetzung(zeile), f"Plan {zahl(zeile.plan.eintritte)}"
        return zahl(zeile.ist.eintritte), planned if quote is None else f"{planned}, {prozent(in_percent(quote), 0)}"

    def value(self, value: Controllingzeile) -> Any:
        return STERN if "eintritte" in value.geheim else value.ist.eintritte


def _besetzung(zeile: Controllingzeile) -> Fraction | None:
    return besetzungsquote(zeile.ist, zeile.plan.eintritte).wert


class KostenSpalte(ZeilenSpalte):
    excel, zusatz_im_kopf = '#,##0.00 "€"', " in Euro"

    def say(self, zeile: Controllingzeile) -> tuple[str, ...]:
        planned = f"Plan {_in_euro(zeile.plan.kosten_cent)}" if zeile.plan.massnahmen else ""
        return _in_euro(zeile.ist.kosten_cent), planned

    def value(self, value: Controllingzeile) -> Any:
        return Decimal(value.ist.kosten_cent) / 100


class DateiSpalte(Spalte):
    """A number that only the file has; a count of people may be secret."""

    numerisch = True

    def __init__(self, verbose_name: str, read: Callable[[Controllingzeile], Any], *, geheim: str = "", excel: str = "#,##0") -> None:
        super().__init__(verbose_name, accessor="selbst", orderable=False, nur_datei=True)
        self.read, self.name_of_count, self.excel = read, geheim, excel

    def value(self, value: Controllingzeile) -> Any:
        return STERN if self.name_of_count in value.geheim else self.read(value)


@lru_cache
def _draw_badge(ampel: Ampel) -> SafeString:
    """One of four; fifty rows of a page do not ask the template engine each."""
    return render_to_string("components/badge.html", {"wort": ampel.wort, "art": ampel.art})


class LageSpalte(Spalte):
    """The word with its sign, and every reason as a sentence."""

    def __init__(self) -> None:
        super().__init__("Lage", accessor="selbst", orderable=False)

    def render(self, value: Controllingzeile) -> Any:
        lage = read_lage(value)
        reasons = format_html_join("", ' <span class="tabelle__zusatz">{}</span>', ((grund,) for grund in lage.gruende))
        return _draw_badge(lage.ampel) + reasons

    def value(self, value: Controllingzeile) -> str:
        lage = read_lage(value)
        return ": ".join(filter(None, [lage.ampel.wort, "; ".join(lage.gruende)]))


def _address(zeile: Controllingzeile, table: Any) -> str:
    if table.nach == Gliederung.MASSNAHME and zeile.pk:
        return reverse("massnahmen:meldung-liste", args=[zeile.pk])
    return ""


def _how_many(zeile: Controllingzeile) -> str:
    return f"{zahl(zeile.massnahmen)} {'Maßnahme' if zeile.massnahmen == 1 else 'Maßnahmen'}"


class NameSpalte(LinkSpalte):
    def render(self, value: Any, record: Any, table: Any) -> SafeString:
        self.zusatz = None if table.nach == Gliederung.MASSNAHME else _how_many
        return super().render(value, record, table)


def _eq(zeile: Controllingzeile) -> Kennwert:
    """Its window is ripe by its making, see Zeitraum.austritte."""
    return eingliederungsquote(zeile.verbleib, last_reif())


def _eq_before(zeile: Controllingzeile) -> Kennwert:
    return eingliederungsquote(zeile.verbleib_vor, last_reif())


class ControllingTabelle(Tabelle):
    titel = "Controlling der Maßnahmen"
    woerter = ("Zeile", "Zeilen")

    name = NameSpalte("Name", url=_address)
    lage = LageSpalte()
    auslastung = QuoteSpalte("Auslastung", now=lambda z: auslastung(z.ist), before=lambda z: auslastung(z.vor), cells=(set(), set()))
    eintritte = EintritteSpalte("Eintritte")
    kosten = KostenSpalte("Kosten")
    je_monat = JeMonatSpalte("Kosten je TN-Monat")
    abbruch = QuoteSpalte(
        "Abbruchquote",
        now=lambda z: abbruchquote(z.ist),
        before=lambda z: abbruchquote(z.vor),
        cells=({"austritte", "austritte_abbruch"}, {"vor_austritte", "vor_abbruch"}),
    )
    eingliederung = EingliederungSpalte(
        "Eingliederung",
        now=_eq,
        before=_eq_before,
        cells=({"verbleib", "beschaeftigt"}, {"vor_verbleib", "vor_beschaeftigt"}),
    )
    massnahmen = DateiSpalte("Maßnahmen", lambda z: z.massnahmen)
    platztage = DateiSpalte("Platztage", lambda z: z.ist.platztage)
    teilnahmetage = DateiSpalte("Teilnahmetage", lambda z: z.ist.teilnahmetage)
    tn_monate = DateiSpalte(
        f"Teilnehmermonate (Teilnahmetage ÷ {TAGE_JE_MONAT})",
        lambda z: Decimal(_whole(teilnehmermonate(z.ist) * 10)) / 10,
        excel="#,##0.0",
    )
    plan_eintritte = DateiSpalte("Eintritte nach Plan", lambda z: z.plan.eintritte if z.plan.massnahmen else None)
    besetzung = DateiSpalte("Besetzungsquote in Prozent", lambda z: _one_digit(_besetzung(z)), geheim="eintritte", excel="0.0")
    plan_kosten = DateiSpalte(
        "Kosten nach Plan in Euro", lambda z: Decimal(z.plan.kosten_cent) / 100 if z.plan.massnahmen else None, excel='#,##0.00 "€"'
    )
    plan_eingliederung = DateiSpalte("Eingliederung nach Plan in Prozent", lambda z: _one_digit(z.plan.eingliederung), excel="0.0")
    nichtantritte = DateiSpalte("Nicht angetreten", lambda z: z.ist.nichtantritte, geheim="nichtantritte")
    austritte = DateiSpalte("Austritte", lambda z: z.ist.austritte, geheim="austritte")
    abbrueche = DateiSpalte("Abbrüche", lambda z: z.ist.austritte_abbruch, geheim="austritte_abbruch")
    integrationen = DateiSpalte("Integrationen", lambda z: z.ist.integrationen, geheim="integrationen")
    vor_auslastung = VorjahrSpalte(
        "Auslastung im Vorjahr",
        now=lambda z: auslastung(z.ist),
        before=lambda z: auslastung(z.vor),
        cells=(set(), set()),
        orderable=False,
        nur_datei=True,
    )
    vor_abbruch = VorjahrSpalte(
        "Abbruchquote im Vorjahr",
        now=lambda z: abbruchquote(z.ist),
        before=lambda z: abbruchquote(z.vor),
        cells=({"austritte", "austritte_abbruch"}, {"vor_austritte", "vor_abbruch"}),
        orderable=False,
        nur_datei=True,
    )

    def __init__(self, *args: Any, nach: Gliederung, **kwargs: Any) -> None:
        self.nach = nach
        super().__init__(*args, **kwargs)
