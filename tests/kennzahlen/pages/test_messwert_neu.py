"""One value of our own, as its source states it."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from kennzahlen.actions import register_quelle
from kennzahlen.enums import Einheit, Genauigkeit, Kennzahlart, Lizenz, Quellenart
from kennzahlen.models import Messwert, Quelle
from tests.html import Page

pytestmark = pytest.mark.django_db
LISTE = reverse("kennzahlen:eigene-liste")


def url(code: str) -> str:
    return reverse("kennzahlen:messwert-neu", args=[code])


@pytest.fixture(autouse=True)
def _november(at) -> None:
    at(datetime(2026, 11, 22, 9))


@pytest.fixture
def eigene(controlling) -> Quelle:
    return register_quelle(art=Quellenart.EIGENE_ERHEBUNG, herausgeber="Jobcenter", titel="Eigene Zählung", by=controlling)


@pytest.fixture
def angaben(eigenes, eigene, kennzahl):
    kennzahl("beratungen")
    return {
        "jobcenter": eigenes.pk,
        "monat": "2026-07",
        "zeitraum_0": "",
        "zeitraum_1": "",
        "geschlecht": "I",
        "zaehler": "1.250",
        "genauigkeit": "genau",
        "quelle": eigene.pk,
        "stand": "2026-09-01",
    }


def test_a_count_of_a_month(signed_in, controlling, eigenes, eigene, angaben):
    response = signed_in(controlling).post(url("beratungen"), angaben, follow=True)
    assertRedirects(response, f"{LISTE}#beratungen")
    assertContains(response, "Der Wert ist gespeichert.")
    row = Messwert.objects.get()
    assert (row.jobcenter, row.zaehler, row.von, row.bis) == (eigenes, 1250, date(2026, 7, 1), date(2026, 7, 31))
    assert (row.datenstand.quelle, row.datenstand.tag, row.gesperrt) == (eigene, date(2026, 9, 1), False)


def test_our_own_jobcenter_is_chosen_already(signed_in, controlling, eigenes, jobcenter, angaben):
    page = Page(signed_in(controlling).get(url("beratungen")).content)
    assert page.one("option", selected="", value=str(eigenes.pk)).text == "Landkreis Musterburg"


def test_a_period_money_and_how_exact(signed_in, controlling, angaben, kennzahl):
    kennzahl("ausgaben", Einheit.CENT)
    period = {"monat": "", "zeitraum_0": "2026-01-01", "zeitraum_1": "2026-07-15"}
    signed_in(controlling).post(url("ausgaben"), angaben | period | {"zaehler": "455.000,50", "genauigkeit": "rund", "geschlecht": "F"})
    row = Messwert.objects.get()
    assert (row.zaehler, row.genauigkeit, row.geschlecht) == (45_500_050, Genauigkeit.RUND, "F")
    assert (row.von, row.bis) == (date(2026, 1, 1), date(2026, 7, 15))


def test_a_rate_is_counted_or_quoted(signed_in, controlling, angaben, kennzahl):
    kennzahl("quote", Einheit.PROZENT)
    browser = signed_in(controlling)
    assert browser.post(url("quote"), angaben | {"zaehler": "30", "nenner": "120"}).status_code == 302
    quoted = {"zaehler": "", "nenner": "", "zitat": "36,1", "monat": "2026-08"}
    assert browser.post(url("quote"), angaben | quoted).status_code == 302
    counted, quoted = Messwert.objects.order_by("bis")
    assert (counted.wert, counted.nenner, quoted.wert, quoted.zaehler) == (25, 120, Decimal("36.1"), None)


def test_a_small_number_is_said_to_stay_secret(signed_in, controlling, angaben):
    response = signed_in(controlling).post(url("beratungen"), angaben | {"zaehler": "2"}, follow=True)
    assertContains(response, "bleibt darum geheim")
    assert Messwert.objects.get().gesperrt


def test_a_new_source_comes_with_its_terms_and_address(signed_in, controlling, angaben):
    new = {
        "quelle": "",
        "herausgeber": "Landkreis",
        "titel": "Pressemitteilung 12",
        "art": "presse",
        "lizenz": "zitat",
        "url": "https://landkreis.example/12",
    }
    assert signed_in(controlling).post(url("beratungen"), angaben | new).status_code == 302
    quelle = Messwert.objects.get().datenstand.quelle
    assert (quelle.art, quelle.lizenz, quelle.url) == (Quellenart.PRESSE, Lizenz.ZITAT, "https://landkreis.example/12")


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"monat": ""}, "monat", "Der Zeitraum fehlt."),
        ({"zeitraum_0": "2026-01-01", "zeitraum_1": "2026-03-31"}, "monat", "nicht beides"),
        ({"monat": "", "zeitraum_0": "2026-03-31", "zeitraum_1": "2026-01-01"}, "zeitraum_0", "Das Ende liegt vor dem Beginn."),
        ({"zaehler": ""}, "zaehler", "Die Zahl fehlt."),
        ({"zaehler": "-3"}, "zaehler", "mindestens 0"),
        ({"zaehler": "12,5"}, "zaehler", "keine ganze Zahl"),
        ({"quelle": ""}, "herausgeber", "Die Quelle fehlt."),
        ({"quelle": "", "herausgeber": "X", "titel": "Y", "art": "presse"}, "lizenz", "Die Bedingungen fehlen."),
        ({"quelle": "", "url": "kein netz"}, "url", "Das ist keine Internetadresse."),
        ({"stand": ""}, "stand", "Der Stand fehlt."),
        ({"stand": "2026-11-23"}, "stand", "Der Stand liegt in der Zukunft."),
    ],
)
def test_what_cannot_work_is_said_at_its_field_and_nothing_is_lost(change, field, sentence, signed_in, controlling, angaben):
    response = signed_in(controlling).post(url("beratungen"), angaben | change)
    page = Page(response.content)
    assert response.status_code == 422
    assert any(link.startswith(f"#id_{field}") for link in page.links())
    assert sentence in response.content.decode()
    assert not Messwert.objects.exists()
    assert Quelle.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"zaehler": "30", "nenner": ""}, "nenner", "Zum Zähler fehlt der Nenner."),
        ({"zaehler": ""}, "zaehler", "Der Zähler fehlt."),
        ({"zaehler": "30", "nenner": "0"}, "nenner", "mindestens 1"),
        ({"zaehler": "30", "nenner": "120", "zitat": "25"}, "zitat", "nicht beides"),
        ({"zaehler": "", "zitat": "100.000"}, "zitat", "Die Quote ist zu groß."),
        ({"zaehler": "", "zitat": "36.1"}, "zitat", "Das ist keine Zahl."),
    ],
)
def test_a_rate_that_cannot_be_read_is_refused_at_its_field(change, field, sentence, signed_in, controlling, angaben, kennzahl):
    kennzahl("quote", Einheit.PROZENT)
    response = signed_in(controlling).post(url("quote"), angaben | change)
    assert response.status_code == 422
    assert f"#id_{field}" in Page(response.content).links()
    assert sentence in response.content.decode()
    assert not Messwert.objects.exists()


def test_a_correction_needs_a_day_of_its_own(signed_in, controlling, angaben):
    browser = signed_in(controlling)
    browser.post(url("beratungen"), angaben)
    again = browser.post(url("beratungen"), angaben | {"zaehler": "1.260"})
    assert again.status_code == 422
    assert "#id_stand" in Page(again.content).links()
    browser.post(url("beratungen"), angaben | {"zaehler": "1.260", "stand": "2026-10-01"})
    assert list(Messwert.objects.order_by("datenstand__tag").values_list("zaehler", flat=True)) == [1250, 1260]


def test_what_would_give_a_small_number_away_is_refused_and_registers_no_source(signed_in, controlling, angaben, kennzahl):
    """13 of all and 11 men are out; 2 women would follow, whatever one hides now."""
    browser = signed_in(controlling)
    browser.post(url("beratungen"), angaben | {"zaehler": "13"})
    browser.post(url("beratungen"), angaben | {"zaehler": "11", "geschlecht": "M"})
    new = {"quelle": "", "herausgeber": "Jobcenter", "titel": "Andere", "art": "eigene_erhebung", "lizenz": "dl-de-by"}
    response = browser.post(url("beratungen"), angaben | new | {"zaehler": "2", "geschlecht": "F"})
    assert response.status_code == 409
    assert "eine kleine Zahl (1 oder 2) ausrechnen" in response.content.decode()
    assert Messwert.objects.count() == 2
    assert not Quelle.objects.filter(titel="Andere").exists()


def test_kennzahlen_of_the_law_are_not_typed(signed_in, controlling, eigenes, angaben, kennzahl):
    kennzahl("K2", Einheit.PROZENT, art=Kennzahlart.KENNZAHL)
    browser = signed_in(controlling)
    assert browser.get(url("K2")).status_code == 404
    assert browser.post(url("K2"), angaben).status_code == 404
    assert browser.get(url("gibtsnicht")).status_code == 404


@pytest.mark.parametrize("who", ["leitung", "administration", "planung", "fremd"])
def test_only_controlling_records(request, who, signed_in, angaben):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(url("beratungen")).status_code == 403
    assert browser.post(url("beratungen"), angaben).status_code == 403
    assert not Messwert.objects.exists()
