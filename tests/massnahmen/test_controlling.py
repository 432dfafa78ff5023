"""The controlling page's one query against the same sums in Python; its plan, its years, its secrets."""

import random
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest

from kennzahlen.queries.geheimhaltung import disclosed, summe
from massnahmen.actions import record_verbleib
from massnahmen.models import Massnahme, Vertrag, Zielgruppe
from massnahmen.queries import Ampel, Gliederung, Zeitraum, read_controlling, read_lage
from massnahmen.queries.controlling import Controllingtafel, Controllingzeile, Plansummen
from massnahmen.queries.fallzahlen import MOST, TOTAL, ZAHLEN, hide_in_file, hide_in_year, table_of_year
from massnahmen.queries.kennwerte import Meldungssummen, Verbleibssummen, sum_meldungen
from tests.massnahmen.geheim import random_year

JAHR = Zeitraum(date(2026, 1, 1), date(2026, 12, 1))


def read(nach=Gliederung.MASSNAHME, zeitraum=JAHR, **how):
    return read_controlling(Massnahme.objects.all(), nach, zeitraum, **how)


@pytest.fixture
def drei(run, report, november):
    """Two measures of one provider and one of nobody, with months of two years."""
    first = run("Erste", beginn=date(2025, 1, 1))
    second, third = run("Zweite"), run("Dritte", plaetze=0, traeger=None)
    groups = [Zielgruppe.objects.create(code=code, name=code) for code in ("a", "b")]
    first.zielgruppen.set(groups)
    second.zielgruppen.set(groups[:1])
    report(first, 2025, 3, teilnahmetage=100, eintritte=20, kosten_cent=1_000_00)
    report(first, 2025, 11, teilnahmetage=100, eintritte=1, austritte_arbeit=4)
    report(first, 2026, 2, teilnahmetage=280, eintritte=4, austritte_abbruch=3, kosten_cent=7_000_01)
    report(first, 2026, 3, teilnahmetage=155, eintritte=2, austritte_regulaer=9, integrationen=5, kosten_cent=9_000_00)
    report(second, 2026, 3, teilnahmetage=310, eintritte=7, zuweisungen=9, nichtantritte=2, kosten_cent=5_000_00)
    report(third, 2026, 3, teilnahmetage=77, eintritte=3, kosten_cent=1)
    return first, second, third


