import pytest
from django.urls import reverse

from beirat.actions import open_abstimmung, record_anwesenheit
from tests.beirat.lesen import words

pytestmark = pytest.mark.django_db
URL = reverse("beirat:anwesenheit-erfassen", args=[22])


def present(sitzung) -> set[str]:
    return set(sitzung.anwesenheiten.values_list("mitglied__name", flat=True))


def test_who_is_ticked_is_present(sitzung, vorsitz, mitglied, mitglied2, ehemalig, geschaeftsstelle, signed_in):
    browser = signed_in(geschaeftsstelle)
    page = browser.get(URL)
    assert "Kammern Karl Kammer" in words(page)
    assert "Beschlussfähig ab 2." in words(page)
    assert "Ehemalig" not in words(page)
    text = words(browser.post(URL, {"mitglieder": [mitglied.pk]}, follow=True))
    assert "1 von 3 Stimmberechtigten sind da. Der Beirat ist nicht beschlussfähig, nötig sind 2." in text
    assert present(sitzung) == {"Karl Kammer"}
    text = words(browser.post(URL, {"mitglieder": [mitglied2.pk, vorsitz.pk]}, follow=True))
    assert "2 von 3 Stimmberechtigten sind da. Der Beirat ist beschlussfähig." in text
    assert present(sitzung) == {"Luise Liga", "Vera Vorsitz"}


def test_what_is_stored_is_ticked(sitzung, vorsitz, mitglied, geschaeftsstelle, signed_in):
    record_anwesenheit(sitzung=sitzung, mitglieder=[mitglied], by=geschaeftsstelle)
    html = signed_in(geschaeftsstelle).get(URL).content.decode()
    assert [
        part.partition('value="')[2].partition('"')[0] for part in html.split("<input")[1:] if " checked" in part.partition(">")[0]
    ] == [str(mitglied.pk)]


def test_all_with_one_button_and_nobody_with_none(sitzung, vorsitz, mitglied, beratend, ehemalig, geschaeftsstelle, signed_in):
    browser = signed_in(geschaeftsstelle)
    browser.post(URL, {"alle": "ja"})
    assert present(sitzung) == {"Vera Vorsitz", "Karl Kammer", "Bea Beratend"}
    browser.post(URL, {})
    assert present(sitzung) == set()


def test_a_seat_that_is_not_running_cannot_be_sent(sitzung, mitglied, ehemalig, geschaeftsstelle, signed_in):
    response = signed_in(geschaeftsstelle).post(URL, {"mitglieder": [mitglied.pk, ehemalig.pk]})
    assert response.status_code == 422
    assert "hat keinen Sitz mehr" in words(response)
    assert present(sitzung) == set()


def test_during_a_ballot_it_says_why_not(sitzung, punkt, eroeffnet, vorsitz, geschaeftsstelle, signed_in):
    top = punkt()
    eroeffnet()
    open_abstimmung(top=top, by=vorsitz.konto)
    response = signed_in(geschaeftsstelle).post(URL, {"mitglieder": [vorsitz.pk]})
    assert response.status_code == 422
    assert "Die Anwesenheit ändert sich erst nach ihrem Schluss." in words(response)
    assert len(present(sitzung)) == 3


def test_nobody_else(sitzung, vorsitz, leitung, signed_in):
    for who in (vorsitz.konto, leitung):
        assert signed_in(who).get(URL).status_code == 403
        assert signed_in(who).post(URL, {"alle": "ja"}).status_code == 403
    assert present(sitzung) == set()


def test_without_members_it_says_why(sitzung, geschaeftsstelle, signed_in):
    assert "Zurzeit läuft keine Amtszeit." in words(signed_in(geschaeftsstelle).get(URL))


@pytest.mark.parametrize("n", [1, 3, 30])
def test_queries(sitzung, geschaeftsstelle, seat, signed_in, n, django_assert_num_queries):
    for i in range(n):
        seat(f"Mitglied {i}")
    browser = signed_in(geschaeftsstelle)
    with django_assert_num_queries(7):
        browser.get(URL)
