"""The finance plan: real budgets of a Landkreis to the euro, and every sum and rate by hand."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from massnahmen.actions import (
    Budgetangaben,
    Teilbudgetangaben,
    add_teilbudget,
    add_umschichtung,
    create_budget,
    record_ausgaben,
    update_budget,
    update_teilbudget,
)
from massnahmen.enums import Finanzquelle, Umschichtungsrichtung, Weg
from massnahmen.models import Budget, Instrument, Massnahme, Vertrag
from massnahmen.queries import list_budgets, read_finanzplan
from massnahmen.queries.finanzplan import Verwaltungskosten

# Kreis Coesfeld (zkT), budgets as decided by the Kreistag.
COESFELD = {
    2016: [266_000, 2_124_000, 665_000, 250_000, 270_000, 215_000, 150_000, 332_728, 50_000],
    2019: [315_000, 2_000_000, 911_464, 350_000, 230_000, 0, 150_000, 250_000, 450_000, 50_000],
    2023: [160_600, 2_583_300, 1_130_000, 900_000, 145_990, 200_000],
}
NAMEN = {
    2016: [
        "Vermittlungsbudget",
        "Maßnahmen zur Aktivierung",
        "Leistungen zur beruflichen Eingliederung",
        "Bildungsgutscheine",
        "Beschäftigungszuschuss § 16e",
        "Bundesprogramm ESF-LZA",
        "Freie Förderung § 16f",
        "Maßnahmen für Flüchtlinge",
        "Erstattungen",
    ],
    2019: [
        "Vermittlungsbudget",
        "Maßnahmen zur Aktivierung",
        "Leistungen zur beruflichen Eingliederung",
        "Bildungsgutscheine",
        "Beschäftigungszuschuss § 16e",
        "Bundesprogramm ESF-LZA",
        "Freie Förderung § 16f",
        "Förderung § 16h",
        "Maßnahmen für Flüchtlinge",
        "Erstattungen",
    ],
    2023: [
        "Vermittlungsbudget",
        "Maßnahmen zur Aktivierung",
        "Leistungen zur beruflichen Eingliederung",
        "Bildungsgutscheine",
        "Beschäftigungszuschuss § 16e alte Fassung",
        "Freie Förderung § 16f",
    ],
}
SUMMEN = {2016: 4_322_728, 2019: 4_706_464, 2023: 5_119_890}


@pytest.mark.parametrize("jahr", [2016, 2019, 2023])
def test_coesfeld_typed_in_as_people_do_comes_out_to_the_euro(signed_in, controlling, jahr):
    browser = signed_in(controlling)
    first = {"jahr": jahr, "zuteilung_egt_cent": f"{SUMMEN[jahr]:,}".replace(",", "."), "ueberplanung_prozent": "100", "quelle": "Kreistag"}
    assert browser.post(reverse("massnahmen:budget-anlegen"), first).status_code == 302
    for name, euro in zip(NAMEN[jahr], COESFELD[jahr], strict=True):
        typed = {"name": name, "plan_cent": f"{euro:,} €".replace(",", ".")}
        assert browser.post(reverse("massnahmen:teilbudget-anlegen", args=[jahr]), typed).status_code == 302
    page = browser.get(reverse("massnahmen:budget-detail", args=[jahr]))
    plan = page.context["plan"]
    assert [(zeile.name, zeile.plan_cent) for zeile in plan.zeilen] == [
        (name, euro * 100) for name, euro in zip(NAMEN[jahr], COESFELD[jahr], strict=True)
    ]
    assert plan.summe.plan_cent == SUMMEN[jahr] * 100
    assert sum(zeile.anteil_promille for zeile in plan.zeilen) == 1000
    assert (plan.reserve_cent, plan.spielraum_cent, plan.zu_viel_cent) == (0, 0, 0)
    assert plan.summe.plan_vorjahr_cent is None
    text = page.content.decode().replace("\xa0", " ")
    assert f"{SUMMEN[jahr]:,} €".replace(",", ".") in text
    assert f"Kein Vorjahr: Für {jahr - 1} gibt es kein Budget" in text


def test_the_year_before_stands_beside_by_instrument_else_by_name(controlling, budget, teilbudget, instrument, at):
    at(datetime(2028, 2, 1))
    gone = add_teilbudget(budget=budget, angaben=Teilbudgetangaben("Einmal", 40_00), by=controlling)
    record_ausgaben(teilbudget=teilbudget, version=1, betraege_cent={1: 500_00, 2: -20_00}, by=controlling)
    record_ausgaben(teilbudget=gone, version=1, betraege_cent={12: 39_00}, by=controlling)
    new = create_budget(jahr=2028, angaben=Budgetangaben(1), by=controlling)
    add_teilbudget(budget=new, angaben=Teilbudgetangaben("Teilhabe", 60_00, instrument=instrument), by=controlling)
    add_teilbudget(budget=new, angaben=Teilbudgetangaben("Erstattungen", 40_00), by=controlling)
    plan = read_finanzplan(new)
    assert [(z.name, z.plan_vorjahr_cent, z.ist_vorjahr_cent, z.ist_neu, z.pk is None) for z in plan.zeilen] == [
        ("Teilhabe", 600_000_00, 480_00, False, False),
        ("Erstattungen", None, None, True, False),
        ("Einmal", 40_00, 39_00, False, True),
    ]
    assert (plan.summe.plan_vorjahr_cent, plan.summe.ist_vorjahr_cent) == (600_040_00, 519_00)
    assert [z.anteil_promille for z in plan.zeilen] == [600, 400, 0]


def contract(traeger, instrument, *, euro: int, ende: date = date(2027, 12, 31), titel: str = "Kurs") -> Vertrag:
    massnahme = Massnahme.objects.create(titel=titel, instrument=instrument, weg=Weg.EIGEN, vergabestand="ohne")
    return Vertrag.objects.create(
        massnahme=massnahme,
        traeger=traeger,
        geschlossen_am=date(2026, 6, 1),
        beginn=date(2027, 1, 1),
        ende=ende,
        plaetze=12,
        preis_cent=euro * 100,
    )


def test_bound_free_and_paid_by_hand(controlling, budget, teilbudget, instrument, traeger, at):
    """Plan 600.000 €. Bound: 50.000 € from before + 200.000 € by contract = 250.000 €. Paid 150.000 €, so 100.000 € of it are open.

    Free: 600.000 − 150.000 − 100.000 = 350.000 €. Abfluss 150/600 = 25 %. Bindungsquote (150 + 100)/600 = 41,7 %.
    """
    at(datetime(2027, 9, 1))
    Instrument.objects.update(finanzquelle=Finanzquelle.EGT)
    contract(traeger, instrument, euro=200_000)
    record_ausgaben(teilbudget=teilbudget, version=1, betraege_cent={1: 100_000_00, 2: 50_000_00}, by=controlling)
    [zeile] = read_finanzplan(budget).zeilen
    assert (zeile.bindung_cent, zeile.ist_cent, zeile.offen_cent, zeile.frei_cent) == (250_000_00, 150_000_00, 100_000_00, 350_000_00)
    assert (zeile.abfluss, zeile.bindungsquote) == (Fraction(1, 4), Fraction(5, 12))
    record_ausgaben(teilbudget=teilbudget, version=2, betraege_cent={3: 500_000_00}, by=controlling)
    [zeile] = read_finanzplan(budget).zeilen
    assert (zeile.offen_cent, zeile.frei_cent, zeile.bindungsquote) == (0, -50_000_00, Fraction(13, 12))


def test_contracts_without_a_line_are_not_lost_and_later_years_are_told(controlling, budget, teilbudget, traeger, programm, plan):
    """1.096.000 € over 1.096 days: 365 in 2027, 366 in 2028, 365 in 2029."""
    other = Instrument.objects.create(kurz="mat", name="MAbE", klartext="-", paragraph="§ 45", gruppe="A", finanzquelle=Finanzquelle.EGT)
    contract(traeger, other, euro=1_096_000, ende=date(2029, 12, 31))
    plan(programm, 1, verpflichtung_cent=700_000_00)
    found = read_finanzplan(budget)
    assert [(z.name, z.bindung_cent) for z in found.zeilen] == [("TaAM", 50_000_00), ("Verträge ohne Teilbudget", 365_000_00)]
    assert found.summe.bindung_cent == 415_000_00
    assert [(row.jahr, row.vertraege_cent) for row in found.folgejahre] == [(2028, 366_000_00), (2029, 365_000_00)]
    assert (found.folgejahre_cent, found.verpflichtung_cent) == (731_000_00, 700_000_00)


def test_the_frame_by_hand(controlling, budget, teilbudget):
    """1.000.000 − 300.000 + 100.000 = 800.000 €; × 110 % = 880.000 €. Planned 600.000 €: reserve 200.000 €."""
    for richtung, cent in ((Umschichtungsrichtung.ZU_VWK, 300_000_00), (Umschichtungsrichtung.ZU_EGT, 100_000_00)):
        add_umschichtung(budget=budget, richtung=richtung, betrag_cent=cent, am=date(2027, 1, 5), grund="x", by=controlling)
    found = read_finanzplan(budget)
    rahmen = found.rahmen
    assert (rahmen.verfuegbar_cent, rahmen.verfuegbar_vwk_cent, rahmen.planungsrahmen_cent) == (800_000_00, 1_700_000_00, 880_000_00)
    assert (found.reserve_cent, found.spielraum_cent, found.vorbindung_cent) == (200_000_00, 280_000_00, 50_000_00)
    update_teilbudget(teilbudget=teilbudget, version=1, angaben=Teilbudgetangaben("TaAM", 880_000_01), by=controlling)
    found = read_finanzplan(budget)
    assert (found.ueberplant_cent, found.zu_viel_cent) == (80_000_01, 1)


def test_administration_is_shared_to_the_cent(controlling, budget):
    """84,8 % of 1.000,01 € are 848,00848 €: 848,01 € by largest remainder (,848 against ,152), and 152,00 € for the Landkreis."""
    assert (Verwaltungskosten(1_000_01, 0, 0).bund_cent, Verwaltungskosten(1_000_01, 0, 0).kfa_cent) == (848_01, 152_00)
    angaben = Budgetangaben(1, 1_500_000_00, personal_cent=1_500_000_00, sach_cent=300_000_00, gemein_cent=200_000_00)
    found = read_finanzplan(update_budget(budget=budget, version=1, angaben=angaben, by=controlling))
    assert (found.verwaltung.summe_cent, found.verwaltung.bund_cent, found.verwaltung.kfa_cent) == (2_000_000_00, 1_696_000_00, 304_000_00)
    assert found.vwk_fehlt_cent == 196_000_00


def test_measures_beside_their_lines(controlling, budget, teilbudget, programm, plan):
    plan(programm, 2)
    other = Instrument.objects.create(kurz="mat", name="MAbE", klartext="-", paragraph="§ 45", gruppe="A")
    plan(programm, 1, instrument=other, kosten_cent={Finanzquelle.EGT: 7_00})
    add_teilbudget(budget=budget, angaben=Teilbudgetangaben("Ohne Instrument", 5), by=controlling)
    assert [(row.name, row.teilbudget_cent, row.massnahmen_cent, row.mehr_cent) for row in read_finanzplan(budget).abgleich] == [
        ("TaAM", 600_000_00, 840_000_00, 240_000_00),
        ("MAbE", None, 7_00, 7_00),
    ]


def test_empty_years_divide_nothing(controlling):
    found = read_finanzplan(create_budget(jahr=2030, angaben=Budgetangaben(0), by=controlling))
    assert (found.zeilen, found.summe.abfluss, found.summe.bindungsquote, found.spielraum_cent) == ([], None, None, 0)
    add_teilbudget(budget=found.budget, angaben=Teilbudgetangaben("Nichts", 0), by=controlling)
    [zeile] = read_finanzplan(found.budget).zeilen
    assert (zeile.anteil_promille, zeile.abfluss_prozent) == (0, None)


def test_the_years_in_the_list(planung, controlling, budget, teilbudget, instrument, traeger):
    Instrument.objects.update(finanzquelle=Finanzquelle.EGT)
    contract(traeger, instrument, euro=20)
    create_budget(jahr=2028, angaben=Budgetangaben(9), zeilen_vom_vorjahr=True, by=controlling)
    [later, now] = list_budgets(planung)
    assert (later.budget.jahr, later.geplant_cent, later.gebunden_cent, later.zu_viel_cent) == (2028, 600_000_00, 0, 599_999_91)
    assert (now.geplant_cent, now.gebunden_cent, now.ist_cent, now.zu_viel_cent) == (600_000_00, 50_020_00, 0, 0)


@pytest.mark.parametrize("anzahl", [3, 30])
def test_the_plan_costs_the_same_however_long(controlling, traeger, instrument, django_assert_num_queries, anzahl):
    Instrument.objects.update(finanzquelle=Finanzquelle.EGT)
    budget = create_budget(jahr=2027, angaben=Budgetangaben(1), by=controlling)
    for number in range(anzahl):
        add_teilbudget(budget=budget, angaben=Teilbudgetangaben(f"Zeile {number}", 5), by=controlling)
        contract(traeger, instrument, euro=number, titel=f"Kurs {number}")
    budget = Budget.objects.get()
    with django_assert_num_queries(8):
        read_finanzplan(budget)
    assert Decimal(100) == budget.ueberplanung_prozent
