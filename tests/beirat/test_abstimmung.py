"""The named vote: who votes, once, and what follows from the votes."""

from itertools import chain, repeat

import pytest
from django.core.exceptions import PermissionDenied

from beirat.actions import (
    cancel_abstimmung,
    cast_stimme,
    close_abstimmung,
    open_abstimmung,
    open_sitzung,
    record_anwesenheit,
)
from beirat.enums import Abstimmungsstatus, Ergebnis, Topart, Wahl
from beirat.models import Beschluss
from beirat.queries import Auszaehlung
from jobcenter.common.models import Ereignis
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import reopen_programm
from massnahmen.enums import Programmstatus
from massnahmen.models import Beratung

pytestmark = pytest.mark.django_db


# --- opening
def test_no_ballot_before_the_session_opens(punkt, sitzung, vorsitz, geschaeftsstelle):
    top = punkt()
    record_anwesenheit(sitzung=sitzung, mitglieder=[vorsitz], by=geschaeftsstelle)
    with pytest.raises(TransitionError, match="nicht eröffnet"):
        open_abstimmung(top=top, by=vorsitz.konto)


def test_no_ballot_without_quorum(punkt, sitzung, vorsitz, mitglied, mitglied2, beratend, geschaeftsstelle):
    top = punkt()
    record_anwesenheit(sitzung=sitzung, mitglieder=[vorsitz, beratend], by=geschaeftsstelle)
    open_sitzung(sitzung=sitzung, by=vorsitz.konto)
    with pytest.raises(TransitionError, match="nicht beschlussfähig: 1 von 3 Stimmberechtigten sind anwesend, nötig sind 2"):
        open_abstimmung(top=top, by=vorsitz.konto)
    record_anwesenheit(sitzung=sitzung, mitglieder=[vorsitz, mitglied], by=geschaeftsstelle)
    assert open_abstimmung(top=top, by=vorsitz.konto).stimmberechtigte == 3


def test_only_an_item_for_a_beschluss_is_voted_on(punkt, eroeffnet, vorsitz):
    top = punkt(art=Topart.BERATUNG)
    eroeffnet()
    with pytest.raises(TransitionError, match="kein Beschlusspunkt"):
        open_abstimmung(top=top, by=vorsitz.konto)


def test_one_ballot_at_a_time(punkt, eroeffnet, vorsitz):
    first, second = punkt("Eins"), punkt("Zwei")
    eroeffnet()
    running = open_abstimmung(top=first, by=vorsitz.konto)
    with pytest.raises(TransitionError, match="wird oder wurde schon abgestimmt"):
        open_abstimmung(top=first, by=vorsitz.konto)
    with pytest.raises(TransitionError, match="andere Abstimmung läuft noch"):
        open_abstimmung(top=second, by=vorsitz.konto)
    close_abstimmung(abstimmung=running, by=vorsitz.konto)
    assert open_abstimmung(top=second, by=vorsitz.konto).status == Abstimmungsstatus.OFFEN


def test_the_chair_leads_and_nobody_else(ballot, punkt, mitglied, geschaeftsstelle, leitung, stellvertretung):
    for who in (mitglied.konto, geschaeftsstelle, leitung):
        with pytest.raises(PermissionDenied):
            close_abstimmung(abstimmung=ballot, by=who)
        with pytest.raises(PermissionDenied):
            cancel_abstimmung(abstimmung=ballot, by=who)
    assert close_abstimmung(abstimmung=ballot, by=stellvertretung.konto).abstimmung.geschlossen_von == stellvertretung


# --- voting
def test_a_member_votes_once(ballot, mitglied):
    cast_stimme(abstimmung=ballot, wahl=Wahl.NEIN, by=mitglied.konto)
    with pytest.raises(TransitionError, match="schon abgestimmt. Ihre erste Stimme zählt"):
        cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=mitglied.konto)
    assert [stimme.wahl for stimme in ballot.stimmen.all()] == [Wahl.NEIN]


def test_who_is_not_in_the_room_does_not_vote(ballot, stellvertretung):
    with pytest.raises(TransitionError, match="nicht als anwesend eingetragen"):
        cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=stellvertretung.konto)


@pytest.mark.parametrize("wer", ["leitung", "geschaeftsstelle", "administration", "fremd", "beratend", "ehemalig"])
def test_who_has_no_vote_does_not_vote(ballot, request, wer):
    who = request.getfixturevalue(wer)
    with pytest.raises(PermissionDenied):
        cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=getattr(who, "konto", who))
    assert not ballot.stimmen.exists()


