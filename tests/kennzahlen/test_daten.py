"""A Kennzahl as open data: what stands in the files, when they change, and what never leaves."""

import json
import warnings
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from csvw import CSVW
from django.conf import settings
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kennzahlen.actions import register_quelle
from kennzahlen.enums import Einheit, Kennzahlart, Kennzeichen, Lizenz, Quellenart
from kennzahlen.models import Jobcenter, Quelle
from kennzahlen.queries.offene_daten import Datenzeile, as_decimal
from tests.kennzahlen.offen import JULI, JUNI, MAI, STAND, Land, rows

FILES = ["reihe-csv", "reihe-json", "reihe-eigene-csv", "reihe-eigene-json", "reihe-revisionen-csv"]
FIRST = date(2026, 11, 5)


@pytest.fixture
def land(eigenes, controlling) -> Land:
    return Land(eigenes, controlling)


def fetch(client: Client, name: str = "reihe-csv", code: str = "K2", **headers):
    return client.get(reverse(f"kennzahlen:{name}", args=[code]), headers=headers)


def read(client: Client, name: str = "reihe-csv", code: str = "K2") -> list[dict[str, str]]:
    return rows(fetch(client, name, code))


# --- what stands in it ------------------------------------------------------------------------------------------
def test_a_line_holds_all_that_is_needed_to_compute_it_again(client, land):
    land.say(JULI, 2601, 11_789_496)  # 9824.58
    (line,) = read(client)
    assert line == {
        "traegernummer": "99001",
        "jobcenter": "Landkreis Musterburg",
        "gruppe": "",
        "berichtsmonat": "2026-07",
        "von": "2026-07-01",
        "bis": "2026-07-31",
        "kennzahl": "K2",
        "geschlecht": "I",
        "zaehler": "2601",
        "nenner": "9824.58",
        "wert": "26.474414",
        "kennzeichen": "",
        "reife": "endgueltig",
        "datenstand": "2026-11-20",
        "quelle": "Statistik der Bundesagentur für Arbeit: Kennzahlen",
        "lizenz": "https://statistik.arbeitsagentur.de/DE/Home/Service/Impressum/impressum_node.html",
    }


def test_the_file_is_as_rfc_4180_wants_it(client, land):
    Jobcenter.objects.filter(pk=land.eigenes.pk).update(name='Kreis „Müritz", Süd')
    land.say(JULI)
    answer = fetch(client)
    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert not answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n") == 2
    assert b',"Kreis \xe2\x80\x9eM\xc3\xbcritz"", S\xc3\xbcd",' in answer.content
    assert read(client)[0]["jobcenter"] == 'Kreis „Müritz", Süd'


def test_a_name_is_no_formula(client, land):
    Jobcenter.objects.filter(pk=land.eigenes.pk).update(name="=1+1")
    land.say(JULI)
    assert read(client)[0]["jobcenter"] == "'=1+1"


def test_groups_are_sums_of_numerators_and_denominators_marked_as_our_computing(client, land):
    land.say(JULI, 3000, 10_000 * 1200)
    land.sum(land.say(JULI, 1000, 5_000 * 1200, jobcenter=land.nachbar))
    ours, *groups = read(client)
    assert [line["gruppe"] for line in groups] == ["bund:D", "land:HE", "typ:IIIc"]
    assert {(one["zaehler"], one["nenner"], one["wert"]) for one in groups} == {("4000", "15000", "26.666667")}
    assert {one["quelle"] for one in groups} == {"eigene Berechnung nach: Statistik der Bundesagentur für Arbeit: Kennzahlen"}
    assert {one["traegernummer"] for one in groups} == {""}
    assert ours["wert"] == "30"


def test_a_group_of_which_only_we_are_known_is_no_comparison(client, land):
    land.sum(land.say(JULI))
    assert [line["gruppe"] for line in read(client)] == [""]


def test_the_neighbours_own_values_are_not_in_our_files(client, land):
    land.say(JULI, 4711, jobcenter=land.nachbar)
    assert all("4711" not in text(client, name) for name in FILES)


def test_all_sexes_and_months_oldest_first(client, land):
    for month in (JULI, MAI, JUNI):
        for sex in "FIM":
            land.say(month, geschlecht=sex)
    assert [(one["berichtsmonat"], one["geschlecht"]) for one in read(client)] == [
        (month, sex) for month in ("2026-05", "2026-06", "2026-07") for sex in "IMF"
    ]


