"""A new Kennzahl of the house: defined once, and then it stays."""

import pytest
from django.urls import reverse

from kennzahlen.enums import Einheit, Kennzahlart, Richtung, Zeitbezug
from kennzahlen.models import Kennzahl
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = reverse("kennzahlen:eigene-neu")
GIVEN = {
    "name": "Beratungen",
    "code": "beratungen",
    "frage": "Wie oft beraten wir?",
    "definition": "Gespräche von mindestens zehn Minuten.",
    "einheit": "anzahl",
    "zeitbezug": "strom",
    "richtung": "hoeher",
    "teil_von": "",
}


def test_it_is_defined_and_asks_for_its_first_value(signed_in, controlling):
    response = signed_in(controlling).post(URL, GIVEN)
    assert response["Location"] == reverse("kennzahlen:messwert-neu", args=["beratungen"])
    kennzahl = Kennzahl.objects.get()
    assert (kennzahl.art, kennzahl.einheit, kennzahl.zeitbezug) == (Kennzahlart.EIGENE, Einheit.ANZAHL, Zeitbezug.STROM)
    assert (kennzahl.richtung, kennzahl.frage, kennzahl.nenner_teiler) == (Richtung.HOEHER, "Wie oft beraten wir?", 1)


def test_a_part_names_its_whole(signed_in, controlling, kennzahl):
    whole = kennzahl("eintritte", zeitbezug=Zeitbezug.STROM)
    signed_in(controlling).post(URL, GIVEN | {"teil_von": whole.pk})
    assert Kennzahl.objects.get(code="beratungen").teil_von == whole


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"code": "Beratungen"}, "code", "Das Kürzel beginnt mit einem kleinen Buchstaben."),
        ({"code": "elb_neu"}, "code", "Erlaubt sind a bis z, 0 bis 9 und Bindestriche."),
        ({"code": "a" * 21}, "code", "ist zu lang"),
        ({"code": "k2"}, "code", "gibt es schon. Wählen Sie ein anderes."),
        ({"definition": ""}, "definition", "Die Definition fehlt."),
        ({"name": ""}, "name", "„Name“ fehlt"),
    ],
)
def test_what_cannot_work_is_said_at_its_field(change, field, sentence, signed_in, controlling, kennzahl):
    kennzahl("K2", Einheit.PROZENT, art=Kennzahlart.KENNZAHL)
    response = signed_in(controlling).post(URL, GIVEN | change)
    assert response.status_code == 422
    assert f"#id_{field}" in Page(response.content).links()
    assert sentence in response.content.decode()
    assert Kennzahl.objects.count() == 1


def test_a_part_is_counted_like_its_whole(signed_in, controlling, kennzahl):
    bestand = kennzahl("plaetze")
    response = signed_in(controlling).post(URL, GIVEN | {"teil_von": bestand.pk})
    assert response.status_code == 422
    assert "hat dieselbe Einheit und denselben Zeitbezug" in response.content.decode()


def test_the_same_form_twice_defines_one(signed_in, controlling):
    browser = signed_in(controlling)
    einmal = Page(browser.get(URL).content).one("input", name="einmal").attrs["value"]
    first = browser.post(URL, GIVEN | {"einmal": einmal})
    second = browser.post(URL, GIVEN | {"einmal": einmal})
    assert first["Location"] == second["Location"]
    assert Kennzahl.objects.count() == 1


@pytest.mark.parametrize("who", ["leitung", "administration", "planung", "fremd"])
def test_only_controlling_defines(request, who, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(URL).status_code == 403
    assert browser.post(URL, GIVEN).status_code == 403
    assert not Kennzahl.objects.exists()
