import pytest
from django.urls import reverse

from beirat.enums import Bank
from beirat.models import Organisation
from tests.beirat.lesen import words

pytestmark = pytest.mark.django_db
URL = reverse("beirat:beirat")


def test_who_sits_in_it_today(client, vorsitz, mitglied, ehemalig, stellvertretung):
    other = Organisation.objects.create(name="Diakonie Musterburg", bank=Bank.WOHLFAHRT)
    mitglied.organisation = other
    mitglied.save()
    text = words(client.get(URL))
    assert text.index("Freie Wohlfahrtspflege Karl Kammer Diakonie Musterburg") < text.index(
        "Kammern Dora Deputy (stellvertretender Vorsitz)"
    )
    assert "Vera Vorsitz (Vorsitz)" in text
    assert "Ehemalig" not in text
    assert "Der Beirat entscheidet nicht." in text
    assert "§ 18d SGB II" in text


def test_it_names_people_but_not_their_addresses(client, mitglied):
    assert mitglied.konto.email not in client.get(URL).content.decode()


def test_next_session_and_newest_beschluesse(client, gehaltene_sitzung, sitzung):
    for n in (1, 2, 3, 4):
        gehaltene_sitzung(n, titel=f"Thema {n}")
    text = words(client.get(URL))
    assert "22. Sitzung" in text
    assert "Thema 4" in text
    assert "Thema 2" in text
    assert "Thema 1" not in text, "only the newest three"


def test_without_anything_it_says_why(client):
    text = words(client.get(URL))
    assert "Noch kein Termin. Er steht hier, sobald der Beirat eingeladen ist." in text
    assert "Noch kein Beschluss" in text
    assert "Der Beirat wird gerade neu berufen" in text


def test_it_can_be_cached(client, mitglied, signed_in):
    response = client.get(URL)
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert signed_in(mitglied.konto).get(URL).content == response.content, "everybody gets the same page"


@pytest.mark.parametrize("n", [1, 3, 30])
def test_queries(client, seat, n, django_assert_num_queries):
    for i in range(n):
        seat(f"Mitglied {i}")
    with django_assert_num_queries(3):
        client.get(URL)
