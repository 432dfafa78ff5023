import pytest
from django.urls import reverse

from tests.beirat.lesen import targets, words

pytestmark = pytest.mark.django_db
URL = reverse("beirat:sitzung-intern-liste")


def test_the_next_session_with_its_agenda_and_what_was_resolved(sitzung, punkt, gehaltene_sitzung, mitglied, signed_in):
    punkt("Vergabe der Fahrdienste", oeffentlich=False)
    beschluss = gehaltene_sitzung(3, titel="Ausbildung")
    text = words(signed_in(mitglied.konto).get(URL))
    assert "In 7 Tagen" in text
    assert text.index("Vergabe der Fahrdienste") < text.index("Vergangene Sitzungen") < text.index(f"{beschluss}: Ausbildung")


def test_only_the_geschaeftsstelle_is_offered_to_plan(geschaeftsstelle, leitung, mitglied, signed_in):
    link = reverse("beirat:sitzung-planen")
    assert link in targets(signed_in(geschaeftsstelle).get(URL))
    for who in (leitung, mitglied.konto):
        response = signed_in(who).get(URL)
        assert link not in targets(response)
        assert "Sobald die Geschäftsstelle eine Sitzung plant" in words(response)


@pytest.mark.parametrize("wer", ["fremd", "ehemalig"])
def test_who_is_outside_stays_outside(request, wer, sitzung, signed_in):
    who = request.getfixturevalue(wer)
    browser = signed_in(getattr(who, "konto", who))
    for url in (URL, reverse("beirat:sitzung-intern-detail", args=[22])):
        assert browser.get(url).status_code == 403


def test_without_sign_in_it_asks_for_one(client):
    response = client.get(URL)
    assert response.status_code == 302
    assert reverse("account_login") in response.url


@pytest.mark.parametrize("n", [1, 3, 30])
def test_queries(geschaeftsstelle, gehaltene_sitzung, signed_in, n, django_assert_num_queries):
    for i in range(n):
        gehaltene_sitzung(i + 1)
    browser = signed_in(geschaeftsstelle)
    with django_assert_num_queries(5):  # session, account; sessions, agendas, Beschlüsse
        browser.get(URL)
