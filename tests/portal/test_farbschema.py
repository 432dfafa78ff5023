"""Light, dark or as the device has it: kept in a cookie by those who choose, without one for all others."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.html import Page

HERE = "http://testserver"
BETRIEBE = "/betriebe/?seite=2"


def choose(client: Client, wert: str, back: str = BETRIEBE) -> object:
    return client.post(reverse("portal:farbschema"), {"farbschema": wert}, headers={"referer": f"{HERE}{back}"})


def look(client: Client) -> tuple[str | None, str, list[str]]:
    """What a page says about its colours: the mark for KERN, the mark for the browser, the button that is pressed."""
    page = Page(client.get(reverse("portal:betriebe")).content)
    pressed = [button.text for button in page.all("button") if button.attrs.get("aria-pressed") == "true"]
    return page.one("html").attrs.get("data-kern-theme"), page.one("meta", name="color-scheme").attrs["content"], pressed


@pytest.mark.django_db
def test_who_does_not_choose_reads_in_the_colours_of_the_device_and_gets_no_cookie(client):
    assert look(client) == (None, "light dark", ["Wie im Gerät"])
    assert not client.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(("wert", "kern", "wort"), [("hell", "light", "Hell"), ("dunkel", "dark", "Dunkel")])
def test_a_choice_holds_for_a_year_and_leads_back(wert, kern, wort):
    client = Client(enforce_csrf_checks=True)  # public pages carry no token
    response = choose(client, wert)
    assert (response.status_code, response["Location"]) == (302, BETRIEBE)
    assert list(response.cookies) == ["farbschema"]
    cookie = response.cookies["farbschema"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (wert, 365 * 24 * 3600, "Lax", True)
    assert look(client) == (kern, kern, [wort])


@pytest.mark.django_db
def test_the_choice_of_the_device_takes_the_cookie_away(client):
    choose(client, "dunkel")
    response = choose(client, "system")
    assert (response.cookies["farbschema"].value, response.cookies["farbschema"]["max-age"]) == ("", 0)
    assert look(client) == (None, "light dark", ["Wie im Gerät"])


@pytest.mark.django_db
def test_behind_https_the_cookie_is_secure(client, settings):
    settings.HTTPS = True
    assert choose(client, "hell").cookies["farbschema"]["secure"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "foreign", ["https://anderswo.example/", "//anderswo.example/", f"{HERE}//anderswo.example/", f"{HERE}/\\anderswo.example"]
)
def test_the_way_back_never_leads_elsewhere(client, foreign):
    response = client.post(reverse("portal:farbschema"), {"farbschema": "hell"}, headers={"referer": foreign})
    assert response["Location"] == reverse("portal:start")


@pytest.mark.django_db
@pytest.mark.parametrize("nonsense", ["", "rosa", "<script>"])
def test_nonsense_is_neither_kept_nor_shown(client, nonsense):
    assert not choose(client, nonsense).cookies
    client.cookies["farbschema"] = nonsense
    assert look(client) == (None, "light dark", ["Wie im Gerät"])


@pytest.mark.django_db
def test_the_page_cache_keeps_light_and_dark_apart(client, django_assert_num_queries):
    dark = Client()
    choose(dark, "dunkel")
    assert [look(client)[0], look(dark)[0], look(client)[0], look(dark)[0]] == [None, "dark", None, "dark"]
    response = dark.get(reverse("portal:betriebe"))
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.django_db
def test_inside_and_where_nothing_is_found_as_well(signed_in, planung):
    browser = signed_in(planung)
    choose(browser, "dunkel")
    for address in (reverse("portal:aufgaben"), "/gibt-es-nicht/"):
        assert Page(browser.get(address).content).one("html").attrs["data-kern-theme"] == "dark"


@pytest.mark.django_db
def test_it_can_only_be_sent(client):
    assert client.get(reverse("portal:farbschema")).status_code == 405
