from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from jobcenter.common.typography import prozent
from kennzahlen.enums import Einheit, Genauigkeit, Geschlecht
from kennzahlen.models import Datenstand, Jobcenter, Messwert, rate

ELB = [10000, 10040, 10060, 9980, 9900, 9850, 9800, 9700, 9650, 9600, 9620, 9700]
ELB_DECEMBER_BEFORE = 10020
INTEGRATIONEN = [180, 190, 240, 230, 220, 205, 210, 230, 300, 260, 190, 145]
ZUGAENGE = [520, 500, 480, 470, 460, 455, 470, 450, 440, 445, 470, 500]
ABGAENGE = [480, 470, 500, 560, 545, 520, 500, 560, 510, 495, 450, 410]


@pytest.mark.parametrize(
    ("zaehler", "nenner", "einheit", "exact", "shown"),
    [
        (sum(INTEGRATIONEN), sum(ELB) // 12, Einheit.PROZENT, "26.4631", "26,5\u00a0%"),  # K2
        (ELB[-1], ELB_DECEMBER_BEFORE, Einheit.VERAENDERUNG, "-3.1936", "−3,2\u00a0%"),  # K1E2
        (ELB[-1], ELB_DECEMBER_BEFORE, Einheit.PROZENT, "96.8064", "96,8\u00a0%"),  # the quotient of the Verordnung
        (sum(ZUGAENGE), sum(ELB), Einheit.PROZENT, "4.8007", "4,8\u00a0%"),  # K1E3, weighted with the stock
        (sum(ABGAENGE), ELB_DECEMBER_BEFORE + sum(ELB[:-1]), Einheit.PROZENT, "5.0753", "5,1\u00a0%"),  # K1E4
        (2600 + 300, 9825 + 2000, Einheit.PROZENT, "24.5243", "24,5\u00a0%"),  # an aggregate is ΣZ/ΣN, not the mean of rates
        (9096, 9549, Einheit.VERAENDERUNG, "-4.7440", "−4,7\u00a0%"),  # K3 out of published counts
    ],
)
def test_rate_by_the_worked_examples(zaehler, nenner, einheit, exact, shown):
    value = rate(zaehler, nenner, einheit)
    assert round(value, 4) == Decimal(exact)
    assert prozent(value) == shown


def test_wert_in_the_unit_of_its_kennzahl(messwert):
    assert messwert("k2", 2600, nenner=9825, einheit=Einheit.PROZENT).wert == Decimal(2600) / 9825 * 100
    assert messwert("k3", 97, nenner=100, einheit=Einheit.VERAENDERUNG).wert == -3
    assert messwert("elb", 15654).wert == 15654
    assert messwert("geld", 57_000_000, einheit=Einheit.CENT).wert == 57_000_000
    assert messwert("quote", zitat=Decimal("36.10"), einheit=Einheit.PROZENT).wert == Decimal("36.1")


@pytest.fixture
def fields(jobcenter, kennzahl, quelle):
    return {
        "jobcenter": jobcenter,
        "kennzahl": kennzahl("elb"),
        "von": date(2018, 1, 1),
        "bis": date(2018, 12, 31),
        "datenstand": Datenstand.objects.create(quelle=quelle, tag=date(2019, 1, 1)),
    }


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({}, "messwert_gezaehlt_zitiert_oder_gekennzeichnet"),
        ({"zaehler": 1, "zitat": Decimal(1)}, "messwert_gezaehlt_zitiert_oder_gekennzeichnet"),
        ({"nenner": 1, "zitat": Decimal(1)}, "messwert_gezaehlt_zitiert_oder_gekennzeichnet"),
        ({"zaehler": 1, "nenner": 0}, "messwert_nenner_positiv"),
        ({"zaehler": 1, "von": date(2019, 1, 1)}, "messwert_zeitraum"),
    ],
)
def test_the_database_refuses_impossible_figures(fields, wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Messwert.objects.create(**fields | wrong)


def test_one_figure_per_key_and_another_for_women(fields):
    Messwert.objects.create(**fields, zaehler=1)
    Messwert.objects.create(**fields, zaehler=1, geschlecht=Geschlecht.FRAUEN)
    with pytest.raises(IntegrityError, match="kennzahlen_messwert_klein_pkey"), transaction.atomic():
        Messwert.objects.create(**fields, zaehler=2, genauigkeit=Genauigkeit.RUND)


@pytest.mark.parametrize("sql", ["UPDATE {} SET {key} = {key}", "DELETE FROM {}"])
@pytest.mark.parametrize(
    ("table", "key"), [("kennzahlen_messwert", "zaehler"), ("kennzahlen_messwert_klein", "zaehler"), ("kennzahlen_datenstand", "id")]
)
def test_published_figures_never_change_again_not_even_by_raw_sql(messwert, table, key, sql):
    messwert("elb", 15654)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table, key=key))
    assert Messwert.objects.get().zaehler == 15654


@pytest.mark.parametrize("nummer", ["4412", "0441a", "٠٤٤١٢"])
def test_traegernummer_has_five_digits(db, nummer):
    with pytest.raises(DatabaseError, match="jobcenter_traegernummer_fuenfstellig"), transaction.atomic():
        Jobcenter.objects.create(traegernummer=nummer, name="x", form="gE")


def test_numbers_from_99_are_invented(db):
    assert Jobcenter(traegernummer="99001").ist_fiktiv
    assert not Jobcenter(traegernummer="04412").ist_fiktiv
