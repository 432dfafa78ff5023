"""What waits for whom while measures are awarded, run and paid, from the day on which it can be done."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from jobcenter.common import clock
from jobcenter.portal.queries import list_aufgaben
from massnahmen.actions import (
    Vergabeangaben,
    advance_massnahmen,
    announce_vergabe,
    award_vergabe,
    choose_weg,
    grant_zuwendung,
    inform_bieter,
    prepare_vergabe,
    record_angebot,
    request_zuwendung,
    settle_massnahme,
)
from massnahmen.enums import Vergabeart, Weg
from massnahmen.models import Massnahme, Monatsmeldung, Traeger
from massnahmen.queries import Faelligkeit, list_faellig

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_november(at):
    at(datetime(2026, 11, 2, 9))


def due() -> list[tuple[Faelligkeit, date, bool]]:
    return [(one.schritt, one.seit, one.dringend) for one in list_faellig()]


def test_an_eu_wide_procurement_asks_for_one_step_after_the_other(bedarf, zugelassen, vertragsangaben, planung, leitung, at):
    angaben = Vergabeangaben(vergabeart=Vergabeart.EU_OFFEN, wert_cent=900_000_00)
    vergabe = prepare_vergabe(massnahme=bedarf, version=bedarf.version, angaben=angaben, grund="Neuer Bedarf.", by=planung)
    frist = datetime(2026, 11, 20, 11, tzinfo=UTC)
    announce_vergabe(vergabe=vergabe, version=1, am=date(2026, 11, 2), url="https://v.example/7", angebotsfrist=frist, by=planung)
    assert due() == []
    at(datetime(2026, 11, 20, 13))
    assert due() == [(Faelligkeit.ANGEBOT, date(2026, 11, 20), False)]
    record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=880_000_00, by=planung)
    other = Traeger.objects.create(name="Anderer", ort="O")
    record_angebot(vergabe=vergabe, traeger=other, preis_cent=890_000_00, by=planung)
    assert due() == [(Faelligkeit.INFORMATION, date(2026, 11, 20), False)]
    inform_bieter(vergabe=vergabe, version=2, am=date(2026, 11, 20), by=planung)
    assert due() == []  # nobody gives the order within the ten days
    at(datetime(2026, 12, 1, 0, 30))
    assert due() == [(Faelligkeit.ZUSCHLAG, date(2026, 11, 20), False)]
    assert [task.verb for task in list_aufgaben(leitung)] == ["Zuschlag erteilen"]
    award_vergabe(vergabe=vergabe, version=3, angaben=replace(vertragsangaben, geschlossen_am=date(2026, 12, 1)), by=leitung)
    assert due() == []


def test_a_grant_waits_for_the_leitung_and_its_verwendungsnachweis_for_the_planung(
    bedarf, zugelassen, vertragsangaben, planung, leitung, system, at
):
    massnahme = choose_weg(massnahme=bedarf, version=1, weg=Weg.ZUWENDUNG, by=planung)
    massnahme = request_zuwendung(massnahme=massnahme, version=massnahme.version, traeger=zugelassen, by=planung)
    assert due() == [(Faelligkeit.BEWILLIGUNG, date(2026, 11, 2), False)]
    [task] = list_aufgaben(leitung)
    assert (task.verb, task.seit) == ("Über die Zuwendung entscheiden", clock.begin_of(date(2026, 11, 2)))
    assert task.satz == f"{zugelassen.name} hat am 2.\u00a0November\u00a02026 eine Zuwendung beantragt."
    assert not [task for task in list_aufgaben(planung) if task.verb == "Über die Zuwendung entscheiden"]

    bescheid = replace(vertragsangaben, ende=date(2027, 1, 31), nachweis_bis=date(2027, 3, 31))
    grant_zuwendung(massnahme=massnahme, version=massnahme.version, angaben=bescheid, by=leitung)
    assert due() == []
    at(datetime(2027, 2, 1, 3))
    advance_massnahmen(by=system)
    assert due() == [(Faelligkeit.ABRECHNUNG, date(2027, 1, 31), False)]
    at(datetime(2027, 3, 31, 12))
    assert [one.satz.partition(". ")[2] for one in list_faellig()] == [
        "Der Verwendungsnachweis ist bis zum 31.\u00a0März\u00a02027 vorzulegen."
    ]
    at(datetime(2027, 4, 1, 12))
    assert due() == [(Faelligkeit.ABRECHNUNG, date(2027, 1, 31), True)]
    Monatsmeldung.objects.create(massnahme=massnahme, monat=date(2027, 1, 1), kosten_cent=1, gemeldet_von=planung)
    version = Massnahme.objects.get(pk=massnahme.pk).version
    settle_massnahme(massnahme=massnahme, version=version, nachweis_am=date(2027, 4, 1), by=planung)
    assert due() == []


def test_each_kind_is_one_query(bedarf, django_assert_num_queries):
    with django_assert_num_queries(4):
        list_faellig()
