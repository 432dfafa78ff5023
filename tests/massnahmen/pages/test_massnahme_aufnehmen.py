from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from massnahmen.actions import add_position, archive_massnahme, open_programm, remove_position
from massnahmen.models import Massnahme, Programmposition
from tests.massnahmen.conftest import sent_by

DETAIL = reverse("massnahmen:programm-intern-detail", args=[2028])


def page_of(massnahme: Massnahme) -> str:
    return reverse("massnahmen:massnahme-aufnehmen", args=[2028, massnahme.pk])


@pytest.fixture
def naechstes(planung):
    return open_programm(jahr=2028, by=planung)


def test_last_years_plan_stands_in_the_form_and_a_new_end_is_enough(signed_in, planung, fassung, position, naechstes):
    browser, page = signed_in(planung), page_of(position.massnahme)
    shown = browser.get(page)
    assertContains(shown, "Die Zahlen sind die aus dem Plan für 2027.")
    values = sent_by(shown, page)
    assert (values["plaetze"], values["titel"], values["verpflichtung_cent"]) == (["12"], ["Neuer Start im Betrieb"], [""])
    refused = browser.post(page, values | {"ende": "2027-12-31"})
    assertContains(refused, "Die Maßnahme läuft nicht im Jahr 2028.", status_code=422)
    answer = browser.post(page, values | {"beginn": "2027-01-01", "ende": "2028-12-31", "plaetze": "15"}, follow=True)
    assertRedirects(answer, f"{DETAIL}#massnahmen")
    assertContains(answer, "steht jetzt im Entwurf 2028.")
    new = Programmposition.objects.get(programm=naechstes)
    assert (new.massnahme, new.plaetze, new.kosten_cent, new.uebernommen) == (position.massnahme, 15, position.kosten_cent, False)
    position.refresh_from_db()
    assert position.plaetze == 12


def test_what_no_year_plans_comes_back_with_its_words_and_without_figures(signed_in, planung, naechstes, angaben):
    lost = add_position(programm=naechstes, angaben=replace(angaben, ende=None), by=planung)
    massnahme = lost.massnahme
    remove_position(position=lost, by=planung)
    browser, page = signed_in(planung), page_of(massnahme)
    shown = browser.get(page)
    assertContains(shown, "Kein Jahr plant diese Maßnahme.")
    values = sent_by(shown, page)
    assert (values["titel"], values["plaetze"], values["kosten_egt"]) == (["Neuer Start im Betrieb"], [""], [""])
    assert browser.post(page, values).status_code == 302
    assert Programmposition.objects.get().massnahme == massnahme
    assert Massnahme.objects.count() == 1


def test_sent_twice_it_is_taken_up_once_and_leads_to_the_editor(signed_in, planung, fassung, position, naechstes):
    browser, page = signed_in(planung), page_of(position.massnahme)
    shown = browser.get(page)
    values = sent_by(shown, page) | {"ende": "2028-12-31", "einmal": shown.context["form"].einmal}
    for _ in range(2):
        assertRedirects(browser.post(page, values), f"{DETAIL}#massnahmen", fetch_redirect_response=False)
    assertRedirects(browser.get(page), reverse("massnahmen:massnahme-bearbeiten", args=[2028, position.massnahme_id]))
    assert naechstes.positionen.count() == 1


def test_who_saves_on_top_of_a_newer_state_sees_both(signed_in, planung, fassung, position, naechstes):
    browser, page = signed_in(planung), page_of(position.massnahme)
    values = sent_by(browser.get(page), page)
    massnahme = position.massnahme
    massnahme.titel, massnahme.version = "Anders", massnahme.version + 1
    massnahme.save()
    conflict = browser.post(page, values | {"ende": "2028-12-31", "titel": "Meins"})
    for title in ("Anders", "Meins"):
        assertContains(conflict, title, status_code=409)
    assert not naechstes.positionen.exists()


def test_the_archive_stays_closed(signed_in, planung, fassung, position, naechstes):
    archive_massnahme(massnahme=position.massnahme, grund="Ausgelaufen.", by=planung)
    page, browser = page_of(position.massnahme), signed_in(planung)
    assertContains(browser.get(page), "liegt im Archiv. Holen Sie die Maßnahme zuerst zurück.", status_code=409)


def test_what_was_typed_stays_when_the_measure_goes_into_the_archive_meanwhile(signed_in, planung, fassung, position, naechstes):
    page, browser = page_of(position.massnahme), signed_in(planung)
    values = sent_by(browser.get(page), page) | {"ende": "2028-12-31", "bemerkung": "Mein langer Satz"}
    archive_massnahme(massnahme=position.massnahme, grund="Ausgelaufen.", by=planung)
    values["version"] = [str(int(values["version"][0]) + 1)]
    answer = browser.post(page, values)
    for text in ("liegt im Archiv", "Mein langer Satz"):
        assertContains(answer, text, status_code=409)


def test_what_a_colleague_took_out_meanwhile_does_not_swallow_what_was_typed(signed_in, planung, programm, position):
    editor = reverse("massnahmen:massnahme-bearbeiten", args=[2027, position.massnahme_id])
    taken_up = reverse("massnahmen:massnahme-aufnehmen", args=[2027, position.massnahme_id])
    browser = signed_in(planung)
    values = sent_by(browser.get(editor), editor) | {"plaetze": ["77"]}
    remove_position(position=position, by=planung)
    assertRedirects(browser.get(editor), taken_up)
    answer = browser.post(editor, values)
    assertContains(answer, "Inzwischen hat jemand", status_code=409)
    assert not programm.positionen.exists()
    again = sent_by(answer, taken_up)
    assert again["plaetze"] == ["77"]
    assert browser.post(taken_up, again).status_code == 302
    assert programm.positionen.get().plaetze == 77


def test_closed_to_others(client, signed_in, leitung, fremd, fassung, position, naechstes):
    page = page_of(position.massnahme)
    assert client.get(page).status_code == 302
    for account in (leitung, fremd):
        assert signed_in(account).get(page).status_code == 403
        assert signed_in(account).post(page).status_code == 403
