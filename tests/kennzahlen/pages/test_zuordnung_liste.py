"""Groups, a list that says them anew, and Jobcenter that became one."""

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jobcenter.common.models import Ereignis
from kennzahlen.actions import assign_zuordnungen
from kennzahlen.enums import Traegerform
from kennzahlen.models import Jobcenter, Vergleichsgruppe, Zugehoerigkeit
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = reverse("kennzahlen:zuordnung-liste")
KOPF = "traegernummer;art;code;name;gueltig_ab"


@pytest.fixture(autouse=True)
def _november(at) -> None:
    at(datetime(2026, 11, 22, 9))


def upload(browser, *lines: str):
    datei = SimpleUploadedFile("liste.csv", "\n".join([KOPF, *lines]).encode(), "text/csv")
    return browser.post(URL, {"schritt": "pruefen", "datei": datei})


def confirm(browser, page: Page):
    fields = {name: page.one("input", name=name).attrs["value"] for name in ("liste", "pruefsumme")}
    return browser.post(URL, {"schritt": "uebernehmen"} | fields)


def members() -> set[tuple[str, str, date, date | None]]:
    rows = Zugehoerigkeit.objects.values_list("jobcenter__traegernummer", "gruppe__code", "zeitraum")
    return {(nummer, code, zeit.lower, zeit.upper) for nummer, code, zeit in rows}


def test_what_would_change_is_seen_first_and_then_done(signed_in, administration, jobcenter):
    browser = signed_in(administration)
    response = upload(browser, "04412;land;ST;Sachsen-Anhalt;2005-01-01", "04412;typ;IIIa;Typ IIIa;01.01.2014")
    page = Page(response.content)
    text = response.content.decode()
    assert "2 geändert, 0 unverändert. Neue Gruppen: Sachsen-Anhalt, Typ IIIa" in text
    assert not Vergleichsgruppe.objects.exists()
    assert confirm(browser, page).status_code == 302
    assert members() == {("04412", "ST", date(2005, 1, 1), None), ("04412", "IIIa", date(2014, 1, 1), None)}
    assert Ereignis.objects.filter(name="kennzahlen.zuordnungen_geaendert").count() == 1
    again = upload(browser, "04412;land;ST;Sachsen-Anhalt;2005-01-01")
    assert "Diese Liste ändert nichts" in again.content.decode()


def test_a_change_ends_what_held_until_then(signed_in, controlling, jobcenter):
    browser = signed_in(controlling)
    upload_all = ["04412;typ;Ia;Typ Ia;2014-01-01", "04412;typ;IIb;Typ IIb;2025-01-01"]
    confirm(browser, Page(upload(browser, *upload_all).content))
    response = upload(browser, "04412;typ;IIc;Typ IIc;2020-01-01")
    cells = [cell.text for cell in Page(response.content).all("td")]
    assert cells[:4] == ["SGB-II-Vergleichstyp", "Typ Ia", "Typ IIc", "Januar\u00a02020"]
    confirm(browser, Page(response.content))
    assert members() == {
        ("04412", "Ia", date(2014, 1, 1), date(2020, 1, 1)),
        ("04412", "IIc", date(2020, 1, 1), date(2025, 1, 1)),
        ("04412", "IIb", date(2025, 1, 1), None),
    }


def test_a_group_gets_the_name_of_the_list(signed_in, controlling, jobcenter):
    assign_zuordnungen(zuordnungen=[{"traegernummer": "04412", "art": "land", "code": "ST"}], ab=date(2005, 1, 1), by=controlling)
    browser = signed_in(controlling)
    response = upload(browser, "04412;land;ST;Sachsen-Anhalt;2005-01-01")
    assert "heißt künftig „Sachsen-Anhalt“ statt „ST“" in response.content.decode()
    confirm(browser, Page(response.content))
    assert Vergleichsgruppe.objects.get().name == "Sachsen-Anhalt"


def test_whoever_confirms_gets_what_was_seen_or_sees_it_anew(signed_in, controlling, jobcenter):
    browser = signed_in(controlling)
    page = Page(upload(browser, "04412;land;ST;Sachsen-Anhalt;2010-01-01").content)
    assign_zuordnungen(zuordnungen=[{"traegernummer": "04412", "art": "land", "code": "TH"}], ab=date(2005, 1, 1), by=controlling)
    response = confirm(browser, page)
    assert response.status_code == 409
    assert "Inzwischen hat sich eine Zuordnung geändert" in response.content.decode()
    assert members() == {("04412", "TH", date(2005, 1, 1), None)}
    assert confirm(browser, Page(response.content)).status_code == 302  # seen now


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("04413;land;ST;Sachsen-Anhalt;2005-01-01", "Zeile 3: Ein Jobcenter mit der Trägernummer 04413 gibt es nicht."),
        ("4412;land;ST;;2005-01-01", "Zeile 3: „4412“ ist keine Trägernummer."),
        ("04412;kreis;ST;;2005-01-01", "Zeile 3: Die Art „kreis“ ist unbekannt."),
        ("04412;land;;;2005-01-01", "Zeile 3: Das Kürzel der Gruppe (code) fehlt."),
        ("04412;land;ST;;2005-02-30", "Zeile 3: „2005-02-30“ ist kein Tag."),
        ("04412;land;ST;;2005-01-15", "Zeile 3: Eine Zuordnung beginnt mit dem Ersten eines Monats"),
        ("04412;typ;Ib;Typ Ib;2014-01-01", "Zeile 3: Dieses Jobcenter ist zum selben Tag schon in Zeile 2 zugeordnet."),
        ("99001;typ;Ia;Anders;2014-01-01", "Zeile 3: Die Gruppe „Ia“ heißt in Zeile 2 „Typ Ia“ und hier „Anders“."),
        ("99001;bund;de;Deutschland;2014-01-01", "Zeile 3: Landkreis Musterburg ist erfunden und gehört nicht zum Bund."),
        ("04412;land;ST", "Zeile 3: 3 Spalten statt 5."),
    ],
)
def test_one_wrong_line_and_nothing_is_taken(line, sentence, signed_in, controlling, jobcenter, eigenes):
    response = upload(signed_in(controlling), "04412;typ;Ia;Typ Ia;2014-01-01", line)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "#id_datei" in Page(response.content).links()
    assert not Vergleichsgruppe.objects.exists()


