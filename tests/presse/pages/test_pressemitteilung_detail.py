import pytest
from django.urls import reverse

from jobcenter.common import typography

pytestmark = pytest.mark.django_db


def test_number_day_text_and_contact(released, client, settings):
    mitteilung = released(text="Erster Absatz.\n\n<script>alert(1)</script> https://example.org/a")
    response = client.get(mitteilung.get_absolute_url())
    page = response.content.decode()
    assert f"Pressemitteilung Nr.&nbsp;{mitteilung.nummer_text} vom {typography.datum(mitteilung.oeffentlich_ab)}" in page
    assert "<p>Erster Absatz.</p>" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert 'href="https://example.org/a"' in page
    assert settings.INSTANZ.presse.mail in page
    assert f'<link rel="canonical" href="{settings.BASE_URL}{mitteilung.get_absolute_url()}">' in page
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_the_programme_stands_beside_with_its_fingerprint(released, veroeffentlichung, client):
    mitteilung = released(fassung=veroeffentlichung.fassung)
    page = client.get(mitteilung.get_absolute_url()).content.decode()
    assert reverse("massnahmen:programm-detail", args=[2027]) in page
    assert veroeffentlichung.fassung.pruefsumme in page
    assert "Fassung&nbsp;1" in page


def test_a_wrong_slug_leads_to_the_right_address(released, client):
    mitteilung = released()
    response = client.get(reverse("presse:pressemitteilung-detail", args=[mitteilung.jahr, mitteilung.nummer, "falsch"]))
    assert (response.status_code, response["Location"]) == (301, mitteilung.get_absolute_url())


def test_a_number_that_was_not_given_is_not_found(released, client):
    mitteilung = released()
    assert client.get(mitteilung.get_absolute_url().replace("/1-", "/2-")).status_code == 404


def test_queries(released, veroeffentlichung, client, django_assert_num_queries):
    mitteilung = released(fassung=veroeffentlichung.fassung)
    with django_assert_num_queries(1):
        client.get(mitteilung.get_absolute_url())
