from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from jobcenter.common.models import Zwischenstand
from jobcenter.konten.enums import Rolle
from massnahmen.models import Arbeitsmarktprogramm
from tests.conftest import write_kapitel
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:programm-verwerfen", args=[2027])
PROGRAMM = reverse("massnahmen:programm-intern-detail", args=[2027])
LISTE = reverse("massnahmen:programm-intern-liste")


def test_it_says_what_goes_and_lets_it_go(signed_in, planung, position):
    browser = signed_in(planung)
    assertContains(browser.get(PROGRAMM), PAGE)
    page = browser.get(PAGE)
    assertContains(page, "die leeren Kapitel")
    assertContains(page, "für 1&nbsp;Maßnahme")
    answer = browser.post(PAGE, sent_by(page, PAGE), follow=True)
    assertRedirects(answer, LISTE)
    assertContains(answer, "Das Arbeitsmarktprogramm 2027 ist verworfen. Seine Maßnahmen gibt es weiter.")
    assert not Arbeitsmarktprogramm.objects.exists()


def test_what_a_colleague_writes_meanwhile_is_seen_first(signed_in, planung, position):
    browser = signed_in(planung)
    values = sent_by(browser.get(PAGE), PAGE)
    kapitel = position.programm.kapitel.first()
    write_kapitel(kapitel=kapitel, version=kapitel.version, text="<p>Ein Satz.</p>", by=planung)
    answer = browser.post(PAGE, values)
    assertContains(answer, "Inzwischen hat jemand am Arbeitsmarktprogramm 2027 geschrieben.", status_code=409)
    assertContains(answer, "1&nbsp;Kapitel mit Text", status_code=409)
    assert browser.post(PAGE, sent_by(answer, PAGE)).status_code == 302


def test_what_was_handed_on_is_not_offered(signed_in, planung, fassung):
    browser = signed_in(planung)
    assertNotContains(browser.get(PROGRAMM), PAGE)
    assert browser.get(PAGE).status_code == 409
    refused = browser.post(PAGE, {"pruefsumme": fassung.pruefsumme})
    assertNotContains(refused, "Noch niemand hat eine Fassung", status_code=409)
    assert Arbeitsmarktprogramm.objects.exists()


def test_closed_to_others(client, signed_in, leitung, bca, fremd, position):
    assert client.get(PAGE).status_code == 302
    assertNotContains(signed_in(leitung).get(PROGRAMM), PAGE)
    for account in (leitung, bca, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"pruefsumme": "0" * 64}).status_code == 403


def test_who_still_writes_is_named_and_what_they_typed_goes_along(signed_in, person, planung, position):
    other = person("Olga Offen", Rolle.PLANUNG)
    typed = reverse("massnahmen:kapitel-bearbeiten", args=[2027, 2])
    Zwischenstand.objects.create(konto=other, seite=typed, felder={"text": ["Ein halber Satz"]})
    browser = signed_in(planung)
    page = browser.get(PAGE)
    assertContains(page, "Noch nicht gespeichert haben: Olga Offen.")
    assertNotContains(page, "halber Satz")
    assert browser.post(PAGE, sent_by(page, PAGE)).status_code == 302
    assert not Zwischenstand.objects.exists()
