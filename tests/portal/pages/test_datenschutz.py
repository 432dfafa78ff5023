"""What the page says is compared with what the portal does."""

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.urls import reverse

from jobcenter.common import farbschema
from jobcenter.common.instanz import LAENDER
from jobcenter.portal.models import Barrieremeldung
from jobcenter.portal.queries import read_land
from jobcenter.post.actions import CONFIDENTIAL
from tests.html import Page


def show(client) -> Page:
    return Page(client.get(reverse("portal:datenschutz")).content)


def test_every_cookie_of_the_portal_is_named(client):
    text = show(client).one("main").text
    for cookie in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, farbschema.COOKIE):
        assert f"„{cookie}“" in text
    assert settings.SESSION_COOKIE_AGE == 10 * 60 * 60
    assert "spätestens nach zehn Stunden" in text
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


def test_what_is_kept_of_a_report_is_said(client, instanz):
    kept = {field.name for field in Barrieremeldung._meta.get_fields()}
    of_people = kept - {"id", "schluessel", "jahr", "nummer", "gemeldet_am", "status", "antwort", "erledigt_am", "erledigt_von"}
    assert of_people == {"was", "seite", "mail"}  # a new one has to be named on the page
    text = show(client).one("main").text
    assert "Wir speichern Ihren Text, die Seite, um die es geht, und Ihre E-Mail-Adresse" in text
    assert settings.ACCOUNT_RATE_LIMITS["report_barriere"].split("/")[1] == "h"
    assert "IP-Adresse höchstens eine Stunde lang" in text
    instanz("datenschutz", barrieremeldungen_monate=7)
    text = show(client).one("main").text
    assert "löschen wir 7\u00a0Monate nach unserer Antwort, Ihre Adresse in der Liste 7\u00a0Monate nach der E-Mail" in text
    assert f"Lässt sie sich nicht verschicken, löschen wir ihn nach {CONFIDENTIAL.days}\u00a0Tagen" in text


def test_what_is_kept_of_a_session_is_said(client):
    assert {"ip", "user_agent"} <= {field.name for field in UserSession._meta.get_fields()}
    assert "speichern wir zu jeder Sitzung IP-Adresse und Browser" in show(client).one("main").text


def test_it_names_the_officer(client):
    text = show(client).one("main").text
    officer = settings.INSTANZ.datenschutz
    assert all(said in text for said in (officer.beauftragt, officer.strasse, officer.telefon, officer.mail))


@pytest.mark.parametrize("land", sorted(LAENDER))
def test_it_names_the_authority_of_the_land(client, instanz, land):
    instanz("jobcenter", land=land)
    page, body = show(client), read_land(land).datenschutz
    assert body.name in page.one("address", class_="stelle").text
    assert body.web in page.links()
