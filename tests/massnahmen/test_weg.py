"""The way of a programme: what each step asks for, and that nobody changes afterwards which steps were taken."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from jobcenter.common import clock
from jobcenter.common.models import Ereignis
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import (
    answer_stellungnahme,
    begin_beteiligung,
    begin_fortschreibung,
    close_programm,
    copy_programm,
    publish_programm,
    record_gremienbeschluss,
    reopen_programm,
    submit_programm,
    update_position,
    withdraw_gremienbeschluss,
    write_stellungnahme,
)
from massnahmen.enums import Gremienergebnis, Kapitelstand, Programmstatus, Umgang
from massnahmen.models import Arbeitsmarktprogramm, BcaStellungnahme, Fassung, Gremienbeschluss, Programmposition, Programmschritt
from massnahmen.queries import check_programm, is_bca_missing, list_fassungen
from tests.conftest import current_fingerprint, fill_texts, write_kapitel

S = Programmstatus


def status() -> str:
    return Arbeitsmarktprogramm.objects.get().status


def way() -> list[tuple[str, str]]:
    return list(Programmschritt.objects.order_by("pk").values_list("von", "nach"))


# --- submission -------------------------------------------------------------------------------------------------------


def test_a_programme_with_gaps_is_not_submitted_and_the_first_gap_is_named(position, planung, leitung):
    with pytest.raises(TransitionError, match=r"13\xa0Angaben fehlen oder passen nicht\. Zuerst: Zusammenfassung\."):
        submit_programm(programm=position.programm, pruefsumme=current_fingerprint(position.programm), grund="x", by=leitung)
    fill_texts(position.programm, planung)
    Programmposition.objects.update(erfolgskriterium=" ")
    with pytest.raises(
        TransitionError, match=r"Eine Angabe fehlt oder passt nicht\. Zuerst: „Neuer Start im Betrieb“\. Es fehlt: Erfolgskriterium\."
    ):
        submit_programm(programm=position.programm, pruefsumme=current_fingerprint(position.programm), grund="x", by=leitung)
    assert not Fassung.objects.exists()
    assert status() == S.ENTWURF


@pytest.mark.parametrize("grund", ["", "  ", "\u200b\n"])
def test_without_the_bca_it_takes_a_reason(position, planung, leitung, grund):
    fill_texts(position.programm, planung)
    with pytest.raises(TransitionError, match="noch nicht Stellung genommen"):
        submit_programm(programm=position.programm, pruefsumme=current_fingerprint(position.programm), grund=grund, by=leitung)
    assert not Fassung.objects.exists()


def test_with_the_bca_heard_and_answered_it_takes_none(position, hear_bca, planung, leitung):
    fill_texts(position.programm, planung)
    hear_bca(position.programm)
    fassung = submit_programm(programm=position.programm, pruefsumme=current_fingerprint(position.programm), by=leitung)
    assert (fassung.nummer, fassung.anlass, status()) == (2, "beirat", S.BEIM_BEIRAT)
    assert way() == [("", S.ENTWURF), (S.ENTWURF, S.BETEILIGUNG), (S.BETEILIGUNG, S.BEIM_BEIRAT)]


def test_an_unanswered_stellungnahme_holds_the_submission_up(position, hear_bca, planung, leitung):
    fill_texts(position.programm, planung)
    hear_bca(position.programm, antwort="")
    with pytest.raises(TransitionError, match="noch nicht beantwortet"):
        submit_programm(programm=position.programm, pruefsumme=current_fingerprint(position.programm), grund="Eilt.", by=leitung)


def test_a_new_way_to_the_beirat_asks_the_bca_again(position, hear_bca, planung, leitung):
    fill_texts(position.programm, planung)
    hear_bca(position.programm)
    assert not is_bca_missing(position.programm)
    submit_programm(programm=position.programm, pruefsumme=current_fingerprint(position.programm), by=leitung)
    programm = reopen_programm(programm=position.programm, grund="Mehr Plätze.", by=leitung)
    assert is_bca_missing(programm)
    with pytest.raises(TransitionError, match="noch nicht Stellung genommen"):
        submit_programm(programm=programm, pruefsumme=current_fingerprint(programm), by=leitung)


# --- BCA --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["bca", "geschaeftsstelle", "presse", "controlling", "administration", "fremd"])
def test_planung_and_leitung_ask_the_bca(who, request, position):
    with pytest.raises(PermissionDenied):
        begin_beteiligung(programm=position.programm, by=request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["planung", "leitung", "geschaeftsstelle", "controlling", "administration", "fremd"])
def test_only_the_bca_speaks_for_herself(who, request, position, planung):
    fassung = begin_beteiligung(programm=position.programm, by=planung)
    with pytest.raises(PermissionDenied):
        write_stellungnahme(fassung=fassung, text="x", by=request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["planung", "bca", "geschaeftsstelle", "controlling", "administration", "fremd"])
def test_only_the_leitung_answers_her(who, request, position, hear_bca):
    fassung = hear_bca(position.programm, antwort="")
    with pytest.raises(PermissionDenied):
        answer_stellungnahme(stellungnahme=fassung.bca_stellungnahme, umgang=Umgang.NICHT, begruendung="x", by=request.getfixturevalue(who))


def test_others_write_on_while_the_bca_reads_what_was_frozen(position, planung, angaben):
    fassung = begin_beteiligung(programm=position.programm, by=planung)
    update_position(position=position, version=1, angaben=replace(angaben, titel="Später"), by=planung)
    fassung.refresh_from_db()
    assert "Später" not in fassung.inhalt
    assert status() == S.BETEILIGUNG


def test_an_empty_programme_is_not_shown_to_the_bca(programm, planung):
    with pytest.raises(TransitionError, match="noch keine Maßnahme"):
        begin_beteiligung(programm=programm, by=planung)


def test_she_speaks_once_to_what_was_frozen_for_her_and_is_answered_once(position, hear_bca, bca, leitung, submit, planung):
    fassung = hear_bca(position.programm)
    with pytest.raises(TransitionError, match="gibt es schon eine Stellungnahme"):
        write_stellungnahme(fassung=fassung, text="Noch etwas.", by=bca)
    with pytest.raises(TransitionError, match="schon jemand geantwortet"):
        answer_stellungnahme(stellungnahme=BcaStellungnahme.objects.get(), umgang=Umgang.NICHT, begruendung="Nein.", by=leitung)
    with pytest.raises(TransitionError, match="nicht für die BCA geschrieben"):
        write_stellungnahme(fassung=submit(position.programm), text="x", by=bca)
    assert BcaStellungnahme.objects.get().begruendung == "Das tun wir."


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_saying_nothing_is_no_stellungnahme(position, planung, bca, text):
    fassung = begin_beteiligung(programm=position.programm, by=planung)
    with pytest.raises(TransitionError, match="leer"):
        write_stellungnahme(fassung=fassung, text=text, by=bca)


def test_she_does_not_speak_after_the_submission(position, bca, planung, submit):
    fassung = begin_beteiligung(programm=position.programm, by=planung)
    submit(position.programm)
    with pytest.raises(TransitionError, match="neuere Fassung"):
        write_stellungnahme(fassung=fassung, text="Zu spät.", by=bca)


def test_what_she_said_and_the_answer_stay(position, hear_bca):
    hear_bca(position.programm)
    for sql in (
        "UPDATE massnahmen_bcastellungnahme SET text = 'anders'",
        "UPDATE massnahmen_bcastellungnahme SET begruendung = 'anders'",
        "DELETE FROM massnahmen_bcastellungnahme",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql)


def test_her_part_is_told_to_the_other_rooms(position, hear_bca):
    hear_bca(position.programm)
    names = set(Ereignis.objects.values_list("name", flat=True))
    assert {"massnahmen.bca_beteiligt", "massnahmen.bca_stellungnahme"} <= names


# --- bodies of the Landkreis ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["planung", "bca", "presse", "controlling", "administration", "fremd"])
def test_leitung_and_geschaeftsstelle_enter_decisions(who, request, fassung, advise, geschaeftsstelle, decide):
    advise(fassung)
    entry = {"gremium": "Kreistag", "am": clock.today(), "ergebnis": Gremienergebnis.BESCHLOSSEN, "nummer": "1"}
    with pytest.raises(PermissionDenied):
        record_gremienbeschluss(fassung=fassung, **entry, by=request.getfixturevalue(who))
    beschluss = record_gremienbeschluss(fassung=fassung, **entry, by=geschaeftsstelle)
    with pytest.raises(PermissionDenied):
        withdraw_gremienbeschluss(beschluss=beschluss, grund="x", by=request.getfixturevalue(who))


def test_the_committee_does_not_decide_the_kreistag_does(fassung, advise, decide, leitung):
    beratung = advise(fassung)
    decide(fassung, gremium="Ausschuss für Arbeit und Soziales")
    assert status() == S.BERATEN
    with pytest.raises(TransitionError, match="Kreistag hat noch nicht"):
        publish_programm(beratung=beratung, by=leitung)
    decide(fassung)
    assert status() == S.BESCHLOSSEN
    assert publish_programm(beratung=beratung, by=leitung).beratung == beratung


@pytest.mark.parametrize("ergebnis", [Gremienergebnis.ABGELEHNT, Gremienergebnis.VERTAGT, Gremienergebnis.KENNTNIS])
def test_only_beschlossen_opens_the_way(fassung, advise, decide, ergebnis):
    advise(fassung)
    assert decide(fassung, ergebnis).entscheidend
    assert status() == S.BERATEN


def test_where_no_body_is_named_the_advice_is_enough(fassung, advise, leitung, settings):
    settings.INSTANZ = replace(settings.INSTANZ, programm=replace(settings.INSTANZ.programm, gremien=()))
    publish_programm(beratung=advise(fassung), by=leitung)
    assert status() == S.VEROEFFENTLICHT


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"gremium": "Gemeinderat"}, "entscheidet hier nicht"),
        ({"am": date(2020, 1, 1)}, "zwischen der Beratung"),
        ({"am": clock.today() + timedelta(days=1)}, "zwischen der Beratung"),
        ({"stimmen": (5, 5, 0)}, "mehr Ja- als Nein-Stimmen"),
    ],
)
def test_what_cannot_be_is_refused(fassung, advise, decide, fields, sentence):
    advise(fassung)
    with pytest.raises(TransitionError, match=sentence):
        decide(fassung, **fields)
    assert not Gremienbeschluss.objects.exists()


def test_one_entry_for_each_session(fassung, advise, decide):
    advise(fassung)
    decide(fassung, Gremienergebnis.VERTAGT)
    with pytest.raises(TransitionError, match="schon ein Ergebnis eingetragen"):
        decide(fassung)


def test_before_the_advice_nothing_is_decided(fassung, decide):
    with pytest.raises(TransitionError, match="hinter die Beratung"):
        decide(fassung)


def test_a_wrong_entry_is_taken_back_with_its_reason_and_stays(fassung, advise, decide, leitung):
    advise(fassung)
    beschluss = decide(fassung)
    with pytest.raises(TransitionError, match="Der Grund fehlt"):
        withdraw_gremienbeschluss(beschluss=beschluss, grund=" ", by=leitung)
    withdraw_gremienbeschluss(beschluss=beschluss, grund="Das war die andere Vorlage.", by=leitung)
    assert status() == S.BERATEN
    assert Gremienbeschluss.objects.get().rueckgrund == "Das war die andere Vorlage."
    with pytest.raises(TransitionError, match="schon zurückgenommen"):
        withdraw_gremienbeschluss(beschluss=beschluss, grund="Noch einmal.", by=leitung)
    again = decide(fassung, nummer="KT 13/2026")  # the same day is free again
    assert status() == S.BESCHLOSSEN
    assert list_fassungen(fassung.programm)[0].entscheidung == again


def test_an_older_fassungs_decision_is_no_longer_taken_back(fassung, advise, decide, submit, leitung, planung):
    """It would take the programme's state along, although the newest Fassung is decided."""
    advise(fassung)
    old = decide(fassung)
    programm = reopen_programm(programm=fassung.programm, grund="Neues Geld", by=leitung)
    kapitel = programm.kapitel.first()
    write_kapitel(kapitel=kapitel, version=kapitel.version, text="<p>Neu</p>", by=planung)
    newest = submit(programm)
    advise(newest)
    decide(newest)
    with pytest.raises(TransitionError, match="neuere Fassung"):
        withdraw_gremienbeschluss(beschluss=old, grund="Irrtum", by=leitung)
    assert status() == S.BESCHLOSSEN


