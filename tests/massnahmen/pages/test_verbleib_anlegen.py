from datetime import date

import pytest
from pytest_django.asserts import assertContains

from massnahmen.models import Massnahme, Verbleib
from tests.massnahmen.conftest import sent_by

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
def massnahme(run, report) -> Massnahme:
    massnahme = run()
    report(massnahme, 2026, 2, eintritte=9, austritte_arbeit=4)
    report(massnahme, 2026, 3, austritte_arbeit=2)
    return massnahme


def url(massnahme, jahr=2026, monat=2) -> str:
    return f"/intern/massnahmen/{massnahme.pk}/verbleib/{jahr}/{monat}/neu/"


def test_what_became_of_them_is_reported(signed_in, controlling, massnahme):
    browser, page_url = signed_in(controlling), url(massnahme)
    values = sent_by(browser.get(page_url), page_url)
    assert values["austritte"] == ["4"]  # as reported
    response = browser.post(page_url, values | {"beschaeftigt": "3", "nicht_arbeitslos": "3"}, follow=True)
    assertContains(response, "Der Verbleib für Februar\xa02026 ist gemeldet.")
    verbleib = Verbleib.objects.get()
    assert (verbleib.monat, verbleib.austritte, verbleib.beschaeftigt) == (date(2026, 2, 1), 4, 3)
    again = browser.post(page_url, values | {"beschaeftigt": "3", "nicht_arbeitslos": "3"})
    assertContains(again, "schon gemeldet", status_code=409)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"austritte": "5"}, "austritte"),
        ({"beschaeftigt": "5"}, "beschaeftigt"),
        ({"nicht_arbeitslos": "1"}, "nicht_arbeitslos"),
        ({"beschaeftigt": ""}, "beschaeftigt"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(signed_in, controlling, massnahme, given, field):
    values = {"austritte": "4", "beschaeftigt": "3", "nicht_arbeitslos": "3"} | given
    response = signed_in(controlling).post(url(massnahme), values)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert sent_by(response, url(massnahme))[field] == [values[field]]
    assert not Verbleib.objects.exists()


def test_before_it_is_ripe_it_says_from_when(signed_in, controlling, massnahme):
    values = {"austritte": "2", "beschaeftigt": "1", "nicht_arbeitslos": "1"}
    response = signed_in(controlling).post(url(massnahme, monat=3), values)
    assertContains(response, "Noch nicht reif: Der Verbleib für März\xa02026 ist ab Dezember\xa02026 bekannt.", status_code=422)


def test_for_the_controlling_and_for_months_that_are_reported(signed_in, client, planung, fremd, controlling, massnahme):
    assert client.get(url(massnahme)).status_code == 302
    for account in (planung, fremd):
        assert signed_in(account).get(url(massnahme)).status_code == 403
    for jahr, monat in ((2026, 4), (2026, 13), (0, 1), (99999, 1)):
        assert signed_in(controlling).get(url(massnahme, jahr, monat)).status_code == 404
