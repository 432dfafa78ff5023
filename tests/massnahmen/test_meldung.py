"""Monthly reports and the Verbleib: who may, what cannot be true, and that sums hold whoever writes at the same time."""

import threading
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections, transaction

from jobcenter.common.actions import VersionConflict
from jobcenter.common.transitions import TransitionError
from massnahmen.actions import (
    MeldungAbgelehnt,
    Meldungsangaben,
    check_meldung,
    record_meldung,
    record_verbleib,
    remove_meldung,
    remove_verbleib,
    update_meldung,
    update_verbleib,
)
from massnahmen.enums import Massnahmestand
from massnahmen.models import Massnahme, Monatsmeldung, Verbleib
from massnahmen.queries import read_meldungsstaende

MAERZ = Meldungsangaben(monat=date(2026, 3, 1), teilnahmetage=200, eintritte=5)


def problems(massnahme, angaben, *, neu=True) -> list[tuple[str, str]]:
    return check_meldung(read_meldungsstaende([massnahme.pk])[massnahme.pk], angaben, neu=neu)


@pytest.mark.django_db
@pytest.mark.usefixtures("november")
class TestWriting:
    def test_a_month_is_kept_with_its_platztage_and_who_reported_it(self, run, controlling):
        meldung = record_meldung(massnahme=run(), angaben=replace(MAERZ, kosten_cent=1_234_50), by=controlling)
        meldung.refresh_from_db()
        assert (meldung.platztage, meldung.teilnahmetage, meldung.eintritte, meldung.kosten_cent) == (310, 200, 5, 1_234_50)
        assert (meldung.gemeldet_von, meldung.version, meldung.monat) == (controlling, 1, date(2026, 3, 1))

    def test_a_month_is_reported_once(self, run, report):
        massnahme = run()
        report(massnahme, 2026, 3)
        with pytest.raises(MeldungAbgelehnt, match="März\xa02026 ist schon gemeldet"):
            report(massnahme, 2026, 3)
        with pytest.raises(IntegrityError, match="monatsmeldung_einmal_je_monat"), transaction.atomic():
            Monatsmeldung.objects.create(
                massnahme=massnahme, monat=date(2026, 3, 1), gemeldet_von_id=Monatsmeldung.objects.get().gemeldet_von_id
            )

    @pytest.mark.parametrize("who", ["planung", "leitung", "presse", "administration", "fremd"])
    def test_only_the_controlling_writes(self, request, run, report, who):
        user, massnahme = request.getfixturevalue(who), run()
        meldung = report(massnahme, 2026, 1, eintritte=3, austritte_arbeit=2)
        verbleib = Verbleib.objects.create(massnahme=massnahme, monat=date(2026, 1, 1), austritte=2, beschaeftigt=1, nicht_arbeitslos=1)
        counts = {"austritte": 2, "beschaeftigt": 1, "nicht_arbeitslos": 1}
        for work in (
            lambda: record_meldung(massnahme=massnahme, angaben=MAERZ, by=user),
            lambda: update_meldung(meldung=meldung, version=1, angaben=MAERZ, by=user),
            lambda: remove_meldung(meldung=meldung, by=user),
            lambda: record_verbleib(massnahme=massnahme, monat=date(2026, 1, 1), **counts, by=user),
            lambda: update_verbleib(verbleib=verbleib, version=1, **counts, by=user),
            lambda: remove_verbleib(verbleib=verbleib, by=user),
        ):
            with pytest.raises(PermissionDenied):
                work()

    def test_a_correction_builds_on_what_was_seen_and_history_keeps_both(self, run, report, controlling):
        meldung = report(run(), 2026, 3, eintritte=5)
        changed = update_meldung(meldung=meldung, version=1, angaben=replace(MAERZ, eintritte=6), by=controlling)
        assert (changed.eintritte, changed.version) == (6, 2)
        assert list(meldung.events.order_by("pgh_id").values_list("eintritte", flat=True)) == [5, 6]
        assert meldung.events.last().pgh_context.metadata["aktion"] == "massnahmen.update_meldung"
        with pytest.raises(VersionConflict):
            update_meldung(meldung=meldung, version=1, angaben=MAERZ, by=controlling)
        with pytest.raises(TransitionError, match="Der Monat einer Meldung bleibt"):
            update_meldung(meldung=meldung, version=2, angaben=replace(MAERZ, monat=date(2026, 4, 1)), by=controlling)

    def test_a_report_can_be_taken_back(self, run, report, controlling):
        massnahme = run()
        meldung = report(massnahme, 2026, 3)
        remove_meldung(meldung=meldung, by=controlling)
        assert report(massnahme, 2026, 3).version == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("november")
