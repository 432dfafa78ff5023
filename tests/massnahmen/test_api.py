import json
from datetime import date

import pytest
from django.test import RequestFactory
from django.urls import reverse
from drf_spectacular.validation import validate_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from massnahmen.enums import Finanzquelle
from massnahmen.models import Zielgruppe

URL = reverse("massnahmen:api-massnahme-liste")


def titles(client, **params) -> list[str]:
    return [m["titel"] for m in client.get(URL, params).json()["results"]]


def test_a_measure_carries_cents_iso_dates_and_the_fingerprint(client, make_public):
    fassung = make_public(2027, traeger=None, kosten_cent={Finanzquelle.EGT: 42_000_000, Finanzquelle.PAT: 5}).fassung
    (massnahme,) = client.get(URL).json()["results"]
    del massnahme["id"]
    assert massnahme == {
        "jahr": 2027,
        "fassung": 1,
        "pruefsumme": fassung.pruefsumme,
        "titel": "Maßnahme 1",
        "beschreibung": "Betriebe erhalten einen Zuschuss zum Lohn.",
        "instrument": {
            "kurz": "16i",
            "name": "Teilhabe am Arbeitsmarkt",
            "klartext": "Lohnzuschuss für Betriebe",
            "paragraph": "§ 16i SGB II",
            "gruppe": "F",
        },
        "zielgruppen": ["Menschen unter 25 Jahren"],
        "traeger": None,
        "beginn": "2027-01-01",
        "ende": "2027-12-31",
        "plaetze": 12,
        "geplante_eintritte": 20,
        "kosten_cent": 42_000_005,
        "finanzierung": [{"quelle": "egt", "betrag_cent": 42_000_000}, {"quelle": "pat", "betrag_cent": 5}],
    }


@pytest.mark.parametrize("state", ["position", "fassung", "beschluss"])
def test_drafts_stay_inside_for_staff_too(client, signed_in, leitung, request, state):
    request.getfixturevalue(state)
    empty = {"count": 0, "next": None, "previous": None, "results": []}
    assert client.get(URL).json() == signed_in(leitung).get(URL).json() == empty


def test_filters_narrow_and_say_what_is_wrong(client, make_public, zielgruppe):
    women = Zielgruppe.objects.create(code="f", name="Frauen")
    make_public(2026, titel="Alt")
    make_public(2027, titel="Neu", zielgruppen=[zielgruppe, women])
    assert titles(client) == ["Neu", "Alt"]
    assert titles(client, jahr=2026) == titles(client, jahr=2026, gruppe="F", instrument="16i") == ["Alt"]
    assert titles(client, zielgruppe="Frauen") == ["Neu"]
    assert (
        titles(client, gruppe="A")
        == titles(client, instrument="16")
        == titles(client, zielgruppe="Frau")
        == titles(client, jahr=2028)
        == []
    )
    for wrong in ({"jahr": "abc"}, {"jahr": "2027.5"}, {"jahr": "1e400"}, {"jahr": 99999}, {"gruppe": "Z"}, {"instrument": "\0"}):
        answer = client.get(URL, wrong)
        assert (answer.status_code, list(answer.json())) == (400, list(wrong))


def test_it_comes_in_pages(client, make_public):
    make_public(2027, anzahl=5)
    page = client.get(URL, {"limit": 2, "offset": 2}).json()
    assert (page["count"], [m["titel"] for m in page["results"]]) == (5, ["Maßnahme 3", "Maßnahme 4"])
    assert page["next"].endswith("limit=2&offset=4")
    assert len(client.get(URL, {"limit": 100_000}).json()["results"]) == 5


def test_nobody_writes_and_nobody_is_recognised(client, make_public, signed_in, leitung):
    make_public(2027)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(signed_in(leitung), method)(URL).status_code in {403, 405}
    answer = client.get(URL)
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_view_that_says_nothing_is_closed(leitung):
    class Forgotten(APIView):
        def get(self, request) -> Response:
            return Response("secret")

    request = RequestFactory().get("/")
    request.user = leitung
    assert Forgotten.as_view()(request).status_code == 403


def test_the_schema_is_valid_and_tells_every_filter(client):
    schema = json.loads(client.get(reverse("api-schema"), HTTP_ACCEPT="application/vnd.oai.openapi+json").content)
    validate_schema(schema)
    operation = schema["paths"][URL]["get"]
    assert {p["name"]: p["schema"]["type"] for p in operation["parameters"]} == {
        "jahr": "integer", "gruppe": "string", "zielgruppe": "string", "instrument": "string", "limit": "integer", "offset": "integer",
    }  # fmt: skip
    fields = schema["components"]["schemas"]["Massnahme"]["properties"]
    assert (fields["kosten_cent"]["type"], fields["beginn"]["format"], fields["traeger"]["nullable"]) == ("integer", "date", True)
    assert set(operation["responses"]) == {"200", "400"}


def test_query_count(client, make_public, django_assert_num_queries):
    for jahr, anzahl in ((2027, 1), (2028, 3), (2029, 30)):
        make_public(jahr, anzahl=anzahl, ende=date(jahr, 12, 31))
        with django_assert_num_queries(2):  # number of rows; rows
            assert len(titles(client, jahr=jahr)) == anzahl
