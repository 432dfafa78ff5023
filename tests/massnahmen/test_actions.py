from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from jobcenter.common.actions import VersionConflict
from jobcenter.common.canonical import fingerprint
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import (
    add_position,
    assign_handlungsfeld,
    confirm_position,
    open_programm,
    publish_programm,
    record_beratung,
    remove_position,
    reopen_programm,
    submit_programm,
    update_kapitel,
    update_position,
    update_zusammenfassung,
)
from massnahmen.enums import Beratungsergebnis, Finanzquelle, Kapitelart, Kapitelstand, Programmstatus
from massnahmen.models import Arbeitsmarktprogramm, Beratung, Fassung, Massnahme, Programmposition
from massnahmen.queries import read_fassung
from tests.conftest import current_fingerprint


def test_a_programme_begins_with_its_twelve_chapters_and_only_once_a_year(planung):
    programm = open_programm(jahr=2027, by=planung)
    assert [(k.nummer, k.titel, k.text) for k in programm.kapitel.all()] == [(n, t.label, "") for n, t in enumerate(Kapitelart, 1)]
    assert (programm.status, len(Kapitelart)) == (Programmstatus.ENTWURF, 12)
    with pytest.raises(TransitionError, match="gibt es schon"):
        open_programm(jahr=2027, by=planung)


PLANUNG = [
    lambda by, position, angaben: open_programm(jahr=2030, by=by),
    lambda by, position, angaben: add_position(programm=position.programm, angaben=angaben, by=by),
    lambda by, position, angaben: update_position(position=position, version=1, angaben=angaben, by=by),
    lambda by, position, angaben: update_kapitel(
        kapitel=position.programm.kapitel.first(), version=1, text="x", stand=Kapitelstand.IN_ARBEIT, verantwortlich=None, by=by
    ),
    lambda by, position, angaben: update_zusammenfassung(programm=position.programm, version=1, zusammenfassung="x", by=by),
]
LEITUNG = [
    lambda by, position, angaben: submit_programm(programm=position.programm, pruefsumme=current_fingerprint(position.programm), by=by),
    lambda by, position, angaben: reopen_programm(programm=position.programm, grund="Ein Fehler.", by=by),
]


@pytest.mark.parametrize("change", PLANUNG)
@pytest.mark.parametrize("who", ["leitung", "geschaeftsstelle", "presse", "controlling", "administration", "fremd", "system"])
def test_only_planung_plans(change, who, request, position, angaben):
    with pytest.raises(PermissionDenied):
        change(request.getfixturevalue(who), position, angaben)


@pytest.mark.parametrize("change", LEITUNG)
@pytest.mark.parametrize("who", ["planung", "geschaeftsstelle", "presse", "controlling", "administration", "fremd", "system"])
def test_only_leitung_submits_and_reopens(change, who, request, position, angaben):
    with pytest.raises(PermissionDenied):
        change(request.getfixturevalue(who), position, angaben)


@pytest.mark.parametrize("who", ["planung", "geschaeftsstelle", "presse", "administration", "fremd"])
def test_only_leitung_publishes(who, request, fassung, advise):
    with pytest.raises(PermissionDenied):
        publish_programm(beratung=advise(fassung), by=request.getfixturevalue(who))


@pytest.mark.parametrize("change", PLANUNG[1:])
def test_what_the_beirat_has_cannot_be_edited(change, fassung, position, planung, angaben):
    with pytest.raises(TransitionError, match="beim Beirat"):
        change(planung, position, angaben)
    assert Massnahme.objects.get().version == 1


