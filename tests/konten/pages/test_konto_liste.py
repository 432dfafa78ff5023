import pytest
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.konten.actions import close_konto
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from tests.html import Page

pytestmark = pytest.mark.django_db
PAGE = reverse("konten:konto-liste")


def names(browser, query: str = "") -> list[str]:
    return [konto.name for konto in browser.get(PAGE + query).context["konten"]]


@pytest.mark.parametrize("rolle", [None, *[rolle for rolle in Rolle if rolle not in {Rolle.ADMINISTRATION, Rolle.SYSTEM}]])
def test_only_administration_sees_it(person, signed_in, rolle):
    assert signed_in(person("Irgend Wer", *([rolle] if rolle else []))).get(PAGE).status_code == 403


def test_it_names_people_and_no_services(signed_in, administration, planung, system):
    assert names(signed_in(administration)) == ["Anton Admin", "Petra Plan"]


def test_search_and_filters(signed_in, administration, planung, leitung, fremd, eingeladen):
    close_konto(konto=leitung, by=administration)
    User.objects.filter(pk=planung.pk).update(gueltig_bis=clock.today().replace(year=2020))
    browser = signed_in(administration)
    assert names(browser, "?q=plan") == ["Petra Plan"]
    assert names(browser, "?q=MUSTERBURG.example&rolle=planung") == ["Nina Neu", "Petra Plan"]
    assert names(browser, "?rolle=keine") == ["Frieda Fremd"]
    assert names(browser, "?stand=offen") == ["Anton Admin", "Frieda Fremd"]
    assert names(browser, "?stand=eingeladen") == ["Nina Neu"]
    assert names(browser, "?stand=beendet") == ["Petra Plan"]
    assert names(browser, "?stand=geschlossen") == ["Hanna Reuter"]


def test_every_account_is_in_exactly_one_state(signed_in, administration, planung, leitung, fremd, eingeladen):
    close_konto(konto=leitung, by=administration)
    browser = signed_in(administration)
    found = [name for stand in ("offen", "eingeladen", "beendet", "geschlossen") for name in names(browser, f"?stand={stand}")]
    assert sorted(found) == sorted(names(browser))


def test_nothing_found_says_so_and_leads_on(signed_in, administration):
    page = Page(signed_in(administration).get(PAGE + "?q=niemand").content)
    assert "Kein Konto gefunden" in page.classed("leer")[0].text
    assert PAGE in page.links()


def test_nonsense_in_the_address_breaks_nothing(signed_in, administration):
    assert signed_in(administration).get(PAGE + "?rolle=system&stand=x&q=%00&seite=999").status_code in (200, 404)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_number_of_queries_does_not_grow(signed_in, administration, person, django_assert_num_queries, rows):
    for number in range(rows):
        person(f"Person {number}")
    browser = signed_in(administration)
    with django_assert_num_queries(4):  # session, user, count, page
        browser.get(PAGE)
