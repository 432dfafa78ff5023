"""One import from its arrival to its end: what is shown, and which buttons."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from jobcenter.konten.enums import Rolle
from jobcenter.portal.queries import list_aufgaben, list_gescheiterte
from massnahmen.actions.importe import claim_import, discard_import, note_import, take_over_import
from massnahmen.enums import Importzustand
from massnahmen.models import Import, Massnahme
from tests.html import Page
from tests.tabellen import read_csv

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
BUTTONS = ("uebernehmen", "verwerfen", "pruefen", "wiederholen")


def url(quelle: Import, page: str = "detail") -> str:
    return reverse(f"massnahmen:import-{page}", args=[quelle.pk])


def shown(content: bytes) -> str:
    return " ".join(Page(content).by_id("stand").text.split())


@pytest.fixture
def waiting(upload, table, programm) -> Import:
    return upload(
        "massnahmen", table("Titel;Beginn;Plätze;Kosten EGT", "Kurs A;1.1.2027;5;1000", "Kurs <B>;1.1.2027;6;"), programm=programm
    )


@pytest.fixture
def geprueft(waiting, check_file) -> Import:
    return check_file(waiting)


@pytest.fixture
def fehlerhaft(upload, check_file, table, programm) -> Import:
    return check_file(upload("massnahmen", table("Titel;Plätze", "Kurs;x", ";5"), programm=programm))


@pytest.fixture
def given_up(waiting) -> Import:
    Import.objects.update(status=Auftragsstatus.GESCHEITERT, versuch=3, fehler="Der Speicher ist voll.")
    waiting.refresh_from_db()
    return waiting


def test_while_it_is_checked_the_page_asks_again_and_says_how_far(waiting, system, signed_in, planung):
    browser = signed_in(planung)
    page = Page(browser.get(url(waiting)).content)
    assert (page.by_id("stand").attrs["hx-get"], page.by_id("stand").attrs["hx-trigger"]) == (url(waiting), "every 2s")
    assert url(waiting) in page.links(), "and without JavaScript there is a link"
    versuch = claim_import(quelle=waiting, by=system)
    note_import(quelle=waiting, versuch=versuch, fortschritt=40, schritt="1.200 Zeilen geprüft", by=system)
    response = browser.get(url(waiting), headers=PARTIAL)
    assert ("<html" in response.content.decode(), "HX-Request" in response["Vary"]) == (False, True)
    assert Page(response.content).one("progress").attrs["value"] == "40"
    assert "1.200 Zeilen geprüft" in response.content.decode()


def test_a_failed_attempt_says_when_the_next_begins(waiting, signed_in, planung):
    Import.objects.update(versuch=1, fehler="Der Speicher ist voll.", naechster_versuch=clock.now() + timedelta(minutes=1))
    assert "Das war Versuch 1 von 3." in signed_in(planung).get(url(waiting)).content.decode()


def test_the_preview_says_what_would_happen(geprueft, signed_in, planung):
    response = signed_in(planung).get(url(geprueft))
    page = Page(response.content)
    assert [one.text for one in page.all("dd")][:2] == ["2", "0"]
    assert "Zusammen kosten sie im Programmjahr 1.000\u00a0€." in Page(response.content).by_id("stand").text
    assert "Kurs &lt;B&gt;" in response.content.decode()
    assert all(page.all("form", action=url(geprueft, name)) for name in ("uebernehmen", "verwerfen", "pruefen"))


def test_one_button_takes_everything_over(geprueft, signed_in, planung, controlling):
    assert signed_in(controlling).post(url(geprueft, "uebernehmen")).status_code == 403
    response = signed_in(planung).post(url(geprueft, "uebernehmen"), follow=True)
    assert "2 Zeilen sind übernommen." in response.content.decode()
    assert Massnahme.objects.count() == 2
    assert {url(geprueft, "zuruecknehmen"), reverse("massnahmen:programm-intern-detail", args=[2027])} <= Page(response.content).links()
    again = signed_in(planung).post(url(geprueft, "uebernehmen"), follow=True)
    assert "kern-alert--danger" in again.content.decode()
    assert Massnahme.objects.count() == 2


def test_faults_stand_there_with_their_place_and_as_csv(fehlerhaft, signed_in, planung):
    browser = signed_in(planung)
    text = shown(browser.get(url(fehlerhaft)).content)
    assert ("Zeile 2, Spalte Plätze" in text, "Der Titel fehlt." in text) == (True, True)
    _, *rows = read_csv(browser.get(url(fehlerhaft, "fehler")))
    assert [row[0] for row in rows] == [one["stelle"] for one in fehlerhaft.fehlerliste]
    assert not Page(browser.get(url(fehlerhaft)).content).all("form", action=url(fehlerhaft, "uebernehmen"))


def test_a_fault_that_looks_like_a_formula_is_harmless_in_the_file(fehlerhaft, signed_in, planung):
    Import.objects.update(fehlerliste=[{"stelle": "=1+1", "satz": "@SUM(A1)"}])
    assert read_csv(signed_in(planung).get(url(fehlerhaft, "fehler")))[1] == ["'=1+1", "'@SUM(A1)"]


def test_the_same_file_is_checked_anew(fehlerhaft, signed_in, planung):
    response = signed_in(planung).post(url(fehlerhaft, "pruefen"))
    fehlerhaft.refresh_from_db()
    new = Import.objects.exclude(pk=fehlerhaft.pk).get()
    assert (fehlerhaft.zustand, new.zustand, response["Location"]) == (Importzustand.VERWORFEN, Importzustand.EINGEREICHT, url(new))


def test_what_was_given_up_is_checked_again_by_who_may(given_up, signed_in, administration, leitung):
    page = Page(signed_in(administration).get(url(given_up)).content)
    assert "Der Speicher ist voll." in page.by_id("stand").text
    assert not page.all("form", action=url(given_up, "verwerfen")), "administration decides nothing"
    assert signed_in(leitung).post(url(given_up, "wiederholen")).status_code == 403
    signed_in(administration).post(url(given_up, "wiederholen"))
    given_up.refresh_from_db()
    assert given_up.status == Auftragsstatus.WARTET


def test_discarded_says_so(geprueft, signed_in, planung):
    response = signed_in(planung).post(url(geprueft, "verwerfen"), follow=True)
    assert "Übernommen ist nichts davon" in response.content.decode()
    assert not Massnahme.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("controlling", 200), ("leitung", 200), ("administration", 200), ("presse", 403), ("geschaeftsstelle", 403), ("fremd", 403)],
)
def test_who_may_look_and_gets_no_button_that_is_not_theirs(request, who, status, geprueft, signed_in, client):
    browser = signed_in(request.getfixturevalue(who))
    response = browser.get(url(geprueft))
    assert (response.status_code, browser.get(url(geprueft, "fehler")).status_code) == (status, status)
    for name in BUTTONS:
        assert f'action="{url(geprueft, name)}"' not in response.content.decode()
        expected = 302 if (who, name) == ("administration", "wiederholen") else 403
        assert browser.post(url(geprueft, name)).status_code == expected
        assert browser.get(url(geprueft, name)).status_code == 405 if status == 200 else 403
        assert client.post(url(geprueft, name)).status_code == 302
    assert browser.get(reverse("massnahmen:import-detail", args=[geprueft.pk + 1])).status_code == (404 if status == 200 else 403)
    assert not Massnahme.objects.exists()


def test_its_uploader_finds_it_among_the_tasks_until_it_is_decided(geprueft, planung, leitung, person):
    aufgabe = next(one for one in list_aufgaben(planung) if one.url == url(geprueft))
    assert (aufgabe.verb, aufgabe.wort) == ("Ansehen und entscheiden", "geprüft")
    for other in (person("Pia Zweit", Rolle.PLANUNG), leitung):
        assert url(geprueft) not in {one.url for one in list_aufgaben(other)}
    discard_import(quelle=geprueft, by=planung)
    assert url(geprueft) not in {one.url for one in list_aufgaben(planung)}


def test_a_check_that_was_given_up_stands_in_the_machine_room(given_up, administration, planung, signed_in):
    (zeile,) = list_gescheiterte()
    assert (zeile.art, zeile.url, zeile.grund) == ("Prüfung eines Imports", url(given_up), "Der Speicher ist voll.")
    signed_in(administration).post(reverse("portal:auftrag-wiederholen"), {"auswahl": f"import-{given_up.pk}"})
    given_up.refresh_from_db()
    assert given_up.status == Auftragsstatus.WARTET
    Import.objects.update(status=Auftragsstatus.GESCHEITERT)
    discard_import(quelle=given_up, by=planung)
    assert list_gescheiterte() == []


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_number_of_queries_does_not_grow(upload, check_file, table, programm, planung, signed_in, rows, django_assert_num_queries):
    quelle = check_file(upload("massnahmen", table("Titel", *(f"Kurs {number}" for number in range(rows))), programm=programm))
    take_over_import(quelle=quelle, by=planung)
    browser = signed_in(planung)
    browser.get(url(quelle))
    with django_assert_num_queries(3):
        browser.get(url(quelle))