def test_final_figures_count_more_than_estimates_and_newer_ones_more_than_older(client, land):
    estimate = Quelle.objects.create(art=Quellenart.BA_HOCHGERECHNET, herausgeber="BA", titel="Eckwerte")
    land.say(JULI, 1, stand=STAND, quelle=estimate)
    land.say(JULI, 2600, stand=FIRST)
    land.say(JULI, 2601, stand=STAND)
    assert [(one["zaehler"], one["reife"], one["datenstand"]) for one in read(client)] == [("2601", "revidiert", "2026-11-20")]
    assert [(one["zaehler"], one["reife"], one["datenstand"]) for one in read(client, "reihe-revisionen-csv")] == [
        ("1", "hochgerechnet", "2026-11-20"),
        ("2600", "endgueltig", "2026-11-05"),
        ("2601", "revidiert", "2026-11-20"),
    ]


def test_a_value_said_again_unchanged_is_no_revision(client, land):
    land.say(JULI, 2601, stand=FIRST)
    land.say(JULI, 2601, stand=STAND)
    assert [one["reife"] for one in read(client, "reihe-revisionen-csv")] == ["endgueltig", "endgueltig"]


def test_months_before_a_reform_are_the_sums_of_those_that_became_us(client, land):
    parts = [Jobcenter.objects.create(traegernummer=f"9910{n}", name=f"Teil {n}", form="gE") for n in (1, 2)]
    for number, part in enumerate(parts, start=1):
        land.say(MAI, 100 * number, 1200 * 1000, jobcenter=part)
        Jobcenter.objects.filter(pk=part.pk).update(nachfolger=land.eigenes, aufgegangen_am=JUNI)
    land.say(JUNI, 7)
    lines = {one["berichtsmonat"]: one for one in read(client)}
    assert (lines["2026-05"]["zaehler"], lines["2026-05"]["wert"]) == ("300", "15")
    assert lines["2026-05"]["quelle"].startswith("eigene Berechnung nach: ")
    assert lines["2026-06"]["zaehler"] == "7"


def test_our_own_figures_have_a_file_of_their_own_under_the_open_licence(client, land):
    land.say(JULI, 2601)
    land.say(JULI, 2590, quelle=land.eigen)
    (own,) = read(client, "reihe-eigene-csv")
    assert (own["zaehler"], own["lizenz"]) == ("2590", "https://www.govdata.de/dl-de/by-2-0")
    assert [one["zaehler"] for one in read(client)] == ["2601"]


@pytest.mark.parametrize(
    ("art", "lizenz"), [("eigene_erhebung", "dl-de-by"), ("ba_endgueltig", "ba"), ("ba_hochgerechnet", "ba"), ("presse", "zitat")]
)
def test_a_source_has_the_terms_of_its_kind_unless_others_are_named(controlling, art, lizenz):
    fields = {"art": Quellenart(art), "herausgeber": "Haus", "by": controlling}
    assert register_quelle(titel="Eins", **fields).lizenz == lizenz
    assert register_quelle(titel="Zwei", lizenz=Lizenz.BA, **fields).lizenz == "ba"


def test_a_figure_of_a_whole_year_is_there_with_its_days(client, land, kennzahl):
    vermittlungen = kennzahl("vermittlungen", Einheit.ANZAHL)
    land.say(JULI, 4236, None, quelle=land.eigen, kennzahl=vermittlungen, von=date(2025, 1, 1), bis=date(2025, 12, 31))
    (line,) = read(client, code="vermittlungen")
    assert (line["von"], line["bis"], line["zaehler"], line["nenner"], line["wert"]) == ("2025-01-01", "2025-12-31", "4236", "", "4236")


def test_json_holds_the_same_lines(client, land):
    land.say(JULI, 2601, 11_789_496)
    content = fetch(client, "reihe-json").json()
    (wert,) = content["werte"]
    assert tuple(wert) == Datenzeile._fields
    assert {name: "" if value is None else str(value) for name, value in wert.items()} == read(client)[0]
    assert (wert["zaehler"], wert["nenner"], content["kennzahl"]["einheit"]) == (2601, "9824.58", "Prozent")


@pytest.mark.parametrize("name", [*FILES, "reihe-csvw"])
@pytest.mark.parametrize("code", ["k2", "K9", "K2x"])
def test_only_the_exact_code_is_known(client, land, name, code):
    assert fetch(client, name, code).status_code == 404


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_decimals_are_rounded_half_up_and_nothing_is_lost(zaehler, nenner):
    exact = Fraction(zaehler, nenner)
    shown = as_decimal(exact)
    assert abs(Fraction(shown) - exact) <= Fraction(1, 2 * 10**6)
    assert "E" not in str(shown)
    assert as_decimal(Fraction(shown)) == shown


@given(st.integers(1, 10**15))
def test_every_denominator_can_be_had_back_exactly(parts):
    assert round(as_decimal(Fraction(parts, 1200)) * 1200) == parts


