import pytest

from kennzahlen.enums import Diagrammart
from kennzahlen.models import Diagramm, Kennzahl

URL = "/kennzahlen/K2/verlauf-hell-breit.svg"


@pytest.fixture
def gezeichnet(statistik) -> Diagramm:
    return Diagramm.objects.create(
        kennzahl=Kennzahl.objects.get(code="K2"), art=Diagrammart.VERLAUF, svg={"hell-breit": "<svg>Linie</svg>"}, grundlage="ab" * 32
    )


def test_a_drawing_may_be_kept_under_its_fingerprint(client, gezeichnet, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get(f"{URL}?v={'ab' * 8}")
    assert answer.content == b"<svg>Linie</svg>"
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("query", ["", "?v=", "?v=cdcdcdcdcdcdcdcd"])
def test_any_other_address_is_asked_for_each_time(client, gezeichnet, query):
    assert client.get(f"{URL}{query}")["Cache-Control"] == "public, no-cache"


def test_who_has_it_already_gets_it_not_again(client, gezeichnet):
    etag = client.get(URL)["ETag"]
    answer = client.get(URL, headers={"if-none-match": etag})
    assert answer.status_code == 304
    assert answer.content == b""


def test_a_new_drawing_has_a_new_etag(client, gezeichnet):
    before = client.get(URL)["ETag"]
    gezeichnet.grundlage = "cd" * 32
    gezeichnet.save()
    assert client.get(URL)["ETag"] != before


@pytest.mark.parametrize(
    "path",
    [
        "K2/verlauf-dunkel-breit.svg",
        "K2/lage-hell-breit.svg",
        "K9/verlauf-hell-breit.svg",
        "K2/verlauf-hell-riesig.svg",
        "K2/x-hell-breit.svg",
    ],
)
def test_what_is_not_drawn_is_not_there(client, gezeichnet, path):
    assert client.get(f"/kennzahlen/{path}").status_code == 404
