from dataclasses import replace

import pytest
from django.urls import reverse

from jobcenter.common.kommentare import add_kommentar
from massnahmen.actions import archive_massnahme, continue_massnahme, open_programm, remove_position
from massnahmen.enums import Finanzquelle
from massnahmen.models import Massnahme
from tests.html import Page

GRUND = "Der Träger bietet sie nicht mehr an."


def url(massnahme: Massnahme) -> str:
    return f"/intern/massnahmen/{massnahme.pk}/"


@pytest.fixture
def massnahme(make_public) -> Massnahme:
    """Planned and public in 2026, in no draft."""
    make_public(2026, anzahl=1)
    return Massnahme.objects.get()


@pytest.fixture
def zwei_jahre(massnahme, planung, angaben) -> Massnahme:
    """Planned again in the draft of 2027: two places less, the same entries, other money."""
    changed = replace(angaben, titel=massnahme.titel, plaetze=10, kosten_cent={Finanzquelle.EGT: 60_000_000})
    draft = open_programm(jahr=2027, by=planung)
    continue_massnahme(programm=draft, massnahme=massnahme, version=massnahme.version, angaben=changed, by=planung)
    return massnahme


def test_for_staff_only(signed_in, presse, fremd, mitglied, client, massnahme):
    assert signed_in(presse).get(url(massnahme)).status_code == 200
    assert signed_in(fremd).get(url(massnahme)).status_code == 403
    assert signed_in(mitglied.konto).get(url(massnahme)).status_code == 403
    assert client.get(url(massnahme))["Location"].startswith(reverse("account_login"))
    assert signed_in(presse).get("/intern/massnahmen/999999/").status_code == 404


def test_every_year_with_its_change_and_the_total(signed_in, presse, zwei_jahre):
    page = Page(signed_in(presse).get(url(zwei_jahre)).content)
    rows = [" ".join(tr.text.split()) for tr in page.all("tr")][1:]
    assert rows[0].startswith("2027 Entwurf")
    assert "10 , gegenüber dem Jahr davor −2 20 wie davor 600.000 € , gegenüber dem Jahr davor +79.999,50 €" in rows[0]
    assert rows[1].startswith("2026 veröffentlicht")
    assert "davor" not in rows[1]
    assert rows[2] == "Summe 40 1.120.000,50 €"
    links = page.links()
    for jahr in (2026, 2027):
        assert reverse("massnahmen:massnahme-verlauf", args=[jahr, zwei_jahre.pk]) in links
        assert reverse("massnahmen:programm-intern-detail", args=[jahr]) in links


def test_a_gap_has_no_change(signed_in, presse, planung, massnahme, angaben):
    changed = replace(angaben, plaetze=None, geplante_eintritte=None, handlungsfeld=None)
    draft = open_programm(jahr=2027, by=planung)
    continue_massnahme(programm=draft, massnahme=massnahme, version=massnahme.version, angaben=changed, by=planung)
    rows = [" ".join(tr.text.split()) for tr in Page(signed_in(presse).get(url(massnahme)).content).all("tr")]
    assert rows[1].startswith("2027 Entwurf – – – 520.000,50 € wie davor")
    assert rows[3] == "Summe 20 1.040.001 €"


def test_a_measure_with_nothing_but_a_title_is_a_page(signed_in, planung, programm, angaben):
    massnahme = Massnahme.objects.create(titel="Nur ein Titel")
    page = Page(signed_in(planung).get(url(massnahme)).content)
    assert page.one("h1").text == "Nur ein Titel"
    assert "Kein Programm plant diese Maßnahme" in page.one("main").text
    assert page.one("main").text.count("Nicht angegeben") >= 6


def test_planung_goes_on_to_the_draft_others_only_read(signed_in, planung, leitung, zwei_jahre):
    edit = reverse("massnahmen:massnahme-bearbeiten", args=[2027, zwei_jahre.pk])
    assert edit in Page(signed_in(planung).get(url(zwei_jahre)).content).links()
    assert edit not in Page(signed_in(leitung).get(url(zwei_jahre)).content).links()


def test_comments_stand_here(signed_in, presse, planung, massnahme):
    add_kommentar(objekt=massnahme, text="Passt der Ort noch?", by=planung)
    assert "Passt der Ort noch?" in Page(signed_in(presse).get(url(massnahme)).content).one("main").text