@pytest.mark.django_db
class TestTheQuery:
    def test_rows_are_the_sums_of_the_months_of_the_period(self, drei):
        tafel = read(zeitraum=Zeitraum(date(2026, 3, 1), date(2026, 3, 1)))
        assert [(zeile.name, zeile.massnahmen) for zeile in tafel.zeilen] == [("Dritte", 1), ("Erste", 1), ("Zweite", 1)]
        for zeile in tafel.zeilen:
            assert zeile.ist == sum_meldungen(Massnahme.objects.get(pk=zeile.pk).meldungen.filter(monat=date(2026, 3, 1)))
        assert tafel.zeilen[1].vor == Meldungssummen(310, 100, 100, 0, 0, 20, kosten_cent=1_000_00)

    def test_by_provider_and_by_target_group(self, drei, traeger):
        tafel = read(Gliederung.TRAEGER)
        assert {zeile.name: (zeile.massnahmen, zeile.ist.eintritte) for zeile in tafel.zeilen} == {
            "Bildungswerk Musterburg": (2, 13),
            "Ohne Träger": (1, 3),
        }
        assert tafel.summe.ist.eintritte == 16
        tafel = read(Gliederung.ZIELGRUPPE)
        assert {zeile.name: zeile.ist.eintritte for zeile in tafel.zeilen} == {"a": 13, "b": 6, "Ohne Zielgruppe": 3}
        assert (tafel.summe.ist.eintritte, tafel.summe.massnahmen) == (16, 3)  # once each

    @pytest.mark.parametrize("nach", list(Gliederung))
    def test_the_total_is_the_same_however_the_page_is_cut(self, drei, nach):
        every = [meldung for massnahme in drei for meldung in massnahme.meldungen.filter(monat__year=2026)]
        assert read(nach).summe.ist == sum_meldungen(every)
        assert read(nach, anzahl=1, ab=1).summe.ist == sum_meldungen(every)

    def test_days_of_a_measure_without_places_count_for_months_but_not_for_occupancy(self, drei):
        summe = read().summe.ist
        assert summe.teilnahmetage - summe.belegte_tage == 77

    def test_it_is_one_query(self, drei, django_assert_num_queries):
        with django_assert_num_queries(1):
            read(Gliederung.ZIELGRUPPE, sortierung="-kosten", ab=1, anzahl=1)

    @pytest.mark.parametrize(
        ("sortierung", "names"),
        [
            ("", ["Dritte", "Erste", "Zweite"]),
            ("-name", ["Zweite", "Erste", "Dritte"]),
            ("kosten", ["Dritte", "Zweite", "Erste"]),
            ("-kosten", ["Erste", "Zweite", "Dritte"]),
            ("auslastung", ["Erste", "Zweite", "Dritte"]),  # no places: last either way
            ("-auslastung", ["Zweite", "Erste", "Dritte"]),
            ("-eintritte", ["Zweite", "Erste", "Dritte"]),
            ("abbruch", ["Erste", "Dritte", "Zweite"]),
            ("Unsinn; DROP TABLE", ["Dritte", "Erste", "Zweite"]),
        ],
    )
    def test_the_order(self, drei, sortierung, names):
        assert [zeile.name for zeile in read(sortierung=sortierung).zeilen] == names

    def test_pages(self, drei):
        tafel = read(ab=2, anzahl=2)
        assert ([zeile.name for zeile in tafel.zeilen], tafel.anzahl) == (["Zweite"], 3)

    def test_nothing_at_all(self, db):
        assert read() == Controllingtafel((), 0, read().summe)
        assert read().summe.ist == Meldungssummen()

    def test_the_plan_counts_for_the_months_that_are_over(self, programm, plan, at, november):
        # 520.000,50 € and 20 entries a year from January 2027 on; by 20 April 2027 three of twelve months are over
        plan(programm, 1)
        at(datetime(2027, 4, 20, 9))
        jahr = Zeitraum(date(2027, 1, 1), date(2027, 12, 1))
        assert read(zeitraum=jahr).summe.plan == Plansummen(
            5, 130_000_13, 1, None
        )  # no exits of 2027 are ripe; 13.000.012,5 cents, rounded half up
        assert read(zeitraum=Zeitraum(date(2027, 2, 1), date(2027, 3, 1))).summe.plan.kosten_cent == 86_666_75
        at(datetime(2028, 2, 1, 9))
        assert read(zeitraum=jahr).summe.plan == Plansummen(20, 520_000_50, 1, Fraction(1, 2))

    def test_a_plan_lies_in_the_months_of_the_term(self, programm, plan, at):
        plan(programm, 1, beginn=date(2027, 9, 15), ende=date(2028, 8, 31))  # four months of 2027
        at(datetime(2027, 11, 5, 9))
        assert read(zeitraum=Zeitraum(date(2027, 1, 1), date(2027, 12, 1))).summe.plan.eintritte == 10  # two of four

    def test_after_a_notice_the_plan_ends_with_the_measure_but_is_spread_over_what_was_agreed(self, programm, plan, traeger, at):
        [position] = plan(programm, 1, beginn=date(2027, 1, 1), ende=date(2027, 3, 31))  # was agreed for the whole year
        terms = {"beginn": date(2027, 1, 1), "ende": date(2027, 12, 31), "geschlossen_am": date(2026, 12, 1)}
        notice = {"gekuendigt_zum": date(2027, 3, 31), "kuendigungsgrund": "Insolvenz"}
        Vertrag.objects.create(massnahme=position.massnahme, traeger=traeger, plaetze=12, preis_cent=1, **terms, **notice)
        at(datetime(2027, 11, 5, 9))
        year = Zeitraum(date(2027, 1, 1), date(2027, 12, 1))
        assert read(zeitraum=year).summe.plan.eintritte == 5  # three of twelve months, not all twenty in three
        Vertrag.objects.update(gekuendigt_zum=date(2026, 12, 31))  # before it began
        assert read(zeitraum=year).anzahl == 0

    def test_the_verbleib_of_the_newest_ripe_twelve_months(self, drei, controlling):
        first = drei[0]
        record_verbleib(massnahme=first, monat=date(2025, 11, 1), austritte=4, beschaeftigt=3, nicht_arbeitslos=4, by=controlling)
        tafel = read()  # exits from March 2025 to February 2026: 4 in November, 3 in February whose Verbleib is missing
        assert tafel.summe.verbleib == Verbleibssummen(4, 3, 4, 7)
        assert JAHR.austritte == Zeitraum(date(2025, 3, 1), date(2026, 2, 1))

    def test_the_planned_quota_of_several_is_weighted_with_what_is_planned(self, programm, plan, at):
        # 20 entries of which 40 % and 60 of which 20 % are to work: (800 + 1.200) / 80 = 25 %; who plans no quota does not count
        plan(programm, 1, eingliederung_prozent=40)
        plan(programm, 1, eingliederung_prozent=20, geplante_eintritte=60)
        plan(programm, 1, eingliederung_prozent=None, geplante_eintritte=900)
        at(datetime(2028, 10, 5, 9))
        jahr = Zeitraum(date(2027, 1, 1), date(2027, 12, 1))
        assert [zeile.plan.eingliederung for zeile in read(zeitraum=jahr).zeilen] == [Fraction(2, 5), Fraction(1, 5), None]
        assert read(Gliederung.INSTRUMENT, zeitraum=jahr).zeilen[0].plan.eingliederung == Fraction(1, 4)
        assert read(zeitraum=jahr).summe.plan.eingliederung == Fraction(1, 4)

    def test_the_planned_quota_is_that_of_the_months_whose_exits_count(self, programm, plan, at):
        plan(programm, 1, eingliederung_prozent=40)
        plan(programm, 1, eingliederung_prozent=10, beginn=date(2027, 10, 1))
        at(datetime(2028, 4, 20, 9))  # exits from August 2026 to July 2027 are ripe: nobody had begun the second one
        assert read(zeitraum=Zeitraum(date(2027, 1, 1), date(2027, 12, 1))).summe.plan.eingliederung == Fraction(2, 5)
        assert read(zeitraum=Zeitraum(date(2026, 1, 1), date(2026, 12, 1))).summe.plan.eingliederung is None

    def test_a_single_measure_without_planned_entries_has_its_quota_all_the_same(self, programm, plan, at):
        plan(programm, 1, eingliederung_prozent=40, geplante_eintritte=0)
        at(datetime(2028, 10, 5, 9))
        assert read(zeitraum=Zeitraum(date(2027, 1, 1), date(2027, 12, 1))).summe.plan.eingliederung == Fraction(2, 5)


