"""The frame of all pages: cacheable outside, the same way on everywhere, no code in the page."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from tests.html import Page

PUBLIC = ["portal:start", "portal:betriebe", "portal:impressum", "portal:datenschutz", "portal:barrierefreiheit"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_are_the_same_for_everybody(client, signed_in, planung, name):
    response = client.get(reverse(name))
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content
    assert signed_in(planung).get(reverse(name)).content == response.content


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_have_title_heading_skip_link_and_legal_pages(client, name):
    page = Page(client.get(reverse(name)).content)
    assert page.title.endswith(f"– {settings.INSTANZ.jobcenter.kurzname}")
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert page.all("a")[0].attrs["href"] == f"#{page.one('main').attrs['id']}"
    for legal in ("portal:impressum", "portal:datenschutz", "portal:barrierefreiheit"):
        assert reverse(legal) in page.links()
    assert "Dieses Jobcenter gibt es nicht." in page.one("header").text


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*PUBLIC, "account_login"])
def test_no_code_in_the_page_and_nothing_from_elsewhere(client, name):
    html = client.get(reverse(name)).content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)
    page = Page(html)
    assert all(script.attrs.get("src", "").startswith("/static/") for script in page.all("script"))
    links = [e.attrs["href"] for e in page.all("link") if e.attrs["rel"] != "canonical"]  # a name, nothing to fetch
    fetched = links + [e.attrs["src"] for e in page.elements if "src" in e.attrs]
    ours = ("/static/", "data:", reverse("portal:manifest"))
    assert all(address.startswith(ours) for address in fetched)


@pytest.mark.django_db
def test_the_current_page_is_marked_in_menu_and_breadcrumbs(signed_in, planung):
    page = Page(signed_in(planung).get(reverse("konten:mein-konto")).content)
    assert [e.text for e in page.elements if e.attrs.get("aria-current") == "page"] == ["Mein Konto"]
    page = Page(signed_in(planung).get(reverse("portal:aufgaben")).content)
    assert {e.text for e in page.elements if e.attrs.get("aria-current") == "page"} == {"Meine Aufgaben"}


@pytest.mark.parametrize("template", ["400.html", "500.html", "503.html"])
def test_pages_for_the_worst_need_neither_request_nor_database(template):
    page = Page(render_to_string(template))  # without the mark django_db a query would be refused
    assert settings.INSTANZ.kontakt.telefon in page.one("main").text
    assert "/" in page.links()
