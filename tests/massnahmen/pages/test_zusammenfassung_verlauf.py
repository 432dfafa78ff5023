import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import update_zusammenfassung
from massnahmen.models import Arbeitsmarktprogramm
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:zusammenfassung-verlauf", args=[2027])
EDITOR = reverse("massnahmen:zusammenfassung-bearbeiten", args=[2027])


@pytest.fixture
def geschrieben(programm, planung) -> Arbeitsmarktprogramm:
    first = update_zusammenfassung(programm=programm, version=1, zusammenfassung="Erster Satz.", by=planung)
    return update_zusammenfassung(programm=first, version=2, zusammenfassung="Zweiter Satz.", by=planung)


def test_texts_and_steps_of_the_programme(signed_in, leitung, geschrieben):
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Zusammenfassung geändert", count=2)
    assertContains(page, "Programm angelegt")


def test_an_old_text_is_taken_in_again(signed_in, planung, leitung, geschrieben):
    stand = geschrieben.events.get(zusammenfassung="Erster Satz.").pgh_id
    assertContains(signed_in(planung).get(f"{PAGE}?stand={stand}"), f"{EDITOR}?stand={stand}")
    assertNotContains(signed_in(leitung).get(f"{PAGE}?stand={stand}"), f"{EDITOR}?stand={stand}")
    values = sent_by(signed_in(planung).get(f"{EDITOR}?stand={stand}"), f"{EDITOR}?stand={stand}")
    assert values["text"] == ["Erster Satz."]
    signed_in(planung).post(f"{EDITOR}?stand={stand}", values)
    geschrieben.refresh_from_db()
    assert geschrieben.zusammenfassung == "Erster Satz."


def test_closed_to_everybody_but_staff(client, signed_in, mitglied, fremd, geschrieben):
    assert client.get(PAGE).status_code == 302
    for account in (mitglied.konto, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
