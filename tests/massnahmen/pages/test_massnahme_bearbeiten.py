import re
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from massnahmen.actions import continue_massnahme, open_programm, update_position
from massnahmen.enums import Finanzquelle, Vergabestand
from massnahmen.models import Massnahme, Programmposition, Zielgruppe
from tests.html import Page
from tests.massnahmen.conftest import sent_by


@pytest.fixture
def page_url(position) -> str:
    return reverse("massnahmen:massnahme-bearbeiten", args=[2027, position.massnahme_id])


def test_the_form_holds_what_is_stored_and_saving_it_unchanged_changes_nothing(signed_in, planung, position, page_url, angaben):
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    assert (values["titel"], values["kosten_egt"], values["kosten_pat"], values["version"]) == (
        ["Neuer Start im Betrieb"],
        ["420.000"],
        ["100.000,50"],
        ["1"],
    )
    response = browser.post(page_url, values, follow=True)
    assertRedirects(response, f"{reverse('massnahmen:programm-intern-detail', args=[2027])}#massnahmen")
    assertContains(response, "„Neuer Start im Betrieb“ ist gespeichert.")
    stored = Programmposition.objects.get()
    assert (stored.plaetze, stored.kosten_cent, stored.massnahme.beginn, stored.massnahme.traeger) == (
        12,
        52_000_050,
        angaben.beginn,
        angaben.traeger,
    )


def test_a_change_is_saved(signed_in, planung, page_url):
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    browser.post(
        page_url,
        values | {"titel": "Anders", "traeger": "", "vergabestand": "laeuft", "kosten_pat": "", "kosten_esf": "1,23", "plaetze": "1.000"},
    )
    stored = Programmposition.objects.get()
    assert (stored.massnahme.titel, stored.massnahme.traeger, stored.plaetze, stored.massnahme.version) == ("Anders", None, 1000, 2)
    assert dict(stored.finanzierungen.values_list("quelle", "betrag_cent")) == {"egt": 42_000_000, "esf": 123}


def test_the_quiet_column_shows_costs_and_who_was_here_last(signed_in, planung, page_url):
    page = signed_in(planung).get(page_url)
    for words in ("520.000,50\u00a0€", "43.333,38\u00a0€", "Petra Plan", "Maßnahme geplant am", "Entwurf", "Nichts mehr offen."):
        assertContains(page, words)


def test_wrong_input_is_answered_with_422_and_keeps_the_version(signed_in, planung, page_url):
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    page = browser.post(page_url, values | {"ende": "2026-01-01", "titel": "Fast"})
    assertContains(page, "Das Ende liegt vor dem Beginn.", status_code=422)
    assert sent_by(page, page_url) == values | {"ende": ["2026-01-01"], "titel": ["Fast"]}
    assert Massnahme.objects.get().titel == "Neuer Start im Betrieb"


@pytest.fixture
def conflict(signed_in, planung, person, page_url, position, angaben):
    """Petra has the form open while Zoe saves; then Petra saves."""
    browser = signed_in(planung)
    values = sent_by(browser.get(page_url), page_url)
    other = Zielgruppe.objects.create(code="alt", name="Alleinerziehende")
    newer = replace(
        angaben, titel="Zoes Titel", plaetze=30, zielgruppen=[*angaben.zielgruppen, other], traeger=None, vergabestand=Vergabestand.LAEUFT,
        naechster_start=date(2027, 2, 1), dauer_wochen=8, zugang="Anrufen", jederzeit=False, verpflichtung_cent=100, handlungsfeld=None,
        kosten_cent={Finanzquelle.EGT: 42_000_000, Finanzquelle.ESF: 99},
    )  # fmt: skip
    update_position(position=position, version=1, angaben=newer, by=person("Zoe Zweit", "planung"))
    return browser, browser.post(page_url, values | {"titel": "Petras <Titel>", "kosten_land": "7"})


