from datetime import timedelta

import pytest
from defusedxml.ElementTree import fromstring
from django.urls import reverse

from jobcenter.common import clock

pytestmark = pytest.mark.django_db
URL = reverse("presse:feed-atom")
ATOM = "{http://www.w3.org/2005/Atom}"


def test_it_carries_the_whole_text_stable_ids_and_absolute_addresses(released, client, settings):
    settings.BASE_URL = "https://jobcenter.musterburg.example"
    mitteilung = released(titel="Mehr & „besser“ <als> 2025", text="Erster Absatz & mehr.\n\nhttps://example.org/a")
    response = client.get(URL, headers={"Host": "127.0.0.1"})
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = fromstring(response.content)
    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Mehr & „besser“ <als> 2025"
    assert entry.findtext(f"{ATOM}id") == f"tag:jobcenter.musterburg.example,{mitteilung.jahr}:presse-1"
    assert entry.find(f"{ATOM}link").get("href") == f"https://jobcenter.musterburg.example{mitteilung.get_absolute_url()}"
    assert entry.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}published")
    content = entry.find(f"{ATOM}content")
    assert content.get("type") == "html"
    assert "<p>Erster Absatz &amp; mehr.</p>" in content.text
    assert '<a href="https://example.org/a"' in content.text
    assert feed.findtext(f"{ATOM}id") == "tag:jobcenter.musterburg.example,2026:presse"
    assert {link.get("href").split("/presse/")[0] for link in feed.findall(f"{ATOM}link")} == {"https://jobcenter.musterburg.example"}
    assert b"127.0.0.1" not in response.content


def test_newest_first_by_the_moment_they_became_public(released, client):
    later = clock.now() + timedelta(hours=2)
    released(titel="Gesperrt", sperrfrist=later)
    released(titel="Sofort")
    with clock.moved_to(later):
        titles = [entry.findtext(f"{ATOM}title") for entry in fromstring(client.get(URL).content).findall(f"{ATOM}entry")]
    assert titles == ["Gesperrt", "Sofort"]


def test_a_character_that_xml_does_not_know_breaks_nothing(released, client):
    """An import writes through actions, not through forms."""
    released(titel="Mehr\x01 Betriebe\ufffe", vorspann="38\x0bBetriebe\uffff.", text="Erster\x0bSatz.\x1f\n\nZweiter\ufffe Satz.\x0c")
    entry = fromstring(client.get(URL).content).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Mehr Betriebe"
    assert entry.findtext(f"{ATOM}summary") == "38\nBetriebe."
    assert "<p>Erster<br>Satz.</p>\n\n<p>Zweiter Satz." in entry.findtext(f"{ATOM}content")


def test_it_is_public_and_cacheable(client, db):
    response = client.get(URL)
    assert response.status_code == 200
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, released, client, django_assert_num_queries):
    for _ in range(rows):
        released()
    with django_assert_num_queries(1):
        feed = fromstring(client.get(URL).content)
    assert len(feed.findall(f"{ATOM}entry")) == rows
