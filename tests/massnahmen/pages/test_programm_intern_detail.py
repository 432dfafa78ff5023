import re
from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from jobcenter.common.kommentare import add_kommentar
from massnahmen.actions import (
    Positionsangaben,
    Zielangaben,
    add_ziel,
    answer_stellungnahme,
    begin_beteiligung,
    begin_fortschreibung,
    continue_massnahme,
    open_programm,
    publish_programm,
    submit_programm,
    update_kapitel,
)
from massnahmen.enums import Kapitelstand
from massnahmen.models import Instrument, Massnahme, Programmposition
from tests.conftest import current_fingerprint, fill_texts
from tests.html import Page
from tests.massnahmen.verfaelschen import falsify

PAGE = reverse("massnahmen:programm-intern-detail", args=[2027])


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;", " ", page.content.decode()))


def next_buttons(page) -> list[str]:
    """The words of the buttons under „So geht es weiter“."""
    html = page.content.decode()
    panel = html[html.index('class="naechster-schritt"') : html.index('id="schritte-titel"')]
    return re.findall(r'<span class="kern-label">([^<]+)</span></a>', panel)


def steps(page) -> dict[str, str]:
    found = Page(page.content)
    titles = [re.sub(r"^\s*\d+\s*", "", e.text).strip() for e in found.classed("kern-task-list__content-wrapper")]
    return {titel: found.by_id(f"schritte-{n}-stand").text.strip() for n, titel in enumerate(titles, start=1)}


def test_a_draft_shows_measures_text_and_sums(signed_in, planung, position, plan, traeger):
    Instrument.objects.create(kurz="x", name="Vermittlungsbudget", klartext="-", paragraph="§ 44 SGB III", gruppe="A")
    vb = Instrument.objects.get(kurz="x")
    plan(position.programm, 1, instrument=vb, traeger=None, vergabestand="offen", ende=date(2027, 12, 31))
    text = text_of(signed_in(planung).get(PAGE))
    assert text.index("Aktivierung und berufliche Eingliederung") < text.index("Beschäftigung schaffende Maßnahmen")
    for words in (
        "Teilhabe am Arbeitsmarkt (§ 16i SGB II)",
        "Vermittlungsbudget (§ 44 SGB III)",
        "Für: Menschen unter 25 Jahren",
        "Vergabe offen",
        "Bildungswerk Musterburg",
        "520.000,50 €",
        "Zusammen 24 40 1.040.001 €",
    ):
        assert words in text
    assert re.search(r"Zuletzt: .* von Petra Plan am", text)


def test_a_draft_with_gaps_is_shown_and_says_at_each_measure_what_is_missing(signed_in, planung, position):
    Massnahme.objects.update(beginn=None, ende=None, instrument=None)
    Programmposition.objects.update(plaetze=None, uebernommen=True)
    text = text_of(signed_in(planung).get(PAGE))
    assert "Es fehlen: Instrument, Beginn, Ende, Plätze." in text
    assert "Die Zahlen sind vom Vorjahr übernommen und noch nicht geprüft." in text
    assert "Noch ohne Instrument" in text
    assert "Bei 1 von 1 fehlt noch etwas." in text


def test_chapters_say_how_far_they_are_and_who_is_in_charge(signed_in, planung, leitung, programm, person):
    gone = person("Gerd Gegangen")
    for nummer, stand, who in ((1, Kapitelstand.FERTIG, planung), (2, Kapitelstand.IN_ARBEIT, gone)):
        update_kapitel(
            kapitel=programm.kapitel.get(nummer=nummer), version=1, text="<p>Zwei Wörter</p>", stand=stand, verantwortlich=who, by=planung
        )
    gone.is_active = False
    gone.save()
    text = text_of(signed_in(leitung).get(PAGE))
    assert re.search(r"Vorwort\s+2 Wörter, Petra Plan .{0,40} fertig", text)
    assert re.search(r"2 Rückblick auf das Vorjahr.{0,200} in Arbeit.{0,20} 3 Rahmenbedingungen", text)
    assert "Gerd Gegangen ist nicht mehr da. Geben Sie das Kapitel jemand anderem." in text
    assert text.count("noch niemand zuständig") == 10
    assert text.count("noch nicht begonnen") == 10


def test_goals_say_whether_a_number_measures_them(signed_in, planung, leitung, programm, handlungsfeld):
    ziel = add_ziel(programm=programm, angaben=Zielangaben("Mehr Menschen in Arbeit", handlungsfeld, None), by=planung)
    edit = reverse("massnahmen:ziel-bearbeiten", args=[2027, ziel.pk])
    page = signed_in(planung).get(PAGE)
    assertContains(page, "Zielwert fehlt")
    assert {edit, reverse("massnahmen:ziel-anlegen", args=[2027])} <= Page(page.content).links()
    assert edit not in Page(signed_in(leitung).get(PAGE).content).links()


