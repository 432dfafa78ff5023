from datetime import timedelta

import pytest
from django.urls import reverse

from beirat.actions import add_top, cast_stimme, close_abstimmung, plan_sitzung
from beirat.enums import Sitzungsstatus, Topart, Wahl
from beirat.models import Abstimmung
from jobcenter.common import clock
from tests.beirat.lesen import targets, words

pytestmark = pytest.mark.django_db
URL = reverse("beirat:sitzung-intern-detail", args=[22])
EINLADEN = reverse("beirat:sitzung-einladen", args=[22])
EROEFFNEN = reverse("beirat:sitzung-eroeffnen", args=[22])
SCHLIESSEN = reverse("beirat:sitzung-schliessen", args=[22])
ANWESENHEIT = reverse("beirat:anwesenheit-erfassen", args=[22])
NEUER_TOP = reverse("beirat:top-anlegen", args=[22])
VORLEGEN = reverse("beirat:fassung-vorlegen", args=[22])
ALLE = {EINLADEN, EROEFFNEN, SCHLIESSEN, ANWESENHEIT, NEUER_TOP, VORLEGEN}


@pytest.fixture
def geplant(geschaeftsstelle):
    return plan_sitzung(nummer=22, beginn=clock.now() + timedelta(days=20), ort="Kreishaus, Saal 1", by=geschaeftsstelle)


def offered(browser) -> set[str]:
    return targets(browser.get(URL)) & ALLE


# --- what is offered to whom, and when
def test_a_planned_session_is_prepared_by_the_geschaeftsstelle(geplant, fassung, geschaeftsstelle, vorsitz, leitung, signed_in):
    browser = signed_in(geschaeftsstelle)
    assert offered(browser) == {NEUER_TOP, VORLEGEN}, "nothing to invite to yet"
    assert "Arbeitsmarktprogramm 2027, Fassung 1" in words(browser.get(URL))
    add_top(sitzung=geplant, titel="Bericht", art=Topart.BERATUNG, oeffentlich=True, by=geschaeftsstelle)
    assert offered(browser) == {NEUER_TOP, VORLEGEN, EINLADEN}
    assert offered(signed_in(vorsitz.konto)) == offered(signed_in(leitung)) == set()


def test_an_invited_session_is_opened_by_the_chair(sitzung, punkt, geschaeftsstelle, vorsitz, stellvertretung, mitglied, signed_in):
    punkt()
    assert offered(signed_in(geschaeftsstelle)) == {NEUER_TOP, ANWESENHEIT}
    assert offered(signed_in(vorsitz.konto)) == offered(signed_in(stellvertretung.konto)) == {EROEFFNEN}
    assert offered(signed_in(mitglied.konto)) == set()


def test_during_a_ballot_nothing_else_is_offered(punkt, eroeffnet, vorsitz, geschaeftsstelle, mitglied, signed_in):
    top = punkt()
    eroeffnet()
    ballot = reverse("beirat:abstimmung-eroeffnen", args=[top.pk])
    assert offered(signed_in(geschaeftsstelle)) == {ANWESENHEIT}
    assert offered(signed_in(vorsitz.konto)) == {SCHLIESSEN}
    assert ballot in targets(signed_in(vorsitz.konto).get(URL))
    assert ballot not in targets(signed_in(mitglied.konto).get(URL))
    signed_in(vorsitz.konto).post(ballot)
    assert Abstimmung.objects.get().top == top
    assert offered(signed_in(geschaeftsstelle)) == offered(signed_in(vorsitz.konto)) == set()
    assert ballot not in targets(signed_in(vorsitz.konto).get(URL))


def test_after_the_session_nothing_is_offered(gehaltene_sitzung, vorsitz, geschaeftsstelle, signed_in):
    gehaltene_sitzung(22)
    for who in (vorsitz.konto, geschaeftsstelle):
        response = signed_in(who).get(URL)
        assert targets(response) & ALLE == set()
        assert "2 Ja, 1 Nein, 0 Enthaltungen" in words(response)


