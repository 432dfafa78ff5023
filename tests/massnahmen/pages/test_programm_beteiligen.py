from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import begin_beteiligung
from massnahmen.models import Arbeitsmarktprogramm, Fassung

PAGE = reverse("massnahmen:programm-beteiligen", args=[2027])
VORGELEGT = reverse("massnahmen:programm-vorgelegt", args=[2027, 1])


def test_it_says_what_follows_before_anything_is_frozen(signed_in, planung, position):
    page = signed_in(planung).get(PAGE)
    for words in ("Die BCA bekommt sofort eine Mail.", "13 Angaben sind noch offen.", "Alle anderen können weiter am Programm schreiben."):
        assertContains(page, words)
    assert not Fassung.objects.exists()


def test_planung_and_leitung_may_ask_her(signed_in, planung, leitung, position):
    assert signed_in(leitung).get(PAGE).status_code == 200
    assertRedirects(signed_in(planung).post(PAGE), VORGELEGT)
    fassung = Fassung.objects.get()
    assert (fassung.anlass, fassung.vorgelegt_von, Arbeitsmarktprogramm.objects.get().status) == ("beteiligung", planung, "beteiligung")


def test_the_second_of_two_people_gets_a_sentence(signed_in, leitung, planung, position):
    browser = signed_in(leitung)
    assert browser.get(PAGE).status_code == 200
    begin_beteiligung(programm=position.programm, by=planung)
    for answer in (browser.post(PAGE), browser.get(PAGE)):
        assertContains(answer, "kann nicht in den Stand „bei der BCA“ wechseln", status_code=409)
    assert Fassung.objects.count() == 1


def test_an_empty_programme_is_not_shown_to_her(signed_in, planung, programm):
    assertContains(signed_in(planung).post(PAGE), "hat noch keine Maßnahme", status_code=409)
    assert not Fassung.objects.exists()


def test_closed_to_others(client, signed_in, bca, geschaeftsstelle, controlling, fremd, position):
    assert client.get(PAGE).status_code == 302
    for account in (bca, geschaeftsstelle, controlling, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE).status_code == 403
    assert not Fassung.objects.exists()
