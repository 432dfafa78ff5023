from datetime import datetime

from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import close_programm
from massnahmen.models import Arbeitsmarktprogramm

PAGE = reverse("massnahmen:programm-abschliessen", args=[2027])
PROGRAMM = reverse("massnahmen:programm-intern-detail", args=[2027])
NEW_YEAR = datetime.fromisoformat("2028-01-01T00:00")


def test_before_the_year_is_over_it_says_from_when(signed_in, leitung, veroeffentlichung, at):
    at(datetime.fromisoformat("2027-12-31T23:59"))
    browser = signed_in(leitung)
    for answer in (browser.get(PAGE), browser.post(PAGE, {"grund": ""})):
        assertContains(answer, "Abschließen können Sie das Programm ab dem 1.\xa0Januar.", status_code=409)
    assertNotContains(browser.get(PROGRAMM), PAGE)


def test_afterwards_it_ends_the_programme_and_it_stays_public(client, signed_in, leitung, veroeffentlichung, at):
    at(NEW_YEAR)
    browser = signed_in(leitung)
    assertContains(browser.get(PROGRAMM), PAGE)
    assertContains(browser.get(PAGE), "auch später nicht")
    assertRedirects(browser.post(PAGE, {"grund": "Auswertung: Bericht 3/2028"}), PROGRAMM)
    assert Arbeitsmarktprogramm.objects.get().status == "abgeschlossen"
    assertContains(browser.get(PROGRAMM), "Auswertung: Bericht 3/2028")
    assertContains(client.get(reverse("massnahmen:programm-detail", args=[2027])), veroeffentlichung.fassung.pruefsumme)


def test_the_second_of_two_people_gets_a_sentence(signed_in, leitung, veroeffentlichung, at):
    at(NEW_YEAR)
    close_programm(programm=veroeffentlichung.fassung.programm, by=leitung)
    for answer in (signed_in(leitung).get(PAGE), signed_in(leitung).post(PAGE, {"grund": ""})):
        assertContains(answer, "kann nicht in den Stand „abgeschlossen“ wechseln", status_code=409)


def test_closed_to_others(client, signed_in, planung, bca, fremd, veroeffentlichung, at):
    at(NEW_YEAR)
    assert client.get(PAGE).status_code == 302
    for account in (planung, bca, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"grund": ""}).status_code == 403
    assert Arbeitsmarktprogramm.objects.get().status == "veroeffentlicht"
