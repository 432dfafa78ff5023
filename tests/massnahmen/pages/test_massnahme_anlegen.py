import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.models import Massnahme, Programmposition
from tests.massnahmen.conftest import sent_by

PAGE = reverse("massnahmen:massnahme-anlegen", args=[2027])
DETAIL = reverse("massnahmen:programm-intern-detail", args=[2027])


@pytest.fixture
def sent(instrument, zielgruppe, traeger):
    return {
        "titel": "Werkstatt", "beschreibung": "Zeile 1\r\nZeile 2", "instrument": instrument.pk, "zielgruppen": [zielgruppe.pk],
        "traeger": traeger.pk, "beginn": "2027-03-01", "ende": "31.12.2027", "plaetze": "8", "geplante_eintritte": "16",
        "kosten_land": "80.000", "kosten_kommune": "1.234,5",
    }  # fmt: skip


def test_a_measure_gets_into_the_draft(signed_in, planung, programm, sent):
    response = signed_in(planung).post(PAGE, sent, follow=True)
    assertRedirects(response, f"{DETAIL}#massnahmen")
    assertContains(response, "Die Maßnahme „Werkstatt“ steht jetzt im Entwurf 2027.")
    position = Programmposition.objects.get(programm=programm)
    assert (position.plaetze, position.massnahme.titel, position.massnahme.beschreibung) == (8, "Werkstatt", "Zeile 1\nZeile 2")
    assert dict(position.finanzierungen.values_list("quelle", "betrag_cent")) == {"land": 8_000_000, "kommune": 123_450}


def test_the_empty_form_offers_everything_and_nothing_chosen(signed_in, planung, programm, instrument, zielgruppe, traeger):
    page = signed_in(planung).get(PAGE)
    values = {name: value for name, value in sent_by(page, PAGE).items() if value not in ([""], [])}
    assert values == {}
    assertContains(page, "Teilhabe am Arbeitsmarkt (§ 16i SGB II)")
    assertContains(page, '<optgroup label="Beschäftigung schaffende Maßnahmen">')
    assertContains(page, "Vergabe noch offen")


def test_wrong_input_keeps_every_value_and_leads_to_the_fields(signed_in, planung, programm, sent, zielgruppe):
    page = signed_in(planung).post(PAGE, sent | {"plaetze": "viele", "kosten_land": "12.50", "titel": "<b>Kühn</b>"})
    assert page.status_code == 422
    assertContains(page, '<a class="kern-link" href="#id_plaetze">', status_code=422)
    assertContains(page, '<a class="kern-link" href="#id_kosten_land">', status_code=422)
    assertContains(page, "<title>Fehler: ", status_code=422)
    kept = sent_by(page, PAGE)
    assert (kept["plaetze"], kept["kosten_land"], kept["titel"], kept["ende"]) == (["viele"], ["12.50"], ["<b>Kühn</b>"], ["31.12.2027"])
    assert (kept["zielgruppen"], kept["beschreibung"]) == ([str(zielgruppe.pk)], ["Zeile 1\r\nZeile 2"])
    assert not Massnahme.objects.exists()


def test_a_draft_submitted_meanwhile_loses_no_word(signed_in, planung, fassung, sent):
    page = signed_in(planung).post(PAGE, sent)
    assertContains(page, "kann jetzt nicht geändert werden", status_code=409)
    assert sent_by(page, PAGE)["titel"] == ["Werkstatt"]
    assert Massnahme.objects.count() == 1
    assertContains(signed_in(planung).get(PAGE), "kann jetzt nicht geändert werden", status_code=409)


def test_closed_to_others(client, signed_in, leitung, fremd, programm, sent):
    assert client.get(PAGE).status_code == 302
    for account in (leitung, fremd):
        assert signed_in(account).get(PAGE).status_code == 403
        assert signed_in(account).post(PAGE, sent).status_code == 403
    assert not Massnahme.objects.exists()