def test_a_withdrawn_decision_does_not_come_back(fassung, advise, decide, leitung):
    advise(fassung)
    withdraw_gremienbeschluss(beschluss=decide(fassung), grund="Irrtum", by=leitung)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE massnahmen_gremienbeschluss SET zurueckgenommen_am = NULL, rueckgrund = NULL")


def test_the_committees_result_may_come_after_the_kreistags(fassung, advise, decide):
    advise(fassung)
    decide(fassung)
    assert decide(fassung, gremium="Ausschuss für Arbeit und Soziales").entscheidend is False
    assert status() == S.BESCHLOSSEN


def test_what_is_public_keeps_its_decision(veroeffentlichung, leitung):
    beschluss = Gremienbeschluss.objects.get()
    with pytest.raises(TransitionError, match="bleibt, wie er ist"):
        withdraw_gremienbeschluss(beschluss=beschluss, grund="Zu spät.", by=leitung)
    for sql in ("UPDATE massnahmen_gremienbeschluss SET nummer = 'x'", "DELETE FROM massnahmen_gremienbeschluss"):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql)


def test_the_database_wants_all_votes_or_none(fassung, leitung):
    with pytest.raises(IntegrityError, match="stimmen_ganz"), transaction.atomic():
        Gremienbeschluss.objects.create(
            fassung=fassung, gremium="Kreistag", am=clock.today(), ergebnis="vertagt", nummer="1", ja=3, eingetragen_von=leitung
        )


