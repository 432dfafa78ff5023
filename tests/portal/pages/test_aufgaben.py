"""My tasks: each person sees what that person can do now, and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beirat.actions import cast_stimme
from beirat.enums import Wahl
from jobcenter.berichte.enums import Berichtsart
from jobcenter.berichte.models import Bericht
from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from jobcenter.konten.enums import Rolle
from jobcenter.portal.queries import list_aufgaben
from jobcenter.presse.actions import create_pressemitteilung, request_release
from massnahmen.actions import answer_stellungnahme, begin_beteiligung, open_programm, reopen_programm, write_stellungnahme
from massnahmen.enums import Kapitelstand, Umgang
from tests.conftest import fill_texts
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def bca(person):
    return person("Berta Gleich", Rolle.BCA)


def verbs(user) -> list[str]:
    return [aufgabe.verb for aufgabe in list_aufgaben(user)]


def test_it_needs_a_sign_in(client):
    assert client.get(reverse("portal:aufgaben")).url == f"{reverse('account_login')}?next={reverse('portal:aufgaben')}"


def test_nothing_to_do_says_so_and_leads_on(signed_in, administration):
    page = Page(signed_in(administration).get(reverse("portal:aufgaben")).content)
    assert "Gerade wartet nichts auf Sie" in page.one("main").text
    assert reverse("portal:start") in page.links()


def test_a_task_is_a_link_that_says_what_to_do(signed_in, programm, planung):
    page = Page(signed_in(planung).get(reverse("portal:aufgaben")).content)
    [link] = [e for e in page.all("a") if "kern-task-list__content-wrapper" in e.attrs.get("class", "")]
    assert link.attrs["href"] == reverse("massnahmen:programm-intern-detail", args=[2027])
    assert link.text == "Arbeitsmarktprogramm 2027: Weiter bearbeiten"
    described = " ".join(page.by_id(part).text for part in link.attrs["aria-describedby"].split())
    assert "Entwurf" in described
    assert "Petra Plan" in described


def test_a_draft_with_gaps_is_planungs_and_nobody_elses(programm, planung, leitung, presse, geschaeftsstelle, fremd):
    assert verbs(planung) == ["Weiter bearbeiten"]
    assert verbs(leitung) == verbs(presse) == verbs(geschaeftsstelle) == verbs(fremd) == []


def test_chapters_that_one_is_in_charge_of_are_one_task_with_their_number(programm, planung, person):
    other = person("Paula Planung", Rolle.PLANUNG)
    programm.kapitel.filter(nummer__in=[2, 4, 6]).update(verantwortlich=planung)
    programm.kapitel.filter(nummer=2).update(text="<p>Da.</p>", stand=Kapitelstand.FERTIG)
    [aufgabe] = list_aufgaben(planung)
    assert (aufgabe.verb, aufgabe.url) == (
        "Meine 2 Kapitel fertig schreiben",
        reverse("massnahmen:programm-intern-detail", args=[2027]) + "#kapitel",
    )
    programm.kapitel.filter(nummer=4).update(text="<p>Da.</p>", stand=Kapitelstand.FERTIG)
    assert verbs(planung) == ["Mein Kapitel fertig schreiben"]
    assert verbs(other) == ["Weiter bearbeiten"]


def test_a_finished_draft_goes_from_the_leitung_to_the_bca_and_then_to_the_beirat(position, planung, leitung, bca, person):
    programm = position.programm
    fill_texts(programm, planung)
    assert verbs(leitung) == ["Der BCA vorlegen"]
    assert verbs(person("Beides Gleich", Rolle.PLANUNG, Rolle.LEITUNG)) == ["Der BCA vorlegen"]  # asked once
    fassung = begin_beteiligung(programm=programm, by=leitung)
    assert verbs(leitung) == []
    assert verbs(bca) == ["Stellung nehmen"]
    stellungnahme = write_stellungnahme(fassung=fassung, text="Gut.", by=bca)
    assert verbs(bca) == []
    assert verbs(leitung) == ["Der BCA antworten"]
    answer_stellungnahme(stellungnahme=stellungnahme, umgang=Umgang.GEFOLGT, begruendung="Danke.", by=leitung)
    assert verbs(leitung) == ["Dem Beirat vorlegen"]


def test_a_fassung_that_was_taken_back_asks_the_bca_no_more(position, planung, leitung, bca):
    begin_beteiligung(programm=position.programm, by=planung)
    reopen_programm(programm=position.programm, grund="Noch nicht.", by=leitung)
    assert verbs(bca) == []


def test_a_submitted_fassung_waits_for_an_agenda(fassung, geschaeftsstelle, planung):
    assert verbs(geschaeftsstelle) == ["Auf die Tagesordnung setzen"]
    assert verbs(planung) == []


def test_on_the_agenda_it_waits_no_longer_and_members_read(top, geschaeftsstelle, mitglied, leitung):
    assert verbs(geschaeftsstelle) == []
    assert verbs(mitglied.konto) == ["Unterlagen lesen"]
    assert verbs(leitung) == []


def test_an_open_ballot_asks_each_member_once(abstimmung, mitglied, mitglied2, vorsitz):
    assert "Abstimmen" in verbs(mitglied.konto)
    cast_stimme(abstimmung=abstimmung, wahl=Wahl.NEIN, by=mitglied.konto)
    assert "Abstimmen" not in verbs(mitglied.konto)
    assert "Abstimmen" in verbs(mitglied2.konto)
    assert verbs(vorsitz.konto) == ["Abstimmen", "Weiterleiten"]


def test_members_who_are_not_in_the_room_are_not_asked_to_vote(abstimmung, seat):
    assert "Abstimmen" not in verbs(seat("Anna Abwesend").konto)


def test_after_the_advice_the_decision_is_entered_and_then_leitung_publishes(beschluss, decide, leitung, geschaeftsstelle, mitglied):
    assert verbs(leitung) == ["Beschluss eintragen"]
    assert "Beschluss eintragen" in verbs(geschaeftsstelle)
    assert "Abstimmen" not in verbs(mitglied.konto)
    decide(beschluss.fassung)
    assert verbs(leitung) == ["Veröffentlichen"]
    assert "Beschluss eintragen" not in verbs(geschaeftsstelle)


def test_where_no_body_decides_leitung_publishes_at_once(beschluss, leitung, settings):
    settings.INSTANZ = replace(settings.INSTANZ, programm=replace(settings.INSTANZ.programm, gremien=()))
    assert verbs(leitung) == ["Veröffentlichen"]


def test_a_published_programme_is_closed_when_its_year_is_over(veroeffentlichung, leitung, planung, at):
    at(datetime.fromisoformat("2027-12-31T12:00"))
    assert "Abschließen" not in verbs(leitung)
    at(datetime.fromisoformat("2028-01-01T00:00"))
    assert "Abschließen" in verbs(leitung)
    assert "Abschließen" not in verbs(planung)


def test_published_is_done(veroeffentlichung, leitung, planung, geschaeftsstelle):
    assert [verb for user in (leitung, planung) for verb in verbs(user) if "eröffentlich" in verb or "bearbeiten" in verb] == []


def test_a_release_waits_for_a_second_person(presse, presse2, leitung, planung):
    mitteilung = create_pressemitteilung(titel="Neues", vorspann="…", text="…", by=presse)
    assert verbs(presse) == verbs(presse2) == ["Weiter schreiben"]
    assert verbs(leitung) == []
    request_release(pressemitteilung=mitteilung, version=mitteilung.version, by=presse)
    assert verbs(presse) == verbs(planung) == []
    assert verbs(presse2) == verbs(leitung) == ["Lesen und freigeben"]


def test_a_failed_report_asks_those_who_may_ask_again(fassung, leitung, planung, system):
    Bericht.objects.create(art=Berichtsart.PROGRAMM, fassung=fassung, status=Auftragsstatus.GESCHEITERT, angefordert_von=system)
    assert verbs(leitung) == ["Noch einmal erstellen"]
    assert verbs(planung) == []


def test_the_oldest_comes_first(position, planung, leitung, presse):
    fill_texts(position.programm, planung)
    with clock.moved_to(clock.now() - timedelta(days=900)):
        mitteilung = create_pressemitteilung(titel="Alt", vorspann="…", text="…", by=presse)
        request_release(pressemitteilung=mitteilung, version=mitteilung.version, by=presse)
    assert verbs(leitung) == ["Lesen und freigeben", "Der BCA vorlegen"]


def test_every_task_leads_to_a_page_that_opens(signed_in, abstimmung, mitglied2, presse2, presse, leitung, planung):
    open_programm(jahr=2028, by=planung)
    mitteilung = create_pressemitteilung(titel="Neues", vorspann="…", text="…", by=presse)
    request_release(pressemitteilung=mitteilung, version=mitteilung.version, by=presse)
    for user in (mitglied2.konto, presse2, leitung, planung):
        aufgaben = list_aufgaben(user)
        assert aufgaben
        for aufgabe in aufgaben:
            assert signed_in(user).get(aufgabe.url).status_code == 200, aufgabe


def test_each_task_on_the_way_of_a_programme_leads_to_a_page_that_opens(signed_in, position, planung, leitung, bca):
    def check(user, verb: str) -> None:
        [aufgabe] = list_aufgaben(user)
        assert aufgabe.verb == verb
        assert signed_in(user).get(aufgabe.url).status_code == 200

    check(planung, "Weiter bearbeiten")
    fill_texts(position.programm, planung)
    check(leitung, "Der BCA vorlegen")
    fassung = begin_beteiligung(programm=position.programm, by=leitung)
    check(bca, "Stellung nehmen")
    stellungnahme = write_stellungnahme(fassung=fassung, text="Gut.", by=bca)
    check(leitung, "Der BCA antworten")
    answer_stellungnahme(stellungnahme=stellungnahme, umgang=Umgang.GEFOLGT, begruendung="Danke.", by=leitung)
    check(leitung, "Dem Beirat vorlegen")


def test_the_number_of_queries_does_not_grow(signed_in, planung, leitung, presse, django_assert_num_queries):
    def add(count: int, start: int) -> None:
        for number in range(start, start + count):
            open_programm(jahr=2027 + number, by=planung)
            mitteilung = create_pressemitteilung(titel=f"Neues {number}", vorspann="…", text="…", by=presse)
            request_release(pressemitteilung=mitteilung, version=mitteilung.version, by=presse)

    browser = signed_in(leitung)
    add(1, 0)
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("portal:aufgaben"))
    add(2, 1)
    with django_assert_num_queries(len(few)):
        browser.get(reverse("portal:aufgaben"))


def test_the_menu_shows_what_the_person_may_open(signed_in, mitglied, planung, fremd):
    def menu(user) -> set[str]:
        page = Page(signed_in(user).get(reverse("portal:aufgaben")).content)
        return {e.text for e in page.classed("navigation__link")}

    assert menu(planung) == {"Meine Aufgaben", "Programm", "Maßnahmen", "Kennzahlen", "Beirat", "Presse", "Berichte"}
    assert menu(mitglied.konto) == {"Meine Aufgaben", "Beirat"}
    assert menu(fremd) == {"Meine Aufgaben"}


def test_the_account_menu_names_person_and_roles(signed_in, person, mitglied):
    both = person("Berta Beides", Rolle.PLANUNG, Rolle.PRESSE)

    def menu(user) -> str:
        return Page(signed_in(user).get(reverse("portal:aufgaben")).content).one("details", class_="konto").text

    assert "Berta Beides" in menu(both)
    assert "Maßnahmenplanung, Pressestelle" in menu(both)
    assert "Mitglied des Beirats" in menu(mitglied.konto)


def test_post_and_machine_room_stand_in_the_menu_of_administration_and_post_in_that_of_the_demo(signed_in, administration, fremd, settings):
    def menu(user) -> set[str]:
        return {e.text for e in Page(signed_in(user).get(reverse("portal:aufgaben")).content).classed("navigation__link")}

    assert {"Post", "Technik"} <= menu(administration)
    settings.DEMO = True
    assert menu(fremd) == {"Meine Aufgaben", "Post"}
