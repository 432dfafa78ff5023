from datetime import timedelta

import pytest
from django.urls import reverse

from jobcenter.common import clock
from tests.tabellen import read_csv

pytestmark = pytest.mark.django_db
URL = reverse("presse:pressemitteilung-intern-liste")


def test_it_shows_what_waits_what_is_drafted_and_what_stands(draft, requested, released, signed_in, planung):
    draft(titel="Im Entwurf")
    requested(titel="Wartet auf jemanden")
    released(titel="Schon draußen")
    released(titel="Noch gesperrt", sperrfrist=clock.now() + timedelta(days=2))
    page = signed_in(planung).get(URL).content.decode()
    assert page.index("Wartet auf jemanden") < page.index("Im Entwurf") < page.index("Noch gesperrt")
    assert page.count("Gesperrt bis") == 1
    assert "Neue Pressemitteilung" not in page


def test_only_who_may_release_is_offered_it(requested, signed_in, presse, presse2, leitung, planung):
    requested()
    offers = {user.name: "Lesen und freigeben" in signed_in(user).get(URL).content.decode() for user in (presse, presse2, leitung, planung)}
    assert offers == {"Mira Lang": False, "Paul Zweit": True, "Hanna Reuter": True, "Petra Plan": False}


def test_it_is_for_staff(signed_in, fremd, mitglied, client):
    assert signed_in(fremd).get(URL).status_code == 403
    assert signed_in(mitglied.konto).get(URL).status_code == 403
    assert client.get(URL).status_code == 302


def test_empty_lists_say_why(signed_in, presse):
    page = signed_in(presse).get(URL).content.decode()
    assert "Kein Entwurf" in page
    assert "Noch nichts freigegeben" in page


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, draft, requested, released, signed_in, presse2, django_assert_num_queries):
    for _ in range(rows):
        draft()
        requested()
        released()
    browser = signed_in(presse2)
    with django_assert_num_queries(6):  # session, account, years to choose from, number of released, what is open, released
        page = browser.get(URL).content.decode()
    assert page.count("presse-zeile__verb") == rows


def test_the_file_holds_what_has_a_number(draft, released, signed_in, planung):
    draft(titel="Im Entwurf")
    released(titel="Schon draußen")
    head, row = read_csv(signed_in(planung).get(f"{URL}?format=csv"))
    assert head == ["Nr.", "Überschrift", "Öffentlich ab", "Freigegeben von"]
    assert row[1] == "Schon draußen"


def test_a_word_narrows_the_table_and_not_what_is_open(draft, released, signed_in, planung):
    draft(titel="Im Entwurf")
    released(titel="Schon draußen")
    page = signed_in(planung).get(f"{URL}?text=gibtesnicht").content.decode()
    assert "Nichts passt zu diesen Filtern" in page
    assert "Im Entwurf" in page


def test_a_file_is_for_staff_too(signed_in, mitglied):
    assert signed_in(mitglied.konto).get(f"{URL}?format=csv").status_code == 403
