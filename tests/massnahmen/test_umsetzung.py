"""From the need to the Verbleib: what each step wants, who may take it, and what the database keeps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from jobcenter.common.actions import VersionConflict
from jobcenter.common.models import Ereignis
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import (
    Optionsangaben,
    Vergabeangaben,
    add_option,
    add_position,
    advance_massnahmen,
    announce_vergabe,
    award_vergabe,
    cancel_vergabe,
    choose_weg,
    correct_vertrag,
    draw_option,
    end_massnahme,
    evaluate_massnahme,
    grant_zuwendung,
    inform_bieter,
    prepare_vergabe,
    record_angebot,
    record_vertrag,
    refuse_zuwendung,
    remove_angebot,
    request_zuwendung,
    settle_massnahme,
    start_massnahme,
    update_position,
    update_vergabe,
    withdraw_kuendigung,
)
from massnahmen.enums import MASSNAHME_TRANSITIONS, Leistungsart, Massnahmestand, Vergabeart, Vergabestand, Weg
from massnahmen.imports import load_stammdaten
from massnahmen.models import (
    Bieterangebot,
    Massnahme,
    Massnahmenschritt,
    Massnahmezulassung,
    Monatsmeldung,
    Traeger,
    Traegerzulassung,
    Verbleib,
    Vergabe,
    Vertrag,
    Vertragsoption,
)
from massnahmen.queries import list_erlaubt, read_umsetzung, read_umsetzung_oeffentlich

TODAY = datetime(2026, 11, 2, 9)
S = Massnahmestand


@pytest.fixture(autouse=True)
def _in_november(at):
    at(TODAY)


def version_of(option: Vertragsoption) -> int:
    return stored(option.vertrag.massnahme).version


def stored(massnahme: Massnahme) -> Massnahme:
    return Massnahme.objects.get(pk=massnahme.pk)


# --- the way to a provider -------------------------------------------------------------------------------------------
def test_from_the_need_to_the_award(bedarf, zugelassen, vertragsangaben, planung, leitung, at):
    vergabe = prepare_vergabe(
        massnahme=bedarf,
        version=bedarf.version,
        angaben=Vergabeangaben(vergabeart=Vergabeart.EU_OFFEN, wert_cent=900_000_00),
        grund="Neuer Bedarf.",
        by=planung,
    )
    assert (stored(bedarf).stand, stored(bedarf).vergabestand) == (S.VORBEREITET, Vergabestand.LAEUFT)
    frist = datetime(2026, 11, 20, 11, tzinfo=UTC)
    announce_vergabe(vergabe=vergabe, version=1, am=date(2026, 11, 2), url="https://vergabe.example/7", angebotsfrist=frist, by=planung)
    at(datetime(2026, 11, 23, 9))
    record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=880_000_00, bewertung="91 Punkte", by=planung)
    vergabe = inform_bieter(vergabe=vergabe, version=2, am=date(2026, 11, 23), by=planung)
    assert vergabe.first_day_of_award == date(2026, 12, 4)  # ten days, counted from the day after the 23rd
    at(datetime(2026, 12, 4, 9))
    vertrag = award_vergabe(
        vergabe=vergabe, version=3, angaben=replace(vertragsangaben, geschlossen_am=date(2026, 12, 4), preis_cent=880_000_00), by=leitung
    )
    now = stored(bedarf)
    assert (now.stand, now.vergabestand, now.traeger, now.ende) == (S.ZUSCHLAG, Vergabestand.VERGEBEN, zugelassen, date(2028, 12, 31))
    assert [(step.von, step.nach, step.durch) for step in now.schritte.all()] == [
        ("bedarf", "vorbereitet", planung),
        ("vorbereitet", "ausgeschrieben", planung),
        ("ausgeschrieben", "zuschlag", leitung),
    ]
    assert Ereignis.objects.filter(name="massnahmen.zuschlag_erteilt", objekt_id=vertrag.pk).count() == 1


@pytest.mark.parametrize(
    ("gap", "named"),
    [
        ({"plaetze": None}, "wie viele Plätze sie hat"),
        ({"zielgruppen": []}, "für wen sie ist"),
        ({"kosten_cent": {}}, "was sie kosten darf"),
    ],
)
def test_a_need_that_is_not_described_is_not_procured(programm, angaben, planung, gap, named):
    fields = {"traeger": None, "vergabestand": Vergabestand.OFFEN} | gap
    massnahme = add_position(programm=programm, angaben=replace(angaben, **fields), by=planung).massnahme
    with pytest.raises(TransitionError, match=named):
        prepare_vergabe(
            massnahme=massnahme, version=1, angaben=Vergabeangaben(vergabeart=Vergabeart.EU_OFFEN, wert_cent=1), grund="G", by=planung
        )


def test_a_measure_that_the_beirat_never_got_says_why_it_begins_now(bedarf, programm, planung, submit):
    angaben = Vergabeangaben(vergabeart=Vergabeart.EU_OFFEN, wert_cent=900_000_00)
    with pytest.raises(TransitionError, match="während des Jahres"):
        prepare_vergabe(massnahme=bedarf, version=bedarf.version, angaben=angaben, grund=" ", by=planung)
    submit(programm)
    bedarf.refresh_from_db()
    prepare_vergabe(massnahme=bedarf, version=bedarf.version, angaben=angaben, by=planung)
    assert stored(bedarf).stand == S.VORBEREITET


@pytest.mark.parametrize(
    ("art", "leistung", "cent", "erlaubt"),
    [
        (Vergabeart.OEFFENTLICH, Leistungsart.SOZIAL, 749_999_99, True),
        (Vergabeart.OEFFENTLICH, Leistungsart.SOZIAL, 750_000_00, False),  # whoever reaches the threshold procures in the EU
        (Vergabeart.OEFFENTLICH, Leistungsart.SONSTIGE, 215_999_99, True),
        (Vergabeart.OEFFENTLICH, Leistungsart.SONSTIGE, 216_000_00, False),
        (Vergabeart.VERHANDLUNG, Leistungsart.SONSTIGE, 1_00, False),  # no limit is known: the Land would set it
        (Vergabeart.DIREKTAUFTRAG, Leistungsart.SOZIAL, 1_000_00, True),
        (Vergabeart.DIREKTAUFTRAG, Leistungsart.SOZIAL, 1_000_01, False),
        (Vergabeart.EU_VERHANDLUNG, Leistungsart.SOZIAL, 5_000_000_00, True),
    ],
)
def test_the_estimate_says_which_procedure_is_allowed(bedarf, planung, art, leistung, cent, erlaubt):
    angaben = Vergabeangaben(vergabeart=art, wert_cent=cent, leistungsart=leistung)
    if erlaubt:
        assert prepare_vergabe(massnahme=bedarf, version=1, angaben=angaben, grund="G", by=planung).wert_cent == cent
        return
    with pytest.raises(TransitionError):
        prepare_vergabe(massnahme=bedarf, version=1, angaben=angaben, grund="G", by=planung)
    assert not Vergabe.objects.exists()


def test_thresholds_change_on_a_day(bedarf):
    def limit(day: date) -> int | None:
        found = {one.vergabeart: one.bis_cent for one in list_erlaubt(Leistungsart.SONSTIGE, day)}
        return found.get(Vergabeart.OEFFENTLICH)

    assert (limit(date(2025, 12, 31)), limit(date(2026, 1, 1)), limit(date(2028, 1, 1))) == (220_999_99, 215_999_99, None)


def test_no_offer_is_opened_before_its_time_is_over(vergabe, zugelassen, vertragsangaben, planung, leitung, at):
    frist = datetime(2026, 11, 20, 11, tzinfo=UTC)
    announce_vergabe(vergabe=vergabe, version=1, am=date(2026, 11, 2), url="https://v.example", angebotsfrist=frist, by=planung)
    with pytest.raises(TransitionError, match=r"20\.\sNovember\s2026"):
        record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=1, by=planung)
    at(datetime(2026, 11, 20, 12, 1))
    angebot = record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=1, by=planung)
    with pytest.raises(TransitionError, match="steht schon da"):
        record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=2, by=planung)
    remove_angebot(angebot=angebot, by=planung)
    with pytest.raises(TransitionError, match="kein Angebot abgegeben"):
        award_vergabe(vergabe=vergabe, version=2, angaben=replace(vertragsangaben, geschlossen_am=date(2026, 11, 20)), by=leitung)


def test_eu_wide_the_bidders_hear_of_it_ten_days_before(bedarf, zugelassen, traeger2, vertragsangaben, planung, leitung, at):
    angaben = Vergabeangaben(vergabeart=Vergabeart.EU_OFFEN, wert_cent=900_000_00)
    vergabe = prepare_vergabe(massnahme=bedarf, version=1, angaben=angaben, grund="G", by=planung)
    frist = datetime(2026, 11, 5, 11, tzinfo=UTC)
    announce_vergabe(vergabe=vergabe, version=1, am=date(2026, 11, 2), url="https://v.example", angebotsfrist=frist, by=planung)
    at(datetime(2026, 11, 10, 9))
    for bidder in (zugelassen, traeger2):
        record_angebot(vergabe=vergabe, traeger=bidder, preis_cent=1, by=planung)
    on = replace(vertragsangaben, geschlossen_am=date(2026, 11, 10))
    with pytest.raises(TransitionError, match="nicht informiert"):
        award_vergabe(vergabe=vergabe, version=2, angaben=on, by=leitung)
    inform_bieter(vergabe=vergabe, version=2, am=date(2026, 11, 10), by=planung)
    with pytest.raises(TransitionError, match="erst ab dem 21"):
        award_vergabe(vergabe=vergabe, version=3, angaben=on, by=leitung)


def test_where_nobody_loses_nobody_has_to_be_told(bedarf, zugelassen, vertragsangaben, planung, leitung, at):
    angaben = Vergabeangaben(vergabeart=Vergabeart.EU_OFFEN, wert_cent=900_000_00)
    vergabe = prepare_vergabe(massnahme=bedarf, version=1, angaben=angaben, grund="G", by=planung)
    frist = datetime(2026, 11, 5, 11, tzinfo=UTC)
    announce_vergabe(vergabe=vergabe, version=1, am=date(2026, 11, 2), url="https://v.example", angebotsfrist=frist, by=planung)
    at(datetime(2026, 11, 10, 9))
    record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=1, by=planung)
    award_vergabe(vergabe=vergabe, version=2, angaben=replace(vertragsangaben, geschlossen_am=date(2026, 11, 10)), by=leitung)
    assert stored(bedarf).stand == S.ZUSCHLAG


@pytest.mark.parametrize(
    ("bis", "fachbereiche", "gelingt"),
    [(date(2028, 12, 31), [1, 3], True), (date(2028, 12, 30), [1], False), (date(2029, 12, 31), [3, 4], False)],
)
def test_the_provider_is_certified_for_all_of_the_term(vergabe, traeger, vertragsangaben, planung, leitung, bis, fachbereiche, gelingt):
    Traegerzulassung.objects.create(
        traeger=traeger, nummer="Z", stelle="P", fachbereiche=fachbereiche, gueltig_von=date(2026, 1, 1), gueltig_bis=bis
    )
    record_angebot(vergabe=vergabe, traeger=traeger, preis_cent=1, by=planung)
    if gelingt:
        award_vergabe(vergabe=vergabe, version=1, angaben=vertragsangaben, by=leitung)
        assert stored(vergabe.massnahme).stand == S.ZUSCHLAG
        return
    with pytest.raises(TransitionError, match="keine Zulassung für den Fachbereich 1"):
        award_vergabe(vergabe=vergabe, version=1, angaben=vertragsangaben, by=leitung)
    assert not Vertrag.objects.exists()
    assert stored(vergabe.massnahme).traeger is None


def test_called_off_it_is_a_need_again_and_can_begin_anew(vergabe, planung, leitung):
    with pytest.raises(TransitionError, match="Grund fehlt"):
        cancel_vergabe(vergabe=vergabe, version=1, warum="  ", by=leitung)
    cancel_vergabe(vergabe=vergabe, version=1, warum="Kein Angebot.", by=leitung)
    massnahme = stored(vergabe.massnahme)
    assert (massnahme.stand, massnahme.vergabestand) == (S.BEDARF, Vergabestand.OFFEN)
    angaben = Vergabeangaben(vergabeart=Vergabeart.VERHANDLUNG, wert_cent=100_00)
    with pytest.raises(TransitionError, match="aufgehoben"):
        update_vergabe(vergabe=vergabe, version=2, angaben=angaben, by=planung)
    prepare_vergabe(massnahme=massnahme, version=massnahme.version, angaben=angaben, grund="Zweiter Versuch.", by=planung)
    lage = read_umsetzung(stored(massnahme))
    assert (lage.vergabe.vergabeart, [one.aufhebungsgrund for one in lage.aufgehoben]) == (Vergabeart.VERHANDLUNG, ["Kein Angebot."])


def test_who_plans_does_not_award_and_nobody_else_conducts(
    vergabe, bedarf, zugelassen, vertragsangaben, planung, leitung, controlling, presse
):
    record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=1, by=planung)
    for account in (planung, controlling, presse):
        with pytest.raises(PermissionDenied):
            award_vergabe(vergabe=vergabe, version=1, angaben=vertragsangaben, by=account)
    for account in (leitung, controlling, presse):
        with pytest.raises(PermissionDenied):
            record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=1, by=account)
    for account in (controlling, presse):  # estimates and prices stay with those who conduct
        assert not Vergabe.objects.visible_to(account).exists()
        assert not Bieterangebot.objects.visible_to(account).exists()
    assert Vergabe.objects.visible_to(leitung).get().wert_cent == 300_000_00


def test_two_people_at_once(vergabe, planung):
    angaben = Vergabeangaben(vergabeart=Vergabeart.OEFFENTLICH, wert_cent=1_00)
    update_vergabe(vergabe=vergabe, version=1, angaben=angaben, by=planung)
    with pytest.raises(VersionConflict):
        update_vergabe(vergabe=vergabe, version=1, angaben=replace(angaben, wert_cent=2_00), by=planung)


def test_the_programme_cannot_say_something_else_than_the_award(award, programm, angaben, planung):
    vertrag = award()
    position = programm.positionen.get(massnahme=vertrag.massnahme)
    now = stored(vertrag.massnahme)
    same = replace(angaben, instrument=now.instrument, traeger=now.traeger, vergabestand=Vergabestand.VERGEBEN, ort="Neuer Ort")
    update_position(position=position, version=now.version, angaben=same, by=planung)
    for wrong in ({"traeger": None}, {"vergabestand": Vergabestand.OFFEN, "traeger": None}):
        with pytest.raises(TransitionError, match="folgen aus ihrer Umsetzung"):
            update_position(position=position, version=now.version + 1, angaben=replace(same, **wrong), by=planung)


def test_what_was_awarded_elsewhere_gets_its_contract_afterwards(position, zugelassen, vertragsangaben, planung, leitung, at):
    massnahme = position.massnahme  # a programme says that it is awarded
    with pytest.raises(PermissionDenied):
        record_vertrag(massnahme=massnahme, version=1, angaben=vertragsangaben, by=leitung)
    record_vertrag(massnahme=massnahme, version=1, angaben=vertragsangaben, by=planung)
    now = stored(massnahme)
    assert (now.stand, now.vertraege.get().preis_cent, now.schritte.last().grund) == (S.ZUSCHLAG, 290_000_00, "Vertrag nachgetragen")
    with pytest.raises(TransitionError, match="steht schon da"):
        record_vertrag(massnahme=now, version=now.version, angaben=vertragsangaben, by=planung)


def test_a_procurement_that_a_programme_spoke_of_is_written_down_afterwards(programm, angaben, planung):
    load_stammdaten()
    stated = replace(angaben, traeger=None, vergabestand=Vergabestand.LAEUFT)
    massnahme = add_position(programm=programm, angaben=stated, by=planung).massnahme
    eu_wide = Vergabeangaben(vergabeart=Vergabeart.EU_OFFEN, wert_cent=1)
    prepare_vergabe(massnahme=massnahme, version=1, angaben=eu_wide, grund="G", by=planung)
    assert [step.grund for step in massnahme.schritte.all()] == ["Vergabe nachgetragen. G"]
    with pytest.raises(TransitionError, match="kann nicht in den Stand"):
        prepare_vergabe(massnahme=massnahme, version=2, angaben=eu_wide, grund="G", by=planung)


# --- what is public --------------------------------------------------------------------------------------------------
def test_what_everybody_may_know_follows_from_the_state(vergabe, zugelassen, vertragsangaben, planung, leitung, at):
    pk = vergabe.massnahme.pk
    assert read_umsetzung_oeffentlich(pk) is None
    frist = datetime(2026, 11, 20, 11, tzinfo=UTC)
    announce_vergabe(vergabe=vergabe, version=1, am=date(2026, 11, 2), url="https://v.example/1", angebotsfrist=frist, by=planung)
    told = read_umsetzung_oeffentlich(pk)
    assert (told.bekanntmachung_url, told.angebotsfrist, told.traeger, told.plaetze) == ("https://v.example/1", frist, "", None)
    at(datetime(2026, 11, 23, 9))
    record_angebot(vergabe=vergabe, traeger=zugelassen, preis_cent=4_321_00, by=planung)
    assert read_umsetzung_oeffentlich(pk).traeger == ""
    award_vergabe(vergabe=vergabe, version=2, angaben=replace(vertragsangaben, geschlossen_am=date(2026, 11, 23)), by=leitung)
    told = read_umsetzung_oeffentlich(pk)
    assert (told.traeger, told.beginn, told.plaetze) == (zugelassen.name, date(2027, 1, 1), 12)
    assert not any("cent" in name for name in vars(told))


# --- other ways ------------------------------------------------------------------------------------------------------
def test_a_grant_is_asked_for_and_granted_or_refused(bedarf, zugelassen, vertragsangaben, planung, leitung):
    massnahme = choose_weg(massnahme=bedarf, version=1, weg=Weg.ZUWENDUNG, by=planung)
    massnahme = request_zuwendung(massnahme=massnahme, version=massnahme.version, traeger=zugelassen, by=planung)
    massnahme = refuse_zuwendung(massnahme=massnahme, version=massnahme.version, grund="Kein Geld.", by=leitung)
    assert (massnahme.stand, stored(massnahme).traeger) == (S.BEDARF, None)
    massnahme = request_zuwendung(massnahme=massnahme, version=massnahme.version, traeger=zugelassen, by=planung)
    other = Traeger.objects.create(name="Anderer", ort="O")
    with pytest.raises(TransitionError, match="Beantragt hat"):
        grant_zuwendung(massnahme=massnahme, version=massnahme.version, angaben=replace(vertragsangaben, traeger=other), by=leitung)
    bescheid = replace(vertragsangaben, nachweis_bis=date(2029, 3, 31))
    vertrag = grant_zuwendung(massnahme=massnahme, version=massnahme.version, angaben=bescheid, by=leitung)
    assert (vertrag.art, stored(massnahme).stand, stored(massnahme).vergabestand) == ("bescheid", S.BEWILLIGT, Vergabestand.OHNE)


def test_a_voucher_needs_a_certified_measure(bedarf, planung, at):
    massnahme = choose_weg(massnahme=bedarf, version=1, weg=Weg.GUTSCHEIN, by=planung)
    with pytest.raises(TransitionError, match="Heute kann sie nicht beginnen"):
        start_massnahme(massnahme=massnahme, version=massnahme.version, by=planung)
    at(datetime(2027, 1, 4, 9))
    with pytest.raises(TransitionError, match="§ 179 SGB III"):
        start_massnahme(massnahme=massnahme, version=massnahme.version, by=planung)
    Massnahmezulassung.objects.create(
        massnahme=massnahme, nummer="M", stelle="P", gueltig_von=date(2027, 1, 1), gueltig_bis=date(2028, 12, 31)
    )
    assert start_massnahme(massnahme=massnahme, version=massnahme.version, by=planung).stand == S.LAEUFT
    with pytest.raises(TransitionError, match="nicht mehr ändern"):
        choose_weg(massnahme=massnahme, version=stored(massnahme).version, weg=Weg.VERGABE, by=planung)


# --- while it runs ---------------------------------------------------------------------------------------------------
def test_the_night_begins_and_ends_measures(award, system, planung, at):
    massnahme = award(ende=date(2027, 6, 30)).massnahme
    assert advance_massnahmen(by=system) == 0
    at(datetime(2027, 1, 1, 3))
    assert (advance_massnahmen(by=system), stored(massnahme).stand) == (1, S.LAEUFT)
    at(datetime(2027, 6, 30, 3))
    assert advance_massnahmen(by=system) == 0  # the last day belongs to it
    at(datetime(2027, 7, 1, 3))
    assert (advance_massnahmen(by=system), stored(massnahme).stand) == (1, S.BEENDET)
    with pytest.raises(PermissionDenied):
        advance_massnahmen(by=planung)


def test_a_night_that_was_missed_is_made_up_for(award, system, at):
    massnahme = award(ende=date(2027, 6, 30)).massnahme
    at(datetime(2027, 9, 1, 3))
    assert advance_massnahmen(by=system) == 2
    assert [step.nach for step in stored(massnahme).schritte.all()][-2:] == [S.LAEUFT, S.BEENDET]
    assert advance_massnahmen(by=system) == 0


def test_options_are_drawn_in_time_and_in_order(award, planung, leitung, at):
    vertrag = award(ende=date(2027, 12, 31))
    first = add_option(
        vertrag=vertrag, angaben=Optionsangaben(ende=date(2028, 12, 31), preis_cent=1_00, ziehbar_bis=date(2027, 9, 30)), by=planung
    )
    second = add_option(
        vertrag=vertrag, angaben=Optionsangaben(ende=date(2029, 12, 31), preis_cent=1_00, ziehbar_bis=date(2028, 9, 30)), by=planung
    )
    with pytest.raises(TransitionError, match="Ihr Ende muss danach liegen"):
        add_option(vertrag=vertrag, angaben=Optionsangaben(ende=date(2029, 12, 31), preis_cent=1, ziehbar_bis=date(2028, 1, 1)), by=planung)
    with pytest.raises(PermissionDenied):
        draw_option(option=first, version=version_of(first), by=planung)
    with pytest.raises(TransitionError, match="der Reihe nach"):
        draw_option(option=second, version=version_of(second), by=leitung)
    draw_option(option=first, version=version_of(first), by=leitung)
    assert stored(vertrag.massnahme).ende == Vertrag.objects.get().ende == date(2028, 12, 31)
    assert Vertrag.objects.get().ende_ohne_optionen == date(2027, 12, 31)
    with pytest.raises(TransitionError, match="gezogen"):
        draw_option(option=first, version=version_of(first), by=leitung)
    at(datetime(2028, 10, 1, 9))
    with pytest.raises(TransitionError, match="nur bis zum"):
        draw_option(option=second, version=version_of(second), by=leitung)


def test_an_option_beyond_the_certificate_is_not_drawn(award, planung, leitung):
    vertrag = award(ende=date(2029, 12, 31))
    option = add_option(
        vertrag=vertrag, angaben=Optionsangaben(ende=date(2030, 6, 30), preis_cent=1, ziehbar_bis=date(2029, 9, 30)), by=planung
    )
    with pytest.raises(TransitionError, match="keine Zulassung"):
        draw_option(option=option, version=version_of(option), by=leitung)


def test_a_notice_ends_it_on_its_day(award, system, leitung, at):
    massnahme = award().massnahme
    at(datetime(2027, 3, 1, 9))
    advance_massnahmen(by=system)
    massnahme = stored(massnahme)
    end_massnahme(massnahme=massnahme, version=massnahme.version, zum=date(2027, 3, 31), grund="Zu wenige Anmeldungen.", by=leitung)
    assert stored(massnahme).stand == S.LAEUFT
    at(datetime(2027, 4, 1, 3))
    advance_massnahmen(by=system)
    now = stored(massnahme)
    assert (now.stand, now.ende, now.schritte.last().grund) == (S.VORZEITIG, date(2027, 3, 31), "Zu wenige Anmeldungen.")


def test_a_notice_can_be_taken_back_before_its_day(award, system, leitung, at):
    vertrag = award()
    at(datetime(2027, 3, 1, 9))
    advance_massnahmen(by=system)
    massnahme = stored(vertrag.massnahme)
    end_massnahme(massnahme=massnahme, version=massnahme.version, zum=date(2027, 3, 31), grund="Zu wenige.", by=leitung)
    withdraw_kuendigung(vertrag=vertrag, version=stored(massnahme).version, by=leitung)
    at(datetime(2027, 4, 1, 3))
    assert (advance_massnahmen(by=system), stored(massnahme).stand) == (0, S.LAEUFT)
    with pytest.raises(TransitionError, match="keine Kündigung"):
        withdraw_kuendigung(vertrag=vertrag, version=stored(massnahme).version, by=leitung)


def test_a_contract_that_was_written_down_wrongly_is_corrected(award, vertragsangaben, traeger2, planung, leitung):
    vertrag = award()
    massnahme = stored(vertrag.massnahme)
    right = replace(vertragsangaben, preis_cent=29_000_00, ende=date(2028, 6, 30))
    with pytest.raises(PermissionDenied):
        correct_vertrag(vertrag=vertrag, version=massnahme.version, angaben=right, grund="Tippfehler.", by=planung)
    with pytest.raises(TransitionError, match="anderen Vertrag"):
        correct_vertrag(vertrag=vertrag, version=massnahme.version, angaben=replace(right, traeger=traeger2), grund="T", by=leitung)
    with pytest.raises(TransitionError, match="keine Zulassung"):
        late = replace(right, ende=date(2030, 1, 1))
        correct_vertrag(vertrag=vertrag, version=massnahme.version, angaben=late, grund="T", by=leitung)
    correct_vertrag(vertrag=vertrag, version=massnahme.version, angaben=right, grund="Eine Null zu viel.", by=leitung)
    assert (Vertrag.objects.get().preis_cent, stored(massnahme).ende) == (29_000_00, date(2028, 6, 30))
    assert stored(massnahme).schritte.last().grund == "Vertrag berichtigt. Eine Null zu viel."
    with pytest.raises(VersionConflict):
        correct_vertrag(vertrag=vertrag, version=massnahme.version, angaben=right, grund="Noch einmal.", by=leitung)


def test_a_second_click_draws_no_second_option(award, planung, leitung):
    vertrag = award(ende=date(2027, 12, 31))
    for jahr in (2028, 2029):
        angaben = Optionsangaben(ende=date(jahr, 12, 31), preis_cent=1, ziehbar_bis=date(jahr - 1, 9, 30))
        option = add_option(vertrag=vertrag, angaben=angaben, by=planung)
    version = version_of(option)
    draw_option(option=vertrag.optionen.get(nummer=1), version=version, by=leitung)
    with pytest.raises(VersionConflict):
        draw_option(option=option, version=version, by=leitung)


def test_a_measure_that_never_began_can_be_settled(award, system, planung, leitung, at):
    massnahme = award().massnahme
    end_massnahme(massnahme=massnahme, version=stored(massnahme).version, zum=date(2026, 12, 15), grund="Träger gab auf.", by=leitung)
    at(datetime(2026, 12, 16, 3))
    assert (advance_massnahmen(by=system), stored(massnahme).stand) == (1, S.VORZEITIG)
    assert read_umsetzung_oeffentlich(massnahme.pk) is None
    settle_massnahme(massnahme=massnahme, version=stored(massnahme).version, by=planung)
    assert stored(massnahme).stand == S.ABGERECHNET


def test_a_programme_does_not_move_what_has_gone_further(programm, angaben, planung, system, at):
    own = replace(angaben, traeger=None, vergabestand=Vergabestand.OHNE)
    position = add_position(programm=programm, angaben=own, by=planung)
    at(datetime(2027, 1, 4, 9))
    massnahme = start_massnahme(massnahme=position.massnahme, version=1, by=planung)
    with pytest.raises(TransitionError, match="folgen aus ihrer Umsetzung"):
        moved = replace(own, vergabestand=Vergabestand.OFFEN)
        update_position(position=position, version=massnahme.version, angaben=moved, by=planung)
    update_position(position=position, version=massnahme.version, angaben=replace(own, ort="Neuer Ort"), by=planung)
    assert stored(massnahme).stand == S.LAEUFT


# --- afterwards ------------------------------------------------------------------------------------------------------
def report(massnahme: Massnahme, by: Any, *months: tuple[int, int], **fields: int) -> None:
    for year, month in months:
        Monatsmeldung.objects.create(massnahme=massnahme, monat=date(year, month, 1), gemeldet_von=by, **fields)


def test_settled_when_every_month_is_told_and_looked_back_on_when_it_can_be_known(award, system, planung, at):
    massnahme = award(beginn=date(2027, 1, 15), ende=date(2027, 2, 20)).massnahme
    at(datetime(2027, 2, 21, 3))
    advance_massnahmen(by=system)
    report(massnahme, planung, (2027, 1), eintritte=5, zuweisungen=5, kosten_cent=100_00)
    massnahme = stored(massnahme)
    with pytest.raises(TransitionError, match=r"Februar\s2027"):
        settle_massnahme(massnahme=massnahme, version=massnahme.version, by=planung)
    report(massnahme, planung, (2027, 2), austritte_regulaer=5)
    massnahme = settle_massnahme(massnahme=massnahme, version=massnahme.version, by=planung)
    with pytest.raises(TransitionError, match="noch nicht reif"):
        evaluate_massnahme(massnahme=massnahme, version=massnahme.version, by=planung)
    at(datetime(2027, 11, 1, 9))  # six months and the Wartezeit of three after February
    with pytest.raises(TransitionError, match=r"Februar\s2027 fehlt noch"):
        evaluate_massnahme(massnahme=massnahme, version=massnahme.version, by=planung)
    Verbleib.objects.create(massnahme=massnahme, monat=date(2027, 2, 1), austritte=5, beschaeftigt=2, nicht_arbeitslos=3)
    assert evaluate_massnahme(massnahme=massnahme, version=massnahme.version, by=planung).stand == S.AUSGEWERTET


def test_a_grant_is_settled_with_its_verwendungsnachweis(bedarf, zugelassen, vertragsangaben, planung, leitung, system, at):
    massnahme = choose_weg(massnahme=bedarf, version=1, weg=Weg.ZUWENDUNG, by=planung)
    massnahme = request_zuwendung(massnahme=massnahme, version=massnahme.version, traeger=zugelassen, by=planung)
    short = replace(vertragsangaben, ende=date(2027, 1, 31))
    grant_zuwendung(massnahme=massnahme, version=massnahme.version, angaben=short, by=leitung)
    at(datetime(2027, 2, 1, 3))
    advance_massnahmen(by=system)
    report(massnahme, planung, (2027, 1), kosten_cent=1)
    massnahme = stored(massnahme)
    with pytest.raises(TransitionError, match="Verwendungsnachweis fehlt"):
        settle_massnahme(massnahme=massnahme, version=massnahme.version, by=planung)
    settle_massnahme(massnahme=massnahme, version=massnahme.version, nachweis_am=date(2027, 2, 1), by=planung)
    assert Vertrag.objects.get().nachweis_am == date(2027, 2, 1)


# --- what the database keeps -----------------------------------------------------------------------------------------
def test_steps_never_change(vergabe):
    step = Massnahmenschritt.objects.get()
    for change in (lambda: Massnahmenschritt.objects.update(grund="x"), step.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_database_refuses_what_contradicts(bedarf, traeger):
    def massnahme(**fields: Any) -> Callable[[], object]:
        return lambda: Massnahme.objects.filter(pk=bedarf.pk).update(**fields)

    def vertrag(**fields: Any) -> Callable[[], object]:
        whole = {"geschlossen_am": date(2026, 1, 1), "beginn": date(2027, 1, 1), "ende": date(2027, 12, 31), "plaetze": 1, "preis_cent": 1}
        return lambda: Vertrag.objects.create(massnahme=bedarf, traeger=traeger, **whole | fields)

    for change in (
        massnahme(stand=S.ZUSCHLAG),  # the programme would go on saying „Vergabe offen“
        massnahme(vergabestand=Vergabestand.VERGEBEN),
        massnahme(weg="irgendwie"),
        vertrag(ende=date(2026, 12, 31)),
        vertrag(preis_cent=-1),
        vertrag(plaetze=0),
        vertrag(gekuendigt_zum=date(2027, 6, 30)),  # without a reason
        vertrag(nachweis_bis=date(2028, 1, 1)),  # a contract has no Verwendungsnachweis
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_every_state_of_a_way_can_be_left_or_is_the_last():
    for weg, table in MASSNAHME_TRANSITIONS.items():
        reached = {S.BEDARF} | {target for targets in table.values() for target in targets}
        assert reached == set(table), weg
        assert [state for state, targets in table.items() if not targets] == [S.AUSGEWERTET]
