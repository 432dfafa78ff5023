"""What programs ask a website for: where they may look, what there is, whom to tell of a hole."""

import json
from datetime import date, datetime, timedelta

import pytest
from defusedxml import ElementTree
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone

from beirat.actions import plan_sitzung
from jobcenter.common import clock
from jobcenter.portal.sitemaps import SEITEN
from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, request_release
from massnahmen.actions import open_programm
from tests.html import Page
from tests.test_repository import PUBLIC

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
BASE = django_settings.BASE_URL


def text_of(client, name: str) -> list[str]:
    response = client.get(reverse(name))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode().splitlines()


# --- robots.txt -------------------------------------------------------------------------------------------------


def test_nobody_looks_into_a_jobcenter_that_does_not_exist(client):
    assert text_of(client, "portal:robots-txt") == ["User-agent: *", "Disallow: /"]


def test_of_a_real_one_all_that_is_public_may_be_found(client, instanz):
    instanz("jobcenter", fiktiv=False)
    lines = text_of(client, "portal:robots-txt")
    assert {"Disallow: /intern/", "Disallow: /konto/", f"Sitemap: {BASE}/sitemap.xml"} <= set(lines)
    assert "Disallow: /" not in lines


@pytest.mark.django_db
def test_the_pages_of_a_demo_say_noindex_and_those_of_a_real_one_do_not(client, instanz):
    def robots() -> list[str]:
        return [meta.attrs["content"] for meta in Page(client.get(reverse("portal:start")).content).all("meta", name="robots")]

    assert robots() == ["noindex"]
    instanz("jobcenter", fiktiv=False)
    assert robots() == []


# --- sitemap.xml ------------------------------------------------------------------------------------------------


@pytest.fixture
def sitemap(client):
    def read() -> dict[str, str | None]:
        tree = ElementTree.fromstring(client.get(reverse("portal:sitemap"), headers={"host": "localhost"}).content)
        return {url.find("s:loc", NS).text: getattr(url.find("s:lastmod", NS), "text", None) for url in tree.findall("s:url", NS)}

    return read


@pytest.fixture
def release(presse, presse2):
    def make(titel: str, sperrfrist: datetime | None = None):
        mitteilung = create_pressemitteilung(titel=titel, vorspann="Kurz.", text="Lang.", sperrfrist=sperrfrist, by=presse)
        mitteilung = request_release(pressemitteilung=mitteilung, version=mitteilung.version, by=presse)
        return release_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, by=presse2)

    return make


@pytest.mark.django_db
def test_every_address_is_that_of_base_url_and_opens(client, sitemap, veroeffentlichung, release):
    release("Neues")
    found = sitemap()
    assert len(found) > len(SEITEN)
    for address in found:
        assert address.startswith(f"{BASE}/")
        assert client.get(address.removeprefix(BASE)).status_code == 200, address


@pytest.mark.django_db
def test_the_host_of_the_request_does_not_matter(client, settings):
    settings.BASE_URL = "https://jobcenter.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    body = client.get(reverse("portal:sitemap"), headers={"host": "boese.example"}).content.decode()
    assert "boese" not in body
    assert "<loc>https://jobcenter.example.org/presse/</loc>" in body


@pytest.mark.django_db
def test_a_release_appears_when_its_embargo_ends_with_that_moment(sitemap, release, presse):
    ends = clock.now() + timedelta(days=2)
    mitteilung = release("Noch geheim", ends)
    create_pressemitteilung(titel="Nur Entwurf", vorspann="…", text="…", by=presse)
    address = BASE + mitteilung.get_absolute_url()
    with clock.moved_to(ends - timedelta(seconds=1)):
        assert not [a for a in sitemap() if "/presse/2" in a]
    with clock.moved_to(ends):
        assert sitemap()[address] == f"{timezone.localtime(ends):%Y-%m-%d}"


