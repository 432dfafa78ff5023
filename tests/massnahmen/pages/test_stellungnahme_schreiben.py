import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from jobcenter.common.models import Zwischenstand
from massnahmen.actions import begin_beteiligung, reopen_programm, write_stellungnahme
from massnahmen.models import BcaStellungnahme
from tests.html import Page
from tests.massnahmen.verfaelschen import falsify

PAGE = reverse("massnahmen:stellungnahme-schreiben", args=[2027, 1])
FASSUNG = reverse("massnahmen:fassung-detail", args=[2027, 1])


@pytest.fixture
def asked(position, planung):
    return begin_beteiligung(programm=position.programm, by=planung)


def test_she_reads_what_was_frozen_and_speaks(signed_in, bca, asked):
    browser = signed_in(bca)
    page = browser.get(PAGE)
    assert FASSUNG in Page(page.content).links()
    assert browser.get(FASSUNG).status_code == 200
    assertRedirects(browser.post(PAGE, {"text": " Mehr Plätze am Vormittag. "}), f"{FASSUNG}#bca")
    stellungnahme = BcaStellungnahme.objects.get()
    assert (stellungnahme.text, stellungnahme.von, stellungnahme.fassung) == ("Mehr Plätze am Vormittag.", bca, asked)
    assertContains(browser.get(FASSUNG), "Mehr Plätze am Vormittag.")


def test_the_second_time_she_sees_what_is_new_since_the_first(signed_in, bca, leitung, planung, position, hear_bca):
    first = hear_bca(position.programm)
    assertNotContains(signed_in(bca).get(FASSUNG), "Stellung nehmen</span>")
    programm = reopen_programm(programm=first.programm, grund="Noch etwas.", by=leitung)
    begin_beteiligung(programm=programm, by=planung)
    page = signed_in(bca).get(reverse("massnahmen:stellungnahme-schreiben", args=[2027, 2]))
    assertContains(page, "Was ist neu seit Fassung&nbsp;1?")
    assertContains(page, reverse("massnahmen:fassung-vergleich", args=[2027]) + "?von=1&amp;bis=2")


def test_saying_nothing_comes_back_with_a_sentence(signed_in, bca, asked):
    assertContains(signed_in(bca).post(PAGE, {"text": "  "}), "Die Stellungnahme ist leer.", status_code=422)
    assert not BcaStellungnahme.objects.exists()


def test_who_comes_second_keeps_what_was_typed(signed_in, person, bca, asked):
    browser = signed_in(bca)
    write_stellungnahme(fassung=asked, text="Die erste.", by=bca)
    page = browser.post(PAGE, {"text": "Meine lange zweite."})
    assertContains(page, "gibt es schon eine Stellungnahme", status_code=409)
    assertContains(page, "Meine lange zweite.", status_code=409)
    assert Zwischenstand.objects.get().felder["text"] == ["Meine lange zweite."]
    assertContains(browser.get(PAGE), "gibt es schon eine Stellungnahme", status_code=409)


def test_what_was_written_for_the_beirat_is_not_hers(signed_in, bca, fassung):
    assertContains(signed_in(bca).get(PAGE), "wurde nicht für die BCA geschrieben", status_code=409)
    assertContains(signed_in(bca).post(PAGE, {"text": "x"}), "wurde nicht für die BCA geschrieben", status_code=409)


def test_a_text_changed_in_the_database_is_not_put_before_her(signed_in, bca, asked):
    falsify(asked, "Neuer Start", "Alter Start")
    page = signed_in(bca).get(PAGE)
    assertContains(page, "Dieser Text wurde verändert.")
    assertNotContains(page, "Stellungnahme abgeben")


def test_closed_to_others(client, signed_in, planung, leitung, controlling, fremd, mitglied, bca, asked):
    assert client.get(PAGE).status_code == 302
    for account in (planung, leitung, controlling, fremd, mitglied.konto):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, {"text": "x"}).status_code == 403
    assert signed_in(bca).get(reverse("massnahmen:stellungnahme-schreiben", args=[2027, 2])).status_code == 404
    assert not BcaStellungnahme.objects.exists()
