import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.models import Arbeitsmarktprogramm

PAGE = reverse("massnahmen:programm-wieder-oeffnen", args=[2027])
SENTENCES = {
    "fassung": "Wenn Sie es zurückholen, kann der Beirat nicht mehr über diese Fassung abstimmen.",
    "beschluss": "entsteht eine neue Fassung, und der Beirat berät erneut.",
    "veroeffentlichung": "Das Programm ist öffentlich und bleibt es.",
}


@pytest.mark.parametrize(("state", "sentence"), SENTENCES.items())
def test_it_asks_once_more_and_says_what_follows(signed_in, leitung, request, state, sentence):
    request.getfixturevalue(state)
    browser = signed_in(leitung)
    assertContains(browser.get(PAGE), sentence)
    assert Arbeitsmarktprogramm.objects.get().status != "entwurf"
    assertRedirects(browser.post(PAGE), reverse("massnahmen:programm-intern-detail", args=[2027]))
    assert Arbeitsmarktprogramm.objects.get().status == "entwurf"
    assert Arbeitsmarktprogramm.objects.get().fassungen.count() == 1


def test_what_is_public_stays_public(client, signed_in, leitung, veroeffentlichung):
    signed_in(leitung).post(PAGE)
    assertContains(client.get(reverse("massnahmen:programm-detail", args=[2027])), veroeffentlichung.fassung.pruefsumme)


def test_a_draft_cannot_be_reopened(signed_in, leitung, position):
    assert signed_in(leitung).get(PAGE).status_code == 409
    assert signed_in(leitung).post(PAGE).status_code == 409


def test_closed_to_others(client, signed_in, planung, fremd, fassung):
    assert client.post(PAGE).status_code == 302
    for account in (planung, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE).status_code == 403
    assert Arbeitsmarktprogramm.objects.get().status == "beim_beirat"
