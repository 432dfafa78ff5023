import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.models import Traeger
from tests.html import Page
from tests.massnahmen.conftest import sent_by

URL = reverse("massnahmen:traeger-anlegen")


def test_a_provider_is_entered_and_its_page_says_what_comes_next(signed_in, planung):
    browser = signed_in(planung)
    values = sent_by(browser.get(URL), URL)
    assert values == {"name": [""], "ort": [""]}
    response = browser.post(URL, {"name": "  Lernhaus   Oberau e. V. ", "ort": "Oberau"}, follow=True)
    new = Traeger.objects.get()
    assertRedirects(response, reverse("massnahmen:traeger-detail", args=[new.pk]))
    assertContains(response, "Tragen Sie als Nächstes die Zulassung ein.")
    assert (new.name, new.ort, new.version) == ("Lernhaus Oberau e. V.", "Oberau", 1)


def test_sent_twice_it_is_entered_once(signed_in, planung):
    browser = signed_in(planung)
    key = Page(browser.get(URL).content).one("input", name="einmal").attrs["value"]
    first, second = (browser.post(URL, {"name": "Lernhaus", "ort": "Oberau", "einmal": key}) for _ in range(2))
    assert first.url == second.url
    assert Traeger.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Der Name fehlt."),
        ({"name": "\u200b"}, "Der Name fehlt."),
        ({"ort": " "}, "Der Ort fehlt."),
        ({"name": "bildungswerk MUSTERBURG"}, "Den Träger „Bildungswerk Musterburg“ gibt es schon."),
        ({"name": "x" * 161}, "zu lang"),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_is_lost(signed_in, planung, traeger, fields, sentence):
    page = signed_in(planung).post(URL, {"name": "Lernhaus", "ort": "Oberau"} | fields)
    assertContains(page, sentence, status_code=422)
    kept = sent_by(page, URL)
    assert "Oberau" in kept["ort"] or "Lernhaus" in kept["name"]
    assert Traeger.objects.get() == traeger


def test_only_planung_comes_in(client, signed_in, leitung, controlling, fremd, mitglied):
    assert client.get(URL)["Location"].startswith(reverse("account_login"))
    for account in (leitung, controlling, fremd, mitglied.konto):
        assert signed_in(account).get(URL).status_code == 403
        assert signed_in(account).post(URL, {"name": "Lernhaus", "ort": "Oberau"}).status_code == 403
    assert not Traeger.objects.exists()
