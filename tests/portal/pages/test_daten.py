"""Open data: the page in words, and the catalogue as other portals read it."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pyshacl import validate
from rdflib import Graph, URIRef
from rdflib.compare import to_isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS, Namespace

from kennzahlen.enums import Einheit, Traegerform
from kennzahlen.models import Jobcenter, Kennzahl
from tests.html import Page
from tests.kennzahlen.offen import JULI, JUNI, MAI, Land

SEITE, TTL, JSONLD = (reverse(f"portal:{name}") for name in ("daten", "katalog-ttl", "katalog-jsonld"))
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
SHAPES = Graph().parse(Path(__file__).parents[1] / "dcat_ap.ttl")


@pytest.fixture
def land(db, controlling) -> Land:
    eigenes = Jobcenter.objects.create(traegernummer="99001", name="Landkreis Musterburg", form=Traegerform.ZUGELASSENER_TRAEGER)
    return Land(eigenes, controlling)


@pytest.fixture
def full(land, veroeffentlichung) -> Land:
    """Figures of the Bundesagentur and our own, and a published programme."""
    vermittlungen = Kennzahl.objects.create(
        code="vermittlungen", name='Vermittlungen „in Arbeit"\\', art="eigene", einheit=Einheit.ANZAHL, definition="Zeile 1\nZeile 2"
    )
    land.say(JULI)
    land.say(MAI, quelle=land.eigen)
    land.say(JUNI, quelle=land.eigen, stand=date(2026, 10, 1))
    land.say(JULI, 12, None, quelle=land.eigen, kennzahl=vermittlungen)
    return land


def read(client: Client) -> Graph:
    return Graph().parse(data=client.get(TTL).content, format="turtle")


def datasets(graph: Graph) -> dict[str, URIRef]:
    return {str(node).partition("#")[2]: node for node in graph.subjects(RDF.type, DCAT.Dataset)}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own
def test_both_notations_say_the_same(client, full):
    turtle, jsonld = client.get(TTL), client.get(JSONLD)
    assert (turtle["Content-Type"], jsonld["Content-Type"]) == ("text/turtle; charset=utf-8", "application/ld+json")
    one, two = Graph().parse(data=turtle.content, format="turtle"), Graph().parse(data=jsonld.content, format="json-ld")
    assert len(one) > 60
    assert to_isomorphic(one) == to_isomorphic(two)


def conforms(graph: Graph) -> tuple[bool, str]:
    valid, _, report = validate(graph, shacl_graph=SHAPES, advanced=True)
    return valid, report


@pytest.mark.parametrize("state", ["empty", "full"])
def test_it_keeps_the_rules_of_dcat_ap(client, db, request, state):
    if state == "full":
        request.getfixturevalue("full")
    valid, report = conforms(read(client))
    assert valid, report


@pytest.mark.parametrize("missing", [DCTERMS.title, DCTERMS.publisher, DCAT.accessURL, DCTERMS.license, DCAT.theme, DCAT.contactPoint])
def test_the_rules_would_notice_what_is_missing(client, full, missing):
    graph = read(client)
    graph.remove((None, missing, None))
    assert not conforms(graph)[0]


def test_only_what_we_count_ourselves_is_offered(client, full):
    graph = read(client)
    assert set(datasets(graph)) == {"kennzahl-K2", "kennzahl-vermittlungen", "massnahmen", "arbeitsmarktprogramme"}
    urls = {str(url) for url in graph.objects(None, DCAT.downloadURL)}
    assert urls == {
        settings.BASE_URL + path
        for path in (
            "/kennzahlen/K2-eigene.csv",
            "/kennzahlen/K2-eigene.json",
            "/kennzahlen/vermittlungen-eigene.csv",
            "/kennzahlen/vermittlungen-eigene.json",
            "/api/v1/massnahmen/",
            "/arbeitsmarktprogramm/2027/massnahmen.csv",
            "/api/v1/arbeitsmarktprogramme/",
            "/api/v1/arbeitsmarktprogramme/2027/",
        )
    }
    assert {str(one) for one in graph.objects(None, DCTERMS.license)} == {"http://dcat-ap.de/def/licenses/dl-by-de/2.0"}


def test_every_file_it_names_is_there_and_holds_nothing_of_others(client, full):
    full.say(MAI, 4711)  # of the Bundesagentur
    for url in read(client).objects(None, DCAT.downloadURL):
        answer = client.get(str(url).removeprefix(settings.BASE_URL))
        assert answer.status_code == 200
        assert b"4711" not in answer.content
        assert b"arbeitsagentur" not in answer.content


def test_the_bundesagentur_is_linked_as_a_source_of_its_own(client, full):
    graph = read(client)
    source = URIRef("https://statistik.arbeitsagentur.de/")
    assert set(graph.subjects(RDFS.seeAlso, source)) == {URIRef(settings.BASE_URL + SEITE), datasets(graph)["kennzahl-K2"]}
    assert "statistik.arbeitsagentur.de" not in str(list(graph.triples((None, DCAT.downloadURL, None))))


def test_period_and_day_are_those_of_our_own_figures(client, full):
    graph = read(client)
    k2 = datasets(graph)["kennzahl-K2"]
    period = graph.value(k2, DCTERMS.temporal)
    assert [graph.value(period, one).toPython() for one in (DCAT.startDate, DCAT.endDate)] == [date(2026, 5, 1), date(2026, 6, 30)]
    assert graph.value(k2, DCTERMS.modified).toPython() == date(2026, 11, 20)
    assert str(graph.value(datasets(graph)["kennzahl-vermittlungen"], DCTERMS.title)).startswith('Vermittlungen „in Arbeit"\\ (')


def test_where_it_is_and_who_delivers_it_only_where_the_house_says_so(client, full, instanz):
    graph = read(client)
    assert not list(graph.triples((None, DCATDE.contributorID, None)))
    assert not list(graph.triples((None, DCATDE.politicalGeocodingURI, None)))
    contributor = "http://dcat-ap.de/def/contributors/musterburg"
    instanz("jobcenter", ags="06999", contributor_id=contributor)
    graph = read(client)
    for dataset in datasets(graph).values():
        assert str(graph.value(dataset, DCATDE.contributorID)) == contributor
        assert str(graph.value(dataset, DCATDE.politicalGeocodingURI)).endswith("districtKey/06999")
    assert conforms(graph)[0]


def test_hidden_and_withdrawn_figures_make_no_dataset(client, land):
    land.say(JULI, gesperrt=True, quelle=land.eigen)
    datenstand = land.say(JUNI, quelle=land.eigen, stand=date(2026, 10, 1))
    assert set(datasets(read(client))) == {"kennzahl-K2"}
    land.withdraw(datenstand)
    assert not datasets(read(client))


def test_a_draft_is_in_no_catalogue(client, land, fassung):
    assert not datasets(read(client))


# --- in words ---------------------------------------------------------------------------------------------------
def test_the_page_names_data_files_terms_interface_and_catalogue(client, full):
    page = Page(client.get(SEITE).content)
    links = {element.attrs["href"] for element in page.elements if element.tag == "a" and "main" in element.inside}
    assert links >= {
        "/kennzahlen/K2-eigene.csv",
        "/kennzahlen/K2.csv",
        "/kennzahlen/K2-revisionen.csv",
        "/arbeitsmarktprogramm/2027/massnahmen.csv",
        "/api/v1/messwerte/?kennzahl=K2",
        "/api/schema/",
        TTL,
        JSONLD,
        "https://www.govdata.de/dl-de/by-2-0",
        "https://statistik.arbeitsagentur.de/",
    }
    text = page.one("main").text
    assert "Mai–Juni\u00a02026" in text
    assert "Diese Zahlen stellt die Statistik der Bundesagentur für Arbeit auf. Sie gehören nicht uns." in text


def test_an_empty_page_says_why_and_leads_on(client, db):
    page = Page(client.get(SEITE).content)
    assert "Noch keine eigenen Daten" in page.one("main").text
    assert "Bundesagentur" not in page.one("main").text


def test_every_page_leads_to_it(client, db):
    assert SEITE in {
        element.attrs.get("href") for element in Page(client.get(reverse("portal:start")).content).elements if "footer" in element.inside
    }


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_query_count(client, full, rows, django_assert_num_queries):
    for number in range(rows):
        kennzahl = Kennzahl.objects.create(code=f"eigen-{number}", name=f"Zahl {number}", art="eigene", einheit="anzahl", definition="Zahl")
        full.say(JULI, number, None, quelle=full.eigen, kennzahl=kennzahl)
    for url in (SEITE, TTL, JSONLD):
        with django_assert_num_queries(6):
            client.get(url)
    assert len(json.loads(client.get(JSONLD).content)["@graph"]) > 4 * rows
