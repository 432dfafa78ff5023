from django.conf import settings
from django.urls import reverse

from tests.html import Page


def test_it_is_honest_about_videos_and_says_how_to_get_an_interpreter(client):
    page = Page(client.get(reverse("portal:gebaerdensprache")).content)
    text = page.one("main").text
    assert "Videos in Gebärdensprache gibt es hier noch nicht" in text
    assert "§\u00a017 Absatz\u00a02 SGB\u00a0I" in text
    assert any(link.startswith(f"mailto:{settings.INSTANZ.kontakt.mail}") for link in page.links())
    assert {reverse("portal:leichte-sprache"), reverse("portal:barrierefreiheit")} <= page.links()


def test_the_missing_videos_count_as_a_mangel():
    assert any("Gebärdensprache" in mangel.was for mangel in settings.INSTANZ.barrierefreiheit.mangel)