def test_half_a_millionth_is_rounded_away_from_zero():
    assert [as_decimal(Fraction(n, 2 * 10**6)) for n in (1, -1, 3, 0)] == [
        Decimal(one) for one in ("0.000001", "-0.000001", "0.000002", "0")
    ]


# --- what never leaves ------------------------------------------------------------------------------------------
def text(client: Client, name: str) -> str:
    answer = fetch(client, name)
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("quelle", ["ba", "eigen"])
def test_a_hidden_value_keeps_its_line_and_loses_its_number(client, land, name, quelle):
    land.say(JULI, 4711, 1200 * 815, gesperrt=True, quelle=getattr(land, quelle))
    assert not any(number in text(client, name) for number in ("4711", "815", "578.0"))
    if name == "reihe-csv":
        (line,) = read(client)
        assert (line["kennzeichen"], line["zaehler"], line["nenner"], line["wert"], line["reife"]) == ("geheim", "", "", "", "")


@pytest.mark.parametrize("name", FILES)
def test_what_is_hidden_now_is_not_told_by_what_was_said_before(client, land, name):
    land.say(JULI, 4711, 1200 * 815, stand=FIRST)
    land.say(JULI, None, None, stand=STAND, kennzeichen=Kennzeichen.GEHEIM)
    assert "4711" not in text(client, name)


@pytest.mark.parametrize("name", FILES)
def test_what_was_withdrawn_is_gone(client, land, name):
    quelle = land.eigen if "eigene" in name else land.ba
    datenstand = land.say(JULI, 4711, quelle=quelle)
    assert "4711" in text(client, name)
    land.withdraw(datenstand)
    assert "4711" not in text(client, name)


@pytest.mark.parametrize("name", FILES)
def test_quotations_are_no_data(client, land, quelle, name):
    land.say(JULI, 4711, quelle=quelle)
    assert "4711" not in text(client, name)


def test_why_there_is_no_number(client, land):
    land.say(JULI, None, None, kennzeichen=Kennzeichen.SINNLOS)
    assert [one["kennzeichen"] for one in read(client)] == ["sinnlos"]