# --- afterwards -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grund", ["", " ", "\u200b"])
def test_reopening_and_continuing_take_a_reason(fassung, leitung, grund):
    with pytest.raises(TransitionError, match="Der Grund fehlt"):
        reopen_programm(programm=fassung.programm, grund=grund, by=leitung)
    assert status() == S.BEIM_BEIRAT


def test_a_fortschreibung_goes_the_whole_way_again_while_the_old_fassung_stays_public(
    veroeffentlichung, leitung, planung, position, angaben, submit, advise, decide
):
    with pytest.raises(TransitionError, match="Der Grund fehlt"):
        begin_fortschreibung(programm=position.programm, grund="", by=leitung)
    programm = begin_fortschreibung(programm=position.programm, grund="Das Budget wurde gekürzt.", by=leitung)
    assert (programm.status, programm.ist_entwurf) == (S.FORTSCHREIBUNG, True)
    position.refresh_from_db()
    update_position(position=position, version=position.massnahme.version, angaben=replace(angaben, plaetze=8), by=planung)
    second = submit(programm)
    assert [f.nummer for f in Fassung.objects.veroeffentlicht()] == [1]
    taken_back = reopen_programm(programm=programm, grund="Noch ein Fehler.", by=leitung)
    assert taken_back.status == S.FORTSCHREIBUNG  # not a draft: something is public
    third = submit(taken_back)
    beratung = advise(third)
    decide(third)
    publish_programm(beratung=beratung, by=leitung)
    assert status() == S.VEROEFFENTLICHT
    assert [(s.fassung.nummer, s.wort) for s in list_fassungen(programm)] == [
        (3, "veröffentlicht"),
        (2, "vorgelegt"),
        (1, "fortgeschrieben"),
    ]
    assert second.nummer == 2


