"""A file is handed in: the fields that its kind needs, what is refused at the door, and the templates."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from massnahmen.actions import Budgetangaben, create_budget, open_programm
from massnahmen.actions.importe import take_over_import
from massnahmen.forms.importe import MOST_MB
from massnahmen.models import Import
from tests.html import Page

pytestmark = pytest.mark.django_db
URL = reverse("massnahmen:import-anlegen")
MASSNAHMEN, BUDGET, MELDUNGEN = (f"{URL}?art={art}" for art in ("massnahmen", "budget", "meldungen"))


def csv_file(content: bytes = b"Titel;Ort\r\nKurs;S\xfcd", name: str = "Plan 2027.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/csv")


def test_measures_go_into_a_draft(programm, signed_in, planung, media):
    response = signed_in(planung).post(MASSNAHMEN, {"datei": csv_file(), "programm": programm.pk})
    quelle = Import.objects.get()
    assert response["Location"] == reverse("massnahmen:import-detail", args=[quelle.pk])
    assert (quelle.art, quelle.programm, quelle.dateiname, quelle.eingereicht_von) == ("massnahmen", programm, "Plan-2027.csv", planung)
    assert (media / quelle.datei).read_bytes() == b"Titel;Ort\r\nKurs;S\xfcd"


def test_a_budget_has_its_year_and_reports_may_have_a_provider(signed_in, controlling, traeger, media):
    budget = create_budget(jahr=2027, angaben=Budgetangaben(0), by=controlling)
    signed_in(controlling).post(BUDGET, {"datei": csv_file(), "budget": budget.pk})
    signed_in(controlling).post(MELDUNGEN, {"datei": csv_file(), "traeger": traeger.pk})
    assert list(Import.objects.order_by("pk").values_list("art", "jahr", "traeger")) == [
        ("budget", 2027, None),
        ("meldungen", None, traeger.pk),
    ]


def test_what_is_missing_is_named(signed_in, planung):
    response = signed_in(planung).post(MASSNAHMEN, {})
    assert response.status_code == 422
    assert {"#id_datei", "#id_programm"} <= Page(response.content).links()
    assert Page(response.content).title.startswith("Fehler:")


def test_a_programme_that_others_read_is_not_offered(fassung, signed_in, planung, media):
    response = signed_in(planung).post(MASSNAHMEN, {"datei": csv_file(), "programm": fassung.programm_id})
    assert (response.status_code, Import.objects.count()) == (422, 0)
    assert "wird nicht mehr geschrieben" in response.content.decode()


def test_the_same_file_once_more_is_refused_on_the_form(programm, upload, check_file, table, signed_in, planung):
    take_over_import(quelle=check_file(upload("massnahmen", table("Titel;Ort", "Kurs;A"), programm=programm)), by=planung)
    response = signed_in(planung).post(MASSNAHMEN, {"datei": csv_file(table("Titel;Ort", "Kurs;A")), "programm": programm.pk})
    assert (response.status_code, Import.objects.count()) == (409, 1)
    assert "schon übernommen worden" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.xlsm", b"PK\x03\x04", "Diese Art von Datei geht hier nicht"),
        ("plan.xlsx", b"Titel;Ort\nKurs;A", "endet auf „.xlsx“"),
        ("plan.csv", b"%PDF-1.7\n%%EOF", "Die Datei ist ein PDF"),
        ("plan.csv", b"", "leer"),
        ("plan.csv", b"Titel;Ort\n" + b"Kurs;A\n" * (MOST_MB * 160_000), "Die Datei ist zu groß"),
    ],
    ids=["xlsm", "xlsx", "pdf", "leer", "gross"],
)
def test_a_file_of_another_kind_or_size_is_refused_at_the_door(programm, signed_in, planung, name, content, words, media):
    response = signed_in(planung).post(MASSNAHMEN, {"datei": csv_file(content, name), "programm": programm.pk})
    assert (response.status_code, Import.objects.count()) == (422, 0)
    assert words in response.content.decode()


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("planung", MASSNAHMEN, 200),
        ("planung", BUDGET, 403),
        ("controlling", MELDUNGEN, 200),
        ("controlling", MASSNAHMEN, 403),
        ("controlling", f"{URL}?art=quatsch", 404),
        ("controlling", URL, 200),
        ("leitung", URL, 403),
        ("administration", URL, 403),
        ("presse", MASSNAHMEN, 403),
        ("fremd", MASSNAHMEN, 403),
    ],
)
def test_who_may(request, who, address, status, signed_in, client):
    browser = signed_in(request.getfixturevalue(who))
    assert (browser.get(address).status_code, browser.post(address, {}).status_code == 403) == (status, status == 403)
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("art", ["massnahmen", "budget", "meldungen"])
@pytest.mark.parametrize(("dateiart", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_the_page_links_to_templates_that_are_there(signed_in, planung, controlling, art, dateiart, start):
    browser = signed_in(planung if art == "massnahmen" else controlling)
    address = reverse("massnahmen:import-vorlage", args=[art, dateiart])
    assert address in Page(browser.get(f"{URL}?art={art}").content).links()
    response = browser.get(address)
    assert (response.content[: len(start)], f"vorlage-{art}.{dateiart}" in response["Content-Disposition"]) == (start, True)


def test_templates_of_nothing_are_not_there(signed_in, planung, presse):
    assert signed_in(planung).get(reverse("massnahmen:import-vorlage", args=["quatsch", "csv"])).status_code == 404
    assert signed_in(planung).get(reverse("massnahmen:import-vorlage", args=["budget", "exe"])).status_code == 404
    assert signed_in(presse).get(reverse("massnahmen:import-vorlage", args=["budget", "csv"])).status_code == 403


@pytest.mark.parametrize("years", [1, 3, 30])
def test_the_number_of_queries_does_not_grow(planung, signed_in, years, django_assert_num_queries):
    for number in range(years):
        open_programm(jahr=2030 + number, by=planung)
    browser = signed_in(planung)
    browser.get(MASSNAHMEN)
    with django_assert_num_queries(3):
        browser.get(MASSNAHMEN)
