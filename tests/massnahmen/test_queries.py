from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.common.verlauf import last_aenderung
from massnahmen.actions import begin_fortschreibung, publish_programm, update_position
from massnahmen.enums import Finanzquelle
from massnahmen.models import Massnahme, Programmposition
from massnahmen.queries import (
    current_veroeffentlichung,
    last_aenderungen,
    list_fassungen,
    published_massnahmen,
    published_veroeffentlichung,
    published_veroeffentlichungen,
    read_draft,
    read_fassung,
    sum_up,
)
from tests.conftest import write_kapitel


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 10**12)), max_size=30))
def test_sums_lose_no_cent_and_come_largest_first(lines):
    sums = sum_up((key, key.lower(), cent) for key, cent in lines)
    assert sum(s.cent for s in sums) == sum(cent for _, cent in lines)
    assert [s.cent for s in sums] == sorted((s.cent for s in sums), reverse=True)
    assert sum(s.promille for s in sums) <= 1000


def test_draft_and_fassung_are_read_the_same(position, fassung):
    assert read_draft(position.programm) == read_fassung(fassung)


def test_reading_a_draft_takes_seven_queries_whatever_its_size(programm, plan, django_assert_num_queries):
    for more in (1, 2, 27):
        plan(programm, more)
        with django_assert_num_queries(7):
            read_draft(programm)


def test_groups_keep_every_measure_and_their_sums(programm, plan):
    plan(programm, 3)
    inhalt = read_draft(programm)
    (gruppe,) = inhalt.gruppen
    assert (gruppe.gruppe, len(gruppe.massnahmen), gruppe.plaetze, gruppe.geplante_eintritte) == ("F", 3, 36, 60)
    assert gruppe.kosten_cent == inhalt.kosten_cent == 3 * 52_000_050
    assert [(b.schluessel, b.cent) for b in inhalt.nach_quelle] == [("egt", 126_000_000), ("pat", 30_000_150)]


def test_cost_per_place_is_rounded_half_up(position):
    position = Programmposition.objects.with_details().get()
    assert position.kosten_je_platz_cent == 4_333_338  # 52.000.050 / 12 = 4.333.337,5
    position.plaetze = 0
    assert position.kosten_je_platz_cent is None


def test_public_is_what_was_published_and_nothing_later(veroeffentlichung, submit, planung, leitung, angaben):
    programm = veroeffentlichung.fassung.programm
    begin_fortschreibung(programm=programm, grund="Neues Geld", by=leitung)
    position = programm.positionen.get()
    update_position(position=position, version=1, angaben=replace(angaben, titel="Geheim", kosten_cent={Finanzquelle.ESF: 1}), by=planung)
    submit(programm)
    (row,) = published_massnahmen()
    assert (row["massnahme"]["titel"], row["nummer"]) == ("Neuer Start im Betrieb", 1)
    assert published_veroeffentlichung(2027) == current_veroeffentlichung() == veroeffentlichung
    assert read_fassung(published_veroeffentlichung(2027).fassung).massnahmen[0].titel == "Neuer Start im Betrieb"


def test_a_second_publication_takes_the_place_of_the_first(make_public, advise, submit, decide, planung, leitung, angaben):
    first = make_public(2027, anzahl=2)
    programm = first.fassung.programm
    begin_fortschreibung(programm=programm, grund="Neues Geld", by=leitung)
    erstes = programm.kapitel.first()
    write_kapitel(kapitel=erstes, version=erstes.version, text="<p>Neu</p>", by=planung)
    second_fassung = submit(programm)
    beratung = advise(second_fassung)
    decide(second_fassung)
    second = publish_programm(beratung=beratung, by=leitung)
    assert published_veroeffentlichungen() == [second]
    assert [row["nummer"] for row in published_massnahmen()] == [2, 2]
    assert [stand.veroeffentlichung for stand in list_fassungen(programm)] == [second, first]


def test_nothing_is_public_before_its_moment(make_public, at):
    at(datetime.fromisoformat("2026-11-20T09:00"))
    make_public(2027)
    assert len(published_veroeffentlichungen()) == 1
    at(datetime.fromisoformat("2026-11-20T08:59:59"))
    assert (published_veroeffentlichungen(), list(published_massnahmen())) == ([], [])
    assert published_veroeffentlichung(2027) is None
    assert current_veroeffentlichung() is None


def test_years_come_newest_first_and_in_one_query(make_public, django_assert_num_queries):
    for jahr in (2026, 2028, 2027):
        make_public(jahr, anzahl=2)
    with django_assert_num_queries(1):
        assert [v.fassung.programm.jahr for v in published_veroeffentlichungen()] == [2028, 2027, 2026]
    rows = [(row["programm__jahr"], row["massnahme"]["titel"]) for row in published_massnahmen()]
    assert rows == [(jahr, f"Maßnahme {n}") for jahr in (2028, 2027, 2026) for n in (1, 2)]
    assert list(published_massnahmen()[3:5]) == list(published_massnahmen())[3:5]


def test_conditions_meet_the_frozen_text_and_nobody_writes_sql_through_them(make_public):
    make_public(2027, anzahl=2)
    assert published_massnahmen(jahr=2027, gruppe="F", zielgruppe="Menschen unter 25 Jahren", instrument="16i").count() == 2
    for wrong in ({"gruppe": "A"}, {"zielgruppe": "Menschen"}, {"instrument": "16I"}, {"jahr": 2026}):
        assert published_massnahmen(**wrong).count() == 0
    for evil in ('" || 1 == 1', "') OR 1=1 --", "$instrument", '"', "\\"):
        assert published_massnahmen(instrument=evil).count() == 0


@pytest.mark.django_db(transaction=True)  # the context of an action ends with its transaction
def test_history_names_author_and_deed(position, angaben, planung, person):
    zweite = person("Zoe Zweit", "planung")
    update_position(position=position, version=1, angaben=replace(angaben, plaetze=1), by=zweite)
    aenderung = last_aenderung(position.massnahme)
    assert (aenderung.wer, aenderung.was) == ("Zoe Zweit", "Maßnahme geändert")
    Massnahme.objects.update(titel="An allem vorbei")
    assert (last_aenderung(position.massnahme).wer, last_aenderung(position.massnahme).was) == ("Unbekannt", "geändert")


@pytest.mark.django_db(transaction=True)  # the history's clock stands still inside a transaction
def test_the_newest_change_of_a_programme_is_found_in_all_its_parts(programm, plan, submit, planung):
    def newest() -> tuple[str, str]:
        aenderung = last_aenderungen([programm])[programm.pk]
        return aenderung.wer, aenderung.was

    assert newest() == ("Petra Plan", "Programm angelegt")
    plan(programm, 1)
    assert newest() == ("Petra Plan", "Maßnahme geplant")
    write_kapitel(kapitel=programm.kapitel.first(), version=1, text="<p>x</p>", by=planung)
    assert newest() == ("Petra Plan", "Kapitel geändert")
    submit(programm)
    assert newest() == ("Hanna Reuter", "dem Beirat vorgelegt")


def test_no_programme_no_change(db):
    assert last_aenderungen([]) == {}