def test_what_is_not_public_is_not_continued(fassung, leitung):
    with pytest.raises(TransitionError, match="nur, was veröffentlicht ist"):
        begin_fortschreibung(programm=fassung.programm, grund="x", by=leitung)


@pytest.mark.parametrize("who", ["planung", "bca", "geschaeftsstelle", "presse", "controlling", "administration", "fremd"])
def test_only_the_leitung_continues_and_closes(who, request, veroeffentlichung):
    programm, by = veroeffentlichung.fassung.programm, request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        begin_fortschreibung(programm=programm, grund="x", by=by)
    with pytest.raises(PermissionDenied):
        close_programm(programm=programm, by=by)


def test_it_is_closed_when_its_year_is_over_and_then_for_good(veroeffentlichung, leitung, at):
    programm = veroeffentlichung.fassung.programm
    at(datetime.fromisoformat("2027-12-31T23:59"))
    with pytest.raises(TransitionError, match="Das Jahr 2027 ist noch nicht zu Ende"):
        close_programm(programm=programm, by=leitung)
    at(datetime.fromisoformat("2028-01-01T00:00"))
    closed = close_programm(programm=programm, grund=" Auswertung im Kapitel 2 von 2028. ", by=leitung)
    assert closed.status == S.ABGESCHLOSSEN
    assert closed.schritte.last().grund == "Auswertung im Kapitel 2 von 2028."
    for again in (close_programm, begin_fortschreibung, reopen_programm):
        with pytest.raises(TransitionError):
            again(programm=programm, grund="Doch noch.", by=leitung)


