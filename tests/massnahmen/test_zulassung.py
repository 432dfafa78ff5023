"""Whether certificates cover a term, what ends, and when a provider held contracts; by the calendar."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massnahmen.actions import Zulassungsangaben, add_massnahmezulassung
from massnahmen.enums import Fachbereich, Fristlage, Massnahmestand, Vergabestand, Weg
from massnahmen.models import Instrument, Massnahme, Traeger, Vertrag
from massnahmen.queries import (
    ending_zulassungen,
    first_day_without_massnahmezulassung,
    first_day_without_zulassung,
    read_vertragszeiten,
)
from massnahmen.queries.zulassung import _first_gap, _join

FIRST = date(2026, 1, 1)
TODAY = date(2026, 11, 22)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


# --- is a term covered? -----------------------------------------------------------------------------------------
# few days and many spans: they overlap, touch and lie inside each other
spans = st.tuples(st.integers(0, 12), st.integers(0, 8)).map(lambda pair: (day(pair[0]), day(pair[0] + pair[1])))


@settings(max_examples=500)
@given(st.lists(spans, max_size=6), spans)
def test_the_first_gap_is_what_counting_day_by_day_finds(terms, term):
    von, bis = term
    naive = next(
        (d for d in (von + timedelta(days=n) for n in range((bis - von).days + 1)) if not any(a <= d <= b for a, b in terms)), None
    )
    touching = sorted(t for t in terms if t[0] <= bis and t[1] >= von)
    assert _first_gap(touching, von, bis) == naive


def test_renewals_without_a_gap_cover_together(traeger, certify, django_assert_num_queries):
    certify("Z-1", date(2024, 1, 1), date(2026, 6, 30), [1])
    certify("Z-2", date(2026, 7, 1), date(2029, 6, 30), [1, 4])
    with django_assert_num_queries(1):
        assert first_day_without_zulassung(traeger, 1, date(2026, 1, 1), date(2027, 12, 31)) is None
    assert first_day_without_zulassung(traeger, Fachbereich.AKTIVIERUNG, date(2024, 1, 1), date(2029, 6, 30)) is None
    assert first_day_without_zulassung(traeger, 1, date(2029, 6, 30), date(2029, 7, 1)) == date(2029, 7, 1)
    assert first_day_without_zulassung(traeger, 1, date(2023, 12, 31), date(2024, 1, 2)) == date(2023, 12, 31)


def test_only_certificates_that_name_the_fachbereich_count_and_only_ones_own(traeger, certify):
    other = Traeger.objects.create(name="Anderswo e. V.", ort="Oberau")
    certify("Z-1", date(2026, 1, 1), date(2026, 12, 31), [4, 6])
    certify("Z-1", date(2026, 1, 1), date(2026, 12, 31), [1], whose=other)
    term = date(2026, 3, 1), date(2026, 3, 31)
    assert first_day_without_zulassung(traeger, 4, *term) is None
    assert first_day_without_zulassung(traeger, 1, *term) == date(2026, 3, 1)
    assert first_day_without_zulassung(other, 1, *term) is None


def test_one_day_between_two_certificates_is_found(traeger, certify):
    certify("Z-1", date(2026, 1, 1), date(2026, 6, 29))
    certify("Z-2", date(2026, 7, 1), date(2026, 12, 31))
    assert first_day_without_zulassung(traeger, 1, date(2026, 1, 1), date(2026, 12, 31)) == date(2026, 6, 30)


def certify_massnahme(massnahme, nummer, von, bis, by):
    return add_massnahmezulassung(massnahme=massnahme, angaben=Zulassungsangaben(nummer, "Zertkontor Nord", von, bis), by=by)


def test_a_measure_s_own_certificates_are_asked_alike(position, planung, django_assert_num_queries):
    massnahme = position.massnahme
    assert first_day_without_massnahmezulassung(massnahme, date(2027, 1, 1), date(2027, 1, 2)) == date(2027, 1, 1)
    certify_massnahme(massnahme, "M-1", date(2026, 1, 1), date(2027, 3, 31), planung)
    certify_massnahme(massnahme, "M-2", date(2027, 4, 1), date(2028, 12, 31), planung)
    with django_assert_num_queries(1):
        assert first_day_without_massnahmezulassung(massnahme, date(2027, 1, 1), date(2028, 12, 31)) is None
    assert first_day_without_massnahmezulassung(massnahme, date(2027, 1, 1), date(2029, 1, 1)) == date(2029, 1, 1)


# --- when did a provider hold contracts? ------------------------------------------------------------------------
def test_contracts_that_touch_are_one_range_with_all_their_measures(traeger, contract, django_assert_num_queries):
    contract(date(2024, 1, 1), date(2024, 12, 31))
    contract(date(2025, 1, 1), date(2025, 6, 30))
    contract(date(2025, 3, 1), date(2025, 4, 30))
    contract(date(2026, 1, 1), date(2026, 12, 31))
    with django_assert_num_queries(1):
        found = read_vertragszeiten()
    assert [(zeit.traeger, zeit.von, zeit.bis) for zeit in found] == [
        ("Bildungswerk Musterburg", date(2024, 1, 1), date(2025, 6, 30)),
        ("Bildungswerk Musterburg", date(2026, 1, 1), date(2026, 12, 31)),
    ]
    assert found[0].massnahme == "Vertragsmaßnahme 1, Vertragsmaßnahme 2, Vertragsmaßnahme 3"
    assert found[0].traeger_id == traeger.pk


def test_a_contract_that_was_ended_early_ends_there(traeger, contract):
    contract(date(2026, 1, 1), date(2026, 12, 31), gekuendigt_zum=date(2026, 3, 31), kuendigungsgrund="Insolvenz")
    contract(date(2026, 7, 1), date(2026, 12, 31), gekuendigt_zum=date(2026, 6, 30), kuendigungsgrund="Nie begonnen")
    assert [(zeit.von, zeit.bis) for zeit in read_vertragszeiten()] == [(date(2026, 1, 1), date(2026, 3, 31))]


def test_only_the_providers_that_are_asked_for(traeger, contract):
    other = Traeger.objects.create(name="Anderswo e. V.", ort="Oberau")
    contract(date(2026, 1, 1), date(2026, 12, 31))
    contract(date(2026, 1, 1), date(2026, 12, 31), whose=other)
    assert [zeit.traeger for zeit in read_vertragszeiten()] == ["Anderswo e. V.", "Bildungswerk Musterburg"]
    assert [zeit.traeger for zeit in read_vertragszeiten(["Anderswo e. V.", "Unbekannt"])] == ["Anderswo e. V."]
    assert read_vertragszeiten([]) == []


@given(st.lists(spans, min_size=1, max_size=7))
def test_joined_ranges_hold_exactly_the_days_of_their_contracts(terms):
    traeger, massnahme = Traeger(pk=1, name="T"), Massnahme(titel="M")
    rows = [Vertrag(traeger=traeger, massnahme=massnahme, beginn=a, ende=b) for a, b in sorted(terms)]
    joined = _join(rows)
    held = {d for a, b in terms for d in (a + timedelta(days=n) for n in range((b - a).days + 1))}
    said = [z.von + timedelta(days=n) for z in joined for n in range((z.bis - z.von).days + 1)]
    assert sorted(held) == said  # every day once, in order
    assert all(later.von - earlier.bis > timedelta(days=1) for earlier, later in pairwise(joined))


# --- what ends? -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("tage", "lage", "wort"),
    [
        (91, None, ""),
        (90, Fristlage.IN_90_TAGEN, "läuft in 90\u00a0Tagen ab"),
        (31, Fristlage.IN_90_TAGEN, "läuft in 31\u00a0Tagen ab"),
        (30, Fristlage.IN_30_TAGEN, "läuft in 30\u00a0Tagen ab"),
        (1, Fristlage.IN_30_TAGEN, "läuft morgen ab"),
        (0, Fristlage.IN_30_TAGEN, "läuft heute ab"),
        (-1, None, ""),  # ended, and nothing needs it
    ],
)
def test_the_end_of_a_certificate_is_told_from_90_days_before(certify, tage, lage, wort):
    bis = TODAY + timedelta(days=tage)
    certify("Z-1", bis - timedelta(days=700), bis, [1, 4])
    found = ending_zulassungen(TODAY)
    assert [(frist.lage, frist.wort, frist.bis, frist.fachbereiche) for frist in found] == ([(lage, wort, bis, (1, 4))] if lage else [])


def test_a_certificate_that_has_ended_is_told_while_something_needs_it(traeger, certify, contract, instrument):
    Instrument.objects.update(fachbereich=Fachbereich.AKTIVIERUNG)
    certify("Z-1", date(2024, 1, 1), TODAY - timedelta(days=1), [1, 4])
    massnahme = Massnahme.objects.create(titel="Läuft", instrument=instrument)
    vertrag = contract(date(2026, 1, 1), TODAY, massnahme=massnahme)
    [frist] = ending_zulassungen(TODAY)
    assert (frist.lage, frist.wort, frist.fachbereiche, frist.seit) == (Fristlage.ABGELAUFEN, "abgelaufen", (1,), TODAY)
    assert "Z-1 (Aktivierung) galt bis zum 21.\u00a0November\u00a02026" in frist.satz
    assert ending_zulassungen(TODAY + timedelta(days=1)) == []  # the contract is over
    vertrag.ende, vertrag.gekuendigt_zum, vertrag.kuendigungsgrund = date(2026, 12, 31), date(2026, 11, 1), "Zu wenige"
    vertrag.save()
    assert ending_zulassungen(TODAY) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, True),
        ({"ende": None}, True),
        ({"ende": TODAY - timedelta(days=1)}, False),
        ({"stand": Massnahmestand.VORZEITIG, "weg": Weg.EIGEN, "vergabestand": Vergabestand.OHNE}, False),
        ({"instrument": None}, True),
    ],
)
def test_a_measure_of_the_provider_needs_it_as_well(traeger, certify, instrument, fields, told):
    Instrument.objects.update(fachbereich=Fachbereich.AKTIVIERUNG)
    certify("Z-1", date(2024, 1, 1), TODAY - timedelta(days=5))
    Massnahme.objects.create(**{"titel": "Läuft", "traeger": traeger, "instrument": instrument, "ende": TODAY} | fields)
    assert bool(ending_zulassungen(TODAY)) is told


def test_an_instrument_that_needs_no_certificate_asks_for_none(traeger, certify, instrument):
    certify("Z-1", date(2024, 1, 1), TODAY - timedelta(days=5))
    Massnahme.objects.create(titel="Läuft", traeger=traeger, instrument=instrument)
    assert ending_zulassungen(TODAY) == []


def test_what_is_renewed_for_everything_is_not_told(certify):
    soon = TODAY + timedelta(days=20)
    certify("Z-1", date(2024, 1, 1), soon, [1, 4])
    certify("Z-2", soon + timedelta(days=1), date(2029, 1, 1), [1])
    [frist] = ending_zulassungen(TODAY)
    assert (frist.nummer, frist.fachbereiche) == ("Z-1", (4,))
    certify("Z-3", TODAY, date(2029, 1, 1), [4, 6])
    assert ending_zulassungen(TODAY) == []


def test_a_renewal_that_leaves_a_day_open_does_not_count_until_it_begins(traeger, certify, instrument):
    Instrument.objects.update(fachbereich=Fachbereich.AKTIVIERUNG)
    Massnahme.objects.create(titel="Läuft", traeger=traeger, instrument=instrument)
    ended = TODAY - timedelta(days=3)
    certify("Z-1", date(2024, 1, 1), ended)
    certify("Z-2", TODAY + timedelta(days=1), date(2029, 1, 1))
    assert [frist.nummer for frist in ending_zulassungen(TODAY)] == ["Z-1"]
    assert ending_zulassungen(TODAY + timedelta(days=1)) == []


def test_of_certificates_that_followed_each_other_only_the_last_one_is_told(traeger, certify, instrument):
    Instrument.objects.update(fachbereich=Fachbereich.AKTIVIERUNG)
    Massnahme.objects.create(titel="Läuft", traeger=traeger, instrument=instrument)
    certify("Z-1", date(2022, 1, 1), date(2024, 1, 1))
    certify("Z-2", date(2024, 1, 2), date(2026, 1, 1))
    assert [frist.nummer for frist in ending_zulassungen(TODAY)] == ["Z-2"]


def test_measures_that_go_on_after_their_certificate_are_told(planung):
    def measure(titel, ende, **fields):
        massnahme = Massnahme.objects.create(titel=titel, ende=ende, **fields)
        certify_massnahme(massnahme, "M-1", date(2024, 1, 1), TODAY + timedelta(days=30), planung)
        return massnahme

    goes_on = measure("Geht weiter", date(2027, 12, 31))
    measure("Endet mit ihr", TODAY + timedelta(days=30))
    measure("Ohne Ende", None)
    renewed = measure("Verlängert", None)
    certify_massnahme(renewed, "M-2", TODAY, date(2028, 1, 1), planung)
    assert [frist.massnahme for frist in ending_zulassungen(TODAY)] == ["Geht weiter", "Ohne Ende"]
    frist = ending_zulassungen(TODAY)[0]
    assert (frist.massnahme_id, frist.titel, frist.traeger) == (goes_on.pk, "Zulassung der Maßnahme „Geht weiter“", "")
    late = ending_zulassungen(TODAY + timedelta(days=40))
    assert [(frist.massnahme, frist.wort) for frist in late] == [("Geht weiter", "abgelaufen"), ("Ohne Ende", "abgelaufen")]


def test_the_most_urgent_stands_first_in_three_queries(certify, django_assert_num_queries):
    for number in range(30):
        other = Traeger.objects.create(name=f"Träger {number}", ort="Oberau")
        certify("Z", date(2024, 1, 1), TODAY + timedelta(days=60 - number), whose=other)
    with django_assert_num_queries(3):
        found = ending_zulassungen(TODAY)
    assert [frist.tage for frist in found] == list(range(31, 61))
