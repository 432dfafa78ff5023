"""Small numbers of our own are hidden before anybody can read them, with whatever would give them away."""

from datetime import date

import pytest

from jobcenter.common.transitions import TransitionError
from kennzahlen.actions import Messwertzeile, define_kennzahl, record_messwert, record_messwerte, register_quelle
from kennzahlen.enums import Einheit, Geschlecht, Kennzahlart, Quellenart, Richtung, Zeitbezug
from kennzahlen.models import Kennzahl, Messwert, Quelle, month_bounds

INS, M, F = Geschlecht.INSGESAMT, Geschlecht.MAENNER, Geschlecht.FRAUEN


@pytest.fixture
def eigene(controlling) -> Quelle:
    return register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter Musterburg", titel="Eigene Zählung", by=controlling)


@pytest.fixture
def zaehlung(controlling):
    def make(code: str, **fields) -> Kennzahl:
        kennzahl = define_kennzahl(
            code=code, name=f"Eintritte {code}", einheit=Einheit.ANZAHL, richtung=Richtung.NEUTRAL, definition="Eintritte", by=controlling
        )
        Kennzahl.objects.filter(pk=kennzahl.pk).update(**fields)
        kennzahl.refresh_from_db()
        return kennzahl

    return make


@pytest.fixture
def record(eigenes, eigene, controlling):
    """Record counts by (Kennzahl, month, sex), and return what may be shown."""

    def write(werte: dict[tuple[Kennzahl, date | tuple[date, date], Geschlecht], int], *, stand: date = date(2026, 9, 1)) -> None:
        zeilen = []
        for (kennzahl, when, sex), zahl in werte.items():
            von, bis = when if isinstance(when, tuple) else month_bounds(when)
            zeilen.append(Messwertzeile(eigenes, kennzahl, von, bis, zahl, geschlecht=sex))
        record_messwerte(zeilen=zeilen, quelle=eigene, stand=stand, by=controlling)

    return write


def shown() -> set[tuple[str, str, int]]:
    return set(Messwert.objects.published().values_list("kennzahl__code", "geschlecht", "zaehler"))


JULI = date(2026, 7, 1)


def test_the_worked_example_of_the_handbook(record, zaehlung):
    gesamt = zaehlung("eintritte")
    raw = {"agh": (14, 2), "evl": (3, 3), "egz": (9, 7)}
    werte = {(gesamt, JULI, M): 26, (gesamt, JULI, F): 12, (gesamt, JULI, INS): 38}
    for code, (maenner, frauen) in raw.items():
        teil = zaehlung(code, teil_von=gesamt)
        werte |= {(teil, JULI, M): maenner, (teil, JULI, F): frauen, (teil, JULI, INS): maenner + frauen}
    record(werte)
    hidden = set(Messwert.objects.filter(gesperrt=True).values_list("kennzahl__code", "geschlecht"))
    assert hidden == {("agh", "M"), ("agh", "F"), ("evl", "M"), ("evl", "F")}
    assert ("agh", "I", 16) in shown()
    assert Messwert.objects.count() == 12  # the raw numbers are kept inside


def test_a_single_small_number_hides_alone_and_zero_stays(record, zaehlung):
    record({(zaehlung("a"), JULI, INS): 2, (zaehlung("b"), JULI, INS): 0, (zaehlung("c"), JULI, INS): 3})
    assert shown() == {("b", "I", 0), ("c", "I", 3)}


def test_the_year_gives_no_month_away(record, zaehlung):
    """January 8 and the half-year 30 are out; the small February must not follow from the others."""
    strom = zaehlung("strom", zeitbezug=Zeitbezug.STROM)
    halbjahr = (date(2026, 1, 1), date(2026, 6, 30))
    monate = {(strom, date(2026, month, 1), INS): zahl for month, zahl in enumerate((8, 2, 5, 6, 4, 5), start=1)}
    record(monate | {(strom, halbjahr, INS): 30})
    hidden = list(Messwert.objects.filter(gesperrt=True).values_list("zaehler", flat=True))
    assert 2 in hidden
    assert len(hidden) >= 2
    assert Messwert.objects.published().filter(bis=date(2026, 6, 30), von=date(2026, 1, 1)).exists() or len(hidden) >= 2


