"""Up to which value a kind of award is allowed: kept by administration, one value for each day."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.template import engines
from django.urls import reverse

from massnahmen.enums import Leistungsart, Vergabeart
from massnahmen.models import Wertgrenze
from tests.html import Page

ADD = reverse("admin:massnahmen_wertgrenze_add")
ENTRY = {
    "vergabeart": Vergabeart.DIREKTAUFTRAG,
    "leistungsart": Leistungsart.SOZIAL,
    "bis_cent": "15.000",
    "gueltig_von": "01.01.2026",
    "gueltig_bis": "31.12.2027",
    "quelle": "Landesvergabegesetz",
}


@pytest.fixture(autouse=True)
def _templates_of_django() -> None:
    """Django's own templates name variables that are not always there."""
    engines["django"].engine.string_if_invalid = ""


@pytest.fixture
def stored(db) -> Wertgrenze:
    kind = {"vergabeart": Vergabeart.DIREKTAUFTRAG, "leistungsart": Leistungsart.SOZIAL}
    return Wertgrenze.objects.create(
        **kind, bis_cent=1_000_00, gueltig_von=date(2026, 1, 1), gueltig_bis=date(2026, 12, 31), quelle="§ 14 UVgO"
    )


def faults(response) -> str:
    assert response.status_code == 200
    return " ".join(e.text for e in Page(response.content).classed("kern-error"))


def test_a_value_is_entered_in_euro_and_shown_so(signed_in, administration):
    browser = signed_in(administration)
    assert browser.post(ADD, ENTRY).status_code == 302
    row = Wertgrenze.objects.get()
    assert (row.bis_cent, row.gueltig_von, row.gueltig_bis) == (15_000_00, date(2026, 1, 1), date(2027, 12, 31))
    page = Page(browser.get(reverse("admin:massnahmen_wertgrenze_changelist")).content)
    assert "15.000\u00a0€" in page.one("table", id="result_list").text


@pytest.mark.parametrize(
    ("von", "bis"),
    [
        ("01.01.2026", "31.12.2026"),
        ("31.12.2026", "31.12.2027"),
        ("01.01.2025", "01.01.2026"),
        ("", ""),
        ("", "01.01.2026"),
        ("31.12.2026", ""),
        ("01.05.2026", "01.06.2026"),
    ],
)
def test_two_values_on_one_day_are_refused(signed_in, administration, stored, von, bis):
    said = faults(signed_in(administration).post(ADD, ENTRY | {"gueltig_von": von, "gueltig_bis": bis}))
    assert "er gilt vom 1.\u00a0Januar\u00a02026 an bis zum 31.\u00a0Dezember\u00a02026. Beenden Sie ihn, bevor der neue beginnt." in said
    assert Wertgrenze.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"gueltig_von": "01.01.2027"},
        {"gueltig_von": "", "gueltig_bis": "31.12.2025"},
        {"leistungsart": Leistungsart.SONSTIGE},
        {"vergabeart": Vergabeart.VERHANDLUNG},
    ],
)
def test_one_after_the_other_and_for_other_kinds_they_stand_side_by_side(signed_in, administration, stored, fields):
    assert signed_in(administration).post(ADD, ENTRY | fields).status_code == 302
    assert Wertgrenze.objects.count() == 2


def test_an_open_value_blocks_whatever_comes_later(signed_in, administration, stored):
    Wertgrenze.objects.update(gueltig_von=None, gueltig_bis=None)
    said = faults(signed_in(administration).post(ADD, ENTRY | {"gueltig_von": "01.01.2090", "gueltig_bis": ""}))
    assert "er gilt schon immer. Beenden Sie ihn" in said


def test_a_change_does_not_meet_itself(signed_in, administration, stored):
    url = reverse("admin:massnahmen_wertgrenze_change", args=[stored.pk])
    assert signed_in(administration).post(url, ENTRY).status_code == 302
    stored.refresh_from_db()
    assert (stored.bis_cent, stored.gueltig_bis) == (15_000_00, date(2027, 12, 31))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"gueltig_bis": "31.12.2025"}, "Das Ende liegt vor dem Beginn"),
        ({"bis_cent": "0"}, "muss größer als 0 sein"),
        ({"bis_cent": "-5"}, "nicht kleiner als 0"),
        ({"bis_cent": "viel"}, "kein Betrag in Euro"),
    ],
)
def test_what_cannot_be_is_refused_in_words(signed_in, administration, fields, sentence):
    assert sentence in faults(signed_in(administration).post(ADD, ENTRY | fields))
    assert not Wertgrenze.objects.exists()


def test_the_list_of_instruments_says_which_certificate_each_needs(signed_in, administration, instrument):
    instrument.fachbereich = 4
    instrument.save()
    page = Page(signed_in(administration).get(reverse("admin:massnahmen_instrument_changelist")).content)
    assert "berufliche Weiterbildung" in page.one("table", id="result_list").text


@pytest.mark.parametrize(("von", "bis"), [(date(2026, 12, 31), None), (None, date(2026, 1, 1)), (None, None)])
def test_the_database_refuses_what_no_form_has_seen(stored, von, bis):
    again = {"vergabeart": stored.vergabeart, "leistungsart": stored.leistungsart, "bis_cent": 1, "quelle": "x"}
    Wertgrenze.objects.create(**again | {"leistungsart": Leistungsart.SONSTIGE}, gueltig_von=von, gueltig_bis=bis)
    with pytest.raises(IntegrityError, match="wertgrenze_eine_je_tag"):
        Wertgrenze.objects.create(**again, gueltig_von=von, gueltig_bis=bis)
