"""Nothing leaks: not a draft, not a text that waits, not one behind its embargo, not a second earlier, nowhere."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.presse.actions import release_pressemitteilung
from jobcenter.presse.forms import PressemitteilungForm

pytestmark = pytest.mark.django_db
TITEL = "Geheim bis zur letzten Sekunde"
PLACES = [reverse("presse:pressemitteilung-liste"), reverse("presse:feed-atom"), reverse("portal:start")]


def seen(browser) -> list[str]:
    return [place for place in PLACES if TITEL in browser.get(place).content.decode()]


@pytest.mark.parametrize("state", ["draft", "requested"])
def test_what_is_not_released_is_nowhere(request, state, client, signed_in, fremd, mitglied):
    request.getfixturevalue(state)(titel=TITEL)
    for browser in (client, signed_in(fremd), signed_in(mitglied.konto)):
        assert seen(browser) == []


def test_what_is_released_is_everywhere_at_once(released, client):
    mitteilung = released(titel=TITEL)
    assert seen(client) == PLACES
    assert client.get(mitteilung.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-20T09:55", datetime(2026, 11, 20, 8, 55, tzinfo=UTC)),  # winter: one hour
        ("2026-07-20T09:55", datetime(2026, 7, 20, 7, 55, tzinfo=UTC)),  # summer: two
        ("2026-03-29T03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # the hour after the clock went forward
        ("2026-10-25T03:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),  # the hour after it went back
    ],
)
def test_the_embargo_ends_at_its_second_in_german_time(typed, moment, texte, requested, presse2, client):
    form = PressemitteilungForm({**texte, "titel": TITEL, "sperrfrist": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["sperrfrist"] == moment
    with clock.moved_to(moment - timedelta(hours=30)):
        mitteilung = requested(titel=TITEL, sperrfrist=form.cleaned_data["sperrfrist"])
        mitteilung = release_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, by=presse2)
    url = mitteilung.get_absolute_url()
    with clock.moved_to(moment - timedelta(seconds=1)):
        assert seen(client) == []
        assert client.get(url).status_code == 404
        assert client.get(url.replace("geheim", "geraten")).status_code == 404  # no redirect that would tell the title
    with clock.moved_to(moment):
        assert seen(client) == PLACES
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("typed", ["2026-03-29T02:30", "2026-10-25T02:30"])
def test_a_time_that_is_not_there_or_twice_is_asked_again(typed, texte):
    form = PressemitteilungForm({**texte, "sperrfrist": typed})
    assert "sperrfrist" in form.errors


def test_an_embargo_in_the_past_delays_nothing(requested, presse2, client):
    mitteilung = requested(titel=TITEL, sperrfrist=clock.now() - timedelta(days=1))
    mitteilung = release_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, by=presse2)
    assert mitteilung.oeffentlich_ab == mitteilung.freigegeben_am
    assert seen(client) == PLACES
