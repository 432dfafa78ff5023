from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.models import Traegerzulassung
from tests.html import Page
from tests.massnahmen.conftest import sent_by

ENTRY = {"nummer": "Z-1", "stelle": "Zertkontor Nord", "fachbereiche": ["1", "4"], "gueltig_von": "01.01.2026", "gueltig_bis": "2030-12-31"}


@pytest.fixture
def url(traeger, at) -> str:
    at(datetime(2026, 11, 22, 12))
    return reverse("massnahmen:zulassung-anlegen", args=[traeger.pk])


def test_a_certificate_is_entered(signed_in, planung, traeger, url):
    response = signed_in(planung).post(url, ENTRY, follow=True)
    assertRedirects(response, reverse("massnahmen:traeger-detail", args=[traeger.pk]) + "#zulassungen")
    assertContains(response, "Sie gilt bis zum 31.\u00a0Dezember\u00a02030.")
    row = Traegerzulassung.objects.get()
    assert (row.fachbereiche, row.gueltig_von, row.gueltig_bis) == ([1, 4], date(2026, 1, 1), date(2030, 12, 31))


def test_sent_twice_it_stands_once(signed_in, planung, url):
    browser = signed_in(planung)
    key = Page(browser.get(url).content).one("input", name="einmal").attrs["value"]
    for _ in range(2):
        assert browser.post(url, ENTRY | {"einmal": key}).status_code == 302
    assert Traegerzulassung.objects.count() == 1


def test_the_form_begins_as_a_renewal_of_what_ends_first(signed_in, planung, certify, url):
    assert sent_by(signed_in(planung).get(url), url) == {"nummer": [""], "stelle": [""], "gueltig_von": [""], "gueltig_bis": [""]}
    certify("Z-LANG", date(2025, 1, 1), date(2029, 12, 31), [1])
    certify("Z-KURZ", date(2025, 1, 1), date(2027, 2, 28), [4, 6])
    values = sent_by(signed_in(planung).get(url), url)
    assert (values["stelle"], values["fachbereiche"], values["gueltig_von"]) == (["Zertkontor Nord"], ["4", "6"], ["2027-03-01"])
    certify("Z-NEU", date(2027, 3, 1), date(2030, 2, 28), [4, 6])
    assert sent_by(signed_in(planung).get(url), url)["gueltig_von"] == ["2030-01-01"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"nummer": ""}, "Die Nummer fehlt."),
        ({"stelle": ""}, "Die fachkundige Stelle fehlt."),
        ({"fachbereiche": []}, "Der Fachbereich fehlt."),
        ({"fachbereiche": ["7"]}, "Diesen Fachbereich gibt es nicht."),
        ({"fachbereiche": ["x"]}, "Diesen Fachbereich gibt es nicht."),
        ({"gueltig_bis": ""}, "Das Ende fehlt."),
        ({"gueltig_bis": "31.12.2025"}, "Das Ende liegt vor dem Beginn."),
        ({"gueltig_bis": "31.12.2032"}, "Eine Zulassung gilt höchstens fünf Jahre (§\u00a05 Abs.\u00a04 AZAV)."),
        ({"gueltig_bis": "31.12.9999"}, "Das Jahr kann nicht stimmen."),
        ({"gueltig_von": "30.02.2026"}, "Dieses Datum gibt es nicht."),
        ({"nummer": " z-alt "}, "Eine Zulassung mit der Nummer „z-alt“ ist hier schon eingetragen."),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_is_lost(signed_in, planung, certify, url, fields, sentence):
    certify("Z-ALT", date(2021, 1, 1), date(2024, 12, 31))
    page = signed_in(planung).post(url, ENTRY | fields)
    assertContains(page, sentence, status_code=422)
    kept = sent_by(page, url)
    for name, value in ENTRY.items():
        if name not in fields and not name.startswith("gueltig"):
            assert kept[name] == (value if isinstance(value, list) else [value])
    assert Traegerzulassung.objects.count() == 1


def test_only_planung_comes_in(client, signed_in, planung, leitung, fremd, mitglied, url):
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    for account in (leitung, fremd, mitglied.konto):
        assert signed_in(account).get(url).status_code == 403
        assert signed_in(account).post(url, ENTRY).status_code == 403
    assert signed_in(planung).get(reverse("massnahmen:zulassung-anlegen", args=[99999])).status_code == 404
    assert not Traegerzulassung.objects.exists()
