from django.conf import settings
from django.urls import reverse

from tests.html import Page


def test_it_names_who_answers_for_the_portal(client):
    text = Page(client.get(reverse("portal:impressum")).content).one("main").text
    instanz = settings.INSTANZ
    for said in (instanz.jobcenter.name, instanz.kontakt.strasse, instanz.verantwortlich.name, instanz.verantwortlich.vertretung, instanz.presse.kontakt):
        assert said in text


def test_a_demo_says_that_it_is_one(client):
    assert "Dieses Portal ist eine Vorführung." in Page(client.get(reverse("portal:impressum")).content).one("main").text
