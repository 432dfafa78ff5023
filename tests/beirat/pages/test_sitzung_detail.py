from datetime import timedelta

import pytest
from django.urls import reverse

from beirat.actions import add_top, cast_stimme, plan_sitzung
from beirat.enums import Topart, Wahl
from jobcenter.common import clock
from tests.beirat.lesen import words

pytestmark = pytest.mark.django_db


def url(nummer: int = 22) -> str:
    return reverse("beirat:sitzung-detail", args=[nummer])


def test_public_items_only(client, sitzung, punkt, mitglied, signed_in):
    punkt("Bericht der Leitung")
    punkt("Vergabe der Fahrdienste", oeffentlich=False)
    for browser in (client, signed_in(mitglied.konto)):
        text = words(browser.get(url()))
        assert "Bericht der Leitung" in text
        assert "Vergabe" not in text
        assert "Kreishaus, Saal 1" in text


def test_a_planned_session_does_not_exist_yet(client, geschaeftsstelle, signed_in):
    plan_sitzung(nummer=5, beginn=clock.now() + timedelta(days=9), ort="Kreishaus", by=geschaeftsstelle)
    assert client.get(url(5)).status_code == 404
    assert signed_in(geschaeftsstelle).get(url(5)).status_code == 404
    assert client.get(url(6)).status_code == 404


def test_while_the_ballot_is_open_nothing_of_it_is_public(client, abstimmung, mitglied):
    before = client.get(url()).content
    cast_stimme(abstimmung=abstimmung, wahl=Wahl.NEIN, by=mitglied.konto)
    assert client.get(url()).content == before


def test_results_without_names(client, beschluss):
    text = words(client.get(url()))
    assert "3 Ja, 0 Nein, 0 Enthaltungen: angenommen." in text
    assert f"{beschluss}: Der Beirat stimmt dem Arbeitsmarktprogramm 2027 in der Fassung 1 zu." in text
    assert "Karl Kammer" not in text


@pytest.mark.parametrize("n", [1, 3, 30])
def test_queries(client, sitzung, geschaeftsstelle, n, django_assert_num_queries):
    for i in range(n):
        add_top(sitzung=sitzung, titel=f"Punkt {i}", art=Topart.BERATUNG, oeffentlich=True, by=geschaeftsstelle)
    with django_assert_num_queries(3):
        client.get(url())
