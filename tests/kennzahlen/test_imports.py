import csv
import io

import pytest

from kennzahlen.actions import Jobcenterzeile
from kennzahlen.enums import Einheit, Grundgroesse, Kennzahlart, Traegerform
from kennzahlen.imports import JOBCENTER_2026, load_kennzahlen, parse_jobcenter
from kennzahlen.models import Kennzahl

HEAD = "traegernummer;form;jobcenter;eingliederungsmittel_anlage1_prozent\n"


def test_the_list_of_2026_holds_404_jobcenter():
    datei = parse_jobcenter(JOBCENTER_2026.read_bytes())
    assert datei.fehler == ()
    assert len(datei.zeilen) == 404
    assert sum(zeile.form is Traegerform.ZUGELASSENER_TRAEGER for zeile in datei.zeilen) == 104
    assert Jobcenterzeile("72706", Traegerform.GEMEINSAME_EINRICHTUNG, "Kronach") in datei.zeilen


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Zeile 1: Die Datei ist leer."),
        ("traegernummer;form\n", "Zeile 1: Die Spalte „jobcenter“ fehlt. Erwartet wird: traegernummer;form;jobcenter."),
        ("name\n", "Zeile 1: Die Spalten „traegernummer“, „form“, „jobcenter“ fehlen. Erwartet wird: traegernummer;form;jobcenter."),
        (HEAD, "Zeile 1: Unter den Spaltennamen steht kein Jobcenter."),
        (HEAD + "4412;zkT;Saalekreis;0,2\n", "Zeile 2: „4412“ ist keine Trägernummer. Sie hat fünf Ziffern, zum Beispiel 04412."),
        (HEAD + "٠٤٤١٢;zkT;Saalekreis;0,2\n", "Zeile 2: „٠٤٤١٢“ ist keine Trägernummer. Sie hat fünf Ziffern, zum Beispiel 04412."),
        (HEAD + "04412;ARGE;Saalekreis;0,2\n", "Zeile 2: Die Form „ARGE“ ist unbekannt. Erlaubt sind gE und zkT."),
        (HEAD + "04412;zkT; ;0,2\n", "Zeile 2: Der Name des Jobcenters fehlt."),
        (HEAD + f"04412;zkT;{'x' * 121};0,2\n", "Zeile 2: Der Name des Jobcenters ist länger als 120 Zeichen."),
        (
            HEAD + "04412;zkT;Saalekreis;0.2086\n",
            (
                "Zeile 2: „0.2086“ in der Spalte „eingliederungsmittel_anlage1_prozent“ ist keine Zahl. "
                "Schreiben Sie sie mit Komma, zum Beispiel 0,3407."
            ),
        ),
        (HEAD + "04412;zkT;Saalekreis\n", "Zeile 2: 3 Spalten statt 4."),
        (HEAD + "04412;zkT;Saale;kreis;0,2\n", "Zeile 2: 5 Spalten statt 4."),
        (HEAD + "04412;zkT;A;0,2\n\n04412;zkT;B;0,2\n", "Zeile 4: Die Trägernummer 04412 steht schon in Zeile 2."),
        (HEAD + '04412;zkT;"Saalekreis;0,2\n', "Zeile 2: Ein Anführungszeichen steht allein."),
    ],
)
def test_every_fault_is_said_with_its_line(text, sentence):
    datei = parse_jobcenter(text.encode())
    assert datei.fehler == (sentence,)
    assert datei.zeilen == ()


def test_all_faults_are_said_at_once():
    datei = parse_jobcenter((HEAD + "1;zkT;A;0,2\n04412;zkT;Saalekreis;0,2\n2;x;B;0,2\n").encode())
    assert [fault.partition(":")[0] for fault in datei.fehler] == ["Zeile 2", "Zeile 4", "Zeile 4"]


def test_another_encoding_is_said_with_the_line_of_the_first_umlaut():
    datei = parse_jobcenter((HEAD + "04412;zkT;Saalekreis;0,2\n04413;zkT;Köthen;0,2\n").encode("latin-1"))
    assert datei.fehler == ("Zeile 3: Die Datei ist nicht in UTF-8 gespeichert. Speichern Sie sie als „CSV UTF-8“.",)


def test_excel_writes_a_byte_order_mark_and_windows_line_ends():
    datei = parse_jobcenter("\ufeff".encode() + b'traegernummer;form;jobcenter\r\n04412;zkT;"Halle; Saale"\r\n')
    assert datei.zeilen == (Jobcenterzeile("04412", Traegerform.ZUGELASSENER_TRAEGER, "Halle; Saale"),)


def test_columns_are_found_by_name_not_by_place():
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([["jobcenter", "bemerkung", "form", "traegernummer"], ["Kronach", "", "gE", "72706"]])
    assert parse_jobcenter(out.getvalue().encode()).zeilen == (Jobcenterzeile("72706", Traegerform.GEMEINSAME_EINRICHTUNG, "Kronach"),)


def test_kennzahlen_of_the_law_are_loaded_once(db):
    load_kennzahlen()
    assert Kennzahl.objects.exclude(art=Kennzahlart.EIGENE).count() == 15
    assert set(Kennzahl.objects.filter(art=Kennzahlart.EIGENE).values_list("code", flat=True)) == set(Grundgroesse.values)
    assert set(Kennzahl.objects.filter(einheit=Einheit.VERAENDERUNG).values_list("code", flat=True)) == {"K1", "K1E1", "K1E2", "K3"}
    assert not Kennzahl.objects.filter(code="K3E5").exists()
    before = list(Kennzahl.objects.values())
    load_kennzahlen()
    assert list(Kennzahl.objects.values()) == before
    Kennzahl.objects.filter(code="K2").update(name="verstellt")
    load_kennzahlen()
    assert list(Kennzahl.objects.values()) == before
