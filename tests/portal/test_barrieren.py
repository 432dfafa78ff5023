"""Reports of barriers below the pages: once, in time, gone when promised."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jobcenter.common import clock
from jobcenter.portal.actions import answer_barriere, delete_old_meldungen, report_barriere
from jobcenter.portal.models import Barrieremeldung
from jobcenter.portal.queries import list_aufgaben
from jobcenter.portal.tasks import delete_meldungen


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 22), 1, date(2026, 12, 22)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 15), -12, date(2026, 1, 15)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
    ],
)
def test_months_end_where_they_end(day, months, later):
    assert clock.months_later(day, months) == later


def test_the_day_of_a_report_is_german(meldung):
    with clock.moved_to(datetime(2026, 11, 30, 23, 30, tzinfo=timezone.get_fixed_timezone(0))):  # 1 December in Germany
        assert meldung().antwort_bis == date(2027, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_report():
    schluessel = uuid.uuid4()

    def click(_: int) -> int:
        try:
            return report_barriere(schluessel=schluessel, was="Geht nicht", by=AnonymousUser()).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1
    assert Barrieremeldung.objects.get().nummer == 1
    assert report_barriere(schluessel=uuid.uuid4(), was="Auch nicht", by=AnonymousUser()).nummer == 2  # no gap


def test_each_year_begins_with_one(meldung):
    with clock.moved_to(clock.now() - timedelta(days=400)):
        old = meldung()
    assert (old.nummer, meldung().nummer) == (1, 1)


def test_a_report_is_deleted_when_the_datenschutz_page_says(meldung, administration, system, instanz):
    instanz("datenschutz", barrieremeldungen_monate=12)
    one, still_open = meldung(), meldung()
    answer_barriere(meldung=one, antwort="Behoben.", by=administration)
    answered = timezone.localdate(Barrieremeldung.objects.get(pk=one.pk).erledigt_am)
    last_day = timezone.make_aware(datetime.combine(clock.months_later(answered, 12), datetime.max.time()))
    with clock.moved_to(last_day):
        assert delete_old_meldungen(by=system) == 0
    with clock.moved_to(last_day + timedelta(seconds=1)):
        delete_meldungen()
    assert list(Barrieremeldung.objects.all()) == [still_open]


def test_nobody_else_deletes(administration):
    with pytest.raises(PermissionDenied):
        delete_old_meldungen(by=administration)


@pytest.mark.parametrize(
    "fields", [{"status": "erledigt"}, {"status": "sonstwie"}, {"erledigt_am": datetime(2026, 1, 1, tzinfo=timezone.get_fixed_timezone(0))}]
)
def test_the_database_keeps_state_and_answer_together(meldung, fields):
    one = meldung()
    with pytest.raises(IntegrityError), transaction.atomic():
        Barrieremeldung.objects.filter(pk=one.pk).update(**fields)


def test_an_open_report_is_a_task_of_administration_that_grows_more_urgent(meldung, administration, planung):
    one = meldung()
    mine = [a for a in list_aufgaben(administration) if "Barriere" in a.titel]
    assert [(a.verb, a.art) for a in mine] == [("Prüfen und beantworten", "info")]
    assert not list_aufgaben(planung)
    for day, art in (
        (one.antwort_bis - timedelta(days=7), "warning"),
        (one.antwort_bis, "warning"),
        (one.antwort_bis + timedelta(days=1), "danger"),
    ):
        with clock.moved_to(timezone.make_aware(datetime.combine(day, datetime.min.time()))):
            [task] = [a for a in list_aufgaben(administration) if "Barriere" in a.titel]
            assert task.art == art, day
    answer_barriere(meldung=one, antwort="Behoben.", by=administration)
    assert not [a for a in list_aufgaben(administration) if "Barriere" in a.titel]


@pytest.fixture
def titles(administration):
    def on(day: date) -> dict[str, str]:
        with clock.moved_to(timezone.make_aware(datetime.combine(day, datetime.min.time()))):
            return {a.titel: a.art for a in list_aufgaben(administration)}

    return on


def test_the_yearly_statement_is_a_task_a_month_before_and_until_it_is_checked(titles, instanz, signed_in, administration, planung):
    instanz("barrierefreiheit", stand=date(2026, 1, 10))
    instanz("sicherheit", stand=date(2026, 6, 1))
    name = "Erklärung zur Barrierefreiheit"
    assert name not in titles(date(2026, 12, 10))
    assert titles(date(2026, 12, 11))[name] == "warning"
    assert titles(date(2027, 1, 10))[name] == "warning"
    assert titles(date(2027, 1, 11))[name] == "danger"
    instanz("barrierefreiheit", stand=date(2027, 1, 11))
    assert titles(date(2027, 1, 11)) == {}


def test_so_is_the_contact_in_security_txt(titles, instanz):
    instanz("barrierefreiheit", stand=date(2026, 11, 1))
    instanz("sicherheit", stand=date(2026, 1, 10))
    name = "Sicherheitskontakt (security.txt)"
    assert name not in titles(date(2026, 12, 9))
    assert titles(date(2026, 12, 10))[name] == "warning"
    assert titles(date(2027, 1, 10))[name] == "danger"


def test_only_administration_looks_after_them_and_each_task_opens(instanz, signed_in, administration, planung, client):
    instanz("barrierefreiheit", stand=date(2020, 1, 1))
    instanz("sicherheit", stand=date(2020, 1, 1))
    assert list_aufgaben(planung) == []
    tasks = list_aufgaben(administration)
    assert len(tasks) == 2
    for task in tasks:
        assert signed_in(administration).get(task.url).status_code == 200
