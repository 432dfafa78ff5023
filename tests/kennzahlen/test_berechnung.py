"""From monthly counts to the Kennzahlen of § 48a: the vectors of the handbook, through the same doors as real figures."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobcenter.common import clock
from jobcenter.common.events import deliver
from jobcenter.common.models import Zustellung
from kennzahlen.actions import (
    Messwertzeile,
    compute_kennzahlen,
    record_messwerte,
    register_quelle,
    take_over_lieferung,
    withdraw_lieferung,
)
from kennzahlen.enums import Geschlecht, Grundgroesse, Kennzahlart, Lizenz, Quellenart
from kennzahlen.imports import load_kennzahlen
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Messwert, Quelle, month_bounds
from kennzahlen.queries.formeln import add_months, gerundet
from kennzahlen.queries.reihe import Punkt, read_reihe
from kennzahlen.tasks import EIGENE_BERECHNUNG, compute_own

pytestmark = pytest.mark.django_db
INS, M, F = Geschlecht.INSGESAMT, Geschlecht.MAENNER, Geschlecht.FRAUEN
G = Grundgroesse
DEZEMBER = date(2024, 12, 1)
STAND = date(2025, 4, 22)
ELB = [10020, 10000, 10040, 10060, 9980, 9900, 9850, 9800, 9700, 9650, 9600, 9620, 9700]  # December 2023 to December 2024
INTEGRATIONEN = [180, 190, 240, 230, 220, 205, 210, 230, 300, 260, 190, 145]  # the year 2024, as the two below
ZUGAENGE = [520, 500, 480, 470, 460, 455, 470, 450, 440, 445, 470, 500]
ABGAENGE = [480, 470, 500, 560, 545, 520, 500, 560, 510, 495, 450, 410]
Werte = dict[tuple[Grundgroesse, date], int]


def months(groesse: Grundgroesse, zahlen: Iterable[int], bis: date = DEZEMBER) -> Werte:
    zahlen = list(zahlen)
    return {(groesse, add_months(bis, n - len(zahlen) + 1)): zahl for n, zahl in enumerate(zahlen)}


HANDBUCH = months(G.ELB, ELB) | months(G.INTEGRATIONEN, INTEGRATIONEN) | months(G.ELB_ZUGANG, ZUGAENGE) | months(G.ELB_ABGANG, ABGAENGE)


@pytest.fixture
def eigene(controlling) -> Quelle:
    load_kennzahlen()
    return register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter Musterburg", titel="Eigene Zählung", by=controlling)


@pytest.fixture
def count(eigenes, eigene, controlling) -> Callable[..., Datenstand]:
    """Record monthly counts under one day and let the worker hear of it."""

    def record(werte: Werte, stand: date = STAND, geschlecht: Geschlecht = INS, jobcenter: Jobcenter = eigenes) -> Datenstand:
        kennzahlen = Kennzahl.objects.in_bulk(field_name="code")
        zeilen = [
            Messwertzeile(jobcenter, kennzahlen[groesse.value], *month_bounds(monat), zahl, geschlecht=geschlecht)
            for (groesse, monat), zahl in werte.items()
        ]
        record_messwerte(zeilen=zeilen, quelle=eigene, stand=stand, by=controlling)
        datenstand = Datenstand.objects.get(quelle=eigene, tag=stand)
        compute_own(datenstand.pk)
        return datenstand

    return record


def read(jobcenter: Jobcenter, code: str, monat: date = DEZEMBER, geschlecht: Geschlecht = INS) -> Punkt:
    reihe = read_reihe(Kennzahl.objects.get(code=code), jobcenter, bis=monat, geschlecht=geschlecht)
    return reihe.punkte[-1]


def computed() -> dict[tuple[str, date, str], tuple[int, int]]:
    """What we have computed, the newest statement of each value."""
    rows = Messwert.objects.filter(datenstand__quelle__titel=EIGENE_BERECHNUNG).order_by("datenstand__tag")
    return {(row.kennzahl.code, row.von, row.geschlecht): (row.zaehler, row.nenner) for row in rows.select_related("kennzahl")}


@pytest.mark.parametrize(
    ("code", "zaehler", "nenner", "genau", "gezeigt"),
    [
        ("K2", 2600, Fraction(9825), "26.4631", "26.5"),
        ("K1E2", 9700, Fraction(10020), "-3.1936", "-3.2"),
        ("K1E3", 5660, Fraction(117900), "4.8007", "4.8"),
        ("K1E4", 6000, Fraction(118220), "5.0753", "5.1"),
    ],
)
def test_the_vectors_of_the_handbook_month_by_month(count, eigenes, code, zaehler, nenner, genau, gezeigt):
    for back in reversed(range(13)):
        monat = add_months(DEZEMBER, -back)
        stand = month_bounds(add_months(monat, 3))[1]
        count({key: zahl for key, zahl in HANDBUCH.items() if key[1] == monat}, stand=stand)
    punkt = read(eigenes, code)
    kennzahl = Kennzahl.objects.get(code=code)
    assert (punkt.zaehler, Fraction(punkt.nenner, kennzahl.nenner_teiler)) == (zaehler, nenner)
    assert gerundet(Fraction(punkt.wert), 4) == Decimal(genau)
    assert gerundet(Fraction(punkt.wert)) == Decimal(gezeigt)
    assert punkt.datenstand.tag == date(2025, 3, 31)
    assert (punkt.datenstand.quelle.titel, punkt.datenstand.quelle.lizenz) == (EIGENE_BERECHNUNG, Lizenz.DL_DE_BY)


def test_all_fifteen_are_computed_for_each_sex_apart(count):
    for sex in (INS, M, F):
        count({(groesse, add_months(DEZEMBER, -back)): 1000 + back for groesse in Grundgroesse for back in range(13)}, geschlecht=sex)
    found = {(code, sex) for code, monat, sex in computed() if monat == DEZEMBER}
    law = Kennzahl.objects.exclude(art=Kennzahlart.EIGENE).values_list("code", flat=True)
    assert found == {(code, sex) for code in law for sex in "IMF"}


@pytest.mark.parametrize("gap", [0, 5, 11])
def test_a_missing_month_gives_no_value_where_it_is_needed(count, eigenes, gap):
    missing = (G.INTEGRATIONEN, add_months(DEZEMBER, -gap))
    count({key: zahl for key, zahl in HANDBUCH.items() if key != missing})
    assert read(eigenes, "K2").wert is None
    assert read(eigenes, "K1E3").wert is not None
    count({missing: HANDBUCH[missing]}, stand=date(2025, 5, 20))
    assert read(eigenes, "K2").zaehler == 2600


def test_the_same_again_writes_nothing(count, eigenes, system):
    datenstand = count(HANDBUCH)
    before = Messwert.objects.count()
    compute_own(datenstand.pk)
    quelle = Quelle.objects.get(titel=EIGENE_BERECHNUNG)
    assert compute_kennzahlen(jobcenter=eigenes, quelle=quelle, stand=date(2025, 9, 1), by=system) == 0
    assert Messwert.objects.count() == before


def test_a_correction_changes_the_twelve_months_that_contain_it_and_keeps_the_old_ones(count, eigenes):
    """Integrationen of July 2024 are in K2 of July 2024 to June 2025."""
    late = add_months(DEZEMBER, 18)
    werte = months(G.ELB, [10000] * 36, late) | months(G.INTEGRATIONEN, range(200, 236), late)
    count(werte, stand=date(2026, 10, 1))
    before, juli = computed(), (G.INTEGRATIONEN, date(2024, 7, 1))
    count({juli: werte[juli] + 40}, stand=date(2026, 11, 2))
    after = computed()
    changed = sorted(key[1] for key in after if after[key] != before[key])
    assert changed == [add_months(date(2024, 7, 1), n) for n in range(12)]
    assert after.keys() == before.keys()
    old = Messwert.objects.get(kennzahl__code="K2", von=DEZEMBER, datenstand__tag=date(2026, 10, 1), geschlecht=INS)
    assert old.zaehler == before["K2", DEZEMBER, "I"][0] == read(eigenes, "K2").zaehler - 40


def test_a_second_change_on_one_day_is_said_today(count, eigenes):
    """A late entry with an old day cannot change what was computed for a later one."""
    count(HANDBUCH, stand=date(2025, 4, 1))
    count({(G.INTEGRATIONEN, DEZEMBER): 150}, stand=date(2025, 6, 1))
    count({(G.INTEGRATIONEN, add_months(DEZEMBER, -1)): 195}, stand=date(2025, 5, 1))
    punkt = read(eigenes, "K2")
    assert (punkt.zaehler, punkt.datenstand.tag) == (2600 + 5 + 5, clock.today())


def test_counts_of_a_delivery_count_until_it_is_withdrawn(count, submit, check, eigenes, eigene, controlling):
    count(HANDBUCH, stand=date(2025, 4, 1))
    lieferung = check(submit("99001;2024-12;integrationen;I;150;", quelle=eigene, stand=date(2025, 6, 1)))
    lieferung = take_over_lieferung(lieferung=lieferung, by=controlling)
    compute_own(lieferung.datenstand_id)
    assert read(eigenes, "K2").zaehler == 2605
    withdraw_lieferung(lieferung=lieferung, grund="Doppelt gezählt", by=controlling)
    compute_own(lieferung.datenstand_id)
    assert (read(eigenes, "K2").zaehler, read(eigenes, "K2").datenstand.tag) == (2600, clock.today())


def test_the_worker_hears_of_new_counts(count, eigenes, eigene, controlling):
    """Without anybody calling it: the event reaches the subscriber."""
    werte = {key: zahl for key, zahl in HANDBUCH.items() if key[0] in {G.ELB, G.INTEGRATIONEN}}
    kennzahlen = Kennzahl.objects.in_bulk(field_name="code")
    zeilen = [Messwertzeile(eigenes, kennzahlen[groesse.value], *month_bounds(monat), zahl) for (groesse, monat), zahl in werte.items()]
    record_messwerte(zeilen=zeilen, quelle=eigene, stand=STAND, by=controlling)
    for zustellung in Zustellung.objects.filter(abonnent="kennzahlen.tasks.compute_own"):
        deliver(zustellung.pk)
    assert read(eigenes, "K2").zaehler == 2600


def test_small_counts_go_into_the_sum_and_are_not_shown(count, eigenes):
    """Eleven months are out; the sum of twelve would give the hidden one away, so it is hidden, and right inside."""
    werte = months(G.ELB, [1000] * 12) | months(G.INTEGRATIONEN, [5, 4, 2, 6, 5, 4, 3, 6, 5, 4, 5, 6])
    count(werte)
    small = Messwert.objects.get(kennzahl__code="integrationen", zaehler=2)
    summe = Messwert.objects.get(kennzahl__code="K2")
    assert small.gesperrt
    assert summe.zaehler == 55
    assert summe.gesperrt
    assert read(eigenes, "K2").geheim


def test_what_another_own_source_says_already_is_not_said_again(count, eigenes, controlling):
    fach = register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter Musterburg", titel="Fachverfahren", by=controlling)
    load_kennzahlen()
    zeile = Messwertzeile(eigenes, Kennzahl.objects.get(code="K2"), *month_bounds(DEZEMBER), 2600, Fraction(9825))
    record_messwerte(zeilen=[zeile], quelle=fach, stand=date(2025, 4, 1), by=controlling)
    count(HANDBUCH)
    assert ("K2", DEZEMBER, "I") not in computed()
    assert ("K1E3", DEZEMBER, "I") in computed()


def test_counts_of_others_and_of_the_press_compute_nothing(count, jobcenter, eigenes, eigene, quelle, controlling):
    count(HANDBUCH, jobcenter=jobcenter)
    elb = Kennzahl.objects.get(code="elb")
    zeilen = [Messwertzeile(eigenes, elb, *month_bounds(add_months(DEZEMBER, -back)), 10000) for back in (0, 12)]
    record_messwerte(zeilen=zeilen, quelle=quelle, stand=STAND, by=controlling)
    compute_own(Datenstand.objects.get(quelle=quelle).pk)
    assert computed() == {}


def test_a_year_is_no_month(count, eigenes, eigene, controlling):
    """A sum of a whole year stands beside the months and is none of them."""
    integrationen = Kennzahl.objects.get(code="integrationen")
    jahr = Messwertzeile(eigenes, integrationen, date(2024, 1, 1), date(2024, 12, 31), 2600)
    record_messwerte(zeilen=[jahr], quelle=eigene, stand=date(2025, 3, 1), by=controlling)
    count(months(G.ELB, [10000] * 12))
    assert computed() == {}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(50, 500), min_size=14, max_size=14), st.permutations(range(14)))
def test_all_at_once_or_one_by_one_gives_the_same(count, zahlen, order):
    werte = months(G.ELB, [10 * zahl for zahl in zahlen]) | months(G.INTEGRATIONEN, zahlen)
    found = []
    for parts in ([range(14)], [[n] for n in order]):
        with transaction.atomic():
            for n, part in enumerate(parts):
                wanted = {add_months(DEZEMBER, -back) for back in part}
                count({key: zahl for key, zahl in werte.items() if key[1] in wanted}, stand=date(2026, 1, 1 + n))
            found.append(computed())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert len({monat for code, monat, _ in found[0] if code == "K2"}) == 3


def test_only_controlling_and_the_background_service_compute(eigenes, eigene, planung, leitung, administration, fremd):
    for user in (planung, leitung, administration, fremd):
        with pytest.raises(PermissionDenied):
            compute_kennzahlen(jobcenter=eigenes, quelle=eigene, stand=STAND, by=user)