def zeile(*, quote: Fraction | None = None, verbleib: tuple[int, int] = (0, 0), unbekannt: int = 0, **ist: int) -> Controllingzeile:
    plan = Plansummen(0, ist.pop("plan", 0), 1, quote)
    known = Verbleibssummen(verbleib[0], verbleib[1], verbleib[1], verbleib[0] + unbekannt)
    return Controllingzeile(1, "x", 1, Meldungssummen(**ist), Meldungssummen(), known, Verbleibssummen(), plan)


@pytest.mark.parametrize(
    ("given", "ampel", "reasons"),
    [
        (zeile(), Ampel.OHNE, ()),
        (zeile(platztage=100, belegte_tage=70, teilnahmetage=70), Ampel.GUT, ()),
        (
            zeile(platztage=1000, belegte_tage=699, teilnahmetage=699),
            Ampel.WARNUNG,
            ("Auslastung 69,9\xa0% – unter dem Warnwert 70\xa0%",),
        ),
        (zeile(platztage=100, belegte_tage=49, teilnahmetage=49), Ampel.ALARM, ("Auslastung 49\xa0% – unter dem Alarmwert 50\xa0%",)),
        (zeile(teilnahmetage=1, austritte_abbruch=9), Ampel.GUT, ()),  # too few left
        (
            zeile(teilnahmetage=1, austritte_abbruch=4, austritte_arbeit=6),
            Ampel.WARNUNG,
            ("Abbruchquote 40\xa0% – über dem Warnwert 30\xa0%",),
        ),
        (zeile(teilnahmetage=1, quote=Fraction(2, 5), verbleib=(50, 18)), Ampel.GUT, ()),  # 36 % are nine tenths of 40 %
        (
            zeile(teilnahmetage=1, quote=Fraction(2, 5), verbleib=(50, 17)),
            Ampel.WARNUNG,
            ("Eingliederungsquote 85\xa0% des Plans – unter dem Warnwert 90\xa0%",),
        ),
        (
            zeile(teilnahmetage=1, quote=Fraction(2, 5), verbleib=(50, 10)),
            Ampel.ALARM,
            ("Eingliederungsquote 50\xa0% des Plans – unter dem Alarmwert 70\xa0%",),
        ),
        (zeile(teilnahmetage=1, quote=Fraction(2, 5), verbleib=(9, 0)), Ampel.GUT, ()),  # too few left
        (zeile(teilnahmetage=1, quote=Fraction(2, 5), verbleib=(50, 10), unbekannt=1), Ampel.GUT, ()),  # the rest may have found work
        (zeile(teilnahmetage=1, verbleib=(50, 0)), Ampel.GUT, ()),  # nothing planned
        (replace(zeile(teilnahmetage=1, quote=Fraction(2, 5), verbleib=(50, 0)), massnahmen=2), Ampel.GUT, ()),  # weighted otherwise
        (zeile(kosten_cent=100, plan=100), Ampel.GUT, ()),
        (zeile(kosten_cent=121, plan=100), Ampel.ALARM, ("Kosten 121\xa0% des Plans – über dem Alarmwert 120\xa0%",)),
    ],
)
def test_the_light_says_why(given, ampel, reasons):
    lage = read_lage(given)
    assert (lage.ampel, lage.gruende) == (ampel, reasons)
    assert lage.ampel.wort


