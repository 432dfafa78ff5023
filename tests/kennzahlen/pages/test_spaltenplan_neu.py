"""A plan in plain words, and a file that is read with it."""

import io

import pytest
from django.urls import reverse

from kennzahlen.forms import SPALTEN
from kennzahlen.imports.tabellen import FELDER, PFLICHT
from kennzahlen.models import Spaltenplan
from tests.html import Page
from tests.kennzahlen.arbeitsmappe import workbook

pytestmark = pytest.mark.django_db
URL = reverse("kennzahlen:spaltenplan-neu")
GIVEN = {
    "name": "Kennzahlentool",
    "blatt": "Daten",
    "kopfzeile": "2",
    "spalte_traegernummer": "JC-Nr.",
    "spalte_berichtsmonat": "Monat",
    "fest_kennzahl": "K2",
    "spalte_zaehler": "Integrationen",
    "spalte_nenner": "ELB",
}


def test_the_words_of_the_form_cover_exactly_the_columns_that_are_read():
    assert tuple(SPALTEN) == FELDER
    assert {feld for feld, wort in SPALTEN.items() if wort.pflicht} == PFLICHT


def test_a_plan_reads_an_excel_file_of_another_shape(submit, check, signed_in, controlling):
    response = signed_in(controlling).post(URL, GIVEN)
    assert response["Location"] == reverse("kennzahlen:spaltenplan-liste")
    plan = Spaltenplan.objects.get()
    assert plan.spalten == {"traegernummer": "JC-Nr.", "berichtsmonat": "Monat", "zaehler": "Integrationen", "nenner": "ELB"}
    assert plan.fest == {"kennzahl": "K2"}
    rows = [
        ["Auswertung vom 20. Oktober"],
        ["JC-Nr.", "Name", "Monat", "Integrationen", "ELB"],
        ["99001", "Musterburg", "2026-07", 2601, 9824.58],
    ]
    datei = io.BytesIO(workbook(rows, "Daten"))
    lieferung = check(submit(spaltenplan=plan, datei=datei, dateiart="xlsx", dateiname="k2.xlsx"))
    assert (lieferung.fehlerliste, lieferung.zeilen, lieferung.vorschau["neu"]) == ([], 1, 1)


def test_the_form_begins_with_the_names_of_the_example(signed_in, controlling):
    page = Page(signed_in(controlling).get(URL).content)
    assert {page.by_id(f"id_spalte_{feld}").attrs["value"] for feld in SPALTEN} == set(SPALTEN)


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"spalte_zaehler": ""}, "spalte_zaehler", "Zähler: Nennen Sie die Spalte."),
        ({"fest_kennzahl": ""}, "spalte_kennzahl", "Nennen Sie die Spalte oder einen Wert für alle Zeilen."),
        ({"spalte_kennzahl": "Code"}, "fest_kennzahl", "nicht beides"),
        ({"spalte_nenner": " integrationen "}, "spalte_nenner", "ist schon für Zähler genannt"),
        ({"fest_geschlecht": "W"}, "fest_geschlecht", "Möglich sind I (insgesamt), M und F."),
        ({"spalte_berichtsmonat": "", "fest_berichtsmonat": "Juli 2026"}, "fest_berichtsmonat", "zum Beispiel 2026-07"),
        ({"kopfzeile": "0"}, "kopfzeile", "muss mindestens 1 sein"),
        ({"name": ""}, "name", "„Name“ fehlt"),
    ],
)
def test_what_cannot_work_is_said_at_its_field_and_nothing_is_lost(change, field, sentence, signed_in, controlling):
    response = signed_in(controlling).post(URL, GIVEN | change)
    page = Page(response.content)
    assert response.status_code == 422
    assert f"#id_{field}" in page.links()
    assert sentence in response.content.decode()
    assert page.by_id("id_spalte_traegernummer").attrs["value"] == "JC-Nr."
    assert not Spaltenplan.objects.exists()


def test_with_all_sheets_the_sheet_names_the_kennzahl(signed_in, controlling):
    signed_in(controlling).post(URL, GIVEN | {"blatt": "*", "fest_kennzahl": ""})
    assert Spaltenplan.objects.get().blatt == "*"


def test_a_name_is_taken_once(signed_in, controlling):
    signed_in(controlling).post(URL, GIVEN)
    response = signed_in(controlling).post(URL, GIVEN)
    assert response.status_code == 409
    assert "gibt es schon" in response.content.decode()


@pytest.mark.parametrize("who", ["leitung", "administration", "planung", "fremd"])
def test_only_controlling_keeps_plans(request, who, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(URL).status_code == 403
    assert browser.post(URL, GIVEN).status_code == 403
    assert not Spaltenplan.objects.exists()
