import pytest
from django.urls import reverse

from massnahmen.actions import publish_programm
from tests.beirat.lesen import targets, words

pytestmark = pytest.mark.django_db
URL = reverse("beirat:beschluss-liste")


def test_numbers_without_names(client, gehaltene_sitzung):
    beschluss = gehaltene_sitzung(7)
    text = words(client.get(URL))
    assert str(beschluss) in text
    assert "Fahrdienste" in text
    assert "2 Ja, 1 Nein, 0 Enthaltungen: angenommen." in text
    for name in ("Vera Vorsitz", "Karl Kammer", "Luise Liga"):
        assert name not in text


def test_a_beschluss_on_a_non_public_item_appears_nowhere(client, gehaltene_sitzung, mitglied, signed_in):
    secret = gehaltene_sitzung(7, titel="Vergabe der Fahrdienste", oeffentlich=False)
    gehaltene_sitzung(8, titel="Öffentliches")
    pages = [URL, reverse("beirat:beirat"), reverse("beirat:sitzung-liste"), reverse("beirat:sitzung-detail", args=[7])]
    for browser in (client, signed_in(mitglied.konto)):
        for page in pages:
            text = words(browser.get(page))
            assert "Vergabe" not in text, page
            assert str(secret) not in text, page
    assert "Öffentliches" in words(client.get(URL))


def test_the_programme_is_linked_when_its_fassung_is_public(client, beschluss, decide, leitung):
    link = reverse("massnahmen:programm-detail", args=[2027])
    before = client.get(URL)
    assert "Arbeitsmarktprogramm 2027, Fassung 1 · Fingerabdruck" in words(before)
    assert link not in targets(before)
    decide(beschluss.fassung)
    publish_programm(beratung=beschluss.fassung.beratung, by=leitung)
    assert link in targets(client.get(URL))


def test_before_the_first_it_says_why(client):
    assert "Noch kein Beschluss" in words(client.get(URL))


@pytest.mark.parametrize("n", [1, 3, 30])
def test_queries(client, gehaltene_sitzung, n, django_assert_num_queries):
    for i in range(n):
        gehaltene_sitzung(i + 1)
    with django_assert_num_queries(1):
        assert words(client.get(URL)).count("Fahrdienste") == n
