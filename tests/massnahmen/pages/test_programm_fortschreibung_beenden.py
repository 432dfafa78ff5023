import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from jobcenter.common import clock
from massnahmen.actions import begin_fortschreibung, close_programm
from massnahmen.models import Arbeitsmarktprogramm

PAGE = reverse("massnahmen:programm-fortschreibung-beenden", args=[2027])
PROGRAMM = reverse("massnahmen:programm-intern-detail", args=[2027])


@pytest.fixture
def wird_fortgeschrieben(veroeffentlichung, leitung) -> Arbeitsmarktprogramm:
    return begin_fortschreibung(programm=veroeffentlichung.fassung.programm, grund="Der Bund hat gekürzt.", by=leitung)


def test_given_up_with_the_reason_the_published_fassung_goes_on(signed_in, leitung, wird_fortgeschrieben):
    browser = signed_in(leitung)
    assertContains(browser.get(PROGRAMM), PAGE)
    assertContains(browser.get(PAGE), "Warum wird das Programm nicht weiter fortgeschrieben?")
    assertContains(browser.post(PAGE, {"grund": " "}), "warum die Fortschreibung endet", status_code=422)
    assertRedirects(browser.post(PAGE, {"grund": "Die Kürzung ist vom Tisch."}), PROGRAMM)
    assert Arbeitsmarktprogramm.objects.get().status == "veroeffentlicht"
    assertContains(browser.get(PROGRAMM), "Die Kürzung ist vom Tisch.")
    assertContains(browser.post(PAGE, {"grund": "Noch einmal."}), "wird gerade nicht fortgeschrieben", status_code=409)


def test_so_that_the_programme_can_be_closed_after_its_year(signed_in, leitung, wird_fortgeschrieben):
    signed_in(leitung).post(PAGE, {"grund": "Das Jahr ist um."})
    with clock.moved_to(clock.now().replace(year=2028)):
        assert close_programm(programm=wird_fortgeschrieben, by=leitung).status == "abgeschlossen"


def test_closed_to_others(client, signed_in, planung, bca, geschaeftsstelle, fremd, wird_fortgeschrieben):
    assert client.get(PAGE).status_code == 302
    for account in (planung, bca, geschaeftsstelle, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"grund": "x"}).status_code == 403
    assert Arbeitsmarktprogramm.objects.get().status == "fortschreibung"
