from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from jobcenter.berichte.actions import claim_entwurf, fail_entwurf, note_entwurf, request_entwurf
from jobcenter.berichte.models import Entwurfsdruck
from jobcenter.berichte.tasks import print_entwurf, render_due
from jobcenter.common import clock
from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.common.enums import Auftragsstatus
from massnahmen.actions import add_position, update_position
from massnahmen.queries import collect_inhalt
from tests.berichte import verapdf
from tests.berichte.test_pdf import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def entwurf(position, planung) -> Entwurfsdruck:
    return request_entwurf(programm=position.programm, by=planung)


def page_of(entwurf: Entwurfsdruck) -> str:
    return reverse("berichte:entwurf-detail", args=[entwurf.pk])


def file_of(entwurf: Entwurfsdruck) -> str:
    return reverse("berichte:entwurf-datei", args=[entwurf.pk])


def test_the_button_of_the_preview_orders_it_and_finds_it_again(signed_in, planung, position, angaben):
    browser, button = signed_in(planung), reverse("berichte:entwurf-drucken", args=[2027])
    assertContains(browser.get(reverse("massnahmen:programm-vorschau", args=[2027])), f'action="{button}"')
    response = browser.post(button)
    entwurf = Entwurfsdruck.objects.get()
    assertRedirects(response, page_of(entwurf))
    assert (entwurf.inhalt, entwurf.angefordert_von) == (canonical_json(collect_inhalt(position.programm)), planung)
    browser.post(button)
    assert Entwurfsdruck.objects.count() == 1
    update_position(position=position, version=1, angaben=replace(angaben, titel="Anders"), by=planung)
    browser.post(button)
    assert Entwurfsdruck.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_worker_sets_what_was_frozen_and_every_page_says_that_it_is_a_draft(signed_in, planung, position, angaben, entwurf):
    update_position(position=position, version=1, angaben=replace(angaben, titel="Später"), by=planung)
    print_entwurf(entwurf_id=entwurf.pk)
    entwurf.refresh_from_db()
    assert (entwurf.status, entwurf.versuch) == (Auftragsstatus.FERTIG, 1)
    response = signed_in(planung).get(file_of(entwurf))
    assert response["Content-Disposition"] == 'attachment; filename="arbeitsmarktprogramm-2027-entwurf.pdf"'
    pages = text_of(response.content).split("\f")[:-1]
    assert len(pages) == entwurf.seiten
    assert all("Entwurf" in page for page in pages)
    assert all("nicht beschlossen" in page for page in pages)
    whole = "".join(pages)
    assert entwurf.pruefsumme in whole
    assert "Neuer Start im Betrieb" in whole
    for word in ("Später", "Fassung", "Veröffentlicht am", "Der Rat des Beirats"):
        assert word not in whole, word
    assert verapdf.failures(response.content) == []
    print_entwurf(entwurf_id=entwurf.pk)
    entwurf.refresh_from_db()
    assert entwurf.versuch == 1


@pytest.mark.django_db(transaction=True)
def test_a_draft_full_of_gaps_can_be_set(programm, planung, angaben):
    gaps = {"instrument": None, "zielgruppen": [], "traeger": None, "beginn": None, "ende": None, "plaetze": None}
    gaps |= {"geplante_eintritte": None, "kosten_cent": {}, "handlungsfeld": None, "erfolgskriterium": ""}
    add_position(programm=programm, angaben=replace(angaben, **gaps), by=planung)
    entwurf = request_entwurf(programm=programm, by=planung)
    print_entwurf(entwurf_id=entwurf.pk)
    entwurf.refresh_from_db()
    text = text_of(bytes(entwurf.pdf))
    assert "Noch ohne Instrument" in text
    assert "None" not in text


def test_it_is_for_staff(client, signed_in, mitglied, entwurf):
    for address in (page_of(entwurf), file_of(entwurf)):
        assert client.get(address).status_code == 302
        assert signed_in(mitglied.konto).get(address).status_code == 403
    assert signed_in(mitglied.konto).post(reverse("berichte:entwurf-drucken", args=[2027])).status_code == 403


def test_there_is_no_file_before_it_is_finished(signed_in, planung, entwurf):
    assert signed_in(planung).get(file_of(entwurf)).status_code == 404


def test_it_says_how_far_it_is(signed_in, planung, entwurf, system):
    browser = signed_in(planung)
    assertContains(browser.get(page_of(entwurf)), f'hx-get="{page_of(entwurf)}" hx-trigger="every 2s"')
    versuch = claim_entwurf(entwurf=entwurf, by=system)
    note_entwurf(entwurf=entwurf, versuch=versuch, fortschritt=40, schritt="Seite 3 wird gesetzt", by=system)
    part = browser.get(page_of(entwurf), headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assertContains(part, "Seite 3 wird gesetzt")
    assertNotContains(part, "<html")
    fail_entwurf(entwurf=entwurf, versuch=versuch, fehler="Der Speicher ist voll.", by=system)
    assertContains(browser.get(page_of(entwurf)), "Der Speicher ist voll. Das Portal versucht es noch einmal.")
    Entwurfsdruck.objects.update(naechster_versuch=clock.now() - timedelta(seconds=1))
    fail_entwurf(entwurf=entwurf, versuch=claim_entwurf(entwurf=entwurf, by=system), fehler="Der Speicher ist voll.", by=system)
    page = browser.get(page_of(entwurf))
    assertContains(page, "Das PDF ist nicht entstanden")
    assertNotContains(page, "hx-get")


def test_after_a_day_it_is_gone(signed_in, planung, entwurf):
    Entwurfsdruck.objects.update(angelegt_am=clock.now() - timedelta(hours=24, seconds=1), status="gescheitert")
    assert signed_in(planung).get(page_of(entwurf)).status_code == 404
    render_due()
    assert not Entwurfsdruck.objects.exists()


def test_what_the_draft_says_has_its_fingerprint(entwurf):
    assert entwurf.pruefsumme == fingerprint(entwurf.inhalt)


def test_query_count(signed_in, planung, programm, plan_many, django_assert_num_queries):
    browser = signed_in(planung)
    for anzahl in (1, 3, 30):
        plan_many(anzahl)
        address = page_of(request_entwurf(programm=programm, by=planung))
        browser.get(address)
        with django_assert_num_queries(3):
            browser.get(address)


@pytest.fixture
def plan_many(programm, angaben, planung):
    def make(anzahl: int) -> None:
        for n in range(anzahl):
            add_position(programm=programm, angaben=replace(angaben, titel=f"Maßnahme {anzahl}.{n}"), by=planung)

    return make
