"""Projects of several givers: the real one of the Saalekreis, and what cannot be."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange

from jobcenter.common.actions import VersionConflict
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import (
    Mittelangaben,
    Projektangaben,
    add_projektmittel,
    create_regionalprojekt,
    remove_projektmittel,
    update_regionalprojekt,
)
from massnahmen.enums import Finanzquelle
from massnahmen.models import Projektmittel, Regionalprojekt
from massnahmen.queries import list_projekte, read_projektfinanzen

ANGABEN = Projektangaben("Regionaler Arbeitskreis", date(2015, 1, 1), date(2022, 12, 31), erreichte=2_100)


def replace_name(name: str) -> Projektangaben:
    return replace(ANGABEN, name=name)


@pytest.fixture
def projekt(planung) -> Regionalprojekt:
    return create_regionalprojekt(angaben=ANGABEN, by=planung)


def give(projekt, by, quelle=Finanzquelle.ESF, von=2015, bis=2022, euro=1, **words) -> Projektmittel:
    return add_projektmittel(projekt=projekt, angaben=Mittelangaben(quelle, von, bis, euro * 100, **words), by=by)


def test_the_saalekreis_gave_about_15_97_million(projekt, planung):
    """Press release 021/2019 of 14 August 2019: "knapp" 13,9 Mio. €, 570.000 €, "knapp" 1,5 Mio. €; 15.970.000 / 2.100 = 7.604,76 €."""
    give(projekt, planung, euro=13_900_000, ist_ungefaehr=True)
    give(projekt, planung, Finanzquelle.KOMMUNE, euro=570_000)
    give(projekt, planung, Finanzquelle.EGT, euro=1_500_000, ist_ungefaehr=True)
    found = read_projektfinanzen(projekt)
    assert (found.summe_cent, found.ist_ungefaehr, found.je_person_cent) == (15_970_000_00, True, 7_605_00)
    assert [(row.quelle.value, row.anteil_promille, row.ist_ungefaehr) for row in found.quellen] == [
        ("egt", 94, True),
        ("esf", 870, True),
        ("kommune", 36, False),
    ]
    assert (found.jahre, found.ohne_jahr_cent) == ([], 15_970_000_00)


def test_single_years_are_told_apart(projekt, planung):
    give(projekt, planung, von=2015, bis=2015, euro=10)
    give(projekt, planung, Finanzquelle.LAND, von=2015, bis=2015, euro=5, ist_ungefaehr=True)
    give(projekt, planung, von=2016, bis=2018, euro=7)
    found = read_projektfinanzen(projekt)
    assert [(row.jahr, row.cent, row.ist_ungefaehr) for row in found.jahre] == [(2015, 15_00, True)]
    assert (found.ohne_jahr_cent, found.summe_cent) == (7_00, 22_00)


def test_no_year_of_a_source_twice_also_not_in_the_database(projekt, planung):
    give(projekt, planung, von=2015, bis=2017)
    with pytest.raises(TransitionError, match="steht in diesen Jahren schon ein Betrag"):
        give(projekt, planung, von=2017, bis=2017)
    give(projekt, planung, von=2018, bis=2018)
    with pytest.raises(IntegrityError), transaction.atomic():
        Projektmittel.objects.create(projekt=projekt, quelle=Finanzquelle.ESF, jahre=NumericRange(2016, 2017), betrag_cent=1)


def test_money_stays_within_the_years_of_the_project(projekt, planung):
    with pytest.raises(TransitionError, match="läuft von 2015 bis 2022"):
        give(projekt, planung, von=2015, bis=2023)
    give(projekt, planung, von=2020, bis=2022)
    shorter = Projektangaben("Kürzer", date(2015, 1, 1), date(2021, 12, 31))
    with pytest.raises(TransitionError, match="außerhalb der Laufzeit"):
        update_regionalprojekt(projekt=projekt, version=1, angaben=shorter, by=planung)


def test_a_name_is_there_once_and_newer_saves_are_seen(projekt, planung):
    with pytest.raises(TransitionError, match="gibt es schon"):
        create_regionalprojekt(angaben=ANGABEN, by=planung)
    update_regionalprojekt(projekt=projekt, version=1, angaben=ANGABEN, by=planung)
    with pytest.raises(VersionConflict):
        update_regionalprojekt(projekt=projekt, version=1, angaben=ANGABEN, by=planung)


def test_only_planung_writes(projekt, planung, controlling, leitung):
    mittel = give(projekt, planung)
    for by in (controlling, leitung):
        for attempt in (
            lambda by: create_regionalprojekt(angaben=ANGABEN, by=by),
            lambda by: update_regionalprojekt(projekt=projekt, version=1, angaben=ANGABEN, by=by),
            lambda by: give(projekt, by, von=2022, bis=2022),
            lambda by: remove_projektmittel(mittel=mittel, by=by),
        ):
            with pytest.raises(PermissionDenied):
                attempt(by)
    remove_projektmittel(mittel=mittel, by=planung)
    with pytest.raises(TransitionError, match="gibt es nicht mehr"):
        remove_projektmittel(mittel=mittel, by=planung)


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_the_list_costs_the_same_however_long(planung, django_assert_num_queries, anzahl):
    for number in range(anzahl):
        give(create_regionalprojekt(angaben=replace_name(f"P {number}"), by=planung), planung)
    with django_assert_num_queries(2):
        assert len(list_projekte(planung)) == anzahl
