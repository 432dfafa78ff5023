import pytest
from django.urls import reverse

from beirat.actions import open_abstimmung
from beirat.enums import Sitzungsstatus
from tests.beirat.lesen import words

pytestmark = pytest.mark.django_db
URL = reverse("beirat:sitzung-schliessen", args=[22])
SITZUNG = reverse("beirat:sitzung-intern-detail", args=[22])


def test_it_asks_first_and_names_what_is_left(sitzung, punkt, eroeffnet, vorsitz, signed_in):
    punkt("Fahrdienste")
    eroeffnet()
    browser = signed_in(vorsitz.konto)
    assert "Noch ohne Beschluss TOP 2: Fahrdienste" in words(browser.get(URL))
    sitzung.refresh_from_db()
    assert sitzung.status == Sitzungsstatus.EROEFFNET, "looking closes nothing"
    assert browser.post(URL).url == SITZUNG
    sitzung.refresh_from_db()
    assert sitzung.status == Sitzungsstatus.GESCHLOSSEN


def test_not_during_a_ballot(sitzung, punkt, eroeffnet, vorsitz, signed_in):
    top = punkt()
    eroeffnet()
    open_abstimmung(top=top, by=vorsitz.konto)
    assert "Eine Abstimmung läuft noch." in words(signed_in(vorsitz.konto).post(URL, follow=True))
    sitzung.refresh_from_db()
    assert sitzung.status == Sitzungsstatus.EROEFFNET


def test_what_is_not_open_is_not_asked_about(sitzung, vorsitz, signed_in):
    assert signed_in(vorsitz.konto).get(URL).url == SITZUNG


def test_only_the_chair(eroeffnet, mitglied, geschaeftsstelle, signed_in):
    eroeffnet()
    for who in (mitglied.konto, geschaeftsstelle):
        assert signed_in(who).get(URL).status_code == 403
        assert signed_in(who).post(URL).status_code == 403
