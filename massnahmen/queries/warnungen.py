"""What the reports of running measures say that somebody should look at now. Each question is one query for all measures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db import connection

from jobcenter.common import clock, typography
from kennzahlen.queries.formeln import add_months, month_end
from massnahmen.enums import Massnahmestand
from massnahmen.models import Massnahme
from massnahmen.queries.controlling import Controllingzeile, Gliederung, Zeitraum, read_controlling
from massnahmen.queries.kennwerte import WENIGE_AUSTRITTE, abbruchquote, last_reif, reif_ab
from massnahmen.queries.lage import ABBRUCH_WARNUNG, AUSLASTUNG_WARNUNG, EINGLIEDERUNG_WARNUNG, read_erreicht, say_anteil
from massnahmen.queries.meldungen import MELDBAR, list_without_verbleib

FRIST = timedelta(days=15)  # after the end of a month its report is due
RUECKSCHAU = 12  # months in which a missing report is looked for
VERBLEIB_RUECKSCHAU = 24  # and a missing Verbleib


@dataclass(frozen=True)
class Warnung:
    """A sentence about one measure, and since when it holds."""

    massnahme_id: int
    titel: str
    satz: str
    seit: date


@dataclass(frozen=True)
class Meldeluecke:
    """Months of measures of which something is missing."""

    massnahmen: frozenset[int]
    monate: int
    aeltester: date


def last_due(heute: date | None = None) -> date:
    """The newest month whose report is due: over since more than FRIST."""
    heute = heute or clock.today()
    monat = add_months(heute.replace(day=1), -1)
    return monat if heute - add_months(monat, 1) >= FRIST else add_months(monat, -1)


_MISSING = """
SELECT m.id, s.monat::date
FROM massnahmen_massnahme m LEFT JOIN massnahmen_vertrag v ON v.massnahme_id = m.id
  CROSS JOIN generate_series(%s::date, %s::date, interval '1 month') s(monat)
WHERE m.stand = ANY(%s) AND coalesce(v.beginn, m.beginn) < s.monat + interval '1 month'
  AND coalesce(v.gekuendigt_zum, v.ende, m.ende, 'infinity') >= s.monat
  AND NOT EXISTS (SELECT 1 FROM massnahmen_monatsmeldung r WHERE r.massnahme_id = m.id AND r.monat = s.monat)
"""


def find_meldeluecke(heute: date | None = None) -> Meldeluecke | None:
    """Reports that are due and missing, looking back RUECKSCHAU months. None where nothing is missing. One query."""
    due = last_due(heute)
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [add_months(due, 1 - RUECKSCHAU), due, sorted(MELDBAR)])
        rows = cursor.fetchall()
    if not rows:
        return None
    return Meldeluecke(frozenset(pk for pk, _ in rows), len(rows), min(monat for _, monat in rows))


def find_verbleibsluecke(heute: date | None = None) -> Meldeluecke | None:
    """Months with exits that are ripe and whose Verbleib nobody has reported, up to VERBLEIB_RUECKSCHAU months back. One query."""
    newest = last_reif(heute)
    ripe = list_without_verbleib().filter(monat__range=(add_months(newest, 1 - VERBLEIB_RUECKSCHAU), newest))
    rows = list(ripe.filter(massnahme__stand__in=MELDBAR | {Massnahmestand.ABGERECHNET}).values_list("massnahme", "monat"))
    return Meldeluecke(frozenset(pk for pk, _ in rows), len(rows), min(monat for _, monat in rows)) if rows else None


_EMPTY_TWICE = """
SELECT m.id, m.titel, b.monat, a.teilnahmetage, a.platztage, b.teilnahmetage, b.platztage
FROM massnahmen_massnahme m
  CROSS JOIN LATERAL (SELECT max(monat) AS monat FROM massnahmen_monatsmeldung WHERE massnahme_id = m.id) last
  JOIN massnahmen_monatsmeldung b ON b.massnahme_id = m.id AND b.monat = last.monat
  JOIN massnahmen_monatsmeldung a ON a.massnahme_id = m.id AND a.monat = (last.monat - interval '1 month')::date
WHERE m.stand = 'laeuft' AND b.monat >= %s AND a.platztage > 0 AND b.platztage > 0
  AND a.teilnahmetage * %s < a.platztage * %s AND b.teilnahmetage * %s < b.platztage * %s
ORDER BY m.titel, m.id
"""


def list_warnungen(heute: date | None = None) -> list[Warnung]:
    """What Planung should look at: two badly occupied months, many who break off, fewer at work or more money than planned.

    Two queries."""
    heute = heute or clock.today()
    return _empty_twice(heute) + _this_year(heute)


def _empty_twice(heute: date) -> list[Warnung]:
    below = [AUSLASTUNG_WARNUNG.denominator, AUSLASTUNG_WARNUNG.numerator]
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY_TWICE, [add_months(last_due(heute), -2), *below, *below])
        rows = cursor.fetchall()
    found = []
    for pk, titel, monat, days_a, places_a, days_b, places_b in rows:
        first, second = (say_anteil(Fraction(*pair)) for pair in ((days_a, places_a), (days_b, places_b)))
        satz = f"Die Auslastung lag zwei Monate nacheinander unter 70\u00a0%: {first} und {second} im {typography.monat(monat)}."
        found.append(Warnung(pk, titel, satz, add_months(monat, 1)))
    return found


def _this_year(heute: date) -> list[Warnung]:
    """Of the running year; in January of the one that has just ended."""
    jahr = add_months(heute.replace(day=1), -1).year
    zeitraum = Zeitraum(date(jahr, 1, 1), date(jahr, 12, 1))
    rows = read_controlling(Massnahme.objects.filter(stand=Massnahmestand.LAEUFT), Gliederung.MASSNAHME, zeitraum).zeilen
    return [Warnung(zeile.pk or 0, zeile.name, satz, seit) for zeile in rows for satz, seit in _judge(zeile, zeitraum)]


def _judge(zeile: Controllingzeile, zeitraum: Zeitraum) -> Iterator[tuple[str, date]]:
    jahr, seit, exits = zeitraum.von.year, add_months(zeitraum.faellig_bis, 1), zeitraum.austritte
    quote = abbruchquote(zeile.ist).wert
    if quote is not None and quote > ABBRUCH_WARNUNG and zeile.ist.austritte >= WENIGE_AUSTRITTE:
        yield f"{say_anteil(quote)} der {zeile.ist.austritte} Austritte {jahr} waren Abbrüche.", seit
    goal = zeile.plan.eingliederung
    if goal and (share := read_erreicht(zeile)) is not None and share < EINGLIEDERUNG_WARNUNG:
        when = typography.zeitraum(exits.von, month_end(exits.bis))
        satz = f"Die Eingliederungsquote war {say_anteil(share * goal)}, geplant waren {say_anteil(goal)} (Austritte {when})."
        yield satz, reif_ab(exits.bis)
    if zeile.plan.kosten_cent and zeile.ist.kosten_cent > zeile.plan.kosten_cent:
        spent, planned = typography.euro(zeile.ist.kosten_cent), typography.euro(zeile.plan.kosten_cent)
        yield f"{jahr} hat die Maßnahme {spent} gekostet, geplant waren bis jetzt {planned}.", seit
