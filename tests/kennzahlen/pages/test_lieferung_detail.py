"""One delivery from its arrival to its end: what is shown, and which buttons."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from jobcenter.konten.enums import Rolle
from jobcenter.portal.queries import list_aufgaben, list_gescheiterte
from kennzahlen.actions import claim_lieferung, discard_lieferung, note_lieferung, withdraw_lieferung
from kennzahlen.enums import Lieferzustand
from kennzahlen.models import Datenlieferung
from tests.html import Page
from tests.tabellen import read_csv

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def url(lieferung: Datenlieferung, page: str = "detail") -> str:
    return reverse(f"kennzahlen:lieferung-{page}", args=[lieferung.pk])


@pytest.fixture
def waiting(submit) -> Datenlieferung:
    return submit("99001;2026-07;K2;I;2601;9824,58")


@pytest.fixture
def given_up(waiting) -> Datenlieferung:
    Datenlieferung.objects.update(status=Auftragsstatus.GESCHEITERT, versuch=3, fehler="Der Speicher ist voll.")
    waiting.refresh_from_db()
    return waiting


def test_while_it_is_checked_the_page_asks_again_and_says_how_far(waiting, system, signed_in, controlling):
    browser = signed_in(controlling)
    page = Page(browser.get(url(waiting)).content)
    assert page.by_id("stand").attrs["hx-get"] == url(waiting)
    assert page.by_id("stand").attrs["hx-trigger"] == "every 2s"
    assert url(waiting) in page.links(), "and without JavaScript there is a link"
    versuch, _ = claim_lieferung(lieferung=waiting, by=system)
    note_lieferung(lieferung=waiting, versuch=versuch, fortschritt=40, schritt="1.200 Zeilen gelesen", by=system)
    response = browser.get(url(waiting), headers=PARTIAL)
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]
    progress = Page(response.content).one("progress")
    assert (progress.attrs["value"], "1.200 Zeilen gelesen" in response.content.decode()) == ("40", True)


def test_a_failed_attempt_says_when_the_next_begins(waiting, signed_in, controlling):
    Datenlieferung.objects.update(versuch=1, fehler="Der Speicher ist voll.", naechster_versuch=clock.now() + timedelta(minutes=1))
    text = signed_in(controlling).get(url(waiting)).content.decode()
    assert "Der Speicher ist voll." in text
    assert "Das war Versuch 1 von 3." in text


def test_the_preview_names_what_would_change(uebernommen, submit, check, signed_in, controlling):
    kopf = "traegernummer;vergleichstyp;berichtsmonat;kennzahl;geschlecht;zaehler;nenner"
    stand = clock.today()
    lieferung = check(submit("99001;IIIb;2026-07;K2;I;2700;9824,58", "99001;IIIb;2026-06;K2;I;9000;9824,58", kopf=kopf, stand=stand))
    page = Page(signed_in(controlling).get(url(lieferung)).content)
    text = " ".join(page.by_id("stand").text.split())
    assert [e.text for e in page.all("dd")][:4] == ["1", "1", "0", "1"]
    assert "26,47 % →wird zu 27,48 %" in text.replace("\u00a0", " ")
    assert "91,6 % wäre ungewöhnlich" in text.replace("\u00a0", " ")
    assert "1 neue Zuordnung" in text
    assert url(lieferung, "uebernehmen") in page.links()


def test_a_delivery_without_news_can_only_be_thrown_away(uebernommen, submit, check, signed_in, controlling):
    lieferung = check(submit("99002;2026-07;K2;I;2500;10000", "99001;2026-07;K2;I;2601;9824,58", stand=clock.today()))
    page = Page(signed_in(controlling).get(url(lieferung)).content)
    assert "Diese Datei ändert nichts" in page.by_id("stand").text
    assert url(lieferung, "uebernehmen") not in page.links()
    assert page.one("form", action=url(lieferung, "verwerfen"))


def test_faults_stand_there_with_their_place_and_as_csv(fehlerhaft, signed_in, controlling):
    browser = signed_in(controlling)
    page = Page(browser.get(url(fehlerhaft)).content)
    assert f"{fehlerhaft.fehlerzahl}\u00a0Fehler in der Datei" in page.by_id("stand").text.replace("&nbsp;", "\u00a0")
    assert "Zeile 3, Spalte traegernummer" in page.by_id("stand").text
    assert f"{reverse('kennzahlen:lieferung-neu')}?wie={fehlerhaft.pk}" in page.links()
    head, *rows = read_csv(browser.get(url(fehlerhaft, "fehler")))
    assert head == ["Stelle", "Was ist falsch"]
    assert [row[0] for row in rows] == [one["stelle"] for one in fehlerhaft.fehlerliste]


def test_a_fault_that_looks_like_a_formula_is_harmless_in_the_file(fehlerhaft, signed_in, controlling):
    Datenlieferung.objects.update(fehlerliste=[{"stelle": "=1+1", "satz": "@SUM(A1)"}])
    assert read_csv(signed_in(controlling).get(url(fehlerhaft, "fehler")))[1] == ["'=1+1", "'@SUM(A1)"]


def test_what_was_given_up_is_checked_again_by_controlling_or_administration(given_up, signed_in, administration, leitung):
    page = Page(signed_in(administration).get(url(given_up)).content)
    assert "Der Speicher ist voll." in page.by_id("stand").text
    assert not page.all("form", action=url(given_up, "verwerfen")), "administration decides nothing"
    assert signed_in(leitung).post(url(given_up, "wiederholen")).status_code == 403
    signed_in(administration).post(url(given_up, "wiederholen"))
    given_up.refresh_from_db()
    assert given_up.status == Auftragsstatus.WARTET
    response = signed_in(administration).post(url(given_up, "wiederholen"), follow=True)
    assert "kern-alert--danger" in response.content.decode(), "it waits already"


def test_discard_is_for_controlling_and_says_so_when_it_is_too_late(geprueft, uebernommen, signed_in, controlling, leitung):
    assert signed_in(leitung).post(url(geprueft, "verwerfen")).status_code == 403
    response = signed_in(controlling).post(url(geprueft, "verwerfen"), follow=True)
    assert "übernommen" in response.content.decode()
    geprueft.refresh_from_db()
    assert geprueft.zustand == Lieferzustand.UEBERNOMMEN


def test_after_its_end_a_delivery_says_who_and_why(uebernommen, signed_in, controlling):
    browser = signed_in(controlling)
    page = Page(browser.get(url(uebernommen)).content)
    assert "Carla Controlling hat sie am" in page.by_id("stand").text
    assert {reverse("kennzahlen:uebersicht"), url(uebernommen, "zurueckziehen")} <= page.links()
    withdraw_lieferung(lieferung=uebernommen, grund="Die Quelle <hat> widerrufen.", by=controlling)
    text = browser.get(url(uebernommen)).content.decode()
    assert "Die Quelle &lt;hat&gt; widerrufen." in text
    assert "zurueckziehen/" not in text


def test_a_discarded_delivery_says_that_nothing_is_published(geprueft, signed_in, controlling):
    response = signed_in(controlling).post(url(geprueft, "verwerfen"), follow=True)
    assert "Veröffentlicht ist nichts davon" in response.content.decode()


@pytest.mark.parametrize(("who", "status"), [("leitung", 200), ("administration", 200), ("planung", 403), ("fremd", 403)])
def test_who_may_look_and_gets_no_button_that_is_not_theirs(request, who, status, geprueft, signed_in, client):
    browser = signed_in(request.getfixturevalue(who))
    response = browser.get(url(geprueft))
    assert response.status_code == status
    assert browser.get(url(geprueft, "fehler")).status_code == status
    assert url(geprueft, "uebernehmen") not in response.content.decode()
    assert url(geprueft, "verwerfen") not in response.content.decode()
    assert browser.get(reverse("kennzahlen:lieferung-detail", args=[geprueft.pk + 1])).status_code == (404 if status == 200 else 403)
    assert client.get(url(geprueft)).status_code == 302


def test_its_deliverer_finds_it_among_the_tasks_until_it_is_decided(geprueft, controlling, leitung, person):
    (aufgabe,) = list_aufgaben(controlling)
    assert (aufgabe.verb, aufgabe.url) == ("Ansehen und entscheiden", url(geprueft))
    assert list_aufgaben(person("Carlo Zweit", Rolle.CONTROLLING)) == []
    assert list_aufgaben(leitung) == []
    discard_lieferung(lieferung=geprueft, by=controlling)
    assert list_aufgaben(controlling) == []


def test_a_check_that_was_given_up_stands_in_the_machine_room(given_up, administration, controlling, signed_in):
    (zeile,) = list_gescheiterte()
    assert (zeile.art, zeile.url, zeile.grund) == ("Prüfung einer Datenlieferung", url(given_up), "Der Speicher ist voll.")
    signed_in(administration).post(reverse("portal:auftrag-wiederholen"), {"auswahl": f"lieferung-{given_up.pk}"})
    given_up.refresh_from_db()
    assert given_up.status == Auftragsstatus.WARTET
    Datenlieferung.objects.update(status=Auftragsstatus.GESCHEITERT)
    discard_lieferung(lieferung=given_up, by=controlling)
    assert list_gescheiterte() == []