def test_stocks_of_months_do_not_add_up_so_nothing_more_is_hidden(record, zaehlung):
    bestand = zaehlung("bestand")
    quartal = (date(2026, 1, 1), date(2026, 3, 31))
    record(
        {
            (bestand, date(2026, 1, 1), INS): 8,
            (bestand, date(2026, 2, 1), INS): 2,
            (bestand, date(2026, 3, 1), INS): 5,
            (bestand, quartal, INS): 15,
        }
    )
    assert Messwert.objects.filter(gesperrt=True).count() == 1


def test_what_was_hidden_in_one_delivery_stays_hidden_in_the_next(record, zaehlung):
    """Women 2 of 16 are hidden with the men; the men alone may not come later."""
    a = zaehlung("a")
    record({(a, JULI, INS): 16, (a, JULI, F): 2})
    assert shown() == {("a", "I", 16)}
    record({(a, JULI, M): 14}, stand=date(2026, 9, 2))
    assert shown() == {("a", "I", 16)}


def test_a_value_that_nothing_can_hide_any_more_is_refused(record, zaehlung):
    a = zaehlung("a")
    record({(a, JULI, INS): 16, (a, JULI, M): 14})
    with pytest.raises(TransitionError, match="ließe sich eine kleine Zahl"):
        record({(a, JULI, F): 2}, stand=date(2026, 9, 2))
    assert Messwert.objects.count() == 2


@pytest.mark.parametrize(("zaehler", "nenner", "open_"), [(2, 40, False), (20, 40, True), (1, 2, False), (3, 3, True), (0, 40, True)])
def test_a_rate_is_hidden_with_its_zaehler_or_nenner(eigenes, eigene, controlling, zaehler, nenner, open_):
    quote = define_kennzahl(
        code="quote", name="Quote", einheit=Einheit.PROZENT, richtung=Richtung.HOEHER, definition="Quote", by=controlling
    )
    von, bis = month_bounds(JULI)
    record_messwert(
        jobcenter=eigenes,
        kennzahl=quote,
        von=von,
        bis=bis,
        zaehler=zaehler,
        nenner=nenner,
        quelle=eigene,
        stand=date(2026, 9, 1),
        by=controlling,
    )
    assert Messwert.objects.published().exists() is open_


def test_values_from_elsewhere_and_money_are_left_as_they_come(eigenes, quelle, zaehlung, controlling, eigene):
    von, bis = month_bounds(JULI)
    fields = {"jobcenter": eigenes, "von": von, "bis": bis, "stand": date(2026, 9, 1), "by": controlling}
    record_messwert(kennzahl=zaehlung("fremd"), zaehler=2, quelle=quelle, **fields)
    geld = define_kennzahl(code="geld", name="Geld", einheit=Einheit.CENT, richtung=Richtung.NEUTRAL, definition="Geld", by=controlling)
    record_messwert(kennzahl=geld, zaehler=2, quelle=eigene, **fields)
    assert Messwert.objects.published().count() == 2


def test_a_source_whose_sums_do_not_hold_is_no_reason_to_fail(record, zaehlung):
    a = zaehlung("a")
    record({(a, JULI, INS): 16, (a, JULI, F): 2, (a, JULI, M): 13})
    assert ("a", "F", 2) not in shown()


def test_a_mean_below_three_people_is_hidden(eigenes, eigene, controlling, kennzahl):
    k2 = kennzahl("K2", Einheit.PROZENT, Kennzahlart.KENNZAHL, nenner_teiler=1200)
    von, bis = month_bounds(JULI)
    record_messwert(
        jobcenter=eigenes, kennzahl=k2, von=von, bis=bis, zaehler=0, nenner=2, quelle=eigene, stand=date(2026, 9, 1), by=controlling
    )
    assert not Messwert.objects.published().exists()


def test_a_beginning_of_the_year_gives_no_month_away(record, zaehlung):
    """January to May 18 and January to June 20 are out, single months were never told: June 2 may not come beside them."""
    strom = zaehlung("strom", zeitbezug=Zeitbezug.STROM)
    for until, zahl, stand in ((5, 18, 1), (6, 20, 2)):
        record({(strom, (date(2026, 1, 1), month_bounds(date(2026, until, 1))[1]), INS): zahl}, stand=date(2026, 9, stand))
    with pytest.raises(TransitionError, match="ließe sich eine kleine Zahl"):
        record({(strom, date(2026, 6, 1), INS): 2}, stand=date(2026, 9, 3))
