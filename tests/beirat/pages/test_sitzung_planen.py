from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from beirat.models import Sitzung
from tests.beirat.lesen import words

pytestmark = pytest.mark.django_db
URL = reverse("beirat:sitzung-planen")
ANGABEN = {"nummer": "23", "beginn": "2027-03-28T14:00", "ort": "Kreishaus, Saal 1"}


def test_it_proposes_the_next_running_number(sitzung, geschaeftsstelle, signed_in):
    assert 'value="23"' in signed_in(geschaeftsstelle).get(URL).content.decode()


def test_a_session_is_planned_in_german_time(geschaeftsstelle, signed_in, at):
    at(datetime(2026, 11, 20, 9))
    response = signed_in(geschaeftsstelle).post(URL, ANGABEN)
    planned = Sitzung.objects.get()
    assert response.url == reverse("beirat:sitzung-intern-detail", args=[23])
    assert planned.beginn.isoformat() == "2027-03-28T12:00:00+00:00"
    assert timezone.localtime(planned.beginn).hour == 14


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"beginn": "2026-11-20T08:59"}, "Der Beginn liegt in der Vergangenheit."),
        ({"beginn": "2027-03-28T02:30"}, "In dieser Nacht wird die Uhr umgestellt"),
        ({"beginn": "0001-01-01T14:00"}, "Das Jahr kann nicht stimmen."),
        ({"beginn": "morgen"}, "Diesen Zeitpunkt gibt es nicht."),
        ({"nummer": "22"}, "Die 22. Sitzung gibt es schon."),
        ({"nummer": "0"}, "Die Zahl ist zu klein."),
        ({"ort": " "}, "Der Ort fehlt."),
        ({"ort": "\u200b"}, "Der Ort fehlt."),
    ],
)
def test_wrong_input_is_explained_and_kept(sitzung, geschaeftsstelle, signed_in, at, change, sentence):
    at(datetime(2026, 11, 20, 9))
    response = signed_in(geschaeftsstelle).post(URL, {**ANGABEN, **change})
    assert response.status_code == 422
    assert Sitzung.objects.count() == 1
    assert "Bitte prüfen Sie Ihre Eingaben" in words(response)
    assert sentence in words(response)
    if "ort" not in change:
        assert 'value="Kreishaus, Saal 1"' in response.content.decode()


@pytest.mark.parametrize("wer", ["leitung", "planung", "vorsitz", "fremd"])
def test_nobody_else_plans(request, wer, signed_in):
    who = request.getfixturevalue(wer)
    browser = signed_in(getattr(who, "konto", who))
    assert browser.get(URL).status_code == 403
    assert browser.post(URL, ANGABEN).status_code == 403
    assert not Sitzung.objects.exists()
