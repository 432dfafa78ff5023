import pytest
from django.conf import settings
from django.urls import reverse

from jobcenter.common.instanz import LAENDER
from jobcenter.portal.queries import read_land
from tests.html import Page


def show(client) -> Page:
    return Page(client.get(reverse("portal:impressum")).content)


def test_it_names_who_answers_for_the_portal(client):
    text = show(client).one("main").text
    house = settings.INSTANZ
    people = [house.verantwortlich.name, house.verantwortlich.vertretung, house.presse.kontakt, house.impressum.aufsicht]
    assert [said for said in [house.jobcenter.name, house.kontakt.strasse, *people] if said not in text] == []


def test_a_demo_says_that_it_is_one(client):
    assert "Dieses Portal ist eine Vorführung." in show(client).one("main").text


def test_a_real_jobcenter_is_none(client, instanz):
    instanz("jobcenter", fiktiv=False)
    assert "Vorführung" not in show(client).one("body").text


@pytest.mark.parametrize("land", sorted(LAENDER))
def test_the_land_supervises(client, instanz, land):
    instanz("jobcenter", land=land)
    assert f"Die Aufsicht hat das Land {read_land(land).name} (§\u00a048 Absatz\u00a01 SGB\u00a0II)" in show(client).one("main").text


def test_a_tax_number_only_where_there_is_one(client, instanz):
    assert "Umsatzsteuer" not in show(client).one("main").text
    instanz("impressum", umsatzsteuer_id="DE123456789")
    assert "Umsatzsteuer-Identifikationsnummer: DE123456789" in show(client).one("main").text
