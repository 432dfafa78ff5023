from django.conf import settings
from django.urls import reverse

from tests.html import Page


def test_it_names_who_answers_for_the_portal(client):
    text = Page(client.get(reverse("portal:impressum")).content).one("main").text
    house = settings.INSTANZ
    people = [house.verantwortlich.name, house.verantwortlich.vertretung, house.presse.kontakt]
    assert [said for said in [house.jobcenter.name, house.kontakt.strasse, *people] if said not in text] == []


def test_a_demo_says_that_it_is_one(client):
    assert "Dieses Portal ist eine Vorführung." in Page(client.get(reverse("portal:impressum")).content).one("main").text
