import csv
import io

import pytest
from django.urls import reverse

from jobcenter.common.export import decimal_euro, guard
from massnahmen.enums import Finanzquelle, Vergabestand

PAGE = reverse("massnahmen:programm-csv", args=[2027])


def rows(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_every_measure_is_a_line_that_german_spreadsheets_read(client, make_public):
    make_public(
        2027, anzahl=3, traeger=None, vergabestand=Vergabestand.OFFEN, kosten_cent={Finanzquelle.EGT: 42_000_000, Finanzquelle.PAT: 5}
    )
    response = client.get(PAGE)
    assert response.content.startswith(b"\xef\xbb\xbfJahr;Fassung;")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="arbeitsmarktprogramm-2027-fassung-1.csv"'
    first, *others = rows(response)
    assert len(others) == 2
    del first["Nummer"]
    assert first == {
        "Jahr": "2027",
        "Fassung": "1",
        "Titel": "Maßnahme 1",
        "Gruppe": "Beschäftigung schaffende Maßnahmen",
        "Instrument": "Teilhabe am Arbeitsmarkt",
        "Rechtsgrundlage": "§ 16i SGB II",
        "Handlungsfeld": "Lange Arbeitslosigkeit beenden",
        "Zielgruppen": "Menschen unter 25 Jahren",
        "Träger": "",
        "Vergabe": "Vergabe offen",
        "Ort": "",
        "Beginn": "2027-01-01",
        "Ende": "2027-12-31",
        "Wochen je Person": "",
        "Stunden je Woche": "",
        "Einstieg jederzeit": "nein",
        "Nächster Start": "",
        "Plätze": "12",
        "Geplante Eintritte": "20",
        "Kosten in Euro": "420000,05",
        "davon Eingliederungstitel (Bund)": "420000,00",
        "davon Verwaltungskosten (Bund)": "0,00",
        "davon Passiv-Aktiv-Transfer": "0,05",
        "davon Europäischer Sozialfonds Plus": "0,00",
        "davon Land": "0,00",
        "davon Landkreis": "0,00",
        "Kosten je Platz in Euro": "35000,00",
        "Verpflichtung Folgejahre in Euro": "0,00",
        "Erfolgskriterium": "Die Hälfte arbeitet ein halbes Jahr später noch dort.",
        "Geplante Eingliederungsquote in Prozent": "50",
        "Bemerkung": "",
    }


@pytest.mark.parametrize("evil", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(evil):
    assert guard(evil) == f"'{evil}"


def test_a_formula_in_a_title_arrives_as_text(client, make_public):
    make_public(2027, titel="=1+1;\n2")
    assert rows(client.get(PAGE))[0]["Titel"] == "'=1+1;\n2"


@pytest.mark.parametrize(("cent", "text"), [(0, "0,00"), (5, "0,05"), (123_456, "1234,56")])
def test_money_keeps_its_cents(cent, text):
    assert decimal_euro(cent) == text


def test_visitors_leave_no_trace(client, make_public):
    make_public(2027)
    page = client.get(PAGE)
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")
