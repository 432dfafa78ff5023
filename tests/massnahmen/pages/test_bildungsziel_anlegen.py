import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.models import Arbeitsmarktprogramm, Bildungsziel
from tests.massnahmen.conftest import sent_by
from tests.massnahmen.pages.test_bildungsziel_liste import NEU, PAGE, plan_line

SENT = {
    "berufsfeld": "Pflege",
    "bildungsziel": "Pflegefachfrau",
    "abschlussart": "umschulung",
    "gutscheine_q1": "1.200",
    "budget_cent": "7,5",
}


def test_a_line_gets_into_the_plan(signed_in, planung, programm24):
    browser = signed_in(planung)
    values = sent_by(browser.get(NEU), NEU)
    response = browser.post(NEU, values | SENT, follow=True)
    assertRedirects(response, PAGE)
    assertContains(response, "„Pflegefachfrau“ steht jetzt im Plan 2024.")
    row = Bildungsziel.objects.get()
    assert (row.gutscheine_q1, row.gutscheine_q2, row.budget_cent, row.dauer_monate, row.version) == (1200, 0, 750, None, 1)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("berufsfeld", " ", "Das Berufsfeld fehlt."),
        ("bildungsziel", "", "Das Bildungsziel fehlt."),
        ("abschlussart", "", "Die Art fehlt."),
        ("abschlussart", "studium", "Diese Art gibt es nicht."),
        ("gutscheine_q1", "viele", "1. Quartal: Das ist keine ganze Zahl."),
        ("gutscheine_q2", "10.001", "2. Quartal: Das sind zu viele. Erlaubt sind höchstens 10.000."),
        ("gutscheine_q3", "-1", "3. Quartal: Die Zahl kann nicht kleiner als 0 sein."),
        ("dauer_monate", "0", "mindestens einen Monat"),
        ("dauer_monate", "61", "höchstens 60 Monate"),
        ("budget_cent", "100.000.001", "Möglich sind höchstens 100.000.000\u00a0€."),
    ],
)
def test_wrong_input_is_refused_with_a_sentence_and_kept(signed_in, planung, programm24, field, value, sentence):
    page = signed_in(planung).post(NEU, SENT | {field: value})
    assertContains(page, sentence, status_code=422)
    assert list(page.context["form"].errors) == [field]
    if field != "abschlussart":
        assert sent_by(page, NEU)[field] == [value]
    assert not Bildungsziel.objects.exists()


def test_the_same_line_twice_is_refused_and_nothing_is_lost(signed_in, planung, programm24):
    plan_line(programm24, planung)
    page = signed_in(planung).post(NEU, SENT | {"hinweis": "Neu"})
    assertContains(page, "„Pflegefachfrau“ steht mit dieser Art schon im Plan.", status_code=409)
    assert sent_by(page, NEU)["hinweis"] == ["Neu"]
    assert Bildungsziel.objects.count() == 1


def test_a_year_after_2024_has_no_plan(signed_in, planung, programm):
    neu = reverse("massnahmen:bildungsziel-anlegen", args=[2027])
    for answer in (signed_in(planung).get(neu), signed_in(planung).post(neu, SENT)):
        assertContains(answer, "Seit 2025 plant die Agentur für Arbeit die Bildungsziele.", status_code=409)
    assert not Bildungsziel.objects.exists()


def test_closed_to_others_and_after_the_submission(client, signed_in, planung, leitung, fremd, programm24):
    assert client.get(NEU).status_code == 302
    for account in (leitung, fremd):
        assert signed_in(account).get(NEU).status_code == 403
        assert signed_in(account).post(NEU, SENT).status_code == 403
    Arbeitsmarktprogramm.objects.update(status="beim_beirat")
    page = signed_in(planung).post(NEU, SENT)
    assertContains(page, "kann jetzt nicht geändert werden", status_code=409)
    assert sent_by(page, NEU)["bildungsziel"] == ["Pflegefachfrau"]
