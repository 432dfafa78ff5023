"""Rules of the money: who, when, never more than there is, also when two do it at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from jobcenter.common.actions import VersionConflict
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import (
    Budgetangaben,
    Teilbudgetangaben,
    add_teilbudget,
    add_umschichtung,
    create_budget,
    record_ausgaben,
    remove_teilbudget,
    update_budget,
    update_teilbudget,
    withdraw_umschichtung,
)
from massnahmen.enums import Finanzquelle, Umschichtungsrichtung
from massnahmen.models import Ausgabe, Budget, Instrument, Teilbudget, Umschichtung
from massnahmen.queries import check_programm, read_finanzplan

ZU_VWK, ZU_EGT = Umschichtungsrichtung.ZU_VWK, Umschichtungsrichtung.ZU_EGT
EURO = 100


def move(budget: Budget, richtung: Umschichtungsrichtung, euro: int, by) -> Umschichtung:
    return add_umschichtung(budget=budget, richtung=richtung, betrag_cent=euro * EURO, am=date(2026, 3, 1), grund="Personal fehlt.", by=by)


def test_only_controlling_changes_money(planung, leitung, controlling, budget, teilbudget):
    moved = move(budget, ZU_VWK, 1, controlling)
    angaben, line = Budgetangaben(1), Teilbudgetangaben("Zeile", 1)
    attempts: list[Callable[..., object]] = [
        lambda by: create_budget(jahr=2030, angaben=angaben, by=by),
        lambda by: update_budget(budget=budget, version=1, angaben=angaben, by=by),
        lambda by: add_teilbudget(budget=budget, angaben=line, by=by),
        lambda by: update_teilbudget(teilbudget=teilbudget, version=1, angaben=line, by=by),
        lambda by: remove_teilbudget(teilbudget=teilbudget, by=by),
        lambda by: move(budget, ZU_VWK, 1, by),
        lambda by: withdraw_umschichtung(umschichtung=moved, by=by),
        lambda by: record_ausgaben(teilbudget=teilbudget, version=1, betraege_cent={1: 1}, by=by),
    ]
    for attempt in attempts:
        for by in (planung, leitung):
            with pytest.raises(PermissionDenied):
                attempt(by)


def test_a_year_has_one_budget(controlling, budget):
    with pytest.raises(TransitionError, match="Für 2027 gibt es schon ein Budget"):
        create_budget(jahr=2027, angaben=Budgetangaben(1), by=controlling)


def test_a_year_begins_with_the_lines_of_the_last_one_but_nothing_bound_or_paid(controlling, budget, teilbudget, at):
    at(datetime(2028, 1, 10))
    record_ausgaben(teilbudget=teilbudget, version=1, betraege_cent={3: 700}, by=controlling)
    new = create_budget(jahr=2028, angaben=Budgetangaben(5), zeilen_vom_vorjahr=True, by=controlling)
    [line] = new.teilbudgets.all()
    assert (line.name, line.instrument, line.plan_cent, line.vorbindung_cent) == ("TaAM", teilbudget.instrument, 60_000_000, 0)
    assert not line.ausgaben.exists()
    assert not create_budget(jahr=2030, angaben=Budgetangaben(5), zeilen_vom_vorjahr=True, by=controlling).teilbudgets.exists()


def test_the_line_of_an_instrument_that_has_ended_is_not_copied(controlling, budget, teilbudget):
    add_teilbudget(budget=budget, angaben=Teilbudgetangaben("Reserve", 1), by=controlling)  # has no instrument at all
    Instrument.objects.filter(pk=teilbudget.instrument_id).update(gueltig_bis=date(budget.jahr, 12, 31))
    new = create_budget(jahr=budget.jahr + 1, angaben=Budgetangaben(5), zeilen_vom_vorjahr=True, by=controlling)
    assert [line.name for line in new.teilbudgets.all()] == ["Reserve"]


def test_a_title_never_falls_below_zero_and_the_sentence_says_the_figures(controlling, budget):
    move(budget, ZU_VWK, 900_000, controlling)
    with pytest.raises(TransitionError) as refused:
        move(budget, ZU_VWK, 150_000, controlling)
    assert str(refused.value).replace("\xa0", " ") == (
        "Im Eingliederungstitel stehen noch 100.000 € zur Verfügung, weggehen sollen 150.000 €. Es fehlen 50.000 €."
    )
    move(budget, ZU_VWK, 100_000, controlling)  # to the last cent
    with pytest.raises(TransitionError, match="In den Verwaltungskosten"):
        move(budget, ZU_EGT, 2_500_001, controlling)
    assert Umschichtung.objects.count() == 2


def test_a_move_that_another_lives_on_stays(controlling, budget):
    first = move(budget, ZU_EGT, 500_000, controlling)
    move(budget, ZU_VWK, 1_200_000, controlling)
    with pytest.raises(TransitionError, match="Es fehlen"):
        withdraw_umschichtung(umschichtung=first, by=controlling)
    assert Umschichtung.objects.filter(pk=first.pk).exists()


def test_the_zuteilung_cannot_fall_below_what_was_moved_away(controlling, budget):
    move(budget, ZU_VWK, 600_000, controlling)
    with pytest.raises(TransitionError, match=r"fehlen dann 100\.000"):
        update_budget(budget=budget, version=1, angaben=Budgetangaben(500_000 * EURO, 500_000 * EURO), by=controlling)
    budget.refresh_from_db()
    assert (budget.zuteilung_egt_cent, budget.version) == (1_000_000 * EURO, 1)


def test_who_saves_on_top_of_a_newer_save_is_told(controlling, budget, teilbudget):
    update_budget(budget=budget, version=1, angaben=Budgetangaben(7), by=controlling)
    with pytest.raises(VersionConflict):
        update_budget(budget=budget, version=1, angaben=Budgetangaben(8), by=controlling)
    update_teilbudget(teilbudget=teilbudget, version=1, angaben=Teilbudgetangaben("Neu", 5), by=controlling)
    with pytest.raises(VersionConflict):
        update_teilbudget(teilbudget=teilbudget, version=1, angaben=Teilbudgetangaben("Anders", 6), by=controlling)
    with pytest.raises(VersionConflict):
        record_ausgaben(teilbudget=teilbudget, version=1, betraege_cent={1: 1}, by=controlling)
    assert not Ausgabe.objects.exists()


def test_no_line_twice_and_no_instrument_twice(controlling, budget, teilbudget, instrument):
    with pytest.raises(TransitionError, match="steht für 2027 schon im Plan"):
        add_teilbudget(budget=budget, angaben=Teilbudgetangaben("TaAM", 1), by=controlling)
    with pytest.raises(TransitionError, match="gehört 2027 schon zu „TaAM“"):
        add_teilbudget(budget=budget, angaben=Teilbudgetangaben("Anders", 1, instrument=instrument), by=controlling)


def test_a_line_that_was_paid_from_stays(controlling, budget, teilbudget, at):
    at(datetime(2027, 6, 15))
    record_ausgaben(teilbudget=teilbudget, version=1, betraege_cent={5: 12_345, 6: -45}, by=controlling)
    with pytest.raises(TransitionError, match="schon Geld ausgegeben"):
        remove_teilbudget(teilbudget=teilbudget, by=controlling)
    assert read_finanzplan(budget).summe.ist_cent == 12_300
    record_ausgaben(teilbudget=teilbudget, version=2, betraege_cent={5: None, 6: None}, by=controlling)
    remove_teilbudget(teilbudget=teilbudget, by=controlling)
    assert not Teilbudget.objects.exists()


def test_nothing_is_paid_in_a_month_to_come(controlling, teilbudget, at):
    at(datetime(2027, 6, 15))
    with pytest.raises(TransitionError, match="Juli\xa02027 liegt noch vor uns"):
        record_ausgaben(teilbudget=teilbudget, version=1, betraege_cent={6: 1, 7: 1}, by=controlling)
    assert not Ausgabe.objects.exists()


# --- what the database promises -----------------------------------------------------------------------------------------


def test_the_database_refuses_what_no_title_covers(controlling, budget):
    row = {"budget": budget, "am": date(2026, 3, 1), "grund": "x", "durch": controlling}
    with pytest.raises(DatabaseError, match="umschichtung_gedeckt"), transaction.atomic():
        Umschichtung.objects.create(richtung=ZU_VWK, betrag_cent=1_000_001 * EURO, **row)
        connection.check_constraints()
    kept = Umschichtung.objects.create(richtung=ZU_EGT, betrag_cent=500_000 * EURO, **row)
    Umschichtung.objects.create(richtung=ZU_VWK, betrag_cent=1_500_000 * EURO, **row)
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="umschichtung_gedeckt"), transaction.atomic():
        Umschichtung.objects.filter(pk=kept.pk).delete()
        connection.check_constraints()
    with pytest.raises(DatabaseError, match="umschichtung_gedeckt"), transaction.atomic():
        Budget.objects.update(zuteilung_egt_cent=1)
        connection.check_constraints()


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Budget, {"jahr": 2031, "zuteilung_egt_cent": -1}),
        (Budget, {"jahr": 2031, "personal_cent": 10_000_000_000_01}),
        (Budget, {"jahr": 2031, "ueberplanung_prozent": Decimal("99.9")}),
        (Budget, {"jahr": 2004}),
    ],
)
def test_the_database_refuses_absurd_money(db, model, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**values)


@pytest.mark.django_db(transaction=True)
def test_two_who_move_money_at_once_cannot_overdraw(budget, controlling):
    start = Barrier(2)

    def send(_: int) -> str:
        try:
            start.wait(10)
            move(budget, ZU_VWK, 600_000, controlling)
        except TransitionError as error:
            return str(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(send, range(2)))
    assert answers[0] == ""
    assert "stehen noch 400.000" in answers[1]
    assert Umschichtung.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_go_past_the_actions_cannot_overdraw_either(budget, controlling):
    """Each sees only its own row; the trigger locks the budget before it adds up."""
    start = Barrier(2)

    def send(_: int) -> str:
        try:
            with transaction.atomic():
                Umschichtung.objects.create(
                    budget=budget, richtung=ZU_VWK, betrag_cent=600_000 * EURO, am=date(2026, 3, 1), grund="x", durch=controlling
                )
                start.wait(10)
        except DatabaseError as error:
            return str(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(send, range(2)))
    assert answers[0] == ""
    assert "umschichtung_gedeckt" in answers[1]
    assert Umschichtung.objects.count() == 1


# --- what the submission of a programme asks ----------------------------------------------------------------------------


def geld(programm) -> list[tuple[str, bool]]:
    return [(befund.satz.replace("\xa0", " "), befund.blockiert) for befund in check_programm(programm) if befund.bereich == "geld"]


def test_without_a_budget_it_is_a_hint(position):
    assert geld(position.programm) == [("Es gibt noch kein Budget. Ob das Geld reicht, lässt sich nicht prüfen.", False)]


def test_what_fits_is_not_mentioned(position, budget, teilbudget):
    assert geld(position.programm) == []


def test_lines_beyond_the_frame_stop_the_programme(position, budget, teilbudget, controlling):
    """1.000.000 € × 110 % = 1.100.000 €; planned are 600.000 € + 500.001 €."""
    line = add_teilbudget(budget=budget, angaben=Teilbudgetangaben("Rest", 500_000 * EURO), by=controlling)
    assert geld(position.programm) == []  # to the last cent
    update_teilbudget(teilbudget=line, version=1, angaben=Teilbudgetangaben("Rest", 500_001 * EURO), by=controlling)
    satz = "Die Teilbudgets planen 1.100.001 €. Erlaubt sind 1.100.000 € (Planungsrahmen). Das sind 1 € zu viel."
    assert geld(position.programm) == [(satz, True)]


def test_measures_beyond_the_frame_stop_it_and_beyond_a_line_are_a_hint(plan, programm, budget, teilbudget):
    """Three measures take 420.000 € each out of the Eingliederungstitel: 1.260.000 €."""
    plan(programm, 3)
    assert geld(programm) == [
        ("Die Maßnahmen planen 1.260.000 €. Erlaubt sind 1.100.000 € (Planungsrahmen). Das sind 160.000 € zu viel.", True),
        ("Die Maßnahmen planen 1.260.000 €, das Teilbudget hat 600.000 €.", False),
    ]


def test_a_programme_beyond_the_frame_does_not_reach_the_beirat(plan, programm, budget, submit):
    plan(programm, 3)
    with pytest.raises(TransitionError):
        submit(programm)


def test_other_sources_do_not_count(programm, budget, teilbudget, plan):
    plan(programm, 1, kosten_cent={Finanzquelle.EGT: 1, Finanzquelle.ESF: 9_000_000 * EURO})
    assert geld(programm) == []
