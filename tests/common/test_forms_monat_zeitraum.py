"""Months, terms, long choices: read as people write them, and returned as typed after an error."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from jobcenter.common.forms import KernForm, MehrfachAuswahl, MonatField, ZaehlText, Zeitraum, ZeitraumField
from tests.html import Page


@pytest.mark.parametrize(
    "typed", ["2026-12", "12/2026", "12.2026", "Dezember 2026", "dez 2026", "Dez. 2026", " 12 / 2026 ", "2026-12 ", "DEZEMBER\u00a02026"]
)
def test_a_month_is_its_first_day_however_it_is_written(typed):
    assert MonatField().clean(typed) == date(2026, 12, 1)


def test_march_and_a_day_in_it():
    assert MonatField().clean("März 2027") == MonatField().clean(date(2027, 3, 17)) == date(2027, 3, 1)


@pytest.mark.parametrize(
    "typed", ["13/2026", "0/2026", "Juni", "2026", "Ju 2026", "Brumaire 2026", "12/26", "12/2026 12/2026", "x" * 5000, "٣/2026"]
)
def test_what_is_no_month_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError) as refused:
        MonatField().clean(typed)
    assert refused.value.messages == ["Diesen Monat gibt es nicht. Schreiben Sie ihn so: 12/2026."]


def test_a_year_that_cannot_be_meant_is_refused():
    with pytest.raises(ValidationError, match="Das Jahr kann nicht stimmen"):
        MonatField().clean("12/0226")


class _Form(KernForm):
    monat = MonatField(label="Monat")
    laufzeit = ZeitraumField(label="Laufzeit")
    geltung = ZeitraumField(label="Geltung", open_end=True, required=False)


def send(**values: str) -> _Form:
    data = {"monat": "12/2026", "laufzeit_0": "2026-01-01", "laufzeit_1": "31.12.2026"} | values
    return _Form(QueryDict("&".join(f"{name}={value}" for name, value in data.items())))


def test_a_term_has_two_days():
    form = send()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["laufzeit"] == Zeitraum(date(2026, 1, 1), date(2026, 12, 31))
    assert form.cleaned_data["geltung"] is None


def test_one_day_is_a_term_too():
    assert send(laufzeit_1="2026-01-01").is_valid()


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"laufzeit_1": "2025-12-31"}, "laufzeit", "Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage."),
        ({"laufzeit_1": ""}, "laufzeit", "Das Ende fehlt. Tragen Sie den letzten Tag ein."),
        ({"laufzeit_0": ""}, "laufzeit", "Der Beginn fehlt. Tragen Sie den ersten Tag ein."),
        ({"laufzeit_0": "", "laufzeit_1": ""}, "laufzeit", "Beginn und Ende fehlen. Tragen Sie den ersten und den letzten Tag ein."),
        ({"laufzeit_0": "31.2.2026"}, "laufzeit", "Beginn: Dieses Datum gibt es nicht. Schreiben Sie es so: 31.12.2026."),
        ({"laufzeit_1": "31.12.0226"}, "laufzeit", "Ende: Das Jahr kann nicht stimmen. Möglich sind 1900 bis 2100."),
        ({"geltung_1": "2026-01-01"}, "geltung", "Der Beginn fehlt. Tragen Sie den ersten Tag ein."),
    ],
)
def test_a_fault_in_a_term_says_which_day_is_meant(values, field, sentence):
    form = send(**values)
    assert form.errors == {field: [sentence]}


def test_an_open_end_may_stay_empty():
    form = send(geltung_0="2026-05-01")
    form.is_valid()
    assert form.cleaned_data["geltung"] == Zeitraum(date(2026, 5, 1), None)


def test_what_was_typed_comes_back_as_it_was_typed():
    shown = Page(str(send(monat="Brumaire", laufzeit_0="gestern", laufzeit_1="31.12.2026")))
    values = {e.attrs["name"]: e.attrs.get("value") for e in shown.all("input")}
    assert (values["monat"], values["laufzeit_0"], values["laufzeit_1"]) == ("Brumaire", "gestern", "31.12.2026")


def test_stored_values_are_shown_as_the_browser_wants_them():
    shown = Page(str(_Form(initial={"monat": date(2026, 12, 1), "laufzeit": Zeitraum(date(2026, 1, 1), None)})))
    values = {e.attrs["name"]: e.attrs.get("value") for e in shown.all("input")}
    assert (values["monat"], values["laufzeit_0"], values["laufzeit_1"]) == ("2026-12", "2026-01-01", None)


def test_a_term_is_a_fieldset_whose_days_have_labels_and_whose_fault_is_tied_to_it():
    shown = Page(str(send(laufzeit_1="2025-12-31")))
    box = next(e for e in shown.all("fieldset") if "Laufzeit" in e.text)
    assert "Das Ende liegt vor dem Beginn" in shown.by_id(box.attrs["aria-describedby"]).text
    assert shown.one("label", for_="id_laufzeit_0").text == "Beginn"
    assert shown.one("label", for_="id_laufzeit_1").text == "Ende"


def test_an_untouched_term_has_not_changed():
    stored = {"monat": date(2026, 12, 1), "laufzeit": Zeitraum(date(2026, 1, 1), date(2026, 12, 31)), "geltung": None}
    data = QueryDict("monat=12/2026&laufzeit_0=1.1.2026&laufzeit_1=2026-12-31&geltung_0=&geltung_1=")
    assert _Form(data, initial=stored).changed_data == []


class _Wahl(KernForm):
    wenige = forms.MultipleChoiceField(choices=[(str(n), f"Ort {n}") for n in range(11)], widget=MehrfachAuswahl)
    viele = forms.MultipleChoiceField(choices=[(str(n), f"Ort {n}") for n in range(12)], widget=MehrfachAuswahl)
    kurz = forms.CharField(widget=ZaehlText, max_length=200)


def test_only_long_lists_offer_to_be_narrowed_and_only_limited_texts_count():
    shown = Page(str(_Wahl()))
    assert ["data-filterliste" in e.attrs for e in shown.classed("mehrfach")] == [False, True]
    assert len(shown.all("input", type="checkbox", name="viele")) == 12
    assert [e.attrs["data-zaehler"] for e in shown.classed("zaehler")] == ["id_kurz"]
