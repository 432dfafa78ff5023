"""The markup of fields and of the list of errors: labels, hints and faults are tied to the control they belong to."""

from django import forms
from django.forms import formset_factory
from django.template import Context, Template
from django.template.loader import render_to_string

from jobcenter.common.forms import CentField, DatumField, KernForm
from tests.html import Page

UEBERSICHT = "components/fehleruebersicht.html"
WAHL = [("a", "Kenntnisnahme"), ("b", "Beschluss")]


class _Probe(KernForm):
    titel = forms.CharField(label="Titel", help_text="So heißt die Maßnahme.")
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    betrag = CentField(label="Betrag")
    tag = DatumField(label="Beginn")
    instrument = forms.ChoiceField(label="Instrument", choices=WAHL)
    art = forms.ChoiceField(label="Art", choices=WAHL, widget=forms.RadioSelect, help_text="Was soll der Beirat tun?")
    gruppen = forms.MultipleChoiceField(label="Zielgruppen", choices=WAHL, widget=forms.CheckboxSelectMultiple)
    geprueft = forms.BooleanField(label="Ich habe alles geprüft.")
    datei = forms.FileField(label="Datei", help_text="PDF")
    geheim = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("Beginn und Ende passen nicht zusammen.")


def page(form: forms.BaseForm) -> Page:
    return Page(render_to_string(UEBERSICHT, {"form": form}) + str(form))


def test_every_control_has_exactly_one_label_and_a_unique_id():
    shown = page(_Probe())
    ids = [e.attrs["id"] for e in shown.elements if "id" in e.attrs]
    assert len(ids) == len(set(ids))
    controls = [e for e in shown.elements if e.tag in {"input", "select", "textarea"} and e.attrs.get("type") != "hidden"]
    for control in controls:
        shown.one("label", for_=control.attrs["id"])
    assert {"text", "date", "radio", "checkbox", "file"} <= {c.attrs.get("type") for c in controls}


def test_groups_are_fieldsets_with_legend_and_description():
    shown = page(_Probe())
    legends = {e.text.strip() for e in shown.all("legend")}
    assert legends == {"Art", "Zielgruppen"}
    art = next(e for e in shown.all("fieldset") if "aria-describedby" in e.attrs)
    assert shown.by_id(art.attrs["aria-describedby"]).text.strip() == "Was soll der Beirat tun?"


def test_optional_fields_say_so_and_required_ones_do_not():
    shown = page(_Probe())
    assert "(freiwillig)" in shown.one("label", for_="id_text").text
    assert "(freiwillig)" not in shown.one("label", for_="id_titel").text


def test_faults_are_tied_to_their_control():
    shown = page(_Probe({}))
    for name in ("titel", "betrag", "tag", "instrument", "geprueft", "datei"):
        control = shown.by_id(f"id_{name}")
        described = control.attrs["aria-describedby"].split()
        assert control.attrs["aria-invalid"] == "true", name
        assert f"id_{name}_error" in described, name
        assert all(shown.by_id(part).text.strip() for part in described), name
    assert shown.by_id("id_titel").attrs["aria-describedby"] == "id_titel_helptext id_titel_error"
    assert "kern-form-input__input--error" in shown.by_id("id_titel").attrs["class"]


def test_radio_buttons_carry_no_aria_invalid():
    assert all("aria-invalid" not in e.attrs for e in page(_Probe({})).all("input", type="radio"))


def test_the_list_of_errors_leads_to_every_field_first_of_a_group():
    form = _Probe({})
    shown = page(form)
    summary = shown.one("div", role="alert")
    assert summary.attrs["tabindex"] == "-1"
    targets = [e.attrs["href"].removeprefix("#") for e in shown.all("a") if "div" in e.inside]
    assert targets == ["id_titel", "id_betrag", "id_tag", "id_instrument", "id_art_0", "id_gruppen_0", "id_geprueft", "id_datei"]
    for target in targets:
        assert shown.by_id(target).tag in {"input", "select", "textarea"}
    assert "Beginn und Ende passen nicht zusammen." in summary.text
    assert form.errors["titel"][0] in summary.text


def test_nothing_wrong_no_list():
    assert render_to_string(UEBERSICHT, {"form": _Probe()}).strip() == ""


class _Zeile(KernForm):
    betrag = CentField(label="Betrag")


def test_several_forms_share_one_list():
    rows = formset_factory(_Zeile, extra=0)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-betrag": "1", "form-1-betrag": "viel"}
    )
    assert not rows.is_valid()
    shown = Page(render_to_string(UEBERSICHT, {"form": KernForm({}), "weitere": rows}))
    assert [e.attrs["href"] for e in shown.all("a")] == ["#id_form-1-betrag"]


def test_what_was_typed_stays_and_is_escaped():
    form = _Probe({"titel": '"><script>', "betrag": "viel"})
    assert page(form).by_id("id_betrag").attrs["value"] == "viel"
    assert "<script>" not in str(form)


def test_formular_protects_itself_and_sends_files():
    template = Template('{% include "components/formular.html" with form=form ziel="/x/" verb="Speichern" csrf_token="abc" only %}')
    shown = Page(template.render(Context({"form": _Probe()})))
    form = shown.one("form")
    assert (form.attrs["method"], form.attrs["action"], form.attrs["enctype"]) == ("post", "/x/", "multipart/form-data")
    assert shown.one("input", name="csrfmiddlewaretoken").attrs["value"] == "abc"
    assert shown.one("button").text.strip() == "Speichern"
