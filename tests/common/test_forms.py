from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.common import typography
from jobcenter.common.forms import MOST_CENT, CentField, DatumField, DatumInput, KernForm, ZahlField, ZeitpunktField


def refusal(field: forms.Field, value: object) -> str:
    with pytest.raises(ValidationError) as error:
        field.clean(value)
    return error.value.messages[0]


@given(st.integers(min_value=0, max_value=MOST_CENT))
def test_money_survives_being_shown_and_typed_again(cent):
    field = CentField()
    assert field.clean(field.prepare_value(cent)) == cent
    assert field.clean(typography.euro(cent)) == cent


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=99))
def test_money_needs_no_points_and_no_sign(euro, cent):
    assert CentField().clean(f"{euro},{cent:02d}") == euro * 100 + cent


@pytest.mark.parametrize(
    ("typed", "cent"),
    [
        ("455.000", 45_500_000),
        ("455000", 45_500_000),
        (" 455.000,50 € ", 45_500_050),
        ("455 000", 45_500_000),
        ("455.000\u00a0€", 45_500_000),
        ("12,5", 1_250),
        ("12,-", 1_200),
        ("0", 0),
        ("007", 700),
    ],
)
def test_money_is_read_as_people_write_it(typed, cent):
    assert CentField().clean(typed) == cent


@pytest.mark.parametrize("typed", ["12.50", "1.23.456", "1,2,3", "12,345", "viel", "€", "1e5", "٣", "0x10", "12.5000", ".", ",", "1 Mio."])
def test_what_is_not_clearly_money_is_refused(typed):
    assert refusal(CentField(), typed).startswith("Das ist kein Betrag")


@pytest.mark.parametrize("typed", ["-5", "\u22125", "–5"])
def test_money_is_never_negative(typed):
    assert refusal(CentField(), typed).startswith("Der Betrag kann nicht kleiner als 0 sein")


@pytest.mark.parametrize("typed", ["100.000.000.000,01", "9" * 30, "9" * 5_000])
def test_absurd_sums_are_refused(typed):
    assert refusal(CentField(), typed).startswith("Der Betrag ist zu groß")


@given(st.text(max_size=60))
def test_money_reads_or_refuses_but_never_breaks(typed):
    try:
        cent = CentField(required=False).clean(typed)
    except ValidationError:
        return
    assert cent is None or 0 <= cent <= MOST_CENT


def test_zero_and_empty_money():
    assert refusal(CentField(allow_zero=False), "0").startswith("Der Betrag muss größer als 0 sein")
    assert CentField(required=False).clean("") is None
    assert refusal(CentField(), "").startswith("Der Betrag fehlt")
    assert refusal(CentField(error_messages={"required": "Was kostet es?"}), "") == "Was kostet es?"


def test_unchanged_money_counts_as_unchanged():
    assert not CentField().has_changed(45_500_000, "455.000 €")
    assert CentField().has_changed(45_500_000, "455.001")
    assert CentField().has_changed(45_500_000, "viel")


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_numbers_survive_being_shown_and_typed_again(value):
    field = ZahlField()
    assert field.clean(field.prepare_value(value)) == value


@pytest.mark.parametrize("typed", ["1.20", "12,5", "zwölf", "1e3", "--5", "1 2 x"])
def test_what_is_not_a_whole_number_is_refused(typed):
    assert refusal(ZahlField(), typed).startswith("Das ist keine ganze Zahl")


def test_numbers_have_bounds():
    field = ZahlField(min_value=1, max_value=10_000)
    assert field.clean("1.200") == 1200
    assert refusal(field, "0") == "Die Zahl ist zu klein. Sie muss mindestens 1 sein."
    assert refusal(field, "10.001") == "Die Zahl ist zu groß. Sie darf höchstens 10000 sein."


@pytest.mark.parametrize("typed", ["2026-12-31", "31.12.2026", "31. 12. 2026", "31.12.26"])
def test_days_come_from_the_calendar_or_from_a_hand(typed):
    assert DatumField().clean(typed) == date(2026, 12, 31)


