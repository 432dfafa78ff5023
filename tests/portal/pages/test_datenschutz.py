from django.conf import settings
from django.urls import reverse

from tests.html import Page


def test_what_it_says_about_cookies_is_true(client):
    text = Page(client.get(reverse("portal:datenschutz")).content).one("main").text
    for cookie in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        assert f"„{cookie}“" in text
    assert settings.SESSION_COOKIE_AGE == 10 * 60 * 60
    assert "spätestens nach zehn Stunden" in text
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


def test_it_names_the_land(client):
    assert "Datenschutzaufsicht in Hessen" in Page(client.get(reverse("portal:datenschutz")).content).one("main").text