@pytest.mark.parametrize(("jahr", "there"), [(2024, True), (2025, False)])
def test_the_plan_for_training_is_offered_as_long_as_it_was_ours(signed_in, planung, jahr, there):
    open_programm(jahr=jahr, by=planung)
    links = Page(signed_in(planung).get(reverse("massnahmen:programm-intern-detail", args=[jahr])).content).links()
    assert (reverse("massnahmen:bildungsziel-liste", args=[jahr]) in links) == there


def test_planung_writes_and_others_read(signed_in, planung, leitung, bca, controlling, position, request):
    edit = {
        reverse("massnahmen:massnahme-anlegen", args=[2027]),
        reverse("massnahmen:massnahme-bearbeiten", args=[2027, position.massnahme_id]),
        reverse("massnahmen:kapitel-bearbeiten", args=[2027, 1]),
        reverse("massnahmen:zusammenfassung-bearbeiten", args=[2027]),
        reverse("massnahmen:ziel-anlegen", args=[2027]),
    }
    assert edit <= Page(signed_in(planung).get(PAGE).content).links()
    for account in (leitung, bca, controlling):
        assert not edit & Page(signed_in(account).get(PAGE).content).links()
    request.getfixturevalue("fassung")
    assert not edit & Page(signed_in(planung).get(PAGE).content).links()


def test_the_whole_way_has_one_next_step_for_each(
    signed_in, planung, leitung, geschaeftsstelle, bca, controlling, position, hear_bca, advise, decide, at
):
    programm = position.programm

    def see(*wanted: tuple) -> None:
        for account, words in wanted:
            assert next_buttons(signed_in(account).get(PAGE)) == words, account

    see((planung, ["Angaben prüfen", "Der BCA vorlegen"]), (controlling, ["Angaben prüfen"]))
    fill_texts(programm, planung)
    see((planung, ["Der BCA vorlegen"]), (leitung, ["Der BCA vorlegen", "Dem Beirat vorlegen"]), (controlling, []))
    hear_bca(programm, antwort="")
    see((planung, ["Angaben prüfen"]), (leitung, ["Der BCA antworten", "Angaben prüfen"]), (bca, ["Angaben prüfen"]))
    answer_stellungnahme(stellungnahme=programm.fassungen.get().bca_stellungnahme, umgang="gefolgt", begruendung="Ja.", by=leitung)
    see((planung, []), (leitung, ["Dem Beirat vorlegen"]))
    fassung = submit_programm(programm=programm, pruefsumme=current_fingerprint(programm), by=leitung)
    see((leitung, []), (geschaeftsstelle, []))
    beratung = advise(fassung)
    see((leitung, ["Beschluss eintragen"]), (geschaeftsstelle, ["Beschluss eintragen"]), (planung, []))
    decide(fassung)
    see((leitung, ["Veröffentlichen"]), (geschaeftsstelle, []))
    publish_programm(beratung=beratung, by=leitung)
    see((leitung, ["Öffentliche Seite ansehen", "Fortschreiben"]), (planung, ["Öffentliche Seite ansehen"]))
    at(datetime.fromisoformat("2028-01-02T09:00"))
    see((leitung, ["Abschließen", "Öffentliche Seite ansehen", "Fortschreiben"]))


def test_while_the_bca_reads_it_is_her_turn(signed_in, planung, leitung, bca, position):
    begin_beteiligung(programm=position.programm, by=planung)
    assert next_buttons(signed_in(bca).get(PAGE)) == ["Stellung nehmen", "Angaben prüfen"]
    assert next_buttons(signed_in(planung).get(PAGE)) == ["Angaben prüfen"]
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Am Programm kann weiter geschrieben werden.")
    assert steps(page)["Die BCA beteiligen"] == "läuft"


def test_the_steps_say_what_is_done_and_what_is_not_possible_yet(signed_in, leitung, planung, position, submit, advise, decide):
    later = "noch nicht möglich"
    assert steps(signed_in(leitung).get(PAGE)) == {
        "Maßnahmen planen": "1 geplant",
        "Texte schreiben": "0 von 13 fertig",
        "Ziele nennen": "0 genannt",
        "Angaben prüfen": "13\xa0offen",
        "Die BCA beteiligen": "offen",
        "Dem Beirat vorlegen": later,
        "Beratung im Beirat": later,
        "Beschluss: Ausschuss für Arbeit und Soziales": later,
        "Beschluss: Kreistag": later,
        "Veröffentlichen": later,
        "Abschließen": later,
    }
    fassung = submit(position.programm)
    page = signed_in(leitung).get(PAGE)
    now = steps(page)
    assert [now[name] for name in ("Angaben prüfen", "Die BCA beteiligen", "Dem Beirat vorlegen", "Beratung im Beirat")] == [
        "erledigt",
        "ohne BCA",
        "erledigt",
        "offen",
    ]
    assertContains(page, "Grund: Die Stelle der BCA ist nicht besetzt.")
    beratung = advise(fassung)
    decide(fassung)
    publish_programm(beratung=beratung, by=leitung)
    now = steps(signed_in(leitung).get(PAGE))
    assert now["Beratung im Beirat"] == now["Veröffentlichen"] == "erledigt"
    assert now["Beschluss: Kreistag"] == "beschlossen"
    assert now["Beschluss: Ausschuss für Arbeit und Soziales"] == "nicht eingetragen"
    assert now["Abschließen"] == later