class TestWhatCannotBeTrue:
    @pytest.mark.parametrize(
        ("monat", "sentence"),
        [
            (date(2025, 12, 1), "Dezember\xa02025 liegt außerhalb der Laufzeit"),
            (date(2028, 1, 1), "Januar\xa02028 liegt außerhalb der Laufzeit"),
            (date(2026, 12, 1), "Dezember\xa02026 liegt in der Zukunft"),
            (date(2026, 3, 2), "Ein Monat beginnt mit dem ersten Tag"),
        ],
    )
    def test_months(self, run, monat, sentence):
        found = problems(run(), Meldungsangaben(monat=monat))
        assert found[0][0] == "monat"
        assert any(sentence in text for _, text in found)

    def test_the_running_month_is_not_over(self, run):
        satz = "November\u00a02026 ist noch nicht vorbei. Melden Sie den Monat, sobald er zu Ende ist."
        assert problems(run(), Meldungsangaben(monat=date(2026, 11, 1))) == [("monat", satz)]

    def test_a_measure_without_a_term(self):
        massnahme = Massnahme.objects.create(titel="Eigenes", weg="eigen", stand="laeuft", vergabestand="ohne")
        assert problems(massnahme, MAERZ) == [
            ("monat", "Die Laufzeit der Maßnahme ist nicht bekannt. Tragen Sie ihren Beginn in Vertrag oder Programm ein.")
        ]

    @pytest.mark.parametrize(
        "field",
        [name for name in Meldungsangaben.__dataclass_fields__ if name != "monat"],
    )
    def test_no_number_is_negative_or_absurd(self, run, field):
        massnahme = run()
        assert [name for name, _ in problems(massnahme, replace(MAERZ, **{field: -1}))] == [field]
        assert [name for name, _ in problems(massnahme, replace(MAERZ, **{field: 10**12}))] == [field]

    def test_overbooking_is_allowed_up_to_three_times_the_places(self, run):
        massnahme = run()  # 310 Platztage in March
        assert problems(massnahme, replace(MAERZ, teilnahmetage=930)) == []
        [(field, sentence)] = problems(massnahme, replace(MAERZ, teilnahmetage=931))
        assert field == "teilnahmetage"
        assert "310 Platztage" in sentence
        assert "höchstens 930" in sentence

    def test_every_problem_is_said_at_once(self, run):
        angaben = Meldungsangaben(monat=date(2025, 1, 1), teilnahmetage=-1, eintritte=-1, kosten_cent=-1)
        assert {name for name, _ in problems(run(), angaben)} == {"monat", "teilnahmetage", "eintritte", "kosten_cent"}

    def test_who_leaves_has_come(self, run, report):
        massnahme = run()
        report(massnahme, 2026, 2, eintritte=4)
        assert problems(massnahme, replace(MAERZ, eintritte=1, austritte_abbruch=5)) == []
        too_many = replace(MAERZ, eintritte=1, austritte_abbruch=3, austritte_sonstige=3)
        says = "Bis März\xa02026 wären 6 Austritte gemeldet, aber nur 5 Eintritte."
        assert problems(massnahme, too_many) == [("austritte_regulaer", f"{says} Melden Sie zuerst die Monate ab Januar\xa02026.")]
        report(massnahme, 2026, 1)
        assert problems(massnahme, too_many) == [("austritte_regulaer", f"{says} Fehlt ein Eintritt?")]

    def test_who_finds_work_has_come(self, run):
        [(field, sentence)] = problems(run(), replace(MAERZ, integrationen=6))
        assert (field, "6 Integrationen" in sentence) == ("integrationen", True)

    def test_who_comes_or_stays_away_was_assigned_where_assignments_are_reported(self, run, report):
        massnahme = run()
        assert problems(massnahme, replace(MAERZ, nichtantritte=2)) == []  # nobody reports assignments here
        report(massnahme, 2026, 2, zuweisungen=6)
        assert problems(massnahme, replace(MAERZ, eintritte=4, nichtantritte=2)) == []
        assert [name for name, _ in problems(massnahme, replace(MAERZ, eintritte=5, nichtantritte=2))] == ["zuweisungen"]

    def test_a_correction_does_not_break_a_later_month(self, run, report, controlling):
        massnahme = run()
        first = report(massnahme, 2026, 2, eintritte=5)
        report(massnahme, 2026, 6, eintritte=1, austritte_regulaer=6)
        fewer = Meldungsangaben(monat=date(2026, 2, 1), eintritte=4)
        with pytest.raises(MeldungAbgelehnt, match="Bis Juni\xa02026 wären 6 Austritte gemeldet, aber nur 5 Eintritte"):
            update_meldung(meldung=first, version=1, angaben=fewer, by=controlling)
        with pytest.raises(MeldungAbgelehnt, match="Bis Juni"):
            remove_meldung(meldung=first, by=controlling)
        assert Monatsmeldung.objects.get(pk=first.pk).eintritte == 5

    @pytest.mark.parametrize(
        ("stand", "sentence"),
        [
            (Massnahmestand.ZUSCHLAG, "läuft noch nicht (Stand: Zuschlag erteilt)"),
            (Massnahmestand.ABGERECHNET, "ist abgerechnet, ihre Zahlen stehen fest."),
            (Massnahmestand.AUSGEWERTET, "ist abgerechnet, ihre Zahlen stehen fest."),
        ],
    )
    def test_before_it_runs_and_after_it_is_settled_nothing_is_reported(self, run, report, controlling, stand, sentence):
        massnahme = run()
        meldung = report(massnahme, 2026, 2)
        Massnahme.objects.update(stand=stand)
        assert sentence in problems(massnahme, MAERZ)[0][1]
        for work in (
            lambda: update_meldung(meldung=meldung, version=1, angaben=replace(MAERZ, monat=meldung.monat), by=controlling),
            lambda: remove_meldung(meldung=meldung, by=controlling),
        ):
            with pytest.raises(MeldungAbgelehnt):
                work()

    @pytest.mark.parametrize("stand", [Massnahmestand.BEENDET, Massnahmestand.VORZEITIG])
    def test_after_its_end_the_last_months_are_still_reported(self, run, stand):
        assert problems(run(stand=stand), MAERZ) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("november")