@pytest.mark.django_db
def test_a_programme_appears_with_its_publication(sitemap, beschluss, decide, leitung):
    from massnahmen.actions import publish_programm

    address = f"{BASE}/arbeitsmarktprogramm/2027/"
    assert address not in sitemap()
    decide(beschluss.fassung)
    publish_programm(beratung=beschluss.fassung.beratung, by=leitung)
    assert sitemap()[address] == f"{clock.today():%Y-%m-%d}"


@pytest.mark.django_db
def test_drafts_and_planned_sessions_never_appear(sitemap, planung, geschaeftsstelle, sitzung):
    open_programm(jahr=2031, by=planung)
    plan_sitzung(nummer=77, beginn=clock.now() + timedelta(days=9), ort="Keller", by=geschaeftsstelle)
    found = sitemap()
    assert f"{BASE}/beirat/sitzungen/22/" in found
    assert not [a for a in found if "/77/" in a or "2031" in a]


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(client, release, django_assert_num_queries):
    release("Eine")
    with django_assert_num_queries(7):
        client.get(reverse("portal:sitemap"))
    for number in range(3):
        release(f"Meldung {number}")
    with django_assert_num_queries(7):
        client.get(reverse("portal:sitemap"))


def test_every_fixed_page_for_visitors_is_in_it():
    """A new public page goes into the sitemap, or here with its reason."""
    # for one visitor, of one object, for programs, or moved elsewhere
    others = {name for name in PUBLIC if name.startswith("portal:")} - set(SEITEN)
    assert others <= {
        "portal:barriere-gemeldet",
        "portal:barriere-melden",
        "portal:farbschema",
        "portal:favicon",
        "portal:katalog-jsonld",
        "portal:katalog-ttl",
        "portal:galerie",
        "portal:live",
        "portal:manifest",
        "portal:passwort-aendern",
        "portal:ready",
        "portal:robots-txt",
        "portal:security-txt",
        "portal:sitemap",
    }


# --- the rest ---------------------------------------------------------------------------------------------------


def test_security_txt_has_what_rfc_9116_wants(client, instanz):
    instanz("sicherheit", kontakt="mailto:sicher@example.org", stand=date(2026, 11, 22))
    assert reverse("portal:security-txt") == "/.well-known/security.txt"
    assert text_of(client, "portal:security-txt") == [
        "Contact: mailto:sicher@example.org",
        "Expires: 2027-11-21T00:00:00Z",
        "Preferred-Languages: de, en",
        f"Canonical: {BASE}/.well-known/security.txt",
    ]


def test_password_managers_find_the_page_for_a_new_password(client):
    response = client.get("/.well-known/change-password")
    assert (response.status_code, response["Location"]) == (302, reverse("account_change_password"))


def test_the_manifest_names_the_jobcenter(client):
    response = client.get(reverse("portal:manifest"))
    assert response["Content-Type"] == "application/manifest+json"
    assert json.loads(response.content)["name"] == "Jobcenter Landkreis Musterburg"


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted({"robots-txt", "security-txt", "sitemap", "manifest", "passwort-aendern", "favicon"}))
def test_none_of_them_sets_a_cookie_or_depends_on_one(client, name):
    response = client.get(reverse(f"portal:{name}"))
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.django_db
def test_a_page_names_its_one_address_and_a_part_of_it_none(client):
    def canonical(address: str) -> list[str]:
        return [link.attrs["href"] for link in Page(client.get(address).content).all("link", rel="canonical")]

    assert canonical("/presse/") == [f"{BASE}/presse/"]
    assert canonical("/presse/?jahr=2026") == []


@pytest.mark.django_db
def test_the_start_page_says_what_a_chat_shows_of_it(client):
    page = Page(client.get("/").content)
    assert page.one("meta", property="og:title").attrs["content"] == "Jobcenter Landkreis Musterburg"
    assert "Arbeitsmarktprogramm" in page.one("meta", name="description").attrs["content"]
