import json
from datetime import date, datetime

import pytest
from django.test import RequestFactory
from django.urls import reverse
from drf_spectacular.validation import validate_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from jobcenter.common.canonical import canonical_json, fingerprint
from jobcenter.konten.enums import Rolle
from massnahmen.actions import begin_beteiligung, begin_fortschreibung, open_programm, submit_programm, update_kapitel, write_stellungnahme
from massnahmen.enums import Finanzquelle, Vergabestand
from massnahmen.models import Beratung, Fassung, Veroeffentlichung, Zielgruppe
from massnahmen.queries import collect_inhalt
from tests.conftest import current_fingerprint
from tests.massnahmen.pages.test_fassung_vergleich import tamper

URL = reverse("massnahmen:api-massnahme-liste")
PROGRAMME = reverse("massnahmen:api-programm-liste")
PROGRAMM = reverse("massnahmen:api-programm-detail", args=[2027])
INTERN = reverse("massnahmen:api-programm-intern-liste")
INTERN_2027 = reverse("massnahmen:api-programm-intern-detail", args=[2027])
INTERN_MASSNAHMEN = reverse("massnahmen:api-programm-massnahme-liste", args=[2027])


def titles(client, **params) -> list[str]:
    return [m["titel"] for m in client.get(URL, params).json()["results"]]


