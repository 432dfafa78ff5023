"""The open interface: Kennzahlen, Jobcenter and every published value, and nothing else."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from drf_spectacular.validation import validate_schema

from kennzahlen.enums import Einheit, Gruppenart, Kennzeichen
from kennzahlen.models import Jobcenter, Vergleichsgruppe, Zugehoerigkeit
from tests.kennzahlen.offen import JULI, JUNI, MAI, STAND, Land

KENNZAHLEN, JOBCENTER, WERTE = (reverse(f"kennzahlen:api-{noun}-liste") for noun in ("kennzahl", "jobcenter", "messwert"))
FIRST = date(2026, 11, 5)


@pytest.fixture
def land(eigenes, controlling) -> Land:
    return Land(eigenes, controlling)


def ask(client: Client, url: str = WERTE, **params) -> list[dict]:
    return client.get(url, ({"kennzahl": "K2"} if url == WERTE else {}) | params).json()["results"]


def counts(client: Client, **params) -> list[int]:
    return [one["zaehler"] for one in ask(client, **params)]


def test_a_value_comes_under_its_whole_key_with_source_and_terms(client, land):
    land.say(JULI, 2601, 11_789_496)
    assert ask(client) == [
        {
            "traegernummer": "99001",
            "jobcenter": "Landkreis Musterburg",
            "kennzahl": "K2",
            "von": "2026-07-01",
            "bis": "2026-07-31",
            "geschlecht": "I",
            "datenstand": "2026-11-20",
            "reife": "endgueltig",
            "zaehler": 2601,
            "nenner": "9824.58",
            "wert": "26.474414",
            "zitiert": False,
            "genauigkeit": "genau",
            "quelle": {
                "art": "ba_endgueltig",
                "herausgeber": "Statistik der Bundesagentur für Arbeit",
                "titel": "Kennzahlen",
                "url": "https://statistik.arbeitsagentur.de/",
                "lizenz": "ba",
                "lizenz_url": "https://statistik.arbeitsagentur.de/DE/Home/Service/Impressum/impressum_node.html",
            },
        }
    ]


def test_each_source_has_its_own_terms(client, land, quelle):
    land.say(JULI, 1, quelle=land.eigen)
    land.say(JULI, 2)
    land.say(JULI, None, None, quelle=quelle, zitat=Decimal("0.1"))
    assert {(one["zaehler"], one["quelle"]["lizenz"], one["zitiert"], one["wert"]) for one in ask(client)} == {
        (1, "dl-de-by", False, "0.010178"),
        (2, "ba", False, "0.020356"),
        (None, "zitat", True, "0.10"),
    }


def test_every_datenstand_of_a_value_stands_for_itself(client, land):
    land.say(JULI, 2600, stand=FIRST)
    land.say(JULI, 2601)
    assert [(one["datenstand"], one["zaehler"]) for one in ask(client)] == [("2026-11-05", 2600), ("2026-11-20", 2601)]


# --- filters ----------------------------------------------------------------------------------------------------
def test_filters_narrow_and_add_up(client, land, kennzahl):
    land.say(MAI, 1)
    land.say(JUNI, 2, geschlecht="F")
    land.say(JULI, 3, quelle=land.eigen)
    land.say(JULI, 4, jobcenter=land.nachbar)
    land.say(JULI, 5, None, kennzahl=kennzahl("andere", Einheit.ANZAHL))
    assert sorted(counts(client)) == [1, 2, 3, 4]
    assert counts(client, kennzahl="andere") == [5]
    assert counts(client, jobcenter="99002") == [4]
    assert counts(client, geschlecht="F") == [2]
    assert sorted(counts(client, von="2026-06")) == [2, 3, 4]
    assert sorted(counts(client, bis="2026-06")) == [1, 2]
    assert counts(client, von="2026-06", bis="2026-06") == [2]
    assert counts(client, quellenart="eigene_erhebung") == [3]
    assert counts(client, von="2026-07", jobcenter="99001", geschlecht="M") == []


def test_a_group_holds_who_belonged_to_it_then(client, land):
    typ = Vergleichsgruppe.objects.get(code="IIIc")
    later = Vergleichsgruppe.objects.create(art=Gruppenart.TYP, code="IIIe", name="Typ IIIe")
    Zugehoerigkeit.objects.filter(gruppe=typ, jobcenter=land.nachbar).update(zeitraum=DateRange(date(2005, 1, 1), JULI))
    Zugehoerigkeit.objects.create(gruppe=later, art="typ", jobcenter=land.nachbar, zeitraum=DateRange(JULI, None))
    land.say(JUNI, 6, jobcenter=land.nachbar)
    land.say(JULI, 7, jobcenter=land.nachbar)
    assert (counts(client, gruppe="typ:IIIc"), counts(client, gruppe="typ:IIIe")) == ([6], [7])
    assert [one["traegernummer"] for one in ask(client, JOBCENTER, gruppe="typ:IIIe")] == ["99002"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kennzahl": ""}, "Nennen Sie eine Kennzahl"),
        ({"kennzahl": "k2"}, "Diese Kennzahl gibt es nicht."),
        ({"kennzahl": "K2\0"}, "\0"),
        ({"jobcenter": "12345"}, "Dieses Jobcenter gibt es nicht."),
        ({"jobcenter": "9900१"}, "Dieses Jobcenter gibt es nicht."),
        ({"geschlecht": "X"}, "Erlaubt sind: I, M, F."),
        ({"von": "Juli 2026"}, "Schreiben Sie den Monat so: 2026-07."),
        ({"bis": "2026-13"}, "Schreiben Sie den Monat so: 2026-07."),
        ({"quellenart": "geraten"}, "Erlaubt sind: ba_endgueltig"),
        ({"gruppe": "HE"}, "Diese Vergleichsgruppe gibt es nicht."),
        ({"gruppe": "land:\0"}, "\0"),
    ],
)
def test_a_wrong_filter_is_answered_with_one_sentence(client, land, wrong, sentence):
    answer = client.get(WERTE, {"kennzahl": "K2"} | wrong)
    assert (answer.status_code, list(answer.json())) == (400, list(wrong))
    ((said,),) = answer.json().values()
    assert said.endswith(".")
    assert sentence == "\0" or sentence in said


def test_without_a_kennzahl_it_says_what_is_missing(client, land):
    assert client.get(WERTE).json() == {
        "kennzahl": ["Nennen Sie eine Kennzahl, zum Beispiel kennzahl=K2. Alle Kürzel stehen unter /api/v1/kennzahlen/."]
    }


def test_it_comes_in_pages_of_at_most_500(client, land):
    for number in range(5):
        land.say(date(2026, number + 1, 1), number)
    page = client.get(WERTE, {"kennzahl": "K2", "limit": 2, "offset": 2}).json()
    assert (page["count"], [one["zaehler"] for one in page["results"]]) == (5, [2, 3])
    assert counts(client, limit=2) + counts(client, limit=2, offset=2) + counts(client, limit=2, offset=4) == [0, 1, 2, 3, 4]
    schema = client.get(reverse("api-schema"), HTTP_ACCEPT="application/vnd.oai.openapi+json").json()
    (limit,) = [one for one in schema["paths"][WERTE]["get"]["parameters"] if one["name"] == "limit"]
    assert limit["schema"]["maximum"] == 500


# --- what never leaves ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields", [{"gesperrt": True}, {"zaehler": None, "nenner": None, "kennzeichen": Kennzeichen.GEHEIM}], ids=["own", "delivered"]
)
def test_hidden_values_never_leave_nor_what_was_said_of_them_before(client, land, fields):
    land.say(JULI, 4711, stand=FIRST)
    land.say(JUNI, 1)
    assert sorted(counts(client)) == [1, 4711]
    land.say(JULI, **({"zaehler": 4711, "stand": STAND} | fields))
    assert counts(client) == [1]


def test_a_value_that_may_be_shown_now_is_shown_again(client, land):
    land.say(JULI, None, None, stand=FIRST, kennzeichen=Kennzeichen.GEHEIM)
    land.say(JULI, 2601)
    assert counts(client) == [2601]


def test_what_was_withdrawn_is_gone(client, land):
    datenstand = land.say(JULI, 4711)
    assert counts(client) == [4711]
    land.withdraw(datenstand)
    assert counts(client) == []


def test_what_a_withdrawn_delivery_hid_is_hidden_no_more(client, land):
    land.say(JULI, 2601, stand=FIRST)
    datenstand = land.say(JULI, gesperrt=True)
    land.withdraw(datenstand)
    assert counts(client) == [2601]


# --- Kennzahlen and Jobcenter -----------------------------------------------------------------------------------
def test_kennzahlen_say_what_they_count(client, land, kennzahl):
    kennzahl("andere", Einheit.ANZAHL)
    found = {one["code"]: one for one in ask(client, KENNZAHLEN, limit=500)}
    assert found["K2"]["einheit"] == "prozent"
    assert found["K2"]["nenner_teiler"] == 1200
    assert {one["code"] for one in ask(client, KENNZAHLEN, art="eigene", limit=500)} >= {"andere"}
    assert "K2" not in {one["code"] for one in ask(client, KENNZAHLEN, art="eigene", limit=500)}
    assert client.get(KENNZAHLEN, {"art": "x"}).json() == {"art": ["Erlaubt sind: kennzahl, ergaenzung, eigene."]}


def test_jobcenter_name_their_groups_and_what_they_became(client, land):
    Jobcenter.objects.filter(pk=land.nachbar.pk).update(nachfolger=land.eigenes, aufgegangen_am=JULI)
    ours, neighbour = ask(client, JOBCENTER)
    assert (ours["traegernummer"], ours["form"], ours["fiktiv"], ours["nachfolger"]) == ("99001", "zkT", True, None)
    assert [one["gruppe"] for one in ours["gruppen"]] == ["bund:D", "land:HE", "typ:IIIc"]
    assert ours["gruppen"][0] == {"gruppe": "bund:D", "art": "bund", "name": "Bund", "von": "2005-01-01", "bis": None}
    assert (neighbour["nachfolger"], neighbour["aufgegangen_am"]) == ("99001", "2026-07-01")
    assert [one["traegernummer"] for one in ask(client, JOBCENTER, form="gE")] == ["99002"]


# --- how it behaves ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("url", [KENNZAHLEN, JOBCENTER, WERTE])
def test_nobody_writes_and_nobody_is_recognised(client, land, signed_in, controlling, url):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(signed_in(controlling), method)(url).status_code in {403, 405}
    answer = client.get(url, {"kennzahl": "K2"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_schema_is_valid_and_tells_every_filter(client, land):
    schema = json.loads(client.get(reverse("api-schema"), HTTP_ACCEPT="application/vnd.oai.openapi+json").content)
    validate_schema(schema)
    told = {url: [one["name"] for one in schema["paths"][url]["get"]["parameters"]] for url in (KENNZAHLEN, JOBCENTER, WERTE)}
    assert {url: set(names) for url, names in told.items()} == {
        KENNZAHLEN: {"art", "limit", "offset"},
        JOBCENTER: {"form", "gruppe", "limit", "offset"},
        WERTE: {"kennzahl", "jobcenter", "geschlecht", "von", "bis", "quellenart", "gruppe", "limit", "offset"},
    }


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_query_count(client, land, rows, django_assert_num_queries):
    for number in range(rows):
        one = Jobcenter.objects.create(traegernummer=f"991{number:02d}", name=f"Bezirk {number}", form="gE")
        Zugehoerigkeit.objects.create(
            gruppe=Vergleichsgruppe.objects.get(art="land"), art="land", jobcenter=one, zeitraum=DateRange(date(2005, 1, 1), None)
        )
        land.say(JULI, number, jobcenter=one, stand=date(2026, 10, number + 1))
    with django_assert_num_queries(4):  # Kennzahl, Datenstände, number of values, values
        assert len(counts(client)) == rows
    with django_assert_num_queries(6):  # and Jobcenter, group
        assert len(counts(client, jobcenter="99100", gruppe="land:HE", von="2026-01", bis="2026-12", quellenart="ba_endgueltig")) == 1
    with django_assert_num_queries(3):  # number, Jobcenter, their groups
        assert len(ask(client, JOBCENTER)) == rows + 2
    with django_assert_num_queries(2):
        ask(client, KENNZAHLEN)