# --- has it changed? --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [*FILES, "reihe-csvw"])
def test_who_has_the_newest_one_is_told_so_with_two_queries(client, land, name, django_assert_num_queries):
    for month in (MAI, JUNI, JULI):
        land.sum(land.say(month, stand=date(2026, 8, month.month)))
    answer = fetch(client, name)
    assert not answer["ETag"].startswith("W/")
    with django_assert_num_queries(2):
        again = fetch(client, name, if_none_match=answer["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    assert answer["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in answer.get("Vary", "")


def test_the_etag_changes_exactly_when_values_do(client, land, kennzahl):
    def etag() -> str:
        answer = fetch(client)
        found[answer["ETag"]] = answer.content
        return answer["ETag"]

    found: dict[str, bytes] = {}
    nothing = etag()
    datenstand = land.say(JULI)
    first = etag()
    land.say(JULI, kennzahl=kennzahl("andere"), stand=FIRST)
    land.say(JUNI, jobcenter=land.nachbar, stand=date(2026, 9, 1))
    assert etag() == first, "other Kennzahlen, and others' values, change nothing here"
    land.say(JUNI)  # one more value under the same Datenstand
    second = etag()
    land.say(JULI, 2602, stand=date(2026, 11, 21))
    third = etag()
    land.say(JULI, 1000, jobcenter=land.nachbar)
    land.sum(datenstand)
    fourth = etag()
    land.withdraw(datenstand)
    fifth = etag()
    assert len({nothing, first, second, third, fourth, fifth}) == len(set(found.values())) == 6


def test_new_figures_of_the_bundesagentur_do_not_change_our_own_file(client, land):
    land.say(JULI, quelle=land.eigen)
    before = fetch(client, "reihe-eigene-csv")["ETag"]
    land.say(JULI)
    assert fetch(client, "reihe-eigene-csv")["ETag"] == before
    land.say(JUNI, quelle=land.eigen)
    assert fetch(client, "reihe-eigene-csv")["ETag"] != before


def test_a_date_alone_never_answers_that_nothing_has_changed(client, land):
    """A correction may carry an older day than what it corrects."""
    land.say(JULI)
    modified = fetch(client)["Last-Modified"]
    assert fetch(client, if_modified_since=modified).status_code == 200


@pytest.mark.parametrize("months", [1, 3, 30])
@pytest.mark.parametrize(("name", "queries"), [("reihe-csv", 17), ("reihe-eigene-csv", 5), ("reihe-revisionen-csv", 5)])
def test_query_count(client, land, name, queries, months, django_assert_num_queries):
    for number in range(months):
        month = date(2024 + number // 12, number % 12 + 1, 1)
        for sex in "IMF":
            land.say(month, geschlecht=sex, quelle=land.eigen if "eigene" in name else land.ba)
    with django_assert_num_queries(queries):
        assert len(read(client, name)) == 3 * months


def test_the_page_cache_keeps_the_series_and_forgets_it_when_values_come(client, land, settings, django_assert_num_queries):
    from jobcenter.common import seitenspeicher

    settings.SEITENSPEICHER = True
    seitenspeicher.clear()
    land.say(JULI)
    answer = fetch(client)
    with django_assert_num_queries(0):
        assert fetch(client).content == answer.content
        assert fetch(client, if_none_match=answer["ETag"]).status_code == 304
    seitenspeicher.clear()


# --- what it says about itself ----------------------------------------------------------------------------------
@pytest.fixture
def downloaded(client, land, tmp_path):
    """All files of K2 as somebody stores them side by side: downloaded("reihe-csv") is one of them."""

    def download(*names: str):
        metadata = json.loads(fetch(client, "reihe-csvw").content)
        for table in metadata["tables"]:
            table["url"] = table["url"].rsplit("/", 1)[1]
        for table in metadata["tables"]:
            (tmp_path / table["url"]).write_text(
                text(
                    client,
                    {"K2.csv": "reihe-csv", "K2-eigene.csv": "reihe-eigene-csv", "K2-revisionen.csv": "reihe-revisionen-csv"}[table["url"]],
                ),
                encoding="utf-8",
                newline="",
            )
        path = tmp_path / "K2.csv-metadata.json"
        path.write_text(json.dumps(metadata), encoding="utf-8")
        return path

    return download


def fill(land: Land) -> None:
    for sex in "IMF":
        land.say(JULI, 1000, 1200 * 7 + 1, geschlecht=sex, stand=FIRST)
        land.say(JULI, 2601, geschlecht=sex)
        land.say(JULI, 900, 1200 * 3001 + 400, geschlecht=sex, jobcenter=land.nachbar)
        land.say(JUNI, 12, 1201, geschlecht=sex, quelle=land.eigen)
    land.say(MAI, gesperrt=True)
    land.sum(land.say(JUNI, 2500, jobcenter=land.nachbar))


def test_an_independent_reader_accepts_our_tables_by_our_own_description(land, downloaded):
    fill(land)
    checked = CSVW(str(downloaded()), validate=True)
    assert checked.is_valid, checked.warnings
    tables = {table.local_name: list(table) for table in checked.tables}
    assert {name: len(lines) for name, lines in tables.items()} == {"K2.csv": 16, "K2-eigene.csv": 3, "K2-revisionen.csv": 10}
    value = next(line for line in tables["K2.csv"] if line["wert"] is not None)
    assert isinstance(value["bis"], date)
    assert (type(value["wert"]), type(value["zaehler"])) == (Decimal, int)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("2601", "2601,5"), ("2026-11-20", "20.11.2026"), (",I,", ",X,"), ("99001,", "9901,")],
)
def test_the_reader_would_notice_a_fault(land, downloaded, wrong, right):
    fill(land)
    path = downloaded()
    file = path.parent / "K2.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(wrong, right), encoding="utf-8", newline="")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert not CSVW(str(path), validate=True).is_valid


def test_every_column_is_described_in_order_and_every_file_leads_to_the_description(client, land):
    metadata = fetch(client, "reihe-csvw").json()
    for table in metadata["tables"]:
        assert [column["name"] for column in table["tableSchema"]["columns"]] == list(Datenzeile._fields)
        assert all(column["dc:description"] and column["titles"]["de"] for column in table["tableSchema"]["columns"])
    base = settings.BASE_URL
    assert [table["url"] for table in metadata["tables"]] == [
        f"{base}/kennzahlen/K2.csv", f"{base}/kennzahlen/K2-eigene.csv", f"{base}/kennzahlen/K2-revisionen.csv",
    ]  # fmt: skip
    assert fetch(client)["Link"] == f'<{base}/kennzahlen/K2.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'


def test_only_our_own_table_claims_the_open_licence(client, land):
    series, own, revisions = fetch(client, "reihe-csvw").json()["tables"]
    assert own["dc:license"] == {"@id": "https://www.govdata.de/dl-de/by-2-0"}
    assert "govdata" not in str(series["dc:license"]) + str(revisions["dc:license"])


def test_money_says_that_it_is_cents(client, land, kennzahl):
    kennzahl("K1", Einheit.VERAENDERUNG, art=Kennzahlart.KENNZAHL)
    columns = {one["name"]: one for one in fetch(client, "reihe-csvw", "K1").json()["tables"][0]["tableSchema"]["columns"]}
    assert "In Cent." in columns["zaehler"]["dc:description"]
