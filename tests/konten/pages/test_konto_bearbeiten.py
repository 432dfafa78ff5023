from datetime import date

import pytest
from django.urls import reverse

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(planung) -> str:
    return reverse("konten:konto-bearbeiten", args=[planung.pk])


def sent(**change) -> dict:
    return {"name": "Petra Plan", "rollen": ["planung"], "gueltig_bis": "", "version": "1"} | change


def test_name_roles_and_last_day_are_saved(signed_in, administration, planung, page):
    answer = signed_in(administration).post(page, sent(name="Petra Planer", rollen=["presse"], gueltig_bis="31.12.2099"), follow=True)
    assert "Das Konto von Petra Planer ist gespeichert." in answer.content.decode()
    planung.refresh_from_db()
    assert (planung.name, planung.rollen, planung.gueltig_bis, planung.version) == ("Petra Planer", [Rolle.PRESSE], date(2099, 12, 31), 2)


def test_two_administrators_at_once_see_both_and_lose_nothing(signed_in, administration, administration2, planung, page):
    signed_in(administration2).post(page, sent(rollen=["leitung"]))
    browser = signed_in(administration)
    answer = browser.post(page, sent(rollen=["presse"]))
    assert answer.status_code == 409
    shown = Page(answer.content)
    assert "Leitung" in shown.classed("angaben")[0].text
    assert {e.attrs["value"] for e in shown.all("input", name="rollen") if "checked" in e.attrs} == {"presse"}
    [version] = shown.all("input", name="version")
    browser.post(page, sent(rollen=["presse"], version=version.attrs["value"]))
    planung.refresh_from_db()
    assert planung.rollen == [Rolle.PRESSE]


def test_the_service_role_is_not_offered_and_not_taken(signed_in, administration, planung, page):
    browser = signed_in(administration)
    assert "system" not in {e.attrs["value"] for e in Page(browser.get(page).content).all("input", name="rollen")}
    assert browser.post(page, sent(rollen=["planung", "system"])).status_code == 422
    planung.refresh_from_db()
    assert planung.rollen == [Rolle.PLANUNG]


def test_others_and_oneself_may_not(signed_in, administration, leitung, planung, page):
    assert signed_in(leitung).post(page, sent(rollen=["leitung"])).status_code == 403
    own = reverse("konten:konto-bearbeiten", args=[administration.pk])
    assert signed_in(administration).get(own).status_code == 403
    assert signed_in(administration).post(own, sent(rollen=["administration", "leitung"])).status_code == 403
    assert User.objects.get(pk=administration.pk).rollen == [Rolle.ADMINISTRATION]