def test_many_faults_are_counted(signed_in, controlling, jobcenter):
    response = upload(signed_in(controlling), *["1;land;ST;;2005-01-01"] * 30)
    text = response.content.decode()
    assert "Zeile 21:" in text
    assert "Zeile 22:" not in text
    assert "Dazu kommen 10 weitere Fehler." in text


def test_history_of_a_group(signed_in, controlling, jobcenter, eigenes):
    for code, ab in (("Ia", date(2014, 1, 1)), ("Ib", date(2024, 1, 1))):
        assign_zuordnungen(zuordnungen=[{"traegernummer": "04412", "art": "typ", "code": code}], ab=ab, by=controlling)
    assign_zuordnungen(zuordnungen=[{"traegernummer": "99001", "art": "typ", "code": "Ia"}], ab=date(2014, 1, 1), by=controlling)
    browser = signed_in(controlling)
    gruppe = Vergleichsgruppe.objects.get(code="Ia")
    page = Page(browser.get(URL, {"gruppe": gruppe.pk}).content)
    rows = [" ".join(row.text.split()).replace("\u00a0", " ") for row in page.all("tr")]
    assert "IaSGB-II-VergleichstypIa1" in rows  # today
    assert any("Saalekreis (heute nicht)" in row and "1. Januar 201431. Dezember 2023" in row for row in rows)
    assert any("Landkreis Musterburg" in row and row.endswith("1. Januar 2014offen") for row in rows)
    assert browser.get(URL, {"gruppe": "0"}).status_code == 404


def test_four_became_one(signed_in, administration, eigenes):
    browser, four = signed_in(administration), []
    for number in range(4):
        four.append(
            Jobcenter.objects.create(traegernummer=f"9910{number}", name=f"Altkreis {number}", form=Traegerform.GEMEINSAME_EINRICHTUNG)
        )
        given = {"schritt": "zusammenlegen", "jobcenter": four[-1].pk, "nachfolger": eigenes.pk, "am": "2007-07-01"}
        assert browser.post(URL, given).status_code == 302
    assert set(eigenes.vorgaenger.values_list("aufgegangen_am", flat=True)) == {date(2007, 7, 1)}
    page = Page(browser.get(URL).content)
    assert sum("Altkreis" in item.text and "gehört seit dem 1." in item.text for item in page.all("li")) == 4
    late = upload(browser, "99100;typ;Ia;Typ Ia;2014-01-01")
    assert "Altkreis 0 gibt es seit dem 1." in late.content.decode()


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"am": "2007-07-15"}, "am", "am Ersten eines Monats"),
        ({"am": ""}, "am", "Der Tag fehlt."),
        ({"nachfolger": ""}, "nachfolger", "Das aufnehmende Jobcenter fehlt."),
        ({"nachfolger": "selbst"}, "nachfolger", "nicht in sich selbst"),
    ],
)
def test_a_merger_that_cannot_be_is_refused(change, field, sentence, signed_in, administration, eigenes, jobcenter):
    given = {"schritt": "zusammenlegen", "jobcenter": jobcenter.pk, "nachfolger": eigenes.pk, "am": "2007-07-01"} | change
    if given["nachfolger"] == "selbst":
        given["nachfolger"] = jobcenter.pk
    response = signed_in(administration).post(URL, given)
    assert response.status_code == 422
    assert f"#id_{field}" in Page(response.content).links()
    assert sentence in response.content.decode()
    assert not Jobcenter.objects.filter(nachfolger__isnull=False).exists()


def test_controlling_reads_lists_and_merges_nobody(signed_in, controlling, eigenes, jobcenter):
    browser = signed_in(controlling)
    assert "Jobcenter zusammenlegen" not in browser.get(URL).content.decode()
    given = {"schritt": "zusammenlegen", "jobcenter": jobcenter.pk, "nachfolger": eigenes.pk, "am": "2007-07-01"}
    assert browser.post(URL, given).status_code == 403
    assert not Jobcenter.objects.filter(nachfolger__isnull=False).exists()


@pytest.mark.parametrize("who", ["leitung", "planung", "presse", "fremd"])
def test_it_is_for_controlling_and_administration(request, who, signed_in, jobcenter):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(URL).status_code == 403
    assert upload(browser, "04412;land;ST;Sachsen-Anhalt;2005-01-01").status_code == 403
    assert browser.post(URL, {"schritt": "uebernehmen", "liste": KOPF, "pruefsumme": "x"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow(rows, signed_in, controlling, nachbarn, django_assert_num_queries):
    nachbarn(rows)
    gruppe = Vergleichsgruppe.objects.get(code="Musterland")
    browser = signed_in(controlling)
    with django_assert_num_queries(5):  # session, account, groups, members, merged Jobcenter
        browser.get(URL, {"gruppe": gruppe.pk})
