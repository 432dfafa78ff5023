import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_it_looks_as_the_public_page_will(draft, veroeffentlichung, signed_in, presse, client):
    mitteilung = draft(fassung=veroeffentlichung.fassung)
    url = reverse("presse:pressemitteilung-vorschau", args=[mitteilung.pk])
    page = signed_in(presse).get(url).content.decode()
    assert "Nummer und Datum stehen erst mit der Freigabe fest." in page
    assert "<p>Der Zuschuss hilft beim Anfang.</p>" in page
    assert veroeffentlichung.fassung.pruefsumme in page
    assert client.get(url).status_code == 302


def test_strangers_find_no_draft(draft, signed_in, fremd):
    url = reverse("presse:pressemitteilung-vorschau", args=[draft().pk])
    assert signed_in(fremd).get(url).status_code == 404
