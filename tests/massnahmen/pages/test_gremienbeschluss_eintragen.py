from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from jobcenter.common import clock
from massnahmen.models import Arbeitsmarktprogramm, Gremienbeschluss
from tests.html import Page
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:gremienbeschluss-eintragen", args=[2027, 1])
FASSUNG = reverse("massnahmen:fassung-detail", args=[2027, 1])


def entry(**fields: str) -> dict[str, str]:
    return {"gremium": "Kreistag", "am": clock.today().isoformat(), "ergebnis": "beschlossen", "nummer": "KT 9/2026"} | fields


@pytest.fixture
def advised(fassung, advise):
    advise(fassung)
    return fassung


def test_the_geschaeftsstelle_enters_what_was_decided(signed_in, geschaeftsstelle, advised):
    browser = signed_in(geschaeftsstelle)
    assert sent_by(browser.get(PAGE), PAGE)["gremium"] == ["Ausschuss für Arbeit und Soziales"]  # whose turn it is
    committee = entry(gremium="Ausschuss für Arbeit und Soziales", nummer="AAS 4/2026", ja="11", nein="1", enthaltung="0")
    assertRedirects(browser.post(PAGE, committee), f"{FASSUNG}#gremien")
    assert Arbeitsmarktprogramm.objects.get().status == "beraten"
    assert sent_by(browser.get(PAGE), PAGE)["gremium"] == ["Kreistag"]
    assertRedirects(browser.post(PAGE, entry()), f"{FASSUNG}#gremien")
    assert Arbeitsmarktprogramm.objects.get().status == "beschlossen"
    assert list(Gremienbeschluss.objects.values_list("gremium", "ja", "nein", "enthaltung", "entscheidend").order_by("pk")) == [
        ("Ausschuss für Arbeit und Soziales", 11, 1, 0, False),
        ("Kreistag", None, None, None, True),
    ]
    text = Page(browser.get(FASSUNG).content).one("main").text.replace("\xa0", " ")
    assert "Vorlage AAS 4/2026, 11 Ja, 1 Nein, 0 Enthaltungen" in text
    assert "Kreistag: beschlossen" in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"gremium": "Gemeinderat"}, "Dieses Gremium entscheidet hier nicht."),
        ({"am": ""}, "Der Tag der Sitzung fehlt."),
        ({"am": "31.02.2026"}, "Dieses Datum gibt es nicht"),
        ({"am": (clock.today() + timedelta(days=1)).isoformat()}, "Dieser Tag ist noch nicht gewesen."),
        ({"am": "2020-01-01"}, "Das Gremium entscheidet danach."),
        ({"ergebnis": "vielleicht"}, "Dieses Ergebnis gibt es nicht."),
        ({"nummer": " "}, "Die Nummer der Vorlage fehlt."),
        ({"ja": "12"}, "alle drei Stimmenzahlen ein oder keine"),
        ({"ja": "5", "nein": "5", "enthaltung": "0"}, "mehr Ja- als Nein-Stimmen"),
        ({"ja": "-1", "nein": "0", "enthaltung": "0"}, "kann nicht kleiner als 0 sein"),
        ({"ja": "viele", "nein": "0", "enthaltung": "0"}, "Das ist keine ganze Zahl"),
        ({"ja": "99999999", "nein": "0", "enthaltung": "0"}, "Das sind zu viele."),
    ],
)
def test_bad_input_gets_a_sentence_and_enters_nothing(signed_in, leitung, advised, fields, sentence):
    assertContains(signed_in(leitung).post(PAGE, entry(**fields)), sentence, status_code=422)
    assert not Gremienbeschluss.objects.exists()


def test_a_rejection_with_a_majority_against_is_entered(signed_in, leitung, advised):
    signed_in(leitung).post(PAGE, entry(ergebnis="abgelehnt", ja="3", nein="40", enthaltung="2"))
    assert Gremienbeschluss.objects.get().ergebnis == "abgelehnt"
    assert Arbeitsmarktprogramm.objects.get().status == "beraten"


def test_the_second_of_two_people_gets_a_sentence(signed_in, leitung, advised, decide):
    browser = signed_in(leitung)
    decide(advised, gremium="Ausschuss für Arbeit und Soziales")
    page = browser.post(PAGE, entry(gremium="Ausschuss für Arbeit und Soziales"))
    assertContains(page, "schon ein Ergebnis eingetragen", status_code=409)
    assertContains(page, "KT 9/2026", status_code=409)  # what was typed is still there
    decide(advised)
    for answer in (browser.get(PAGE), browser.post(PAGE, entry())):
        assertContains(answer, "im Stand „beschlossen“", status_code=409)
    assert Gremienbeschluss.objects.count() == 2


def test_before_the_advice_there_is_nothing_to_decide(signed_in, leitung, fassung):
    for answer in (signed_in(leitung).get(PAGE), signed_in(leitung).post(PAGE, entry())):
        assertContains(answer, "noch nicht beraten", status_code=409)


def test_closed_to_others(client, signed_in, planung, bca, presse, fremd, mitglied, leitung, advised):
    assert client.get(PAGE).status_code == 302
    for account in (planung, bca, presse, fremd, mitglied.konto):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, entry()).status_code == 403
    assert signed_in(leitung).get(reverse("massnahmen:gremienbeschluss-eintragen", args=[2027, 2])).status_code == 404
    assert not Gremienbeschluss.objects.exists()