def test_on_top_of_a_newer_save_both_texts_are_shown_and_nothing_is_lost(conflict, page_url):
    _, page = conflict
    assert page.status_code == 409
    assert Massnahme.objects.get().titel == "Zoes Titel"
    felder = {feld.name: (feld.meine, feld.gespeicherte) for feld in page.context["felder"] if feld.verschieden}
    assert felder == {
        "Titel": ("Petras <Titel>", "Zoes Titel"),
        "Für wen ist die Maßnahme?": ("Menschen unter 25 Jahren", "Alleinerziehende, Menschen unter 25 Jahren"),
        "Wie kommt man hinein?": ("", "Anrufen"),
        "Handlungsfeld": ("Lange Arbeitslosigkeit beenden", "Noch offen"),
        "Vergabe": ("vergeben", "Vergabe läuft"),
        "Träger": ("Bildungswerk Musterburg", "Noch keiner"),
        "Nächster Start": ("", "1.\u00a0Februar\u00a02027"),
        "Dauer je Person in Wochen": ("\u2013", "8"),
        "Verpflichtung für die Folgejahre": ("0\u00a0€", "1\u00a0€"),
        "Plätze": ("12", "30"),
        "Passiv-Aktiv-Transfer": ("100.000,50\u00a0€", "0\u00a0€"),
        "Europäischer Sozialfonds Plus": ("0\u00a0€", "0,99\u00a0€"),
        "Land": ("7\u00a0€", "0\u00a0€"),
    }
    assertContains(page, "Zoe Zweit hat am", status_code=409)
    assertContains(page, "<mark>Petras &lt;Titel&gt;</mark>", status_code=409)
    assertNotContains(page, "<Titel>", status_code=409)


def test_mine_can_be_written_over_the_newer_one(conflict, page_url, angaben):
    browser, page = conflict
    again = sent_by(page, page_url)
    assert again["version"] == ["2"]
    assert browser.post(page_url, again).status_code == 302
    stored = Programmposition.objects.get()
    assert (stored.massnahme.titel, stored.plaetze, stored.massnahme.traeger) == ("Petras <Titel>", 12, angaben.traeger)
    assert list(stored.massnahme.zielgruppen.all()) == angaben.zielgruppen
    assert dict(stored.finanzierungen.values_list("quelle", "betrag_cent")) == {"egt": 42_000_000, "pat": 10_000_050, "land": 700}


def test_or_the_stored_one_is_opened(conflict, page_url):
    browser, page = conflict
    assertContains(page, f'href="{page_url}"', status_code=409)
    assert sent_by(browser.get(page_url), page_url)["titel"] == ["Zoes Titel"]


def test_a_third_save_in_between_is_a_conflict_again(conflict, page_url, position, angaben, planung):
    browser, page = conflict
    update_position(position=position, version=2, angaben=replace(angaben, titel="Noch neuer"), by=planung)
    page = browser.post(page_url, sent_by(page, page_url))
    assert page.status_code == 409
    assert sent_by(page, page_url)["version"] == ["3"]
    assert Massnahme.objects.get().titel == "Noch neuer"


def test_what_the_beirat_has_stays_closed_and_the_words_stay_on_the_page(signed_in, planung, page_url, fassung, position):
    browser = signed_in(planung)
    assertContains(browser.get(page_url), "kann jetzt nicht geändert werden", status_code=409)
    values = {
        "titel": "Zu spät", "instrument": position.massnahme.instrument_id, "zielgruppen": [position.massnahme.zielgruppen.get().pk],
        "beginn": "2027-01-01", "ende": "2027-12-31", "plaetze": "1", "vergabestand": "offen",
        "geplante_eintritte": "1", "kosten_egt": "1", "version": "1",
    }  # fmt: skip
    page = browser.post(page_url, values)
    assertContains(page, "kann jetzt nicht geändert werden", status_code=409)
    assert sent_by(page, page_url)["titel"] == ["Zu spät"]


def test_a_measure_of_another_year_can_be_taken_up(signed_in, planung, position):
    open_programm(jahr=2028, by=planung)
    browser = signed_in(planung)
    page = browser.get(reverse("massnahmen:massnahme-bearbeiten", args=[2028, position.massnahme_id]))
    assertRedirects(page, reverse("massnahmen:massnahme-aufnehmen", args=[2028, position.massnahme_id]))
    assert browser.get(reverse("massnahmen:massnahme-bearbeiten", args=[2028, 10**9])).status_code == 404


