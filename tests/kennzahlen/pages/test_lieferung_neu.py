"""A file comes in: who may, what is refused at the door, and that nothing typed is lost."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jobcenter.common import uploads
from kennzahlen.enums import Quellenart
from kennzahlen.models import Datenlieferung, Quelle
from tests.html import Page
from tests.kennzahlen.arbeitsmappe import workbook
from tests.kennzahlen.conftest import KOPF

pytestmark = pytest.mark.django_db
URL = reverse("kennzahlen:lieferung-neu")
INHALT = f"{KOPF}\n99001;2026-07;K2;I;2601;9824,58\n".encode()
NEU = {"herausgeber": "Statistik der BA", "titel": "Neue Reihe", "art": Quellenart.BA_HOCHGERECHNET, "lizenz": "ba"}


def csv_file(inhalt: bytes = INHALT, name: str = "Kennzahlen Juli.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, inhalt, "text/csv")


@pytest.fixture
def given(amtlich) -> dict[str, object]:
    return {"quelle": amtlich.pk, "stand": "2026-10-20"}


def test_an_upload_becomes_a_delivery_that_waits_for_its_check(given, amtlich, signed_in, controlling, media):
    response = signed_in(controlling).post(URL, given | {"datei": csv_file()})
    lieferung = Datenlieferung.objects.get()
    assert response["Location"] == reverse("kennzahlen:lieferung-detail", args=[lieferung.pk])
    assert (lieferung.quelle, lieferung.stand, lieferung.eingereicht_von) == (amtlich, date(2026, 10, 20), controlling)
    assert (lieferung.dateiname, lieferung.dateiart, lieferung.groesse) == ("Kennzahlen-Juli.csv", "csv", len(INHALT))
    assert (media / lieferung.datei).read_bytes() == INHALT
    assert not list((media.parent / "eingang").iterdir()), "the file on its way is gone"


def test_a_new_source_is_described_with_the_first_delivery(amtlich, signed_in, controlling):
    signed_in(controlling).post(URL, NEU | {"stand": "20.10.2026", "datei": csv_file()})
    quelle = Datenlieferung.objects.get().quelle
    assert (quelle.herausgeber, quelle.titel, quelle.art, quelle.lizenz) == ("Statistik der BA", "Neue Reihe", "ba_hochgerechnet", "ba")


def test_a_source_that_is_known_is_not_described_twice(amtlich, signed_in, controlling):
    response = signed_in(controlling).post(URL, NEU | {"titel": amtlich.titel, "stand": "2026-10-20", "datei": csv_file()})
    assert response.status_code == 422
    assert "Diese Quelle gibt es schon" in response.content.decode()


def test_everything_missing_is_named_and_everything_typed_stays(amtlich, signed_in, controlling):
    response = signed_in(controlling).post(URL, {"herausgeber": "Landkreis & Co", "stand": "gestern"})
    page = Page(response.content)
    assert response.status_code == 422
    assert {"#id_datei", "#id_titel", "#id_art", "#id_lizenz", "#id_stand"} <= page.links()
    assert page.by_id("id_herausgeber").attrs["value"] == "Landkreis & Co"
    assert page.by_id("id_stand").attrs["value"] == "gestern"
    assert "open" in page.one("details", class_="quelle-neu").attrs
    assert "(freiwillig)" not in page.one("label", for_="id_titel").text
    assert page.title.startswith("Fehler:")
    assert not Datenlieferung.objects.exists()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (csv_file(b"%PDF-1.7 %%EOF", "zahlen.csv"), "Die Datei ist ein PDF."),
        (csv_file(b"PK\x03\x04 broken", "zahlen.xlsx"), "Diese Art von Datei geht hier nicht"),
        (csv_file(INHALT, "zahlen.xlsx"), "endet auf „.xlsx“, ist aber eine CSV-Tabelle"),
        (csv_file(b"<html>;</html>", "zahlen.csv"), "Diese Art von Datei geht hier nicht"),
        (csv_file(b"", "zahlen.csv"), "Die Datei ist leer"),
    ],
)
def test_a_file_of_another_kind_is_refused_at_the_door(given, signed_in, controlling, file, sentence):
    response = signed_in(controlling).post(URL, given | {"datei": file})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Datenlieferung.objects.exists()


def test_what_the_action_refuses_is_said_on_the_form(uebernommen, given, signed_in, controlling):
    response = signed_in(controlling).post(URL, given | {"datei": csv_file()})
    assert response.status_code == 409
    assert "Eine Korrektur erhält einen neuen Stand" in response.content.decode()
    assert Datenlieferung.objects.count() == 1


def test_a_refused_delivery_leaves_no_source_behind(amtlich, signed_in, controlling, monkeypatch):
    signed_in(controlling).post(URL, NEU | {"stand": "2999-01-01", "datei": csv_file()})
    assert list(Quelle.objects.all()) == [amtlich]


def test_the_same_form_twice_makes_one_delivery(given, signed_in, controlling):
    browser = signed_in(controlling)
    key = Page(browser.get(URL).content).one("input", name="einmal").attrs["value"]
    first = browser.post(URL, given | {"datei": csv_file(), "einmal": key})
    again = browser.post(URL, given | {"datei": csv_file(), "einmal": key})
    assert first["Location"] == again["Location"]
    assert Datenlieferung.objects.count() == 1


def test_a_corrected_file_begins_with_what_was_chosen_before(fehlerhaft, amtlich, signed_in, controlling):
    page = Page(signed_in(controlling).get(f"{URL}?wie={fehlerhaft.pk}").content)
    assert page.by_id("id_stand").attrs["value"] == "2026-10-20"
    assert page.one("option", value=str(amtlich.pk)).attrs.get("selected") is not None
    assert signed_in(controlling).get(f"{URL}?wie=4x").status_code == 200


@pytest.mark.parametrize("who", ["leitung", "administration", "planung", "fremd"])
def test_only_controlling_delivers(request, who, given, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(URL).status_code == 403
    assert browser.post(URL, given | {"datei": csv_file()}).status_code == 403
    assert not Datenlieferung.objects.exists()


def test_without_sign_in_or_token_nothing_is_taken(given, controlling):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(URL, given | {"datei": csv_file()}).status_code == 302
    stranger.force_login(controlling, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert stranger.post(URL, given | {"datei": csv_file()}).status_code == 403
    token = Page(stranger.get(URL).content).all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    assert stranger.post(URL, given | {"datei": csv_file(), "csrfmiddlewaretoken": token}).status_code == 302
    assert Datenlieferung.objects.count() == 1


def test_more_than_elsewhere_comes_in_and_too_much_does_not(given, signed_in, controlling, fremd, monkeypatch):
    monkeypatch.setattr(uploads.LimitedUploadHandler, "most_body", 1000)
    monkeypatch.setattr(uploads.LargeUploadHandler, "most_body", 100_000)
    larger = INHALT + b"99002;2026-07;K2;I;2601;9824,58\n" * 200
    browser = signed_in(controlling)
    assert browser.post(URL, given | {"datei": csv_file(larger)}).status_code == 302
    assert browser.post(URL, given | {"datei": csv_file(larger * 20)}).status_code in {400, 413}
    assert browser.post(reverse("kennzahlen:spaltenplan-neu"), {"datei": csv_file(larger)}).status_code in {400, 413}
    assert Datenlieferung.objects.get().groesse == len(larger)


def test_an_excel_file_has_a_smaller_limit(given, signed_in, controlling, monkeypatch):
    monkeypatch.setattr("kennzahlen.forms.lieferung.MOST_XLSX_MB", 0)
    response = signed_in(controlling).post(URL, given | {"datei": SimpleUploadedFile("a.xlsx", workbook([["a"], [1]]))})
    assert "Speichern Sie die Tabelle als CSV" in response.content.decode()
