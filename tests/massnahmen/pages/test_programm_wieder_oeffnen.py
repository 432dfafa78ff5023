import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import begin_fortschreibung, reopen_programm
from massnahmen.models import Arbeitsmarktprogramm

PAGE = reverse("massnahmen:programm-wieder-oeffnen", args=[2027])
PROGRAMM = reverse("massnahmen:programm-intern-detail", args=[2027])
SENTENCES = {
    "heard": "Das Programm liegt bei der BCA.",
    "fassung": "Wenn Sie es zurückholen, kann der Beirat nicht mehr über diese Fassung abstimmen.",
    "beschluss": "und der Beirat berät erneut.",
    "decided": "und der Beirat berät erneut.",
}


@pytest.fixture
def heard(position, hear_bca):
    return hear_bca(position.programm)


@pytest.fixture
def decided(beschluss, decide):
    return decide(beschluss.fassung)


@pytest.mark.parametrize(("state", "sentence"), SENTENCES.items())
def test_it_asks_once_more_and_for_the_reason(signed_in, leitung, request, state, sentence):
    request.getfixturevalue(state)
    browser = signed_in(leitung)
    before = Arbeitsmarktprogramm.objects.get()
    assertContains(browser.get(PAGE), sentence)
    assertContains(browser.post(PAGE, {"grund": "\u200b"}), "Der Grund fehlt.", status_code=422)
    assert Arbeitsmarktprogramm.objects.get().status == before.status
    assertRedirects(browser.post(PAGE, {"grund": "Ein Fehler in Kapitel 3."}), PROGRAMM)
    after = Arbeitsmarktprogramm.objects.get()
    assert (after.status, after.fassungen.count()) == ("entwurf", 1)
    assertContains(browser.get(PROGRAMM), "Ein Fehler in Kapitel 3.")


def test_what_is_public_is_continued_and_not_reopened(signed_in, leitung, veroeffentlichung):
    for answer in (signed_in(leitung).get(PAGE), signed_in(leitung).post(PAGE, {"grund": "x"})):
        assertContains(answer, "schreiben Sie es fort", status_code=409)
    assert Arbeitsmarktprogramm.objects.get().status == "veroeffentlicht"


def test_a_fortschreibung_taken_back_stays_one(signed_in, leitung, veroeffentlichung, submit):
    programm = begin_fortschreibung(programm=veroeffentlichung.fassung.programm, grund="Gekürzt.", by=leitung)
    programm.zusammenfassung = "Anders"
    programm.save()
    submit(programm)
    signed_in(leitung).post(PAGE, {"grund": "Noch etwas."})
    assert Arbeitsmarktprogramm.objects.get().status == "fortschreibung"


def test_the_second_of_two_people_gets_a_sentence(signed_in, leitung, fassung):
    reopen_programm(programm=fassung.programm, grund="Zuerst.", by=leitung)
    for answer in (signed_in(leitung).get(PAGE), signed_in(leitung).post(PAGE, {"grund": "Ich auch."})):
        assertContains(answer, "kann jetzt nicht wieder geöffnet werden", status_code=409)


def test_while_members_vote_nobody_takes_it_away(signed_in, leitung, abstimmung):
    assert signed_in(leitung).post(PAGE, {"grund": "Halt!"}).status_code == 409
    assert Arbeitsmarktprogramm.objects.get().status == "abstimmung"


def test_closed_to_others(client, signed_in, planung, bca, fremd, fassung):
    assert client.post(PAGE).status_code == 302
    for account in (planung, bca, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"grund": "x"}).status_code == 403
    assert Arbeitsmarktprogramm.objects.get().status == "beim_beirat"
