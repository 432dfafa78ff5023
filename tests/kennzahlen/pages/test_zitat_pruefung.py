from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from jobcenter.presse.actions import create_pressemitteilung
from jobcenter.presse.models import Pressemitteilung
from kennzahlen.actions import cite_messwert
from kennzahlen.enums import Einheit, Quellenart, Wiedergabe
from kennzahlen.models import Quelle, Zitat
from tests.massnahmen.conftest import sent_by


@pytest.fixture
def quote(messwert, eigenes):
    quelle = Quelle.objects.create(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter", titel="Controlling")
    month = {"von": date(2026, 7, 1), "bis": date(2026, 7, 31), "stand": date(2026, 11, 20)}
    return messwert("quote", 265, nenner=1000, einheit=Einheit.PROZENT, jobcenter=eigenes, quelle=quelle, **month)


@pytest.fixture
def mitteilung(presse) -> Pressemitteilung:
    text = "Im Juli 2026 lag die Quote bei 26,5 %, nicht bei 27,5 %.\n\n<b>Mehr</b> am 3. Mai."
    return create_pressemitteilung(titel="Die Quote", vorspann="Ein Bericht.", text=text, by=presse)


@pytest.fixture
def page(mitteilung) -> str:
    return reverse("kennzahlen:zitat-pruefung", args=["presse.pressemitteilung", mitteilung.pk])


def test_the_text_stands_there_with_its_figures_marked(signed_in, presse, mitteilung, page, quote):
    cite_messwert(objekt=mitteilung, text="27,5 %", messwert=quote, by=presse)
    shown = signed_in(presse).get(page)
    assertContains(shown, "Im Text stehen 2&nbsp;verschiedene Zahlen.")
    assertContains(shown, 'class="zahl zahl--offen" href="#zahl-1">26,5 %')
    assertContains(shown, 'class="zahl zahl--weicht_ab" href="#zahl-2">27,5 %')
    assertContains(shown, "nicht belegt, Zahl")
    assertContains(shown, "der Wert ist 26,5\u00a0%")
    assertContains(shown, "Ein Wert würde genau so geschrieben: Name von quote, Juli\u00a02026: 26,5\u00a0%")
    assertContains(shown, "&lt;b&gt;Mehr&lt;/b&gt; am 3. Mai.")


def test_a_candidate_is_tied_with_one_choice(signed_in, planung, page, quote):
    browser = signed_in(planung)
    sent = sent_by(browser.get(page, {"zahl": "1"}), page)
    assert sent["text"] == ["26,5 %"]
    response = browser.post(page, sent)
    assertRedirects(response, f"{page}#zahlen")
    zitat = Zitat.objects.get()
    assert (zitat.text, zitat.kennzahl, zitat.von_person, zitat.wiedergabe) == ("26,5 %", quote.kennzahl, planung, Wiedergabe.WERT)
    assertContains(browser.get(page), "zahl--stimmt")


def test_a_value_is_chosen_by_hand(signed_in, presse, page, quote):
    browser = signed_in(presse)
    given = {"text": "27,5 %", "kandidat": "hand", "kennzahl": quote.kennzahl_id, "monat": "2026-07", "genauigkeit": "genau"}
    assert browser.post(page, given | {"geschlecht": "I", "wiedergabe": "zaehler"}).status_code == 302
    zitat = Zitat.objects.get()
    assert (zitat.bis, zitat.wiedergabe) == (date(2026, 7, 31), Wiedergabe.ZAEHLER)
    sent = sent_by(browser.get(page, {"zahl": "2"}), page)  # opened again it says what was chosen
    assert (sent["kandidat"], sent["monat"], sent["wiedergabe"]) == (["hand"], ["2026-07"], ["zaehler"])


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"kennzahl": ""}, "Die Kennzahl fehlt."),
        ({"monat": ""}, "Der Monat fehlt."),
        ({"monat": "2026-06"}, "keinen Wert"),
        ({"geschlecht": "F"}, "keinen Wert"),
        ({"kandidat": "1_I_2026-07-01_2026-07-31_1_wert"}, "Diese Auswahl gibt es nicht"),
        ({"kandidat": ""}, "Wählen Sie einen Wert aus."),
        ({"genauigkeit": "x"}, "Diese Auswahl gibt es nicht"),
    ],
)
def test_a_wrong_choice_is_named(signed_in, presse, page, quote, fault, sentence):
    given = {
        "text": "26,5 %",
        "kandidat": "hand",
        "kennzahl": quote.kennzahl_id,
        "monat": "2026-07",
        "geschlecht": "I",
        "genauigkeit": "genau",
    }
    assertContains(signed_in(presse).post(page, given | fault), sentence, status_code=422)
    assert not Zitat.objects.exists()


