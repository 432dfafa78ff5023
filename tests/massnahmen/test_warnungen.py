"""What is due and what looks bad, on the days around the limit."""

from datetime import date, datetime

import pytest

from jobcenter.common import clock
from jobcenter.portal.queries import list_aufgaben
from massnahmen.actions import record_verbleib
from massnahmen.enums import Massnahmestand
from massnahmen.models import Massnahme, Verbleib
from massnahmen.queries import find_meldeluecke, find_verbleibsluecke, last_due, list_warnungen

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("heute", "due"),
    [
        (date(2026, 11, 15), date(2026, 9, 1)),
        (date(2026, 11, 16), date(2026, 10, 1)),  # October is over since fifteen days
        (date(2027, 1, 16), date(2026, 12, 1)),
        (date(2027, 1, 1), date(2026, 11, 1)),
    ],
)
def test_a_report_is_due_fifteen_days_after_its_month(heute, due):
    assert last_due(heute) == due


def test_months_of_the_term_that_are_due_and_missing(run, report, at):
    at(datetime(2026, 4, 15, 23))
    one, other = run("Eine"), run("Andere", beginn=date(2026, 2, 15))
    report(one, 2026, 1)
    luecke = find_meldeluecke()
    assert (luecke.massnahmen, luecke.monate, luecke.aeltester) == ({one.pk, other.pk}, 2, date(2026, 2, 1))  # March is not due
    at(datetime(2026, 4, 16, 1))
    assert find_meldeluecke().monate == 4
    for month in (2, 3):
        report(one, 2026, month)
        report(other, 2026, month)
    assert find_meldeluecke() is None


@pytest.mark.parametrize("stand", [Massnahmestand.ZUSCHLAG, Massnahmestand.ABGERECHNET, Massnahmestand.AUSGEWERTET])
@pytest.mark.usefixtures("november")
def test_what_cannot_be_reported_is_not_missed(run, stand):
    run(stand=stand)
    assert find_meldeluecke() is None


@pytest.mark.usefixtures("november")
def test_two_badly_occupied_months_in_a_row(run, report, at):
    bad, once, gap, full = (run(titel) for titel in ("Schlecht", "Einmal", "Lücke", "Voll"))
    report(bad, 2026, 9, teilnahmetage=209)  # 69,7 % of 300
    report(bad, 2026, 10, teilnahmetage=100)
    report(once, 2026, 9, teilnahmetage=210)  # 70 % exactly
    report(once, 2026, 10, teilnahmetage=100)
    report(gap, 2026, 8, teilnahmetage=1)
    report(gap, 2026, 10, teilnahmetage=1)
    report(full, 2026, 9, teilnahmetage=300)
    report(full, 2026, 10, teilnahmetage=310)
    assert [warnung.titel for warnung in list_warnungen()] == ["Schlecht"]
    assert (
        list_warnungen()[0].satz == "Die Auslastung lag zwei Monate nacheinander unter 70\xa0%: 69,7\xa0% und 32,3\xa0% im Oktober\xa02026."
    )
    at(datetime(2026, 12, 2, 9))
    report(bad, 2026, 11, teilnahmetage=250)
    assert list_warnungen() == []  # it is well again


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize(("abbrueche", "warned"), [(3, False), (4, True)])
def test_many_break_off(run, report, abbrueche, warned):
    massnahme = run()
    report(massnahme, 2026, 1, eintritte=30)
    report(massnahme, 2026, 2, austritte_abbruch=abbrueche, austritte_regulaer=10 - abbrueche)
    assert [w.satz for w in list_warnungen()] == (["40\xa0% der 10 Austritte 2026 waren Abbrüche."] if warned else [])


@pytest.mark.usefixtures("november")
def test_few_exits_warn_nobody(run, report):
    massnahme = run()
    report(massnahme, 2026, 1, eintritte=30, austritte_abbruch=9)
    assert list_warnungen() == []


def test_more_money_than_planned_until_now(programm, plan, report, at):
    [position] = plan(programm, 1)  # 520.000,50 € in 2027, by October ten of twelve months: 433.333,75 €
    Massnahme.objects.update(stand=Massnahmestand.LAEUFT)
    at(datetime(2027, 11, 20, 9))
    report(position.massnahme, 2027, 1, kosten_cent=433_333_75)
    assert list_warnungen() == []
    report(position.massnahme, 2027, 2, kosten_cent=1)
    assert [w.satz for w in list_warnungen()] == [
        "2027 hat die Maßnahme 433.333,76\xa0€ gekostet, geplant waren bis jetzt 433.333,75\xa0€."
    ]


