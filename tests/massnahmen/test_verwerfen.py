"""A programme that was begun by mistake goes; one that anybody was shown stays."""

import threading
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from jobcenter.common.kommentare import add_kommentar
from jobcenter.common.models import Kommentar
from jobcenter.common.transitions import TransitionError
from jobcenter.post.models import Versand
from jobcenter.presse.tasks import tell_of_kommentar as tell_press_of_kommentar
from massnahmen.actions import add_position, begin_beteiligung, copy_programm, discard_programm, open_programm
from massnahmen.models import Arbeitsmarktprogramm, Kapitel, Massnahme, Programmposition, Programmschritt
from massnahmen.queries import mark_draft
from massnahmen.tasks import tell_of_kommentar
from tests.conftest import write_kapitel

pytestmark = pytest.mark.django_db


def test_a_draft_goes_with_all_that_was_written_and_leaves_its_measures(position, planung):
    programm, massnahme = position.programm, position.massnahme
    add_kommentar(objekt=programm.kapitel.first(), text="Fehlt noch.", by=planung)
    on_measure = add_kommentar(objekt=massnahme, text="Bleibt.", by=planung)
    discard_programm(programm=programm, marke=mark_draft(programm), by=planung)
    assert not any(model.objects.exists() for model in (Arbeitsmarktprogramm, Kapitel, Programmposition, Programmschritt))
    assert list(Massnahme.objects.all()) == [massnahme]
    assert list(Kommentar.objects.all()) == [on_measure]
    gone = Arbeitsmarktprogramm.pgh_event_model.objects.get(pgh_label="delete")
    assert (gone.jahr, gone.pgh_context.metadata["user"]) == (2027, planung.pk)


def test_the_year_can_be_begun_again_differently(veroeffentlichung, planung):
    wrong = open_programm(jahr=2028, by=planung)
    discard_programm(programm=wrong, marke=mark_draft(wrong), by=planung)
    again = copy_programm(vorlage=veroeffentlichung.fassung.programm, jahr=2028, by=planung)
    assert again.positionen.count() == 1


def test_what_the_bca_or_the_beirat_has_got_stays(programm, position, fassung, planung):
    with pytest.raises(TransitionError, match="kann jetzt nicht geändert werden"):
        discard_programm(programm=fassung.programm, marke=mark_draft(fassung.programm), by=planung)


def test_what_the_bca_has_got_stays_although_it_is_written_on(position, planung):
    programm = position.programm
    begin_beteiligung(programm=programm, by=planung)
    with pytest.raises(TransitionError, match="schon eine Fassung"):
        discard_programm(programm=programm, marke=mark_draft(programm), by=planung)
    assert Programmposition.objects.filter(programm=programm).exists()


def test_only_planung(programm, leitung, controlling):
    for by in (leitung, controlling):
        with pytest.raises(PermissionDenied):
            discard_programm(programm=programm, marke=mark_draft(programm), by=by)


def test_the_database_keeps_the_way_of_what_others_have_read(fassung):
    """Neither its beginning nor any later step can be deleted, past every action."""
    for condition in ("von = ''", "von <> ''"):
        with pytest.raises(DatabaseError, match="only the beginning"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM massnahmen_programmschritt WHERE {condition}")
    assert Programmschritt.objects.count() == 2


def test_what_somebody_wrote_meanwhile_does_not_go_unseen(position, angaben, planung):
    seen = mark_draft(position.programm)
    add_position(programm=position.programm, angaben=replace(angaben, titel="Neu"), by=planung)
    with pytest.raises(TransitionError, match="Inzwischen hat jemand"):
        discard_programm(programm=position.programm, marke=seen, by=planung)
    assert Programmposition.objects.count() == 2


@pytest.mark.parametrize("what", ["remark", "state"])
def test_nor_does_a_remark_or_a_chapter_that_is_further(position, planung, what):
    programm = position.programm
    seen, kapitel = mark_draft(programm), programm.kapitel.first()
    if what == "remark":
        add_kommentar(objekt=kapitel, text="Wartet noch!", by=planung)
    else:
        write_kapitel(kapitel=kapitel, version=kapitel.version, text="<p>x</p>", by=planung)
    with pytest.raises(TransitionError, match="Inzwischen hat jemand"):
        discard_programm(programm=programm, marke=seen, by=planung)


def test_a_mail_about_a_remark_that_went_along_is_not_written(position, planung):
    kommentar = add_kommentar(objekt=position.programm.kapitel.first(), text="Fehlt noch.", by=planung)
    discard_programm(programm=position.programm, marke=mark_draft(position.programm), by=planung)
    tell_of_kommentar(kommentar.pk)
    tell_press_of_kommentar(kommentar.pk)
    assert not Versand.objects.filter(anlass__startswith="kommentar").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_throw_it_away_at_once_one_gets_a_sentence(position, planung, signed_in):
    """Neither meets an error page, and nothing is half gone."""
    page = reverse("massnahmen:programm-verwerfen", args=[2027])
    marke, browsers = mark_draft(position.programm), [signed_in(planung), signed_in(planung)]
    barrier, answers = threading.Barrier(2), []

    def run(browser):
        barrier.wait(10)
        answers.append(browser.post(page, {"pruefsumme": marke}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=run, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) in ([302, 404], [302, 409])
    assert not Arbeitsmarktprogramm.objects.exists()
