import pytest
from django.urls import reverse

from beirat.enums import Abstimmungsstatus
from beirat.models import Beschluss
from tests.beirat.lesen import words

pytestmark = pytest.mark.django_db


def url(abstimmung) -> str:
    return reverse("beirat:abstimmung-abbrechen", args=[abstimmung.pk])


def test_it_asks_first_and_leaves_no_beschluss(abstimmung, vorsitz, signed_in):
    browser = signed_in(vorsitz.konto)
    assert "Möchten Sie die Abstimmung abbrechen?" in words(browser.get(url(abstimmung)))
    abstimmung.refresh_from_db()
    assert abstimmung.status == Abstimmungsstatus.OFFEN, "looking ends nothing"
    assert browser.post(url(abstimmung)).url == reverse("beirat:sitzung-intern-detail", args=[22])
    abstimmung.refresh_from_db()
    assert abstimmung.status == Abstimmungsstatus.ABGEBROCHEN
    assert not Beschluss.objects.exists()


def test_cancelled_once(abstimmung, vorsitz, signed_in):
    browser = signed_in(vorsitz.konto)
    browser.post(url(abstimmung))
    assert "ist im Stand „abgebrochen“" in words(browser.post(url(abstimmung), follow=True))
    assert browser.get(url(abstimmung)).url == reverse("beirat:abstimmung-detail", args=[abstimmung.pk])


def test_only_the_chair(abstimmung, mitglied, geschaeftsstelle, signed_in):
    for who in (mitglied.konto, geschaeftsstelle):
        assert signed_in(who).get(url(abstimmung)).status_code == 403
        assert signed_in(who).post(url(abstimmung)).status_code == 403