# --- its buttons
def test_invite(geplant, geschaeftsstelle, vorsitz, client, signed_in):
    public = reverse("beirat:sitzung-detail", args=[22])
    browser = signed_in(geschaeftsstelle)
    assert "Die Tagesordnung ist noch leer. Fügen Sie mindestens einen Punkt hinzu" in words(browser.post(EINLADEN, follow=True))
    assert client.get(public).status_code == 404
    add_top(sitzung=geplant, titel="Bericht", art=Topart.BERATUNG, oeffentlich=True, by=geschaeftsstelle)
    assert signed_in(vorsitz.konto).post(EINLADEN).status_code == 403
    assert "Die 22. Sitzung ist eingeladen." in words(browser.post(EINLADEN, follow=True))
    assert "Bericht" in words(client.get(public))
    assert "kann nicht in den Stand „eingeladen“ wechseln" in words(browser.post(EINLADEN, follow=True))


def test_put_a_fassung_on_the_agenda(fassung, sitzung, geschaeftsstelle, mitglied, signed_in):
    browser = signed_in(geschaeftsstelle)
    assert signed_in(mitglied.konto).post(VORLEGEN, {"fassung": fassung.pk}).status_code == 403
    assert "Wählen Sie eine Fassung aus" in words(browser.post(VORLEGEN, {"fassung": "999999"}, follow=True))
    text = words(browser.post(VORLEGEN, {"fassung": fassung.pk}, follow=True))
    assert "Die Mitglieder können sie jetzt lesen." in text
    assert sitzung.tops.get(vorlage__isnull=False).vorlage.fassung == fassung
    assert "steht schon auf einer Tagesordnung" in words(browser.post(VORLEGEN, {"fassung": fassung.pk}, follow=True))


def test_open(sitzung, vorsitz, mitglied, signed_in):
    assert signed_in(mitglied.konto).post(EROEFFNEN).status_code == 403
    assert "Die 22. Sitzung ist eröffnet." in words(signed_in(vorsitz.konto).post(EROEFFNEN, follow=True))
    sitzung.refresh_from_db()
    assert sitzung.status == Sitzungsstatus.EROEFFNET


def test_a_ballot_without_quorum_is_not_offered_and_refused_with_a_sentence(sitzung, punkt, vorsitz, mitglied, mitglied2, signed_in):
    top = punkt()
    browser = signed_in(vorsitz.konto)
    browser.post(EROEFFNEN)
    url = reverse("beirat:abstimmung-eroeffnen", args=[top.pk])
    response = browser.get(URL)
    assert url not in targets(response)
    assert "nicht beschlussfähig, 0 von 3" in words(response)
    assert "nötig sind 2" in words(browser.post(url, follow=True))
    assert signed_in(mitglied.konto).post(url).status_code == 403


@pytest.mark.parametrize("url", [EINLADEN, EROEFFNEN, VORLEGEN])
def test_buttons_are_posts_and_closed_to_strangers(sitzung, fremd, geschaeftsstelle, signed_in, url):
    assert signed_in(fremd).post(url).status_code == 403
    assert signed_in(geschaeftsstelle).get(url).status_code in {403, 405}


# --- the fixed line, and what a member sees of the ballot
def test_the_fixed_line(sitzung, punkt, eroeffnet, vorsitz, signed_in):
    from beirat.actions import open_abstimmung

    browser = signed_in(vorsitz.konto)
    top = punkt()
    assert words(browser.get(URL)).startswith("noch nicht eröffnet", words(browser.get(URL)).index("noch"))
    eroeffnet()
    assert "eröffnet · beschlussfähig, 3 von 3" in words(browser.get(URL))
    open_abstimmung(top=top, by=vorsitz.konto)
    assert "TOP 2 · beschlussfähig, 3 von 3" in words(browser.get(URL))


def test_each_member_reads_what_to_do(abstimmung, mitglied, mitglied2, stellvertretung, beratend, planung, signed_in):
    cast_stimme(abstimmung=abstimmung, wahl=Wahl.NEIN, by=mitglied2.konto)
    sentences = {
        mitglied.konto: "Jetzt abstimmen",
        mitglied2.konto: "Ihre Stimme ist gezählt.",
        stellvertretung.konto: "Sie sind nicht als anwesend eingetragen und können nicht abstimmen.",
        beratend.konto: "Sie beraten mit und haben kein Stimmrecht.",
        planung: "Die anwesenden Mitglieder stimmen ab.",
    }
    for who, sentence in sentences.items():
        assert sentence in words(signed_in(who).get(URL)), who
        assert ("Jetzt abstimmen" in words(signed_in(who).get(URL))) == (who == mitglied.konto)