@pytest.mark.parametrize("typed", ["31.02.2026", "12/31/2026", "morgen", "31.12."])
def test_days_that_do_not_exist_are_refused(typed):
    assert refusal(DatumField(), typed).startswith("Dieses Datum gibt es nicht")


def test_days_of_another_age_are_refused():
    assert refusal(DatumField(), "31.12.0226").startswith("Das Jahr kann nicht stimmen")


def test_moments_are_german_time():
    moment = ZeitpunktField().clean("2026-07-01T14:05")
    assert moment == datetime(2026, 7, 1, 12, 5, tzinfo=UTC)
    assert ZeitpunktField().clean("1.7.2026 14:05") == moment


@pytest.mark.parametrize(
    "typed", ["0001-01-01T00:00", "01.01.0001 00:00", "0226-12-31T14:05", "1899-12-31T23:59", "2101-01-01T00:00", "9999-12-31T23:59"]
)
def test_moments_of_another_age_are_refused(typed):
    assert refusal(ZeitpunktField(), typed) == refusal(DatumField(), "31.12.0226")


def test_moments_at_the_edges_of_our_age_are_read():
    assert ZeitpunktField().clean("1900-01-01T00:00") == datetime(1899, 12, 31, 23, tzinfo=UTC)
    assert ZeitpunktField().clean("31.12.2100 23:59") == datetime(2100, 12, 31, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["2027-03-28T02:30", "28.3.2027 02:30", "2026-10-25T02:00", "25.10.2026 02:59"])
def test_an_hour_that_the_clocks_skip_or_repeat_is_refused(typed):
    assert refusal(ZeitpunktField(), typed) == (
        "In dieser Nacht wird die Uhr umgestellt, die Uhrzeit ist nicht eindeutig. Wählen Sie eine Zeit vor 2\u00a0Uhr oder ab 3\u00a0Uhr."
    )


@pytest.mark.parametrize("typed", ["2027-03-28T01:59", "2027-03-28T03:00", "2026-10-25T01:59", "2026-10-25T03:00"])
def test_the_hours_beside_are_read(typed):
    assert timezone.localtime(ZeitpunktField().clean(typed)).strftime("%Y-%m-%dT%H:%M") == typed


@given(st.text(max_size=30) | st.datetimes().map("{:%Y-%m-%dT%H:%M}".format) | st.datetimes().map("{:%d.%m.%Y %H:%M}".format))
def test_moments_are_read_or_refused_in_german(typed):
    class Termin(KernForm):
        beginn = ZeitpunktField(required=False)

    form = Termin({"beginn": typed})
    if form.is_valid():
        assert form.cleaned_data["beginn"] is None or 1900 <= form.cleaned_data["beginn"].year <= 2100
    else:
        assert form.errors["beginn"][0] in ZeitpunktField.default_error_messages.values()


class _Texte(KernForm):
    zeile = forms.CharField(label="Zeile", max_length=5)
    absatz = forms.CharField(label="Absatz", max_length=5, widget=forms.Textarea)
    frei = forms.CharField(required=False)
    versteckt = forms.CharField(required=False, widget=forms.HiddenInput)
    passwort = forms.CharField(required=False, strip=False, widget=forms.PasswordInput)


def read_texts(**typed: str) -> dict[str, str]:
    form = _Texte({"zeile": "a", "absatz": "b", **typed})
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_a_line_break_counts_as_one_character():
    assert read_texts(absatz="a\r\nb\r\nc")["absatz"] == "a\nb\nc"
    assert _Texte({"absatz": "a\r\nb\r\nc\r\n\r\nd"}).errors["absatz"] == ["„Absatz“ ist zu lang. Erlaubt sind 5 Zeichen, es sind 8."]


def test_what_word_pastes_becomes_a_line_break_or_a_blank():
    assert read_texts(zeile="a\x0bb", absatz="a\x0bb\x0c", versteckt="a\x0bb") | {"passwort": ""} == {
        "zeile": "a b",
        "absatz": "a\nb",
        "frei": "",
        "versteckt": "a\nb",
        "passwort": "",
    }


