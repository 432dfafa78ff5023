"""Series and rankings: which value counts, what is missing, what was revised, who stands where."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection

from kennzahlen.actions import (
    Messwertzeile,
    assign_zuordnungen,
    merge_jobcenter,
    record_messwerte,
    register_quelle,
    sum_gruppen,
)
from kennzahlen.enums import Einheit, Geschlecht, Kennzahlart, Quellenart, Reife, Richtung, Traegerform
from kennzahlen.models import Datenstand, Gruppensumme, Jobcenter, Kennzahl, Messwert, Quelle, month_bounds
from kennzahlen.queries.formeln import NENNER_TEILER, add_months, gerundet
from kennzahlen.queries.rangliste import read_rangliste
from kennzahlen.queries.reihe import newest_month, quotient_of, read_reihe, read_vergleichsreihen

JULI = date(2026, 7, 1)
ENDE_JULI = date(2026, 7, 31)


@pytest.fixture
def k2(kennzahl) -> Kennzahl:
    return kennzahl("K2", Einheit.PROZENT, Kennzahlart.KENNZAHL, nenner_teiler=1200)


@pytest.fixture
def k3(kennzahl) -> Kennzahl:
    return kennzahl("K3", Einheit.VERAENDERUNG, Kennzahlart.KENNZAHL, richtung=Richtung.NIEDRIGER)


@pytest.fixture
def ba(controlling) -> Quelle:
    return register_quelle(art=Quellenart.BA_ENDGUELTIG, herausgeber="Statistik der Bundesagentur", titel="Kennzahlen", by=controlling)


@pytest.fixture
def haus(db) -> Callable[[int], Jobcenter]:
    def make(number: int) -> Jobcenter:
        name = f"Kreis {number} (erfunden)"
        return Jobcenter.objects.get_or_create(traegernummer=f"{99500 + number}", name=name, form=Traegerform.ZUGELASSENER_TRAEGER)[0]

    return make


@pytest.fixture
def deliver(ba, controlling):
    """Write values of one month: deliver(k2, {jobcenter: (Z, N)}, month=…, stand=…), and add up the groups."""

    def write(kennzahl, werte, *, month=JULI, stand=date(2026, 11, 20), quelle=None, geschlecht=Geschlecht.INSGESAMT) -> Datenstand:
        von, bis = month_bounds(month)
        zeilen = [Messwertzeile(one, kennzahl, von, bis, z, n, geschlecht=geschlecht) for one, (z, n) in werte.items()]
        record_messwerte(zeilen=zeilen, quelle=quelle or ba, stand=stand, by=controlling)
        return Datenstand.objects.get(quelle=quelle or ba, tag=stand)

    return write


# --- one series -------------------------------------------------------------------------------------------------
def test_a_mean_of_twelve_months_is_kept_exactly(k2, haus, deliver):
    deliver(k2, {haus(1): (2600, Fraction(117_901, 12))})
    punkt = read_reihe(k2, haus(1), bis=ENDE_JULI, monate=1).letzter
    assert Messwert.objects.get().nennerwert == Fraction(117_901, 12)
    assert gerundet(quotient_of(k2, punkt), 10) == gerundet(Fraction(2600 * 1200, 117_901), 10)


def test_missing_months_are_empty_and_never_guessed(k2, haus, deliver):
    deliver(k2, {haus(1): (200, 1000)}, month=date(2026, 5, 1))
    deliver(k2, {haus(1): (220, 1000)}, month=JULI, stand=date(2026, 11, 21))
    reihe = read_reihe(k2, haus(1), bis=ENDE_JULI, monate=3)
    assert [punkt.wert for punkt in reihe.punkte] == [Decimal(20), None, Decimal(22)]
    assert reihe.letzter.bis == ENDE_JULI
    assert newest_month(k2, haus(1)) == ENDE_JULI


def test_a_newer_datenstand_counts_and_the_revision_stays_visible(k2, haus, deliver):
    deliver(k2, {haus(1): (200, 1000)}, stand=date(2026, 11, 20))
    deliver(k2, {haus(1): (210, 1000)}, stand=date(2026, 12, 20))
    punkt = read_reihe(k2, haus(1), bis=ENDE_JULI, monate=1).letzter
    assert (punkt.wert, punkt.reife, punkt.frueher) == (Decimal(21), Reife.REVIDIERT, Decimal(20))


def test_the_same_value_again_is_no_revision(k2, haus, deliver):
    deliver(k2, {haus(1): (200, 1000)}, stand=date(2026, 11, 20))
    deliver(k2, {haus(1): (200, 1000)}, stand=date(2026, 12, 20))
    assert read_reihe(k2, haus(1), bis=ENDE_JULI, monate=1).letzter.reife is Reife.ENDGUELTIG


def test_before_the_waiting_time_a_value_is_an_estimate(k2, haus, deliver):
    deliver(k2, {haus(1): (200, 1000)}, stand=date(2026, 10, 30))  # July is final from 31 October on
    assert read_reihe(k2, haus(1), bis=ENDE_JULI, monate=1).letzter.reife is Reife.HOCHGERECHNET
    deliver(k2, {haus(1): (205, 1000)}, stand=date(2026, 10, 31))
    punkt = read_reihe(k2, haus(1), bis=ENDE_JULI, monate=1).letzter
    assert (punkt.reife, punkt.frueher) == (Reife.ENDGUELTIG, None)  # an estimate that became final was not revised


def test_final_figures_of_the_bundesagentur_count_more_than_newer_ones_of_our_own(k2, haus, deliver, controlling):
    own = register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Haus", titel="Zählung", by=controlling)
    deliver(k2, {haus(1): (200, 1000)}, stand=date(2026, 11, 20))
    deliver(k2, {haus(1): (300, 1000)}, stand=date(2026, 12, 24), quelle=own)
    assert read_reihe(k2, haus(1), bis=ENDE_JULI, monate=1).letzter.wert == Decimal(20)


def test_what_the_press_wrote_is_in_no_series(k2, haus, deliver, quelle):
    deliver(k2, {haus(1): (200, 1000)}, quelle=quelle)
    assert read_reihe(k2, haus(1), bis=ENDE_JULI, monate=1).letzter is None
    assert newest_month(k2, haus(1)) is None


def test_both_readings_of_a_change(k3, haus, deliver):
    deliver(k3, {haus(1): (9096, 9549)})
    punkt = read_reihe(k3, haus(1), bis=ENDE_JULI, monate=1).letzter
    assert round(punkt.wert, 4) == Decimal("-4.7440")
    assert gerundet(quotient_of(k3, punkt)) == Decimal("95.3")


def test_four_jobcenter_that_became_one(k2, haus, deliver, administration):
    """Erzgebirgskreis 2012: earlier months are the sums of the four, never the mean of their rates, and only when all are there."""
    neu, alte = haus(9), [haus(one) for one in range(1, 5)]
    for one in alte:
        merge_jobcenter(jobcenter=one, nachfolger=neu, am=date(2026, 7, 1), by=administration)
    mai, juni = date(2026, 5, 1), date(2026, 6, 1)
    deliver(k2, {one: (100 * index, 1000) for index, one in enumerate(alte, start=1)}, month=juni)
    deliver(k2, dict.fromkeys(alte[:3], (100, 1000)), month=mai, stand=date(2026, 11, 21))
    deliver(k2, {neu: (1200, 4000)}, stand=date(2026, 11, 22))
    im_mai, im_juni, im_juli = read_reihe(k2, neu, bis=ENDE_JULI, monate=3).punkte
    assert (im_mai.wert, im_juni.wert, im_juli.wert) == (None, Decimal(25), Decimal(30))
    assert (im_juni.fiktiver_gebietsstand, im_juli.fiktiver_gebietsstand) == (True, False)
    assert [platz.name for platz in read_rangliste(k2, bis=date(2026, 6, 30)).plaetze] == [neu.name]


# --- groups -----------------------------------------------------------------------------------------------------
@pytest.fixture
def gruppen(haus, administration):
    """Six Jobcenter in one Bund, two Länder, two Typen."""
    zuordnungen = []
    for number in range(1, 7):
        nummer = haus(number).traegernummer
        zuordnungen += [{"traegernummer": nummer, "art": "bund", "code": "B"}]
        zuordnungen += [{"traegernummer": nummer, "art": "land", "code": "Nord" if number < 4 else "Süd"}]
        zuordnungen += [{"traegernummer": nummer, "art": "typ", "code": "Ia" if number % 2 else "IIb"}]
    return assign_zuordnungen(zuordnungen=zuordnungen, ab=date(2020, 1, 1), by=administration)


def test_an_aggregate_is_the_sum_of_both_sides(k2, haus, deliver, gruppen, system):
    stand = deliver(k2, {haus(1): (2600, 9825), haus(2): (300, 2000)})
    assert sum_gruppen(datenstand=stand, by=system) == 4
    reihen = read_vergleichsreihen(k2, haus(1), bis=ENDE_JULI, monate=1)
    bund = reihen.gruppen[0].letzter
    assert [reihe.name for reihe in reihen.gruppen] == ["B", "Nord", "Ia"]
    assert round(bund.wert, 1) == Decimal("24.5")  # and not 20.7, the mean of both rates
    assert bund.anzahl == 2


def test_summing_twice_changes_nothing(k2, haus, deliver, gruppen, system):
    stand = deliver(k2, {haus(1): (2600, 9825), haus(2): (300, 2000)})
    sum_gruppen(datenstand=stand, by=system)
    before = list(Gruppensumme.objects.order_by("pk").values())
    sum_gruppen(datenstand=stand, by=system)
    assert list(Gruppensumme.objects.order_by("pk").values()) == before


def test_summing_leaves_no_setting_behind(k2, haus, deliver, gruppen, system):
    """The demo sums inside one transaction; settings for millions of rows would make every later query slow."""
    stand = deliver(k2, {haus(1): (2600, 9825), haus(2): (300, 2000)})
    with connection.cursor() as cursor:
        ask = "SELECT name, setting FROM pg_settings WHERE name ~ '^(enable_|work_mem|statement_timeout)'"
        cursor.execute(ask)
        before = cursor.fetchall()
        sum_gruppen(datenstand=stand, by=system)
        cursor.execute(ask)
        assert cursor.fetchall() == before


def test_a_small_later_delivery_does_not_replace_the_sum_of_the_country(k2, haus, deliver, gruppen, system):
    """A revision of one Jobcenter is no new Bund: the sum says over how many it goes."""
    for stand, houses in ((date(2026, 11, 20), range(1, 7)), (date(2026, 12, 20), [1])):
        sum_gruppen(datenstand=deliver(k2, {haus(one): (200 + stand.month, 1000) for one in houses}, stand=stand), by=system)
    reihen = read_vergleichsreihen(k2, haus(1), bis=ENDE_JULI, monate=1)
    assert reihen.eigene.letzter.wert == Decimal("21.2")
    assert (reihen.gruppen[0].letzter.anzahl, reihen.gruppen[0].letzter.wert) == (6, Decimal("21.1"))


def test_who_changes_the_type_counts_in_the_old_one_until_then(k2, haus, deliver, gruppen, system, administration):
    wechsel = {"traegernummer": haus(1).traegernummer, "art": "typ", "code": "IIb"}
    assert assign_zuordnungen(zuordnungen=[wechsel], ab=JULI, by=administration) == 1
    assert assign_zuordnungen(zuordnungen=[wechsel], ab=JULI, by=administration) == 0
    for month, stand in ((date(2026, 6, 1), date(2026, 11, 20)), (JULI, date(2026, 11, 21))):
        sum_gruppen(datenstand=deliver(k2, {haus(one): (200, 1000) for one in range(1, 7)}, month=month, stand=stand), by=system)
    found = dict(Gruppensumme.objects.filter(gruppe__code="Ia").values_list("bis", "anzahl"))
    assert found == {date(2026, 6, 30): 3, ENDE_JULI: 2}


# --- rankings ---------------------------------------------------------------------------------------------------
def test_places_among_all_and_within_the_type(k2, haus, deliver, gruppen):
    deliver(k2, {haus(1): (20, 100), haus(2): (30, 100), haus(3): (40, 200), haus(4): (10, 100), haus(5): (50, 100)})
    liste = read_rangliste(k2, bis=ENDE_JULI)
    found = {platz.name[:7]: (platz.rang, platz.rang_im_typ) for platz in liste.plaetze}
    # 1 and 3 are equal (20 %), though written differently; after two third places comes the fifth
    assert found == {"Kreis 5": (1, 1), "Kreis 2": (2, 1), "Kreis 1": (3, 2), "Kreis 3": (3, 2), "Kreis 4": (5, 2)}
    assert liste.im_typ == {"Ia": 3, "IIb": 2}
    assert liste.quantil(1, 2) == Decimal(20)


def test_the_lowest_is_best_where_less_is_better(k3, haus, deliver, gruppen):
    deliver(k3, {haus(1): (90, 100), haus(2): (110, 100), haus(3): (100, 100)})
    assert [platz.name[:7] for platz in read_rangliste(k3, bis=ENDE_JULI).plaetze] == ["Kreis 1", "Kreis 3", "Kreis 2"]


@pytest.mark.parametrize("count", [1, 6])
def test_the_number_of_queries_is_fixed(k2, haus, deliver, gruppen, system, django_assert_num_queries, count):
    for month in range(1, count + 1):
        stand = deliver(
            k2, {haus(one): (200, 1000) for one in range(1, count + 1)}, month=date(2026, month, 1), stand=date(2026, 10, month)
        )
        sum_gruppen(datenstand=stand, by=system)
    with django_assert_num_queries(3):
        read_rangliste(k2, bis=date(2026, count, 28))
    eins = haus(1)
    with django_assert_num_queries(5):
        read_vergleichsreihen(k2, eins, bis=month_bounds(date(2026, count, 1))[1])


def test_the_table_and_the_formulas_agree_about_the_teiler(db):
    from kennzahlen.imports import load_kennzahlen

    load_kennzahlen()
    stored = dict(Kennzahl.objects.filter(code__in=NENNER_TEILER).values_list("code", "nenner_teiler"))
    assert stored == dict(NENNER_TEILER)
    assert add_months(date(2026, 1, 1), -1) == date(2025, 12, 1)


def test_a_newer_sum_counts_though_it_hides_one_of_the_group(k2, haus, deliver, gruppen, system):
    """An older sum with all of them, less the members that are shown, would be the hidden one."""
    for stand, houses in ((date(2026, 11, 20), range(1, 7)), (date(2026, 12, 20), range(1, 6))):
        sum_gruppen(datenstand=deliver(k2, {haus(one): (200 + stand.month, 1000) for one in houses}, stand=stand), by=system)
    bund = read_vergleichsreihen(k2, haus(1), bis=ENDE_JULI, monate=1).gruppen[0].letzter
    assert (bund.anzahl, bund.wert) == (5, Decimal("21.2"))


def test_a_sum_of_one_is_no_comparison(k2, haus, deliver, gruppen, system):
    sum_gruppen(datenstand=deliver(k2, {haus(1): (200, 1000)}), by=system)
    assert not any(reihe.letzter for reihe in read_vergleichsreihen(k2, haus(1), bis=ENDE_JULI, monate=1).gruppen)
