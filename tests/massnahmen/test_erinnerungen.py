"""Planung hears by mail and among its tasks that a certificate ends: each once, and later when nobody looked in time."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobcenter.common import dienste
from jobcenter.konten.enums import Rolle
from jobcenter.portal.queries import list_aufgaben
from jobcenter.post.models import Versand
from massnahmen.actions import Zulassungsangaben, add_massnahmezulassung, update_zulassung
from massnahmen.enums import Fachbereich
from massnahmen.models import Instrument, Massnahme, Traeger
from massnahmen.tasks import remind_of_zulassungen

END = date(2027, 3, 31)


@pytest.fixture
def run_on(at, planung):
    """Let the duty run on a day so long before the end: run_on(90)."""

    def run(days: int) -> list[str]:
        day = END - timedelta(days=days)
        at(datetime(day.year, day.month, day.day, 6, 5))
        before = set(Versand.objects.values_list("pk", flat=True))
        remind_of_zulassungen()
        return list(Versand.objects.exclude(pk__in=before).order_by("pk").values_list("betreff", flat=True))

    return run


@pytest.fixture
def zulassung(certify):
    return certify("Z-1", date(2024, 4, 1), END, [1])


def test_it_is_a_duty_of_every_day():
    assert dienste._dienste["massnahmen.zulassungen"].run is remind_of_zulassungen


def test_planung_is_told_90_and_30_days_before_each_once(zulassung, run_on):
    told = {days: run_on(days) for days in (91, 90, 89, 60, 31, 30, 29, 1, 0)}
    assert told[90] == ["Zulassung von Bildungswerk Musterburg läuft in 90 Tagen ab"]
    assert told[30] == ["Zulassung von Bildungswerk Musterburg läuft in 30 Tagen ab"]
    assert [days for days, mails in told.items() if mails] == [90, 30]


def test_what_was_missed_is_made_up_for(zulassung, run_on):
    assert run_on(70) == ["Zulassung von Bildungswerk Musterburg läuft in 70 Tagen ab"]
    assert run_on(12) == ["Zulassung von Bildungswerk Musterburg läuft in 12 Tagen ab"]
    assert run_on(11) == []


def test_even_after_the_end_while_a_measure_needs_it(zulassung, run_on, traeger, instrument):
    Instrument.objects.update(fachbereich=Fachbereich.AKTIVIERUNG)
    Massnahme.objects.create(titel="Läuft", traeger=traeger, instrument=instrument)
    assert run_on(-5) == ["Zulassung von Bildungswerk Musterburg abgelaufen"]
    assert run_on(-6) == []


def test_a_renewal_ends_it_and_a_corrected_day_begins_anew(zulassung, certify, run_on, planung):
    assert run_on(90)
    angaben = Zulassungsangaben("Z-1", "Zertkontor Nord", date(2024, 4, 1), END + timedelta(days=60))
    update_zulassung(zulassung=zulassung, version=1, fachbereiche=[1], angaben=angaben, by=planung)
    assert run_on(30) == ["Zulassung von Bildungswerk Musterburg läuft in 90 Tagen ab"]
    certify("Z-2", END, date(2030, 3, 31), [1])
    assert run_on(-30) == []


def test_everybody_of_planung_who_may_sign_in_and_nobody_else(zulassung, run_on, planung, person, leitung, controlling, settings):
    second = person("Paula Planung", Rolle.PLANUNG)
    gone = person("Gerd Gegangen", Rolle.PLANUNG)
    gone.gueltig_bis = date(2026, 1, 1)
    gone.save()
    run_on(90)
    assert set(Versand.objects.values_list("an", flat=True)) == {planung.pk, second.pk}
    mail = Versand.objects.get(an=planung)
    assert mail.anlass == f"traegerzulassung:{zulassung.pk}:2027-03-31:90"
    assert settings.BASE_URL + reverse("massnahmen:traeger-detail", args=[zulassung.traeger_id]) in mail.text
    assert "Z-1 (Aktivierung) gilt bis zum 31.\u00a0März\u00a02027" in mail.text


def test_a_measure_s_certificate_leads_to_the_measure(run_on, planung, settings):
    massnahme = Massnahme.objects.create(titel="Mit Gutschein")
    angaben = Zulassungsangaben("M-1", "Zertkontor Nord", date(2024, 4, 1), END)
    zulassung = add_massnahmezulassung(massnahme=massnahme, angaben=angaben, by=planung)
    assert run_on(30) == ["Zulassung der Maßnahme „Mit Gutschein“ läuft in 30 Tagen ab"]
    mail = Versand.objects.get()
    assert mail.anlass == f"massnahmezulassung:{zulassung.pk}:2027-03-31:30"
    assert settings.BASE_URL + reverse("massnahmen:massnahme-intern-detail", args=[massnahme.pk]) in mail.text


@pytest.mark.parametrize(
    ("days", "art", "wort", "seit"),
    [
        (60, "info", "läuft in 60\u00a0Tagen ab", date(2026, 12, 31)),
        (30, "warning", "läuft in 30\u00a0Tagen ab", date(2027, 3, 1)),
        (-1, "danger", "abgelaufen", date(2027, 4, 1)),
    ],
)
def test_the_task_says_how_near_it_is(zulassung, traeger, at, planung, leitung, days, art, wort, seit):
    Massnahme.objects.create(titel="Läuft", traeger=traeger)
    day = END - timedelta(days=days)
    at(datetime(day.year, day.month, day.day, 9))
    [aufgabe] = list_aufgaben(planung)
    assert (aufgabe.titel, aufgabe.verb) == ("Zulassung von Bildungswerk Musterburg", "Nach der Verlängerung fragen")
    assert (aufgabe.art, aufgabe.wort) == (art, wort)
    assert aufgabe.seit.date() in {seit, seit - timedelta(days=1)}  # midnight in Germany is the evening before in UTC
    assert aufgabe.url == reverse("massnahmen:traeger-detail", args=[traeger.pk]) + "#zulassungen"
    assert list_aufgaben(leitung) == []


def test_tasks_cost_the_same_number_of_queries_for_one_and_for_thirty(certify, at, planung, django_assert_num_queries):
    at(datetime(2027, 3, 1, 9))
    certify("Z", date(2024, 4, 1), END)
    with CaptureQueriesContext(connection) as one:
        assert len(list_aufgaben(planung)) == 1
    for number in (3, 30):
        for n in range(Traeger.objects.count(), number):
            certify("Z", date(2024, 4, 1), END, whose=Traeger.objects.create(name=f"Träger {n}", ort="Oberau"))
        with django_assert_num_queries(len(one)):
            assert len(list_aufgaben(planung)) == number
