"""Do the figures of one text agree with each other? Sentences for people who have to correct them. Pure."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from jobcenter.common import typography
from kennzahlen.enums import Genauigkeit, Zahleinheit
from kennzahlen.queries.formeln import gerundet
from kennzahlen.queries.zahlen_im_text import Zahlstelle, fits, round_to

MOST_MONTHS = 36
MOST_PLACES = 4


def explain_mean(
    summe: int | Fraction, monate: int, mittel: int | Fraction, *, schritt: Fraction = Fraction(1), wer: str = "Die Quelle"
) -> str:
    """Where a sum over so many months and a printed monthly mean contradict each other, how, and which months would fit.

    Nothing where they agree. `schritt` is one unit of the mean's last printed place; rounded half up.
    """
    if not monate or not mittel or _is_mean(summe, monate, mittel, schritt):
        return ""
    count, mean = typography.zahl(gerundet(summe, 0)), write_number(Fraction(mittel))
    sentence = (
        f"{wer} nennt {count} für {_months(monate)} und {mean} je Monat. Beides passt nicht zusammen: "
        f"{count} geteilt durch {monate} ergibt {typography.zahl(gerundet(Fraction(summe) / monate), 1)}."
    )
    fitting = next((n for n in range(1, MOST_MONTHS + 1) if _is_mean(summe, n, mittel, schritt)), None)
    if fitting:
        sentence += f" Zu {mean} je Monat passen {_months(fitting)} ({typography.zahl(gerundet(Fraction(summe) / fitting), 1)})."
    return sentence


def months_of(von: date, bis: date) -> int:
    """Whole months of a period, 0 when it does not consist of whole months."""
    after = date.fromordinal(bis.toordinal() + 1)
    return (after.year - von.year) * 12 + after.month - von.month if von.day == after.day == 1 else 0


def explain_share(jetzt: Fraction, vorher: Fraction, stelle: Zahlstelle, genauigkeit: Genauigkeit) -> str:
    """„34 sind 7,9 % von 432, ‚fast 8 %‘ passt.“ What a change is in per cent of the value before, and whether it is printed right."""
    difference = jetzt - vorher
    share = difference / vorher * 100
    printed = stelle if stelle.hat_vorzeichen else replace(stelle, wert=abs(stelle.wert))
    compared = share if stelle.hat_vorzeichen else abs(share)
    fitting = fits(printed, compared, genauigkeit)
    amount = f"{write_number(abs(difference))} sind {write_wert(abs(share), Zahleinheit.PROZENT, stelle, apart=not fitting)}"
    return f"{amount} von {write_number(vorher)}, „{stelle.text}“ {'passt' if fitting else 'passt nicht'}."


def explain_rounded(jetzt: Zahlstelle, vorher: Zahlstelle, aenderung: Zahlstelle) -> str:
    """A printed change that is not the difference of the two printed values: a reader who checks it needs a word.

    Only for exact words, and where the change is printed no finer than the values.
    """
    exact = {jetzt.genauigkeit, vorher.genauigkeit, aenderung.genauigkeit} == {Genauigkeit.GENAU}
    printed = abs(jetzt.wert - vorher.wert)
    if not exact or max(jetzt.schritt, vorher.schritt) > aenderung.schritt or round_to(printed, aenderung.schritt) == abs(aenderung.wert):
        return ""
    computed = write_wert(printed, aenderung.einheit, aenderung)
    return f"Aus „{vorher.text}“ und „{jetzt.text}“ errechnet sich {computed}, im Text steht „{aenderung.text}“."


def write_wert(wert: Fraction, einheit: Zahleinheit, like: Zahlstelle, *, apart: bool = False) -> str:
    """A value in the places of a printed figure, at least one of a rate; with `apart` in so many that the difference shows."""
    places = max(like.stellen, 1) if einheit in {Zahleinheit.PROZENT, Zahleinheit.PUNKTE} else 0
    while apart and places < MOST_PLACES and gerundet(wert, places) == like.wert:
        places += 1
    match einheit:
        case Zahleinheit.PROZENT:
            return typography.prozent(gerundet(wert, places), places)
        case Zahleinheit.PUNKTE:
            return f"{typography.zahl(gerundet(wert, places), places)}{typography.NBSP}Prozentpunkte"
        case Zahleinheit.EURO:
            cents = int(gerundet(wert, 0))
            in_short = typography.euro_kurz(cents)
            return typography.euro(cents) if apart or in_short == typography.euro(cents) else in_short
    return typography.zahl(gerundet(wert, places), places)


def write_number(wert: Fraction) -> str:
    """Whole numbers as they are, others with one place."""
    return typography.zahl(gerundet(wert, places := 0 if wert.denominator == 1 else 1), places)


def _is_mean(summe: int | Fraction, monate: int, mittel: int | Fraction, schritt: Fraction) -> bool:
    return round_to(Fraction(summe) / monate, schritt) == mittel


def _months(anzahl: int) -> str:
    return f"{anzahl}{typography.NBSP}{'Monat' if anzahl == 1 else 'Monate'}"
