import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import answer_stellungnahme, begin_beteiligung
from massnahmen.enums import Umgang
from massnahmen.models import BcaStellungnahme

PAGE = reverse("massnahmen:stellungnahme-beantworten", args=[2027, 1])
FASSUNG = reverse("massnahmen:fassung-detail", args=[2027, 1])


@pytest.fixture
def said(position, hear_bca):
    return hear_bca(position.programm, antwort="")


def test_the_leitung_reads_and_answers(signed_in, leitung, said):
    browser = signed_in(leitung)
    assertContains(browser.get(PAGE), "Mehr Plätze für Alleinerziehende.")
    answer = {"umgang": "nicht", "begruendung": "Dafür fehlt das Geld."}
    assertRedirects(browser.post(PAGE, answer), f"{FASSUNG}#bca")
    stellungnahme = BcaStellungnahme.objects.get()
    assert (stellungnahme.umgang, stellungnahme.begruendung, stellungnahme.beantwortet_von) == ("nicht", "Dafür fehlt das Geld.", leitung)
    page = browser.get(FASSUNG)
    assertContains(page, "Antwort des Jobcenters: nicht gefolgt")
    assertContains(page, "Dafür fehlt das Geld.")


def test_how_and_why_are_both_wanted(signed_in, leitung, said):
    page = signed_in(leitung).post(PAGE, {"begruendung": " "})
    assertContains(page, "Wählen Sie, ob Sie der Stellungnahme folgen.", status_code=422)
    assertContains(page, "Die Antwort fehlt.", status_code=422)
    assert signed_in(leitung).post(PAGE, {"umgang": "vielleicht", "begruendung": "x"}).status_code == 422
    assert BcaStellungnahme.objects.get().beantwortet_am is None


def test_who_answers_second_gets_a_sentence_and_keeps_the_text(signed_in, leitung, said):
    browser = signed_in(leitung)
    answer_stellungnahme(stellungnahme=said.bca_stellungnahme, umgang=Umgang.GEFOLGT, begruendung="Ja.", by=leitung)
    page = browser.post(PAGE, {"umgang": "nicht", "begruendung": "Meine Antwort."})
    assertContains(page, "schon jemand geantwortet", status_code=409)
    assertContains(page, "Meine Antwort.", status_code=409)
    assertContains(browser.get(PAGE), "schon jemand geantwortet", status_code=409)
    assert BcaStellungnahme.objects.get().begruendung == "Ja."


def test_closed_to_others_and_404_where_nothing_was_said(client, signed_in, planung, bca, fremd, leitung, position):
    begin_beteiligung(programm=position.programm, by=planung)
    assert signed_in(leitung).get(PAGE).status_code == 404
    assert client.get(PAGE).status_code == 302
    for account in (planung, bca, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"umgang": "nicht", "begruendung": "x"}).status_code == 403
