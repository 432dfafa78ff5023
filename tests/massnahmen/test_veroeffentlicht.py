"""What is public when somebody has been at the database, and in which order a programme is told."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.portal.queries.start import read_startseite
from massnahmen.actions import begin_fortschreibung, publish_programm
from massnahmen.enums import Kapitelart, Massnahmestand
from massnahmen.models import Massnahme, Vertrag
from massnahmen.queries import (
    check_unverfaelscht,
    current_veroeffentlichung,
    list_angebote,
    noted_fingerprint,
    published_massnahmen,
    published_veroeffentlichungen,
    read_draft,
    read_fassung,
)
from massnahmen.queries.balken import chart_handlungsfelder, chart_jahre, chart_quellen, chart_vorjahr, chart_zielgruppen, name_change
from massnahmen.queries.gliederung import outline
from massnahmen.queries.inhalt import Kapitelzeile
from tests.massnahmen.verfaelschen import falsify


@pytest.mark.parametrize("with_fingerprint", [False, True])
def test_a_falsified_fassung_is_noticed_and_left_out_everywhere(client, make_public, with_fingerprint):
    older, newer = make_public(2026), make_public(2027, titel="Original")
    real = newer.fassung.pruefsumme
    assert (check_unverfaelscht(newer.fassung), noted_fingerprint(newer.fassung)) == ("", real)
    changed = falsify(newer.fassung, "Original", "Falsch", with_fingerprint=with_fingerprint)
    assert "nachträglich in der Datenbank geändert" in check_unverfaelscht(changed)
    assert noted_fingerprint(changed) == real
    assert published_veroeffentlichungen() == [older]
    assert current_veroeffentlichung() == older
    assert [row["programm__jahr"] for row in published_massnahmen()] == [2026]
    assert read_startseite().programm.jahr == 2026
    for name in (
        "portal:start",
        "massnahmen:programm-liste",
        "massnahmen:massnahme-liste",
        "massnahmen:api-massnahme-liste",
        "portal:daten",
    ):
        page = client.get(reverse(name))
        assert (page.status_code, b"Falsch" in page.content) == (200, False), name
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/arbeitsmarktprogramm/2026/" in sitemap
    assert "/arbeitsmarktprogramm/2027/" not in sitemap


def test_a_text_that_is_no_json_any_more_breaks_nothing(make_public):
    falsify(make_public(2027).fassung, "{", "")
    assert (published_veroeffentlichungen(), list(published_massnahmen())) == ([], [])


def test_a_year_does_not_fall_back_to_an_overruled_fassung(make_public, leitung, submit, advise, decide):
    first = make_public(2027)
    programm = first.fassung.programm
    begin_fortschreibung(programm=programm, grund="Mehr Geld.", by=leitung)
    programm.positionen.update(plaetze=99)
    beratung = advise(submit(programm))
    decide(beratung.fassung)
    second = publish_programm(beratung=beratung, by=leitung)
    assert published_veroeffentlichungen() == [second]
    falsify(second.fassung, '"plaetze":99', '"plaetze":98')
    assert published_veroeffentlichungen() == []


def test_every_table_stands_once_whatever_the_chapters(programm, plan):
    plan(programm, 2)
    inhalt = read_draft(programm)
    arten = [*Kapitelart, "", ""]

    @given(st.lists(st.sampled_from(arten), max_size=16))
    def check(chosen):
        kapitel = tuple(Kapitelzeile(n, f"Kapitel {n}", "<p>Text</p>", art) for n, art in enumerate(chosen, start=1))
        sections = outline(replace(inhalt, kapitel=kapitel))
        tables = [name for section in sections for name in section.tafeln]
        assert sorted(tables) == ["finanzen", "handlungsfelder", "massnahmen", "zielgruppen"]
        assert [s.nummer for s in sections if s.nummer] == [k.nummer for k in kapitel]
        assert len({s.anker for s in sections}) == len(sections)

    check()


def test_a_chapter_without_text_stands_where_it_carries_a_table(programm, plan):
    plan(programm, 1)
    inhalt = read_draft(programm)
    empty = replace(inhalt, kapitel=(Kapitelzeile(1, "Vorwort", "", "vorwort"), Kapitelzeile(9, "Finanzen", "", "finanzen")))
    assert [(s.nummer, s.tafeln) for s in outline(empty)][:1] == [(9, ("finanzen",))]


def test_bars_say_the_same_as_the_fassung(make_public):
    make_public(2026, anzahl=2)
    inhalt = read_fassung(make_public(2027, anzahl=3).fassung)
    assert [(z.name, z.balken[0].wert, z.zusatz) for z in chart_handlungsfelder(inhalt).zeilen] == [
        ("Lange Arbeitslosigkeit beenden", "36", "100,0\u00a0%")
    ]
    assert chart_zielgruppen(inhalt).summe is None
    quellen = chart_quellen(inhalt)
    assert [(z.balken[0].wert, z.balken[0].promille) for z in quellen.zeilen] == [
        ("1.260.000\u00a0€", 1000),
        ("300.001,50\u00a0€", 238),
    ]
    assert quellen.summe.balken[0].wert == "1.560.001,50\u00a0€"
    (row,) = chart_vorjahr(inhalt).zeilen
    assert ([b.wert for b in row.balken], row.zusatz) == (["1.040.001\u00a0€", "1.560.001,50\u00a0€"], "plus 50,0\u00a0%")
    assert [b.promille for b in row.balken] == [666, 1000]
    assert chart_vorjahr(replace(inhalt, vorjahr=None)) is None


def test_bars_of_nothing_are_no_fault(programm):
    inhalt = read_draft(programm)
    assert chart_quellen(inhalt).zeilen == ()
    assert chart_jahre([inhalt]).zeilen[0].balken[0].promille == 0


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [(100, 100, "unverändert"), (0, 5, "neu"), (5, 0, "entfallen"), (1000, 1083, "plus 8,3\u00a0%"), (1000, 953, "minus 4,7\u00a0%")],
)
def test_a_change_is_said_in_words(before, now, words):
    assert name_change(before, now) == words


def test_an_offer_ends_when_its_contract_does(make_public, traeger):
    veroeffentlichung = make_public(2027, ende=date(2027, 6, 30))
    massnahme = Massnahme.objects.get()
    term = {"beginn": date(2027, 1, 1), "geschlossen_am": date(2026, 12, 1), "plaetze": 1, "preis_cent": 1}
    vertrag = Vertrag.objects.create(massnahme=massnahme, traeger=traeger, ende=date(2027, 9, 30), **term)  # an option is drawn

    def ends(day: date) -> list[date | None]:
        return [angebot.massnahme.ende for angebot in list_angebote([veroeffentlichung], day)]

    assert ends(date(2027, 7, 1)) == [date(2027, 9, 30)]
    Vertrag.objects.filter(pk=vertrag.pk).update(gekuendigt_zum=date(2027, 5, 31), kuendigungsgrund="G")
    assert ends(date(2027, 5, 31)) == [date(2027, 5, 31)]
    assert ends(date(2027, 6, 1)) == []
    vertrag.delete()
    Massnahme.objects.update(stand=Massnahmestand.VORZEITIG)
    assert ends(date(2027, 2, 1)) == []
