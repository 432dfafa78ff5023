import logging
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from jobcenter.common.canonical import canonical_json, fingerprint
from massnahmen.actions import (
    answer_stellungnahme,
    begin_beteiligung,
    begin_fortschreibung,
    close_programm,
    publish_programm,
    update_kapitel,
    update_position,
    write_stellungnahme,
)
from massnahmen.enums import Kapitelstand, Umgang
from massnahmen.models import Beratung, Fassung, Veroeffentlichung
from massnahmen.queries import read_fassung
from tests.massnahmen.verfaelschen import falsify

PAGE = reverse("massnahmen:programm-detail", args=[2027])


@pytest.fixture
def update(planung, leitung, angaben, advise, submit, decide):
    """Publish a second Fassung of a programme, with one measure changed: update(veroeffentlichung, titel="Neu")."""

    def make(first: Veroeffentlichung, **fields) -> Veroeffentlichung:
        programm = first.fassung.programm
        begin_fortschreibung(programm=programm, grund="Das Land gibt mehr Geld.", by=leitung)
        position = programm.positionen.select_related("massnahme").first()
        update_position(position=position, version=position.massnahme.version, angaben=replace(angaben, **fields), by=planung)
        beratung = advise(submit(programm))
        decide(beratung.fassung)
        return publish_programm(beratung=beratung, by=leitung)

    return make


def test_it_is_exactly_the_voted_fassung(client, veroeffentlichung, leitung, planung, position, angaben, submit):
    begin_fortschreibung(programm=position.programm, grund="Mehr Geld.", by=leitung)
    update_position(position=position, version=1, angaben=replace(angaben, titel="Noch geheim", plaetze=77), by=planung)
    submit(position.programm)
    page = client.get(PAGE)
    assert page.context["inhalt"] == read_fassung(veroeffentlichung.fassung)
    for words in (
        veroeffentlichung.fassung.pruefsumme,
        "<strong>Fassung&nbsp;1</strong>",
        '<span class="werdegang__was">einstimmig zugestimmt</span>',
        "Beschluss 01/",
        "Vorlage KT 12/2026",
        "Neuer Start im Betrieb",
        "520.000,50\u00a0€",
        "je Platz 43.333,38\u00a0€",
        "Lohnzuschuss für Betriebe",
        "Die Hälfte arbeitet ein halbes Jahr später noch dort.",
    ):
        assertContains(page, words)
    assertNotContains(page, "Noch geheim")
    assertNotContains(page, "Mehr Geld.")


@pytest.mark.parametrize("state", ["programm", "position", "fassung", "beschluss"])
def test_a_draft_is_not_there_at_all(client, signed_in, leitung, request, state):
    missing = client.get(reverse("massnahmen:programm-detail", args=[2099]))
    request.getfixturevalue(state)
    for browser in (client, signed_in(leitung)):
        page = browser.get(PAGE)
        assert (page.status_code, page.content) == (404, missing.content.replace(b"2099", b"2027"))
        assert browser.get(PAGE, {"fassung": "1"}).status_code == 404
        assert browser.get(reverse("massnahmen:programm-csv", args=[2027])).status_code == 404


def test_a_publication_to_come_is_not_there_yet(client, make_public, at):
    at(datetime.fromisoformat("2026-11-20T09:00"))
    make_public(2027)
    assert client.get(PAGE).status_code == 200
    at(datetime.fromisoformat("2026-11-20T08:59:59"))
    assert client.get(PAGE).status_code == 404


def test_a_divided_beirat_and_the_answer_are_shown(client, fassung, advise, decide, leitung):
    beratung = advise(fassung, ja=3, nein=5, enthaltung=1)
    decide(fassung, stimmen=(31, 4, 2))
    publish_programm(beratung=beratung, antwort="Wir sehen das <anders>.", by=leitung)
    page = client.get(PAGE)
    assertContains(page, "abgelehnt (3\u00a0Ja, 5\u00a0Nein, 1\u00a0Enthaltung)")
    assertContains(page, "beschlossen (31\u00a0Ja, 4\u00a0Nein, 2\u00a0Enthaltungen)")
    assertContains(page, "<p>Wir sehen das &lt;anders&gt;.</p>")