def test_a_measure_carries_cents_iso_dates_and_the_fingerprint(client, make_public):
    fassung = make_public(
        2027,
        traeger=None,
        vergabestand=Vergabestand.LAEUFT,
        ort="Musterburg, Werkhof",
        dauer_wochen=26,
        wochenstunden=30,
        naechster_start=date(2027, 2, 1),
        zugang="Sprechen Sie uns an.",
        ansprechstelle="Team Markt",
        telefon="09999 100-20",
        verpflichtung_cent=5_000_000,
        bemerkung="Nur mit Förderbescheid.",
        kosten_cent={Finanzquelle.EGT: 42_000_000, Finanzquelle.PAT: 5},
    ).fassung
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
        "handlungsfeld": "Lange Arbeitslosigkeit beenden",
        "zielgruppen": ["Menschen unter 25 Jahren"],
        "traeger": None,
        "vergabestand": "laeuft",
        "ort": "Musterburg, Werkhof",
        "beginn": "2027-01-01",
        "ende": "2027-12-31",
        "dauer_wochen": 26,
        "wochenstunden": 30,
        "jederzeit": False,
        "naechster_start": "2027-02-01",
        "zugang": "Sprechen Sie uns an.",
        "ansprechstelle": "Team Markt",
        "telefon": "09999 100-20",
        "plaetze": 12,
        "geplante_eintritte": 20,
        "erfolgskriterium": "Die Hälfte arbeitet ein halbes Jahr später noch dort.",
        "eingliederung_prozent": 50,
        "verpflichtung_cent": 5_000_000,
        "bemerkung": "Nur mit Förderbescheid.",
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
    assert titles(client, handlungsfeld="Lange Arbeitslosigkeit beenden") == ["Neu", "Alt"]
    assert (
        titles(client, gruppe="A")
        == titles(client, instrument="16")
        == titles(client, zielgruppe="Frau")
        == titles(client, handlungsfeld="Lange Arbeitslosigkeit")
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


# --- programmes, for everybody ----------------------------------------------------------------------------------
def test_the_published_years_with_their_sums(client, make_public):
    make_public(2026)
    veroeffentlichung = make_public(2027, anzahl=2)
    answer = client.get(PROGRAMME).json()
    assert [p["jahr"] for p in answer["results"]] == [2027, 2026]
    one = answer["results"][0]
    assert {
        name: one[name] for name in ("titel", "fassung", "pruefsumme", "massnahmen", "plaetze", "geplante_eintritte", "kosten_cent")
    } == {
        "titel": "Arbeitsmarktprogramm 2027",
        "fassung": 1,
        "pruefsumme": veroeffentlichung.fassung.pruefsumme,
        "massnahmen": 2,
        "plaetze": 24,
        "geplante_eintritte": 40,
        "kosten_cent": 104_000_100,
    }
    assert (one["nach_gruppe"], one["nach_quelle"]) == ({"F": 104_000_100}, {"egt": 84_000_000, "pat": 20_000_100})
    assert one["url"] == f"http://testserver{PROGRAMM}"
    assert one["seite"] == "http://testserver/arbeitsmarktprogramm/2027/"


def test_a_whole_programme_to_the_last_character(client, make_public):
    fassung = make_public(2027, anzahl=2).fassung
    answer = client.get(PROGRAMM)
    assert answer.content.decode() == fassung.inhalt
    assert fingerprint(answer.content.decode()) == fassung.pruefsumme
    assert answer.headers["ETag"] == f'"{fassung.pruefsumme}"'
    again = client.get(PROGRAMM, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(PROGRAMM, headers={"If-None-Match": '"0"'}).status_code == 200


def test_what_is_written_on_later_is_not_given_out(client, make_public, leitung, planung):
    fassung = make_public(2027).fassung
    programm = begin_fortschreibung(programm=fassung.programm, grund="Mehr Geld.", by=leitung)
    kapitel = programm.kapitel.get(nummer=1)
    update_kapitel(kapitel=kapitel, version=kapitel.version, text="<p>Geheim.</p>", stand="fertig", verantwortlich=None, by=planung)
    begin_beteiligung(programm=programm, by=planung)
    for url in (URL, PROGRAMME, PROGRAMM):
        assert "Geheim" not in client.get(url).content.decode()
    assert client.get(PROGRAMM).headers["ETag"] == f'"{fassung.pruefsumme}"'


@pytest.mark.parametrize("jahr", ["abc", "20271", "²027", "0000", "-027"])
def test_an_address_without_a_year_is_answered_in_json(db, client, jahr):
    answer = client.get(f"{PROGRAMME}{jahr}/")
    assert (answer.status_code, list(answer.json())) == (404, ["detail"])


@pytest.mark.parametrize("state", ["programm", "position", "fassung", "beschluss"])
def test_no_programme_before_it_is_public(client, signed_in, leitung, request, state):
    request.getfixturevalue(state)
    for browser in (client, signed_in(leitung)):
        assert browser.get(PROGRAMME).json()["results"] == []
        answer = browser.get(PROGRAMM)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Für 2027 ist kein Arbeitsmarktprogramm veröffentlicht."})


def test_a_fassung_that_was_tampered_with(client, make_public):
    make_public(2026)
    tamper(make_public(2027).fassung)
    assert [p["jahr"] for p in client.get(PROGRAMME).json()["results"]] == [2026]
    assert {m["jahr"] for m in client.get(URL).json()["results"]} == {2026}
    answer = client.get(PROGRAMM)
    assert (answer.status_code, "verändert" in answer.json()["detail"] or "geändert" in answer.json()["detail"]) == (409, True)
    assert "Vorschuss" not in answer.content.decode()


def test_programmes_of_the_first_schema_are_given_out_as_they_were(client, make_public, planung, leitung):
    """Fassungen frozen before schema 2 say less: lists default it, the whole content stays as the Beirat saw it."""
    later = make_public(2027)
    inhalt = json.loads(later.fassung.inhalt)
    known = ("id", "titel", "beschreibung", "zielgruppen", "traeger", "beginn", "ende", "plaetze", "geplante_eintritte", "instrument")
    old = {
        "schema": 1,
        **{name: inhalt[name] for name in ("jobcenter", "titel", "zusammenfassung")},
        "jahr": 2025,
        "kapitel": [{"nummer": 1, "titel": "Vorwort", "text": "Ein Satz.\n\nNoch einer."}],
        "massnahmen": [{name: m[name] for name in (*known, "finanzierung")} for m in inhalt["massnahmen"]],
    }
    text = canonical_json(old)
    programm = open_programm(jahr=2025, by=planung)
    fassung = Fassung.objects.create(programm=programm, nummer=1, inhalt=text, pruefsumme=fingerprint(text), vorgelegt_von=leitung)
    beratung = Beratung.objects.create(fassung=fassung, ergebnis="zugestimmt", ja=3, nein=0, enthaltung=0, beschluss="Beschluss 1/2024")
    Veroeffentlichung.objects.create(beratung=beratung, von=leitung)
    (massnahme,) = client.get(URL, {"jahr": 2025}).json()["results"]
    missing = {"ort": "", "handlungsfeld": None, "jederzeit": False, "vergabestand": "vergeben", "verpflichtung_cent": 0, "zugang": ""}
    assert {name: massnahme[name] for name in missing} == missing
    assert [p["jahr"] for p in client.get(PROGRAMME).json()["results"]] == [2027, 2025]
    assert client.get(reverse("massnahmen:api-programm-detail", args=[2025])).content.decode() == text


# --- drafts, for staff ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("url", [INTERN, INTERN_2027, INTERN_MASSNAHMEN])
def test_drafts_are_closed_to_everybody_but_staff(client, signed_in, mitglied, fremd, position, url):
    for browser in (client, signed_in(mitglied.konto), signed_in(fremd)):
        answer = browser.get(url)
        assert answer.status_code == 403
        assert list(answer.json()) == ["detail"]


@pytest.mark.parametrize("url", [INTERN, INTERN_2027, INTERN_MASSNAHMEN])
def test_drafts_stay_in_no_cache_and_nobody_writes(client, signed_in, leitung, position, settings, url):
    settings.SEITENSPEICHER = True
    browser = signed_in(leitung)
    answer = browser.get(url)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert client.get(url).status_code == 403
    for method in ("post", "put", "patch", "delete"):
        assert getattr(browser, method)(url).status_code in {403, 405}


def test_a_draft_with_what_it_lacks(signed_in, planung, position, plan):
    plan(position.programm, 1, plaetze=None, kosten_cent={})
    answer = signed_in(planung).get(INTERN_2027).json()
    assert (answer["status"], answer["ist_entwurf"], answer["fassungen"]) == ("entwurf", True, [])
    assert answer["inhalt"] == json.loads(canonical_json(collect_inhalt(position.programm)))
    assert answer["pruefsumme"] == current_fingerprint(position.programm)
    wanted = {"bereich": "massnahme", "wo": "„Maßnahme 2“", "satz": "Es fehlen: Plätze, Kosten.", "blockiert": True}
    assert wanted in [{name: befund[name] for name in wanted} for befund in answer["befunde"]]
    assert signed_in(planung).get(reverse("massnahmen:api-programm-intern-detail", args=[2031])).status_code == 404


def test_the_fingerprint_of_the_interface_is_the_one_that_submits(signed_in, leitung, position, submit):
    """What a program reads is what the Leitung freezes."""
    from tests.conftest import fill_texts

    fill_texts(position.programm, leitung if leitung.has_rolle(Rolle.PLANUNG) else position.programm.schritte.get().durch)
    pruefsumme = signed_in(leitung).get(INTERN_2027).json()["pruefsumme"]
    submit_programm(programm=position.programm, pruefsumme=pruefsumme, grund="Die Stelle der BCA ist frei.", by=leitung)
    (fassung,) = signed_in(leitung).get(INTERN_2027).json()["fassungen"]
    assert (fassung["nummer"], fassung["pruefsumme"], fassung["anlass"]) == (1, pruefsumme, "beirat")


def test_measures_of_a_draft_come_in_pages(signed_in, planung, programm, plan):
    plan(programm, 5)
    answer = signed_in(planung).get(INTERN_MASSNAHMEN, {"limit": 2, "offset": 2}).json()
    assert (answer["count"], [m["titel"] for m in answer["results"]]) == (5, ["Maßnahme 3", "Maßnahme 4"])
    assert answer["next"].endswith("limit=2&offset=4")
    assert "massnahmen_planen" in answer["darf"]


def darf(browser) -> set[str]:
    """All three answers agree on it."""
    (row,) = [p for p in browser.get(INTERN).json()["programme"] if p["jahr"] == 2027]
    one, rows = browser.get(INTERN_2027).json()["darf"], browser.get(INTERN_MASSNAHMEN).json()["darf"]
    assert row["darf"] == one == rows
    return set(one) - {"kommentieren"}


WRITE = {"massnahmen_planen", "kapitel_schreiben", "ziele_schreiben"}


@pytest.mark.parametrize(
    ("state", "planung_darf", "leitung_darf", "geschaeftsstelle_darf"),
    [
        ("position", WRITE | {"bca_beteiligen", "verwerfen"}, {"bca_beteiligen", "vorlegen"}, set()),
        ("fassung", set(), {"wieder_oeffnen"}, set()),
        ("abstimmung", set(), set(), set()),
        ("beschluss", set(), {"wieder_oeffnen", "beschluss_eintragen"}, {"beschluss_eintragen"}),
        ("decided", set(), {"wieder_oeffnen", "veroeffentlichen", "beschluss_eintragen"}, {"beschluss_eintragen"}),
        ("veroeffentlichung", set(), {"fortschreiben"}, set()),
    ],
)
def test_what_the_caller_may_do_now(
    signed_in, planung, leitung, geschaeftsstelle, request, state, planung_darf, leitung_darf, geschaeftsstelle_darf
):
    request.getfixturevalue(state)
    assert darf(signed_in(planung)) == planung_darf
    assert darf(signed_in(leitung)) == leitung_darf
    assert darf(signed_in(geschaeftsstelle)) == geschaeftsstelle_darf


@pytest.fixture
def decided(beschluss, decide):
    return decide(beschluss.fassung)


def test_what_the_bca_and_then_the_leitung_may_do(signed_in, person, planung, leitung, position):
    bca = person("Beate Chance", Rolle.BCA)
    assert darf(signed_in(bca)) == set()
    fassung = begin_beteiligung(programm=position.programm, by=planung)
    assert darf(signed_in(bca)) == {"stellung_nehmen"}
    assert darf(signed_in(planung)) == WRITE
    write_stellungnahme(fassung=fassung, text="Mehr Teilzeit.", by=bca)
    assert darf(signed_in(bca)) == set()
    assert darf(signed_in(leitung)) == {"stellungnahme_beantworten", "vorlegen", "wieder_oeffnen"}


def test_what_she_did_not_say_is_too_late_after_the_submission(signed_in, person, planung, leitung, position, submit):
    bca = person("Beate Chance", Rolle.BCA)
    begin_beteiligung(programm=position.programm, by=planung)
    submit(position.programm)
    assert darf(signed_in(bca)) == set()


def test_a_fortschreibung_can_be_given_up(signed_in, leitung, planung, veroeffentlichung):
    begin_fortschreibung(programm=veroeffentlichung.fassung.programm, grund="Weniger Geld.", by=leitung)
    assert darf(signed_in(leitung)) == {"bca_beteiligen", "vorlegen", "fortschreibung_beenden"}
    assert darf(signed_in(planung)) == WRITE | {"bca_beteiligen"}


def test_a_programme_can_be_closed_when_its_year_is_over(signed_in, leitung, veroeffentlichung, at):
    at(datetime(2028, 1, 2, 9))
    assert "abschliessen" in darf(signed_in(leitung))


def test_who_may_begin_a_year(signed_in, planung, leitung):
    assert signed_in(planung).get(INTERN).json() == {"darf": ["anlegen"], "programme": []}
    assert signed_in(leitung).get(INTERN).json() == {"darf": [], "programme": []}


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
        "jahr": "integer", "gruppe": "string", "handlungsfeld": "string", "zielgruppe": "string", "instrument": "string",
        "limit": "integer", "offset": "integer",
    }  # fmt: skip
    fields = schema["components"]["schemas"]["Massnahme"]["properties"]
    assert (fields["kosten_cent"]["type"], fields["beginn"]["format"], fields["traeger"]["nullable"]) == ("integer", "date", True)
    assert set(operation["responses"]) == {"200", "400"}


def test_the_schema_tells_of_programmes_in_german(client):
    schema = json.loads(client.get(reverse("api-schema"), HTTP_ACCEPT="application/vnd.oai.openapi+json").content)
    paths = {path: answers["get"] for path, answers in schema["paths"].items() if "arbeitsmarktprogramme" in path}
    assert len(paths) == 5
    for path, operation in paths.items():
        assert ("/intern/" in path) == ("403" in operation["responses"])
        assert operation["summary"]
        assert all(parameter["description"] for parameter in operation["parameters"]) if "parameters" in operation else True
    assert "409" in paths["/api/v1/arbeitsmarktprogramme/{jahr}/"]["responses"]


def test_query_count(client, make_public, django_assert_num_queries):
    for jahr, anzahl in ((2027, 1), (2028, 3), (2029, 30)):
        make_public(jahr, anzahl=anzahl, ende=date(jahr, 12, 31))
        with django_assert_num_queries(2):  # number of rows; rows
            assert len(titles(client, jahr=jahr)) == anzahl


def test_query_count_of_programmes(client, signed_in, planung, make_public, programm, plan, django_assert_num_queries):
    for jahr, anzahl in ((2026, 1), (2025, 3), (2024, 30)):
        make_public(jahr, anzahl=anzahl)
        with django_assert_num_queries(1):
            client.get(PROGRAMME)
        with django_assert_num_queries(2):  # the Fassung; its noted fingerprint
            client.get(reverse("massnahmen:api-programm-detail", args=[jahr]))
        plan(programm, anzahl)
        browser = signed_in(planung)
        with django_assert_num_queries(6):  # session, account; programmes; which wait for the BCA, for an answer, which have a Fassung
            browser.get(INTERN)
        with django_assert_num_queries(27):  # the same; content 7, what it lacks 12, Fassungen
            browser.get(INTERN_2027)
        with django_assert_num_queries(14):
            browser.get(INTERN_MASSNAHMEN)
