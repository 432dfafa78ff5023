import re

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from tests.html import Page

URL = reverse("portal:galerie")
TEMPLATES = django_settings.BASE_DIR / "templates"
# drawn by another component, or seen only on the page to which they belong
PARTS = {
    "auswahl_alle",
    "auswahl_feld",
    "beschreibungspunkt",
    "brotkrumen",
    "eingesetzt",
    "entwurfszeile",
    "filter",
    "metadaten",
    "schreibmarke",
    "stelle",
    "zahlvergleich",
    "zwischenstand",
    "zwischenstand_gesichert",
}


@pytest.fixture
def gallery(client, settings) -> Page:
    settings.DEBUG = True
    response = client.get(URL)
    assert response.status_code == 200
    return Page(response.content)


def test_there_is_none_in_production(client):
    assert client.get(URL).status_code == 404


def test_every_component_is_shown(gallery):
    known = {path.stem for path in (TEMPLATES / "components").glob("*.html")}
    shown = {h2.text for h2 in gallery.classed("galerie__name")}
    assert known - shown == PARTS & known


def test_every_component_says_how_it_is_called():
    shown = (path for path in (TEMPLATES / "components").glob("*.html") if path.stem not in PARTS)
    assert not [path.name for path in shown if not re.match(r"(\{% load \w+ %\}\n)?\{#", path.read_text())]


def test_the_documentation_stands_beside_the_example(gallery):
    documented = [code.text for code in gallery.all("code")]
    assert any('{% include "components/alert.html" with art="success"' in line for line in documented)


def test_no_id_is_there_twice_and_there_is_one_heading(gallery):
    ids = [e.attrs["id"] for e in gallery.elements if "id" in e.attrs]
    assert sorted(set(ids)) == sorted(ids)
    assert len(gallery.all("h1")) == 1