def test_into_the_archive_with_a_reason_and_back(signed_in, planung, massnahme):
    browser = signed_in(planung)
    assert [b.text.strip() for b in Page(browser.get(url(massnahme)).content).all("button") if "Archiv" in b.text] == ["Ins Archiv legen"]
    response = browser.post(url(massnahme), {"grund": GRUND})
    assert response["Location"] == url(massnahme)
    page = Page(browser.get(url(massnahme)).content)
    assert f"Grund: {GRUND}" in page.one("main").text
    assert [b.text.strip() for b in page.all("button") if "Archiv" in b.text] == ["Aus dem Archiv holen"]
    back = f"{url(massnahme)}zurueckholen/"
    assert back in [f.attrs.get("action") for f in page.all("form")]
    assert browser.post(back)["Location"] == url(massnahme)
    massnahme.refresh_from_db()
    assert (massnahme.archiviert_am, massnahme.archivgrund) == (None, None)
    assert browser.post(back).status_code == 409  # it is there no more
    assert browser.get(back).status_code == 405


def test_without_a_reason_it_stays(signed_in, planung, massnahme):
    response = signed_in(planung).post(url(massnahme), {"grund": " "})
    assert response.status_code == 422
    assert "Der Grund fehlt." in Page(response.content).classed("fehleruebersicht")[0].text
    massnahme.refresh_from_db()
    assert massnahme.archiviert_am is None


def test_while_a_draft_plans_it_it_is_not_offered_and_not_done(signed_in, planung, zwei_jahre):
    browser = signed_in(planung)
    assert "Ins Archiv legen" not in Page(browser.get(url(zwei_jahre)).content).one("main").text
    response = browser.post(url(zwei_jahre), {"grund": GRUND})
    assert response.status_code == 422
    assert "das gerade geschrieben wird" in Page(response.content).classed("fehleruebersicht")[0].text
    remove_position(position=zwei_jahre.positionen.get(programm__jahr=2027), by=planung)
    assert browser.post(url(zwei_jahre), {"grund": GRUND}).status_code == 302


def test_twice_is_said(signed_in, planung, massnahme):
    archive_massnahme(massnahme=massnahme, grund=GRUND, by=planung)
    response = signed_in(planung).post(url(massnahme), {"grund": GRUND})
    assert "schon im Archiv" in Page(response.content).classed("fehleruebersicht")[0].text


def test_only_planung_archives(signed_in, leitung, presse, massnahme, planung):
    for person in (leitung, presse):
        assert "Ins Archiv legen" not in Page(signed_in(person).get(url(massnahme)).content).one("main").text
        assert signed_in(person).post(url(massnahme), {"grund": GRUND}).status_code == 403
    archive_massnahme(massnahme=massnahme, grund=GRUND, by=planung)
    assert signed_in(presse).post(f"{url(massnahme)}zurueckholen/").status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_years(signed_in, presse, planung, massnahme, angaben, django_assert_num_queries):
    browser = signed_in(presse)
    browser.get(url(massnahme))
    with django_assert_num_queries(8):  # session, person, measure, whom for, years, certificates, last report, comments
        browser.get(url(massnahme))
    for jahr in (2027, 2028, 2029):
        draft = open_programm(jahr=jahr, by=planung)
        massnahme.refresh_from_db()
        continue_massnahme(programm=draft, massnahme=massnahme, version=massnahme.version, angaben=angaben, by=planung)
    with django_assert_num_queries(8):
        browser.get(url(massnahme))


def test_what_was_reported_last(signed_in, presse, run, report, november):
    massnahme = run()
    assert "Noch kein Monat ist gemeldet." in Page(signed_in(presse).get(url(massnahme)).content).one("main").text
    report(massnahme, 2026, 8, teilnahmetage=1)
    report(massnahme, 2026, 9, teilnahmetage=225, eintritte=2)
    page = Page(signed_in(presse).get(url(massnahme)).content)
    text = page.one("main").text.replace("\xa0", " ")
    assert "Zuletzt September 2026: Auslastung 75,0 % (225 von 300 Platztagen)." in text
    assert f"{url(massnahme)}meldungen/" in page.links()


def test_a_measure_that_does_not_run_has_nothing_to_report(signed_in, presse, massnahme):
    assert "Was gemeldet ist" not in Page(signed_in(presse).get(url(massnahme)).content).one("main").text