def test_every_step_is_kept_with_who_why_and_fingerprint(veroeffentlichung, leitung, planung):
    schritte = list(Programmschritt.objects.order_by("pk"))
    assert [s.nach for s in schritte] == [
        S.ENTWURF,
        S.BEIM_BEIRAT,
        S.ABSTIMMUNG,
        S.BERATEN,
        S.BESCHLOSSEN,
        S.VEROEFFENTLICHT,
    ]
    assert {s.pruefsumme for s in schritte[1:]} == {veroeffentlichung.fassung.pruefsumme}
    assert (schritte[0].durch, schritte[1].durch, schritte[1].grund) == (planung, leitung, "Die Stelle der BCA ist nicht besetzt.")
    for sql in ("UPDATE massnahmen_programmschritt SET grund = 'anders'", "DELETE FROM massnahmen_programmschritt"):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql)


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_once_make_one_fassung(position, planung, leitung):
    fill_texts(position.programm, planung)
    pruefsumme, start = current_fingerprint(position.programm), Barrier(2)

    def send(_: int) -> str:
        try:
            start.wait(10)
            return str(submit_programm(programm=position.programm, pruefsumme=pruefsumme, grund="Eilt.", by=leitung).nummer)
        except TransitionError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(send, range(2)))
    assert answers[0] == "1"
    assert "beim Beirat" in answers[1]
    assert Fassung.objects.count() == 1


# --- beginning --------------------------------------------------------------------------------------------------------


def test_last_years_programme_is_the_beginning_of_the_next(position, planung):
    fill_texts(position.programm, planung)
    new = copy_programm(vorlage=position.programm, jahr=2028, by=planung)
    [planned] = new.positionen.all()
    assert planned.eingliederung_prozent == 50
    assert (planned.massnahme, planned.plaetze, planned.kosten_cent, planned.uebernommen) == (position.massnahme, 12, 52_000_050, True)
    assert {k.stand for k in new.kapitel.all()} == {Kapitelstand.IN_ARBEIT}
    assert new.zusammenfassung == ""
    assert "Die Zahlen sind vom Vorjahr übernommen und noch nicht geprüft." in [b.satz for b in check_programm(new)]


def test_only_an_earlier_year_is_copied_and_no_year_twice(programm, planung, leitung):
    with pytest.raises(TransitionError, match="nur Vorlage für ein späteres Jahr"):
        copy_programm(vorlage=programm, jahr=2027, by=planung)
    copy_programm(vorlage=programm, jahr=2028, by=planung)
    with pytest.raises(TransitionError, match="gibt es schon"):
        copy_programm(vorlage=programm, jahr=2028, by=planung)
    with pytest.raises(PermissionDenied):
        copy_programm(vorlage=programm, jahr=2029, by=leitung)