class TestVerbleib:
    @pytest.fixture
    def massnahme(self, run, report) -> Massnahme:
        massnahme = run()
        report(massnahme, 2026, 2, eintritte=20, austritte_arbeit=3, austritte_abbruch=2)
        report(massnahme, 2026, 3, austritte_regulaer=4)
        report(massnahme, 2026, 4)
        return massnahme

    def write(self, massnahme, by, monat=date(2026, 2, 1), **counts) -> Verbleib:
        counts = {"austritte": 5, "beschaeftigt": 3, "nicht_arbeitslos": 4} | counts
        return record_verbleib(massnahme=massnahme, monat=monat, **counts, by=by)

    def test_it_is_reported_once_and_corrected(self, massnahme, controlling):
        verbleib = self.write(massnahme, controlling)
        assert (verbleib.austritte, verbleib.beschaeftigt, verbleib.nicht_arbeitslos) == (5, 3, 4)
        with pytest.raises(MeldungAbgelehnt, match="schon gemeldet"):
            self.write(massnahme, controlling)
        changed = update_verbleib(verbleib=verbleib, version=1, austritte=5, beschaeftigt=2, nicht_arbeitslos=2, by=controlling)
        assert (changed.beschaeftigt, changed.version) == (2, 2)
        with pytest.raises(VersionConflict):
            update_verbleib(verbleib=verbleib, version=1, austritte=5, beschaeftigt=2, nicht_arbeitslos=2, by=controlling)

    def test_not_before_it_is_ripe(self, massnahme, controlling, at):
        with pytest.raises(MeldungAbgelehnt, match="Noch nicht reif: Der Verbleib für März\xa02026 ist ab Dezember\xa02026 bekannt"):
            self.write(massnahme, controlling, date(2026, 3, 1), austritte=4, beschaeftigt=1, nicht_arbeitslos=1)
        at(datetime(2026, 12, 1, 0, 5))
        assert self.write(massnahme, controlling, date(2026, 3, 1), austritte=4, beschaeftigt=1, nicht_arbeitslos=1)

    @pytest.mark.parametrize(
        ("counts", "field"),
        [
            ({"austritte": 4}, "austritte"),
            ({"beschaeftigt": 6, "nicht_arbeitslos": 5}, "beschaeftigt"),
            ({"nicht_arbeitslos": 6}, "nicht_arbeitslos"),
            ({"nicht_arbeitslos": 2}, "nicht_arbeitslos"),  # 3 have work
            ({"beschaeftigt": -1}, "beschaeftigt"),
        ],
    )
    def test_it_fits_the_exits_of_the_month(self, massnahme, controlling, counts, field):
        with pytest.raises(MeldungAbgelehnt) as refused:
            self.write(massnahme, controlling, **counts)
        assert field in {name for name, _ in refused.value.probleme}

    def test_without_exits_there_is_none(self, massnahme, controlling, at):
        at(datetime(2027, 6, 1, 9))
        with pytest.raises(MeldungAbgelehnt, match="keine Austritte gemeldet"):
            self.write(massnahme, controlling, date(2026, 4, 1))
        with pytest.raises(MeldungAbgelehnt, match="keine Austritte gemeldet"):
            self.write(massnahme, controlling, date(2026, 5, 1))

    def test_it_holds_the_exits_until_it_is_removed(self, massnahme, controlling):
        verbleib, meldung = self.write(massnahme, controlling), massnahme.meldungen.get(monat=date(2026, 2, 1))
        other = Meldungsangaben(monat=meldung.monat, eintritte=20, austritte_arbeit=4)
        with pytest.raises(MeldungAbgelehnt, match="Entfernen Sie zuerst den Verbleib"):
            update_meldung(meldung=meldung, version=1, angaben=other, by=controlling)
        with pytest.raises(MeldungAbgelehnt, match="Entfernen Sie zuerst den Verbleib"):
            remove_meldung(meldung=meldung, by=controlling)
        same = replace(other, austritte_arbeit=2, austritte_abbruch=3, kosten_cent=5)
        meldung = update_meldung(meldung=meldung, version=1, angaben=same, by=controlling)  # other reasons, as many exits
        remove_verbleib(verbleib=verbleib, by=controlling)
        assert update_meldung(meldung=meldung, version=2, angaben=other, by=controlling).austritte == 4

    def test_it_is_written_after_the_costs_are_settled_until_it_is_evaluated(self, massnahme, controlling):
        Massnahme.objects.update(stand=Massnahmestand.ABGERECHNET)
        verbleib = self.write(massnahme, controlling)
        Massnahme.objects.update(stand=Massnahmestand.AUSGEWERTET)
        with pytest.raises(MeldungAbgelehnt, match="ausgewertet"):
            remove_verbleib(verbleib=verbleib, by=controlling)