def test_saving_changes_only_what_differs(position, angaben, planung):
    kosten = {Finanzquelle.PAT: 10_000_050, Finanzquelle.EGT: 1, Finanzquelle.ESF: 5}
    update_position(position=position, version=1, angaben=replace(angaben, kosten_cent=kosten), by=planung)
    update_position(position=position, version=2, angaben=replace(angaben, kosten_cent={Finanzquelle.ESF: 5}), by=planung)
    position.refresh_from_db()
    assert {row.quelle: row.betrag_cent for row in position.finanzierungen.all()} == {"esf": 5}
    history = type(position.finanzierungen.first()).pgh_event_model.objects.order_by("pgh_id")
    assert [(e.quelle, e.pgh_label, e.betrag_cent) for e in history] == [
        ("egt", "insert", 42_000_000),
        ("pat", "insert", 10_000_050),
        ("egt", "update", 1),
        ("esf", "insert", 5),
        ("egt", "delete", 1),
        ("pat", "delete", 10_000_050),
    ]


def test_an_instrument_out_of_force_is_refused_by_the_action_too(position, angaben, instrument, planung):
    instrument.gueltig_bis = date(2028, 12, 30)
    instrument.save()
    with pytest.raises(TransitionError, match="gilt nicht während der ganzen Laufzeit"):
        update_position(position=position, version=1, angaben=replace(angaben, instrument=instrument), by=planung)


def test_an_older_version_is_refused_and_the_newer_one_stays(position, angaben, planung):
    update_position(position=position, version=1, angaben=replace(angaben, titel="Neuer"), by=planung)
    with pytest.raises(VersionConflict) as caught:
        update_position(position=position, version=1, angaben=replace(angaben, titel="Älter"), by=planung)
    assert (caught.value.current.titel, Massnahme.objects.get().titel) == ("Neuer", "Neuer")


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_one_wins(position, angaben, planung):
    start = Barrier(2)

    def save(titel: str) -> str:
        try:
            start.wait(10)
            update_position(position=position, version=1, angaben=replace(angaben, titel=titel), by=planung)
            return "saved"
        except VersionConflict as conflict:
            return conflict.current.titel
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(["A", "B"], pool.map(save, ["A", "B"]), strict=True))
    winner = next(titel for titel, answer in answers.items() if answer == "saved")
    loser = "B" if winner == "A" else "A"
    assert answers[loser] == winner
    massnahme = Massnahme.objects.get()
    assert (massnahme.titel, massnahme.version) == (winner, 2)


def test_a_programme_without_measures_is_not_submitted(programm, leitung):
    with pytest.raises(TransitionError, match="noch keine Maßnahme"):
        submit_programm(programm=programm, pruefsumme=current_fingerprint(programm), by=leitung)
    assert not Fassung.objects.exists()


def test_what_nobody_has_read_is_not_frozen(position, angaben, planung, leitung):
    read = current_fingerprint(position.programm)
    update_position(position=position, version=1, angaben=replace(angaben, plaetze=13), by=planung)
    with pytest.raises(TransitionError, match="wurde geändert, seit Sie es geprüft haben"):
        submit_programm(programm=position.programm, pruefsumme=read, by=leitung)
    assert not Fassung.objects.exists()


def test_a_fassung_is_whole_and_nobody_alters_it(fassung, position):
    assert fingerprint(fassung.inhalt) == fassung.pruefsumme
    assert read_fassung(fassung).massnahmen[0].kosten_cent == 52_000_050
    for sql in (
        "UPDATE massnahmen_fassung SET nummer = 2",
        "UPDATE massnahmen_fassung SET inhalt = inhalt || ' '",
        "DELETE FROM massnahmen_fassung",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql)


def test_a_wrong_fingerprint_does_not_get_into_the_database(fassung, leitung):
    with pytest.raises(DatabaseError, match="fassung_pruefsumme_stimmt"), transaction.atomic():
        Fassung.objects.create(programm=fassung.programm, nummer=2, inhalt="{}", pruefsumme="0" * 64, vorgelegt_von=leitung)


