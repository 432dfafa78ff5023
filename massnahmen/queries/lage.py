"""How a measure, or a group of them, is doing: a word with its reasons as sentences. Colour only repeats the word."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from jobcenter.common import typography
from massnahmen.queries.controlling import Controllingzeile
from massnahmen.queries.kennwerte import WENIGE_AUSTRITTE, abbruchquote, auslastung

# Warnwerte: from here on somebody has to look. Alarmwerte: from here on somebody has to act.
AUSLASTUNG_WARNUNG, AUSLASTUNG_ALARM = Fraction(70, 100), Fraction(50, 100)
ABBRUCH_WARNUNG, ABBRUCH_ALARM = Fraction(30, 100), Fraction(50, 100)
EINGLIEDERUNG_WARNUNG, EINGLIEDERUNG_ALARM = Fraction(90, 100), Fraction(70, 100)  # of the planned Eingliederungsquote
KOSTEN_WARNUNG, KOSTEN_ALARM = Fraction(1), Fraction(120, 100)  # of what is planned for the months that are over


class Ampel(Enum):
    """Word and look; `rang` orders them."""

    OHNE = ("keine Meldung", "neutral", 0)
    GUT = ("im Rahmen", "success", 1)
    WARNUNG = ("beobachten", "warning", 2)
    ALARM = ("handeln", "danger", 3)

    @property
    def wort(self) -> str:
        return self.value[0]

    @property
    def art(self) -> str:
        return self.value[1]

    @property
    def rang(self) -> int:
        return self.value[2]


@dataclass(frozen=True)
class Lage:
    ampel: Ampel
    gruende: tuple[str, ...]


def read_lage(zeile: Controllingzeile) -> Lage:
    """What is out of order in the period. What is secret gives no reason: that would tell it."""
    if zeile.ist.platztage == zeile.ist.teilnahmetage == zeile.ist.kosten_cent == zeile.ist.austritte == 0:
        return Lage(Ampel.OHNE, ())
    found = list(_find(zeile))
    if not found:
        return Lage(Ampel.GUT, ())
    return Lage(max((ampel for ampel, _ in found), key=lambda ampel: ampel.rang), tuple(grund for _, grund in found))


def _find(zeile: Controllingzeile) -> Iterator[tuple[Ampel, str]]:
    belegt = auslastung(zeile.ist).wert
    if belegt is not None and belegt < AUSLASTUNG_WARNUNG:
        yield _below("Auslastung {}", belegt, AUSLASTUNG_WARNUNG, AUSLASTUNG_ALARM)
    abbruch = abbruchquote(zeile.ist).wert
    shown = not zeile.geheim & {"austritte", "austritte_abbruch"}
    if shown and abbruch is not None and abbruch > ABBRUCH_WARNUNG and zeile.ist.austritte >= WENIGE_AUSTRITTE:
        yield _above("Abbruchquote {}", abbruch, ABBRUCH_WARNUNG, ABBRUCH_ALARM)
    if (erreicht := read_erreicht(zeile)) is not None and erreicht < EINGLIEDERUNG_WARNUNG:
        yield _below("Eingliederungsquote {} des Plans", erreicht, EINGLIEDERUNG_WARNUNG, EINGLIEDERUNG_ALARM)
    if zeile.plan.kosten_cent and zeile.ist.kosten_cent > zeile.plan.kosten_cent * KOSTEN_WARNUNG:
        yield _above("Kosten {} des Plans", Fraction(zeile.ist.kosten_cent, zeile.plan.kosten_cent), KOSTEN_WARNUNG, KOSTEN_ALARM)


def read_erreicht(zeile: Controllingzeile) -> Fraction | None:
    """How much of its planned Eingliederungsquote one measure reached. None without a plan, with few exits or with exits whose
    Verbleib is unknown, of several measures, and where the counts are secret."""
    known = zeile.verbleib
    if not zeile.plan.eingliederung or zeile.massnahmen != 1 or zeile.geheim & {"verbleib", "beschaeftigt"}:
        return None
    if known.austritte < WENIGE_AUSTRITTE or known.gemeldet > known.austritte:
        return None
    return Fraction(known.beschaeftigt, known.austritte) / zeile.plan.eingliederung


def _below(zahl: str, wert: Fraction, warnung: Fraction, alarm: Fraction) -> tuple[Ampel, str]:
    return _say(zahl, wert, "unter", warnung, alarm, is_alarm=wert < alarm)


def _above(zahl: str, wert: Fraction, warnung: Fraction, alarm: Fraction) -> tuple[Ampel, str]:
    return _say(zahl, wert, "über", warnung, alarm, is_alarm=wert > alarm)


def _say(zahl: str, wert: Fraction, seite: str, warnung: Fraction, alarm: Fraction, *, is_alarm: bool) -> tuple[Ampel, str]:
    limit = f"Alarmwert {say_anteil(alarm)}" if is_alarm else f"Warnwert {say_anteil(warnung)}"
    return Ampel.ALARM if is_alarm else Ampel.WARNUNG, f"{zahl.format(say_anteil(wert))} – {seite} dem {limit}"


def in_percent(wert: Fraction) -> Decimal:
    """A rate in per cent, exact to far more digits than anybody reads."""
    return Decimal(wert.numerator * 100) / Decimal(wert.denominator)


def say_anteil(wert: Fraction) -> str:
    """As many digits as it takes not to say the limit itself: 69,96 % does not become 70 %."""
    value = in_percent(wert)
    if value == value.to_integral_value():
        return typography.prozent(value, 0)
    whole_again = value.quantize(Decimal("0.1")) == value.to_integral_value()
    return typography.prozent(value, 2 if whole_again else 1)
