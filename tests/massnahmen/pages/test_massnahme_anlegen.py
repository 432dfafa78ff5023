from datetime import date

import pytest
from django.db import IntegrityError
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
        "traeger": traeger.pk, "vergabestand": "vergeben",
        "beginn": "2027-03-01", "ende": "31.12.2027", "plaetze": "8", "geplante_eintritte": "16",
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
    assert values == {"vergabestand": ["offen"]}
    assertContains(page, "Teilhabe am Arbeitsmarkt (§ 16i SGB II)")
    assertContains(page, '<optgroup label="Beschäftigung schaffende Maßnahmen">')
    for group in ("Worum es geht", "Wann", "Recht und Vergabe", "Plan für 2027"):
        assertContains(page, f">{group}</h2>")


def test_a_title_is_enough_for_a_draft(signed_in, planung, programm):
    browser = signed_in(planung)
    values = sent_by(browser.get(PAGE), PAGE)
    assertRedirects(browser.post(PAGE, values | {"titel": "Nur eine Idee"}), f"{DETAIL}#massnahmen", fetch_redirect_response=False)
    position = Programmposition.objects.get()
    massnahme = position.massnahme
    assert (massnahme.titel, massnahme.instrument, massnahme.beginn, position.plaetze, position.kosten_cent) == (
        "Nur eine Idee", None, None, None, 0,
    )  # fmt: skip


def test_what_people_need_to_know_is_saved(signed_in, planung, programm, handlungsfeld, sent):
    more = {
        "ort": "Bahnhofstraße 1", "zugang": "Rufen Sie an.", "ansprechstelle": "Team Start", "telefon": "09999 100-5",
        "dauer_wochen": "26", "wochenstunden": "20", "naechster_start": "2027-04-01", "handlungsfeld": handlungsfeld.pk,
        "erfolgskriterium": "Jede Zweite arbeitet.", "eingliederung_prozent": "50",
        "verpflichtung_cent": "40.000", "bemerkung": "Mit dem Landkreis",
    }  # fmt: skip
    assert signed_in(planung).post(PAGE, sent | more).status_code == 302
    position = Programmposition.objects.get()
    massnahme = position.massnahme
    assert (massnahme.ort, massnahme.zugang, massnahme.ansprechstelle, massnahme.telefon) == (
        "Bahnhofstraße 1", "Rufen Sie an.", "Team Start", "09999 100-5",
    )  # fmt: skip
    assert (massnahme.dauer_wochen, massnahme.wochenstunden, massnahme.naechster_start) == (26, 20, date(2027, 4, 1))
    assert (position.handlungsfeld, position.erfolgskriterium, position.verpflichtung_cent, position.bemerkung) == (
        handlungsfeld, "Jede Zweite arbeitet.", 4_000_000, "Mit dem Landkreis",
    )  # fmt: skip
    assert position.eingliederung_prozent == 50


def test_more_than_everybody_cannot_be_planned(signed_in, planung, programm, sent):
    page = signed_in(planung).post(PAGE, sent | {"eingliederung_prozent": "101"})
    assertContains(page, "Möglich sind 0 bis 100.", status_code=422)
    assert sent_by(page, PAGE)["eingliederung_prozent"] == ["101"]
    with pytest.raises(IntegrityError, match="position_eingliederung_ist_quote"):
        Programmposition.objects.create(programm=programm, massnahme=Massnahme.objects.create(titel="x"), eingliederung_prozent=101)


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