def test_what_cannot_be_stored_does_not_count():
    assert read_texts(zeile="\x00a\ufffeb\ud800c\uffffd\x7fe\x1b")["zeile"] == "abcde"


@pytest.mark.parametrize("typed", ["\u200b", "\u2060 \u00ad", "\r\n\u200b\r\n", "\x00", "\ufeff"])
def test_a_text_that_nobody_sees_is_missing(typed):
    form = _Texte({"zeile": typed, "absatz": typed, "frei": typed})
    assert form.errors == {
        "zeile": ["„Zeile“ fehlt. Füllen Sie das Feld aus."],
        "absatz": ["„Absatz“ fehlt. Füllen Sie das Feld aus."],
    }
    assert form.cleaned_data["frei"] == ""


def test_joiners_and_passwords_stay_as_typed():
    assert read_texts(zeile="👩\u200d🔧")["zeile"] == "👩\u200d🔧"
    assert read_texts(passwort=" \u200bä\x0b ")["passwort"] == " \u200bä\x0b "


def test_clean_text_of_one_form_does_not_reach_another():
    _Texte({})
    assert "to_python" not in vars(_Texte.base_fields["zeile"])


class _Antrag(KernForm):
    titel = forms.CharField(label="Titel", max_length=5)
    mail = forms.EmailField(label="E-Mail")
    art = forms.ChoiceField(label="Art", choices=[("a", "A")])
    plaetze = ZahlField(label="Plätze", error_messages={"required": "Die Plätze fehlen. Tragen Sie eine Zahl ein, zum Beispiel 12."})
    eigen = forms.CharField(label="100 %", error_messages={"required": "Ganz eigener Satz."})
    tag = forms.DateField(label="Beginn")


def test_every_fault_is_a_sentence_of_the_house():
    errors = _Antrag({}).errors
    assert errors["titel"] == ["„Titel“ fehlt. Füllen Sie das Feld aus."]
    assert errors["art"] == ["„Art“ fehlt. Wählen Sie etwas aus."]
    assert errors["plaetze"] == ["Die Plätze fehlen. Tragen Sie eine Zahl ein, zum Beispiel 12."]
    assert errors["eigen"] == ["Ganz eigener Satz."]
    errors = _Antrag({"titel": "zu lang", "mail": "abc", "art": "z", "tag": "32.1.2026"}).errors
    assert errors["titel"] == ["„Titel“ ist zu lang. Erlaubt sind 5 Zeichen, es sind 7."]
    assert errors["mail"] == ["Die E-Mail-Adresse ist nicht vollständig. Sie sieht zum Beispiel so aus: name@beispiel.de."]
    assert errors["art"] == ["„Art“: Diese Auswahl gibt es nicht. Wählen Sie etwas aus der Liste."]
    assert errors["tag"] == ["„Beginn“: Dieses Datum gibt es nicht. Schreiben Sie es so: 31.12.2026."]


def test_a_label_with_a_per_cent_sign_does_not_break_a_sentence_with_numbers():
    class Quote(KernForm):
        wert = forms.CharField(label="Anteil in %", max_length=2)

    assert Quote({"wert": "123"}).errors["wert"] == ["„Anteil in %“ ist zu lang. Erlaubt sind 2 Zeichen, es sind 3."]


def test_sentences_of_one_form_do_not_reach_another():
    _Antrag({})
    assert forms.CharField(label="x").error_messages["required"] == forms.Field.default_error_messages["required"]
    assert _Antrag.base_fields["titel"].error_messages["required"] == forms.Field.default_error_messages["required"]


def test_plain_date_fields_get_the_browsers_calendar():
    form = _Antrag(initial={"tag": date(2026, 12, 31)})
    assert isinstance(form.fields["tag"].widget, DatumInput)
    assert 'value="2026-12-31"' in str(form["tag"])