def test_a_fortschreibung_begins_the_steps_anew(signed_in, leitung, veroeffentlichung):
    begin_fortschreibung(programm=veroeffentlichung.fassung.programm, grund="Das Budget ist kleiner.", by=leitung)
    page = signed_in(leitung).get(PAGE)
    now = steps(page)
    assert (now["Die BCA beteiligen"], now["Dem Beirat vorlegen"], now["Veröffentlichen"]) == ("offen", "offen", "noch nicht möglich")
    assertContains(page, "Das Budget ist kleiner.")
    assertContains(page, "wird fortgeschrieben")


def test_the_way_so_far_says_who_when_and_why(signed_in, controlling, veroeffentlichung):
    text = text_of(signed_in(controlling).get(PAGE))
    way = text[text.index("Bisheriger Weg") : text.index("Überblick")]
    reasons = ("Die Stelle der BCA ist nicht besetzt.", "Kreistag, KT 12/2026")
    for words in ("Angelegt", "Beim Beirat, Fassung 1", "Veröffentlicht, Fassung 1", *reasons):
        assert words in way
    assert way.index("Angelegt") < way.index("Beim Beirat") < way.index("Beschlossen") < way.index("Veröffentlicht")


def test_fassungen_show_state_fingerprint_advice_and_publication(signed_in, controlling, veroeffentlichung):
    page = signed_in(controlling).get(PAGE)
    for words in (
        veroeffentlichung.fassung.pruefsumme,
        "Fassung&nbsp;1</a>, veröffentlicht",
        "Beirat: einstimmig zugestimmt",
        "Kreistag: beschlossen am",
        "Veröffentlicht von Hanna Reuter",
    ):
        assertContains(page, words)


def test_an_empty_draft_offers_the_first_step(signed_in, planung, leitung, programm):
    assertContains(signed_in(planung).get(PAGE), "Die erste Maßnahme planen")
    assertNotContains(signed_in(leitung).get(PAGE), "Die erste Maßnahme planen")


def test_closed_to_strangers_and_404_for_a_year_without_programme(client, signed_in, fremd, mitglied, programm, leitung):
    assertRedirects(client.get(PAGE), f"{reverse('account_login')}?next={PAGE}", fetch_redirect_response=False)
    assert signed_in(fremd).get(PAGE).status_code == 403
    assert signed_in(mitglied.konto).get(PAGE).status_code == 403
    for jahr in (2026, 99999999999):
        assert signed_in(leitung).get(reverse("massnahmen:programm-intern-detail", args=[jahr])).status_code == 404


def test_query_count(signed_in, planung, programm, plan, django_assert_num_queries):
    browser = signed_in(planung)
    for more in (1, 2, 297):
        plan(programm, more)
        # session, account, programme, ten of what is missing, Fassungen, steps, nine of the draft, three of open comments,
        # chapters, goals, three histories and names
        with django_assert_num_queries(32):
            browser.get(PAGE)


def test_open_comments_are_counted_where_they_are(signed_in, planung, leitung, position):
    for text in ("Eins", "Zwei"):
        add_kommentar(objekt=position.massnahme, text=text, by=leitung)
    add_kommentar(objekt=position.programm.kapitel.get(nummer=5), text="Drei", by=leitung)
    page = signed_in(planung).get(PAGE)
    assertContains(page, "2&nbsp;offene Kommentare")
    assertContains(page, "1&nbsp;offener Kommentar")


def test_a_last_year_that_was_changed_in_the_database_does_not_break_the_draft(signed_in, planung, make_public, programm):
    falsify(make_public(2026).fassung, "Maßnahme 1", "Maßnahme X")
    assert signed_in(planung).get(PAGE).status_code == 200


def test_what_was_handed_on_is_shown_as_it_was_frozen(signed_in, planung, leitung, fassung, position):
    """Next year's draft may change the measure; what lies with the Beirat does not change on any page."""
    naechstes = open_programm(jahr=2028, by=planung)
    massnahme = Massnahme.objects.get(pk=position.massnahme_id)
    angaben = Positionsangaben(
        **{name: getattr(massnahme, name) for name in ("beschreibung", "instrument", "traeger", "beginn", "ende", "vergabestand")},
        titel="Ganz neuer Name", zielgruppen=(), plaetze=1, geplante_eintritte=1, kosten_cent={},
    )  # fmt: skip
    continue_massnahme(programm=naechstes, massnahme=massnahme, version=massnahme.version, angaben=angaben, by=planung)
    page = signed_in(leitung).get(reverse("massnahmen:programm-intern-detail", args=[2027]))
    assertContains(page, "Neuer Start im Betrieb")
    assertNotContains(page, "Ganz neuer Name")
    vorschau = signed_in(leitung).get(reverse("massnahmen:programm-vorschau", args=[2027]))
    assertRedirects(vorschau, reverse("massnahmen:fassung-detail", args=[2027, 1]))
