"""What the database refuses, whoever asks it."""

import pytest
from django.db import DatabaseError, connection, transaction

from beirat.actions import cancel_abstimmung, close_abstimmung, close_sitzung
from beirat.models import Stimme

pytestmark = pytest.mark.django_db


def refused(sql: str, *params: object) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(error.value)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE beirat_stimme SET wahl = 'nein'",
        "DELETE FROM beirat_stimme",
        "UPDATE beirat_beschluss SET ergebnis = 'abgelehnt'",
        "DELETE FROM beirat_beschluss",
        "UPDATE beirat_abstimmung SET ja = 0, nein = 3",
        "UPDATE beirat_abstimmung SET status = 'offen'",
        "DELETE FROM beirat_abstimmung",
        "UPDATE beirat_vorlage SET fassung_id = NULL",
        "UPDATE massnahmen_fassung SET nummer = 9",
        "UPDATE massnahmen_beratung SET ergebnis = 'abgelehnt'",
    ],
)
def test_what_was_resolved_never_changes(beschluss, sql):
    assert "Cannot" in refused(sql)
    assert Stimme.objects.filter(wahl="ja").count() == 3


@pytest.mark.parametrize("end", [close_abstimmung, cancel_abstimmung])
def test_no_vote_enters_a_ballot_that_is_over(ballot, vorsitz, mitglied, end):
    end(abstimmung=ballot, by=vorsitz.konto)
    insert = "INSERT INTO beirat_stimme (abstimmung_id, mitglied_id, wahl, am) VALUES (%s, %s, 'ja', now())"
    assert "Die Abstimmung ist nicht offen" in refused(insert, ballot.pk, mitglied.pk)


def test_no_second_vote_enters_an_open_ballot(ballot, mitglied):
    insert = "INSERT INTO beirat_stimme (abstimmung_id, mitglied_id, wahl, am) VALUES (%s, %s, 'ja', now())"
    with connection.cursor() as cursor:
        cursor.execute(insert, [ballot.pk, mitglied.pk])
    assert "stimme_einmal_je_mitglied" in refused(insert, ballot.pk, mitglied.pk)


def test_votes_that_do_not_add_up_are_no_result(ballot, vorsitz):
    message = refused(
        "UPDATE beirat_abstimmung SET status = 'geschlossen', geschlossen_am = now(), geschlossen_von_id = %s, "
        "anwesende = 3, ja = 3, nein = 1, enthaltung = 0, nicht_abgegeben = 0, ergebnis = 'angenommen' WHERE id = %s",
        vorsitz.pk,
        ballot.pk,
    )
    assert "abstimmung_summe_stimmt" in message


def test_a_result_follows_from_its_votes(ballot):
    sql = """
        UPDATE beirat_abstimmung SET status = 'geschlossen', geschlossen_am = now(), geschlossen_von_id = eroeffnet_von_id,
            anwesende = 9, ja = 0, nein = 9, enthaltung = 0, nicht_abgegeben = 0, ergebnis = 'angenommen'
    """
    assert "abstimmung_ergebnis_folgt" in refused(sql)


def test_after_the_session_nobody_changes_who_was_there(beschluss, vorsitz):
    sitzung = beschluss.abstimmung.top.sitzung
    close_sitzung(sitzung=sitzung, by=vorsitz.konto)
    for sql in ("DELETE FROM beirat_anwesenheit", "UPDATE beirat_anwesenheit SET seit = now()"):
        assert "Die Sitzung ist geschlossen" in refused(sql)
    assert sitzung.anwesenheiten.count() == 3