@pytest.mark.parametrize("seed", range(6))
def test_nothing_hidden_in_a_file_can_be_computed_from_its_total(seed):
    tafeln, _ = random_year(random.Random(seed), rows=30)  # the same rows every time
    tafel = hide_in_file(tafeln["massnahme"], summierbar=True)
    for name, read_count in ZAHLEN.items():
        cells = {("zeile", z.pk): read_count(z) for z in tafel.zeilen} | {TOTAL: read_count(tafel.summe)}
        hidden = [("zeile", z.pk) for z in tafel.zeilen if name in z.geheim] + ([TOTAL] if name in tafel.summe.geheim else [])
        assert {key for key, count in cells.items() if count in {1, 2}} <= set(hidden)
        assert not disclosed(cells, [summe(TOTAL, *(key for key in cells if key != TOTAL))], hidden)


def test_a_single_small_count_takes_another_along():
    tafeln, _ = random_year(random.Random(1), rows=3, counts=(1, 7, 30))
    tafel = hide_in_file(tafeln["massnahme"], summierbar=True)
    assert [z.ist.eintritte for z in tafel.zeilen if "eintritte" in z.geheim] == [1, 7]
    assert "eintritte" not in tafel.summe.geheim


@pytest.mark.parametrize("seed", range(6))
def test_nothing_of_a_year_can_be_computed_back_across_all_four_cuts(seed):
    tafeln, members = random_year(random.Random(seed), rows=25)
    hidden = hide_in_year(tafeln, members)
    for name, read_count in ZAHLEN.items():
        werte, equations = table_of_year(tafeln, members, read_count)
        geheim = [(art, z.pk) for art, tafel in hidden.items() for z in tafel.zeilen if name in z.geheim]
        geheim += [TOTAL] if name in hidden["massnahme"].summe.geheim else []
        assert {key for key, count in werte.items() if count in {1, 2}} <= set(geheim)
        assert not disclosed(werte, equations, geheim)


def test_a_year_of_very_many_measures_shows_no_counts():
    tafeln, members = random_year(random.Random(3), rows=MOST + 1)
    assert all(z.geheim >= set(ZAHLEN) for tafel in hide_in_year(tafeln, members).values() for z in tafel.zeilen)


def test_the_light_is_silent_about_what_is_hidden():
    loud = zeile(teilnahmetage=1, austritte_abbruch=8, austritte_arbeit=4)
    assert read_lage(loud).gruende
    assert read_lage(replace(loud, geheim=frozenset({"austritte_abbruch"}))).gruende == ()
    loud = zeile(teilnahmetage=1, quote=Fraction(2, 5), verbleib=(50, 0))
    assert read_lage(loud).gruende
    assert read_lage(replace(loud, geheim=frozenset({"beschaeftigt"}))).gruende == ()