def test_a_late_vote_is_refused_and_an_early_one_keeps_its_word(ballot, vorsitz, mitglied, mitglied2):
    cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=mitglied.konto)
    close_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    with pytest.raises(TransitionError, match="schon geschlossen. Ihre Stimme wurde nicht gezählt"):
        cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=mitglied2.konto)
    with pytest.raises(TransitionError, match="Ihre erste Stimme zählt"):  # sent twice, the second came late
        cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=mitglied.konto)


# --- counting
@pytest.mark.parametrize(
    ("ja", "nein", "enthaltung", "ergebnis"),
    [
        (3, 0, 0, Ergebnis.ANGENOMMEN),
        (2, 1, 0, Ergebnis.ANGENOMMEN),
        (1, 0, 2, Ergebnis.ANGENOMMEN),  # abstentions do not count
        (1, 1, 1, Ergebnis.ABGELEHNT),  # a tie is a No
        (0, 1, 2, Ergebnis.ABGELEHNT),
        (0, 0, 3, Ergebnis.ABGELEHNT),
        (0, 0, 0, Ergebnis.ABGELEHNT),  # nobody votes
    ],
)
def test_simple_majority_of_yes_and_no(ballot, vorsitz, mitglied, mitglied2, ja, nein, enthaltung, ergebnis):
    wahlen = chain(repeat(Wahl.JA, ja), repeat(Wahl.NEIN, nein), repeat(Wahl.ENTHALTUNG, enthaltung))
    for who, wahl in zip((vorsitz, mitglied, mitglied2), wahlen, strict=False):
        cast_stimme(abstimmung=ballot, wahl=wahl, by=who.konto)
    beschluss = close_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    ballot.refresh_from_db()
    assert (ballot.ja, ballot.nein, ballot.enthaltung) == (ja, nein, enthaltung)
    assert (ballot.anwesende, ballot.nicht_abgegeben) == (3, 3 - ja - nein - enthaltung)
    assert ballot.ergebnis == beschluss.ergebnis == ergebnis


def test_who_only_advises_is_not_in_the_base(ballot, sitzung, beratend, vorsitz, mitglied, geschaeftsstelle):
    cancel_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    record_anwesenheit(sitzung=sitzung, mitglieder=[vorsitz, mitglied, beratend], by=geschaeftsstelle)
    again = open_abstimmung(top=ballot.top, by=vorsitz.konto)
    cast_stimme(abstimmung=again, wahl=Wahl.JA, by=mitglied.konto)
    close_abstimmung(abstimmung=again, by=vorsitz.konto)
    again.refresh_from_db()
    assert (again.anwesende, again.ja, again.nicht_abgegeben) == (2, 1, 1)


def test_a_vote_stays_in_the_sum_when_its_seat_loses_the_right_to_vote(ballot, vorsitz, mitglied):
    cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=mitglied.konto)
    type(mitglied).objects.filter(pk=mitglied.pk).update(stimmberechtigt=False)
    close_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    ballot.refresh_from_db()
    assert (ballot.anwesende, ballot.ja, ballot.nicht_abgegeben) == (3, 1, 2)


SAETZE = [
    ((11, 9, 1, 1, 0, Ergebnis.ANGENOMMEN), "9 Ja, 1 Nein, 1 Enthaltung; Enthaltungen zählen nicht mit: angenommen."),
    ((11, 9, 2, 0, 0, Ergebnis.ANGENOMMEN), "9 Ja, 2 Nein, 0 Enthaltungen: angenommen."),
    ((11, 4, 5, 0, 2, Ergebnis.ABGELEHNT), "4 Ja, 5 Nein, 0 Enthaltungen, 2 nicht abgegeben: abgelehnt."),
    (
        (10, 5, 5, 0, 0, Ergebnis.ABGELEHNT),
        "5 Ja, 5 Nein, 0 Enthaltungen; bei gleich vielen Stimmen gilt der Antrag als abgelehnt: abgelehnt.",
    ),
    (
        (3, 0, 0, 3, 0, Ergebnis.ABGELEHNT),
        "0 Ja, 0 Nein, 3 Enthaltungen; ohne eine Ja- oder Nein-Stimme kommt kein Beschluss zustande: abgelehnt.",
    ),
]


@pytest.mark.parametrize(("zahlen", "satz"), SAETZE)
def test_the_majority_is_explained(zahlen, satz):
    assert Auszaehlung(*zahlen).satz.replace("\u00a0", " ") == satz


