"""Figures go out of sight, with a reason that stays."""

import pytest
from django.urls import reverse

from kennzahlen.enums import Lieferzustand
from kennzahlen.models import Messwert
from kennzahlen.queries.datenstand import visible_datenstaende

pytestmark = pytest.mark.django_db


def url(lieferung) -> str:
    return reverse("kennzahlen:lieferung-zurueckziehen", args=[lieferung.pk])


def test_a_reason_is_needed_and_stays(uebernommen, signed_in, controlling):
    browser = signed_in(controlling)
    refused = browser.post(url(uebernommen), {"grund": "   "})
    assert refused.status_code == 422
    assert "Der Grund fehlt" in refused.content.decode()
    assert visible_datenstaende().exists()
    done = browser.post(url(uebernommen), {"grund": "Widerrufen"}, follow=True)
    assert "nicht mehr öffentlich" in done.content.decode()
    assert "Widerrufen" in done.content.decode()
    assert not visible_datenstaende().exists()
    assert Messwert.objects.count() == 2


def test_what_is_not_published_cannot_be_withdrawn(geprueft, signed_in, controlling):
    for answer in (signed_in(controlling).get(url(geprueft)), signed_in(controlling).post(url(geprueft), {"grund": "x"})):
        assert answer["Location"] == reverse("kennzahlen:lieferung-detail", args=[geprueft.pk])
    geprueft.refresh_from_db()
    assert geprueft.zustand == Lieferzustand.GEPRUEFT


@pytest.mark.parametrize("who", ["leitung", "administration", "planung", "fremd"])
def test_only_controlling_withdraws(request, who, uebernommen, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(url(uebernommen)).status_code == 403
    assert browser.post(url(uebernommen), {"grund": "x"}).status_code == 403
    assert visible_datenstaende().exists()
