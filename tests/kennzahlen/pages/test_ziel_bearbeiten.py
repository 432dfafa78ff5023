from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from kennzahlen.actions import set_zielwert, update_zielwert
from kennzahlen.enums import Einheit, Zielrichtung
from kennzahlen.models import Zielwert
from tests.massnahmen.conftest import sent_by


@pytest.fixture
def ziel(eigenes, kennzahl, controlling) -> Zielwert:
    return set_zielwert(jobcenter=eigenes, kennzahl=kennzahl("K2", Einheit.PROZENT), jahr=2026, wert=Decimal("27.5"), by=controlling)


def page_of(ziel: Zielwert) -> str:
    return reverse("kennzahlen:ziel-bearbeiten", args=[ziel.pk])


def test_the_form_holds_what_was_agreed(signed_in, controlling, ziel):
    page = signed_in(controlling).get(page_of(ziel))
    sent = sent_by(page, page_of(ziel))
    assert {name: sent[name] for name in ("wert", "toleranz", "version")} == {"wert": ["27,5"], "toleranz": ["0"], "version": ["1"]}
    assertContains(page, "Carla Controlling: Ziel gespeichert am")


def test_a_change_is_saved(signed_in, controlling, ziel):
    given = {"richtung": "hoechstens", "wert": "26", "toleranz": "0,5", "version": "1"}
    response = signed_in(controlling).post(page_of(ziel), given)
    assertRedirects(response, f"{reverse('kennzahlen:ziel-liste')}?jahr=2026")
    ziel.refresh_from_db()
    assert (ziel.richtung, ziel.wert, ziel.toleranz, ziel.version) == ("hoechstens", 26, Decimal("0.5"), 2)


def test_money_is_shown_and_typed_in_euros(signed_in, controlling, eigenes, kennzahl):
    money = set_zielwert(
        jobcenter=eigenes, kennzahl=kennzahl("ausgaben", Einheit.CENT), jahr=2026, wert=Decimal(490_000_050), by=controlling
    )
    browser = signed_in(controlling)
    sent = sent_by(browser.get(page_of(money)), page_of(money))
    assert sent["wert"] == ["4.900.000,5"]
    assert browser.post(page_of(money), sent).status_code == 302
    money.refresh_from_db()
    assert (money.wert, money.version) == (490_000_050, 1)


def test_a_newer_agreement_is_not_overwritten_unseen(signed_in, controlling, person, ziel):
    other = person("Zoe Zweit", "controlling")
    update_zielwert(
        zielwert=ziel, version=1, wert=Decimal(28), richtung=Zielrichtung.MINDESTENS, toleranz=Decimal(0), nur_beobachtung=False, by=other
    )
    browser = signed_in(controlling)
    page = browser.post(page_of(ziel), {"richtung": "mindestens", "wert": "26", "toleranz": "0", "version": "1"})
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    ziel.refresh_from_db()
    assert ziel.wert == 28
    assert browser.post(page_of(ziel), sent_by(page, page_of(ziel))).status_code == 302
    ziel.refresh_from_db()
    assert (ziel.wert, ziel.version) == (26, 3)


@pytest.mark.parametrize("version", ["", "x"])
def test_without_a_version_nothing_is_saved(signed_in, controlling, ziel, version):
    page = signed_in(controlling).post(page_of(ziel), {"richtung": "mindestens", "wert": "26", "version": version})
    assert page.status_code == 422
    ziel.refresh_from_db()
    assert ziel.version == 1


def test_only_controlling_and_only_our_own(signed_in, client, controlling, leitung, fremd, jobcenter, kennzahl, ziel):
    assert client.get(page_of(ziel)).status_code == 302
    for user in (leitung, fremd):
        assert signed_in(user).get(page_of(ziel)).status_code == 403
        assert signed_in(user).post(page_of(ziel), {}).status_code == 403
    others = set_zielwert(jobcenter=jobcenter, kennzahl=kennzahl("K2"), jahr=2026, wert=Decimal(1), by=controlling)
    assert signed_in(controlling).get(page_of(others)).status_code == 404
