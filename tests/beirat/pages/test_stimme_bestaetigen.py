import pytest
from django.urls import reverse

from beirat.actions import cast_stimme, close_abstimmung
from beirat.enums import Wahl
from tests.beirat.lesen import words

pytestmark = pytest.mark.django_db


def url(abstimmung, wahl: str = "") -> str:
    return reverse("beirat:stimme-bestaetigen", args=[abstimmung.pk]) + (f"?wahl={wahl}" if wahl else "")


def ballot_url(abstimmung) -> str:
    return reverse("beirat:abstimmung-detail", args=[abstimmung.pk])


@pytest.mark.parametrize(
    ("wahl", "frage", "knopf"),
    [
        ("ja", "Sie stimmen mit Ja. Ist das richtig?", "Mit Ja stimmen"),
        ("nein", "Sie stimmen mit Nein. Ist das richtig?", "Mit Nein stimmen"),
        ("enthaltung", "Sie enthalten sich. Ist das richtig?", "Der Stimme enthalten"),
    ],
)
def test_it_asks_before_the_vote_counts(abstimmung, mitglied, signed_in, wahl, frage, knopf):
    browser = signed_in(mitglied.konto)
    text = words(browser.get(url(abstimmung, wahl)))
    assert frage in text
    assert knopf in text
    assert not abstimmung.stimmen.exists(), "asking casts nothing"
    assert browser.post(url(abstimmung), {"wahl": wahl}).url == ballot_url(abstimmung)
    assert list(abstimmung.stimmen.values_list("mitglied", "wahl")) == [(mitglied.pk, wahl)]


@pytest.mark.parametrize("wahl", ["", "vielleicht", "JA"])
def test_a_choice_that_does_not_exist_leads_back(abstimmung, mitglied, signed_in, wahl):
    browser = signed_in(mitglied.konto)
    assert browser.get(url(abstimmung, wahl)).url == ballot_url(abstimmung)
    assert "Wählen Sie Ja, Nein oder Enthaltung." in words(browser.post(url(abstimmung), {"wahl": wahl}, follow=True))
    assert not abstimmung.stimmen.exists()


def test_sent_twice_the_first_counts(abstimmung, mitglied, signed_in):
    browser = signed_in(mitglied.konto)
    browser.post(url(abstimmung), {"wahl": "nein"})
    text = words(browser.post(url(abstimmung), {"wahl": "ja"}, follow=True))
    assert "Sie haben schon abgestimmt. Ihre erste Stimme zählt." in text
    assert "Stimme Nein" in text
    assert browser.get(url(abstimmung, "ja")).url == ballot_url(abstimmung)


def test_too_late(abstimmung, vorsitz, mitglied, signed_in):
    close_abstimmung(abstimmung=abstimmung, by=vorsitz.konto)
    text = words(signed_in(mitglied.konto).post(url(abstimmung), {"wahl": "ja"}, follow=True))
    assert "Die Abstimmung ist schon geschlossen. Ihre Stimme wurde nicht gezählt." in text


def test_not_in_the_room(abstimmung, stellvertretung, signed_in):
    browser = signed_in(stellvertretung.konto)
    assert browser.get(url(abstimmung, "ja")).url == ballot_url(abstimmung)
    assert "Sie sind nicht als anwesend eingetragen." in words(browser.post(url(abstimmung), {"wahl": "ja"}, follow=True))
    assert not abstimmung.stimmen.exists()


@pytest.mark.parametrize("wer", ["beratend", "ehemalig", "leitung", "administration", "fremd"])
def test_no_vote_no_way(abstimmung, request, wer, signed_in):
    who = request.getfixturevalue(wer)
    assert signed_in(getattr(who, "konto", who)).post(url(abstimmung), {"wahl": "ja"}).status_code == 403
    assert not abstimmung.stimmen.exists()


def test_nobody_votes_for_somebody_else(abstimmung, mitglied, mitglied2, signed_in):
    signed_in(mitglied.konto).post(url(abstimmung), {"wahl": "ja", "mitglied": mitglied2.pk, "by": mitglied2.konto.pk})
    assert list(abstimmung.stimmen.values_list("mitglied", flat=True)) == [mitglied.pk]
    assert cast_stimme(abstimmung=abstimmung, wahl=Wahl.NEIN, by=mitglied2.konto).mitglied == mitglied2