def test_last_year_stands_beside_every_figure(signed_in, planung, page_url, position, angaben):
    last_year = open_programm(jahr=2026, by=planung)
    assertNotContains(signed_in(planung).get(page_url), "Vorjahr")
    before = replace(angaben, plaetze=9, geplante_eintritte=None, kosten_cent={Finanzquelle.EGT: 1_234_50}, verpflichtung_cent=5_000_00)
    continue_massnahme(programm=last_year, massnahme=position.massnahme, version=1, angaben=before, by=planung)
    page = signed_in(planung).get(page_url)
    for hint in (
        "Vorjahr: 9</div>",
        "Vorjahr: \u2013</div>",
        "Vorjahr: 1.234,50\u00a0€</div>",
        "Vorjahr: 5.000\u00a0€. Was schon jetzt",
        "Vorjahr: 50\u00a0%. Wie viele",
    ):
        assertContains(page, hint)
    assertContains(page, "Vorjahr:", count=5)  # not at sources that gave nothing


def test_figures_taken_over_are_confirmed_by_saving(signed_in, planung, page_url, position):
    Programmposition.objects.update(uebernommen=True)
    browser = signed_in(planung)
    page = browser.get(page_url)
    assertContains(page, "Mit dem Speichern bestätigen Sie sie für 2027.")
    assertContains(page, "Die Zahlen sind vom Vorjahr übernommen und noch nicht geprüft.")
    browser.post(page_url, sent_by(page, page_url))
    assert not Programmposition.objects.get().uebernommen
    assertNotContains(browser.get(page_url), "Mit dem Speichern bestätigen")


def test_open_points_are_those_of_this_measure(signed_in, planung, page_url, programm, plan):
    plan(programm, 1, instrument=None, plaetze=None)
    assert signed_in(planung).get(page_url).context["offene"] == []
    other = Programmposition.objects.latest("pk").massnahme_id
    page = signed_in(planung).get(reverse("massnahmen:massnahme-bearbeiten", args=[2027, other]))
    assertContains(page, "Es fehlen: Instrument, Plätze.")


def test_a_measure_with_gaps_opens_and_is_saved_as_it_is(signed_in, planung, programm, plan):
    [position] = plan(programm, 1, instrument=None, zielgruppen=[], beginn=None, ende=None, plaetze=None, kosten_cent={})
    url, browser = reverse("massnahmen:massnahme-bearbeiten", args=[2027, position.massnahme_id]), signed_in(planung)
    assert browser.post(url, sent_by(browser.get(url), url)).status_code == 302
    stored = Programmposition.objects.get()
    assert (stored.plaetze, stored.massnahme.instrument, stored.massnahme.beginn, stored.kosten_cent) == (None, None, None, 0)


def test_closed_to_others(client, signed_in, leitung, fremd, mitglied, page_url):
    assert client.post(page_url, {"titel": "x"}).status_code == 302
    for account in (leitung, fremd, mitglied.konto):
        assert signed_in(account).get(page_url).status_code == 403
        assert signed_in(account).post(page_url, {"titel": "x"}).status_code == 403


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", response.content.decode()).split())


def test_beside_the_costs_it_says_what_remains(signed_in, planung, page_url, budget, teilbudget):
    """Of 600.000 € for the instrument the measure takes 420.000 €; the year may plan 1.100.000 €."""
    page = Page(signed_in(planung).get(page_url).content)
    assert "„TaAM“: noch 180.000 € frei. Im Jahr 2027: noch 680.000 € frei." in " ".join(page.one("output").text.split())


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("600.000", "„TaAM“: noch 0 € frei. Im Jahr 2027: noch 500.000 € frei."),
        ("1.100.000,01", "„TaAM“: 500.000,01 € mehr als im Teilbudget. Im Jahr 2027: 0,01 € mehr, als geplant werden darf."),
        ("viel", ""),
    ],
)
def test_what_remains_follows_what_is_typed(signed_in, planung, position, budget, teilbudget, instrument, typed, sentence):
    address = reverse("massnahmen:massnahme-spielraum", args=[2027])
    given = {"kosten_egt": typed, "instrument": instrument.pk, "ohne": position.massnahme_id}
    assert words(signed_in(planung).get(address, given, headers={"HX-Request": "true"})) == sentence
    assertRedirects(signed_in(planung).get(address, given), reverse("massnahmen:programm-intern-detail", args=[2027]))


def test_what_remains_is_for_planung_and_without_a_budget_nothing_is_said(signed_in, planung, controlling, fremd, page_url):
    address = reverse("massnahmen:massnahme-spielraum", args=[2027])
    assert signed_in(controlling).get(address).status_code == 403
    assert signed_in(fremd).get(address).status_code == 403
    assert words(signed_in(planung).get(address, {"kosten_egt": "5"}, headers={"HX-Request": "true"})) == ""
    assertNotContains(signed_in(planung).get(page_url), "<output")
