from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beirat.actions import plan_sitzung
from jobcenter.common import clock
from jobcenter.konten.models import User
from jobcenter.presse.actions import create_pressemitteilung, release_pressemitteilung, request_release
from kennzahlen.enums import Einheit, Genauigkeit, Kennzahlart, Quellenart, Traegerform
from kennzahlen.models import Datenstand, Jobcenter, Kennzahl, Messwert, Quelle
from massnahmen.actions import reopen_programm
from massnahmen.models import Arbeitsmarktprogramm
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = "/"


def release(titel: str, presse: User, presse2: User, sperrfrist=None):
    mitteilung = create_pressemitteilung(titel=titel, vorspann="Kurz gesagt.", text="Lang gesagt.", sperrfrist=sperrfrist, by=presse)
    mitteilung = request_release(pressemitteilung=mitteilung, version=mitteilung.version, by=presse)
    return release_pressemitteilung(pressemitteilung=mitteilung, version=mitteilung.version, by=presse2)


@pytest.fixture
def measure(db):
    quelle = Quelle.objects.create(art=Quellenart.PRESSE, herausgeber="Landkreis", titel="Mitteilung")
    stand = Datenstand.objects.create(quelle=quelle, tag=date(2019, 8, 14))

    def make(traegernummer: str, jobcenter: str, code: str, zaehler: int, *, bis=date(2019, 6, 30), **fields) -> Messwert:
        whose, _ = Jobcenter.objects.get_or_create(
            traegernummer=traegernummer, defaults={"name": jobcenter, "form": Traegerform.ZUGELASSENER_TRAEGER}
        )
        einheit = fields.pop("einheit", Einheit.ANZAHL)
        kennzahl, _ = Kennzahl.objects.get_or_create(
            code=code, defaults={"name": f"Kennzahl {code}", "art": Kennzahlart.EIGENE, "einheit": einheit, "definition": "x"}
        )
        return Messwert.objects.create(
            jobcenter=whose, kennzahl=kennzahl, von=bis.replace(day=1), bis=bis, datenstand=stand, zaehler=zaehler, **fields
        )

    return make


def test_an_empty_portal_still_knows_a_way_on(client):
    page = Page(client.get(URL).content)
    assert len(page.all("h1")) == 1
    assert {"/massnahmen/", "/betriebe/", "/presse/", "/beirat/"} <= page.links()
    assert "Noch keine Pressemitteilung" in page.one("main").text
    assert "Noch kein Termin" in page.one("main").text
    assert not page.classed("kachel")
    assert not page.classed("band")


def test_the_three_newest_releases_and_nothing_that_is_not_public(client, presse, presse2):
    for number in range(4):
        release(f"Meldung {number}", presse, presse2)
    release("Noch geheim", presse, presse2, sperrfrist=clock.now() + timedelta(hours=1))
    create_pressemitteilung(titel="Nur Entwurf", vorspann="…", text="…", by=presse)
    titles = [e.text for e in Page(client.get(URL).content).classed("liste__titel")]
    assert titles == ["Meldung 3", "Meldung 2", "Meldung 1"]


def test_a_release_appears_the_moment_its_embargo_ends(client, presse, presse2):
    ends = clock.now() + timedelta(hours=1)
    release("Noch geheim", presse, presse2, sperrfrist=ends)
    with clock.moved_to(ends - timedelta(seconds=1)):
        assert "Noch geheim" not in client.get(URL).content.decode()
    with clock.moved_to(ends):
        assert "Noch geheim" in client.get(URL).content.decode()


def test_the_next_session_only_when_invitations_went_out(client, geschaeftsstelle, sitzung):
    plan_sitzung(nummer=23, beginn=clock.now() + timedelta(days=1), ort="Keller", by=geschaeftsstelle)
    main = Page(client.get(URL).content).one("main").text
    assert "22.\u00a0Sitzung" in main
    assert "Keller" not in main


def test_own_figures_stand_alone_and_say_their_stand(client, measure):
    measure("99001", "Jobcenter Landkreis Musterburg", "A", 1234)
    measure("16088", "Saalekreis", "B", 10309)
    [tile] = Page(client.get(URL).content).classed("kachel")
    assert "1.234" in tile.text
    assert "Saalekreis" not in tile.text
    assert "Stand: 14.\u00a0August\u00a02019" in tile.text


def test_figures_of_others_carry_their_name_and_their_wording(client, measure):
    measure("16088", "Saalekreis", "A", 1_390_000_000, einheit=Einheit.CENT, genauigkeit=Genauigkeit.RUND)
    measure("16088", "Saalekreis", "B", 9096, nenner=9549, einheit=Einheit.VERAENDERUNG)
    page = Page(client.get(URL).content)
    texts = [tile.text for tile in page.classed("kachel")]
    assert all("Saalekreis, Juni\u00a02019" in text for text in texts)
    assert any("rund 13,9\u00a0Mio.\u00a0€" in text for text in texts)
    assert any("\u22124,7\u00a0%" in text for text in texts)
    assert "Zahlen anderer Jobcenter" in page.one("main").text


def test_the_newest_value_of_each_of_three_kennzahlen(client, measure):
    measure("99001", "Eigenes", "A", 1, bis=date(2018, 6, 30))
    for code, zaehler in (("A", 2), ("B", 3), ("C", 4), ("D", 5)):
        measure("99001", "Eigenes", code, zaehler)
    tiles = Page(client.get(URL).content).classed("kachel__wert")
    assert len(tiles) == 3
    assert "1" not in [tile.text for tile in tiles]


def test_the_band_shows_the_published_fassung_and_no_draft(client, veroeffentlichung, leitung):
    [band] = Page(client.get(URL).content).classed("band")
    assert "520.000,50\u00a0€" in band.text
    assert "/arbeitsmarktprogramm/2027/" in Page(client.get(URL).content).links()
    reopen_programm(programm=Arbeitsmarktprogramm.objects.get(), grund="Noch eine Änderung", by=leitung)
    Arbeitsmarktprogramm.objects.update(titel="Ganz anders")
    assert "Ganz anders" not in client.get(URL).content.decode()


def test_a_draft_is_no_band(client, position):
    assert not Page(client.get(URL).content).classed("band")


def test_the_number_of_queries_does_not_grow(client, presse, presse2, measure, django_assert_num_queries):
    release("Eine", presse, presse2)
    measure("99001", "Eigenes", "A", 1)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for number in range(3):
        release(f"Meldung {number}", presse, presse2)
        measure("99001", "Eigenes", f"B{number}", number)
    with django_assert_num_queries(len(few)):
        client.get(URL)
    assert len(few) == 4
