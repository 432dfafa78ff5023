from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import begin_fortschreibung
from massnahmen.models import Arbeitsmarktprogramm

PAGE = reverse("massnahmen:programm-fortschreiben", args=[2027])
PROGRAMM = reverse("massnahmen:programm-intern-detail", args=[2027])


def test_it_asks_for_the_reason_and_opens_the_programme_again(client, signed_in, leitung, veroeffentlichung):
    browser = signed_in(leitung)
    assertContains(browser.get(PAGE), "Das Programm ist öffentlich und bleibt es.")
    assertContains(browser.post(PAGE, {"grund": " "}), "Der Grund fehlt.", status_code=422)
    assert Arbeitsmarktprogramm.objects.get().status == "veroeffentlicht"
    assertRedirects(browser.post(PAGE, {"grund": "Der Bund hat gekürzt."}), PROGRAMM)
    assert Arbeitsmarktprogramm.objects.get().status == "fortschreibung"
    assertContains(browser.get(PROGRAMM), "Der Bund hat gekürzt.")
    assertContains(client.get(reverse("massnahmen:programm-detail", args=[2027])), veroeffentlichung.fassung.pruefsumme)


def test_the_second_of_two_people_gets_a_sentence(signed_in, leitung, veroeffentlichung):
    browser = signed_in(leitung)
    begin_fortschreibung(programm=veroeffentlichung.fassung.programm, grund="Zuerst.", by=leitung)
    assertContains(browser.get(PAGE), "nur, was veröffentlicht ist", status_code=409)
    assertContains(browser.post(PAGE, {"grund": "Ich auch."}), "nur, was veröffentlicht ist", status_code=409)
    assert list(Arbeitsmarktprogramm.objects.get().schritte.exclude(grund="").values_list("grund", flat=True))[-1] == "Zuerst."


def test_what_is_not_public_is_not_continued(signed_in, leitung, fassung):
    assert signed_in(leitung).get(PAGE).status_code == 409
    assert signed_in(leitung).post(PAGE, {"grund": "x"}).status_code == 409
    assert Arbeitsmarktprogramm.objects.get().status == "beim_beirat"


def test_closed_to_others(client, signed_in, planung, bca, geschaeftsstelle, fremd, veroeffentlichung):
    assert client.get(PAGE).status_code == 302
    for account in (planung, bca, geschaeftsstelle, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"grund": "x"}).status_code == 403
    assert Arbeitsmarktprogramm.objects.get().status == "veroeffentlicht"
