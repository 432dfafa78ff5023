import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from jobcenter.common.transitions import TransitionError
from massnahmen.actions import remove_position, submit_programm
from massnahmen.models import Finanzierung, Massnahme, Programmposition
from tests.conftest import current_fingerprint


@pytest.mark.django_db
def test_a_measure_leaves_the_draft_with_its_money_and_stays_itself(position, planung):
    massnahme = position.massnahme
    remove_position(position=position, by=planung)
    assert not Programmposition.objects.exists()
    assert not Finanzierung.objects.exists()
    assert list(Massnahme.objects.all()) == [massnahme]


@pytest.mark.django_db
def test_the_history_keeps_who_took_what_away(position, planung):
    pk = position.pk
    remove_position(position=position, by=planung)
    gone = Programmposition.pgh_event_model.objects.filter(pgh_obj_id=pk, pgh_label="delete").get()
    assert (gone.plaetze, gone.geplante_eintritte) == (12, 20)
    assert gone.pgh_context.metadata["user"] == planung.pk
    assert gone.pgh_context.metadata["aktion"] == "massnahmen.remove_position"
    assert {e.betrag_cent for e in Finanzierung.pgh_event_model.objects.filter(pgh_label="delete")} == {42_000_000, 10_000_050}


@pytest.mark.django_db
def test_only_planung_only_drafts_only_once(position, fassung, planung, leitung):
    with pytest.raises(PermissionDenied):
        remove_position(position=position, by=leitung)
    with pytest.raises(TransitionError, match="beim Beirat"):
        remove_position(position=position, by=planung)


@pytest.mark.django_db
def test_what_is_gone_cannot_go_again(position, planung):
    again = Programmposition.objects.get(pk=position.pk)
    remove_position(position=position, by=planung)
    with pytest.raises(TransitionError, match="steht nicht mehr im Arbeitsmarktprogramm 2027"):
        remove_position(position=again, by=planung)


@pytest.mark.django_db(transaction=True)
def test_a_measure_does_not_leave_while_the_programme_is_submitted(position, planung, leitung):
    """Either it is in the Fassung and stays, or it is gone and the fingerprint no longer fits; never half of both."""
    pruefsumme = current_fingerprint(position.programm)
    outcome: dict[str, object] = {}
    barrier = threading.Barrier(2)

    def run(name, work):
        try:
            barrier.wait(10)
            work()
            outcome[name] = "done"
        except TransitionError as error:
            outcome[name] = str(error)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=("remove", lambda: remove_position(position=position, by=planung))),
        threading.Thread(
            target=run, args=("submit", lambda: submit_programm(programm=position.programm, pruefsumme=pruefsumme, by=leitung))
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(value == "done" for value in outcome.values()) == [False, True], outcome
    assert Programmposition.objects.exists() == (outcome["submit"] == "done")
    connection.close()