# --- what follows
def test_the_advice_reaches_the_programme_in_the_same_transaction(abstimmung, fassung, vorsitz, mitglied, mitglied2):
    for who, wahl in ((vorsitz, Wahl.JA), (mitglied, Wahl.JA), (mitglied2, Wahl.NEIN)):
        cast_stimme(abstimmung=abstimmung, wahl=wahl, by=who.konto)
    beschluss = close_abstimmung(abstimmung=abstimmung, by=vorsitz.konto)
    beratung = Beratung.objects.get(fassung=fassung)
    assert (beratung.ergebnis, beratung.ja, beratung.nein, beratung.enthaltung) == ("zugestimmt", 2, 1, 0)
    assert beratung.beschluss == f"{beschluss}, 22. Sitzung"
    fassung.programm.refresh_from_db()
    assert fassung.programm.status == Programmstatus.BERATEN
    assert beschluss.fassung == fassung
    assert beschluss.text == "Der Beirat stimmt dem Arbeitsmarktprogramm 2027 in der Fassung 1 zu."
    assert list(Ereignis.objects.filter(name="beirat.beschluss_gefasst").values_list("objekt_id", flat=True)) == [beschluss.pk]


def test_a_no_is_advice_as_well(abstimmung, fassung, vorsitz, mitglied):
    cast_stimme(abstimmung=abstimmung, wahl=Wahl.NEIN, by=mitglied.konto)
    assert close_abstimmung(abstimmung=abstimmung, by=vorsitz.konto).text.endswith("in der Fassung 1 nicht zu.")
    assert Beratung.objects.get(fassung=fassung).ergebnis == "abgelehnt"


def test_while_members_vote_nobody_takes_the_programme_away(abstimmung, fassung, leitung, vorsitz):
    with pytest.raises(TransitionError, match="in Abstimmung"):
        reopen_programm(programm=fassung.programm, grund="Noch eine Änderung", by=leitung)
    cancel_abstimmung(abstimmung=abstimmung, by=vorsitz.konto)
    assert reopen_programm(programm=fassung.programm, grund="Noch eine Änderung", by=leitung).ist_entwurf


def test_a_ballot_broken_off_can_be_opened_again(abstimmung, fassung, vorsitz):
    cancel_abstimmung(abstimmung=abstimmung, by=vorsitz.konto)
    fassung.programm.refresh_from_db()
    assert fassung.programm.status == "beim_beirat"
    close_abstimmung(abstimmung=open_abstimmung(top=abstimmung.top, by=vorsitz.konto), by=vorsitz.konto)
    assert fassung.beratung.ergebnis == "abgelehnt", "nobody voted"


def test_when_the_advice_cannot_be_written_nothing_of_the_closing_stays(abstimmung, fassung, vorsitz, mitglied):
    cast_stimme(abstimmung=abstimmung, wahl=Wahl.JA, by=mitglied.konto)
    type(fassung.programm).objects.filter(pk=fassung.programm.pk).update(status="entwurf")  # as a hand in the database would
    with pytest.raises(TransitionError):
        close_abstimmung(abstimmung=abstimmung, by=vorsitz.konto)
    abstimmung.refresh_from_db()
    assert abstimmung.status == Abstimmungsstatus.OFFEN
    assert not Beschluss.objects.exists()
    assert not Ereignis.objects.filter(name="beirat.beschluss_gefasst").exists()


def test_beschluesse_are_numbered_without_gap(gehaltene_sitzung):
    assert [str(gehaltene_sitzung(n))[:13] for n in (1, 2, 3)] == ["Beschluss 01/", "Beschluss 02/", "Beschluss 03/"]


def test_a_cancelled_ballot_has_no_result_and_can_be_repeated(ballot, vorsitz, mitglied):
    cast_stimme(abstimmung=ballot, wahl=Wahl.JA, by=mitglied.konto)
    cancel_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    assert not Beschluss.objects.exists()
    with pytest.raises(TransitionError, match="abgebrochen"):
        close_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    again = open_abstimmung(top=ballot.top, by=vorsitz.konto)
    assert cast_stimme(abstimmung=again, wahl=Wahl.NEIN, by=mitglied.konto).wahl == Wahl.NEIN


def test_a_ballot_closes_once(ballot, vorsitz):
    close_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    with pytest.raises(TransitionError, match="geschlossen"):
        close_abstimmung(abstimmung=ballot, by=vorsitz.konto)
    assert Beschluss.objects.count() == 1
