from datetime import timedelta

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from jobcenter.berichte.actions import claim_bericht, fail_bericht
from jobcenter.berichte.models import Bericht
from jobcenter.berichte.templatetags.berichte import dateigroesse
from jobcenter.common import clock
from jobcenter.common.enums import Auftragsstatus
from massnahmen.models import Beratung, Fassung, Veroeffentlichung

pytestmark = pytest.mark.django_db
URL = reverse("berichte:programm-pdf", args=[2027])


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_everybody_gets_the_pdf_of_the_published_fassung(bericht, finish, client):
    done = finish(bericht, b"%PDF-1.7 whole")
    response = client.get(URL)
    assert (response.status_code, response["Content-Type"], body(response)) == (200, "application/pdf", b"%PDF-1.7 whole")
    assert response["Content-Disposition"] == 'inline; filename="arbeitsmarktprogramm-2027-fassung-1.pdf"'
    assert response["Content-Length"] == "14"
    assert response["ETag"] == f'"{done.pruefsumme}"'
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_who_has_it_already_gets_no_second_copy(bericht, finish, client):
    finish(bericht)
    etag = client.get(URL)["ETag"]
    assert client.get(URL, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(URL, headers={"If-None-Match": '"other"'}).status_code == 200


def test_while_it_is_made_a_page_says_so(bericht, client):
    response = client.get(URL)
    assert (response.status_code, response["Retry-After"]) == (503, "15")
    assert "Das PDF wird gerade erstellt" in response.content.decode()
    assert reverse("massnahmen:programm-detail", args=[2027]) in response.content.decode()


@pytest.fixture
def given_up(bericht, system) -> Bericht:
    """A report after its five attempts."""
    for _ in range(Bericht.MAX_VERSUCHE):
        Bericht.objects.update(naechster_versuch=clock.now())
        versuch = claim_bericht(bericht=bericht, by=system)
        fail_bericht(bericht=bericht, versuch=versuch, fehler="/srv/geheim ist voll", by=system)
    bericht.refresh_from_db()
    assert bericht.status == Auftragsstatus.GESCHEITERT
    return bericht


def assert_says_there_is_none(response, settings) -> None:
    page = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert "Retry-After" not in response
    assert "Das PDF gibt es gerade nicht" in page
    assert "Minuten" not in page
    assert settings.INSTANZ.kontakt.telefon in page
    assert f"mailto:{settings.INSTANZ.kontakt.mail}" in page
    assert reverse("massnahmen:programm-detail", args=[2027]) in page


def test_what_was_given_up_is_not_promised(given_up, client, settings):
    response = client.get(URL)
    assert_says_there_is_none(response, settings)
    assert "geheim" not in response.content.decode()


def test_a_file_that_the_store_has_lost_is_said_and_logged(bericht, finish, client, settings, media, caplog):
    done = finish(bericht)
    (media / done.datei).unlink()
    assert_says_there_is_none(client.get(URL), settings)
    assert [record.levelname for record in caplog.records if done.datei in record.getMessage()] == ["ERROR"]


def test_a_year_without_programme_has_no_pdf(client, db):
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("who", [None, "fremd", "mitglied2"])
def test_an_unpublished_fassung_gives_no_pdf_to_strangers(who, request, beschluss, system, finish, client, signed_in, media):
    """Even if a finished report lies in the store."""
    finish(Bericht.objects.create(art="programm", fassung=beschluss.fassung, angefordert_von=system), b"%PDF secret")
    person = who and request.getfixturevalue(who)
    browser = signed_in(getattr(person, "konto", person)) if person else client
    assert browser.get(URL).status_code == 404
    name = next(path for path in media.rglob("*.pdf"))
    assert browser.get(f"/media/{name.relative_to(media)}").status_code in {302, 404}  # files have no address of their own
    assert "secret" not in browser.get(reverse("berichte:archiv")).content.decode()


def test_a_publication_of_tomorrow_is_not_today(beschluss, system, finish, client, leitung):
    finish(Bericht.objects.create(art="programm", fassung=beschluss.fassung, angefordert_von=system))
    morgen = clock.now() + timedelta(days=1)
    Veroeffentlichung.objects.create(beratung=beschluss.fassung.beratung, am=morgen, von=leitung)
    assert client.get(URL).status_code == 404
    with clock.moved_to(morgen):
        assert client.get(URL).status_code == 200


def test_the_newest_published_fassung_wins(bericht, finish, client, system, leitung):
    finish(bericht, b"%PDF first")
    alt = bericht.fassung
    neu = Fassung.objects.create(programm=alt.programm, nummer=2, inhalt=alt.inhalt, pruefsumme=alt.pruefsumme, vorgelegt_von=leitung)
    beratung = Beratung.objects.create(fassung=neu, ergebnis="zugestimmt", ja=3, nein=0, enthaltung=0, beschluss="Beschluss 02/2027")
    assert body(client.get(URL)) == b"%PDF first"  # advised, not yet published
    Veroeffentlichung.objects.create(beratung=beratung, von=leitung, am=timezone.now())
    assert client.get(URL).status_code == 503  # better none than the old one
    finish(Bericht.objects.create(art="programm", fassung=neu, angefordert_von=system), b"%PDF second")
    assert body(client.get(URL)) == b"%PDF second"


def test_queries(bericht, finish, client, django_assert_num_queries):
    finish(bericht)
    with django_assert_num_queries(2):  # publication, report
        client.get(URL)


LINK = Template("{% load berichte %}{% programm_pdf_link fassung_id=fassung_id %}")


def test_the_link_tells_pages_and_size_in_one_query(bericht, finish, django_assert_num_queries):
    finish(bericht, b"x" * 1_234_567, seiten=15)
    with django_assert_num_queries(1):
        html = LINK.render(Context({"fassung_id": bericht.fassung_id}))
    assert f'href="{URL}"' in html
    assert "15&nbsp;Seiten, 1,2\u00a0MB" in html


def test_the_link_waits_for_the_pdf(bericht):
    assert "PDF wird erstellt" in LINK.render(Context({"fassung_id": bericht.fassung_id}))


def test_the_link_promises_nothing_that_was_given_up(given_up):
    html = LINK.render(Context({"fassung_id": given_up.fassung_id}))
    assert "Das PDF gibt es gerade nicht" in html
    assert "wird erstellt" not in html


def test_the_link_says_nothing_of_what_is_not_published(beschluss, system, finish):
    finish(Bericht.objects.create(art="programm", fassung=beschluss.fassung, angefordert_von=system))
    assert URL not in LINK.render(Context({"fassung_id": beschluss.fassung_id}))


def test_sizes_read_as_in_a_file_manager():
    sizes = [dateigroesse(octets).replace("\u00a0", " ") for octets in (1, 83_068, 999_499, 1_250_000)]
    assert sizes == ["1 KB", "83 KB", "999 KB", "1,3 MB"]