def at_once(*works) -> list[object]:
    """Let each work begin at the same moment in a connection of its own; its result or what it raised."""
    barrier, outcome = threading.Barrier(len(works)), [None] * len(works)

    def carry_out(number, work):
        try:
            barrier.wait(10)
            outcome[number] = work()
        except TransitionError as error:
            outcome[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=carry_out, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    connection.close()
    return outcome


@pytest.mark.django_db(transaction=True)
def test_two_reports_of_one_month_at_once_are_one(run, controlling):
    massnahme = run(beginn=date(2020, 1, 1), ende=date(2020, 12, 31), stand=Massnahmestand.BEENDET)
    angaben = Meldungsangaben(monat=date(2020, 3, 1), eintritte=5)
    found = at_once(*[lambda: record_meldung(massnahme=massnahme, angaben=angaben, by=controlling)] * 2)
    assert sorted(type(each).__name__ for each in found) == ["MeldungAbgelehnt", "Monatsmeldung"]
    assert Monatsmeldung.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_months_at_once_do_not_take_the_same_entries_out(run, controlling):
    massnahme = run(beginn=date(2020, 1, 1), ende=date(2020, 12, 31), stand=Massnahmestand.BEENDET)
    record_meldung(massnahme=massnahme, angaben=Meldungsangaben(monat=date(2020, 1, 1), eintritte=5), by=controlling)
    leaving = [Meldungsangaben(monat=date(2020, month, 1), austritte_regulaer=4) for month in (2, 3)]
    found = at_once(*[lambda angaben=each: record_meldung(massnahme=massnahme, angaben=angaben, by=controlling) for each in leaving])
    assert sorted(type(each).__name__ for each in found) == ["MeldungAbgelehnt", "Monatsmeldung"]
