from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from massnahmen.actions import begin_beteiligung, begin_fortschreibung, open_programm, reopen_programm, update_kapitel, update_position
from massnahmen.models import Fassung

PAGE = reverse("massnahmen:fassung-vergleich", args=[2027])


@pytest.fixture
def second(fassung, position, angaben, planung, leitung, submit):
    """The programme after its second Fassung, a draft again, with one more change."""
    programm = reopen_programm(programm=fassung.programm, grund="Zahlen fehlten.", by=leitung)
    update_position(position=position, version=1, angaben=replace(angaben, plaetze=20), by=planung)
    submit(programm)
    programm = reopen_programm(programm=programm, grund="Ziele fehlten.", by=leitung)
    ziele = programm.kapitel.get(nummer=5)
    rewrite(ziele, "<p>Wir wollen mehr erreichen.</p>", planung)
    return programm


@pytest.fixture
def last_year(make_public):
    return make_public(2026, titel="Alte Maßnahme").fassung


def rewrite(kapitel, text, by):
    kapitel.refresh_from_db()
    return update_kapitel(kapitel=kapitel, version=kapitel.version, text=text, stand="fertig", verantwortlich=None, by=by)


def tamper(fassung) -> None:
    """What nobody may do: past the triggers and the CHECK."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE massnahmen_fassung DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE massnahmen_fassung DROP CONSTRAINT fassung_pruefsumme_stimmt")
        cursor.execute("UPDATE massnahmen_fassung SET inhalt = replace(inhalt, 'Zuschuss', 'Vorschuss') WHERE id = %s", [fassung.pk])


def test_without_a_choice_the_draft_against_the_newest_fassung(signed_in, leitung, second):
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Änderungen seit Fassung&nbsp;2")
    assertContains(page, "Wir wollen mehr erreichen")
    assertNotContains(page, "(+8)")


def test_two_fassungen_by_the_addresses_of_old(signed_in, leitung, second):
    page = signed_in(leitung).get(PAGE, {"von": "1", "bis": "2"})
    assertContains(page, "(+8)")
    assertNotContains(page, "Wir wollen mehr erreichen")
    assertContains(signed_in(leitung).get(PAGE, {"von": "2", "bis": "2"}), "Kein Unterschied")
    assertContains(signed_in(leitung).get(PAGE, {"von": "1", "bis": "entwurf"}), "Wir wollen mehr erreichen")


def test_of_two_years(signed_in, leitung, last_year, second):
    page = signed_in(leitung).get(PAGE, {"von": "2026-1", "bis": "2"})
    assertContains(page, "2027 gegen 2026")
    assertContains(page, "Alte Maßnahme")
    assertContains(page, '<option value="2026-1" selected>')
    turned = signed_in(leitung).get(reverse("massnahmen:fassung-vergleich", args=[2026]), {"von": "1", "bis": "2027-2"})
    assertContains(turned, "2027 gegen 2026")


def test_a_first_draft_is_set_against_last_year(signed_in, planung, last_year, position):
    assertContains(signed_in(planung).get(PAGE), "2027 gegen 2026")


def test_one_click_for_the_usual_questions(signed_in, leitung, last_year, veroeffentlichung):
    programm = begin_fortschreibung(programm=veroeffentlichung.fassung.programm, grund="Mehr Geld vom Bund.", by=leitung)
    begin_beteiligung(programm=programm, by=leitung)
    browser = signed_in(leitung)
    page = browser.get(PAGE, {"von": "1", "bis": "entwurf"})
    for words in ("Seit der letzten beschlossenen Fassung", "Gegen das Vorjahr", "Seit der Fassung für die BCA"):
        assertContains(page, f">{words}</a>", count=1)
    assertContains(page, f'href="{PAGE}?von=1&amp;bis=entwurf" aria-current="true"')
    assertContains(page, f'href="{PAGE}?von=2026-1&amp;bis=entwurf"')
    assertContains(page, f'href="{PAGE}?von=2&amp;bis=entwurf"')


def test_what_the_kreistag_decided_counts_before_it_is_public(signed_in, leitung, beschluss, decide):
    assert "Seit der letzten" not in signed_in(leitung).get(PAGE).content.decode()
    decide(beschluss.fassung)
    reopen_programm(programm=beschluss.fassung.programm, grund="Schreibfehler.", by=leitung)
    assertContains(signed_in(leitung).get(PAGE), "Seit der letzten beschlossenen Fassung")


@pytest.mark.parametrize(
    "choice", [{"von": "3"}, {"bis": "x"}, {"von": ""}, {"von": "1", "bis": "²"}, {"von": "2026-1"}, {"von": "2027-1"}]
)
def test_a_fassung_that_is_none_is_not_found(signed_in, leitung, second, choice):
    assert signed_in(leitung).get(PAGE, choice).status_code == 404


def test_there_is_no_draft_while_the_beirat_advises(signed_in, leitung, fassung):
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "Noch nichts zu vergleichen")
    assertContains(signed_in(leitung).get(PAGE, {"bis": "entwurf"}), "Noch nichts zu vergleichen")


def test_a_draft_without_fassung_says_why_there_is_nothing(signed_in, planung, programm):
    assertContains(signed_in(planung).get(PAGE), "Noch nichts zu vergleichen")


def test_only_the_frozen_text_is_read(signed_in, leitung, planung, second, position, angaben):
    """What is planned later with the same measure does not reach into a comparison of two Fassungen."""
    before = signed_in(leitung).get(PAGE, {"von": "1", "bis": "2"}).content
    position.refresh_from_db()
    update_position(
        position=position, version=position.massnahme.version, angaben=replace(angaben, titel="Ganz anders", plaetze=99), by=planung
    )
    after = signed_in(leitung).get(PAGE, {"von": "1", "bis": "2"}).content
    assert b"Ganz anders" not in after
    assert len(before) == len(after)


@pytest.mark.parametrize("side", [{"von": "1", "bis": "2"}, {"von": "2", "bis": "1"}, {"von": "1", "bis": "entwurf"}])
def test_a_fassung_that_was_tampered_with_is_not_compared(signed_in, leitung, second, side):
    tamper(Fassung.objects.get(nummer=1))
    page = signed_in(leitung).get(PAGE, side)
    assertContains(page, "Fassung 1 lässt sich nicht vergleichen")
    assertContains(page, "Dieser Text wurde verändert")
    assertNotContains(page, "Vorschuss")
    assertNotContains(signed_in(leitung).get(PAGE, {"von": "2", "bis": "entwurf"}), "Dieser Text wurde verändert")


def test_texts_unchanged_are_folded_and_texts_rewritten_stand_side_by_side(signed_in, leitung, planung, fassung):
    programm = reopen_programm(programm=fassung.programm, grund="Neu schreiben.", by=leitung)
    vorwort = programm.kapitel.get(nummer=1)
    long = "".join(f"<p>Satz {n} über Arbeit im Landkreis und Menschen.</p>" for n in range(8))
    rewrite(vorwort, long, planung)
    begin_beteiligung(programm=programm, by=leitung)
    other = "".join(f"<p>Völlig anderes steht nun an Stelle {n}: kürzer, klarer, besser.</p>" for n in range(8))
    rewrite(vorwort, other, planung)
    page = signed_in(leitung).get(PAGE)
    assertContains(page, "11&nbsp;Kapitel unverändert")
    assertContains(page, "Dieser Text ist neu geschrieben")
    rewrite(vorwort, long.replace("Satz 3", "Punkt 3"), planung)
    page = signed_in(leitung).get(PAGE)
    assertNotContains(page, "Dieser Text ist neu geschrieben")
    assertContains(page, "7&nbsp;Absätze unverändert", count=0)
    assertContains(page, "Absätze unverändert", count=2)  # before and after the one


def test_the_address_of_a_link_is_seen(signed_in, leitung, planung, fassung):
    programm = reopen_programm(programm=fassung.programm, grund="Link.", by=leitung)
    vorwort = programm.kapitel.get(nummer=1)
    for address in ("erstens", "drittens"):
        text = f'<p>Mehr steht <a href="https://musterburg.example/{address}">hier</a>.</p>'
        rewrite(vorwort, text, planung)
        if address == "erstens":
            begin_beteiligung(programm=programm, by=leitung)
    assertContains(signed_in(leitung).get(PAGE), "drittens")


def test_pages_lead_here(signed_in, leitung, second):
    browser = signed_in(leitung)
    assertContains(browser.get(reverse("massnahmen:programm-intern-detail", args=[2027])), PAGE)
    assertContains(browser.get(reverse("massnahmen:fassung-detail", args=[2027, 2])), f"{PAGE}?von=1&amp;bis=2")


def test_closed_to_everybody_but_staff(client, signed_in, mitglied, fremd, fassung):
    assert client.get(PAGE).status_code == 302
    for account in (mitglied.konto, fremd):
        assert signed_in(account).get(PAGE).status_code == 403


@pytest.mark.parametrize("anzahl", [1, 3, 30])
def test_queries(signed_in, planung, fassung, leitung, plan, django_assert_num_queries, anzahl):
    programm = reopen_programm(programm=fassung.programm, grund="Mehr Maßnahmen.", by=leitung)
    plan(programm, anzahl)
    open_programm(jahr=2028, by=planung)
    browser = signed_in(planung)
    # session, account, programme; Fassungen, what was decided of them; the text, its noted fingerprint;
    # draft: chapters, goals, measures, groups, money, Bildungsziele, last year
    with django_assert_num_queries(14):
        browser.get(PAGE)
    begin_beteiligung(programm=programm, by=leitung)
    with django_assert_num_queries(8):  # both texts at once; their noted fingerprints
        browser.get(PAGE, {"von": "1", "bis": "2"})


def test_query_count_does_not_grow_with_the_years(signed_in, planung, make_public, django_assert_num_queries):
    for jahr in range(2027, 2030):
        make_public(jahr, ende=date(jahr, 12, 31))
    browser = signed_in(planung)
    with django_assert_num_queries(8):
        browser.get(reverse("massnahmen:fassung-vergleich", args=[2029]), {"von": "2027-1", "bis": "1"})