def test_nothing_is_published_without_advice_and_a_no_needs_an_answer(fassung, advise, decide, leitung):
    beratung = advise(fassung, ja=3, nein=5)
    assert (beratung.ergebnis, beratung.braucht_antwort) == (Beratungsergebnis.ABGELEHNT, True)
    decide(fassung)
    with pytest.raises(TransitionError, match="Schreiben Sie dazu eine Antwort"):
        publish_programm(beratung=beratung, antwort="  ", by=leitung)
    veroeffentlichung = publish_programm(beratung=beratung, antwort=" Wir bleiben dabei. ", by=leitung)
    assert veroeffentlichung.antwort == "Wir bleiben dabei."
    assert Arbeitsmarktprogramm.objects.get().status == Programmstatus.VEROEFFENTLICHT


def test_one_vote_against_is_enough_to_owe_an_answer(fassung, advise):
    assert advise(fassung, nein=1).braucht_antwort
    assert not fassung.beratung.ist_einstimmig


def test_after_reopening_an_older_fassung_gets_no_advice(fassung, planung, leitung, vorsitz, position, angaben, submit):
    reopen_programm(programm=position.programm, grund="Mehr Plätze.", by=leitung)
    update_position(position=position, version=1, angaben=replace(angaben, plaetze=99), by=planung)
    second = submit(position.programm)
    assert (second.nummer, read_fassung(fassung).plaetze, read_fassung(second).plaetze) == (2, 12, 99)
    votes = {"ergebnis": Beratungsergebnis.ZUGESTIMMT, "ja": 3, "nein": 0, "enthaltung": 0, "beschluss": "-"}
    with pytest.raises(TransitionError, match="neuere Fassung"):
        record_beratung(fassung=fassung, by=vorsitz.konto, **votes)


def test_a_no_is_not_dodged_by_submitting_the_same_text_again(fassung, advise, leitung, planung, submit):
    advise(fassung, ja=1, nein=9)
    programm = reopen_programm(programm=fassung.programm, grund="Der Beirat will mehr.", by=leitung)
    with pytest.raises(TransitionError, match="genau diesen Text"):
        submit_programm(programm=programm, pruefsumme=fassung.pruefsumme, grund="Wie zuvor.", by=leitung)
    programm = update_zusammenfassung(programm=programm, version=programm.version, zusammenfassung="Nachgebessert", by=planung)
    assert submit(programm).nummer == 2


def test_what_was_never_advised_may_be_submitted_again(fassung, leitung):
    programm = reopen_programm(programm=fassung.programm, grund="Doch nicht.", by=leitung)
    assert submit_programm(programm=programm, pruefsumme=fassung.pruefsumme, grund="Wie zuvor.", by=leitung).nummer == 2


def test_an_invisible_answer_is_none(fassung, advise, decide, leitung):
    beratung = advise(fassung, nein=1)
    decide(fassung)
    with pytest.raises(TransitionError, match="Gegenstimmen"):
        publish_programm(beratung=beratung, antwort=" \u200b\n", by=leitung)


@pytest.mark.django_db
def test_the_database_refuses_a_result_that_does_not_follow_from_its_numbers(fassung):
    with pytest.raises(IntegrityError, match="beratung_ergebnis_folgt"):
        Beratung.objects.create(fassung=fassung, ergebnis=Beratungsergebnis.ZUGESTIMMT, ja=1, nein=1, enthaltung=0, beschluss="-")


def test_a_bulk_change_is_heard_by_whoever_has_the_measure_open(position, angaben, handlungsfeld, planung):
    assign_handlungsfeld(position=position, handlungsfeld=handlungsfeld, by=planung)
    with pytest.raises(VersionConflict):
        update_position(position=position, version=1, angaben=angaben, by=planung)


def test_what_somebody_removed_meanwhile_is_a_sentence(position, handlungsfeld, planung):
    remove_position(position=Programmposition.objects.get(), by=planung)
    for change in (
        lambda: assign_handlungsfeld(position=position, handlungsfeld=handlungsfeld, by=planung),
        lambda: confirm_position(position=position, by=planung),
    ):
        with pytest.raises(TransitionError, match="gibt es nicht mehr"):
            change()