def test_no_interim_result_in_page_or_fragment(abstimmung, vorsitz, mitglied, mitglied2, planung, signed_in):
    """What others voted changes not a single byte that a person sees (the CSRF token aside)."""
    import re

    def seen(who, **headers) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", signed_in(who).get(URL, headers=headers).content.decode())

    people = [vorsitz.konto, mitglied.konto, planung]
    before = [(seen(who), seen(who, hx_request="true")) for who in people]
    cast_stimme(abstimmung=abstimmung, wahl=Wahl.NEIN, by=mitglied2.konto)
    assert [(seen(who), seen(who, hx_request="true")) for who in people] == before


# --- the live part
def test_the_fragment_is_the_live_part_alone(sitzung, punkt, eroeffnet, mitglied, signed_in):
    punkt("Bericht")
    eroeffnet()
    browser = signed_in(mitglied.konto)
    page, fragment = browser.get(URL), browser.get(URL, headers={"hx-request": "true"})
    assert "<html" not in fragment.content.decode()
    assert fragment.content.decode().strip() in page.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]
    assert "HX-Request" in page.headers["Vary"]
    assert "Aktualisieren" in words(page)


def test_the_page_follows_along_only_while_there_is_something_to_follow(sitzung, eroeffnet, vorsitz, mitglied, signed_in):
    from beirat.actions import close_sitzung

    def follows() -> bool:
        return "hx-trigger" in signed_in(mitglied.konto).get(URL).content.decode()

    assert not follows(), "a week before"
    eroeffnet()
    assert follows()
    close_sitzung(sitzung=sitzung, by=vorsitz.konto)
    assert not follows()


def test_the_announcement_changes_with_what_is_worth_it(punkt, eroeffnet, vorsitz, mitglied, signed_in):
    from beirat.actions import open_abstimmung

    def heard() -> str:
        return signed_in(mitglied.konto).get(URL).content.decode().partition('role="status">')[2].partition("<")[0]

    top = punkt()
    assert heard() == ""
    eroeffnet()
    assert heard() == "Die Sitzung ist eröffnet."
    ballot = open_abstimmung(top=top, by=vorsitz.konto)
    assert heard() == "Über TOP 2 wird abgestimmt."
    close_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    assert heard() == "Ergebnis zu TOP 2: abgelehnt."


def test_the_ladungsfrist(geschaeftsstelle, signed_in):
    for nummer, tage in ((1, 20), (2, 10)):
        planned = plan_sitzung(nummer=nummer, beginn=clock.now() + timedelta(days=tage), ort="Kreishaus", by=geschaeftsstelle)
        add_top(sitzung=planned, titel="Bericht", art=Topart.BERATUNG, oeffentlich=True, by=geschaeftsstelle)
    early, late = (words(signed_in(geschaeftsstelle).get(reverse("beirat:sitzung-intern-detail", args=[n]))) for n in (1, 2))
    assert "Dann ist die Ladungsfrist von 14 Tagen eingehalten." in early
    assert "Die Ladungsfrist ist nicht mehr einzuhalten." in late


@pytest.mark.parametrize("n", [1, 3, 30])
def test_queries(punkt, eroeffnet, seat, vorsitz, geschaeftsstelle, mitglied, signed_in, n, django_assert_num_queries):
    from beirat.actions import open_abstimmung

    tops = [punkt(f"Punkt {i}") for i in range(n)]
    for i in range(n):
        seat(f"Beratend {i}", stimmberechtigt=False)
    eroeffnet()
    close_abstimmung(abstimmung=open_abstimmung(top=tops[0], by=vorsitz.konto), by=vorsitz.konto)
    for who, queries in ((geschaeftsstelle, 8), (mitglied.konto, 13), (vorsitz.konto, 13)):
        browser = signed_in(who)
        with django_assert_num_queries(queries):
            browser.get(URL)


def test_a_session_that_does_not_exist(geschaeftsstelle, signed_in):
    assert signed_in(geschaeftsstelle).get(reverse("beirat:sitzung-intern-detail", args=[99])).status_code == 404
