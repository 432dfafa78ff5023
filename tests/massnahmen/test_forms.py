from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict

from massnahmen.enums import Finanzquelle, Instrumentgruppe, Vergabestand
from massnahmen.forms import MassnahmeForm
from massnahmen.models import Instrument, Zielgruppe


def values(angaben, **changes) -> QueryDict:
    """A measure as a browser sends it."""
    sent = QueryDict(mutable=True)
    sent.update({
        "titel": angaben.titel, "beschreibung": angaben.beschreibung, "instrument": angaben.instrument.pk,
        "traeger": "", "vergabestand": "ohne", "handlungsfeld": angaben.handlungsfeld.pk,
        "erfolgskriterium": angaben.erfolgskriterium, "beginn": "2027-01-01", "ende": "2028-12-31",
        "plaetze": "12", "geplante_eintritte": "20", "eingliederung_prozent": "50",
        "kosten_egt": "420.000", "kosten_pat": "100.000,50",
    })  # fmt: skip
    sent.setlist("zielgruppen", [zielgruppe.pk for zielgruppe in angaben.zielgruppen])
    for name, value in changes.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


@pytest.fixture
def filled(angaben, programm):
    return lambda **changes: MassnahmeForm(values(angaben, **changes), programm=programm)


def test_what_is_written_in_german_becomes_exact_values(filled, angaben):
    form = filled(plaetze="1.200", kosten_egt="420.000,00 €", kosten_vwk="0", kosten_esf="", kosten_land="0,01")
    assert form.is_valid(), form.errors
    assert form.to_angaben() == replace(
        angaben,
        traeger=None,
        vergabestand=Vergabestand.OHNE,
        plaetze=1200,
        kosten_cent={Finanzquelle.EGT: 42_000_000, Finanzquelle.PAT: 10_000_050, Finanzquelle.LAND: 1},
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("titel", " ", "Der Titel fehlt."),
        ("ende", "31.02.2027", "Dieses Datum gibt es nicht."),
        ("ende", "2026-12-31", "Das Ende liegt vor dem Beginn."),
        ("plaetze", "zwölf", "Das ist keine ganze Zahl."),
        ("plaetze", "10.001", "Erlaubt sind höchstens 10.000."),
        ("plaetze", "-1", "nicht kleiner als 0"),
        ("kosten_egt", "12.50", "Das ist kein Betrag in Euro."),
        ("kosten_egt", "-5", "nicht kleiner als 0"),
        ("kosten_egt", "1.000.000.000,01", "Möglich sind höchstens 1.000.000.000\u00a0€."),
        ("verpflichtung_cent", "9999999999", "Möglich sind höchstens 1.000.000.000\u00a0€."),
        ("geplante_eintritte", "50.001", "Erlaubt sind höchstens 50.000."),
        ("dauer_wochen", "0", "nicht kleiner als 1"),
        ("dauer_wochen", "521", "Erlaubt sind höchstens 520."),
        ("wochenstunden", "49", "Erlaubt sind höchstens 48."),
        ("beginn", "0027-01-01", "Das Jahr kann nicht stimmen."),
        ("naechster_start", "2026-12-31", "Der nächste Start liegt nicht in der Laufzeit."),
        ("naechster_start", "2029-01-01", "Der nächste Start liegt nicht in der Laufzeit."),
        ("vergabestand", "geheim", "Diesen Stand gibt es nicht."),
        ("titel", "x" * 161, "Erlaubt sind 160 Zeichen"),
    ],
)
def test_wrong_input_is_answered_with_a_sentence_at_its_field(filled, field, value, sentence):
    form = filled(**{field: value})
    assert not form.is_valid()
    assert sentence in " ".join(form.errors[field])
    assert list(form.errors) == [field]


def test_a_draft_needs_a_title_only(programm):
    form = MassnahmeForm({"titel": "Idee", "vergabestand": "offen"}, programm=programm)
    assert form.is_valid(), form.errors
    angaben = form.to_angaben()
    assert (angaben.instrument, angaben.beginn, angaben.plaetze, angaben.kosten_cent, angaben.verpflichtung_cent) == (
        None,
        None,
        None,
        {},
        0,
    )