@pytest.mark.parametrize(("beschaeftigt", "warned"), [(9, False), (8, True)])  # 36 % and 32 % of 40 %
def test_fewer_at_work_than_planned(programm, plan, report, controlling, at, beschaeftigt, warned):
    [position] = plan(programm, 1, eingliederung_prozent=40)
    Massnahme.objects.update(stand=Massnahmestand.LAEUFT)
    at(datetime(2027, 12, 20, 9))  # exits of March are ripe
    report(position.massnahme, 2027, 1, eintritte=30)
    report(position.massnahme, 2027, 2, austritte_regulaer=25)
    known = {"austritte": 25, "beschaeftigt": beschaeftigt, "nicht_arbeitslos": 20}
    record_verbleib(massnahme=position.massnahme, monat=date(2027, 2, 1), **known, by=controlling)
    satz = "Die Eingliederungsquote war 32\xa0%, geplant waren 40\xa0% (Austritte April\xa02026 bis März\xa02027)."
    assert [(w.satz, w.seit) for w in list_warnungen()] == ([(satz, date(2027, 12, 1))] if warned else [])


@pytest.mark.usefixtures("november")
def test_the_tasks_of_controlling_and_planung(run, report, controlling, planung, leitung, presse):
    massnahme = run()
    for month in range(1, 9):
        report(massnahme, 2026, month, teilnahmetage=100)
    [aufgabe] = list_aufgaben(controlling)
    assert (aufgabe.titel, aufgabe.url) == ("2 Monatsmeldungen fehlen", f"/intern/massnahmen/{massnahme.pk}/meldungen/")
    assert aufgabe.satz == "Von einer Maßnahme, der älteste Monat ist September\xa02026."
    assert aufgabe.seit == clock.begin_of(date(2026, 10, 16))
    [aufgabe] = list_aufgaben(planung)
    assert (aufgabe.titel, aufgabe.verb, aufgabe.url) == (
        "Werkstatt",
        "Meldungen ansehen",
        f"/intern/massnahmen/{massnahme.pk}/meldungen/",
    )
    assert list_aufgaben(leitung) == list_aufgaben(presse) == []


def test_a_verbleib_is_asked_for_when_it_is_ripe(run, report, controlling, at):
    at(datetime(2026, 10, 31, 23))
    one, other = run("Eine"), run("Andere")
    for massnahme in (one, other):
        for month in range(1, 10):
            report(massnahme, 2026, month, eintritte=2, austritte_regulaer=1 if month in {1, 3} else 0)
    known = Verbleib.objects.create(massnahme=other, monat=date(2026, 1, 1), austritte=1, beschaeftigt=0, nicht_arbeitslos=0)
    assert find_verbleibsluecke().massnahmen == {one.pk}  # March is ripe from December on
    [aufgabe] = list_aufgaben(controlling)
    assert (aufgabe.titel, aufgabe.url) == ("Ein Monat wartet auf seinen Verbleib", f"/intern/massnahmen/{one.pk}/meldungen/")
    assert aufgabe.seit == clock.begin_of(date(2026, 10, 1))
    known.delete()
    luecke = find_verbleibsluecke()
    assert (luecke.massnahmen, luecke.monate, luecke.aeltester) == ({one.pk, other.pk}, 2, date(2026, 1, 1))
    [aufgabe] = list_aufgaben(controlling)
    assert (aufgabe.titel, aufgabe.url) == ("2 Monate warten auf ihren Verbleib", "/intern/massnahmen/controlling/?verbleib=on")
    Massnahme.objects.filter(pk=one.pk).update(stand=Massnahmestand.ABGERECHNET)  # its Verbleib ripens after its costs
    Massnahme.objects.filter(pk=other.pk).update(stand=Massnahmestand.AUSGEWERTET)
    assert find_verbleibsluecke().massnahmen == {one.pk}
    assert find_verbleibsluecke(date(2026, 9, 30)) is None


@pytest.mark.usefixtures("november")
def test_many_warnings_are_five_tasks_and_a_number(run, report, planung, django_assert_num_queries):
    for number in range(7):
        massnahme = run(f"Maßnahme {number}")
        report(massnahme, 2026, 9, teilnahmetage=1)
        report(massnahme, 2026, 10, teilnahmetage=1)
    assert [aufgabe.titel for aufgabe in list_aufgaben(planung)][-1] == "2 weitere Warnungen zu Maßnahmen"
    assert len(list_aufgaben(planung)) == 6
    with django_assert_num_queries(3):
        list_warnungen()
        find_meldeluecke()
