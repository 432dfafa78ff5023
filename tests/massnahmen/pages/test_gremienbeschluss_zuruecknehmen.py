import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import publish_programm, withdraw_gremienbeschluss
from massnahmen.models import Arbeitsmarktprogramm, Gremienbeschluss
from tests.html import Page

FASSUNG = reverse("massnahmen:fassung-detail", args=[2027, 1])


def page_of(beschluss: Gremienbeschluss) -> str:
    return reverse("massnahmen:gremienbeschluss-zuruecknehmen", args=[2027, 1, beschluss.pk])


@pytest.fixture
def entered(fassung, advise, decide) -> Gremienbeschluss:
    advise(fassung)
    return decide(fassung)


def test_a_wrong_entry_is_taken_back_with_its_reason(signed_in, geschaeftsstelle, entered):
    browser = signed_in(geschaeftsstelle)
    assert page_of(entered) in Page(browser.get(FASSUNG).content).links()
    assertContains(browser.get(page_of(entered)), "kann nicht veröffentlicht werden")
    assertContains(browser.post(page_of(entered), {"grund": " "}), "Der Grund fehlt.", status_code=422)
    assertRedirects(browser.post(page_of(entered), {"grund": "Falsche Vorlage."}), f"{FASSUNG}#gremien")
    assert Arbeitsmarktprogramm.objects.get().status == "beraten"
    page = browser.get(FASSUNG)
    assertContains(page, "Grund: Falsche Vorlage.")
    assertNotContains(page, page_of(entered))


def test_the_second_of_two_people_gets_a_sentence(signed_in, leitung, entered):
    withdraw_gremienbeschluss(beschluss=entered, grund="Falsch.", by=leitung)
    for answer in (signed_in(leitung).get(page_of(entered)), signed_in(leitung).post(page_of(entered), {"grund": "Auch falsch."})):
        assertContains(answer, "schon zurückgenommen", status_code=409)
    assert Gremienbeschluss.objects.get().rueckgrund == "Falsch."


def test_once_public_it_stays(signed_in, leitung, entered, fassung):
    publish_programm(beratung=fassung.beratung, by=leitung)
    assertNotContains(signed_in(leitung).get(FASSUNG), "Eintrag zurücknehmen")
    for answer in (signed_in(leitung).get(page_of(entered)), signed_in(leitung).post(page_of(entered), {"grund": "Zu spät."})):
        assertContains(answer, "bleibt, wie er ist", status_code=409)


def test_closed_to_others_and_404_for_what_is_not_there(client, signed_in, planung, bca, fremd, leitung, entered):
    assert client.get(page_of(entered)).status_code == 302
    for account in (planung, bca, fremd):
        assert signed_in(account).get(page_of(entered)).status_code == 403
        assert signed_in(account).post(page_of(entered), {"grund": "x"}).status_code == 403
    assert signed_in(leitung).get(reverse("massnahmen:gremienbeschluss-zuruecknehmen", args=[2027, 1, entered.pk + 1])).status_code == 404
    assert Gremienbeschluss.objects.get().zurueckgenommen_am is None