def test_a_figure_that_left_the_text_meanwhile_cannot_be_tied(signed_in, presse, mitteilung, page, quote):
    browser = signed_in(presse)
    sent = sent_by(browser.get(page, {"zahl": "1"}), page)
    Pressemitteilung.objects.filter(pk=mitteilung.pk).update(text="Ohne Zahlen.")
    assertContains(browser.post(page, sent), "steht nicht mehr im gespeicherten Text", status_code=409)
    assertContains(browser.get(page), "Keine Zahlen im Text")


def test_a_tie_is_loosened(signed_in, presse, fremd, mitteilung, page, quote):
    zitat = cite_messwert(objekt=mitteilung, text="26,5 %", messwert=quote, by=presse)
    button = reverse("kennzahlen:zitat-loesen", args=[zitat.pk])
    browser = signed_in(presse)
    assertContains(browser.get(page), f'action="{button}"')
    assert signed_in(fremd).post(button).status_code == 403
    assert browser.get(button).status_code == 405
    assertRedirects(browser.post(button), f"{page}#zahlen")
    assert not Zitat.objects.exists()
    assert browser.post(button).status_code == 404


def test_what_left_the_text_is_listed_to_be_loosened(signed_in, presse, mitteilung, page, quote):
    cite_messwert(objekt=mitteilung, text="26,5 %", messwert=quote, by=presse)
    Pressemitteilung.objects.filter(pk=mitteilung.pk).update(text="Die Quote ist 27,5 %.")
    assertContains(signed_in(presse).get(page), "Diese Zahlen waren verbunden und stehen nicht mehr da.")


def test_who_sees_what(client, signed_in, controlling, geschaeftsstelle, fremd, page, programm):
    assert client.get(page).status_code == 302
    for user in (geschaeftsstelle, fremd):
        assert signed_in(user).get(page).status_code == 403
        assert signed_in(user).post(page, {"text": "26,5 %"}).status_code == 403
    browser = signed_in(controlling)
    kapitel = programm.kapitel.get(nummer=2)
    assertContains(browser.get(reverse("kennzahlen:zitat-pruefung", args=["massnahmen.kapitel", kapitel.pk])), "Keine Zahlen im Text")
    for art, pk in (("presse.pressemitteilung", 999_999), ("konten.user", 1), ("unsinn", 1)):
        assert browser.get(reverse("kennzahlen:zitat-pruefung", args=[art, pk])).status_code == 404


def test_the_way_there_from_press_release_and_chapter(signed_in, presse, planung, geschaeftsstelle, mitteilung, page, programm):
    editor = reverse("presse:pressemitteilung-bearbeiten", args=[mitteilung.pk])
    assertContains(signed_in(presse).get(editor), f'href="{page}"')
    assertNotContains(signed_in(geschaeftsstelle).get(editor), page)
    kapitel = programm.kapitel.get(nummer=2)
    there = reverse("kennzahlen:zitat-pruefung", args=["massnahmen.kapitel", kapitel.pk])
    for name in ("kapitel-bearbeiten", "kapitel-verlauf"):
        assertContains(signed_in(planung).get(reverse(f"massnahmen:{name}", args=[programm.jahr, 2])), f'href="{there}"')


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_a_fixed_number_of_queries(signed_in, presse, quote, django_assert_num_queries, anzahl):
    words = [f"{20 + n},5 %" for n in range(anzahl)]
    mitteilung = create_pressemitteilung(titel="Viele", vorspann="Kurz.", text=" und ".join([*words, "99,9 %"]), by=presse)
    for text in words:
        cite_messwert(objekt=mitteilung, text=text, messwert=quote, by=presse)
    page, browser = reverse("kennzahlen:zitat-pruefung", args=["presse.pressemitteilung", mitteilung.pk]), signed_in(presse)
    browser.get(page)
    with django_assert_num_queries(9):  # session, account; the text; ties, values, withdrawn; end, Vorrang, own values
        browser.get(page)