@pytest.mark.parametrize("stand", ["offen", "laeuft"])
def test_a_provider_before_the_award_is_refused(filled, traeger, stand):
    form = filled(traeger=traeger.pk, vergabestand=stand)
    assert form.errors == {"traeger": ["Die Vergabe ist noch nicht entschieden. Nennen Sie den Träger erst nach dem Zuschlag."]}
    assert filled(traeger=traeger.pk, vergabestand="vergeben").is_valid()


def test_a_start_at_any_time_and_a_day_exclude_each_other(filled):
    assert "Beides geht nicht." in filled(jederzeit="on", naechster_start="2027-02-01").errors["naechster_start"][0]
    assert filled(jederzeit="on").is_valid()
    assert filled(naechster_start="2027-02-01").is_valid()


def test_an_instrument_is_also_named_as_the_house_calls_it(programm, instrument):
    instrument.praxisname = "TaAM"
    instrument.save()
    assert "Teilhabe am Arbeitsmarkt (§ 16i SGB II) – „TaAM“" in str(MassnahmeForm(programm=programm)["instrument"])


def test_a_term_beside_the_programme_year_is_refused(filled):
    assert "läuft nicht im Jahr 2027" in filled(beginn="2028-01-01").errors["beginn"][0]
    assert "läuft nicht im Jahr 2027" in filled(beginn="2026-01-01", ende="2026-12-31").errors["beginn"][0]
    assert filled(beginn="2026-07-01", ende="2027-01-01").is_valid()


def test_an_instrument_must_be_in_force_during_the_whole_term(filled, instrument):
    instrument.gueltig_bis = date(2028, 6, 30)
    instrument.save()
    assert filled().errors["instrument"] == [
        "„Teilhabe am Arbeitsmarkt“ gilt nur bis zum 30.\u00a0Juni\u00a02028. Wählen Sie ein anderes Instrument oder eine andere Laufzeit."
    ]
    assert filled(ende="2028-06-30").is_valid()
    instrument.gueltig_von = date(2027, 2, 1)
    instrument.save()
    assert "gilt nur vom 1.\u00a0Februar\u00a02027 bis zum 30.\u00a0Juni\u00a02028." in filled(ende="2028-06-30").errors["instrument"][0]


def test_only_instruments_of_the_year_are_offered_and_the_stored_one_stays(programm, position, instrument):
    common = {"klartext": "-", "gruppe": Instrumentgruppe.A}
    Instrument.objects.create(kurz="alt", name="Alt", paragraph="§ 1", gueltig_bis=date(2026, 12, 31), **common)
    Instrument.objects.create(kurz="neu", name="Neu", paragraph="§ 2", gueltig_von=date(2028, 1, 1), **common)
    Instrument.objects.create(kurz="da", name="Da", paragraph="§ 3", gueltig_von=date(2027, 12, 31), **common)
    choices = MassnahmeForm(programm=programm).fields["instrument"].choices
    assert [(group, [str(label) for _, label in options]) for group, options in list(choices)[1:]] == [
        ("Aktivierung und berufliche Eingliederung", ["Da (§ 3)"]),
        ("Beschäftigung schaffende Maßnahmen", ["Teilhabe am Arbeitsmarkt (§ 16i SGB II)"]),
    ]
    instrument.gueltig_bis = date(2026, 12, 31)
    instrument.save()
    assert instrument not in MassnahmeForm(programm=programm).fields["instrument"].queryset
    assert instrument in MassnahmeForm(programm=programm, position=position).fields["instrument"].queryset


def test_a_foreign_zielgruppe_is_refused(filled):
    gone = Zielgruppe.objects.create(code="weg", name="Weg")
    Zielgruppe.objects.filter(pk=gone.pk).delete()
    assert "gibt es nicht mehr" in filled(zielgruppen=[str(gone.pk)]).errors["zielgruppen"][0]
