from django.conf import settings
from django.urls import reverse

from jobcenter.common.instanz import LAENDER
from jobcenter.portal.enums import LANDESNAMEN
from tests.html import Page


def test_it_says_what_is_missing_where_to_complain_and_when_it_was_checked(client):
    page = Page(client.get(reverse("portal:barrierefreiheit")).content)
    text = page.one("main").text
    assert "Leichter Sprache" in text
    assert "Durchsetzungsstelle für barrierefreie Informationstechnik in Hessen" in text
    assert "Stand: 22.\u00a0November\u00a02026" in text
    assert any(link.startswith(f"mailto:{settings.INSTANZ.kontakt.mail}?subject=Barriere") for link in page.links())


def test_every_land_has_a_name():
    assert set(LANDESNAMEN) == LAENDER
