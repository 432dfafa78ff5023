import pytest
from django.urls import reverse

from beirat.actions import cast_stimme
from beirat.enums import Abstimmungsstatus, Wahl
from tests.beirat.lesen import words

pytestmark = pytest.mark.django_db


def url(abstimmung) -> str:
    return reverse("beirat:abstimmung-schliessen", args=[abstimmung.pk])


def test_it_asks_first_and_says_how_many_but_not_what(abstimmung, vorsitz, mitglied, signed_in):
    cast_stimme(abstimmung=abstimmung, wahl=Wahl.NEIN, by=mitglied.konto)
    browser = signed_in(vorsitz.konto)
    text = words(browser.get(url(abstimmung)))
    assert "1 von 3 haben abgestimmt." in text
    assert "Karl Kammer" not in text
    abstimmung.refresh_from_db()
    assert abstimmung.status == Abstimmungsstatus.OFFEN, "looking closes nothing"
    text = words(browser.post(url(abstimmung), follow=True))
    assert "0 Ja, 1 Nein, 0 Enthaltungen, 2 nicht abgegeben: abgelehnt." in text


def test_closed_once_it_leads_to_the_result(abstimmung, vorsitz, signed_in):
    browser = signed_in(vorsitz.konto)
    browser.post(url(abstimmung))
    assert browser.get(url(abstimmung)).url == reverse("beirat:abstimmung-detail", args=[abstimmung.pk])
    assert "ist im Stand „geschlossen“" in words(browser.post(url(abstimmung), follow=True))


def test_only_the_chair(abstimmung, mitglied, geschaeftsstelle, leitung, administration, signed_in):
    for who in (mitglied.konto, geschaeftsstelle, leitung, administration):
        assert signed_in(who).get(url(abstimmung)).status_code == 403
        assert signed_in(who).post(url(abstimmung)).status_code == 403
    abstimmung.refresh_from_db()
    assert abstimmung.status == Abstimmungsstatus.OFFEN
