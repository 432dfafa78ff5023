import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import create_regionalprojekt, update_regionalprojekt
from massnahmen.models import Regionalprojekt
from tests.massnahmen.conftest import sent_by
from tests.massnahmen.test_projekte import ANGABEN, give, replace_name


@pytest.fixture
def projekt(planung) -> Regionalprojekt:
    return create_regionalprojekt(angaben=ANGABEN, by=planung)


@pytest.fixture
def page_url(projekt) -> str:
    return reverse("massnahmen:regionalprojekt-bearbeiten", args=[projekt.pk])


def test_a_change_is_saved(signed_in, planung, projekt, page_url):
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    assert (values["erreichte"], values["beginn"]) == (["2.100"], ["2015-01-01"])
    response = browser.post(page_url, values | {"name": "Arbeitskreis"}, follow=True)
    assertRedirects(response, reverse("massnahmen:regionalprojekt-detail", args=[projekt.pk]))
    projekt.refresh_from_db()
    assert (projekt.name, projekt.erreichte, projekt.version) == ("Arbeitskreis", 2_100, 2)


def test_a_newer_project_is_not_overwritten_unseen(signed_in, planung, person, projekt, page_url):
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    update_regionalprojekt(projekt=projekt, version=1, angaben=replace_name("Neu"), by=person("Zoe Zweit", "planung"))
    page = browser.post(page_url, values | {"name": "Mein Name"})
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    assert sent_by(page, page_url)["name"] == ["Mein Name"]


def test_money_outside_of_the_term_is_refused(signed_in, planung, projekt, page_url):
    give(projekt, planung)
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    page = browser.post(page_url, values | {"ende": "2020-12-31"})
    assertContains(page, "liegen dann außerhalb der Laufzeit", status_code=409)
    assert sent_by(page, page_url)["ende"] == ["2020-12-31"]


def test_only_planung_comes_in(client, signed_in, controlling, page_url):
    assert client.get(page_url).status_code == 302
    assert signed_in(controlling).get(page_url).status_code == 403
