"""Figures in words: with unit, sign and what has changed. A rate never grows by per cent of itself."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jobcenter.common import typography
from kennzahlen.enums import Einheit, Richtung
from kennzahlen.models import Kennzahl
from kennzahlen.queries.formeln import add_months, gerundet
from kennzahlen.queries.reihe import Punkt, quotient_of

MINUS_WORD, PLUS_WORD, UNCHANGED = "minus", "plus", "unverändert"

# The subject of a sentence about a Kennzahl, and whether it is plural. Others are named as they are.
_SUBJEKTE = {
    "K1": ("Die Leistungen zum Lebensunterhalt", True),
    "K1E1": ("Die Leistungen für Unterkunft und Heizung", True),
    "K1E2": ("Die Zahl der erwerbsfähigen Leistungsberechtigten", False),
    "K1E3": ("Die durchschnittliche Zugangsrate", False),
    "K1E4": ("Die durchschnittliche Abgangsrate", False),
    "K2": ("Die Integrationsquote", False),
    "K2E1": ("Die Quote der Eintritte in geringfügige Beschäftigung", False),
    "K2E2": ("Die Quote der Eintritte in öffentlich geförderte Beschäftigung", False),
    "K2E3": ("Der Anteil der Integrationen mit anhaltender Beschäftigung", False),
    "K2E4": ("Die Integrationsquote der Alleinerziehenden", False),
    "K3": ("Die Zahl der Langzeitleistungsbeziehenden", False),
    "K3E1": ("Die Integrationsquote der Langzeitleistungsbeziehenden", False),
    "K3E2": ("Die Aktivierungsquote der Langzeitleistungsbeziehenden", False),
    "K3E3": ("Die durchschnittliche Zugangsrate in den Langzeitbezug", False),
    "K3E4": ("Die durchschnittliche Abgangsrate aus dem Langzeitbezug", False),
}


def format_wert(einheit: Einheit, wert: Decimal | None) -> str:
    """9.525, 26,7 %, 13,9 Mio. €; "–" where it cannot be computed."""
    if wert is None:
        return typography.DASH
    match einheit:
        case Einheit.ANZAHL:
            return typography.zahl(wert)
        case Einheit.CENT:
            return typography.euro_kurz(int(wert))
    return typography.prozent(wert)


def change_in_words(einheit: Einheit, wert: Decimal, before: Decimal) -> str:
    """plus 0,7 Prozentpunkte for rates, minus 275 (minus 2,8 %) for counts: a rate never grows by per cent of itself."""
    difference = wert - before
    if einheit in {Einheit.PROZENT, Einheit.VERAENDERUNG}:
        points = typography.zahl(abs(difference), 1)
        return UNCHANGED if points == "0,0" else f"{_signed(difference, points)} Prozentpunkte"
    if not difference:
        return UNCHANGED
    amount = format_wert(einheit, abs(difference))
    if not before:
        return _signed(difference, amount)
    share = typography.prozent(abs(difference / before * 100))
    return f"{_signed(difference, amount)} ({_signed(difference, share)})"


def value_in_words(kennzahl: Kennzahl, wert: Decimal | None) -> str:
    """As `format_wert`, with a sign for what is itself a change: +1,4 %, −3,2 %."""
    text = format_wert(Einheit(kennzahl.einheit), wert)
    is_rise = kennzahl.einheit == Einheit.VERAENDERUNG and wert is not None and gerundet(Fraction(wert)) > 0
    return f"+{text}" if is_rise else text


def amount_in_words(kennzahl: Kennzahl, amount: Fraction | int | None) -> str:
    """A Zähler or Nenner: people and events as numbers, money in euros; "–" where there is none."""
    if amount is None:
        return typography.DASH
    if kennzahl.ist_geld:
        return typography.euro(int(gerundet(amount, -2)))
    amount = Fraction(amount)
    return typography.zahl(gerundet(amount), 0 if amount.denominator == 1 else 1)


def nenner_of(kennzahl: Kennzahl, punkt: Punkt) -> Fraction | None:
    return None if punkt.nenner is None else Fraction(punkt.nenner, kennzahl.nenner_teiler)


# --- the finding ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Aenderung:
    """What has become of a figure in a year. `pfeil` is "up", "down" or empty; the words say the same."""

    pfeil: str
    text: str


def find_aenderung(kennzahl: Kennzahl, punkt: Punkt, vorjahr: Punkt | None) -> Aenderung | None:
    """None where the month a year earlier is not known."""
    assert punkt.wert is not None
    before = typography.monat(add_months(punkt.von, -12))
    if kennzahl.einheit == Einheit.VERAENDERUNG:
        change = gerundet(Fraction(punkt.wert))
        return Aenderung(_arrow(change), f"{_more(change)} als im {before}" if change else f"so viel wie im {before}")
    if vorjahr is None or vorjahr.wert is None:
        return None
    words = change_in_words(Einheit(kennzahl.einheit), punkt.wert, vorjahr.wert)
    difference = Decimal(0) if words == UNCHANGED else punkt.wert - vorjahr.wert
    return Aenderung(_arrow(difference), f"{words} gegenüber {before}")


def find_befund(kennzahl: Kennzahl, punkt: Punkt, vorjahr: Punkt | None) -> str:
    """The finding as a sentence: Die Integrationsquote liegt bei 26,5 %, 0,8 Prozentpunkte mehr als vor einem Jahr."""
    assert punkt.wert is not None
    subject, is_plural = _SUBJEKTE.get(kennzahl.code, (f"„{kennzahl.name}“", False))
    if kennzahl.einheit == Einheit.VERAENDERUNG:
        change, verb = gerundet(Fraction(punkt.wert)), "sind" if is_plural else "ist"
        if not change:
            return f"{subject} {verb} so hoch wie vor einem Jahr."
        return f"{subject} {verb} in einem Jahr um {typography.prozent(abs(change))} {'gesunken' if change < 0 else 'gestiegen'}."
    base = f"{subject} {'liegen' if is_plural else 'liegt'} bei {value_in_words(kennzahl, punkt.wert)}"
    if vorjahr is None or vorjahr.wert is None:
        return f"{base}."
    difference = punkt.wert - vorjahr.wert
    if change_in_words(Einheit(kennzahl.einheit), punkt.wert, vorjahr.wert) == UNCHANGED:
        return f"{base}, genauso wie vor einem Jahr."
    amount = format_wert(Einheit(kennzahl.einheit), abs(difference))
    if kennzahl.einheit == Einheit.PROZENT:
        points = typography.zahl(abs(difference), 1)
        amount = f"{points}{typography.NBSP}{'Prozentpunkt' if points == '1,0' else 'Prozentpunkte'}"
    return f"{base}, {amount} {_more(difference)} als vor einem Jahr."


def explain_richtung(kennzahl: Kennzahl) -> str:
    match kennzahl.richtung:
        case Richtung.HOEHER:
            return "Eine höhere Zahl ist hier besser."
        case Richtung.NIEDRIGER:
            return "Eine niedrigere Zahl ist hier besser."
    return "Diese Zahl erklärt etwas. Ob sie hoch oder niedrig ist, sagt nichts darüber, ob die Arbeit gut war."


# --- how it is computed -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Rechnung:
    """The formula with the numbers of one month. `saetze` end with the value; K1, K1E1, K1E2 and K3 have both readings."""

    zaehler_name: str
    zaehler: str
    nenner_name: str
    nenner: str
    saetze: tuple[str, ...]


def explain_rechnung(kennzahl: Kennzahl, punkt: Punkt) -> Rechnung | None:
    """None for what is counted and not computed."""
    quotient, nenner = quotient_of(kennzahl, punkt), nenner_of(kennzahl, punkt)
    if quotient is None or punkt.wert is None:
        return None
    zaehler_text, nenner_text = amount_in_words(kennzahl, punkt.zaehler), amount_in_words(kennzahl, nenner)
    share = typography.prozent(gerundet(quotient))
    saetze = [f"{zaehler_text} geteilt durch {nenner_text} sind {share}."]
    if kennzahl.einheit == Einheit.VERAENDERUNG:
        saetze.append(f"Das heißt: {share} vom Wert des Vorjahres. So schreibt es die Verordnung.")
        saetze.append(f"Als Veränderung gelesen sind es {value_in_words(kennzahl, punkt.wert)}. So ist es üblich, und so steht es oben.")
    elif kennzahl.zaehler_name and kennzahl.nenner_name and "," not in kennzahl.zaehler_name + kennzahl.nenner_name:
        of_what, what = kennzahl.nenner_name.partition(" im Durchschnitt")[0], kennzahl.zaehler_name.partition(" in zwölf Monaten")[0]
        saetze.append(f"Anders gesagt: Auf 100 {of_what} kommen {typography.zahl(gerundet(quotient), 1)} {what}.")
    return Rechnung(
        zaehler_name=kennzahl.zaehler_name or "Zähler",
        zaehler=zaehler_text,
        nenner_name=kennzahl.nenner_name or "Nenner",
        nenner=nenner_text,
        saetze=tuple(saetze),
    )


def _arrow(difference: Decimal) -> str:
    return "" if not difference else "up" if difference > 0 else "down"


def _more(difference: Decimal) -> str:
    return "mehr" if difference > 0 else "weniger"


def _signed(value: Decimal, amount: str) -> str:
    return f"{MINUS_WORD if value < 0 else PLUS_WORD}{typography.NBSP}{amount}"