def test_the_part_of_the_bca_is_named_but_not_what_she_wrote(client, position, planung, leitung, person, submit, advise, decide):
    asked = begin_beteiligung(programm=position.programm, by=planung)
    stellungnahme = write_stellungnahme(fassung=asked, text="Im Haus geschrieben.", by=person("Berta Chance", "bca"))
    answer_stellungnahme(stellungnahme=stellungnahme, umgang=Umgang.GEFOLGT, begruendung="Ja.", by=leitung)
    beratung = advise(submit(position.programm))
    decide(beratung.fassung)
    publish_programm(beratung=beratung, by=leitung)
    page = client.get(PAGE)
    assertContains(page, "Beauftragte für Chancengleichheit")
    assertNotContains(page, "Im Haus geschrieben")
    assertNotContains(page, "Berta Chance")


def test_a_fortschreibung_takes_the_place_and_the_older_fassung_can_still_be_read(client, veroeffentlichung, update):
    second = update(veroeffentlichung, titel="Neu gefasst")
    page = client.get(PAGE)
    assertContains(page, "fortgeschrieben und veröffentlicht")
    assertContains(page, f'href="{PAGE}?fassung=1"')
    assert page.context["inhalt"] == read_fassung(second.fassung)
    older = client.get(PAGE, {"fassung": "1"})
    assert older.context["inhalt"] == read_fassung(veroeffentlichung.fassung)
    assertContains(older, "Sie lesen eine ältere Fassung.")
    assertContains(older, '<meta name="robots" content="noindex">')
    assertNotContains(older, "Neu gefasst")


@pytest.mark.parametrize("number", ["2", "0", "x", "1'--", "²", "99999"])
def test_a_fassung_that_never_was_public_is_not_there(client, veroeffentlichung, number):
    assert client.get(PAGE, {"fassung": number}).status_code == 404


def test_a_closed_year_says_so(client, make_public, leitung, at):
    veroeffentlichung = make_public(2027)
    assertNotContains(client.get(PAGE), "abgeschlossen")
    at(datetime.fromisoformat("2028-02-01T09:00"))
    close_programm(programm=veroeffentlichung.fassung.programm, by=leitung)
    assertContains(client.get(PAGE), "Das Programm ist abgeschlossen.")


def test_other_years_are_named(client, make_public):
    make_public(2026)
    make_public(2027)
    assertContains(client.get(PAGE), f'<a href="{reverse("massnahmen:programm-detail", args=[2026])}">Programm 2026</a>')


def test_last_year_stands_beside_this_one(client, make_public):
    """As it was public when this year was frozen."""
    make_public(2026, anzahl=2)
    make_public(2027, anzahl=3)
    page = client.get(PAGE)
    assertContains(page, "2027 gegen 2026")
    assertContains(page, "1.040.001\u00a0€")
    assertContains(page, "plus 50,0\u00a0%")


def test_measures_stand_once_where_no_chapter_has_a_place_for_them(client, programm, plan, submit, advise, decide, leitung):
    plan(programm, 2)
    programm.kapitel.filter(art="instrumente").delete()
    beratung = advise(submit(programm))
    decide(beratung.fassung)
    publish_programm(beratung=beratung, by=leitung)
    page = client.get(PAGE)
    assertContains(page, 'id="tafel-massnahmen"', count=1)
    assertContains(page, 'class="massnahme"', count=2)


def test_text_in_chapters_is_cleaned_once_more(client, programm, plan, submit, advise, decide, leitung, planung):
    plan(programm, 1)
    kapitel = programm.kapitel.first()
    update_kapitel(kapitel=kapitel, version=1, text="<h3>Gut</h3><p>so</p>", stand=Kapitelstand.FERTIG, verantwortlich=None, by=planung)
    programm.kapitel.filter(pk=kapitel.pk).update(text="<h3>Gut</h3><p onclick='x()'>so<script>alert(1)</script></p>")
    beratung = advise(submit(programm))
    decide(beratung.fassung)
    publish_programm(beratung=beratung, by=leitung)
    page = client.get(PAGE)
    assertContains(page, "<h3>Gut</h3>")
    assertNotContains(page, "alert(1)")
    assertNotContains(page, "onclick")


