import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from kennzahlen.models import Zielwert
from massnahmen.models import Programmziel
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:ziel-anlegen", args=[2027])
DETAIL = f"{reverse('massnahmen:programm-intern-detail', args=[2027])}#ziele"
SATZ = "Mehr Menschen kommen in Arbeit."


def test_a_goal_gets_into_the_draft_with_the_next_number(signed_in, planung, programm, zielwert, handlungsfeld):
    browser = signed_in(planung)
    values = sent_by(browser.get(PAGE), PAGE)
    given = values | {"text": f" {SATZ}\r\n", "zielwert": zielwert.pk, "handlungsfeld": handlungsfeld.pk}
    response = browser.post(PAGE, given, follow=True)
    assertRedirects(response, DETAIL)
    assertContains(response, "Ziel 1 steht jetzt im Entwurf 2027.")
    browser.post(PAGE, {"text": "Und noch eins."})
    assert list(programm.ziele.values_list("nummer", "text", "zielwert", "handlungsfeld")) == [
        (1, SATZ, zielwert.pk, handlungsfeld.pk),
        (2, "Und noch eins.", None, None),
    ]


def test_only_our_own_zielwerte_of_the_year_can_be_chosen_and_read_as_a_sentence(signed_in, planung, programm, zielwert):
    page = signed_in(planung).get(PAGE)
    assertContains(page, "Integrationsquote (K2): mindestens 27,0\u00a0%")
    assertNotContains(page, "25,0")
    assertNotContains(page, "26,0")
    wrong = Zielwert.objects.get(jahr=2026)
    refused = signed_in(planung).post(PAGE, {"text": SATZ, "zielwert": wrong.pk})
    assertContains(refused, "Diesen Zielwert gibt es für dieses Jahr nicht.", status_code=422)
    assert sent_by(refused, PAGE)["text"] == [SATZ]
    assert not Programmziel.objects.exists()


def test_without_any_zielwert_the_page_says_why_and_who_helps(signed_in, planung, person, programm):
    page = signed_in(planung).get(PAGE)
    assertContains(page, "Für 2027 ist noch kein Zielwert eingetragen. Das Controlling trägt ihn ein")
    assertNotContains(page, reverse("kennzahlen:ziel-neu"))
    both = signed_in(person("Berta Beides", "planung", "controlling")).get(PAGE)
    assertContains(both, f'href="{reverse("kennzahlen:ziel-neu")}"')
    assert signed_in(planung).post(PAGE, {"text": SATZ}).status_code == 302


@pytest.mark.parametrize(("text", "sentence"), [(" ", "Das Ziel fehlt."), ("x" * 301, "Erlaubt sind 300 Zeichen, es sind 301.")])
def test_wrong_input_is_refused_and_kept(signed_in, planung, programm, text, sentence):
    page = signed_in(planung).post(PAGE, {"text": text})
    assertContains(page, sentence, status_code=422)
    assertContains(page, "<title>Fehler: ", status_code=422)
    assert sent_by(page, PAGE)["text"] == [text]


def test_the_same_form_sent_twice_creates_one_goal(signed_in, planung, programm):
    browser = signed_in(planung)
    key = browser.get(PAGE).context["form"].einmal
    for _ in range(2):
        assert browser.post(PAGE, {"text": SATZ, "einmal": key}).status_code == 302
    assert Programmziel.objects.count() == 1


def test_a_draft_submitted_meanwhile_loses_no_word(signed_in, planung, fassung):
    page = signed_in(planung).post(PAGE, {"text": SATZ})
    assertContains(page, "kann jetzt nicht geändert werden", status_code=409)
    assert sent_by(page, PAGE)["text"] == [SATZ]
    assertContains(signed_in(planung).get(PAGE), "kann jetzt nicht geändert werden", status_code=409)


def test_closed_to_others(client, signed_in, leitung, fremd, mitglied, programm):
    assert client.get(PAGE).status_code == 302
    for account in (leitung, fremd, mitglied.konto):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"text": SATZ}).status_code == 403
    assert not Programmziel.objects.exists()
