import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.models import Regionalprojekt
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:regionalprojekt-anlegen")
TYPED = {"name": "Arbeitskreis", "beginn": "01.01.2015", "ende": "2022-12-31", "erreichte": "2.100", "quelle": "Presse"}


def test_a_project_is_entered(signed_in, planung):
    response = signed_in(planung).post(PAGE, TYPED, follow=True)
    row = Regionalprojekt.objects.get()
    assertRedirects(response, reverse("massnahmen:regionalprojekt-detail", args=[row.pk]))
    assertContains(response, "„Arbeitskreis“ ist eingetragen. Als Nächstes: Wer gibt wie viel?")
    assert (row.beginn.year, row.ende.year, row.erreichte, row.version) == (2015, 2022, 2_100, 1)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "Der Name fehlt."),
        ({"ende": "31.12.2014"}, "Das Ende liegt vor dem Beginn."),
        ({"beginn": "1.1.1950"}, "Das Jahr kann nicht stimmen."),
        ({"erreichte": "0"}, "Das sind zu wenige."),
        ({"erreichte": "viele"}, "Das ist keine ganze Zahl."),
        ({"erreichte": "99999999"}, "Das sind zu viele."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(signed_in, planung, given, sentence):
    page = signed_in(planung).post(PAGE, TYPED | given)
    assertContains(page, sentence, status_code=422)
    assert sent_by(page, PAGE)["quelle"] == ["Presse"]
    assert not Regionalprojekt.objects.exists()


def test_a_name_twice_is_refused_and_nothing_is_lost(signed_in, planung):
    browser = signed_in(planung)
    browser.post(PAGE, TYPED)
    page = browser.post(PAGE, TYPED)
    assertContains(page, "Ein Regionalprojekt „Arbeitskreis“ gibt es schon.", status_code=409)
    assert sent_by(page, PAGE)["quelle"] == ["Presse"]


def test_only_planung_comes_in(client, signed_in, controlling, leitung):
    assert client.get(PAGE).status_code == 302
    for account in (controlling, leitung):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, TYPED).status_code == 403