def test_an_old_fassung_of_schema_1_still_reads_well(client, leitung, make_public):
    """Programmes that were published before goals, rich text and places of measures were known."""
    programm = make_public(2026).fassung.programm
    massnahme = {
        "id": 991,
        "titel": "Alter Kurs",
        "beschreibung": "Ein Kurs.",
        "instrument": {"kurz": "45", "name": "Kurs", "klartext": "Kurs im Haus", "paragraph": "§ 45 SGB III", "gruppe": "A"},
        "zielgruppen": ["Frauen"],
        "traeger": None,
        "beginn": "2026-01-01",
        "ende": "2026-12-31",
        "plaetze": 5,
        "geplante_eintritte": 9,
        "finanzierung": [{"quelle": "egt", "betrag_cent": 100_00}],
    }
    inhalt = {
        "schema": 1,
        "jobcenter": "Jobcenter Alt",
        "jahr": 2026,
        "titel": "Arbeitsmarktprogramm 2026",
        "zusammenfassung": "Kurz.",
        "kapitel": [{"nummer": 1, "titel": "Vorwort", "text": "Erster Absatz <alt>.\n\n- eins\n- zwei"}],
        "massnahmen": [massnahme],
    }
    text = canonical_json(inhalt)
    fassung = Fassung.objects.create(programm=programm, nummer=2, inhalt=text, pruefsumme=fingerprint(text), vorgelegt_von=leitung)
    beratung = Beratung.objects.create(fassung=fassung, ergebnis="zugestimmt", ja=3, nein=0, enthaltung=0, beschluss="Beschluss 09/2025")
    Veroeffentlichung.objects.create(beratung=beratung, von=leitung)
    page = client.get(reverse("massnahmen:programm-detail", args=[2026]))
    assertContains(page, "<p>Erster Absatz &lt;alt&gt;.</p>")
    assertContains(page, "<li><p>eins</p></li>")
    assertContains(page, "Vergabe offen")
    assertContains(page, "Alter Kurs", count=1)
    for unknown in ("Handlungsfeld", "Erfolg heißt", "noch offen", "Ziel&nbsp;1"):
        assertNotContains(page, unknown)


@pytest.mark.parametrize("with_fingerprint", [False, True])
def test_a_falsified_text_is_not_shown(client, veroeffentlichung, caplog, with_fingerprint):
    """Not even when the fingerprint was changed along with it: the steps of the programme have noted the real one."""
    real = veroeffentlichung.fassung.pruefsumme
    changed = falsify(veroeffentlichung.fassung, "Neuer Start", "Falscher Start", with_fingerprint=with_fingerprint)
    caplog.clear()
    page = client.get(PAGE)
    assert page.status_code == 200
    assertContains(page, "Dieser Text wurde verändert. Wir zeigen ihn nicht.")
    assertContains(page, real)
    assertContains(page, "09999 100-0")
    assertContains(page, '<meta name="robots" content="noindex">')
    for hidden in ("Start im Betrieb", "einstimmig zugestimmt"):
        assertNotContains(page, hidden)
    if with_fingerprint:
        assertNotContains(page, changed.pruefsumme)
    assert page["Cache-Control"] == "no-store"
    assert [record.levelno for record in caplog.records if record.name.startswith("massnahmen")] == [logging.ERROR]
    assert client.get(reverse("massnahmen:programm-csv", args=[2027])).status_code == 404


def test_texts_cannot_smuggle_markup(client, make_public):
    make_public(2027, titel="<script>alert(1)</script>", beschreibung="<img src=x>", bemerkung="<b onload=x>", ort="<i>Ort</i>")
    page = client.get(PAGE)
    for evil in ("<script>alert", "<img src=x>", "<b onload", "<i>Ort"):
        assertNotContains(page, evil)


def test_visitors_leave_no_trace(client, make_public):
    make_public(2027)
    page = client.get(PAGE)
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")
    assertNotContains(page, "csrfmiddlewaretoken")


def test_query_count(client, make_public, django_assert_num_queries):
    for jahr, anzahl in ((2027, 1), (2028, 3), (2029, 30)):
        make_public(jahr, anzahl=anzahl, ende=date(jahr, 12, 31))
        # the publication with its Fassung; the steps that note its fingerprint; what else is public; who decided, and when; the PDF
        with django_assert_num_queries(6):
            client.get(reverse("massnahmen:programm-detail", args=[jahr]))
